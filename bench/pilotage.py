"""The DANE's dashboard on a whole académie, beside a running night, on a private PostgreSQL.

    python bench/pilotage.py [--ecoles 60] [--utilisateurs 50] [--nuits 20] [--secondes 20]

``--ecoles 600`` is the académie of issue 6: 300 000 élèves, some minutes to build. Server time of the page and its
queries, for an académie of 10, 100 and all schools; the exports of all of them; then users who read pages of every
kind, one after the other, from two processes of gunicorn, while another process carries out the nights of schools.
"""

import argparse
import math
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from http.client import HTTPConnection
from random import Random

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from outils.pilotage import liens_of, make_dane, make_ecoles
from outils.site import clock

from entsite.processes import site_commands
from exchanges.models import Compteurs, Etablissement, Tache, Utilisateur
from exchanges.pipeline.compteurs import find_ecarts
from exchanges.pipeline.nuits import run_until
from tests import servers
from tests.makers import LUNDI, MARDI_2H, deposit


NUIT = "--nuit"
LECTURES = 40
FILTRES = ("", "?tri=-cr_absents", "?etat=difficulte", "?type=CLG&tri=eleves", "?page=2", "?q=college")


def quantile(temps: Sequence[float], part: float) -> float:
    """The value that this part of the others does not exceed, in milliseconds."""
    return sorted(temps)[math.ceil(part * len(temps)) - 1] * 1e3


def connect(utilisateur: Utilisateur) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(utilisateur)
    return client


def read(client: Client, adresse: str) -> float:
    def get() -> None:
        reponse = client.get(adresse)
        assert reponse.status_code == 200, (adresse, reponse.status_code)
        b"".join(reponse) if reponse.streaming else reponse.content

    return clock(get)


def measure_page(ecoles: Sequence[Etablissement], code: str) -> Utilisateur:
    """Server time and queries of the dashboard of an académie that has just these schools."""
    dane = make_dane(ecoles, code)
    client, adresse = connect(dane), reverse("checklists:dashboard")
    for filtre in FILTRES:
        read(client, adresse + filtre)
    processeur = time.process_time()
    temps = [read(client, adresse + FILTRES[rang % len(FILTRES)]) for rang in range(LECTURES)]
    processeur = (time.process_time() - processeur) / LECTURES
    with CaptureQueriesContext(connection) as requetes:
        read(client, adresse)
    print(
        f"tableau de bord, {len(ecoles)} établissements : p50 {quantile(temps, 0.5):.0f} ms, "
        f"p95 {quantile(temps, 0.95):.0f} ms (objectif 50), {processeur * 1e3:.0f} ms de processeur, "
        f"{len(requetes)} requêtes (objectif 8)",
        flush=True,
    )
    return dane


def measure_exports(dane: Utilisateur) -> None:
    client = connect(dane)
    for extension in ("csv", "xlsx"):
        adresse = reverse("checklists:dashboard_export", args=[extension])
        read(client, adresse)
        temps = [read(client, adresse) for _ in range(5)]
        print(f"export {extension} : p95 {quantile(temps, 0.95):.0f} ms (objectif 1000)", flush=True)


def pages_of(dane: Utilisateur, rng: Random) -> Iterator[str]:
    """The reads of one person of the DANE, for ever: the dashboard above all, then schools and their pages."""
    uais = list(Etablissement.objects.visibles_par(dane).order_by("uai").values_list("uai", flat=True))
    tableau = reverse("checklists:dashboard")
    while True:
        uai = rng.choice(uais)
        yield tableau + rng.choice(FILTRES)
        yield reverse("checklists:school_panel", args=[uai])
        yield tableau + rng.choice(FILTRES)
        yield reverse("checklists:rentree_detail", args=[uai])
        yield reverse("exchanges:etablissement_detail", args=[uai])


def browse(port: int, cookie: str, pages: Iterator[str], fin: float, temps: list[float], erreurs: list[str]) -> None:
    """One user: a page, its answer, a second to read it."""
    lien = HTTPConnection("127.0.0.1", port, timeout=30)
    for adresse in pages:
        if time.monotonic() > fin:
            return
        debut = time.perf_counter()
        lien.request("GET", adresse, headers={"Cookie": cookie, "Host": "localhost"})
        reponse = lien.getresponse()
        reponse.read()
        temps.append(time.perf_counter() - debut)
        if reponse.status != 200:
            erreurs.append(f"{reponse.status} {adresse.partition('?')[0]}")
        time.sleep(1)


def measure_load(
    dane: Utilisateur, utilisateurs: int, secondes: int, start_night: Callable[[], subprocess.Popen]
) -> None:
    port = servers.free_port()
    web = subprocess.Popen(site_commands(f"127.0.0.1:{port}")["web"], cwd=settings.BASE_DIR)  # noqa: S603 - our own
    try:
        while not servers.is_answering(port):
            time.sleep(0.1)
        cookies = [f"sessionid={connect(dane).cookies['sessionid'].value}" for _ in range(utilisateurs)]
        listes = [pages_of(dane, Random(rang)) for rang in range(utilisateurs)]
        for pages in listes:
            next(pages)  # its list of schools is read here
        _browse_all(port, cookies, listes, 3)
        nuit = start_night()
        temps, erreurs = _browse_all(port, cookies, listes, secondes)
        is_encore = nuit.poll() is None
        nuit.wait()
    finally:
        web.terminate()
        web.wait()
    print(
        f"{utilisateurs} utilisateurs, {len(temps)} pages en {secondes} s, nuit "
        f"{'en cours tout du long' if is_encore else 'finie avant la fin'} : p50 {quantile(temps, 0.5):.0f} ms, "
        f"p95 {quantile(temps, 0.95):.0f} ms (objectif 300), {len(erreurs)} erreurs {sorted(set(erreurs))[:3]}",
        flush=True,
    )


def _browse_all(port: int, cookies: list[str], listes: list, secondes: int) -> tuple[list[float], list[str]]:
    temps: list[float] = []
    erreurs: list[str] = []
    fin = time.monotonic() + secondes
    fils = [
        threading.Thread(target=browse, args=(port, cookie, pages, fin, temps, erreurs))
        for cookie, pages in zip(cookies, listes, strict=True)
    ]
    for fil in fils:
        fil.start()
        time.sleep(1 / len(fils))
    for fil in fils:
        fil.join()
    return temps, erreurs


def start_night() -> subprocess.Popen:
    """The nights that are due on Tuesday at two, one after the other, in a process of their own."""
    return subprocess.Popen([sys.executable, __file__, NUIT], env=os.environ)  # noqa: S603 - our own


def run_nights() -> None:
    debut = time.perf_counter()
    faites = [is_faite for _, is_faite in run_until(MARDI_2H + timedelta(minutes=1))]
    print(
        f"nuit de {len(faites)} établissements : {time.perf_counter() - debut:.1f} s, {sum(faites)} réussies",
        flush=True,
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--ecoles", type=int, default=60)
    options.add_argument("--utilisateurs", type=int, default=50)
    options.add_argument("--nuits", type=int, default=20)
    options.add_argument("--secondes", type=int, default=20)
    choix = options.parse_args()
    call_command("collectstatic", verbosity=0, interactive=False)
    debut = time.perf_counter()
    ecoles = make_ecoles(choix.ecoles)
    memoire = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{len(ecoles)} établissements, {sum(Compteurs.objects.values_list('eleves', flat=True))} élèves, chiffres "
        f"comptés : {time.perf_counter() - debut:.0f} s, {memoire} Mo",
        flush=True,
    )
    assert not find_ecarts(ecoles[0])
    for combien in sorted({min(n, len(ecoles)) for n in (10, 100, len(ecoles))}):
        dane = measure_page(ecoles[:combien], f"B{combien}")
    measure_exports(dane)
    for rang, ecole in enumerate(ecoles[: choix.nuits]):
        ecole.refresh_from_db()
        deposit(ecole, liens_of(rang % 10), LUNDI)
    assert Tache.objects.filter(prevu_le__lte=MARDI_2H).count() == min(choix.nuits, len(ecoles))
    connection.close()
    measure_load(dane, choix.utilisateurs, choix.secondes, start_night)


if __name__ == "__main__":
    run_nights() if NUIT in sys.argv else main()

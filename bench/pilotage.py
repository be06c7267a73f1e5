"""The DANE's dashboard on a whole académie, beside a running night, on a private PostgreSQL.

    python bench/pilotage.py [--ecoles 60] [--utilisateurs 50] [--lecture 5 2 1] [--nuits 60] [--secondes 20]

``--ecoles 600`` is an académie of 300 000 élèves, some minutes to build. Server time of the page and its queries, for
an académie of 10, 100 and all schools; the exports of all of them; then users who read pages of every kind from two
processes of gunicorn, while another process carries out the nights of schools. ``--lecture`` is how many seconds they
look at a page on average (drawn at random) before the next one: the load is measured once for each.
"""

import argparse
import math
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from http.client import HTTPConnection
from random import Random

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from outils.pilotage import liens_of, make_dane, make_ecoles
from outils.site import clock

from entsite.celery import yield_to_the_web
from entsite.processes import site_commands
from exchanges.models import Compteurs, Depot, Etablissement, Tache, Utilisateur
from exchanges.pipeline.compteurs import find_ecarts
from exchanges.pipeline.nuits import run_until
from tests import servers
from tests.makers import LUNDI, MARDI_2H, deposit


NUIT = "--nuit"
LECTURES = 100
SLUGS = ("multi-inscriptions", "eleves-sans-groupe", "groupes-vides", "fiches-bloquantes")
FILTRES = ("", "?tri=-absents", "?etat=difficulte", "?type=CLG&tri=age", "?page=2", "?texte=college")


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
    vide = [read(client, reverse("checklists:annonce_list")) for _ in range(LECTURES)]
    processeur = time.process_time()
    temps = [read(client, adresse + FILTRES[rang % len(FILTRES)]) for rang in range(LECTURES)]
    processeur = (time.process_time() - processeur) / LECTURES
    with CaptureQueriesContext(connection) as requetes:
        read(client, adresse)
    print(
        f"tableau de bord, {len(ecoles)} établissements : p50 {quantile(temps, 0.5):.0f} ms, "
        f"p95 {quantile(temps, 0.95):.0f} ms (objectif 50), {processeur * 1e3:.0f} ms de processeur, "
        f"{len(requetes)} requêtes (objectif 8), {quantile(temps, 0.5) / quantile(vide, 0.5):.1f} fois une page vide",
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
    des_ecoles = ("school_panel", "rentree_detail", "school_detail")
    while True:
        uai, page = rng.choice(uais), rng.randrange(9)
        if page < 3:
            yield reverse("checklists:dashboard") + rng.choice(FILTRES)
        elif page < 6:
            yield reverse(f"checklists:{des_ecoles[page - 3]}", args=[uai])
        elif page == 6:
            yield reverse("exchanges:etablissement_detail", args=[uai])
        elif page == 7:
            yield reverse("exchanges:liste_detail", args=[uai, rng.choice(SLUGS)])
        else:
            yield reverse(f"checklists:{rng.choice(('heatmap', 'tendance'))}")


class Visite(threading.Thread):
    """One user: a page, its answer, some seconds to look at it, until ``fin``."""

    def __init__(self, port: int, cookie: str, pages: Iterator[str], lecture: float, rang: int, fin: float):
        super().__init__()
        self.port = port
        self.entetes = {"Cookie": cookie, "Host": "localhost"}
        self.pages, self.lecture, self.fin = pages, lecture, fin
        self.rng = Random(rang)
        self.lues: list[tuple[str, float]] = []
        self.refus: list[str] = []

    def run(self) -> None:
        time.sleep(self.rng.random() * self.lecture)
        while time.monotonic() < self.fin:
            adresse = next(self.pages)
            debut = time.perf_counter()
            lien = HTTPConnection("127.0.0.1", self.port, timeout=60)  # gunicorn closes those that wait
            lien.request("GET", adresse, headers=self.entetes)
            reponse = lien.getresponse()
            reponse.read()
            self.lues.append((resolve(adresse.partition("?")[0]).url_name, time.perf_counter() - debut))
            if reponse.status != 200:
                self.refus.append(f"{reponse.status} {adresse}")
            lien.close()
            time.sleep(self.rng.expovariate(1 / self.lecture))


def measure_load(dane: Utilisateur, utilisateurs: int, lectures: Sequence[float], secondes: int) -> None:
    port = servers.free_port()
    web = subprocess.Popen(site_commands(f"127.0.0.1:{port}")["web"], cwd=settings.BASE_DIR)  # noqa: S603 - our own
    try:
        while not servers.is_answering(port):
            time.sleep(0.1)
        cookies = [f"sessionid={connect(dane).cookies['sessionid'].value}" for _ in range(utilisateurs)]
        listes = [pages_of(dane, Random(rang)) for rang in range(utilisateurs)]
        for pages in listes:
            next(pages)  # its list of schools is read here
        connection.close()
        pages = len(read_pages(browse_all(port, cookies, listes, 1, 3)))
        for lecture in lectures:
            avant, nuit = count_nights(), start_night()
            visites = browse_all(port, cookies, listes, lecture, secondes)
            is_encore = nuit.poll() is None
            nuit.terminate()
            nuit.wait()
            pages += len(read_pages(visites))
            say_load(visites, lecture, secondes, count_nights() - avant, is_encore)
    finally:
        avant = resource.getrusage(resource.RUSAGE_CHILDREN)
        web.terminate()
        web.wait()
    web_seul = resource.getrusage(resource.RUSAGE_CHILDREN)
    secondes_web = web_seul.ru_utime + web_seul.ru_stime - avant.ru_utime - avant.ru_stime
    print(f"processeur du web, démarrage compris : {secondes_web / pages * 1e3:.0f} ms par page", flush=True)


def read_pages(visites: Sequence[Visite]) -> list[tuple[str, float]]:
    return [lue for visite in visites for lue in visite.lues]


def browse_all(port: int, cookies: list[str], listes: list, lecture: float, secondes: int) -> list[Visite]:
    fin = time.monotonic() + secondes
    couples = zip(cookies, listes, strict=True)
    visites = [Visite(port, cookie, pages, lecture, rang, fin) for rang, (cookie, pages) in enumerate(couples)]
    for visite in visites:
        visite.start()
    for visite in visites:
        visite.join()
    return visites


def say_load(visites: Sequence[Visite], lecture: float, secondes: int, nuits: int, is_encore: bool) -> None:
    lues = read_pages(visites)
    refus = [refuse for visite in visites for refuse in visite.refus]
    temps = [duree for _, duree in lues]
    par_page: dict[str, list[float]] = {}
    for page, duree in lues:
        par_page.setdefault(page, []).append(duree)
    print(
        f"{len(visites)} utilisateurs qui lisent {lecture:g} s chaque page, {len(lues)} pages en {secondes} s à côté "
        f"de {nuits} nuits ({'sans fin' if is_encore else 'finies avant'}) : p50 {quantile(temps, 0.5):.0f} ms, "
        f"p95 {quantile(temps, 0.95):.0f} ms (objectif 300), {len(refus)} refus {sorted(refus)[:3]}\n  p95 par page : "
        + ", ".join(f"{page} {quantile(durees, 0.95):.0f}" for page, durees in sorted(par_page.items())),
        flush=True,
    )


def count_nights() -> int:
    """The deposits that have been imported on Tuesday night."""
    return Depot.objects.filter(importe_le__gte=MARDI_2H).count()


def start_night() -> subprocess.Popen:
    """The nights due on Tuesday at two, then what follows them, in a process of their own as a worker's is."""
    return subprocess.Popen([sys.executable, __file__, NUIT], env=os.environ)  # noqa: S603 - our own


def run_nights() -> None:
    yield_to_the_web()
    for _ in run_until(MARDI_2H + timedelta(days=1)):
        pass


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--ecoles", type=int, default=60)
    options.add_argument("--utilisateurs", type=int, default=50)
    options.add_argument("--lecture", type=float, nargs="+", default=[5, 2, 1], metavar="SECONDES")
    options.add_argument("--nuits", type=int, default=300)
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
    assert not find_ecarts(Etablissement.objects.get(pk=ecoles[0].pk))
    for combien in sorted({min(n, len(ecoles)) for n in (10, 100, len(ecoles))}):
        dane = measure_page(ecoles[:combien], f"B{combien}")
    measure_exports(dane)
    for rang, ecole in enumerate(ecoles[: choix.nuits]):
        ecole.refresh_from_db()
        deposit(ecole, liens_of(rang % 10), LUNDI)
    assert Tache.objects.filter(prevu_le__lte=MARDI_2H).count() == min(choix.nuits, len(ecoles))
    measure_load(dane, choix.utilisateurs, choix.lecture, choix.secondes)


if __name__ == "__main__":
    run_nights() if NUIT in sys.argv else main()

"""A script deposits over HTTP with nothing but Python's own client, as docs/guide/depot-automatique.md shows."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from tests.functional.conftest import Site, start_site


UAI = "0990001N"
LIMITE = 2 * 1024 * 1024
ATTENTE = 60  # seconds


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A site of its own: its clock moves, and its limit is low."""
    yield from start_site({"ENTSITE_UPLOAD_MAX": str(LIMITE)})


@pytest.fixture(scope="module")
def jeton(site) -> str:
    return make_jeton(site, "Script d'essai")


@pytest.fixture
def fichier(site) -> Path:
    """The ZIP of the school, as its timetable software wrote it."""
    return next(f for f in site.exemples(UAI) if f.suffix == ".zip")


def manage(site: Site, *commande: str) -> dict:
    """A command on the server, and its JSON answer."""
    retires = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "ENTSITE_TEST_RUN")
    env = {nom: valeur for nom, valeur in os.environ.items() if nom not in retires}
    sortie = subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", *commande, "--json"],
        check=True,
        capture_output=True,
        cwd=settings.BASE_DIR,
        env=env | {"ENTSITE_DATA_DIR": str(site.dossier)},
    )
    return json.loads(sortie.stdout)


def make_jeton(site: Site, nom: str) -> str:
    return manage(site, "create_jeton", "--uai", UAI, "--nom", nom)["jeton"]


def call(url: str, jeton: str, octets: bytes | None = None, **entetes: str):
    """Status, headers and JSON of one request."""
    entetes = {cle.replace("_", "-"): valeur for cle, valeur in entetes.items()}
    if octets is not None:
        entetes["Content-Type"] = "application/zip"
    requete = urllib.request.Request(url, octets, {"Authorization": f"Bearer {jeton}", **entetes})  # noqa: S310
    try:
        with urllib.request.urlopen(requete, timeout=30) as reponse:  # noqa: S310 - our own site
            return reponse.status, reponse.headers, json.load(reponse)
    except urllib.error.HTTPError as exc:
        with exc:
            return exc.code, exc.headers, json.load(exc)


def depots(site: Site) -> str:
    return f"{site.url}/api/etablissements/{UAI}/depots/"


def test_script_deposits_then_reads_the_compte_rendu(site: Site, jeton: str, fichier: Path):
    octets = fichier.read_bytes()
    status, entetes, depot = call(depots(site), jeton, octets, X_Nom_Fichier=fichier.name)
    assert (status, depot["etat"], depot["mode"]) == (202, "depose", "automatique")
    assert depot["verdict"]["liens_crees"] > 100
    assert "Set-Cookie" not in entetes
    encore = call(depots(site), jeton, octets, X_Nom_Fichier=fichier.name)
    assert (encore[0], encore[2]) == (200, depot)

    manage(site, "run_night", "--until", f"{depot['nuit'][:10]}T07:00")
    adresse, limite = f"{site.url}{entetes['Location']}", time.monotonic() + ATTENTE
    while (lu := call(adresse, jeton)[2])["etat"] != "importe" and time.monotonic() < limite:
        time.sleep(1)
    assert lu["etat"] == "importe"
    assert lu["compte_rendu"]["chiffres"] == depot["verdict"]


def test_script_of_the_guide_works_as_it_is_written(site: Site, jeton: str, fichier: Path, tmp_path: Path):
    guide = (settings.BASE_DIR / "docs/guide/depot-automatique.md").read_text(encoding="utf-8")
    script = re.search(r"```python\n(.*?)```", guide, re.S)[1]
    (tmp_path / "deposer.py").write_text(script.replace("https://entsite.example", site.url), encoding="utf-8")
    resultats = []
    for montre in (jeton, "faux"):
        (tmp_path / "jeton.txt").write_text(montre + "\n")
        commande = [sys.executable, "deposer.py", str(fichier)]
        resultats.append(subprocess.run(commande, cwd=tmp_path, capture_output=True, text=True, check=False))  # noqa: S603
    bon, mauvais = resultats
    assert (bon.returncode, bon.stderr) == (0, "")
    assert re.fullmatch(r"(En attente de la nuit|Importé)\. SIECLE : 2026-09-\S+, ENT : 2026-09-\S+\n", bon.stdout)
    assert (mauvais.returncode, mauvais.stdout) == (1, "")
    assert "Ce jeton n'est pas connu." in mauvais.stderr


def test_refusals_are_json_with_a_sentence(site: Site, jeton: str):
    cas = {
        (401, "jeton_inconnu"): call(depots(site), "faux", b"x" * LIMITE, X_Nom_Fichier="x.zip"),
        (404, "introuvable"): call(f"{site.url}/api/etablissements/0990004S/depots/", jeton, b"x"),
        (405, "methode_refusee"): call(depots(site), jeton),
        (413, "trop_gros"): call(depots(site), jeton, b"x" * (LIMITE + 1), X_Nom_Fichier="x.zip"),
        (422, "page_html"): call(depots(site), jeton, b"<html></html>", X_Nom_Fichier=f"{UAI}.zip"),
    }
    assert {(status, corps["code"]) for status, _, corps in cas.values()} == set(cas)
    assert all(corps["message"] and corps["action"] for _, _, corps in cas.values())


def test_body_in_pieces_is_refused(site: Site, jeton: str):
    client = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=30)
    entetes = {"Authorization": f"Bearer {jeton}", "Content-Type": "application/zip", "X-Nom-Fichier": "x.zip"}
    client.request("POST", urlsplit(depots(site)).path, iter([b"un", b"deux"]), entetes, encode_chunked=True)
    reponse = client.getresponse()
    assert (reponse.status, json.load(reponse)["code"]) == (411, "longueur_absente")
    client.close()


def test_connection_cut_in_the_middle_deposits_nothing(site: Site, jeton: str, fichier: Path):
    adresse = urlsplit(site.url)
    octets = fichier.read_bytes()
    entetes = (
        f"POST {urlsplit(depots(site)).path} HTTP/1.1\r\nHost: {adresse.netloc}\r\nConnection: close\r\n"
        f"Authorization: Bearer {jeton}\r\nContent-Type: application/zip\r\nX-Nom-Fichier: {fichier.name}\r\n"
        f"Content-Length: {len(octets) + 10}\r\n\r\n"
    )
    with socket.create_connection((adresse.hostname, adresse.port), timeout=30) as prise:
        prise.sendall(entetes.encode() + octets)
        prise.shutdown(socket.SHUT_WR)
        recu = b"".join(iter(lambda: prise.recv(65536), b""))
    assert recu.startswith(b"HTTP/1.1 400")
    assert b"envoi_interrompu" in recu


def test_script_that_loops_is_told_when_to_come_back(site: Site):
    boucle = make_jeton(site, "Boucle")
    for _ in range(62):  # both web processes share the count; the minute may end once on the way
        status, entetes, corps = call(depots(site), boucle, b"x")
        if status == 429:
            break
    assert (status, corps["code"]) == (429, "trop_d_appels")
    assert 0 < int(entetes["Retry-After"]) <= 60

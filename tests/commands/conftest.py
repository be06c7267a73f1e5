"""The files of small fictitious schools on disk, and a command runner."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command

from exchanges.generator import Ecole, make_ecole, write_ecole


@pytest.fixture(scope="session")
def ecole() -> Ecole:
    return make_ecole(1, 7, echelle=0.08)


@pytest.fixture(scope="session")
def dossier(ecole, tmp_path_factory) -> Path:
    racine = tmp_path_factory.mktemp("academie")
    write_ecole(ecole, racine)
    return racine / ecole.uai


@pytest.fixture
def exports(dossier) -> list[str]:
    return [str(chemin) for chemin in sorted(dossier.glob("*.xml"))]


@pytest.fixture
def zip_depot(dossier) -> str:
    return str(next(dossier.glob("*ELEGROUPE*.zip")))


def run_json(nom: str, *arguments: str) -> dict:
    """Run a command with ``--json`` and read its one answer; the exit code is its key ``_code``."""
    sortie = io.StringIO()
    code = 0
    try:
        call_command(nom, *arguments, "--json", stdout=sortie)
    except SystemExit as exc:
        code = exc.code
    return json.loads(sortie.getvalue()) | {"_code": code}


def rewrite_depot(chemin: str, dossier: Path, remplace, nom: str = "") -> str:
    """Copy an élève-groupe ZIP with its XML passed through ``remplace`` (str → str)."""
    with zipfile.ZipFile(chemin) as origine:
        interne = origine.namelist()[0]
        texte = origine.read(interne).decode("iso-8859-15")
    cible = dossier / (nom or Path(chemin).name)
    with zipfile.ZipFile(cible, "w") as copie:
        copie.writestr(cible.stem + ".xml", remplace(texte).encode("iso-8859-15"))
    return str(cible)

"""Sample files of a simulated school."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.views.pages import text, url


@pytest.fixture
def dossier(ecole, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    dossier = Path(tmp_path) / "exemples" / ecole.uai
    dossier.mkdir(parents=True)
    (dossier / f"{ecole.uai}ELEGROUPE2026260907100000.zip").write_bytes(b"zip")
    (dossier / "Structures.xml").write_bytes(b"<xml/>")
    (dossier / "fautes.json").write_text("{}")
    (Path(tmp_path) / "secret.xml").write_text("secret")
    return dossier


def test_files_are_listed_the_deposit_first(secretaire, ecole, dossier):
    page = text(secretaire.get(url("exemple_list", ecole)))
    assert page.index("ELEGROUPE2026260907100000.zip") < page.index("Structures.xml")
    assert "fautes.json" not in page


def test_school_without_samples_says_so(secretaire, ecole, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert "Aucun fichier d'exemple" in text(secretaire.get(url("exemple_list", ecole)))


def test_file_is_downloaded(secretaire, ecole, dossier):
    reponse = secretaire.get(url("exemple_download", ecole, "Structures.xml"))
    assert b"".join(reponse.streaming_content) == b"<xml/>"
    assert reponse["Content-Disposition"] == 'attachment; filename="Structures.xml"'


@pytest.mark.parametrize("nom", ["absent.xml", "fautes.json", "..", "..%2F..%2Fsecret.xml"])
def test_nothing_else_can_be_downloaded(nom, secretaire, ecole, dossier):
    assert secretaire.get(url("exemple_list", ecole) + nom).status_code == 404


def test_real_academie_has_no_samples(secretaire, ecole, dossier):
    ecole.academie.is_simulee = False
    ecole.academie.decalage = timedelta(0)
    ecole.academie.save()
    assert secretaire.get(url("exemple_list", ecole)).status_code == 404
    assert secretaire.get(url("exemple_download", ecole, "Structures.xml")).status_code == 404
    assert "Fichiers d'exemple" not in text(secretaire.get(url("etablissement_detail", ecole)))

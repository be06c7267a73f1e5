"""``correct_depot``: the corrected file without a database."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.commands.conftest import rewrite_depot, run_json


@pytest.fixture
def faux(ecole, zip_depot, tmp_path) -> str:
    """The deposit with one groupe that SIECLE does not know."""
    groupe = ecole.elegroupe.eleves[0].inscriptions[0].groupe
    return rewrite_depot(zip_depot, tmp_path, lambda t: t.replace(f"<CODE_GROUPE>{groupe}<", "<CODE_GROUPE>INCONNU<"))


def test_the_corrected_zip_is_conforme(exports, faux, tmp_path):
    avant = run_json("check_file", *exports, faux)
    assert avant["verdict"] == "anomalies"
    reponse = run_json("correct_depot", faux, *exports, "--out", str(tmp_path / "corrige"))
    assert reponse["_code"] == 0
    assert Path(reponse["fichier"]).name != Path(faux).name
    apres = run_json("check_file", *exports, reponse["fichier"])
    assert (apres["verdict"], apres["anomalies"]) == ("conforme", [])
    assert apres["liens"] == avant["liens"]


def test_what_was_left_out_is_listed_for_scripts_and_for_people(exports, faux, tmp_path):
    reponse = run_json("correct_depot", faux, *exports, "--out", str(tmp_path))
    retraits = reponse["retraits"]
    assert {r["groupe"] for r in retraits if r["nature"] == "inscription"} == {"INCONNU"}
    assert {r["code"] for r in retraits} <= {"GROUPE_A_01", ""}
    texte = (tmp_path / "corrige.csv").read_text(encoding="utf-8-sig")
    lignes = list(csv.DictReader(io.StringIO(texte), delimiter=";"))
    assert [ligne["Identifiant"] for ligne in lignes] == [r["eleve_id"] for r in retraits]


def test_a_person_reads_a_table_and_where_the_file_is(exports, faux, tmp_path):
    sortie = io.StringIO()
    call_command("correct_depot", faux, *exports, "--out", str(tmp_path / "ici"), stdout=sortie)
    texte = sortie.getvalue()
    assert "Inscription retirée" in texte
    assert f"{next((tmp_path / 'ici').glob('*.zip'))} écrit" in texte


def test_nothing_left_is_said_and_only_the_list_is_written(exports, zip_depot, ecole, tmp_path):
    groupes = {i.groupe for e in ecole.elegroupe.eleves for i in e.inscriptions}

    def forget(texte: str) -> str:
        for rang, groupe in enumerate(sorted(groupes)):
            texte = texte.replace(f"<CODE_GROUPE>{groupe}<", f"<CODE_GROUPE>?{rang}<")
        return texte

    faux = rewrite_depot(zip_depot, tmp_path, forget)
    reponse = run_json("correct_depot", faux, *exports, "--out", str(tmp_path / "ici"))
    assert (reponse["_code"], reponse["fichier"], reponse["eleves"]) == (1, None, 0)
    assert [chemin.name for chemin in (tmp_path / "ici").iterdir()] == ["corrige.csv"]


@pytest.mark.parametrize(
    ("garde", "attendu"),
    [(lambda nom: "Eleves" not in nom, "Sans l'export des élèves"), (lambda nom: True, "Aucun des fichiers")],
)
def test_what_is_missing_is_refused(exports, zip_depot, tmp_path, garde, attendu):
    gardes = [chemin for chemin in exports if garde(Path(chemin).name)]
    fichiers = gardes if attendu.startswith("Aucun") else [zip_depot, *gardes]
    with pytest.raises(CommandError, match=attendu) as refus:
        call_command("correct_depot", *fichiers, "--out", str(tmp_path / "ici"))
    assert refus.value.returncode == 2
    assert not (tmp_path / "ici").exists()


def test_an_export_of_another_school_is_refused(exports, zip_depot, ecole, tmp_path):
    origine = next(Path(chemin) for chemin in exports if "Structures" in chemin)
    autre = tmp_path / "autre.xml"
    autre.write_bytes(origine.read_bytes().replace(ecole.uai.encode(), b"0790029C"))
    with pytest.raises(CommandError, match="0790029C"):
        call_command("correct_depot", zip_depot, *exports, str(autre), "--out", str(tmp_path / "ici"))

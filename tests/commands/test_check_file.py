"""``check_file``: a verdict without a database."""

import io
import subprocess
import sys

import pytest
from django.core.management import call_command

from tests.commands.conftest import rewrite_depot, run_json


def test_a_sound_deposit_is_conforme(ecole, exports, zip_depot):
    reponse = run_json("check_file", *exports, zip_depot)
    assert (reponse["verdict"], reponse["_code"]) == ("conforme", 0)
    assert reponse["eleves_lus"] == len(ecole.elegroupe.eleves)
    assert reponse["liens"] == {
        "crees": sum(len(e.inscriptions) for e in ecole.elegroupe.eleves),
        "clos": 0,
        "inchanges": 0,
    }
    deposes = {e.eleve_id for e in ecole.elegroupe.eleves}
    restants = [e for e in ecole.eleves.eleves if e.eleve_id not in deposes]
    assert reponse["absents"] == sum(e.date_sortie is None for e in restants)
    assert reponse["absents_sortis"] == sum(e.date_sortie is not None for e in restants)
    assert reponse["anomalies"] == []
    assert {f["type"] for f in reponse["fichiers"]} >= {"ELEGROUPE", "BEE_ELEVES", "STS_EDT"}


def test_files_may_come_in_any_order(exports, zip_depot):
    assert run_json("check_file", zip_depot, *reversed(exports))["verdict"] == "conforme"


def test_an_unknown_groupe_is_an_anomaly_with_its_repair(exports, zip_depot, ecole, tmp_path):
    groupe = ecole.elegroupe.eleves[0].inscriptions[0].groupe
    faux = rewrite_depot(zip_depot, tmp_path, lambda t: t.replace(f"<CODE_GROUPE>{groupe}<", "<CODE_GROUPE>INCONNU<"))
    reponse = run_json("check_file", *exports, faux)
    assert (reponse["verdict"], reponse["_code"]) == ("anomalies", 1)
    assert {a["code"] for a in reponse["anomalies"]} == {"GROUPE_A_01"}
    premiere = reponse["anomalies"][0]
    assert premiere["eleve_id"] == ecole.elegroupe.eleves[0].eleve_id
    assert premiere["objet"] == "INCONNU"
    assert "ni dans SIECLE ni dans STS" in premiere["action"]


def test_an_unknown_eleve_is_named_by_the_identifier_sent(exports, zip_depot, ecole, tmp_path):
    depose = ecole.elegroupe.eleves[0]

    def corrupt(texte: str) -> str:
        texte = texte.replace(f"<ELEVE_ID>{depose.eleve_id}<", "<ELEVE_ID>99999999<")
        return texte.replace(f"<PRENOM>{depose.prenom}<", "<PRENOM>Personne<")

    reponse = run_json("check_file", *exports, rewrite_depot(zip_depot, tmp_path, corrupt))
    rejets = [a for a in reponse["anomalies"] if a["code"] == "REJELEGROUPE_01"]
    assert [rejet["eleve_id"] for rejet in rejets] == ["99999999"]


def test_another_school_is_refused(zip_depot, exports):
    reponse = run_json("check_file", zip_depot, *exports, "--uai", "0790029C")
    assert (reponse["verdict"], reponse["_code"]) == ("refuse", 2)
    assert "uai_different" in {refus["code"] for refus in reponse["refus"]}


def test_another_year_is_refused(zip_depot):
    reponse = run_json("check_file", zip_depot, "--annee", "2025")
    assert (reponse["verdict"], reponse["_code"]) == ("refuse", 2)
    assert reponse["refus"][0]["code"] == "annee_differente"


def test_a_bare_xml_is_refused_since_siecle_wants_the_zip(tmp_path, zip_depot):
    import zipfile

    with zipfile.ZipFile(zip_depot) as archive:
        nu = archive.extract(archive.namelist()[0], tmp_path)
    reponse = run_json("check_file", nu)
    assert (reponse["verdict"], reponse["refus"][0]["code"]) == ("refuse", "zip_attendu")


def test_a_deposit_alone_is_judged_on_its_form(zip_depot, ecole):
    reponse = run_json("check_file", zip_depot)
    assert (reponse["verdict"], reponse["absents"]) == ("conforme", None)
    assert reponse["eleves_lus"] == len(ecole.elegroupe.eleves)
    assert reponse["anomalies"][0]["gravite"] == "information"


def test_without_deposit_the_base_is_reported(exports, ecole):
    reponse = run_json("check_file", *exports)
    sans_ine = {e.eleve_id for e in ecole.eleves.eleves if e.date_sortie is None and not e.ine}
    assert {a["eleve_id"] for a in reponse["anomalies"] if a["code"] == "ine_manquant"} == sans_ine


def test_a_missing_file_is_said(tmp_path):
    reponse = run_json("check_file", str(tmp_path / "rien.zip"))
    assert (reponse["_code"], reponse["refus"][0]["code"]) == (2, "fichier_introuvable")


def test_a_person_reads_one_paragraph_per_repair(exports, zip_depot, ecole, tmp_path):
    groupe = ecole.elegroupe.eleves[0].inscriptions[0].groupe
    faux = rewrite_depot(zip_depot, tmp_path, lambda t: t.replace(f"<CODE_GROUPE>{groupe}<", "<CODE_GROUPE>INCONNU<"))
    sortie = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("check_file", *exports, faux, stdout=sortie)
    texte = sortie.getvalue()
    assert texte.count("GROUPE_A_01 ×") == 1
    assert "Verdict : anomalies" in texte


def test_no_database_is_needed(exports, zip_depot, tmp_path, settings):
    """In a process of its own, with a database that cannot be opened."""
    environnement = {"DATABASE_URL": "postgres://x@127.0.0.1:1/x", "ENTSITE_DATA_DIR": str(tmp_path)}
    ran = subprocess.run(  # noqa: S603 - our own arguments
        [sys.executable, "manage.py", "check_file", zip_depot, *exports],
        cwd=settings.BASE_DIR,
        env=environnement,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")

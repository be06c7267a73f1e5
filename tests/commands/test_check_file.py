"""``check_file``: a verdict without a database."""

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import get_args

import pytest
from django.core.management import call_command

from exchanges.enums import TypeFichier
from exchanges.management.dossier import count_rows
from exchanges.management.rapport import CONTENUS
from exchanges.parsers.records import Entete, Fichier, FichierEDT
from exchanges.writers import write
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


def read_text(*arguments: str, **options) -> str:
    """What a person reads."""
    sortie = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("check_file", *arguments, stdout=sortie, **options)
    return sortie.getvalue()


@pytest.fixture
def faux(exports, zip_depot, ecole, tmp_path) -> str:
    """The deposit with one groupe that SIECLE does not know."""
    groupe = ecole.elegroupe.eleves[0].inscriptions[0].groupe
    return rewrite_depot(zip_depot, tmp_path, lambda t: t.replace(f"<CODE_GROUPE>{groupe}<", "<CODE_GROUPE>INCONNU<"))


def test_a_person_reads_one_paragraph_per_repair(exports, faux):
    texte = read_text(*exports, faux)
    assert texte.count("GROUPE_A_01 ×") == 1
    assert "Le groupe « INCONNU » n'est pas référencé." in texte
    assert re.search(r"^Verdict : anomalies – [0-9]+ erreurs?", texte, re.MULTILINE)


def test_columns_of_the_files_are_aligned_and_count_rows(exports, zip_depot, ecole):
    lignes = read_text(*exports, zip_depot).splitlines()
    depuis = lignes.index("Fichiers reconnus") + 1
    tableau = lignes[depuis : depuis + len(exports) + 2]
    colonne = tableau[0].index("Établissement")
    assert {ligne[colonne : colonne + 8] for ligne in tableau[1:]} == {ecole.uai}
    assert any(f"{len(ecole.eleves.eleves)} élèves" in ligne for ligne in tableau)
    assert lignes[-1] == "Verdict : conforme – rien à corriger."


def test_colours_are_for_terminals_and_can_be_refused(exports, faux):
    assert "\x1b[" in read_text(*exports, faux, force_color=True)
    assert "\x1b[" not in read_text(*exports, faux, no_color=True)
    assert "\x1b[" not in read_text(*exports, faux)


def test_rows_of_each_file_are_counted_for_scripts(exports, ecole):
    contenus = {f["type"]: f["contenu"] for f in run_json("check_file", *exports)["fichiers"]}
    assert contenus["BEE_ELEVES"] == {"eleves": len(ecole.eleves.eleves)}
    assert contenus["BEE_STRUCTURES"]["divisions"] == len(ecole.structures.divisions)


def test_every_kind_of_row_has_its_word():
    """A field added to a record of files is named in the table of files too."""
    for modele in get_args(Fichier):
        fichier = modele(entete=Entete(TypeFichier.ELEVES, "0990001D", "2026"))
        assert set(count_rows(fichier)) <= set(CONTENUS)


def manques(*arguments: str) -> set[str]:
    return {manque["type"] for manque in run_json("check_file", *arguments)["manques"]}


def test_missing_files_are_said_with_their_purpose(exports, zip_depot):
    eleves = [chemin for chemin in exports if "Eleves" in chemin]
    assert manques(zip_depot, *eleves) == {"BEE_STRUCTURES", "BEE_COMMUN", "STS_EDT"}
    assert manques(zip_depot) == {"BEE_ELEVES", "BEE_STRUCTURES", "BEE_COMMUN", "STS_EDT"}
    assert "GROUPE_A_01, GROUPE_B_02" in read_text(zip_depot, *eleves)
    assert "BEE_ELEVES" not in manques(*eleves)
    assert "EDT se contente des six autres exports" in read_text(*eleves)


def test_nothing_is_missing_for_a_verdict_with_every_export(exports, zip_depot):
    assert manques(*exports, zip_depot) == set()
    assert "Il manque" not in read_text(*exports, zip_depot)


def write_copy(exports: list[str], debut: str, cible, remplace) -> str:
    """One of the exports, changed by ``remplace`` (str → str), under another path."""
    origine = next(Path(chemin) for chemin in exports if Path(chemin).name.startswith(debut))
    cible.write_bytes(remplace(origine.read_bytes().decode("iso-8859-15")).encode("iso-8859-15"))
    return str(cible)


def test_exports_of_different_dates_are_said(exports, zip_depot, tmp_path):
    vieux = write_copy(
        exports,
        "Structures",
        tmp_path / "Structures.xml",
        lambda t: re.sub(r"<(DATE_EXPORT|HORODATAGE)>\d\d/\d\d/\d{4}", r"<\1>03/01/2020", t),
    )
    autres = [chemin for chemin in exports if "Structures" not in chemin]
    reponse = run_json("check_file", zip_depot, vieux, *autres)
    assert {a["objet"] for a in reponse["anomalies"] if a["code"] == "exports_de_dates_differentes"} == {
        "BEE_STRUCTURES"
    }


def test_of_two_files_of_one_type_the_latest_counts(exports, tmp_path, ecole):
    vide = write_copy(
        exports,
        "Structures",
        tmp_path / "vieux.xml",
        lambda t: re.sub(r"<(DATE_EXPORT|HORODATAGE)>\d\d/\d\d/\d{4}", r"<\1>03/01/2020", t),
    )
    for ordre in ((vide, *exports), (*exports, vide)):
        (avis,) = run_json("check_file", *ordre)["avis"]
        assert avis == "Structures (SIECLE) : 2 fichiers ont été donnés, « Structures.xml » a été retenu."


def test_files_of_several_schools_are_said_and_one_is_judged(exports, ecole, zip_depot, tmp_path):
    autre = write_copy(
        exports, "Structures", tmp_path / "autre.xml", lambda t: t.replace(f"<UAJ>{ecole.uai}<", "<UAJ>0790029C<")
    )
    reponse = run_json("check_file", autre, *exports, zip_depot)
    assert reponse["uai"] == ecole.uai
    assert reponse["etablissements"] == {ecole.uai: len(exports) + 1, "0790029C": 1}
    assert (reponse["verdict"], {r["code"] for r in reponse["refus"]}) == ("refuse", {"fichier_autre_etablissement"})
    assert "2 établissements" in reponse["avis"][0]
    assert reponse["liens"]["crees"] == sum(len(e.inscriptions) for e in ecole.elegroupe.eleves)


def test_an_eleve_of_two_schools_is_said(exports, ecole, tmp_path):
    autre = write_copy(
        exports, "Eleves", tmp_path / "autre.xml", lambda t: t.replace(f"<UAJ>{ecole.uai}<", "<UAJ>0790029C<")
    )
    trouvees = [a for a in run_json("check_file", *exports, autre)["anomalies"] if a["code"] == "multi_inscription"]
    assert len(trouvees) >= sum(bool(e.ine) for e in ecole.eleves.eleves if e.date_sortie is None)
    assert "0790029C" in trouvees[0]["message"]


def test_lines_are_cut_where_french_allows(exports, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    coupees = read_text(*exports).splitlines()
    assert not [ligne for ligne in coupees if re.match(r"\s+[:;!?»]", ligne) or ligne.endswith("«")]


def test_the_file_that_goes_to_sts_is_not_the_one_that_comes_from_it(exports, tmp_path, ecole):
    seul = tmp_path / f"sts_emp_{ecole.uai}_2026.xml"
    entete = Entete(TypeFichier.EDT_STS, ecole.uai, ecole.eleves.entete.annee)
    with seul.open("wb") as flux:
        write(FichierEDT(entete=entete, divisions=ecole.sts.divisions), flux)
    siecle = [chemin for chemin in exports if "sts_emp" not in chemin and "EDT" not in chemin]
    sts = [chemin for chemin in exports if "sts_emp" in chemin]
    for fichiers in ([*siecle, *sts, str(seul)], [*siecle, str(seul)]):
        reponse = run_json("check_file", *fichiers)
        (avis,) = reponse["avis"]
        assert "Exports > Emploi du temps" in avis
    assert "STS_EDT" in {manque["type"] for manque in reponse["manques"]}


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

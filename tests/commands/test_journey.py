"""One deposit all the way, by command: the contract for scripts."""

import io
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from exchanges.models import AnomalieDepot, Depot, Etablissement, LienGroupe
from exchanges.propagation.horloge import Horloge
from tests.commands.conftest import rewrite_depot, run_json


pytestmark = pytest.mark.django_db


@pytest.fixture
def charge(exports) -> dict:
    return run_json("load_files", *exports)


def _jours(uai: str, jours: int) -> str:
    maintenant = Horloge(Etablissement.objects.select_related("academie").get(uai=uai).academie).maintenant
    return (maintenant.replace(tzinfo=None) + timedelta(days=jours)).replace(hour=7, minute=30).isoformat()


def test_load_files_creates_the_school_then_writes_nothing(charge, exports, ecole):
    tables = {ligne["table"]: ligne for ligne in charge["etablissements"][0]["tables"]}
    assert tables["élèves"]["ajoutes"] == len(ecole.eleves.eleves)
    assert tables["groupes (BEE)"]["ajoutes"] == len(ecole.structures.groupes)
    encore = run_json("load_files", *exports)["etablissements"][0]["tables"]
    assert all(ligne["ajoutes"] == ligne["modifies"] == ligne["retires"] == 0 for ligne in encore)
    assert Etablissement.objects.get(uai=ecole.uai).academie.is_simulee


def test_the_seven_exports_may_be_given_together(exports, dossier, ecole):
    """Two of the seven have nothing to load: they are said, and nothing has failed."""
    sans_objet = [str(dossier / "autres" / nom) for nom in ("Geographique.xml", "Etablissements.xml")]
    reponse = run_json("load_files", *exports, *sans_objet)["etablissements"][0]
    assert [(refus["code"], refus["sans_gravite"]) for refus in reponse["refus"]] == [("sans_objet", True)] * 2
    assert len(reponse["fichiers"]) == len(exports)


def test_a_deposit_goes_all_the_way_to_the_ent(charge, zip_depot, ecole):
    depose = run_json("submit_depot", zip_depot, "--uai", ecole.uai)
    assert depose["etat"] == "depose"
    assert depose["verdict"]["anomalies"] == 0
    assert LienGroupe.objects.count() == 0

    jour_j = datetime.fromisoformat(depose["echeances"]["SIECLE"]).date() - timedelta(days=1)
    run_json("run_night", "--until", f"{jour_j + timedelta(days=1)}T07:00")
    assert Depot.objects.get().etat == "importe"
    attendu = {(e.eleve_id, i.groupe) for e in ecole.elegroupe.eleves for i in e.inscriptions}
    assert set(LienGroupe.objects.courants().values_list("eleve__eleve_id", "groupe__code")) == attendu

    run_json("run_night", "--until", f"{jour_j + timedelta(days=3)}T07:00")
    avant = run_json("show_annuaire", ecole.uai, "--date", str(jour_j + timedelta(days=2)))
    assert all(not eleves for eleves in avant["groupes"].values())
    apres = run_json("show_annuaire", ecole.uai, "--date", str(jour_j + timedelta(days=3)))
    avec_ine = {e.eleve_id for e in ecole.eleves.eleves if e.ine and e.date_sortie is None}
    assert {(e, g) for g, eleves in apres["groupes"].items() for e in eleves} == {
        (e, g) for e, g in attendu if e in avec_ine
    }
    assert {e for eleves in apres["divisions"].values() for e in eleves} == {
        e.eleve_id for e in ecole.eleves.eleves if e.division and e.eleve_id in avec_ine
    }


def test_annule_et_remplace_asks_for_a_figure_above_ten_per_cent(charge, zip_depot, ecole, tmp_path):
    run_json("submit_depot", zip_depot, "--uai", ecole.uai)
    run_json("run_night", "--until", _jours(ecole.uai, 1))
    debut, fin = "<ELEVE>", "</ELEVE>"

    def halve(texte: str) -> str:
        tete, *eleves = texte.split(debut)
        gardes = eleves[: len(eleves) // 2]
        return (
            tete
            + "".join(debut + eleve for eleve in gardes[:-1])
            + debut
            + gardes[-1].split(fin)[0]
            + fin
            + ("</ELEVES></DONNEES></IMPORT_ELEVES>")
        )

    moitie = rewrite_depot(zip_depot, tmp_path, halve)
    with pytest.raises(CommandError, match=r"plus de 10 %") as refus:
        call_command("submit_depot", moitie, "--uai", ecole.uai, stdout=io.StringIO())
    assert refus.value.returncode == 3
    assert not Depot.objects.filter(etat="depose").exists()
    suppressions = int(str(refus.value).split("--confirm-closures ")[1].rstrip("."))
    run_json("submit_depot", moitie, "--uai", ecole.uai, "--confirm-closures", str(suppressions))
    run_json("run_night", "--until", _jours(ecole.uai, 1))
    assert Depot.objects.filter(etat="importe").first().liens_clos == suppressions
    assert LienGroupe.objects.courants().count() == sum(
        len(e.inscriptions) for e in ecole.elegroupe.eleves[: len(ecole.elegroupe.eleves) // 2]
    )


def test_a_newer_deposit_replaces_the_pending_one(charge, zip_depot, ecole, tmp_path):
    run_json("submit_depot", zip_depot, "--uai", ecole.uai)
    nouveau = rewrite_depot(zip_depot, tmp_path, str, nom=f"{ecole.uai}ELEGROUPE2026260930101010.zip")
    run_json("submit_depot", nouveau, "--uai", ecole.uai)
    assert sorted(Depot.objects.values_list("etat", flat=True)) == ["depose", "remplace"]
    run_json("run_night", "--until", _jours(ecole.uai, 1))
    assert sorted(Depot.objects.values_list("etat", flat=True)) == ["importe", "remplace"]


def test_anomalies_are_kept_in_columns(charge, zip_depot, ecole, tmp_path):
    groupe = ecole.elegroupe.eleves[0].inscriptions[0].groupe
    faux = rewrite_depot(zip_depot, tmp_path, lambda t: t.replace(f"<CODE_GROUPE>{groupe}<", "<CODE_GROUPE>INCONNU<"))
    run_json("submit_depot", faux, "--uai", ecole.uai)
    run_json("run_night", "--until", _jours(ecole.uai, 1))
    attendus = {e.eleve_id for e in ecole.elegroupe.eleves if any(i.groupe == groupe for i in e.inscriptions)}
    lignes = AnomalieDepot.objects.filter(code="GROUPE_A_01", objet="INCONNU", section="anomalie")
    assert set(lignes.values_list("eleve__eleve_id", flat=True)) == attendus


def test_a_refused_deposit_leaves_nothing(charge, tmp_path, ecole, settings):
    faux = tmp_path / "fichier.zip"
    faux.write_bytes(b"ceci n'est pas un ZIP")
    fichiers = set(settings.DEPOTS_DIR.rglob("*"))
    with pytest.raises(CommandError) as refus:
        call_command("submit_depot", str(faux), "--uai", ecole.uai, stdout=io.StringIO())
    assert refus.value.returncode == 2
    assert not Depot.objects.exists()
    assert set(settings.DEPOTS_DIR.rglob("*")) == fichiers


def test_an_unknown_school_is_said(zip_depot):
    with pytest.raises(CommandError, match="n'est pas connu"):
        call_command("submit_depot", zip_depot, "--uai", "0790029C", stdout=io.StringIO())


def test_the_clock_of_a_real_academie_is_not_moved(exports, zip_depot, ecole):
    run_json("load_files", *exports, "--reel")
    run_json("submit_depot", zip_depot, "--uai", ecole.uai)
    assert run_json("run_night", "--until", _jours(ecole.uai, 5))["traitements"] == []
    assert Depot.objects.get().etat == "depose"

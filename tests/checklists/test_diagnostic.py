"""Causes that time makes: what waits, what is held, what is over, what was forgotten."""

from datetime import date, timedelta

import pytest

from checklists.diagnostic import EtatMaillon, Genre
from exchanges.enums import EtatPassage, Relais
from exchanges.models import LienService
from exchanges.pipeline import exports
from exchanges.pipeline.suppleances import Suppleant, add_suppleant, replace_enseignant
from tests.checklists.makers_diagnostic import explain
from tests.makers import LUNDI, deposit, load, make_eleve, make_etablissement, make_fichiers, make_projet, set_clock
from tests.makers_sts import DUPONT, MARTIN, make_edt
from tests.scenarios.makers import JOUR, SEMAINE, make_fed, make_responsables, run_days


pytestmark = pytest.mark.django_db


@pytest.fixture
def ecole():
    return make_fed(make_etablissement())


def services_of(numero):
    return list(LienService.objects.courants().filter(individu__sts_id=numero).values_list("service", flat=True))


def etats(reponse):
    return {str(maillon.couche): maillon.etat for maillon in reponse.maillons}


def test_deposit_waits_for_the_night_and_is_no_rupture(ecole):
    deposit(ecole, {"1001": ["6AGL1"]}, LUNDI)
    reponse = explain(ecole, Genre.GROUPE, "6AGL1")
    assert reponse.rupture is None
    assert reponse.cause.code == "depot_en_attente"
    assert etats(reponse)["SIECLE"] == EtatMaillon.EN_ATTENTE
    assert reponse.visible_le == date(2026, 9, 10)


def test_change_on_its_way_has_its_day(ecole):
    deposit(ecole, {"1001": ["6AGL1"]}, LUNDI)
    run_days(ecole, LUNDI + JOUR)
    reponse = explain(ecole, Genre.ELEVE, "1001")
    assert reponse.rupture is None
    assert reponse.cause.code == "en_chemin"
    assert etats(reponse)["ENT"] == EtatMaillon.EN_ATTENTE
    assert reponse.visible_le == date(2026, 9, 10)
    run_days(ecole, LUNDI + SEMAINE)
    assert explain(ecole, Genre.ELEVE, "1001").is_correct


def test_remplacant_without_services_then_moved_then_exported(ecole):
    assert explain(ecole, Genre.INDIVIDU, "8").cause.code == "enseignant_sans_service"
    replace_enseignant(ecole, DUPONT, MARTIN, services_of("7"), None, LUNDI)
    set_clock(ecole.academie, LUNDI + timedelta(minutes=1))
    reponse = explain(ecole, Genre.INDIVIDU, "8")
    assert reponse.cause.code == "services_non_exportes"
    assert "Changement de support" not in reponse.action
    exports.run_export_structure(ecole, None, LUNDI)
    exports.run_export_services(ecole, None, LUNDI + timedelta(minutes=2))
    run_days(ecole, LUNDI + 4 * JOUR)
    assert explain(ecole, Genre.INDIVIDU, "8").is_correct


def test_suppleance_that_is_over_or_unknown(ecole):
    fin = LUNDI.date() + 3 * JOUR
    paul = Suppleant("RENFORT", "Paul", "1", date(1990, 1, 1), LUNDI.date(), fin)
    acte = add_suppleant(ecole, DUPONT, paul, services_of("7"), None, LUNDI)
    run_days(ecole, LUNDI + SEMAINE)
    reponse = explain(ecole, Genre.INDIVIDU, acte.detail["nouveau"][1])
    assert reponse.cause.code == "suppleance_finie"
    assert reponse.rupture.depuis == fin
    inconnue = explain(ecole, Genre.INDIVIDU, "424242")
    assert inconnue.cause.code == "enseignant_inconnu_de_sts"
    assert inconnue.ticket.guichet == "STS-Web"
    assert "GI/GC" in inconnue.ticket.texte


def test_name_cut_by_sts_is_told_from_the_journal(ecole):
    load(ecole, [make_edt(ecole, ("6ANGLAISGR1", "6ESP1"))], LUNDI)
    reponse = explain(ecole, Genre.GROUPE, "6ANGLAISGR1")
    assert reponse.cause.code == "groupe_tronque_par_sts"
    assert str(reponse.rupture.couche) == "STS"


def test_mended_refusal_asks_for_the_deposit_again(ecole):
    load(ecole, [make_edt(ecole, ("6ANG1", "6ESP1"))], LUNDI)
    deposit(ecole, {"1001": ["6ANG1"]}, LUNDI)
    run_days(ecole, LUNDI + 2 * JOUR)
    assert explain(ecole, Genre.ELEVE, "1001").cause.code == "GROUPE_A_01"
    exports.run_export_structure(ecole, None, LUNDI + 2 * JOUR)
    assert explain(ecole, Genre.ELEVE, "1001").cause.code == "depot_non_refait"
    assert explain(ecole, Genre.GROUPE, "6ANG1").cause.code == "depot_non_refait"


def test_leaver_and_merged_responsable_tell_when_their_account_goes(ecole):
    load(ecole, [make_responsables(ecole, ("90001", "EXEMPLE", "Marie", "1001"))], LUNDI)
    run_days(ecole, LUNDI + SEMAINE)
    load(ecole, [make_responsables(ecole, ("90002", "AUTRE", "Lise", "1001"), quand=LUNDI + SEMAINE)], LUNDI + SEMAINE)
    run_days(ecole, LUNDI + 2 * SEMAINE)
    reponse = explain(ecole, Genre.RESPONSABLE, "90001")
    assert reponse.cause.code == "responsable_plus_dans_siecle"
    assert "sera supprimé" in reponse.rupture.preuve


def test_responsable_of_a_child_without_ine(ecole):
    eleves = [make_eleve("1001", ine=""), make_eleve("1002")]
    load(ecole, make_fichiers(ecole, eleves=eleves), LUNDI)
    load(ecole, [make_responsables(ecole, ("90001", "EXEMPLE", "Marie", "1001"))], LUNDI)
    reponse = explain(ecole, Genre.RESPONSABLE, "90001")
    assert reponse.cause.code == "responsable_sans_enfant_dans_l_annuaire"
    assert "L'élève n'a pas d'INE" in reponse.rupture.preuve
    assert explain(ecole, Genre.ELEVE, "1001").ticket.guichet == "SIECLE-BEE"


def test_held_failed_and_skipped_relays(ecole):
    deposit(ecole, {"1001": ["6AGL1"]}, LUNDI)
    run_days(ecole, LUNDI + JOUR)
    set_clock(ecole.academie, LUNDI + 2 * JOUR)
    passages = ecole.passages.filter(relais=Relais.ENT, etat=EtatPassage.PREVU).order_by("prevu_le")
    premier = passages[0]
    set_clock(ecole.academie, premier.prevu_le + timedelta(hours=1))
    for etat, code in (
        (EtatPassage.RETENU, "relais_retenu"),
        (EtatPassage.ECHEC, "relais_en_echec"),
        (EtatPassage.SAUTE, "relais_saute"),
    ):
        premier.etat, premier.motif = etat, "Ce passage attend."
        premier.save(update_fields=["etat", "motif"])
        reponse = explain(ecole, Genre.ELEVE, "1001")
        assert reponse.cause.code == code
        assert (reponse.rupture is None) == (etat == EtatPassage.SAUTE)


def test_nothing_ever_passed_and_summer_freeze():
    ecole = make_etablissement(projet_ent=make_projet("Gel", gel_debut="07-05", gel_fin="09-30"))
    set_clock(ecole.academie, LUNDI)
    load(ecole, make_fichiers(ecole), LUNDI - JOUR)
    reponse = explain(ecole, Genre.ELEVE, "1001")
    assert reponse.cause.code == "gel_d_ete"
    assert reponse.visible_le > date(2026, 9, 30)

"""From loaded files, deposits and nights to the states of the steps, through the database."""

from datetime import timedelta

import pytest

from checklists.actions import declare_etape
from checklists.enums import EtatEtape
from checklists.etapes import find_etape
from checklists.tableau import build_tableau
from exchanges.enums import NatureActe
from exchanges.pipeline.exports import declare, run_export_services, run_export_structure
from exchanges.pipeline.nuits import run_until
from exchanges.propagation.horloge import Horloge
from tests.checklists.makers import HEURE, find, make_chef, make_dossier, make_ecole_prete
from tests.makers import (
    ELEVES,
    GROUPES,
    LUNDI,
    deposit,
    load,
    make_academie,
    make_depot,
    make_eleve,
    make_etablissement,
    set_clock,
)
from tests.makers_sts import make_edt, make_sts


JOUR = timedelta(days=1)
TOUS = dict.fromkeys(ELEVES, GROUPES)


@pytest.fixture
def prete(db):
    return make_ecole_prete()


def states(etablissement):
    """The state of each step now, by its number."""
    tableau = build_tableau(etablissement, Horloge(etablissement.academie).maintenant)
    return {s.etape.numero: s.etat for s in tableau.situations}


def proven(etablissement):
    return {numero for numero, etat in states(etablissement).items() if etat == EtatEtape.PROUVEE}


AVANT_LE_DEPOT = {"1", "2", "3", "4", "5a", "5c", "5d", "6", "7", "8", "9", "10"}


def test_the_files_of_a_school_prove_its_steps(prete):
    assert proven(prete) == AVANT_LE_DEPOT


def test_a_deposit_its_night_and_the_ent_prove_the_last_steps(prete):
    deposit(prete, TOUS)
    assert proven(prete) == AVANT_LE_DEPOT | {"11"}
    list(run_until(LUNDI + JOUR))
    prete.academie.refresh_from_db()
    assert proven(prete) == AVANT_LE_DEPOT | {"11", "12"}
    list(run_until(LUNDI + 5 * JOUR))
    prete.academie.refresh_from_db()
    assert proven(prete) == AVANT_LE_DEPOT | {"11", "12", "13"}


def test_a_draft_is_not_a_deposit(prete):
    make_depot(prete, TOUS)
    assert states(prete)["12"] == EtatEtape.EN_RETARD


def test_a_refusal_is_no_proof_and_contradicts_who_says_so(prete):
    chef = make_chef(prete)
    load(prete, [make_sts(prete, ("6AGL1",))], now=LUNDI - HEURE / 2)
    deposit(prete, {"1001": ["INCONNU"], "1002": ["6AGL1"]})
    list(run_until(LUNDI + JOUR))
    prete.academie.refresh_from_db()
    declare_etape(find(prete), find_etape("12"), chef, LUNDI + JOUR)
    assert states(prete)["12"] == EtatEtape.CONTREDITE


def test_an_empty_groupe_in_the_ent_is_no_proof(prete):
    deposit(prete, dict.fromkeys(ELEVES, ("6AGL1",)))
    list(run_until(LUNDI + 5 * JOUR))
    prete.academie.refresh_from_db()
    situation = build_tableau(prete, LUNDI + 5 * JOUR).find("13")
    assert "1 groupe vide dans l'ENT : 6ESP1" in situation.preuve.texte


def test_a_change_in_sts_reopens_step_9_and_the_exports_prove_it_again(prete):
    load(prete, [make_edt(prete, (*GROUPES, "6ITA1"))], now=LUNDI - HEURE / 2)
    assert states(prete)["9"] == EtatEtape.EN_RETARD
    run_export_structure(prete, None, LUNDI)
    assert states(prete)["9"] == EtatEtape.EN_RETARD, "Services has not followed"
    run_export_services(prete, None, LUNDI)
    assert states(prete)["9"] == EtatEtape.PROUVEE


def test_exports_declared_in_a_real_academie_are_a_word_not_a_proof(db):
    academie = make_academie(is_simulee=False)
    ecole = make_etablissement(academie=academie)
    load(ecole, make_dossier(ecole), now=LUNDI - HEURE)
    load(ecole, [make_sts(ecole, individus=())], now=LUNDI)
    chef = make_chef(ecole)
    for nature in (NatureActe.EXPORT_STRUCTURE, NatureActe.EXPORT_SERVICES):
        declare(ecole, nature, chef, LUNDI + HEURE)
    situation = build_tableau(ecole, LUNDI + 2 * HEURE).find("9")
    assert situation.etat == EtatEtape.DECLAREE
    assert situation.parole.par == "chef"


def test_files_of_another_year_prove_nothing(prete):
    """In May, the next rentrée begins: everything is to be done again."""
    set_clock(prete.academie, LUNDI.replace(year=2027, month=5))
    tableau = build_tableau(prete, Horloge(prete.academie).maintenant)
    assert tableau.rentree.annee == "2027"
    assert proven(prete) == set()
    assert tableau.prochaine.etape.numero == "1"


def test_transfers_and_double_inscriptions_are_seen_between_schools(prete):
    voisine = make_etablissement(2, academie=prete.academie)
    sortie = make_eleve("1001", date_sortie=LUNDI.date() - 60 * JOUR)
    load(voisine, make_dossier(voisine, eleves=[sortie]), now=LUNDI)
    assert "5b" in proven(prete)
    load(voisine, make_dossier(voisine, quand=LUNDI + HEURE, eleves=[make_eleve("1001")]), now=LUNDI + HEURE)
    assert "5d" not in proven(prete)
    assert "5b" not in proven(prete)


def test_the_same_school_in_another_academie_is_not_looked_at(prete):
    ailleurs = make_etablissement(3, academie=make_academie("AC2"))
    load(ailleurs, make_dossier(ailleurs), now=LUNDI)
    assert "5d" in proven(prete)


def test_questions_to_the_database_do_not_grow_with_the_school(prete, django_assert_max_num_queries):
    deposit(prete, TOUS)
    with django_assert_max_num_queries(30):
        build_tableau(prete, LUNDI)

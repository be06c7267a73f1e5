"""What the ENT will be: the forecast of today is what the nights then do, and it writes nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exchanges.enums import EtatDepot, Relais
from exchanges.models import Depot, EtatCompte, Passage, Tache
from exchanges.pipeline.nuits import run_until
from exchanges.pipeline.previsions import find_arrivals, list_vagues, prevoir
from exchanges.propagation.passages import plan_relais, skip_passage
from exchanges.reports.annuaire import annuaire_of, end_of
from exchanges.reports.comptes import comptes_of
from tests.makers import ELEVES, LUNDI, MARDI_2H, deposit, load, make_depot, make_ecole, make_eleve, make_fichiers
from tests.pipeline.makers import pass_time


pytestmark = pytest.mark.django_db

JOUR = timedelta(days=1)
JEUDI = LUNDI + 3 * JOUR
SAMEDI = LUNDI + 5 * JOUR
LIENS = {"1001": ["6AGL1"], "1002": ["6AGL1", "6ESP1"]}


@pytest.fixture
def ecole():
    return make_ecole()


def members(annuaire):
    """ELEVE_ID by groupe."""
    return {code: {membre.eleve_id for membre in membres} for code, membres in annuaire.groupes.items()}


def accounts(ecole, quand, maintenant):
    """Login, état and day since when, of the accounts of a day seen from ``maintenant``."""
    annuaire = prevoir(ecole, quand.date(), maintenant)
    vagues = list_vagues(ecole, quand.date(), maintenant)
    comptes = comptes_of(ecole, annuaire, quand.date(), maintenant, vagues)
    return {(compte.login, str(compte.etat), compte.depuis) for compte in comptes}


def test_pending_deposit_is_counted_from_the_day_on_which_the_ent_carries_it(ecole):
    deposit(ecole, LIENS)
    mercredi = prevoir(ecole, (JEUDI - JOUR).date(), LUNDI)
    assert mercredi.depot is None
    jeudi = prevoir(ecole, JEUDI.date(), LUNDI)
    assert jeudi.depot.etat == EtatDepot.DEPOSE
    assert jeudi.is_prevision
    assert members(jeudi) == {"6AGL1": {"1001", "1002"}, "6ESP1": {"1002"}}


@pytest.mark.parametrize("relais", [Relais.AAF, Relais.ENT, Relais.GAR, Relais.MOODLE, Relais.SIECLE])
def test_forecast_is_what_the_nights_then_do(relais, ecole):
    deposit(ecole, LIENS)
    jours = [LUNDI + n * JOUR for n in range(8)]
    prevus = [prevoir(ecole, jour.date(), LUNDI, relais=relais) for jour in jours]
    list(run_until(LUNDI + 9 * JOUR))
    faits = [prevoir(ecole, jour.date(), LUNDI + 9 * JOUR, relais=relais) for jour in jours]
    assert [members(prevu) for prevu in prevus] == [members(fait) for fait in faits]
    assert any(members(fait).get("6ESP1") for fait in faits)


def test_draft_is_counted_as_if_it_were_deposited_now_in_place_of_the_one_that_waits(ecole):
    deposit(ecole, LIENS)
    brouillon = make_depot(ecole, {"1003": ["6ESP1"]})
    annuaire = prevoir(ecole, JEUDI.date(), LUNDI, brouillon)
    assert annuaire.depot == brouillon
    assert members(annuaire) == {"6AGL1": set(), "6ESP1": {"1003"}}


def test_forecast_of_a_draft_writes_nothing(ecole):
    brouillon = make_depot(ecole, LIENS)
    tables = (Depot, Passage, Tache, EtatCompte)
    avant = [modele.objects.count() for modele in tables]
    with CaptureQueriesContext(
        connection,
    ) as requetes:
        annuaire = prevoir(ecole, JEUDI.date(), LUNDI, brouillon)
        comptes_of(ecole, annuaire, JEUDI.date(), LUNDI, list_vagues(ecole, JEUDI.date(), LUNDI))
    assert {requete["sql"].split()[0] for requete in requetes} <= {"SELECT", "DECLARE", "FETCH", "CLOSE"}
    assert [modele.objects.count() for modele in tables] == avant
    assert Depot.objects.get().etat == EtatDepot.CONTROLE


def test_day_past_shows_what_was_whatever_waits(ecole):
    list(run_until(JEUDI))
    deposit(ecole, LIENS, JEUDI)
    assert prevoir(ecole, MARDI_2H.date(), JEUDI) == annuaire_of(ecole, MARDI_2H.date())
    assert members(prevoir(ecole, JEUDI.date(), JEUDI)) == {"6AGL1": set(), "6ESP1": set()}


def test_passage_known_not_to_take_place_delays_the_forecast_as_it_will_delay_the_ent(ecole):
    depot = deposit(ecole, LIENS)
    assert find_arrivals(ecole, LUNDI, depot)[Relais.ENT].quand.date() == JEUDI.date()
    plan_relais(ecole, MARDI_2H)
    for passage in Passage.objects.filter(relais=Relais.ENT, prevu_le__lte=end_of(ecole, JEUDI.date())):
        skip_passage(passage, "maintenance", None)
    arrivee = find_arrivals(ecole, LUNDI, depot)[Relais.ENT].quand
    assert arrivee.date() > JEUDI.date()
    prevus = {n: members(prevoir(ecole, (LUNDI + n * JOUR).date(), LUNDI)) for n in range(8)}
    list(run_until(LUNDI + 9 * JOUR))
    assert prevus == {n: members(annuaire_of(ecole, (LUNDI + n * JOUR).date())) for n in range(8)}


def test_logins_foretold_are_those_that_the_ent_makes(ecole):
    jumelles = [make_eleve(n, nom_de_famille="JUMELLE", prenom="Lou") for n in ("1001", "1002")]
    load(ecole, make_fichiers(ecole, eleves=[*jumelles, *map(make_eleve, ELEVES[2:])]))
    prevus = accounts(ecole, JEUDI, LUNDI)
    assert {login for login, _, _ in prevus} == {
        *("lou.jumelle", "lou.jumelle2", "maelys.modele1003", "maelys.modele1004")
    }
    pass_time(ecole, JEUDI)
    assert accounts(ecole, JEUDI, JEUDI) == prevus
    assert accounts(ecole, JEUDI - JOUR, JEUDI) == set()


def test_account_sleeps_at_the_next_complet_then_is_removed_and_this_is_foretold(ecole):
    pass_time(ecole, JEUDI)
    load(ecole, make_fichiers(ecole, eleves=map(make_eleve, ELEVES[:3]), quand=JEUDI), now=JEUDI)
    jours = [JEUDI + n * JOUR for n in (1, 2, 5, 6, 30, 61, 70)]
    prevus = [accounts(ecole, jour, JEUDI) for jour in jours]
    etats = [next(etat for login, etat, _ in prevu if login == "maelys.modele1004") for prevu in prevus]
    assert etats == ["actif", "actif", "desactive", "desactive", "desactive", "supprime", "supprime"]
    pass_time(ecole, JEUDI + 75 * JOUR)
    assert [accounts(ecole, jour, JEUDI + 75 * JOUR) for jour in jours] == prevus


def test_account_comes_back_with_its_person(ecole):
    pass_time(ecole, JEUDI)
    load(ecole, make_fichiers(ecole, eleves=map(make_eleve, ELEVES[:3]), quand=JEUDI), now=JEUDI)
    pass_time(ecole, JEUDI + 10 * JOUR)
    load(ecole, make_fichiers(ecole, quand=JEUDI + 10 * JOUR), now=JEUDI + 10 * JOUR)
    jour = JEUDI + 14 * JOUR
    prevus = accounts(ecole, jour, JEUDI + 10 * JOUR)
    assert "desactive" not in {etat for _, etat, _ in prevus}
    pass_time(ecole, jour)
    assert accounts(ecole, jour, jour) == prevus

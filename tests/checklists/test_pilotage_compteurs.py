"""What the rentrée adds to the figures of a school, and its state."""

from datetime import timedelta

import pytest

from checklists.actions import assign_etape, declare_etape, save_profil, withdraw_etape
from checklists.enums import EtatEcole, EtatEtape, Variante
from checklists.etapes import Reglage, find_etape, read_etapes
from checklists.pilotage.compteurs import REFUS, measure
from checklists.pilotage.etats import tell_raisons
from checklists.pilotage.modeles import read_champs
from checklists.tableau import build_tableau
from exchanges.models import Compteurs
from exchanges.pipeline.compteurs import find_ecarts, refresh_compteurs, refresh_stale
from exchanges.propagation.horloge import Horloge
from tests.checklists.makers import find, make_chef, make_ecole_prete
from tests.makers import ANNEE, GROUPES, LUNDI, deposit, load, make_etablissement, set_clock
from tests.makers_sts import make_sts
from tests.pipeline.makers import pass_time


pytestmark = pytest.mark.django_db


def figures(ecole):
    return Compteurs.objects.get(pk=ecole.pk)


def test_the_steps_are_those_of_the_school_s_own_page():
    ecole = make_ecole_prete()
    lus, tableau = figures(ecole), build_tableau(ecole, Horloge(ecole.academie).maintenant)
    assert (lus.rentree_total, lus.rentree_prouvees) == (tableau.total, tableau.prouvees)
    assert lus.rentree_etats == {s.etape.numero: s.etat for s in tableau.situations}
    assert f"{lus.rentree_retards} en retard" in tableau.phrase
    assert lus.rentree_etape == tableau.prochaine.etape.numero


def test_the_step_of_the_dashboard_is_the_next_one_of_the_school_s_page_and_letters():
    """What the files show to be wrong comes before the first late one of the list."""
    ecole = make_ecole_prete()
    load(ecole, [make_sts(ecole, (*GROUPES, "6NEUF"))], LUNDI)
    tableau = build_tableau(ecole, LUNDI)
    assert next(s.etape.numero for s in tableau.situations if not s.etat.is_acquise) != tableau.prochaine.etape.numero
    assert figures(ecole).rentree_etape == tableau.prochaine.etape.numero
    ecole.refresh_from_db()
    assert read_champs(ecole, "", LUNDI)["etape"].startswith(f"{tableau.prochaine.etape.numero}, ")


def test_giving_a_step_to_somebody_counts_the_next_one_again(ecole):
    chef, autre = make_chef(ecole), make_chef(ecole, "autre")
    rentree = find(ecole)
    for etape in read_etapes():
        assign_etape(rentree, etape, chef, chef, LUNDI)
    assign_etape(rentree, find_etape("12"), autre, chef, LUNDI)
    assert find_ecarts(ecole) == []
    assert figures(ecole).rentree_etape == build_tableau(ecole, LUNDI).prochaine.etape.numero
    assign_etape(rentree, find_etape("12"), None, chef, LUNDI)
    assert find_ecarts(ecole) == []


def test_what_somebody_declares_is_counted_at_once_and_taken_back(ecole):
    chef = make_chef(ecole)
    etape = find_etape("1")
    assert declare_etape(find(ecole), etape, chef, LUNDI)
    assert figures(ecole).rentree_etats["1"] == EtatEtape.DECLAREE
    assert withdraw_etape(find(ecole), etape, chef, LUNDI)
    assert figures(ecole).rentree_etats["1"] != EtatEtape.DECLAREE
    assert find_ecarts(ecole) == []


def test_a_new_date_of_rentree_is_counted_at_once(ecole):
    avant = figures(ecole).rentree_retards
    save_profil(ecole, ANNEE, Reglage(Variante.COLLEGE), LUNDI.date() + timedelta(days=60))
    assert figures(ecole).rentree_retards < avant
    assert find_ecarts(ecole) == []


def test_a_school_without_any_file_is_mute():
    ecole = make_etablissement()
    set_clock(ecole.academie, LUNDI)
    refresh_stale(ecole.academie)
    lus = figures(ecole)
    assert (lus.etat, lus.rentree_total, lus.rentree_etats) == (EtatEcole.MUET, 0, {})
    assert [raison["code"] for raison in lus.raisons] == ["rien_charge"]


def test_a_school_without_calendar_is_to_be_watched_until_somebody_gives_its_date(ecole):
    ecole.debut_eleves = None
    ecole.save(update_fields=["debut_eleves"])
    refresh_compteurs(ecole, LUNDI)
    lus = figures(ecole)
    assert lus.etat == EtatEcole.SURVEILLER
    (raison,) = [raison for raison in tell_raisons(lus.raisons) if raison.code == "sans_calendrier"]
    assert "export Communs" in raison.action and "sa direction" in raison.action
    save_profil(ecole, ANNEE, Reglage(Variante.COLLEGE), LUNDI.date() - timedelta(days=20))
    codes = {raison["code"] for raison in figures(ecole).raisons}
    assert "sans_calendrier" not in codes and "sans_depot_rentree" in codes


def test_days_that_pass_without_a_deposit_change_the_state(ecole):
    ecole_prete = make_ecole_prete(2)
    avant = {raison["code"] for raison in figures(ecole_prete).raisons}
    set_clock(ecole.academie, LUNDI + timedelta(days=20))
    refresh_stale(ecole.academie)
    apres = {raison["code"]: raison for raison in figures(ecole_prete).raisons}
    assert "depot_attendu" in avant and "sans_depot_rentree" in apres
    assert apres["sans_depot_rentree"]["chiffres"] == {"jours": 26}
    assert figures(ecole_prete).etat == EtatEcole.DIFFICULTE


def test_refusals_are_counted_whatever_their_section(ecole):
    deposit(ecole, {"1001": ["INCONNU", "6AGL1"], "1002": [], "1003": [], "1004": [], "9999": ["6AGL1"]})
    pass_time(ecole, LUNDI + timedelta(days=1))
    lus = figures(ecole)
    assert lus.cr_codes.keys() <= REFUS
    assert measure(lus, find(ecole), LUNDI)["refus"] == 2


def test_the_absents_are_a_share_of_those_who_were_looked_for():
    compteurs = Compteurs(
        cr_lus=60, cr_absents=40, cr_precedent={"lus": 90, "absents": 10, "rejets": 0, "anomalies": 0}, eleves=0
    )
    mesures = measure(compteurs, None, LUNDI)
    assert (mesures["part_absents"], mesures["hausse_absents"]) == (40, 30)
    assert (mesures["jours"], mesures["part_en_groupe"], mesures["depot_de_la_rentree"]) == (None, None, None)

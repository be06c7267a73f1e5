"""The chef's page: where we are, the next action, proofs, lateness, who waits; its settings; no date yet."""

from datetime import date, timedelta

import pytest

from checklists.actions import assign_etape, declare_etape
from checklists.etapes import find_etape
from checklists.models import ProfilRentree
from checklists.tableau import build_tableau, tell_retard
from tests.checklists.makers import find, make_chef, make_ecole_prete, url
from tests.makers import LUNDI, load, make_etablissement, set_clock
from tests.makers_sts import make_structures
from tests.views.conftest import connect
from tests.views.pages import assert_fragment_is_part_of_page, text


@pytest.fixture
def ecole(db):
    return make_ecole_prete()


def page(client, etablissement, query=""):
    return text(client.get(url("rentree_detail", etablissement, query=query)))


def test_the_page_says_where_we_are_and_what_comes_next(chef, ecole):
    lue = page(chef, ecole)
    assert "9 étapes sur 13 prouvées, 3 en retard." in lue
    assert "Prochaine étape : Mettre les élèves dans leurs groupes" in lue
    assert "Administrateur de l'emploi du temps, Direction · Le logiciel d'emploi du temps · 1 heure" in lue
    assert "Faire l'étape 11" in lue


def test_each_proof_names_its_file_and_its_day(chef, ecole):
    assert "chacun a son MEF et sa division. BEE_ELEVES.xml, lundi 7 septembre" in page(chef, ecole)


def test_lateness_names_the_function_and_the_days(chef, ecole):
    """Deposited on Monday the 7th instead of the 2nd: in the ENT on the 10th instead of the 5th."""
    lue = page(chef, ecole)
    assert "5 jours de retard" in lue
    assert "pas de liste de diffusion" in lue
    assert "au plus tôt jeudi 10 septembre, au lieu du samedi 5 septembre" in lue
    assert "Moodle : vendredi 11 septembre" in lue


def test_a_late_step_of_the_spring_may_still_be_made_up_for(ecole):
    set_clock(ecole.academie, LUNDI.replace(year=2027, month=7, day=1))
    tableau = build_tableau(ecole, LUNDI.replace(year=2027, month=7, day=1))
    phrase = tell_retard(tableau.retards_ouverts[0])
    assert phrase.startswith(
        "Il est encore temps : fait aujourd'hui, ce sera dans l'ENT au plus tôt dimanche 4 juillet"
    )


def test_who_waits_for_whom(chef, ecole):
    lue = page(chef, ecole)
    assert "Les étapes 12, 13 attendent derrière (Administrateur de l'ENT, Secrétariat)" in lue


def test_a_colleague_in_charge_is_named(chef, ecole):
    collegue = make_chef(ecole, "adjointe", first_name="Dominique", last_name="Modèle")
    assign_etape(find(ecole), find_etape("11"), collegue, collegue, LUNDI)
    assert "Dominique Modèle : étape 11" in page(chef, ecole)


def test_contradicted_steps_stand_out(chef, ecole):
    load(ecole, [make_structures(ecole, groupes=("6AGL1",), quand=LUNDI)], now=LUNDI)
    declare_etape(find(ecole), find_etape("9"), make_chef(ecole, "autre"), LUNDI - timedelta(days=1))
    reponse = chef.get(url("rentree_detail", ecole))
    lue = text(reponse)
    assert "Déclaré fait, mais les fichiers disent autre chose" in lue
    assert "ne connaît pas : 6ESP1. Déclarée par autre, dimanche 6 septembre à 10 h." in lue
    assert "1 contredite" in lue
    assert "is-contradicted" in reponse.content.decode()


def test_the_list_can_be_narrowed_and_swapped(chef, ecole):
    assert "Basculer STS-Web" not in page(chef, ecole, "montrer=reste")
    assert "Aucune étape ici" in page(chef, ecole, "montrer=miennes")
    assert "Basculer STS-Web" in page(chef, ecole, "montrer=inconnu")
    assert_fragment_is_part_of_page(chef, url("rentree_detail", ecole, query="montrer=reste"))


def test_when_everything_is_proven_or_declared_the_rentree_is_made(chef, ecole):
    autre = make_chef(ecole, "autre")
    for numero in ("5b", "11", "12", "13"):
        declare_etape(find(ecole), find_etape(numero), autre, LUNDI)
    lue = page(chef, ecole)
    assert "La rentrée est faite." in lue
    assert "9 étapes sur 13 prouvées, 4 déclarées." in lue


def test_before_the_first_step_opens_the_page_says_from_when(db):
    etablissement = make_etablissement()
    set_clock(etablissement.academie, LUNDI)
    ProfilRentree.objects.create(etablissement=etablissement, annee="2027", date_rentree=date(2027, 9, 1))
    lue = page(connect(make_chef(etablissement)), etablissement)
    assert "Prochaine étape : Basculer STS-Web" in lue
    assert "à partir du samedi 1er mai" in lue


def test_a_dane_sees_and_has_no_button(dane, ecole):
    lue = page(dane, ecole)
    assert "9 étapes sur 13 prouvées" in lue
    assert "Réglages" not in lue


def test_nobody_knows_the_date_yet(db):
    ecole = make_etablissement()
    chef = connect(make_chef(ecole))
    assert "Quand les élèves rentrent-ils ?" in page(chef, ecole)
    assert chef.get(url("etape_detail", ecole, "1")).status_code == 404
    assert chef.get(url("rentree_pdf", ecole)).status_code == 404
    reponse = chef.post(url("profil_edit", ecole), {"variante": "college", "logiciel": "edt"})
    assert reponse.status_code == 422
    assert "aucun fichier ne la donne encore" in text(reponse)
    donnees = {"variante": "lp", "logiciel": "pronote", "has_netsynchro": "on", "date_rentree": "2027-02-15"}
    chef.post(url("profil_edit", ecole), donnees)
    profil = ProfilRentree.objects.get()
    assert (profil.annee, profil.date_rentree, profil.has_netsynchro) == ("2027", date(2027, 2, 15), True)
    assert "Lycée professionnel (matières ETP) · PRONOTE · NetSynchro" in page(chef, ecole)


def test_settings_move_every_date(chef, ecole):
    donnees = {"variante": "college", "logiciel": "edt", "date_rentree": "2026-09-03"}
    assert chef.post(url("profil_edit", ecole), donnees).status_code == 302
    lue = page(chef, ecole)
    assert "Rentrée des élèves jeudi 3 septembre 2026" in lue
    assert "au plus tard samedi 20 juin" in lue


def test_a_date_far_from_siecle_is_refused_with_a_sentence(chef, ecole):
    donnees = {"variante": "college", "logiciel": "edt", "date_rentree": "2027-06-01"}
    reponse = chef.post(url("profil_edit", ecole), donnees)
    assert reponse.status_code == 422
    assert "plus de cinq mois" in text(reponse)
    assert not ProfilRentree.objects.exists()


def test_the_menu_leads_here(chef, ecole):
    accueil = chef.get(f"/etablissements/{ecole.uai}/").content.decode()
    assert url("rentree_detail", ecole) in accueil

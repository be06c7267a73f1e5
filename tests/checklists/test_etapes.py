"""The steps as data: complete, in order, and different from one school to another where they must."""

from datetime import date

import pytest

from checklists.enums import Acteur, Logiciel, Variante
from checklists.etapes import Reglage, find_etape, ouverture_de_la_saison, read_etapes
from checklists.parcours import find_parcours, read_parcours


def test_the_thirteen_steps_are_there_in_order():
    numeros = [etape.numero for etape in read_etapes()]
    assert numeros == [*"1234", "5a", "5b", "5c", "5d", *map(str, range(6, 14))]
    assert len({etape.principal for etape in read_etapes()}) == 13


def test_prerequisites_come_before_and_dates_do_not_go_back():
    vues = set()
    for etape in read_etapes():
        assert set(etape.prerequis) <= vues
        vues.add(etape.numero)
        assert etape.ouverture <= etape.echeance
        assert etape.titre and etape.chemin and etape.consignes and etape.duree and etape.cout
    echeances = [etape.echeance for etape in read_etapes()]
    assert echeances == sorted(echeances)


@pytest.mark.parametrize(
    ("numero", "mot"),
    [("1", "Divisions seulement"), ("8", "Répondez « Non »"), ("9", "Structure, puis Services")],
)
def test_the_warnings_of_the_guides_are_said(numero, mot):
    assert any(mot in avertissement for avertissement in find_etape(numero).avertissements)


def test_dates_follow_the_calendar_of_the_school():
    assert find_etape("9").due_on(date(2026, 9, 1)) == date(2026, 9, 1)
    assert find_etape("1").due_on(date(2026, 9, 1)).month == 6
    assert find_etape("1").due_on(date(2027, 2, 15)).month == 12
    assert ouverture_de_la_saison(date(2026, 9, 1)) == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("numero", "reglage", "mot"),
    [
        ("2", Reglage(Variante.LP), "(ETP)"),
        ("5a", Reglage(Variante.COLLEGE), "sixième"),
        ("5a", Reglage(Variante.LYCEE), "troisième"),
        ("1", Reglage(Variante.CITE), "chaque UAI"),
        ("12", Reglage(has_netsynchro=True), "en un clic"),
        ("12", Reglage(logiciel=Logiciel.PRONOTE), "millésime"),
    ],
)
def test_what_is_particular_to_a_school_is_said_to_it_only(numero, reglage, mot):
    etape = find_etape(numero)
    assert any(mot in consigne for consigne in etape.consignes_for(reglage))
    assert not any(mot in consigne for consigne in etape.consignes)


def test_menu_paths_are_those_of_the_software():
    etape = find_etape("10")
    assert "PRONOTE › Fichier" in etape.chemin_for(Reglage(logiciel=Logiciel.PRONOTE))
    assert "UnDeuxTemps" in etape.chemin_for(Reglage(logiciel=Logiciel.UNDEUXTEMPS))
    assert "NetSynchro" in etape.chemin_for(Reglage(logiciel=Logiciel.PRONOTE, has_netsynchro=True))
    assert etape.chemin_for(Reglage()) == etape.chemin


def test_everybody_who_acts_has_something_to_do():
    assert {acteur for etape in read_etapes() for acteur in etape.qui} == set(Acteur)


def test_parcours_lead_somewhere():
    assert len({parcours.slug for parcours in read_parcours()}) == 4
    for parcours in read_parcours():
        assert bool(parcours.question) == (len(parcours.branches) > 1)
        assert all(branche.pas for branche in parcours.branches)
    assert find_parcours("autre") is None
    assert find_etape("14") is None

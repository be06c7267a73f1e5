"""« L'ENT, tel jour »."""

from datetime import timedelta

import pytest

from exchanges.pipeline.nuits import run_until
from tests.makers import ELEVES, MARDI_2H, deposit, load, make_eleve, make_fichiers
from tests.views.pages import assert_fragment_is_part_of_page, text, url


JEUDI = MARDI_2H + timedelta(days=2, hours=5)


def ent(client, ecole, query=""):
    return text(client.get(url("ent_detail", ecole, query=query)))


@pytest.fixture
def alimente(ecole):
    """A night imported, and the ENT fed on Thursday."""
    deposit(ecole, {"1001": ["6AGL1"], "1002": ["6AGL1"]})
    list(run_until(JEUDI))
    return ecole


def test_before_the_first_passage_the_page_says_when_it_comes(secretaire, ecole):
    page = ent(secretaire, ecole)
    assert "Ce jour-là, l'ENT n'a encore rien reçu" in page
    assert "Le premier passage est prévu jeudi 10 septembre à 6 h" in page


def test_day_to_come_is_a_forecast(secretaire, ecole):
    deposit(ecole, {"1001": ["6AGL1"]})
    page = ent(secretaire, ecole, "jour=2026-09-10")
    assert "Prévision : ce que l'ENT montrera jeudi 10 septembre à 6 h" in page
    assert "sans compter le dépôt qui attend la nuit" in page
    assert "6A 4" in page


def test_fed_ent_shows_divisions_and_groupes_with_counts(secretaire, alimente):
    page = ent(secretaire, alimente)
    assert "6A 4" in page
    assert "6AGL1 2" in page
    assert "6ESP1 vide" in page
    assert "Groupes 2, dont 1 vide" in page


def test_opened_groupe_shows_its_members(secretaire, alimente):
    assert "Groupe 6AGL1 – 2 élèves Fermer MODELE1001 Maëlys 6A MODELE1002" in ent(
        secretaire, alimente, "groupe=6AGL1"
    )
    assert "Classe 6A – 4 élèves" in ent(secretaire, alimente, "division=6A")
    assert "Aucun élève ce jour-là" in ent(secretaire, alimente, "groupe=6ESP1")
    assert "L'ENT ne le connaît pas ce jour-là." in ent(secretaire, alimente, "groupe=NIMPORTE")


def test_empty_groupes_come_first_on_demand(secretaire, alimente):
    assert ent(secretaire, alimente).index("6AGL1") < ent(secretaire, alimente).index("6ESP1")
    page = ent(secretaire, alimente, "vides=on")
    assert page.index("6ESP1") < page.index("6AGL1")


def test_differences_with_today(secretaire, alimente):
    deposit(alimente, {"1001": ["6AGL1"], "1003": ["6ESP1"]}, JEUDI)
    list(run_until(JEUDI + timedelta(days=3)))
    page = ent(secretaire, alimente, "jour=2026-09-10&differences=on")
    assert "6AGL1 – 0 arrivé, 1 parti − MODELE1002" in page
    assert "6ESP1 – 1 arrivé, 0 parti + MODELE1003" in page


def test_relays_of_the_fortnight_are_listed(secretaire, alimente):
    page = ent(secretaire, alimente)
    assert "mardi 8 septembre à 2 h : SIECLE Fait" in page
    assert "vendredi 11 septembre à 6 h 30 : Moodle Prévu" in page


def test_who_is_not_in_the_ent_and_why(secretaire, ecole):
    eleves = [make_eleve("1001", ine=""), *map(make_eleve, ELEVES[1:])]
    load(ecole, make_fichiers(ecole, eleves=eleves))
    list(run_until(JEUDI))
    page = ent(secretaire, ecole)
    assert "1 élève n'est pas dans l'ENT : pourquoi ?" in page
    assert "MODELE1001 Maëlys 6A – L'élève n'a pas d'INE." in page


@pytest.mark.parametrize("jour", ["hier", "2026-02-30", "", "0001-01-01", "9999-12-31"])
def test_any_day_can_be_asked_for(jour, secretaire, alimente):
    assert secretaire.get(url("ent_detail", alimente, query=f"jour={jour}")).status_code == 200


def test_fragment_is_part_of_the_page(secretaire, alimente):
    assert_fragment_is_part_of_page(secretaire, url("ent_detail", alimente, query="groupe=6AGL1&vides=on"))

"""Last year in the demonstration: weeks to compare this year with, the same whenever they are written."""

from datetime import date, timedelta

import pytest

from exchanges.models import Etablissement, ReleveHebdo
from exchanges.pipeline.annee_passee import SEMAINES, write_annee_passee
from tests.makers import make_etablissement


pytestmark = pytest.mark.django_db
LUNDI = date(2026, 8, 31)  # the Monday of this year's rentrée


def write(graine=2026):
    """The weeks of two schools, by school then by week."""
    ReleveHebdo.objects.all().delete()
    write_annee_passee(dict.fromkeys(Etablissement.objects.order_by("uai"), 200), LUNDI, graine)
    return list(ReleveHebdo.objects.order_by("etablissement__uai", "lundi"))


@pytest.fixture
def ecoles():
    return [make_etablissement(1), make_etablissement(2)]


def test_each_week_of_this_rentree_has_its_own_a_year_before(ecoles):
    lundis = {releve.lundi for releve in write()}
    assert len(lundis) == len(SEMAINES)
    assert {LUNDI - timedelta(weeks=52 - rang) for rang in range(10)} <= lundis
    assert max(lundis) < date(2026, 7, 6)


def test_the_same_seed_writes_the_same_weeks_and_schools_differ(ecoles):
    premiers = [(releve.lundi, releve.donnees) for releve in write()]
    assert premiers == [(releve.lundi, releve.donnees) for releve in write()]
    assert premiers != [(releve.lundi, releve.donnees) for releve in write(graine=1)]
    moitie = len(premiers) // 2
    assert premiers[:moitie] != premiers[moitie:]


def test_figures_hold_together_and_get_better(ecoles):
    semaines = [releve.donnees for releve in write()][: len(SEMAINES)]
    for semaine in semaines:
        assert 0 <= semaine["eleves_en_groupe"] <= semaine["eleves"] == 200
        assert semaine["cr_lus"] + semaine["cr_absents"] in (0, 200)
        assert 0 <= semaine["rentree_prouvees"] <= semaine["rentree_total"]
    assert semaines[0]["cr_le"] is None
    assert (semaines[0]["etat"], semaines[-1]["etat"]) == ("difficulte", "en_ordre")
    assert semaines[3]["cr_absents"] > semaines[-1]["cr_absents"]

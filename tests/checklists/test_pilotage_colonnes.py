"""What the cells of the dashboard say agrees with what they count, and an unknown figure is never a zero."""

import pytest

from checklists.pilotage.colonnes import list_retards, show_retards
from checklists.pilotage.tableau import read_lignes
from checklists.tableau import build_tableau
from exchanges.models import Compteurs
from exchanges.pipeline.compteurs import refresh_compteurs
from tests.checklists.makers import make_ecole_prete
from tests.makers import LUNDI, make_ecole


pytestmark = pytest.mark.django_db
RETARD, BLOQUEE, PROUVEE = "en_retard", "bloquee", "prouvee"


def cell(combien, **etats):
    compteurs = Compteurs(rentree_retards=combien, rentree_etats={nom.strip("n"): v for nom, v in etats.items()})
    return show_retards(None, compteurs)


def test_as_many_late_steps_are_named_as_are_counted():
    """« 5a » to « 5d » count for one; a blocked step whose day is past is late too, one whose day is not is not."""
    etats = {"n5b": RETARD, "n5c": BLOQUEE, "n5d": BLOQUEE, "n11": RETARD, "n12": BLOQUEE, "n13": BLOQUEE}
    assert cell(3, **etats) == ("3", "n° 5b, 11, 12")
    assert cell(4, **etats).detail == "n° 5b, 11, 12, 13"


def test_a_contradicted_step_is_late_once_its_day_is_past():
    assert cell(1, n9="contredite", n12=BLOQUEE).detail == "n° 9"
    assert cell(0, n9="contredite", n12=BLOQUEE) == ("0", "")


def test_a_step_to_do_or_done_is_never_late():
    assert cell(1, n5a=PROUVEE, n7="declaree", n12=RETARD, n13="a_faire").detail == "n° 12"


@pytest.mark.parametrize("make", [make_ecole, make_ecole_prete])
@pytest.mark.parametrize("jour", [7, 8, 20])
def test_the_late_steps_named_are_those_of_the_school_s_own_page(make, jour):
    ecole, quand = make(), LUNDI.replace(day=jour)
    refresh_compteurs(ecole, quand)
    en_retard = {s.etape.principal: s for s in reversed(build_tableau(ecole, quand).situations) if s.is_en_retard}
    [ligne] = read_lignes([type(ecole).objects.get(pk=ecole.pk)])
    assert set(list_retards(ligne.compteurs)) == {s.etape.numero for s in en_retard.values()}

"""The chain of a school: each relay says no more than its files do."""

import pytest

from exchanges.reports.accueil import build_chain
from tests.makers import LUNDI, load, make_ecole, make_etablissement
from tests.makers_sts import make_sts


pytestmark = pytest.mark.django_db


def siecle_of(ecole):
    return next(maillon for maillon in build_chain(ecole, LUNDI) if maillon.nom == "SIECLE")


def test_siecle_is_unknown_until_an_export_of_it_is_loaded():
    vide = make_etablissement()
    maillon = siecle_of(vide)
    assert (maillon.etat, maillon.couleur, maillon.quand) == ("inconnu", "neutre", "Aucun export de SIECLE")
    load(vide, [make_sts(vide, ("6AGL1",))], LUNDI)
    assert siecle_of(vide).etat == "inconnu"


def test_siecle_is_loaded_on_the_day_of_its_last_export():
    maillon = siecle_of(make_ecole())
    assert (maillon.etat, maillon.couleur, maillon.quand) == ("chargé", "succes", "Chargé lundi 7 septembre")

"""What the cells of the dashboard say agrees with what they count, and an unknown figure is never a zero."""

import pytest

from checklists.pilotage.api import describe_etablissement, read_etablissements
from checklists.pilotage.colonnes import list_retards, show_retards
from checklists.pilotage.tableau import read_lignes, sort_etablissements
from checklists.tableau import build_tableau
from exchanges.models import Academie, Compteurs, Etablissement
from exchanges.pipeline.compteurs import refresh_compteurs
from tests.checklists.makers import make_ecole_prete
from tests.checklists.makers_academie import make_suivi, uais
from tests.makers import LUNDI, make_ecole


pytestmark = pytest.mark.django_db
RETARD, BLOQUEE, PROUVEE = "en_retard", "bloquee", "prouvee"


def cell(combien, **etats):
    compteurs = Compteurs(rentree_retards=combien, rentree_etats={nom.strip("n"): v for nom, v in etats.items()})
    return show_retards(None, compteurs)


def sorted_by(tri):
    return [ecole.uai for ecole in sort_etablissements(Etablissement.objects.all(), tri)]


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


@pytest.mark.parametrize("tri", ["lus", "absents", "rejets", "anomalies", "codes", "part_absents"])
def test_schools_without_compte_rendu_are_last_both_ways(tri):
    """Four schools, the second and the third without any: nothing is known of them, not even a zero."""
    chiffres = ({"cr_lus": 9, "cr_absents": 1, "cr_rejets": 1, "cr_anomalies": 1}, {}, {}, {"cr_lus": 1})
    for rang, valeurs in enumerate(chiffres, start=1):
        defauts = {"cr_lus": 0, "cr_absents": 0, "cr_rejets": 0, "cr_anomalies": 0}
        make_suivi(rang, cr_le=LUNDI if valeurs else None, **(defauts | valeurs))
    assert sorted_by(tri) == uais(4, 1, 2, 3)
    assert sorted_by(f"-{tri}") == uais(1, 4, 2, 3)


def test_schools_whose_ent_shows_no_groupe_are_last_both_ways():
    for rang, (groupes, vides) in enumerate(((20, 3), (0, 0), (20, 0)), start=1):
        make_suivi(rang, groupes_ent=groupes, groupes_vides_ent=vides)
    assert sorted_by("vides") == uais(3, 1, 2)
    assert sorted_by("-vides") == uais(1, 3, 2)


def test_the_api_tells_no_figure_of_a_compte_rendu_that_does_not_exist():
    ecole = make_suivi(1, cr_le=None, cr_lus=0, cr_absents=0)
    make_suivi(2, cr_lus=0)
    inconnus, connus = (
        describe_etablissement(e, LUNDI.tzinfo)["compteurs"] for e in ecole.academie.etablissements.all()
    )
    champs = ("cr_le", "cr_lus", "cr_absents", "cr_rejets", "cr_anomalies", "cr_codes")
    assert [inconnus[champ] for champ in champs] == [None] * 6
    assert None not in [connus[champ] for champ in champs]


@pytest.mark.parametrize("champ", ["cr_lus", "cr_absents", "cr_rejets", "cr_anomalies"])
def test_the_api_sorts_as_the_dashboard_does(champ):
    make_suivi(1, cr_le=None, cr_lus=0, cr_absents=0)
    make_suivi(2, **{champ: 7})
    for tri in (champ, f"-{champ}"):
        corps = read_etablissements(Academie.objects.get(), {"tri": tri, "page": 1, "par_page": 10})
        assert [fiche["uai"] for fiche in corps["etablissements"]] == uais(2, 1)

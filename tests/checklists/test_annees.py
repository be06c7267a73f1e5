"""Which rentrée: the school's own calendar, metropolitan or southern, and the day the next one takes over."""

from dataclasses import replace
from datetime import date

import pytest

from checklists.annees import default_variante, find_rentree
from checklists.enums import Logiciel, Variante
from checklists.models import ProfilRentree
from tests.makers import LUNDI, load, make_ecole, make_etablissement, set_clock
from tests.makers_sts import make_sts


@pytest.mark.parametrize(
    ("debut", "aujourd_hui", "annee", "jour"),
    [
        (date(2026, 9, 1), date(2026, 9, 7), "2026", date(2026, 9, 1)),
        (date(2026, 9, 1), date(2027, 4, 30), "2026", date(2026, 9, 1)),
        (date(2026, 9, 1), date(2027, 5, 1), "2027", date(2027, 9, 1)),
        (date(2026, 2, 16), date(2026, 9, 7), "2026", date(2026, 2, 16)),
        (date(2026, 2, 16), date(2026, 11, 22), "2027", date(2027, 2, 16)),
        (date(2024, 2, 29), date(2024, 12, 1), "2027", date(2025, 2, 28)),
    ],
)
def test_the_calendar_of_the_base_decides(db, debut, aujourd_hui, annee, jour):
    etablissement = make_etablissement(annee="2026", debut_eleves=debut)
    rentree = find_rentree(etablissement, aujourd_hui)
    assert (rentree.annee, rentree.jour) == (annee, jour)


def test_without_any_calendar_nobody_invents_one(db):
    assert find_rentree(make_etablissement(), date(2026, 9, 7)) is None


def test_a_given_date_takes_over(db):
    etablissement = make_etablissement(annee="2026", debut_eleves=date(2026, 9, 1))
    ProfilRentree.objects.create(etablissement=etablissement, annee="2026", date_rentree=date(2026, 9, 3))
    ProfilRentree.objects.create(etablissement=etablissement, annee="2027", date_rentree=date(2027, 8, 30))
    assert find_rentree(etablissement, date(2026, 9, 7)).jour == date(2026, 9, 3)
    assert find_rentree(etablissement, date(2027, 5, 2)).jour == date(2027, 8, 30)


def test_a_school_that_has_loaded_nothing_may_give_its_date(db):
    etablissement = make_etablissement()
    ProfilRentree.objects.create(etablissement=etablissement, annee="2026", date_rentree=date(2026, 9, 1))
    rentree = find_rentree(etablissement, date(2026, 6, 1))
    assert (rentree.annee, rentree.libelle) == ("2026", "2026-2027")


def test_settings_are_kept_from_one_year_to_the_next(db):
    etablissement = make_etablissement(annee="2026", debut_eleves=date(2026, 9, 1))
    ProfilRentree.objects.create(
        etablissement=etablissement, annee="2026", variante=Variante.CITE, logiciel=Logiciel.PRONOTE
    )
    rentree = find_rentree(etablissement, date(2027, 5, 2))
    assert (rentree.annee, rentree.is_profil) == ("2027", False)
    assert (rentree.reglage.variante, rentree.reglage.logiciel) == (Variante.CITE, Logiciel.PRONOTE)


def test_sts_may_open_the_next_year_before_siecle_dates_it(db):
    """In June the sts_emp of the next year is alone: its rentrée is a year after the one of the last calendar."""
    juin = LUNDI.replace(year=2027, month=6)
    ecole = make_ecole()
    set_clock(ecole.academie, juin)
    suivante = make_sts(ecole, groupes=())
    load(ecole, [replace(suivante, entete=replace(suivante.entete, annee="2027"))], now=juin)
    assert ecole.annee == "2027"
    rentree = find_rentree(ecole, juin.date())
    assert (rentree.annee, rentree.jour) == ("2027", date(2027, 9, 1))


@pytest.mark.parametrize(
    ("type_etab", "variante"),
    [("CLG", Variante.COLLEGE), ("LP", Variante.LP), ("LYC", Variante.LYCEE), ("", Variante.COLLEGE)],
)
def test_the_type_of_the_school_suggests_its_variant(db, type_etab, variante):
    assert default_variante(make_etablissement(type=type_etab)) == variante

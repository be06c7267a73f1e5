"""The dates of an inscription, and what SIECLE writes instead (``formats/siecle.md`` §3.5, ``domain.md``)."""

from datetime import date

import pytest

from exchanges.parsers.records import Inscription
from tests.rules.makers import ANNEE, SUD, codes, judge, make_connu, make_depose


SORTIE = date(2027, 1, 15)
ENTREE = date(2026, 11, 3)


def dates_kept(debut, fin, periode=ANNEE, **eleve):
    """The dates that BEE keeps, and the codes of what was said."""
    verdict = judge(make_depose(Inscription("6AGL1", debut, fin)), eleves=(make_connu(**eleve),), periode=periode)
    return verdict.liens["1001", "6AGL1"], codes(verdict)


@pytest.mark.parametrize(
    ("debut", "fin"),
    [
        (None, None),
        (ANNEE.debut, ANNEE.fin),
        (date(2026, 9, 2), None),
        (None, date(2027, 2, 1)),
        (date(2027, 2, 1), date(2027, 2, 2)),
    ],
)
def test_dates_inside_the_year_are_kept_as_sent(debut, fin):
    assert dates_kept(debut, fin) == ((debut, fin), [])


def test_elegrp_a_01_resets_a_start_that_is_after_the_end_and_keeps_the_link():
    fin = date(2027, 2, 1)
    assert dates_kept(date(2027, 3, 1), fin) == ((ANNEE.debut, fin), ["ELEGRP_A_01"])


def test_elegrp_a_01_resets_equal_dates_since_the_start_must_come_before():
    jour = date(2027, 2, 1)
    assert dates_kept(jour, jour) == ((ANNEE.debut, jour), ["ELEGRP_A_01"])


def test_elegrp_a_01_resets_to_the_entry_date_of_a_late_entrant():
    fin = date(2027, 2, 1)
    assert dates_kept(date(2027, 3, 1), fin, date_entree=ENTREE) == ((ENTREE, fin), ["ELEGRP_A_01"])


def test_elegrp_a_01_leaves_the_start_empty_when_no_default_comes_before_the_end():
    fin = date(2026, 10, 1)
    assert dates_kept(date(2026, 12, 1), fin, date_entree=ENTREE) == ((None, fin), ["ELEGRP_A_01"])
    assert dates_kept(date(2026, 9, 5), ANNEE.debut) == ((None, ANNEE.debut), ["ELEGRP_A_01"])


def test_elegrp_a_01_says_both_dates_and_the_one_kept():
    verdict = judge(make_depose(Inscription("6AGL1", date(2027, 3, 1), date(2027, 2, 1))))
    assert verdict.anomalies[0].message == (
        "La date de début « 01/03/2027 » du groupe « 6AGL1 » n'est pas antérieure à la date de fin « 01/02/2027 ». "
        "Celle-ci a été réinitialisée à « 01/09/2026 »."
    )


@pytest.mark.parametrize("debut", [date(2026, 8, 31), date(2027, 7, 4), date(1999, 1, 1)])
def test_elegrp_a_02_resets_a_start_outside_the_year_to_its_first_day(debut):
    assert dates_kept(debut, None) == ((ANNEE.debut, None), ["ELEGRP_A_02"])


def test_elegrp_a_02_resets_to_the_entry_date_of_a_late_entrant():
    assert dates_kept(date(2026, 8, 31), None, date_entree=ENTREE) == ((ENTREE, None), ["ELEGRP_A_02"])


@pytest.mark.parametrize("entree", [date(2020, 9, 1), date(2027, 9, 1)])
def test_elegrp_a_02_ignores_an_entry_date_outside_the_year(entree):
    assert dates_kept(date(2026, 8, 31), None, date_entree=entree) == ((ANNEE.debut, None), ["ELEGRP_A_02"])


def test_elegrp_a_02_then_an_end_before_the_entry_date_is_one_more_anomaly():
    fin = date(2026, 10, 1)
    kept = dates_kept(date(2026, 8, 31), fin, date_entree=ENTREE)
    assert kept == ((None, fin), ["ELEGRP_A_02", "ELEGRP_A_01"])


def test_elegrp_a_03_resets_an_end_after_the_year_to_its_last_day():
    assert dates_kept(None, date(2027, 7, 4)) == ((None, ANNEE.fin), ["ELEGRP_A_03"])


def test_elegrp_a_03_resets_the_example_of_the_southern_calendar():
    """``domain.md``: 15/12/2018 → 14/12/2018 in a year that runs from February to December."""
    kept = dates_kept(SUD.debut, date(2018, 12, 15), SUD)
    assert kept == ((SUD.debut, date(2018, 12, 14)), ["ELEGRP_A_03"])
    verdict = judge(make_depose(Inscription("6AGL1", None, date(2018, 12, 15))), periode=SUD)
    assert verdict.anomalies[0].message == (
        "La date de fin « 15/12/2018 » du groupe « 6AGL1 » n'est pas incluse dans la période scolaire autorisée "
        "(du 19/02/2018 au 14/12/2018). Celle-ci a été réinitialisée à « 14/12/2018 »."
    )


def test_elegrp_a_03_empties_an_end_before_the_year_of_an_eleve_who_is_there():
    assert dates_kept(None, date(2026, 8, 31)) == ((None, None), ["ELEGRP_A_03"])


@pytest.mark.parametrize("fin", [date(2027, 1, 16), date(2027, 7, 3), date(2028, 1, 1), date(2026, 8, 31)])
def test_elegrp_a_03_resets_the_end_of_a_leaver_to_her_leaving_date(fin):
    assert dates_kept(None, fin, date_sortie=SORTIE) == ((None, SORTIE), ["ELEGRP_A_03"])


def test_elegrp_a_03_leaves_an_end_before_the_leaving_date_alone():
    fin = date(2027, 1, 10)
    assert dates_kept(None, fin, date_sortie=SORTIE) == ((None, fin), [])


def test_elegrp_a_03_bounds_a_leaving_date_after_the_year_by_the_year():
    kept = dates_kept(None, date(2027, 8, 1), date_sortie=date(2027, 8, 31))
    assert kept == ((None, ANNEE.fin), ["ELEGRP_A_03"])


def test_dates_are_only_compared_with_each_other_when_communs_is_missing():
    loin = date(1999, 1, 1)
    assert dates_kept(loin, None, None) == ((loin, None), [])
    fin = date(2027, 2, 1)
    assert dates_kept(date(2027, 3, 1), fin, None) == ((None, fin), ["ELEGRP_A_01"])


def test_a_reset_date_is_said_in_french_even_when_it_is_empty():
    verdict = judge(make_depose(Inscription("6AGL1", None, date(2026, 8, 31))))
    assert "réinitialisée à « vide »" in verdict.anomalies[0].message

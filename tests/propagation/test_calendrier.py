"""When each relay will carry a change: exact to the minute, on the local calendar (``domain.md``, Delays)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchanges.enums import Relais
from exchanges.models import ProjetENT
from exchanges.propagation.calendrier import Calendrier
from exchanges.propagation.horloge import next_occurrence
from tests.makers import PARIS


NOUMEA = ZoneInfo("Pacific/Noumea")
CAYENNE = ZoneInfo("America/Cayenne")


def announced(depose_le, fuseau=PARIS, **projet):
    """SIECLE, AAF, ENT and Moodle as a person reads them there: « 08/09/2026 02:00 »."""
    horaires = {
        f"heure_{relais}": projet.pop(relais) for relais in ("siecle", "aaf", "ent", "moodle") if relais in projet
    }
    defauts = {"heure_siecle": time(2), "heure_aaf": time(4), "heure_ent": time(6), "heure_moodle": time(6, 30)}
    calendrier = Calendrier(ProjetENT(**(defauts | horaires | projet)), fuseau)
    return {
        str(relais): f"{instant.astimezone(fuseau):%d/%m/%Y %H:%M}"
        for relais, instant in calendrier.announce(depose_le.replace(tzinfo=depose_le.tzinfo or fuseau)).items()
    }


def at(*champs):
    return datetime(*champs)  # noqa: DTZ001 - ``announced`` gives it the zone under test


def test_monday_deposit_reaches_a_lycee_on_thursday_and_moodle_on_friday():
    """Atrium: SIECLE +24 h, ENT +72 h, Moodle +96 h."""
    assert announced(at(2026, 9, 7, 10, 0)) == {
        "SIECLE": "08/09/2026 02:00",
        "AAF": "08/09/2026 04:00",
        "ENT": "10/09/2026 06:00",
        "MOODLE": "11/09/2026 06:30",
    }


def test_a_college_at_48_hours_without_moodle():
    assert announced(at(2026, 9, 7, 10, 0), heures_ent=48, heures_moodle=None) == {
        "SIECLE": "08/09/2026 02:00",
        "AAF": "08/09/2026 04:00",
        "ENT": "09/09/2026 06:00",
    }


def test_an_ent_at_24_hours_is_updated_the_very_morning():
    assert announced(at(2026, 9, 7, 10, 0), heures_ent=24, heures_moodle=48)["ENT"] == "08/09/2026 06:00"


def test_two_nights_of_siecle_are_part_of_the_delay_of_the_ent():
    assert announced(at(2026, 9, 7, 10, 0), nuits_siecle=2) == {
        "SIECLE": "09/09/2026 02:00",
        "AAF": "09/09/2026 04:00",
        "ENT": "10/09/2026 06:00",
        "MOODLE": "11/09/2026 06:30",
    }


@pytest.mark.parametrize(
    ("depose_le", "siecle"),
    [
        (at(2026, 9, 8, 1, 59, 59), "08/09/2026 02:00"),
        (at(2026, 9, 8, 2, 0), "09/09/2026 02:00"),
        (at(2026, 9, 8, 2, 0, 1), "09/09/2026 02:00"),
        (at(2026, 9, 8, 23, 59), "09/09/2026 02:00"),
        (at(2026, 9, 9, 0, 0), "09/09/2026 02:00"),
        (at(2026, 12, 31, 10, 0), "01/01/2027 02:00"),
        (at(2028, 2, 28, 10, 0), "29/02/2028 02:00"),
        (at(2028, 2, 29, 10, 0), "01/03/2028 02:00"),
        (at(2026, 9, 12, 10, 0), "13/09/2026 02:00"),  # a Saturday: SIECLE works on Sundays
    ],
)
def test_a_deposit_is_read_the_first_night_strictly_after_it(depose_le, siecle):
    assert announced(depose_le)["SIECLE"] == siecle


def test_the_end_of_the_year_and_the_leap_day_are_days_like_others():
    assert announced(at(2026, 12, 29, 10, 0))["MOODLE"] == "02/01/2027 06:30"
    assert announced(at(2028, 2, 26, 10, 0))["ENT"] == "29/02/2028 06:00"


@pytest.mark.parametrize(
    ("depose_le", "attendu"),
    [
        (
            at(2026, 10, 24, 10, 0),
            {"SIECLE": "25/10/2026 02:00", "AAF": "25/10/2026 04:00", "ENT": "27/10/2026 06:00"},
        ),
        (
            at(2026, 10, 23, 10, 0),
            {"SIECLE": "24/10/2026 02:00", "AAF": "24/10/2026 04:00", "ENT": "26/10/2026 06:00"},
        ),
        (at(2027, 3, 27, 10, 0), {"SIECLE": "28/03/2027 03:00", "AAF": "28/03/2027 04:00", "ENT": "30/03/2027 06:00"}),
        (at(2027, 3, 26, 10, 0), {"SIECLE": "27/03/2027 02:00", "AAF": "27/03/2027 04:00", "ENT": "29/03/2027 06:00"}),
    ],
)
def test_delays_keep_the_hour_on_the_wall_across_daylight_saving(depose_le, attendu):
    """On 28/03/2027 there is no 02:00: the night is at 03:00, the same instant."""
    assert announced(depose_le, heures_moodle=None) == attendu


def test_the_night_of_autumn_runs_once_at_the_first_two_o_clock():
    calendrier = Calendrier(ProjetENT(heure_siecle=time(2)), PARIS)
    nuit = calendrier.night_after(datetime(2026, 10, 25, 1, 59, tzinfo=PARIS))
    assert nuit.astimezone(UTC) == datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
    for minute, fold in ((0, 0), (30, 0), (0, 1), (59, 1)):
        apres = calendrier.night_after(datetime(2026, 10, 25, 2, minute, tzinfo=PARIS, fold=fold))
        assert apres.date().isoformat() == "2026-10-26"


def test_a_night_inside_the_hour_that_comes_twice_is_never_in_the_past():
    """02:15 the second time is after 02:30 the first time."""
    instant = datetime(2026, 10, 25, 2, 15, tzinfo=PARIS, fold=1)
    nuit = next_occurrence(instant, time(2, 30))
    assert nuit.astimezone(UTC) > instant.astimezone(UTC)


def test_noumea_counts_in_its_own_hours():
    assert announced(at(2026, 2, 23, 10, 0), NOUMEA)["ENT"] == "26/02/2026 06:00"
    paris = datetime(2026, 2, 23, 16, 30, tzinfo=PARIS)  # already the 24th, 02:30, in Nouméa
    assert announced(paris, NOUMEA)["SIECLE"] == "25/02/2026 02:00"
    assert announced(paris, CAYENNE)["SIECLE"] == "24/02/2026 02:00"


INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - zone apart
FUSEAUX = st.sampled_from([PARIS, NOUMEA, CAYENNE, ZoneInfo("Indian/Reunion"), ZoneInfo("America/Miquelon")])
HEURES = st.times().map(lambda heure: heure.replace(microsecond=0, tzinfo=None))


@given(INSTANTS, FUSEAUX, HEURES)
def test_the_next_occurrence_of_an_hour_is_within_a_day_and_after_now(instant, fuseau, heure):
    suivante = next_occurrence(instant.astimezone(fuseau), heure).astimezone(UTC)
    assert timedelta(0) < suivante - instant <= timedelta(hours=26)


@given(INSTANTS, FUSEAUX, st.integers(1, 3), st.integers(0, 3), st.integers(0, 2))
def test_relays_follow_one_another_and_land_on_the_announced_day(instant, fuseau, nuits, ent, moodle):
    heures_ent = 24 * (nuits + ent)
    projet = ProjetENT(
        nuits_siecle=nuits,
        heures_ent=heures_ent,
        heures_moodle=heures_ent + 24 * moodle,
        heure_siecle=time(2),
        heure_aaf=time(4),
        heure_ent=time(6),
        heure_moodle=time(6, 30),
    )
    echeances = Calendrier(projet, fuseau).announce(instant)
    ordre = [echeances[relais].astimezone(UTC) for relais in (Relais.SIECLE, Relais.AAF, Relais.ENT, Relais.MOODLE)]
    assert instant < ordre[0]
    assert ordre == sorted(set(ordre))
    jours = (echeances[Relais.ENT].date() - echeances[Relais.SIECLE].date()).days
    assert jours == heures_ent // 24 - nuits

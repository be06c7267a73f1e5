"""When each relay will carry a change: exact to the minute, on the local calendar (``domain.md``, Delays)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchanges.enums import GenreAAF, Relais
from exchanges.models import ProjetENT
from exchanges.propagation.calendrier import Calendrier
from exchanges.propagation.horloge import next_occurrence
from tests.makers import PARIS


NOUMEA = ZoneInfo("Pacific/Noumea")
CAYENNE = ZoneInfo("America/Cayenne")


HORAIRES = {
    "heure_siecle": time(2),
    "heure_aaf": time(4),
    "heure_ent": time(6),
    "heure_gar": time(6, 15),
    "heure_moodle": time(6, 30),
}


def make_calendrier(fuseau=PARIS, **projet):
    """A rhythm that follows the guides, without GAR, unless told otherwise."""
    return Calendrier(ProjetENT(**(HORAIRES | {"has_gar": False} | projet)), fuseau)


def announced(depose_le, fuseau=PARIS, **projet):
    """SIECLE, AAF, ENT, GAR and Moodle as a person reads them there: « 08/09/2026 02:00 »."""
    calendrier = make_calendrier(fuseau, **projet)
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


def test_the_gar_follows_the_ent_by_one_day_at_its_own_hour():
    """Lycée Connecté: GAR J+1 after the ENT."""
    assert announced(at(2026, 9, 7, 10, 0), has_gar=True, heures_moodle=None) == {
        "SIECLE": "08/09/2026 02:00",
        "AAF": "08/09/2026 04:00",
        "ENT": "10/09/2026 06:00",
        "GAR": "11/09/2026 06:15",
    }


def test_siecle_works_only_in_the_nights_that_end_on_its_open_mornings():
    """No night to Saturday nor to Sunday: a Friday deposit is read on Monday."""
    assert announced(at(2026, 9, 11, 10, 0), jours_siecle="12345")["SIECLE"] == "14/09/2026 02:00"
    assert announced(at(2026, 9, 13, 23, 0), jours_siecle="12345")["SIECLE"] == "14/09/2026 02:00"
    assert announced(at(2026, 9, 7, 10, 0), jours_siecle="5")["SIECLE"] == "11/09/2026 02:00"
    assert announced(at(2026, 9, 11, 2, 0), jours_siecle="5")["SIECLE"] == "18/09/2026 02:00"


def test_the_aaf_runs_on_its_open_days_and_on_the_day_of_the_complet():
    calendrier = make_calendrier(jours_aaf="135", jour_complet=7)
    instant = datetime(2026, 9, 7, 10, 0, tzinfo=PARIS)
    suite = []
    for _ in range(5):
        instant = calendrier.aaf_after(instant)
        suite.append((f"{instant:%d/%m %H:%M}", calendrier.genre_of(instant)))
    assert suite == [
        ("09/09 04:00", GenreAAF.DELTA),
        ("11/09 04:00", GenreAAF.DELTA),
        ("13/09 04:00", GenreAAF.COMPLET),
        ("14/09 04:00", GenreAAF.DELTA),
        ("16/09 04:00", GenreAAF.DELTA),
    ]


def test_an_ent_that_is_closed_takes_over_on_its_next_open_day_and_what_follows_waits():
    """Région Sud: 48 h, up to 72 h: Friday's deposit would be in the ENT on Sunday."""
    assert announced(at(2026, 9, 11, 10, 0), heures_ent=48, heures_moodle=72, jours_ent="123456", has_gar=True) == {
        "SIECLE": "12/09/2026 02:00",
        "AAF": "12/09/2026 04:00",
        "ENT": "14/09/2026 06:00",
        "GAR": "15/09/2026 06:15",
        "MOODLE": "15/09/2026 06:30",
    }


@pytest.mark.parametrize(
    ("debut", "fin", "jour", "is_gele"),
    [
        ("07-10", "08-20", date(2026, 7, 9), False),
        ("07-10", "08-20", date(2026, 7, 10), True),
        ("07-10", "08-20", date(2026, 8, 20), True),
        ("07-10", "08-20", date(2026, 8, 21), False),
        ("12-15", "02-14", date(2026, 12, 14), False),
        ("12-15", "02-14", date(2026, 12, 15), True),
        ("12-15", "02-14", date(2027, 1, 1), True),
        ("12-15", "02-14", date(2027, 2, 14), True),
        ("12-15", "02-14", date(2027, 2, 15), False),
        ("02-28", "02-29", date(2028, 2, 29), True),
        ("", "", date(2026, 8, 1), False),
    ],
)
def test_the_freeze_includes_both_its_ends_and_may_go_over_the_new_year(debut, fin, jour, is_gele):
    assert make_calendrier(gel_debut=debut, gel_fin=fin).is_gele(jour) == is_gele


def test_nothing_leaves_the_aaf_in_summer_and_what_is_due_waits_for_the_day_after():
    gel = {"gel_debut": "07-10", "gel_fin": "08-20", "heures_moodle": None}
    assert announced(at(2026, 7, 8, 10, 0), **gel) == {
        "SIECLE": "09/07/2026 02:00",
        "AAF": "09/07/2026 04:00",
        "ENT": "11/07/2026 06:00",  # it left before the freeze
    }
    assert announced(at(2026, 7, 9, 10, 0), **gel) == {
        "SIECLE": "10/07/2026 02:00",
        "AAF": "21/08/2026 04:00",
        "ENT": "23/08/2026 06:00",
    }
    assert announced(at(2026, 7, 9, 10, 0), jours_aaf="1", **gel)["AAF"] == "22/08/2026 04:00"  # the complet


def test_no_complet_leaves_during_the_freeze_of_the_south():
    calendrier = make_calendrier(NOUMEA, gel_debut="12-15", gel_fin="02-14", jour_complet=1)
    complets, instant = [], datetime(2026, 12, 1, tzinfo=NOUMEA)
    for _ in range(4):
        instant = calendrier.next_complet(instant)
        complets.append(f"{instant:%d/%m/%Y}")
    assert complets == ["07/12/2026", "14/12/2026", "15/02/2027", "22/02/2027"]


def test_the_next_complet_is_strictly_after_the_one_that_runs():
    calendrier = make_calendrier(jour_complet=6)
    samedi = datetime(2026, 9, 12, 4, 0, tzinfo=PARIS)
    assert calendrier.next_complet(samedi - timedelta(seconds=1)) == samedi
    assert calendrier.next_complet(samedi) == samedi + timedelta(days=7)
    assert f"{calendrier.next_complet(datetime(2026, 10, 24, 5, tzinfo=PARIS)):%d/%m %H:%M}" == "31/10 04:00"


def test_a_date_of_leaving_is_carried_by_the_first_open_aaf_of_that_day_or_later():
    calendrier = make_calendrier(jours_aaf="12345", jour_complet=6)
    assert f"{calendrier.aaf_from(date(2026, 9, 9)):%d/%m %H:%M}" == "09/09 04:00"
    assert f"{calendrier.aaf_from(date(2026, 9, 13)):%d/%m %H:%M}" == "14/09 04:00"


JOURS = st.integers(1, 127).map(lambda masque: "".join(jour for n, jour in enumerate("1234567") if masque >> n & 1))


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - zone apart
    JOURS,
    JOURS,
    JOURS,
    st.integers(1, 7),
    st.sampled_from([("", ""), ("07-10", "08-20"), ("12-15", "02-14")]),
)
def test_every_relay_runs_on_a_day_on_which_it_is_open(instant, siecle, aaf, ent, complet, gel):
    calendrier = make_calendrier(
        has_gar=True,
        jours_siecle=siecle,
        jours_aaf=aaf,
        jours_ent=ent,
        jour_complet=complet,
        gel_debut=gel[0],
        gel_fin=gel[1],
    )
    echeances = calendrier.announce(instant)
    assert str(echeances[Relais.SIECLE].isoweekday()) in siecle
    assert str(echeances[Relais.AAF].isoweekday()) in f"{aaf}{complet}"
    assert not calendrier.is_gele(echeances[Relais.AAF].date())
    assert str(echeances[Relais.ENT].isoweekday()) in ent
    assert (echeances[Relais.GAR].date() - echeances[Relais.ENT].date()).days == 1
    ordre = [echeances[relais] for relais in (Relais.SIECLE, Relais.AAF, Relais.ENT, Relais.GAR, Relais.MOODLE)]
    assert ordre == sorted(ordre)


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
    calendrier = make_calendrier(
        fuseau, nuits_siecle=nuits, heures_ent=heures_ent, heures_moodle=heures_ent + 24 * moodle
    )
    echeances = calendrier.announce(instant)
    ordre = [echeances[relais].astimezone(UTC) for relais in (Relais.SIECLE, Relais.AAF, Relais.ENT, Relais.MOODLE)]
    assert instant < ordre[0]
    assert ordre == sorted(set(ordre))
    jours = (echeances[Relais.ENT].date() - echeances[Relais.SIECLE].date()).days
    assert jours == heures_ent // 24 - nuits

"""What time it is in an académie: real, or simulated and moved forward only."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from exchanges.propagation.horloge import Horloge, HorlogeReelle
from tests.makers import LUNDI, PARIS, make_academie, set_clock


pytestmark = pytest.mark.django_db

INSTANT = timedelta(seconds=5)


def test_a_real_academie_lives_now_and_cannot_be_moved():
    horloge = Horloge(make_academie(is_simulee=False))
    assert abs(horloge.maintenant - timezone.now()) < INSTANT
    with pytest.raises(HorlogeReelle):
        horloge.advance(timezone.now() + timedelta(days=1))
    assert not horloge.is_simulee


def test_a_simulated_academie_moves_forward_and_never_back():
    academie = make_academie()
    horloge = Horloge(academie)
    cible = timezone.now() + timedelta(days=40)
    assert abs(horloge.advance(cible) - timedelta(days=40)) < INSTANT
    assert abs(horloge.maintenant - cible) < INSTANT
    assert horloge.advance(cible - timedelta(days=1)) == timedelta(0)
    academie.refresh_from_db()
    assert abs(Horloge(academie).maintenant - cible) < INSTANT


@pytest.mark.parametrize(
    ("soir", "matin"),
    [
        (datetime(2026, 10, 24, 20, 0, tzinfo=PARIS), datetime(2026, 10, 25, 7, 0, tzinfo=PARIS)),  # 12 hours
        (datetime(2027, 3, 27, 20, 0, tzinfo=PARIS), datetime(2027, 3, 28, 7, 0, tzinfo=PARIS)),  # 10 hours
        (LUNDI, LUNDI.replace(day=8, hour=7)),
        (LUNDI.replace(hour=6, minute=59), LUNDI.replace(hour=7)),
    ],
)
def test_the_next_morning_is_seven_o_clock_even_when_the_hour_changes_at_night(soir, matin):
    academie = make_academie()
    set_clock(academie, soir)
    horloge = Horloge(academie)
    assert horloge.prochain_matin() == matin
    horloge.advance(horloge.prochain_matin())
    assert abs(horloge.maintenant.timestamp() - matin.timestamp()) < 5
    assert f"{horloge.maintenant:%H:%M}" == "07:00"


def test_a_naive_date_of_an_export_is_local_to_the_academie():
    noumea = Horloge(make_academie(fuseau="Pacific/Noumea"))
    assert noumea.localize(datetime(2026, 2, 23, 8, 0)).isoformat() == "2026-02-23T08:00:00+11:00"  # noqa: DTZ001 - that is the point

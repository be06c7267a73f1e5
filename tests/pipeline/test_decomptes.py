"""Counts by window: exact, forgotten with their window, shared by everybody who counts at once."""

from datetime import UTC, datetime, timedelta

import pytest

from exchanges import tasks
from exchanges.models import Decompte
from exchanges.pipeline.decomptes import Quota, count, forget, make_cle, purge_decomptes, read_solde
from tests.pipeline.test_concurrence import together


QUOTA = Quota(3, 60)
MIDI = datetime(2026, 9, 7, 12, 0, 10, tzinfo=UTC)


def counted(cle="a", fois=1, now=MIDI):
    return [count(cle, QUOTA, now) for _ in range(fois)][-1]


@pytest.mark.django_db
def test_each_time_is_counted_until_the_quota_is_exceeded():
    soldes = [counted() for _ in range(5)]
    assert [(s.nombre, s.reste, s.is_depasse) for s in soldes] == [
        (1, 2, False),
        (2, 1, False),
        (3, 0, False),
        (4, 0, True),
        (4, 0, True),
    ]
    assert {s.attente for s in soldes} == {50}


@pytest.mark.django_db
def test_one_statement_counts_and_tells(django_assert_num_queries):
    with django_assert_num_queries(1):
        counted()


@pytest.mark.django_db
def test_who_insists_is_not_counted_for_ever():
    counted(fois=30)
    assert Decompte.objects.get().nombre == 4


@pytest.mark.django_db
def test_next_window_starts_from_zero_in_the_same_row():
    counted(fois=4)
    assert read_solde("a", QUOTA, MIDI + timedelta(seconds=49)).reste == 0
    assert read_solde("a", QUOTA, MIDI + timedelta(seconds=50)).reste == 3
    assert counted(now=MIDI + timedelta(seconds=50)).nombre == 1
    assert Decompte.objects.count() == 1


@pytest.mark.django_db
def test_keys_are_counted_apart_and_say_nothing_of_their_value():
    counted(make_cle("api", "192.0.2.1"), 2)
    assert counted(make_cle("api", "192.0.2.2")).nombre == 1
    assert not any("192" in cle for cle in Decompte.objects.values_list("cle", flat=True))
    forget(make_cle("api", "192.0.2.1"))
    assert counted(make_cle("api", "192.0.2.1")).nombre == 1


@pytest.mark.django_db
def test_past_windows_are_deleted():
    counted("passé")
    counted("présent", now=MIDI + timedelta(minutes=1))
    assert purge_decomptes(MIDI + timedelta(minutes=1)) == 1
    assert Decompte.objects.get().cle == "présent"


@pytest.mark.django_db
def test_nightly_purge_deletes_them_too():
    counted()
    tasks.purge()
    assert not Decompte.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nobody_is_counted_twice_and_nobody_is_forgotten():
    quota = Quota(1000, 60)
    nombres = together(*[lambda: [count("a", quota, MIDI).nombre for _ in range(10)]] * 4)
    assert sorted(nombre for suite in nombres for nombre in suite) == list(range(1, 41))

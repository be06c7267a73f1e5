"""Who sees which établissements, and in whose name files may be handed in."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from exchanges.enums import Role
from exchanges.models import Etablissement, Habilitation, Utilisateur
from tests.makers import make_academie, make_etablissement, make_utilisateur


pytestmark = pytest.mark.django_db


@pytest.fixture
def ecoles():
    """Two schools of one académie, one of another."""
    nord, sud = make_academie("NORD"), make_academie("SUD")
    return [make_etablissement(rang, academie=a) for rang, a in ((1, nord), (2, nord), (3, sud))]


def seen(utilisateur):
    visibles = Etablissement.objects.visibles_par(utilisateur)
    modifiables = Etablissement.objects.modifiables_par(utilisateur)
    return [sorted(e.uai[:7][-1] for e in ensemble) for ensemble in (visibles, modifiables)]


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.DIRECTION])
def test_staff_see_and_write_their_own_school_only(ecoles, role):
    assert seen(make_utilisateur("staff", role, etablissement=ecoles[0])) == [["1"], ["1"]]


def test_the_dane_sees_its_academie_and_deposits_nowhere(ecoles):
    assert seen(make_utilisateur("dane", Role.DANE, academie=ecoles[0].academie)) == [["1", "2"], []]


def test_an_administrator_sees_and_writes_everywhere(ecoles):
    tout = ["1", "2", "3"]
    assert seen(make_utilisateur("admin", Role.ADMIN)) == [tout, tout]
    assert seen(Utilisateur.objects.create_superuser("racine")) == [tout, tout]


def test_somebody_without_any_right_sees_nothing(ecoles):
    assert seen(Utilisateur.objects.create_user("personne")) == [[], []]


def test_several_rights_add_up_without_showing_a_school_twice(ecoles):
    utilisateur = make_utilisateur("double", Role.DANE, academie=ecoles[0].academie)
    utilisateur.habilitations.create(role=Role.DIRECTION, etablissement=ecoles[0])
    utilisateur.habilitations.create(role=Role.SECRETARIAT, etablissement=ecoles[2])
    assert seen(utilisateur) == [["1", "2", "3"], ["1", "3"]]


@pytest.mark.parametrize(("jours", "vus"), [(-1, [[], []]), (0, [["1"], ["1"]]), (1, [["1"], ["1"]])])
def test_delegation_counts_until_the_end_of_its_last_day(ecoles, jours, vus):
    delegue = make_utilisateur("delegue", Role.DIRECTION, etablissement=ecoles[0])
    aujourd_hui = timezone.localdate(timezone=timezone.get_default_timezone())
    delegue.habilitations.update(fin=aujourd_hui + timedelta(days=jours))
    assert seen(delegue) == vus


def test_every_role_may_have_a_last_day(ecoles):
    dane = make_utilisateur("dane", Role.DANE, academie=ecoles[0].academie)
    admin = make_utilisateur("admin", Role.ADMIN)
    Habilitation.objects.update(fin=date(2026, 1, 31))
    assert seen(dane) == seen(admin) == [[], []]


def test_last_day_does_not_end_with_the_day_of_an_overseas_page(ecoles):
    """Pages are shown in the school's time zone; rights end at midnight of the site, for everybody at once."""
    delegue = make_utilisateur("delegue", Role.SECRETARIAT, etablissement=ecoles[0])
    delegue.habilitations.update(fin=timezone.localdate(timezone=timezone.get_default_timezone()))
    with timezone.override("Pacific/Kiritimati"):
        assert seen(delegue) == [["1"], ["1"]]

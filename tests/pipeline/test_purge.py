"""The bytes that are forgotten, and those that somebody still needs (real time, whatever the simulated clock)."""

import os
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone

from exchanges.enums import EtatChargement, EtatDepot
from exchanges.models import Depot
from exchanges.pipeline import chargements, stockage
from exchanges.pipeline.purge import purge_files
from exchanges.tasks import purge
from tests.makers import (
    ELEVES,
    GROUPES,
    LUNDI,
    MARDI_2H,
    deposit,
    load,
    make_depot,
    make_ecole,
    make_fichiers,
    name_flux,
)
from tests.pipeline.makers import pass_time, stored_files


pytestmark = pytest.mark.django_db

JOUR = timedelta(days=1)
TOUS = dict.fromkeys(ELEVES, GROUPES)


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    """A store without the files of other tests, kept thirty days."""
    settings.DEPOTS_DIR = tmp_path
    settings.ENTSITE_PURGE_DAYS = 30


@pytest.fixture
def ecole():
    return make_ecole()


def age(chemin, jours):
    """Make a stored file as old as that."""
    quand = (timezone.now() - jours * JOUR).timestamp()
    os.utime(stored(chemin), (quand, quand))


def stored(chemin):
    return next(path for path in stored_files() if path.match(f"*/{chemin}"))


def is_kept(chemin):
    return any(path.match(f"*/{chemin}") for path in stored_files())


def etat_of(depot):
    return Depot.objects.get(pk=depot.pk).etat


def test_a_draft_of_two_days_is_given_up_and_its_bytes_deleted(ecole):
    vieux, neuf = make_depot(ecole, TOUS), make_depot(ecole, TOUS, LUNDI + timedelta(hours=1))
    age(vieux.chemin, 2)
    assert purge_files(timezone.now()) == 1
    assert (etat_of(vieux), is_kept(vieux.chemin)) == (EtatDepot.ABANDONNE, False)
    assert (etat_of(neuf), is_kept(neuf.chemin)) == (EtatDepot.CONTROLE, True)
    assert purge_files(timezone.now()) == 0


def test_a_draft_of_files_is_given_up_too(ecole):
    chargement, _ = chargements.control_files(ecole, name_flux(make_fichiers(ecole)), None, LUNDI)
    chemins = list(chargement.fichiers.values_list("chemin", flat=True))
    for chemin in chemins:
        age(chemin, 2)
    assert purge_files(timezone.now()) == 3
    chargement.refresh_from_db()
    assert chargement.etat == EtatChargement.ABANDONNE


def test_a_deposit_that_waits_for_its_night_is_kept_however_old(ecole):
    depot = deposit(ecole, TOUS)
    age(depot.chemin, 400)
    assert purge_files(timezone.now()) == 0
    assert (etat_of(depot), is_kept(depot.chemin)) == (EtatDepot.DEPOSE, True)
    pass_time(ecole, MARDI_2H + timedelta(hours=1))
    assert etat_of(depot) == EtatDepot.IMPORTE


@pytest.mark.parametrize(("jours", "is_garde"), [(29, True), (31, False)])
def test_an_imported_deposit_keeps_its_bytes_for_the_set_time_and_its_line_for_ever(ecole, jours, is_garde):
    depot = deposit(ecole, TOUS)
    pass_time(ecole, MARDI_2H + timedelta(hours=1))
    age(depot.chemin, jours)
    purge_files(timezone.now())
    assert is_kept(depot.chemin) is is_garde
    assert etat_of(depot) == EtatDepot.IMPORTE


@pytest.mark.parametrize(("jours", "is_garde"), [(29, True), (31, False)])
def test_loaded_exports_are_kept_for_the_set_time(ecole, jours, is_garde):
    chargement = load(ecole, make_fichiers(ecole, quand=LUNDI), LUNDI)
    chemin = chargement.fichiers.first().chemin
    age(chemin, jours)
    purge_files(timezone.now())
    assert is_kept(chemin) is is_garde


def test_bytes_without_a_row_go_once_they_are_surely_nobodys(ecole):
    orphelin, recent = (stockage.store(BytesIO(b"x"), ecole) for _ in range(2))
    age(orphelin, 2)
    assert purge_files(timezone.now()) == 1
    assert (is_kept(orphelin), is_kept(recent)) == (False, True)


def test_the_task_purges_by_real_time(ecole):
    depot = make_depot(ecole, TOUS)
    purge()
    assert is_kept(depot.chemin)
    age(depot.chemin, 2)
    purge()
    assert not is_kept(depot.chemin)

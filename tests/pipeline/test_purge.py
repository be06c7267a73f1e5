"""Old bytes are forgotten; rows, which explain the past, stay."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from exchanges.enums import EtatChargement, EtatDepot
from exchanges.models import AnomalieDepot, Chargement, Depot
from exchanges.pipeline import chargements
from exchanges.pipeline.purge import purge_files
from exchanges.tasks import purge
from tests import makers
from tests.pipeline.makers import pass_time, stored_files


pytestmark = pytest.mark.django_db

LIENS = {"1001": ["6AGL1"], "1002": ["INCONNU"]}


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    """A store of its own: the purge looks at every file in it."""
    settings.DEPOTS_DIR = tmp_path / "depots"


def age(chemin: str, jours: int) -> None:
    """Pretend that a stored file was written some days ago."""
    ecrit = (timezone.now() - timedelta(days=jours)).timestamp()
    os.utime(Path(settings.DEPOTS_DIR) / chemin, (ecrit, ecrit))


def test_a_draft_is_given_up_after_a_day_with_its_bytes():
    etablissement = makers.make_ecole()
    depot = makers.make_depot(etablissement, LIENS)
    assert purge_files(timezone.now()) == 0
    age(depot.chemin, 2)
    assert purge_files(timezone.now()) == 1
    depot.refresh_from_db()
    assert depot.etat == EtatDepot.ABANDONNE
    assert purge_files(timezone.now()) == 0


def test_a_pending_deposit_is_never_purged():
    etablissement = makers.make_ecole()
    depot = makers.deposit(etablissement, LIENS)
    age(depot.chemin, 400)
    purge_files(timezone.now())
    assert (Path(settings.DEPOTS_DIR) / depot.chemin).exists()
    depot.refresh_from_db()
    assert depot.etat == EtatDepot.DEPOSE


def test_an_imported_file_goes_after_its_time_and_its_result_stays():
    etablissement = makers.make_ecole()
    depot = makers.deposit(etablissement, LIENS)
    pass_time(etablissement, makers.MARDI_2H + timedelta(hours=5))
    age(depot.chemin, settings.ENTSITE_PURGE_DAYS - 1)
    purge_files(timezone.now())
    assert (Path(settings.DEPOTS_DIR) / depot.chemin).exists()
    anomalies = AnomalieDepot.objects.count()
    age(depot.chemin, settings.ENTSITE_PURGE_DAYS + 1)
    assert purge_files(timezone.now()) == 1
    depot.refresh_from_db()
    assert (depot.etat, AnomalieDepot.objects.count()) == (EtatDepot.IMPORTE, anomalies)


def test_a_file_that_no_row_knows_is_purged_after_a_day():
    dossier = Path(settings.DEPOTS_DIR) / "0990001N"
    dossier.mkdir(parents=True)
    (dossier / "orphelin").write_bytes(b"x")
    assert purge_files(timezone.now()) == 0
    age("0990001N/orphelin", 2)
    assert purge_files(timezone.now()) == 1
    assert stored_files() == set()


def test_files_of_an_applied_batch_go_after_their_time():
    makers.make_ecole()
    chargement = Chargement.objects.get(etat=EtatChargement.APPLIQUE)
    for fichier in chargement.fichiers.all():
        age(fichier.chemin, settings.ENTSITE_PURGE_DAYS + 1)
    assert purge_files(timezone.now()) == chargement.fichiers.count()
    assert Depot.objects.count() == 0


def test_a_draft_of_files_is_given_up_after_a_day_with_its_bytes():
    etablissement = makers.make_ecole()
    flux = makers.name_flux(makers.make_fichiers(etablissement))
    chargement, _ = chargements.control_files(etablissement, flux, None, makers.LUNDI)
    for fichier in chargement.fichiers.all():
        age(fichier.chemin, 2)
    assert purge_files(timezone.now()) == 3
    chargement.refresh_from_db()
    assert chargement.etat == EtatChargement.ABANDONNE


def test_the_nightly_task_counts_in_real_time_whatever_the_simulated_clock():
    depot = makers.make_depot(makers.make_ecole(), LIENS)
    makers.set_clock(depot.etablissement.academie, timezone.now() + timedelta(days=400))
    purge()
    assert (Path(settings.DEPOTS_DIR) / depot.chemin).exists()
    age(depot.chemin, 2)
    purge()
    assert not (Path(settings.DEPOTS_DIR) / depot.chemin).exists()

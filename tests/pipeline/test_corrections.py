"""The corrected file of a stored deposit."""

from datetime import timedelta
from io import BytesIO

import pytest

from exchanges.parsers import read_depot
from exchanges.pipeline import depots
from exchanges.pipeline.corrections import RienAEcrire, correct_depot, write_correction
from exchanges.pipeline.depots import judge_depot
from tests.makers import LUNDI, make_depot, make_ecole
from tests.pipeline.makers import stored_files


pytestmark = pytest.mark.django_db

LIENS = {"1001": ["6AGL1", "INCONNU"], "1002": ["6ESP1"], "9999": ["6AGL1"], "1003": ["INCONNU"]}
TARD = LUNDI + timedelta(minutes=7)


def test_what_would_be_rejected_is_left_out():
    correction = correct_depot(make_depot(make_ecole(), LIENS))
    restants = {e.eleve_id: [i.groupe for i in e.inscriptions] for e in correction.fichier.eleves}
    assert restants == {"1001": ["6AGL1"], "1002": ["6ESP1"]}
    assert {(retrait.eleve_id, retrait.groupe) for retrait in correction.retraits} == {
        ("1001", "INCONNU"),
        ("9999", ""),
        ("1003", "INCONNU"),
        ("1003", ""),
    }


def test_the_zip_can_be_deposited_in_its_place_and_says_nothing():
    ecole = make_ecole()
    origine = make_depot(ecole, LIENS)
    nom, octets = write_correction(correct_depot(origine), TARD)
    depot = depots.control_depot(ecole, BytesIO(octets), nom, None, TARD)
    assert judge_depot(depot).verdict.anomalies == ()
    assert judge_depot(depot).verdict.liens == judge_depot(origine).verdict.liens


def test_the_name_is_never_that_of_the_original():
    ecole = make_ecole()
    origine = make_depot(ecole, LIENS, LUNDI)
    nom, octets = write_correction(correct_depot(origine), LUNDI)
    assert nom == f"{ecole.uai}ELEGROUPE2026260907100001.zip"
    assert nom != f"{origine.nom}.zip"
    assert read_depot(BytesIO(octets), nom).fichier.date_import == LUNDI.date()


def test_nothing_left_is_said_and_nothing_is_written():
    correction = correct_depot(make_depot(make_ecole(), {"1001": ["INCONNU"]}))
    with pytest.raises(RienAEcrire):
        write_correction(correction, TARD)


def test_a_purged_file_cannot_be_corrected():
    depot = make_depot(make_ecole(), LIENS)
    for chemin in stored_files():
        chemin.unlink()
    with pytest.raises(FileNotFoundError):
        correct_depot(depot)

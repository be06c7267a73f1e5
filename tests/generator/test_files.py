import hashlib
import json
import zipfile

import pytest

from exchanges.generator import PLANTATIONS, make_ecole, plant, write_ecole
from exchanges.generator.hasard import make_rng
from exchanges.parsers import read, read_depot


def fingerprint(dossier):
    return {chemin.name: hashlib.sha256(chemin.read_bytes()).hexdigest() for chemin in sorted(dossier.rglob("*.*"))}


@pytest.fixture
def ecole():
    return make_ecole(1, 6, echelle=0.1)


def test_a_school_gives_its_eight_files_in_its_own_folder(ecole, tmp_path):
    chemins = write_ecole(ecole, tmp_path)
    assert {chemin.parent for chemin in chemins} == {tmp_path / ecole.uai}
    assert sorted(chemins) == sorted((tmp_path / ecole.uai).iterdir())
    assert [chemin.name for chemin in chemins] == [
        "ElevesSansAdresses.xml",
        "ResponsablesAvecAdresses.xml",
        "Structures.xml",
        "Communs.xml",
        "Nomenclature.xml",
        f"sts_emp_{ecole.uai}_2026.xml",
        f"{ecole.uai}ELEGROUPE2026{ecole.horodatage:%y%m%d%H%M%S}.zip",
        "fautes.json",
    ]


def test_the_same_school_gives_the_same_bytes(tmp_path):
    for nom in ("premiere", "seconde"):
        write_ecole(plant(make_ecole(2, 6, echelle=0.1), "REJELEGROUPE_03", make_rng(1)), tmp_path / nom)
    assert fingerprint(tmp_path / "premiere") == fingerprint(tmp_path / "seconde")


@pytest.mark.parametrize("rang", [1, 2, 4])
def test_what_is_written_is_read_back_the_same(rang, tmp_path):
    ecole = make_ecole(rang, 6, echelle=0.1)
    chemins = write_ecole(ecole, tmp_path)
    fichiers = (
        ecole.eleves,
        ecole.responsables,
        ecole.structures,
        ecole.commun,
        ecole.nomenclatures,
        ecole.sts,
    )
    for chemin, fichier in zip(chemins, fichiers, strict=False):
        with chemin.open("rb") as flux:
            assert [source.fichier for source in read(flux, chemin.name)] == [fichier]
    with chemins[6].open("rb") as flux:
        assert read_depot(flux, chemins[6].name).fichier == ecole.elegroupe


@pytest.mark.parametrize("code", PLANTATIONS)
def test_a_faulty_deposit_can_still_be_read(code, ecole, tmp_path):
    ecole = plant(ecole, code, make_rng(code))
    chemin = write_ecole(ecole, tmp_path)[6]
    with chemin.open("rb") as flux:
        assert read_depot(flux, chemin.name).fichier.eleves == ecole.elegroupe.eleves


def test_the_zip_holds_one_xml_of_the_same_stem(ecole, tmp_path):
    chemin = write_ecole(ecole, tmp_path)[6]
    with zipfile.ZipFile(chemin) as archive:
        assert archive.namelist() == [f"{chemin.stem}.xml"]


def test_faults_are_listed_beside_the_files(ecole, tmp_path):
    ecole = plant(ecole, "GROUPE_A_01", make_rng(1))
    chemin = write_ecole(ecole, tmp_path)[-1]
    faute = ecole.fautes[0]
    assert json.loads(chemin.read_text(encoding="utf-8")) == {
        "uai": ecole.uai,
        "annee": "2026",
        "fautes": [{"code": "GROUPE_A_01", "objet": faute.objet, "detail": faute.detail}],
    }

import hashlib
import json
import zipfile

import pytest

from exchanges.generator import make_ecole, plant, write_ecole
from exchanges.generator.fautes import depot
from exchanges.generator.files import list_exports
from exchanges.generator.hasard import make_rng
from exchanges.parsers import read, read_depot


def fingerprint(dossier):
    return {chemin.name: hashlib.sha256(chemin.read_bytes()).hexdigest() for chemin in sorted(dossier.rglob("*.*"))}


@pytest.fixture
def ecole():
    return make_ecole(1, 6, echelle=0.1)


def test_a_school_gives_its_twelve_files_in_its_own_folder(ecole, tmp_path):
    chemins = write_ecole(ecole, tmp_path)
    dossier = tmp_path / ecole.uai
    assert sorted(chemins) == sorted(dossier.rglob("*.*"))
    assert [str(chemin.relative_to(dossier)) for chemin in chemins] == [
        "ElevesSansAdresses.xml",
        "ResponsablesAvecAdresses.xml",
        "Structures.xml",
        "Communs.xml",
        "Nomenclature.xml",
        f"sts_emp_{ecole.uai}_2026.xml",
        "autres/Geographique.xml",
        "autres/Etablissements.xml",
        f"autres/EDT_vers_STS_{ecole.uai}_2026.xml",
        f"autres/EDT_vers_ENT_{ecole.uai}.xml",
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
    for chemin, fichier in zip(chemins, list_exports(ecole).values(), strict=False):
        with chemin.open("rb") as flux:
            assert [source.fichier for source in read(flux, chemin.name)] == [fichier]
    with chemins[-2].open("rb") as flux:
        assert read_depot(flux, chemins[-2].name).fichier == ecole.elegroupe


@pytest.mark.parametrize("code", depot.PLANTATIONS)
def test_a_faulty_deposit_can_still_be_read(code, ecole, tmp_path):
    ecole = plant(ecole, code, make_rng(code))
    chemin = write_ecole(ecole, tmp_path)[-2]
    with chemin.open("rb") as flux:
        assert read_depot(flux, chemin.name).fichier.eleves == ecole.elegroupe.eleves


def test_the_zip_holds_one_xml_of_the_same_stem(ecole, tmp_path):
    chemin = write_ecole(ecole, tmp_path)[-2]
    with zipfile.ZipFile(chemin) as archive:
        assert archive.namelist() == [f"{chemin.stem}.xml"]


def test_faults_and_facts_are_listed_beside_the_files(ecole, tmp_path):
    ecole = plant(ecole, "GROUPE_A_01", make_rng(1))
    chemin = write_ecole(ecole, tmp_path)[-1]
    contenu = json.loads(chemin.read_text(encoding="utf-8"))
    faute = ecole.fautes[0]
    description = {"objet": faute.objet, "eleve_id": "", "detail": faute.detail}
    assert (contenu["uai"], contenu["annee"]) == (ecole.uai, "2026")
    assert contenu["fautes"] == [
        {"code": "GROUPE_A_01", **description},
        {"code": "structure_absente_de_siecle", **description, "cause": "GROUPE_A_01"},
    ]
    assert len(contenu["faits"]) == len(ecole.faits) > 0
    assert {"code", "objet", "eleve_id", "detail"} == set(contenu["faits"][0])


def test_a_fault_of_writing_is_in_the_bytes(ecole, tmp_path):
    chemins = write_ecole(plant(ecole, "elements_inconnus", make_rng(1)), tmp_path)
    structures = next(chemin for chemin in chemins if chemin.name == "Structures.xml")
    assert b"<NOUVEAUTES/></DONNEES>" in structures.read_bytes()

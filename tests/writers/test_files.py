"""The files written: names, encodings, shapes."""

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime

import pytest

from exchanges.parsers import read
from exchanges.parsers.records import FichierElegroupe
from exchanges.writers import write, write_depot, write_zip
from tests.parsers.samples import load, read_sample


QUAND = datetime(2025, 11, 3, 14, 56, 1)  # noqa: DTZ001 - a file name gives no time zone


def written(fichier, encodage: str = "") -> bytes:
    sortie = io.BytesIO()
    write(fichier, sortie, encodage)
    return sortie.getvalue()


def test_export_starts_as_those_of_siecle():
    octets = written(read_sample("structures.xml").fichier)
    debut = b'<?xml version="1.0" encoding="ISO-8859-15"?>\n<BEE_STRUCTURES VERSION="2.0">\n  <PARAMETRES>\n'
    assert octets.startswith(debut + b"    <UAJ>9990001W</UAJ>\n")
    assert octets.endswith(b"  </DONNEES>\n</BEE_STRUCTURES>\n")


def test_timetable_export_is_written_in_its_own_encoding_and_namespace():
    octets = written(read_sample("emploi_du_temps.xml").fichier)
    assert octets.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<ExportEmploiDuTemps xmlns="http://www.index-')
    assert 'Nom="MODÈLE"'.encode() in octets


def test_edt_file_says_times_as_sts_web_does():
    octets = written(read_sample("edt_sts.xml").fichier)
    assert b"<UAJ>9990001W</UAJ>" in octets
    assert b"<HEURE_DEBUT>1350</HEURE_DEBUT>" in octets
    assert b"<DUREE>0055</DUREE>" in octets
    assert b"<DATE_DEBUT_SEMAINE>2025-09-08</DATE_DEBUT_SEMAINE>" in octets


def test_elegroupe_is_written_byte_for_byte_as_the_sample():
    assert written(read_sample("elegroupe.xml").fichier) == load("elegroupe.xml")


def test_character_that_siecle_cannot_write_becomes_a_question_mark():
    fichier = read_sample("eleves_2012.xml").fichier
    fichier = replace(fichier, eleves=(replace(fichier.eleves[0], nom_de_famille="ŁUKA"),))
    octets = written(fichier)
    assert b"<NOM_DE_FAMILLE>?UKA</NOM_DE_FAMILLE>" in octets
    (source,) = read(io.BytesIO(octets), "eleves.xml")
    assert "caractere_perdu" in {remarque.code for remarque in source.fichier.remarques}
    assert "ŁUKA".encode() in written(fichier, "UTF-8")


def test_code_in_an_attribute_is_made_writable_too():
    fichier = read_sample("structures.xml").fichier
    fichier = replace(fichier, divisions=(replace(fichier.divisions[0], code="4Ł"),))
    assert b'<DIVISION CODE_STRUCTURE="4?">' in written(fichier)


def test_character_of_an_elegroupe_name_is_kept_as_a_reference():
    fichier = read_sample("elegroupe.xml").fichier
    fichier = replace(fichier, eleves=(replace(fichier.eleves[0], nom_de_famille="ŁUKA"),))
    octets = written(fichier)
    assert b"&#321;UKA" in octets
    (source,) = read(io.BytesIO(octets), "groupes.xml")
    assert source.fichier.eleves[0].nom_de_famille == "ŁUKA"


def test_deposit_has_the_name_that_siecle_wants_outside_and_inside():
    nom, octets = write_depot(read_sample("elegroupe.xml").fichier, QUAND)
    assert nom == "9990001WELEGROUPE2025251103145601.zip"
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        assert archive.namelist() == ["9990001WELEGROUPE2025251103145601.xml"]
        assert archive.infolist()[0].date_time == (2025, 11, 3, 14, 56, 0)  # a ZIP counts by two seconds


def test_same_deposit_gives_the_same_bytes():
    fichier = read_sample("elegroupe.xml").fichier
    assert write_depot(fichier, QUAND) == write_depot(fichier, QUAND)


def test_export_zip_holds_exactly_one_xml():
    with zipfile.ZipFile(io.BytesIO(write_zip("Structures.xml", read_sample("structures.xml").fichier))) as archive:
        assert archive.namelist() == ["Structures.xml"]


def test_eleve_without_inscription_does_not_appear_in_a_deposit():
    fichier = read_sample("elegroupe.xml").fichier
    maelys, ada = fichier.eleves
    octets = written(replace(fichier, eleves=(maelys, replace(ada, inscriptions=()))))
    assert b"GABARIT" not in octets
    assert octets.count(b"<ELEVE>") == 1


def test_deposit_of_nobody_is_an_error_of_ours():
    fichier = read_sample("elegroupe.xml").fichier
    for vide in (replace(fichier, eleves=()), replace(fichier, date_import=None)):
        with pytest.raises(ValueError, match="at least one élève"):
            write_depot(vide, QUAND)


def test_eleves_derive_what_siecle_derives():
    fichier = read_sample("eleves.xml").fichier
    naissances = {"79191": b"079", "2A004": b"02A", "97411": b"974"}
    for commune, departement in naissances.items():
        octets = written(replace(fichier, eleves=(replace(fichier.eleves[0], commune_naissance=commune),)))
        assert b"<CODE_DEPARTEMENT_NAISS>" + departement + b"<" in octets
        assert b"<ID_ELEVE_ETAB>01000990001<" in octets


def test_dates_of_each_application_have_their_own_format():
    assert b"<DATE_NAISS>04/08/2011</DATE_NAISS>" in written(read_sample("eleves.xml").fichier)
    assert b"<DATE_NAISSANCE>1980-01-31</DATE_NAISSANCE>" in written(read_sample("sts_emp.xml").fichier)
    depot = read_sample("elegroupe.xml").fichier
    assert isinstance(depot, FichierElegroupe)
    assert depot.date_import == date(2025, 11, 3)
    assert b"<DATE_NAISS>2011-08-04</DATE_NAISS>" in written(depot)

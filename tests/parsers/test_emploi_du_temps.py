"""The exports of EDT and PRONOTE for an ENT: in clear, encrypted (``formats/sts_edt.md`` §4)."""

from datetime import date

import pytest

from exchanges.parsers import FichierRefuse
from exchanges.parsers.records import EleveEDT, Matiere, ProfesseurEDT, StructureEDT
from tests.parsers.samples import load, read_bytes, read_sample


def test_clear_export_is_read_with_its_namespace():
    fichier = read_sample("emploi_du_temps.xml").fichier
    assert (fichier.entete.uai, fichier.entete.annee, fichier.entete.version) == ("9990001W", "2025", "1.0")
    assert fichier.matieres == (Matiere("1", "AGL1", "ANGLAIS LV1"),)
    assert fichier.professeurs == (ProfesseurEDT("1", "EXEMPLE", "Anne", "1001"),)
    assert fichier.divisions == (StructureEDT("2", "3A", (), ("7",)),)
    assert fichier.eleves == (
        EleveEDT("5", "MODÈLE", "Ada", date(2011, 8, 4), "900000001CJ", "1000000", ("2",), ("7",)),
    )
    assert fichier.nombre_cours == 2
    assert (fichier.inconnus, fichier.remarques) == ({}, ())


def test_attributes_are_read_whatever_their_case():
    assert read_sample("emploi_du_temps.xml").fichier.groupes == (StructureEDT("2", "3AGL1Gr.1", ("2",), ("7",)),)


@pytest.mark.parametrize(
    ("avant", "apres"),
    [
        (b"<?xml", b"\xef\xbb\xbf<?xml"),
        (b' xmlns="http://www.index-education.com/exportemploidutemps"', b""),
        (b"</Cours>\n</Export", b"</Cours><Periodes><Periode/></Periodes>\n</Export"),
    ],
    ids=["bom", "sans_espace_de_noms", "section_recente"],
)
def test_variants_of_the_export_give_the_same_records(avant, apres):
    fichier = read_bytes(load("emploi_du_temps.xml").replace(avant, apres)).fichier
    assert fichier.eleves == read_sample("emploi_du_temps.xml").fichier.eleves
    assert fichier.nombre_cours == 2


def test_prefixed_elements_are_read_too():
    octets = load("structures.xml").replace(b"<", b"<b:").replace(b"<b:/", b"</b:").replace(b"<b:?", b"<?")
    octets = octets.replace(b"<b:BEE_STRUCTURES", b'<b:BEE_STRUCTURES xmlns:b="urn:x"')
    assert read_bytes(octets).fichier == read_sample("structures.xml").fichier


def test_encrypted_container_names_its_partner_school_and_date():
    with pytest.raises(FichierRefuse) as levee:
        read_sample("conteneur.xml")
    for dit in ("pour EXEMPLENT", "COLLEGE EXEMPLE (9990001W)", "15/09/2025 à 08:30", "chiffré"):
        assert dit in levee.value.message
    assert "INDEXEDUCATION" not in levee.value.message
    assert "ELEGROUPE" in levee.value.action


def test_namespace_declared_twice_or_in_two_bytes_is_read_too():
    octets = load("emploi_du_temps.xml")
    espace = b'xmlns="http://www.index-education.com/exportemploidutemps"'
    attendu = read_sample("emploi_du_temps.xml").fichier
    assert read_bytes(octets.replace(b"<Cours>", b"<Cours " + espace + b">", 1)).fichier == attendu
    assert read_bytes(octets.replace(b"<Export", b"<!-- " + espace + b" --><Export", 1)).fichier == attendu
    assert read_bytes(octets.decode().replace("UTF-8", "UTF-16").encode("UTF-16")).fichier.eleves == attendu.eleves

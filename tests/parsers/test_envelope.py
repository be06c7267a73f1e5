"""What surrounds the XML: encodings, marks, ZIPs of several exports, fingerprints."""

import hashlib
import io

import pytest

from exchanges.enums import TypeFichier
from exchanges.parsers import read
from tests.parsers.samples import load, make_zip, read_bytes


ELEVES = load("eleves.xml")
TEXTE = ELEVES.decode("iso-8859-15")


def codes(source) -> set[str]:
    return {remarque.code for remarque in source.fichier.remarques} - {
        "structures_sans_eleve",
        "caractere_perdu",
        "date_illisible",
    }


@pytest.mark.parametrize(
    ("declare", "ecrit", "remarques"),
    [
        ("ISO-8859-15", "iso-8859-15", set()),
        ("iso-8859-1", "iso-8859-1", set()),
        ("windows-1252", "cp1252", set()),
        ("Latin-9", "iso-8859-15", set()),
        ("UTF-8", "utf-8", set()),
        ("utf8", "utf-8-sig", {"bom"}),
        ("ISO-8859-15", "utf-8-sig", {"bom"}),
        ("UTF-16", "utf-16", {"bom"}),
        ("UTF-16", "utf-16-le", set()),
        ("UTF-16", "utf-16-be", set()),
    ],
)
def test_encoding_is_told_by_the_mark_then_by_the_prolog(declare, ecrit, remarques):
    source = read_bytes(TEXTE.replace("ISO-8859-15", declare).encode(ecrit))
    assert source.fichier.eleves[0].nom_de_famille == "MODÈLE"
    assert codes(source) == remarques


@pytest.mark.parametrize("ecrit", ["utf-8", "iso-8859-15"])
def test_encoding_that_is_not_told_is_found(ecrit):
    source = read_bytes(TEXTE.partition("\n")[2].encode(ecrit))
    assert source.fichier.eleves[0].nom_de_famille == "MODÈLE"
    assert codes(source) == {"encodage_absent"}


def test_utf8_declared_as_latin_is_read_with_a_warning():
    source = read_bytes(TEXTE.encode("utf-8"))
    assert source.fichier.eleves[0].prenom == "MaÃ«lys"
    assert codes(source) == {"mojibake"}


def test_zip_of_several_exports_gives_one_source_each_without_the_noise_of_macos():
    octets = make_zip(
        {
            "dossier/ElevesSansAdresses.xml": ELEVES,
            "__MACOSX/dossier/._ElevesSansAdresses.xml": b"\0\5\26",
            "dossier/.DS_Store": b"x",
            "renommé.xml": load("structures.xml"),
        }
    )
    sources = read(io.BytesIO(octets), "ExportXML.zip")
    assert [source.nom for source in sources] == ["ElevesSansAdresses.xml", "renommé.xml"]
    assert [source.fichier.entete.type for source in sources] == [TypeFichier.ELEVES, TypeFichier.STRUCTURES]


def test_fingerprint_is_that_of_the_xml_zipped_or_not():
    (source,) = read(io.BytesIO(make_zip({"a.xml": ELEVES})), "a.zip")
    assert source.empreinte == read_bytes(ELEVES).empreinte == hashlib.sha256(ELEVES).hexdigest()


def test_stream_is_left_open_and_read_from_its_start():
    flux = io.BytesIO(ELEVES)
    flux.seek(100)
    assert read(flux, "a.xml") == read(flux, "a.xml")
    assert not flux.closed


def test_errors_of_one_file_do_not_leak_into_the_next():
    with pytest.raises(Exception, match="pas écrits en UTF-8"):
        read_bytes(ELEVES.replace(b"ISO-8859-15", b"UTF-8"))
    with pytest.raises(Exception, match="téléchargement interrompu"):
        read_bytes(ELEVES[:1500])


def test_undeclared_namespace_prefix_does_not_stop_the_reading():
    octets = ELEVES.replace(b"<NOUVEAU_CHAMP/>", b"<x:NOUVEAU_CHAMP/>")
    assert len(read_bytes(octets).fichier.eleves) == 2

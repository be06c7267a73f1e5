"""Exports of the AAF: names, bytes, archives."""

import io
import tarfile
from dataclasses import replace
from datetime import date

import pytest
from lxml import etree

from exchanges.enums import CategorieAAF, GenreAAF
from exchanges.parsers.aaf import DTD, read_aaf
from exchanges.parsers.records.aaf import Enregistrement, EnteteAAF, Operation, add, delete, modify
from exchanges.writers.aaf import archive_name, escape, file_name, write_aaf, write_archive, write_directory


ENTETE = EnteteAAF("ENT2DVA", "0990001A", GenreAAF.COMPLET, date(2026, 11, 22), "99")
OPERATIONNEL = (
    b'<operationalAttributes><attr name="categorieMatiere"><value>MatEducNat</value></attr></operationalAttributes>'
)
ELEVE, MATIERE, RESPONSABLE = CategorieAAF.ELEVE, CategorieAAF.MATIERE, CategorieAAF.RESPONSABLE


def make_matiere(code: str = "020700", *libelles: str) -> Enregistrement:
    return Enregistrement(MATIERE, code, ((code,), libelles))


def make_matieres(nombre: int):
    return (add(make_matiere(f"{i:06}", "FRANÇAIS")) for i in range(nombre))


def written(*operations, entete=ENTETE) -> bytes:
    sortie = io.BytesIO()
    write_aaf(entete, MATIERE, operations, sortie)
    return sortie.getvalue()


def archived(flux, **options) -> bytes:
    sortie = io.BytesIO()
    write_archive(ENTETE, flux, sortie, **options)
    return sortie.getvalue()


def test_the_bytes_are_those_of_the_aaf():
    assert written(add(make_matiere("020700", "L'ŒUF & LA <POULE>", 'DITE "É"')), delete(MATIERE, "030602")) == (
        b'<?xml version="1.0" encoding="UTF-8"?>\n'
        b'<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">\n'
        b"<ficAlimMENESR>\n"
        b'<!-- versionAF="AAF-VE2407" -->\n'
        b'<!-- versionSDET="Annexe 4bis version 6.4" -->\n'
        b'<!-- codeAcademieExport="99" -->\n'
        b'<!-- degre="2D" -->\n'
        b'<!-- dateGenerationExport="22/11/2026" -->\n'
        b"\n"
        b"<addRequest>\n" + OPERATIONNEL + b"\n"
        b"<identifier><id>020700</id></identifier>\n"
        b"<attributes>\n"
        b'<attr name="ENTMatJointure"><value>020700</value></attr>\n'
        b'<attr name="ENTLibelleMatiere"><value>L&apos;&#338;UF &amp; LA &lt;POULE&gt;</value>'
        b"<value>DITE &quot;&#201;&quot;</value></attr>\n"
        b"</attributes>\n"
        b"</addRequest>\n"
        b"\n"
        b"<deleteRequest>\n" + OPERATIONNEL + b"\n"
        b"<identifier><id>030602</id></identifier>\n"
        b"</deleteRequest>\n"
        b"\n"
        b"</ficAlimMENESR>"
    )


def test_a_modification_repeats_every_attribute():
    assert (
        b"<modifications>\n"
        b'<modification name="ENTMatJointure" operation="replace"><value>020700</value></modification>\n'
        b'<modification name="ENTLibelleMatiere" operation="replace"><value/></modification>\n'
        b"</modifications>\n"
        b"</modifyRequest>\n"
    ) in written(modify(make_matiere()))


@pytest.mark.parametrize(
    ("texte", "octets"),
    [
        ("simple - 1 rue;$$$", "simple - 1 rue;$$$"),
        ("nul\x00 échap\x1b", "nul &#233;chap"),
        ("a\ud800b\ufffec", "abc"),
        ("deux\r\nlignes\tet", "deux&#13;&#10;lignes&#9;et"),
        ("\U0001f600\u00a0\x7f\x85", "&#128512;&#160;&#127;&#133;"),
        ("&#38;", "&amp;#38;"),
    ],
)
def test_what_xml_cannot_hold_is_left_out_and_the_rest_is_ascii(texte, octets):
    assert escape(texte) == octets


@pytest.mark.parametrize("nature", ["complet", "delta"])
def test_a_file_written_follows_the_dtd(nature):
    matiere = make_matiere("020700", "FRANÇAIS")
    operations = [add(matiere)] if nature == "complet" else [add(matiere), modify(matiere), delete(MATIERE, "1")]
    dtd = etree.DTD(str(DTD))
    for octets in (written(*operations), written()):
        assert dtd.validate(etree.fromstring(octets)), dtd.error_log
    assert not dtd.validate(etree.fromstring(written(modify(matiere)).replace(b'"replace"', b'"add"')))


def test_names_say_what_the_export_is():
    assert file_name(ENTETE, ELEVE, 0) == "ENT2DVA_0990001A_Complet_20261122_Eleve_0000.xml"
    delta = replace(ENTETE, genre=GenreAAF.DELTA, portee="")
    assert file_name(delta, MATIERE, 12) == "ENT2DVA_Delta_20261122_MatiereEducNat_0012.xml"
    assert archive_name(ENTETE) == "Complet-0990001A-ENT2DVA.20261122.tgz"
    assert archive_name(delta) == "Delta-ENT2DVA.20261122.tgz"


@pytest.mark.parametrize("champs", [{"prefixe": ""}, {"prefixe": "../ENT"}, {"prefixe": "École"}, {"portee": "a_b"}])
def test_a_name_that_no_consumer_could_read_is_refused(champs):
    with pytest.raises(ValueError, match="ne peut pas figurer dans un nom"):
        file_name(replace(ENTETE, **champs), ELEVE, 0)
    with pytest.raises(ValueError, match="ne peut pas figurer dans un nom"):
        archive_name(replace(ENTETE, **champs))


def test_a_code_of_academie_cannot_break_the_header():
    with pytest.raises(ValueError, match="code d'académie"):
        written(entete=replace(ENTETE, academie='"--><a'))
    with pytest.raises(ValueError, match="quatre chiffres"):
        file_name(ENTETE, ELEVE, 10_000)


def test_each_category_is_cut_from_0000_and_persons_always_have_a_file(tmp_path):
    flux = [(MATIERE, make_matieres(5)), (CategorieAAF.MEF, ()), (ELEVE, ()), (RESPONSABLE, ())]
    chemins = write_directory(ENTETE, flux, tmp_path, par_fichier=2)
    assert [chemin.name for chemin in chemins] == [
        "ENT2DVA_0990001A_Complet_20261122_MatiereEducNat_0000.xml",
        "ENT2DVA_0990001A_Complet_20261122_MatiereEducNat_0001.xml",
        "ENT2DVA_0990001A_Complet_20261122_MatiereEducNat_0002.xml",
        "ENT2DVA_0990001A_Complet_20261122_Eleve_0000.xml",
        "ENT2DVA_0990001A_Complet_20261122_PersRelEleve_0000.xml",
        "ficAlimMENESR.dtd",
    ]
    assert set(tmp_path.iterdir()) == set(chemins)
    lues = [list(read_aaf(io.BytesIO(chemin.read_bytes()), chemin.name)) for chemin in chemins[:-1]]
    assert [len(operations) for operations in lues] == [2, 2, 1, 0, 0]
    assert [operation for operations in lues for operation in operations] == list(make_matieres(5))


@pytest.mark.parametrize("chemin", ["ENT2DVA_0990001A_Complet_20261122_MatiereEducNat_0000.xml"])
def test_the_files_stand_beside_their_dtd(tmp_path, chemin):
    write_directory(ENTETE, [(MATIERE, make_matieres(1))], tmp_path)
    parser = etree.XMLParser(dtd_validation=True)
    assert etree.parse(tmp_path / chemin, parser).getroot().tag == "ficAlimMENESR"


def test_an_archive_holds_the_files_of_the_directory(tmp_path):
    flux = [(MATIERE, make_matieres(3)), (ELEVE, ())]
    octets = archived([(MATIERE, make_matieres(3)), (ELEVE, ())], par_fichier=2)
    chemins = write_directory(ENTETE, flux, tmp_path, par_fichier=2)
    with tarfile.open(fileobj=io.BytesIO(octets), mode="r:gz") as archive:
        assert archive.getnames() == [chemin.name for chemin in chemins]
        for membre, chemin in zip(archive.getmembers(), chemins, strict=True):
            assert archive.extractfile(membre).read() == chemin.read_bytes()
            assert (membre.mtime, membre.uid, membre.uname) == (1_795_305_600, 0, "")


def test_the_same_export_gives_the_same_archive():
    assert archived([(MATIERE, make_matieres(3))]) == archived([(MATIERE, make_matieres(3))])


def test_an_archive_is_written_to_a_stream_that_only_writes():
    class Tuyau(io.RawIOBase):
        def __init__(self):
            self.octets = b""

        def writable(self):
            return True

        def write(self, octets):
            self.octets += bytes(octets)
            return len(octets)

    tuyau = Tuyau()
    write_archive(ENTETE, [(MATIERE, make_matieres(3))], tuyau)
    assert tuyau.octets == archived([(MATIERE, make_matieres(3))])


def test_records_are_asked_for_as_they_are_written():
    """Nothing but the file being written is held: the flux has given no more than what is in the files so far."""
    demandees = []

    def watch():
        for operation in make_matieres(6):
            demandees.append(operation.identifiant)
            yield operation

    class Sortie(io.BytesIO):
        def write(self, octets):
            vues.append(len(demandees))
            return super().write(octets)

    vues = []
    write_aaf(ENTETE, MATIERE, watch(), Sortie())
    assert vues == [0, 1, 2, 3, 4, 5, 6, 6]


def test_an_operation_in_the_wrong_file_is_an_error():
    with pytest.raises(ValueError, match="ne va pas dans"):
        written(delete(ELEVE, "700001"))
    with pytest.raises(ValueError, match="n'a rien à écrire"):
        written(Operation(add(make_matiere()).nature, MATIERE, "020700"))
    with pytest.raises(ValueError, match="donnée deux fois"):
        archived([(ELEVE, ()), (ELEVE, ())])

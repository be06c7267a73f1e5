"""The files of the AAF, read one request at a time."""

import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from exchanges.enums import CategorieAAF, GenreAAF, OperationAAF
from exchanges.parsers import Code, FichierRefuse, limits
from exchanges.parsers.aaf import DTD, read_aaf
from exchanges.parsers.records.aaf import ATTRIBUTS, Enregistrement, EnteteAAF, add, delete, modify
from exchanges.writers.aaf import write_aaf
from tests.parsers.samples import DATA


ECHANTILLONS = sorted(DATA.glob("aaf/*.xml"))
ENTETE = EnteteAAF("ENT2DVA", "0990001A", GenreAAF.COMPLET, date(2026, 11, 22), "99")
NOM = "ENT2DVA_0990001A_Complet_20261122_Eleve_0000.xml"
DOCTYPE = b'<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">'
OPERATIONNEL = (
    b'<operationalAttributes><attr name="categoriePersonne"><value>Eleve</value></attr></operationalAttributes>'
)

# What XML can hold, minus CR: everything else is a reference.
caracteres = st.characters(
    exclude_categories=("Cs",), exclude_characters="".join(map(chr, (*range(9), 11, 12)))
).filter(lambda signe: signe not in "\ufffe\uffff" and (ord(signe) >= 32 or signe in "\t\n\r"))
valeurs = st.lists(st.text(caracteres, min_size=1, max_size=12), max_size=3).map(tuple)


def enregistrements(categorie):
    """Records of which a few attributes have values: drawing thirty of them each time would be slow."""
    rangs = range(len(ATTRIBUTS[categorie]))
    return st.builds(
        lambda identifiant, remplis: Enregistrement(
            categorie, identifiant, tuple(remplis.get(rang, ()) for rang in rangs)
        ),
        st.integers(1, 99_999_999).map(str),
        st.dictionaries(st.sampled_from(rangs), valeurs, max_size=4),
    )


def operations(categorie):
    fiches = enregistrements(categorie)
    return st.lists(
        fiches.map(add) | fiches.map(modify) | fiches.map(lambda fiche: delete(categorie, fiche.identifiant)),
        max_size=4,
    )


def written(categorie, requetes) -> bytes:
    sortie = io.BytesIO()
    write_aaf(ENTETE, categorie, requetes, sortie)
    return sortie.getvalue()


def read(octets: bytes, nom: str = NOM):
    return list(read_aaf(io.BytesIO(octets), nom))


def aaf(corps: bytes, doctype: bytes = DOCTYPE) -> bytes:
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + doctype + b"<ficAlimMENESR>" + corps + b"</ficAlimMENESR>"


def requete(attributs: bytes, categorie: bytes = OPERATIONNEL) -> bytes:
    identifiant = b"<identifier><id>700001</id></identifier>"
    return aaf(b"<addRequest>" + categorie + identifiant + b"<attributes>" + attributs + b"</attributes></addRequest>")


@pytest.mark.parametrize("categorie", CategorieAAF)
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_what_is_written_is_read_back_the_same(categorie, data):
    requetes = data.draw(operations(categorie))
    assert read(written(categorie, requetes)) == requetes


@pytest.mark.parametrize("chemin", ECHANTILLONS, ids=lambda chemin: chemin.stem)
def test_every_sample_is_read_and_written_again_byte_for_byte(chemin):
    octets = chemin.read_bytes()
    lecture = read_aaf(io.BytesIO(octets), chemin.name)
    lues = list(lecture)
    sortie = io.BytesIO()
    write_aaf(lecture.entete, lues[0].categorie, lues, sortie)
    assert sortie.getvalue() == octets
    assert lecture.inconnus == {}


@pytest.mark.parametrize("chemin", ECHANTILLONS, ids=lambda chemin: chemin.stem)
def test_every_sample_follows_the_dtd(chemin):
    dtd = etree.DTD(str(DTD))
    assert dtd.validate(etree.parse(chemin)), dtd.error_log


def test_a_delta_adds_modifies_and_deletes():
    chemin = DATA / "aaf/ENT2DVA_0990001A_Delta_20240917_Eleve_0000.xml"
    lues = read(chemin.read_bytes())
    assert [(requete.nature, requete.identifiant) for requete in lues] == [
        (OperationAAF.AJOUT, "700003"),
        (OperationAAF.MODIFICATION, "700001"),
        (OperationAAF.SUPPRESSION, "700002"),
    ]
    assert lues[1].enregistrement.get("sn") == ("DUTEST-NOUVEAU",)
    assert lues[1].enregistrement.get("ENTPersonAutresPrenoms") == ("Chloé", "Anaïs")
    assert lues[1].enregistrement.get("ENTEleveDateSortieClasses") == ()
    assert lues[2].enregistrement is None


def test_the_entete_is_that_of_the_name_and_of_the_comments():
    lecture = read_aaf(io.BytesIO(written(CategorieAAF.ELEVE, [])), NOM)
    assert list(lecture) == []
    assert lecture.entete == ENTETE
    assert lecture.commentaires["versionAF"] == "AAF-VE2407"


def test_the_name_alone_gives_an_entete_to_a_file_without_comments():
    lecture = read_aaf(io.BytesIO(aaf(b"")), "ENT2DVA-ENT16_Delta_20240916_PersEducNat_0000.xml")
    assert list(lecture) == []
    assert lecture.entete == EnteteAAF("ENT2DVA-ENT16", "", GenreAAF.DELTA, date(2024, 9, 16))
    assert read_aaf(io.BytesIO(aaf(b"")), "eleves.xml").entete is None


def test_unknown_attributes_are_counted_and_the_rest_is_read():
    lignes = b'<attr name="sn"><value>ESSAI</value></attr><attr name="ENTInconnu"><value>1</value></attr>'
    lecture = read_aaf(io.BytesIO(requete(lignes + b'<attr name="ENTVide"><value/></attr>')), NOM)
    (lue,) = lecture
    assert lue.enregistrement.get("sn") == ("ESSAI",)
    assert lecture.inconnus == {"Eleve/ENTInconnu": 1}


def test_requests_come_out_before_the_file_is_whole():
    fiche = Enregistrement(CategorieAAF.MATIERE, "020700", (("020700",), ("FRANCAIS",)))
    octets = written(CategorieAAF.MATIERE, [add(fiche)] * 4000)
    assert len(octets) > 2 * limits.BLOC
    lecture = iter(read_aaf(io.BytesIO(octets[:-1000]), NOM))
    assert next(lecture) == add(fiche)
    with pytest.raises(FichierRefuse, match="abîmé ou incomplet") as refus:
        list(lecture)
    assert refus.value.code == Code.XML_MAL_FORME


REFUS = [
    (Code.FICHIER_VIDE, b""),
    (Code.PAGE_HTML, b"<!DOCTYPE html><html><body>Session</body></html>"),
    (Code.RACINE_INCONNUE, b"<BEE_ELEVES/>"),
    (Code.XML_DOCTYPE, aaf(b"", b'<!DOCTYPE ficAlimMENESR [<!ENTITY a "aaaa">]>')),
    (Code.XML_DOCTYPE, aaf(b"", b'<!DOCTYPE ficAlimMENESR SYSTEM "a.dtd" [<!ENTITY a "aaaa">]>')),
    (Code.XML_DOCTYPE, aaf(b"", DOCTYPE + DOCTYPE)),
    (Code.XML_MAL_FORME, requete(b'<attr name="sn"><value>L&eacute;a</value></attr>')),
    (Code.XML_MAL_FORME, aaf(b"")[:-5]),
    (Code.XML_ENCODAGE, requete(b'<attr name="sn"><value>\xe9</value></attr>')),
    (Code.XML_SCHEMA, aaf(b"<attributes/>")),
    (Code.XML_SCHEMA, requete(b"<value/>")),
    (Code.XML_SCHEMA, aaf(b"<addRequest>" + OPERATIONNEL + b"</addRequest>")),
    (Code.XML_SCHEMA, requete(b"", OPERATIONNEL.replace(b"Eleve", b"Inconnu"))),
    (Code.XML_TROP_GRAND, requete(b'<attr name="sn"><value>' + b"A" * 10_001 + b"</value></attr>")),
    (Code.RACINE_AUTRE_APPLICATION, aaf(b'<!-- degre="1D" -->')),
]


@pytest.mark.parametrize(("code", "octets"), REFUS, ids=lambda valeur: valeur if isinstance(valeur, str) else "")
def test_what_is_no_file_of_the_aaf_is_refused_in_a_sentence(code, octets):
    with pytest.raises(FichierRefuse) as refus:
        read(octets)
    assert refus.value.code == code
    assert refus.value.message.endswith(".")
    assert refus.value.action.endswith(".")


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(ECHANTILLONS),
    st.lists(st.tuples(st.integers(0), st.integers(0, 20), st.binary(max_size=12)), min_size=1, max_size=4),
)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(chemin, mutations):
    octets = chemin.read_bytes()
    for ou, longueur, nouveaux in mutations:
        debut = ou % (len(octets) + 1)
        octets = octets[:debut] + nouveaux + octets[debut + longueur :]
    try:
        lues = read(octets, chemin.name)
    except FichierRefuse as refus:
        assert refus.message.endswith((".", "»."))
    else:
        assert all(operation.identifiant for operation in lues)

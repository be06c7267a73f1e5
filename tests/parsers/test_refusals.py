"""One sample per refusal code, and none forgotten."""

import io
import re
import stat
import struct
import zipfile

import pytest

from exchanges.parsers import Code, FichierRefuse, limits, read, read_depot
from tests.parsers.samples import RACINE, load, make_depot, make_zip


ELEVES = load("eleves.xml")
ELEGROUPE = load("elegroupe.xml")
NOM = f"{RACINE}.zip"


def encrypted() -> bytes:
    octets = bytearray(make_zip({"a.xml": ELEVES}))
    octets[6] |= 1
    octets[octets.rfind(b"PK\x01\x02") + 8] |= 1
    return bytes(octets)


def link() -> bytes:
    memoire = io.BytesIO()
    with zipfile.ZipFile(memoire, "w") as archive:
        info = zipfile.ZipInfo("lien.xml")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/hostname")
    return memoire.getvalue()


def overlapping() -> bytes:
    """Two directory entries that point at the same compressed bytes."""
    octets = make_zip({"a.xml": ELEVES, "b.xml": ELEVES})
    deuxieme = octets.rfind(b"PK\x01\x02")
    return octets[: deuxieme + 42] + struct.pack("<L", 0) + octets[deuxieme + 46 :]


def with_many_announced() -> bytes:
    octets = bytearray(make_zip({"a.xml": ELEVES}))
    octets[-12:-10] = struct.pack("<H", 60000)
    return bytes(octets)


def with_wrong_checksum() -> bytes:
    octets = bytearray(make_zip({"a.xml": ELEVES}, zipfile.ZIP_STORED))
    octets[200] ^= 1
    return bytes(octets)


def xml(corps: str, declaration: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    return (declaration + corps).encode()


def bee(corps: str) -> bytes:
    return xml(f"<BEE_ELEVES><DONNEES>{corps}</DONNEES></BEE_ELEVES>")


BOMBE = make_zip({"a.xml": b"<a>" + b" " * 3_000_000 + b"</a>"})

SANS_ENTETE = ("EDT_STS", "ExportEmploiDuTemps", "BEE_GEOGRAPHIQUE", "BEE_ETABLISSEMENTS")
EXPORTS = [
    (Code.FICHIER_VIDE, b""),
    (Code.FICHIER_VIDE, b"\xef\xbb\xbf \r\n"),
    (Code.PAGE_HTML, b"<!DOCTYPE html><html><body>Votre session a expir\xe9</body></html>"),
    (Code.PAGE_HTML, b"\n  <HTML><head></head></HTML>"),
    (Code.PAGE_HTML, xml('<html xmlns="http://www.w3.org/1999/xhtml"/>')),
    (Code.FORMAT_INATTENDU, b"%PDF-1.7 ..."),
    (Code.FORMAT_INATTENDU, b"nom;prenom\r\nMODELE;Ada\r\n"),
    (Code.FORMAT_INATTENDU, make_zip({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})),
    (Code.ZIP_ILLISIBLE, make_zip({"a.xml": ELEVES})[:-40]),
    (Code.ZIP_ILLISIBLE, with_wrong_checksum()),
    (Code.ZIP_ILLISIBLE, make_zip({"a.xml": ELEVES}, zipfile.ZIP_BZIP2)),
    (Code.ZIP_CHIFFRE, encrypted()),
    (Code.ZIP_TROP_GROS, BOMBE),
    (Code.ZIP_TROP_GROS, make_zip({f"{i}.xml": b"<a/>" for i in range(limits.MAX_ENTREES + 1)})),
    (Code.ZIP_TROP_GROS, with_many_announced()),
    (Code.ZIP_TROP_GROS, overlapping()),
    (Code.ZIP_VIDE, make_zip({})),
    (Code.ZIP_VIDE, make_zip({"__MACOSX/._a.xml": b"x", "dossier/": b""})),
    (Code.ZIP_CHEMIN_SUSPECT, make_zip({"../a.xml": ELEVES})),
    (Code.ZIP_CHEMIN_SUSPECT, make_zip({"/etc/a.xml": ELEVES})),
    (Code.ZIP_CHEMIN_SUSPECT, make_zip({"c:\\a.xml": ELEVES})),
    (Code.ZIP_CHEMIN_SUSPECT, link()),
    (Code.ZIP_CONTENU_INATTENDU, make_zip({"a.xml": ELEVES, "notice.pdf": b"%PDF"})),
    (Code.ZIP_CONTENU_INATTENDU, make_zip({"autre.zip": make_zip({"a.xml": ELEVES})})),
    (Code.XML_MAL_FORME, ELEVES[:1500]),
    (Code.XML_MAL_FORME, ELEVES.replace(b"</PRENOM>", b"</NOM>")),
    (Code.XML_MAL_FORME, ELEVES.replace(b"MAELYS", b"").replace(b"Ada", b"&eacute;")),
    (Code.XML_MAL_FORME, ELEVES.replace(b"Ada", b"A\0a")),
    (Code.XML_MAL_FORME, ELEVES + b"<suite/>"),
    (Code.XML_MAL_FORME, b"<!-- jamais fini"),
    (Code.XML_DOCTYPE, xml('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>')),
    (Code.XML_DOCTYPE, xml("<!-- - --><?x y?>\n<!doctype BEE_ELEVES><BEE_ELEVES/>")),
    (Code.XML_ENCODAGE, ELEVES.replace(b"ISO-8859-15", b"UTF-8")),
    (Code.XML_ENCODAGE, ELEVES.replace(b"ISO-8859-15", b"UTF-7")),
    (Code.XML_ENCODAGE, ELEVES.replace(b"ISO-8859-15", b"EBCDIC-FR")),
    (Code.XML_TROP_PROFOND, bee("<A>" * 70 + "</A>" * 70)),
    (Code.XML_TROP_GRAND, bee("<A " + " ".join(f'a{i}="1"' for i in range(65)) + "/>")),
    (Code.XML_TROP_GRAND, ELEVES.replace(b"Ada", b"A" * 11_000_000)),
    (Code.XML_TROP_GRAND, bee(f'<A b="{"x" * 11_000_000}"/>')),
    (Code.RACINE_INCONNUE, xml("<COURRIER/>")),
    (Code.RACINE_AUTRE_APPLICATION, xml("<TABLE/>")),
    (Code.RACINE_AUTRE_APPLICATION, xml("<ficAlimMENESR/>")),
    (Code.CONTENU_CHIFFRE, xml('<x:EXPORT_INDEX_EDUCATION xmlns:x="urn:x"/>')),
    (Code.CONTENU_CHIFFRE, load("conteneur.xml")),
    (Code.ENTETE_INCOMPLETE, ELEVES.replace(b"<UAJ>9990001W</UAJ>", b"")),
    (Code.ENTETE_INCOMPLETE, ELEVES.replace(b"2025</ANNEE_SCOLAIRE>", b" </ANNEE_SCOLAIRE>")),
    (Code.ENTETE_INCOMPLETE, bee("")),
    *((Code.ENTETE_INCOMPLETE, xml(f"<{racine}/>")) for racine in SANS_ENTETE),
    (Code.ENTETE_INCOMPLETE, load("sts_emp.xml").replace(b' CODE="9990001W"', b"")),
]

DEPOTS = [
    (Code.ZIP_ATTENDU, NOM, ELEGROUPE),
    (Code.PAGE_HTML, NOM, b"<html></html>"),
    (Code.FICHIER_VIDE, NOM, b""),
    (Code.ZIP_PLUSIEURS_FICHIERS, NOM, make_zip({f"{RACINE}.xml": ELEGROUPE, "b.xml": ELEGROUPE})),
    (Code.NOM_MAL_FORME, "export_groupes.zip", make_depot(ELEGROUPE)),
    (Code.NOM_MAL_FORME, NOM.removesuffix(".zip"), make_depot(ELEGROUPE)),
    (Code.NOM_MAL_FORME, NOM.replace("W", "w"), make_depot(ELEGROUPE)),
    (Code.NOM_DIFFERENT, NOM, make_depot(ELEGROUPE, "autre.xml")),
    (Code.NOM_DIFFERENT, NOM, make_depot(ELEGROUPE, f"dossier/{RACINE}.xml")),
    (Code.XML_SCHEMA, NOM, make_depot(ELEGROUPE.replace(b"NUM_ENVOI", b"NUM"))),
    (Code.RACINE_AUTRE_APPLICATION, NOM, make_depot(ELEVES)),
    (Code.RACINE_AUTRE_APPLICATION, NOM, make_depot(load("prive_3_1.xml"))),
    (Code.UAI_DIFFERENT, NOM, make_depot(ELEGROUPE.replace(b"9990001W", b"9990002X"))),
    (Code.ANNEE_DIFFERENTE, NOM, make_depot(ELEGROUPE.replace(b">2025<", b">2024<"))),
]


def check_sentences(refus: FichierRefuse) -> None:
    check_phrases(refus.message, refus.action)


def check_phrases(*phrases: str) -> None:
    for phrase in phrases:
        assert re.fullmatch(r"[A-ZÀ-Ý«].*[.)]", phrase, re.DOTALL), phrase


@pytest.mark.parametrize(("code", "octets"), EXPORTS, ids=[f"{i}-{cas[0]}" for i, cas in enumerate(EXPORTS)])
def test_export_is_refused_with_its_code_and_two_sentences(code, octets):
    with pytest.raises(FichierRefuse) as levee:
        read(io.BytesIO(octets), "export.xml")
    assert levee.value.code == code
    check_sentences(levee.value)


@pytest.mark.parametrize(("code", "nom", "octets"), DEPOTS, ids=[f"{i}-{cas[0]}" for i, cas in enumerate(DEPOTS)])
def test_deposit_is_refused_with_its_code_and_two_sentences(code, nom, octets):
    with pytest.raises(FichierRefuse) as levee:
        read_depot(io.BytesIO(octets), nom)
    assert levee.value.code == code
    check_sentences(levee.value)


def test_every_code_has_a_sample():
    assert {cas[0] for cas in EXPORTS} | {cas[0] for cas in DEPOTS} == set(Code)


def test_malformed_xml_names_its_line():
    assert ELEVES.split(b"\n")[25].strip().endswith(b"</PRENOM>")
    with pytest.raises(FichierRefuse, match="ligne 26, où une balise se ferme"):
        read(io.BytesIO(ELEVES.replace(b"</PRENOM>", b"</NOM>")), "export.xml")


def test_truncated_download_is_called_so():
    with pytest.raises(FichierRefuse, match="téléchargement interrompu"):
        read(io.BytesIO(ELEVES[:1500]), "export.xml")


def test_size_is_counted_while_reading_not_only_declared(monkeypatch):
    monkeypatch.setattr(limits, "MAX_OCTETS", 1000)
    with pytest.raises(FichierRefuse) as levee:
        read(io.BytesIO(ELEVES), "export.xml")
    assert levee.value.code == Code.XML_TROP_GRAND


def test_tags_are_bounded(monkeypatch):
    monkeypatch.setattr(limits, "MAX_BALISES", 10)
    with pytest.raises(FichierRefuse) as levee:
        read(io.BytesIO(ELEVES), "export.xml")
    assert levee.value.code == Code.XML_TROP_GRAND


@pytest.mark.parametrize(
    ("limite", "corps"),
    [("MAX_FICHES", b"<ELEVE/>" * 11), ("MAX_INCONNUS", b"<INCONNU/>" * 11), ("MAX_TEXTE", b"<NOM>12345678901</NOM>")],
)
def test_records_unknown_elements_and_values_are_bounded(limite, corps, monkeypatch):
    monkeypatch.setattr(limits, limite, 10)
    octets = b"<BEE_ELEVES><DONNEES><ELEVES>" + corps.replace(b"<NOM>", b"<ELEVE><NOM>") + b"</ELEVES>"
    with pytest.raises(FichierRefuse) as levee:
        read(io.BytesIO(octets), "export.xml")
    assert levee.value.code == Code.XML_TROP_GRAND


def test_distinct_unknown_names_are_counted_together_past_a_bound():
    corps = "".join(f"<N{i}/>" for i in range(5000))
    octets = ELEVES.replace(b"<BOURSES/>", corps.encode())
    (source,) = read(io.BytesIO(octets), "export.xml")
    assert len(source.fichier.inconnus) <= limits.MAX_CHEMINS_INCONNUS + 1
    assert sum(source.fichier.inconnus.values()) == 5002


def test_a_file_called_zip_that_is_none_is_not_told_that_it_is_no_xml():
    with pytest.raises(FichierRefuse, match="n'est pas une archive ZIP") as refus:
        read_depot(io.BytesIO(b"ceci est du texte"), "0790029CELEGROUPE2025251103145601.zip")
    assert refus.value.code == Code.ZIP_ILLISIBLE

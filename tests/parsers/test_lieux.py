"""``BEE_GEOGRAPHIQUE`` and ``BEE_ETABLISSEMENTS``, whatever their nesting (``formats/siecle.md`` §2.6)."""

import pytest

from exchanges.parsers import FichierRefuse, limits
from exchanges.parsers.records import EtablissementConnu, Lieu
from tests.parsers.samples import load, read_bytes, read_sample


def test_places_are_found_by_name_at_any_depth():
    fichier = read_sample("geographique.xml").fichier
    assert fichier.pays == (Lieu("100", "FRANCE"), Lieu("131", "AILLEURS"))
    assert fichier.departements == (Lieu("79", "EXEMPLE", "13"),)
    assert fichier.communes == (Lieu("79191", "BOURG-MODÈLE", "79"),)
    assert fichier.inconnus == {}


def test_places_are_found_without_any_list_too():
    octets = load("geographique.xml")
    for balise in (b"COMMUNES", b"PAYS_NATIONALITES", b"ACADEMIES", b"ACADEMIE", b"DEPARTEMENTS"):
        octets = octets.replace(b"<" + balise + b">", b"").replace(b"</" + balise + b">", b"")
    assert read_bytes(octets).fichier == read_sample("geographique.xml").fichier


def test_etablissements_are_found_by_name_at_any_depth():
    connu = EtablissementConnu("9990002X", "COLLEGE MODÈLE", "CLG", "340", "15", "PU", "13", "99000")
    assert read_sample("etablissements.xml").fichier.etablissements == (connu,)
    octets = load("etablissements.xml").replace(b"<LISTE>", b"").replace(b"</LISTE>", b"")
    assert read_bytes(octets).fichier.etablissements == (connu,)


def test_unknown_element_of_a_place_is_counted():
    octets = load("geographique.xml").replace(b"</COMMUNE>", b"<ALTITUDE>3</ALTITUDE></COMMUNE>")
    assert read_bytes(octets).fichier.inconnus == {"BEE_GEOGRAPHIQUE/DONNEES/COMMUNES/COMMUNE/ALTITUDE": 1}


@pytest.mark.parametrize("tag", [b"LISTE", b"PAYS"])
def test_nesting_walked_through_is_bounded(tag):
    nombre = limits.MAX_PROFONDEUR + 5
    dedans = b"<%s>" % tag * nombre + b"</%s>" % tag * nombre
    octets = load("geographique.xml").replace(b"<DONNEES>", b"<DONNEES>" + dedans)
    with pytest.raises(FichierRefuse, match="imbrique plus de"):
        read_bytes(octets)

"""``STS_EDT``: individus, structures and services (``formats/sts_edt.md`` §2)."""

from datetime import date

from exchanges.parsers.records import Enseignement, Principal, Service
from tests.parsers.samples import load, read_bytes, read_sample


def test_school_and_academie_of_a_sts_file():
    fichier = read_sample("sts_emp.xml").fichier
    assert (fichier.entete.uai, fichier.entete.annee, fichier.entete.horodatage) == ("9990001W", "2025", None)
    assert (fichier.denomination, fichier.sigle) == ("COLLEGE EXEMPLE", "CLG")
    assert (fichier.academie_code, fichier.academie_libelle) == ("099", "EXEMPLE")
    assert fichier.inconnus == {}


def test_uai_and_year_are_read_as_text_too():
    octets = load("sts_emp.xml").replace(b'<UAJ CODE="9990001W">', b"<UAJ> 9990001W ")
    octets = octets.replace(b' ANNEE="2025">', b">2025")
    entete = read_bytes(octets).fichier.entete
    assert (entete.uai, entete.annee) == ("9990001W", "2025")


def test_individus_are_told_apart_by_type_and_id_and_suppleants_come_last():
    individus = read_sample("sts_emp.xml").fichier.individus
    assert [(i.type, i.id, i.nom_usage) for i in individus] == [
        ("epp", "1001", "EXEMPLE"),
        ("local", "1001", "LOCALE"),
        ("suppleant", "2001", "RELAIS"),
    ]
    assert individus[0].date_naissance == date(1980, 1, 31)
    assert individus[0].disciplines == ("L0202",)
    assert individus[0].principal_de == (Principal("3A", date(2025, 9, 1), date(2026, 8, 31)),)


def test_services_of_the_same_matiere_are_summed_never_overwritten():
    (division,) = read_sample("sts_emp.xml").fichier.divisions
    assert (division.effectif_prevu, division.effectif_calcule) == (28, 24)
    assert division.mefs == ("10310019110",)
    assert division.services == (
        Service(
            "020700",
            "CG",
            "4.50",
            is_co_enseignement=True,
            enseignements=(Enseignement("epp", "1001", "4.00"), Enseignement("local", "1001", "0.50")),
        ),
        Service("030201", "CG"),
    )


def test_groupe_of_sts_keeps_its_divisions():
    (groupe,) = read_sample("sts_emp.xml").fichier.groupes
    assert (groupe.code, groupe.divisions, groupe.services) == ("3G1", ("3A",), ())
    assert (groupe.effectif_calcule, groupe.effectif_max) == (None, 14)


def test_ampersand_of_a_code_is_read_as_one():
    fichier = read_bytes(load("sts_emp.xml").replace(b'CODE="3A"', b'CODE="3&amp;A"')).fichier
    assert [division.code for division in fichier.divisions] == ["3&A"]

"""``EDT_STS``: weeks, rooms, placed courses (``formats/sts_edt.md`` §3)."""

from datetime import date

import pytest

from exchanges.parsers.records import Alternance, Cours, Enseignement, Horaire, IndividuEDT, Salle, Service
from tests.parsers.samples import load, read_bytes, read_sample


SAMPLE = load("edt_sts.xml")


def test_school_and_year_of_an_edt_file_are_text():
    fichier = read_sample("edt_sts.xml").fichier
    assert (fichier.entete.uai, fichier.entete.annee) == ("9990001W", "2025")
    assert fichier.entete.logiciel == "EDITEUR_PRIVE"
    assert (fichier.inconnus, fichier.remarques) == ({}, ())


def test_weeks_are_mondays_whatever_day_the_file_gives():
    (alternance,) = read_sample("edt_sts.xml").fichier.alternances
    lundis = (date(2025, 9, 1), date(2025, 9, 8), date(2025, 9, 15))
    assert alternance == Alternance("H", "Cours Hebdomadaire", lundis)


def test_alternances_are_read_at_the_root_too():
    octets = SAMPLE.replace(b"<DONNEES>", b"").replace(b"<SALLES_COURS>", b"<DONNEES><SALLES_COURS>")
    octets = octets.replace(b"<HORAIRES>", b"<AUTRE>").replace(b"</HORAIRES>", b"</AUTRE>")
    fichier = read_bytes(octets).fichier
    assert [alternance.code for alternance in fichier.alternances] == ["H"]
    assert [salle.code for salle in fichier.salles] == ["03"]


def test_hours_and_rooms_of_an_edt_file():
    fichier = read_sample("edt_sts.xml").fichier
    assert fichier.horaires == (Horaire(1, 8 * 60 + 30, 17 * 60 + 5),)
    assert fichier.salles == (Salle("03", "", "Bâtiment A"),)


def test_individus_have_indemnities_and_responsibilities_but_no_name():
    assert read_sample("edt_sts.xml").fichier.individus == (
        IndividuEDT("1001", (("3A", "2116"),), ()),
        IndividuEDT("1002", (), (("4112", "2.00"),)),
    )


def test_courses_are_placed_in_minutes_and_midnight_is_a_time():
    (division,) = read_sample("edt_sts.xml").fichier.divisions
    cours = (Cours("H", 1, 830, 55, "15"), Cours("H", 4, 0, 120))
    assert division.services == (
        Service("020700", "CG", "4.00", False, (Enseignement("epp", "1001", "4.00", "1.00", cours),)),
    )


@pytest.mark.parametrize(
    "casse",
    [(b">1350<", b">1370<"), (b">1350<", b">midi<"), (b"<JOUR>1<", b"<JOUR>8<"), (b"<DUREE>0055</DUREE>", b"")],
)
def test_course_that_cannot_be_placed_is_left_out_and_counted(casse):
    fichier = read_bytes(SAMPLE.replace(*casse)).fichier
    (division,) = fichier.divisions
    assert [cours.jour for cours in division.services[0].enseignements[0].cours] == [4]
    assert "cours_illisible" in {remarque.code for remarque in fichier.remarques}


def test_opening_hours_that_cannot_be_read_are_left_out_and_counted():
    fichier = read_bytes(SAMPLE.replace(b'JOUR="1"', b'JOUR="lundi"')).fichier
    assert fichier.horaires == ()
    assert [remarque.code for remarque in fichier.remarques] == ["horaire_illisible"]


def test_groupes_nested_inside_divisions_are_read():
    (groupe,) = read_sample("edt_sts.xml").fichier.groupes
    assert (groupe.code, groupe.divisions, groupe.effectif_prevu, groupe.effectif_max) == ("3B_G2", ("3A",), 18, 0)


def test_missing_sections_are_no_reason_to_refuse():
    fichier = read_bytes(SAMPLE[: SAMPLE.index(b"<DONNEES>")] + b"<DONNEES/></EDT_STS>").fichier
    assert (fichier.divisions, fichier.groupes, fichier.alternances) == ((), (), ())

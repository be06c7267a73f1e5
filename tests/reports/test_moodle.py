"""Cohortes and their members, from the people of the ENT."""

import csv
import io
from datetime import date

import pytest

from exchanges.enums import Relais
from exchanges.models import CompteENT, Individu
from exchanges.pipeline.exportations import write_moodle
from exchanges.reports.annuaire import end_of
from exchanges.reports.exportations import perimetre_of, perimetres_of, read_portee
from exchanges.reports.moodle import list_cohortes, stream_membres
from tests.makers import make_ecole
from tests.makers_exports import VENDREDI, feed


pytestmark = pytest.mark.django_db
JOUR = date(2026, 9, 11)


@pytest.fixture
def ecole():
    return feed(make_ecole(siret="19990001100012"), VENDREDI)


def membres_of(ecole):
    portee = read_portee(perimetre_of(ecole), Relais.MOODLE, JOUR)
    return list(stream_membres(portee, ecole, end_of(ecole, JOUR)))


def read_csv(octets):
    return list(csv.reader(io.StringIO(octets.decode(), newline=""), delimiter=";"))


def test_eleves_and_enseignants_are_in_their_cohortes(ecole):
    export = write_moodle(perimetre_of(ecole), JOUR)
    titres, *cohortes = read_csv(export.cohortes)
    assert titres == ["name", "idnumber", "description", "category_idnumber"]
    assert [ligne[0] for ligne in cohortes] == [
        "Élèves de la classe 6A",
        "Profs de la classe 6A",
        "Élèves du groupe 6AGL1",
        f"Profs de l'établissement ({ecole.uai})",
    ]
    assert {ligne[3] for ligne in cohortes} == {"199900011"}
    lignes = {ligne[0]: [cle for cle in ligne[4:] if cle] for ligne in read_csv(export.membres)[1:]}
    assert lignes["maelys.modele1001"] == [
        f"{ecole.uai} Élèves de la classe 6A",
        f"{ecole.uai} Élèves du groupe 6AGL1",
    ]
    assert lignes["maelys.modele1003"] == [f"{ecole.uai} Élèves de la classe 6A"]
    assert lignes["lou.essai"] == [
        f"{ecole.uai} Profs de la classe 6A",
        f"{ecole.uai} Profs de l'établissement ({ecole.uai})",
    ]
    assert not any("camille" in login for login in lignes)


def test_a_groupe_without_anybody_has_no_cohorte(ecole):
    assert "6ESP1" not in {cohorte.code for cohorte in list_cohortes(membres_of(ecole))}


def test_usernames_are_the_logins_of_the_ent(ecole):
    logins = set(CompteENT.objects.values_list("login", flat=True))
    assert {membre.login for membre in membres_of(ecole)} < logins


def test_a_projet_gives_a_person_of_two_schools_once_with_all_her_cohortes(ecole):
    autre = feed(make_ecole(2), VENDREDI)
    assert Individu.objects.filter(sts_id="7").values("jointure").distinct().count() == 1
    (perimetre,) = perimetres_of(ecole.projet_ent, type(ecole).objects.all())
    lignes = [ligne for ligne in read_csv(write_moodle(perimetre, JOUR).membres) if ligne[0] == "lou.essai"]
    assert len(lignes) == 1
    assert sum(cle.startswith(autre.uai) for cle in lignes[0]) == 2
    assert sum(cle.startswith(ecole.uai) for cle in lignes[0]) == 2

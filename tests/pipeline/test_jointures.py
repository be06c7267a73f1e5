"""One number per person and per académie, never one number for two persons."""

import pytest

from exchanges.enums import CategorieAAF
from exchanges.models import Eleve, Individu, Jointure, Responsable
from exchanges.parsers.records import Individu as IndividuSTS
from tests.makers import LUNDI, load, make_academie, make_eleve, make_etablissement, make_fichiers, make_ine
from tests.makers_sts import make_sts
from tests.scenarios.makers import JOUR, make_responsables


pytestmark = pytest.mark.django_db


@pytest.fixture
def ecoles():
    """Two schools of one académie."""
    premiere = make_etablissement(1)
    return premiere, make_etablissement(2, academie=premiere.academie, projet_ent=premiere.projet_ent)


def numero(modele, **champs):
    return modele.objects.get(**champs).jointure_id


def load_eleve(ecole, now=LUNDI, **champs):
    load(ecole, make_fichiers(ecole, eleves=[make_eleve(**champs)], quand=now), now)


def test_everybody_of_a_school_gets_a_number_of_one_space(ecoles):
    ecole, _ = ecoles
    fichiers = [*make_fichiers(ecole), make_sts(ecole), make_responsables(ecole, ("1", "EXEMPLE", "Marie", "1001"))]
    load(ecole, fichiers)
    numeros = [modele.objects.values_list("jointure", flat=True) for modele in (Eleve, Responsable, Individu)]
    tous = [pk for liste in numeros for pk in liste]
    assert None not in tous
    assert len(set(tous)) == len(tous) == 4 + 1 + 2


def test_eleve_without_ine_waits_for_it(ecoles):
    ecole, _ = ecoles
    load_eleve(ecole, ine="")
    assert numero(Eleve, etablissement=ecole) is None
    load_eleve(ecole, LUNDI + JOUR)
    assert numero(Eleve, etablissement=ecole) is not None


def test_eleve_who_changes_school_keeps_her_number(ecoles):
    ancienne, nouvelle = ecoles
    load_eleve(ancienne, eleve_id="1001")
    load_eleve(nouvelle, eleve_id="7001", ine=make_ine(1001))
    assert numero(Eleve, etablissement=ancienne) == numero(Eleve, etablissement=nouvelle)


def test_number_taken_under_the_ine_of_somebody_else_is_given_back(ecoles):
    usurpatrice, vraie = ecoles
    load_eleve(usurpatrice, eleve_id="1001", ine=make_ine(5))
    load_eleve(vraie, eleve_id="2002", ine=make_ine(5))
    load_eleve(usurpatrice, LUNDI + JOUR, eleve_id="1001", ine=make_ine(6))
    assert numero(Eleve, etablissement=usurpatrice) != numero(Eleve, etablissement=vraie)
    assert Jointure.objects.get(pk=numero(Eleve, etablissement=usurpatrice)).cle == make_ine(6)


def test_same_eleve_keeps_her_number_when_her_ine_is_corrected(ecoles):
    ecole, _ = ecoles
    load_eleve(ecole, ine=make_ine(5))
    avant = numero(Eleve, etablissement=ecole)
    load_eleve(ecole, LUNDI + JOUR, ine=make_ine(6))
    assert numero(Eleve, etablissement=ecole) == avant


@pytest.mark.parametrize(("nom", "is_meme"), [("EXEMPLE", True), ("Exemplé", True), ("AUTRE", False)])
def test_adult_of_two_schools_is_one_person_only_under_one_name(ecoles, nom, is_meme):
    for ecole, porte in zip(ecoles, ("EXEMPLE", nom), strict=True):
        load(ecole, [*make_fichiers(ecole), make_responsables(ecole, ("1", porte, "Marie", "1001"))])
    numeros = {numero(Responsable, etablissement=ecole) for ecole in ecoles}
    assert (len(numeros) == 1) is is_meme


def test_agent_of_two_schools_is_one_person_but_not_two_local_ones(ecoles):
    individus = (
        IndividuSTS("epp", "7", nom_usage="ESSAI", prenom="Lou", fonction="ENS"),
        IndividuSTS("local", "7", nom_usage="ESSAI", prenom="Lou", fonction="ENS"),
    )
    for ecole in ecoles:
        load(ecole, [*make_fichiers(ecole), make_sts(ecole, individus=individus)])
    epp, local = ({numero(Individu, etablissement=e, type=t) for e in ecoles} for t in ("epp", "local"))
    assert (len(epp), len(local)) == (1, 2)


def test_two_academies_share_nobody(ecoles):
    ici, _ = ecoles
    ailleurs = make_etablissement(3, academie=make_academie("AC2"), projet_ent=ici.projet_ent)
    for ecole in (ici, ailleurs):
        load_eleve(ecole)
    assert numero(Eleve, etablissement=ici) != numero(Eleve, etablissement=ailleurs)
    assert set(Jointure.objects.values_list("categorie", flat=True)) == {str(CategorieAAF.ELEVE)}

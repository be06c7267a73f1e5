"""A table of accounts: a sentence a line, the preview writes nothing, a refused line spares the others."""

import io

import pytest
from django.contrib.admin.models import LogEntry

from exchanges.enums import Role
from exchanges.models import Utilisateur
from exchanges.parsers.comptes import MAXIMUM, read_comptes
from exchanges.parsers.errors import FichierRefuse
from exchanges.pipeline.comptes_csv import import_lignes
from tests.makers import make_academie, make_etablissement, make_utilisateur


pytestmark = pytest.mark.django_db


def read(*lignes, titres="email;nom;prénom;rôle;UAI;fin"):
    return read_comptes(io.BytesIO("\n".join((titres, *lignes)).encode()), "comptes.csv")


@pytest.fixture
def ecoles():
    nord, sud = make_academie("NORD"), make_academie("SUD")
    return [make_etablissement(rang, academie=a) for rang, a in ((1, nord), (2, nord), (3, sud))]


@pytest.fixture
def dane(ecoles):
    return make_utilisateur("dane", Role.DANE, academie=ecoles[0].academie)


def run(par, *lignes, is_essai=False):
    return [jugee.message for jugee in import_lignes(read(*lignes), par, is_essai=is_essai)]


def test_line_with_several_schools_opens_one_account(ecoles, dane):
    uais = f"{ecoles[0].uai}, {ecoles[1].uai}"
    (message,) = run(dane, f"Anne@ac-essai.example;MODÈLE;Anne;Secrétariat;{uais};31/08/2099")
    anne = Utilisateur.objects.get(username="anne@ac-essai.example")
    assert anne.habilitations.count() == 2
    assert {str(h.fin) for h in anne.habilitations.all()} == {"2099-08-31"}
    assert message.startswith("Compte ouvert : secrétariat, Collège d'essai 1")


def test_preview_says_the_same_and_writes_nothing(ecoles, dane):
    lignes = [
        f"anne@ac-essai.example;;;direction;{ecoles[0].uai};",
        f"x@ac-essai.example;;;direction;{ecoles[2].uai};",
    ]
    essai = run(dane, *lignes, is_essai=True)
    assert Utilisateur.objects.count() == 1
    assert LogEntry.objects.count() == 0
    assert run(dane, *lignes) == essai


def test_refused_line_spares_the_others_and_leaves_no_account(ecoles, dane):
    messages = run(
        dane,
        f"loin@ac-essai.example;;;secretariat;{ecoles[2].uai};",
        f"bien@ac-essai.example;;;secretariat;{ecoles[0].uai};",
    )
    assert messages[0] == f"L'établissement {ecoles[2].uai} n'existe pas ici, ou n'est pas de votre périmètre."
    assert sorted(Utilisateur.objects.values_list("username", flat=True)) == ["bien@ac-essai.example", "dane"]


@pytest.mark.parametrize(
    ("ligne", "phrase"),
    [
        ("anne;;;direction;{uai};", "« anne » n'est pas une adresse électronique."),
        ("a@ac-essai.example;;;chef;{uai};", "Le rôle « chef » n'est pas connu. Écrivez l'un de ceux-ci :"),
        ("a@ac-essai.example;;;direction;;", "Indiquez l'UAI de l'établissement."),
        ("a@ac-essai.example;;;direction;{uai};bientôt", "« bientôt » n'est pas une date."),
        ("a@ac-essai.example;;;direction;{uai};01/01/2020", "Le dernier jour, 01/01/2020, est déjà passé."),
        ("a@ac-essai.example;;;direction;0999999Z 0999998Y;", "Ces établissements n'existent pas ici"),
        ("a@ac-essai.example;;;admin;;", "Vous ne pouvez pas donner ce rôle : administration."),
    ],
)
def test_each_fault_has_its_sentence(ecoles, dane, ligne, phrase):
    (message,) = run(dane, ligne.format(uai=ecoles[0].uai))
    assert message.startswith(phrase)
    assert Utilisateur.objects.count() == 1


def test_dane_of_ones_own_academie_needs_no_code(ecoles, dane):
    run(dane, "b@ac-essai.example;;;DANE;;")
    assert Utilisateur.objects.get(username="b@ac-essai.example").habilitations.get().academie.code == "NORD"


def test_dane_of_another_academie_is_refused(ecoles, dane):
    lignes = read("b@ac-essai.example;dane;SUD", titres="email;rôle;académie")
    (jugee,) = import_lignes(lignes, dane, is_essai=False)
    assert jugee.compte is None
    assert "n'est pas de votre périmètre" in jugee.message


def test_administrator_says_which_academie(ecoles):
    admin = make_utilisateur("admin", Role.ADMIN)
    assert run(admin, "b@ac-essai.example;;;dane;;")[0].startswith("Dites de quelle académie")


def test_second_time_nothing_changes(ecoles, dane):
    ligne = f"anne@ac-essai.example;;;secretariat;{ecoles[0].uai};"
    run(dane, ligne)
    assert run(dane, ligne) == ["Rien ne change : ce compte a déjà ce rôle."]


def test_deactivated_account_is_said(ecoles, dane):
    ligne = f"anne@ac-essai.example;;;secretariat;{ecoles[0].uai};"
    run(dane, ligne)
    Utilisateur.objects.filter(username="anne@ac-essai.example").update(is_active=False)
    assert run(dane, ligne)[0].endswith("Ce compte est désactivé : il faut le réactiver.")


def test_too_many_lines_are_refused_at_once():
    with pytest.raises(FichierRefuse, match="501 lignes ; il en faut 500 au plus"):
        read(*["a@ac-essai.example;;;dane;;"] * (MAXIMUM + 1))


def test_columns_of_the_role_and_the_address_are_needed():
    with pytest.raises(FichierRefuse, match="pas de colonne « rôle »"):
        read("a@ac-essai.example", titres="email")

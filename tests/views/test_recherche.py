"""The search box: bounded, and inside the perimeter."""

import pytest
from django.urls import reverse

from exchanges.enums import Role
from tests.makers import load, make_academie, make_ecole, make_eleve, make_fichiers, make_ine, make_utilisateur
from tests.views.conftest import connect
from tests.views.pages import text


def search(client, q):
    return text(client.get(reverse("exchanges:search"), {"q": q}))


@pytest.mark.parametrize(
    "q", ["modele1001", "MODELE1001 maëlys", "maëlys MODELE1001", "1001", make_ine(1001), f" {make_ine(1001)} "]
)
def test_eleve_is_found_by_name_number_or_ine(q, secretaire, ecole):
    page = search(secretaire, q)
    assert "MODELE1001 Maëlys 6A" in page
    assert "MODELE1002" not in page


@pytest.mark.parametrize(("q", "section"), [("6agl", "Groupes 6AGL1"), ("6A", "Divisions 6A")])
def test_structures_are_found_by_code(q, section, secretaire, ecole):
    assert section in search(secretaire, q)


def test_establishment_is_found_by_uai_or_name(secretaire, ecole):
    assert "Établissements Collège d'essai 1" in search(secretaire, ecole.uai)
    assert "Établissements Collège d'essai 1" in search(secretaire, "essai")


def test_nothing_outside_the_perimeter_is_found(secretaire, ecole):
    autre = make_ecole(2, academie=make_academie("AC2"))
    assert "Aucun résultat" in search(secretaire, autre.uai)
    assert search(secretaire, "MODELE1001").count("MODELE1001 Maëlys") == 1


def test_results_are_bounded_and_say_so(secretaire, ecole):
    load(ecole, make_fichiers(ecole, eleves=[make_eleve(str(numero)) for numero in range(1001, 1031)]))
    page = search(secretaire, "modele")
    assert page.count("Maëlys") == 20
    assert "Seuls les 20 premiers sont montrés" in page


@pytest.mark.parametrize(
    ("q", "phrase"), [("", "Que cherchez-vous ?"), ("x", "C'est un peu court"), ("zzz", "Aucun résultat")]
)
def test_every_empty_state_says_what_to_do(q, phrase, secretaire, ecole):
    assert phrase in search(secretaire, q)


def test_dane_reads_the_school_of_each_result(ecole):
    make_ecole(2)
    dane = connect(make_utilisateur("dane", Role.DANE, academie=ecole.academie))
    assert f"6A · Collège d'essai 1 ({ecole.uai})" in search(dane, "MODELE1001")


def test_search_asks_a_bounded_number_of_queries(secretaire, ecole, django_assert_max_num_queries):
    load(ecole, make_fichiers(ecole, eleves=[make_eleve(str(numero)) for numero in range(1001, 1031)]))
    with django_assert_max_num_queries(14):
        search(secretaire, "modele")

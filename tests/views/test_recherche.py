"""The search box: bounded, and inside the perimeter."""

import pytest
from django.urls import reverse

from exchanges.enums import Role
from exchanges.models import CompteENT, Eleve
from tests.makers import LUNDI, load, make_academie, make_ecole, make_eleve, make_fichiers, make_ine, make_utilisateur
from tests.makers_sts import make_sts
from tests.scenarios.makers import make_responsables
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


@pytest.mark.parametrize("q", ["ECUREUIL", "écureuil", "Zoé", "zoe écu", "ecu zo", "zoe.ecureuil", "Grand", "9001"])
def test_accents_case_and_order_do_not_count(q, secretaire, ecole):
    eleve = make_eleve("9001", nom_de_famille="ÉCUREUIL", nom_usage="GRAND-ÉCUREUIL", prenom="Zoé")
    load(ecole, make_fichiers(ecole, eleves=[eleve, make_eleve("1001")]))
    projet = ecole.projet_ent
    jointure = Eleve.objects.get(eleve_id="9001").jointure
    CompteENT.objects.create(
        projet=projet, jointure=jointure, identifiant="x", login="zoe.ecureuil", base="zoe.ecureuil", rang=1,
        cree_le=LUNDI,
    )  # fmt: skip
    page = search(secretaire, q)
    assert "GRAND-ÉCUREUIL Zoé" in page
    assert "MODELE1001" not in page


def test_a_word_is_the_beginning_of_a_name_and_not_its_middle(secretaire, ecole):
    assert "Aucun résultat" in search(secretaire, "odele1001")


@pytest.mark.parametrize("q", [".*", "%", "_", "[a", "\\", "a\x00b", "(", "ß" * 80])
def test_signs_are_only_signs(q, secretaire, ecole):
    assert "MODELE1001" not in search(secretaire, q)


def test_enseignant_and_responsable_lead_to_their_page_and_to_why(secretaire, ecole):
    load(ecole, [make_sts(ecole), make_responsables(ecole, ("90001", "ESSAIM", "Ève", "1001"))])
    html = secretaire.get(reverse("exchanges:search"), {"q": "essai"}).content.decode()
    for adresse in (
        reverse("exchanges:individu_detail", args=[ecole.uai, "epp", "7"]),
        reverse("checklists:pourquoi_enseignants", args=[ecole.uai, "epp", "7"]),
        reverse("exchanges:responsable_detail", args=[ecole.uai, "90001"]),
        reverse("checklists:pourquoi_responsables", args=[ecole.uai, "90001"]),
    ):
        assert f'href="{adresse}"' in html


def test_search_asks_a_bounded_number_of_queries(secretaire, ecole, django_assert_max_num_queries):
    load(ecole, make_fichiers(ecole, eleves=[make_eleve(str(numero)) for numero in range(1001, 1031)]))
    with django_assert_max_num_queries(14):
        search(secretaire, "modele")

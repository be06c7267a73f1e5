"""The dashboard of the DANE narrowed, sorted, and told in words on a phone and on paper."""

import re
from datetime import timedelta

import pytest

from checklists.pilotage.tableau import TRIS
from exchanges.enums import Role
from tests.checklists.makers_academie import listed, make_suivi, uais, url
from tests.makers import LUNDI, make_etablissement, make_projet, make_uai, make_utilisateur
from tests.views.conftest import connect
from tests.views.pages import text


@pytest.fixture
def dane(academie):
    return connect(make_utilisateur("dane", Role.DANE, academie=academie))


def test_each_filter_narrows_the_list(dane, academie):
    make_suivi(1, {"departement": "99", "bassin": "Nord"}, rentree_etape="12", cr_codes={"GROUPE_B_01": 1})
    projet = make_projet("Autre ENT")
    make_suivi(2, {"type": "LYC", "departement": "98", "bassin": "Sud", "projet_ent": projet}, etat="muet")
    assert listed(dane, "type=LYC") == uais(2)
    assert listed(dane, "departement=99") == uais(1)
    assert listed(dane, "bassin=Sud") == uais(2)
    assert listed(dane, f"projet={projet.pk}") == uais(2)
    assert listed(dane, "etape=12") == uais(1)
    assert listed(dane, "code=GROUPE_B_01") == uais(1)
    assert listed(dane, "etat=muet&bassin=Nord") == []
    assert "Aucun établissement ne correspond" in text(dane.get(url("dashboard", query="etat=muet&bassin=Nord")))


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("elysee", [1]),
        ("ÉLYSÉE reclus", [1]),
        ("coeur", [2]),
        ("cœur", [2]),
        ("0990002", [2]),
        ("(", []),
        ("lys x", []),
    ],
)
def test_the_search_minds_neither_accents_nor_order(texte, attendu, dane, academie):
    make_suivi(1, {"denomination": "Collège Reclus Élysée"})
    make_suivi(2, {"denomination": "Lycée du Cœur d'Îlot"})
    assert listed(dane, f"texte={texte}") == uais(*attendu)


def test_a_filter_that_no_longer_exists_is_left_out_and_said(dane, academie):
    make_suivi(1)
    query = "bassin=Disparu&type=CLG"
    assert listed(dane, query) == uais(1)
    assert "Il a été laissé de côté : Bassin" in text(dane.get(url("dashboard", query=query)))


@pytest.mark.parametrize("cle", sorted(TRIS))
def test_every_column_sorts_both_ways_with_the_unknown_last(cle, dane, academie):
    make_suivi(1, {"type": "CLG", "departement": "01", "bassin": "A"}, etat="muet", depot_le=LUNDI)
    make_suivi(2, {"type": "LYC", "departement": "02", "bassin": "B"}, etat="en_ordre", prochain_effet={"liens": 3})
    make_etablissement(3)
    assert set(listed(dane, f"tri={cle}")) == set(listed(dane, f"tri=-{cle}")) == set(uais(1, 2, 3))
    if cle not in {"ecole", "type", "departement", "bassin", "projet"}:
        assert listed(dane, f"tri=-{cle}")[-1] == make_uai(3)


@pytest.mark.parametrize(
    ("tri", "attendu"),
    [
        ("etat", [3, 1, 2]),
        ("", [3, 1, 2]),
        ("inconnu", [3, 1, 2]),
        ("absents", [1, 3, 2]),
        ("-absents", [2, 3, 1]),
        ("age", [2, 3, 1]),
        ("-depot", [2, 3, 1]),
        ("etape", [1, 3, 2]),
        ("effet", [3, 2, 1]),
        ("part_groupe", [3, 2, 1]),
        ("rentree", [2, 1, 3]),
    ],
)
def test_sql_orders_by_what_a_column_means(tri, attendu, dane, academie):
    champs = (
        {"etat": "a_surveiller", "cr_absents": 2, "rentree_etape": "5a", "eleves_en_groupe": 200},
        {"etat": "en_ordre", "cr_absents": 10, "rentree_etape": "12", "eleves_en_groupe": 100, "rentree_prouvees": 1},
        {"etat": "muet", "cr_absents": 9, "rentree_etape": "9", "eleves_en_groupe": 10, "rentree_prouvees": 12},
    )
    effets = ({"liens": 2, "fiches": 9}, {"liens": 10}, {})
    for rang, (valeurs, effet) in enumerate(zip(champs, effets, strict=True), start=1):
        depot = LUNDI - timedelta(days=(9, 1, 4)[rang - 1])
        make_suivi(rang, prochain_effet=effet, depot_le=depot, **valeurs)
    assert listed(dane, f"tri={tri}") == uais(*attendu)


def test_fifty_a_page_and_all_of_them_on_demand(dane, academie):
    for rang in range(1, 53):
        make_suivi(rang)
    assert len(listed(dane)) == 50
    assert len(listed(dane, "page=2")) == 2
    assert len(listed(dane, "lignes=toutes")) == 52
    assert "Lignes 51 à 52 sur 52" in text(dane.get(url("dashboard", query="page=2")))


def test_paper_says_what_was_asked_for_and_in_which_order(dane, academie):
    make_suivi(1, etat="muet", cr_codes={"GROUPE_B_01": 1})
    query = "texte=essai&etat=muet&code=GROUPE_B_01&tri=-absents"
    attendu = (
        "Filtres : Nom, ville ou UAI : « essai » ; État : Muet ; "
        "Anomalie : GROUPE_B_01 – L'élève n'a pas de MEF dans SIECLE. Tri : Absents, ordre décroissant."
    )
    assert attendu in text(dane.get(url("dashboard", query=query)))
    assert "Filtres : aucun. Tri : Le plus grave d'abord." in text(dane.get(url("dashboard")))
    assert "Filtres : aucun. Tri : Étape 5b, ordre croissant." in text(dane.get(url("heatmap", query="tri=5b")))


def test_a_phone_folds_the_usual_columns_but_the_first_questions(dane, academie):
    make_suivi(1)
    contenu = dane.get(url("dashboard")).content.decode()
    montrees = re.findall(r'<td(?: class="number")? data-label="([^"]+)"', contenu)
    assert montrees == ["État", "Étapes prouvées", "Étapes en retard", "Dernier dépôt", "Absents"]
    assert 'class="number reste" data-label="Doublons"' in contenu
    assert contenu.count('<td class="suite">') == 1
    assert 'class="suite"' not in dane.get(url("dashboard", query="colonnes=bassin&colonnes=cr")).content.decode()


def test_the_folded_filters_say_how_many_there_are(dane, academie):
    make_suivi(1)
    assert "Filtrer et trier (2)" in text(dane.get(url("dashboard", query="etat=en_ordre&texte=essai")))
    assert "Filtrer Nom, ville ou UAI" in text(dane.get(url("heatmap")))


def read_tri(client, page, query=""):
    """The options of the sort of the filter form, and those that are chosen."""
    html = client.get(url(page, query=query)).content.decode()
    formulaire = re.search(r'<form class="filter".*?</form>', html, re.DOTALL).group()
    champs = re.findall(r'name="tri"', formulaire)
    select = re.search(r'<select name="tri".*?</select>', formulaire, re.DOTALL)
    options = re.findall(r'<option value="([^"]*)"( selected)?>', select.group()) if select else []
    return champs, [valeur for valeur, _ in options], [valeur for valeur, is_choisi in options if is_choisi]


def test_a_phone_chooses_its_sort_beside_the_filters(dane):
    make_suivi(1)
    champs, options, choisis = read_tri(dane, "dashboard", "tri=-absents&colonnes=doublons")
    assert len(champs) == 1
    assert options == ["", *(signe + cle for cle in TRIS for signe in ("", "-"))]
    assert choisis == ["-absents"]


@pytest.mark.parametrize("tri", ["", "inconnu", "12", "--absents"])
def test_without_a_known_sort_the_gravest_state_is_chosen(dane, tri):
    make_suivi(1)
    assert read_tri(dane, "dashboard", f"tri={tri}")[2] == [""]


def test_the_heat_map_keeps_its_own_sort_when_it_is_filtered(dane):
    make_suivi(1)
    assert read_tri(dane, "heatmap", "tri=12") == (['name="tri"'], [], [])

"""Names compared, and the logins that an ENT makes of them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchanges.rules.logins import FormeLogin, fold_nom, login_ent


@pytest.mark.parametrize(
    ("prenom", "nom", "login"),
    [
        ("Guy Et Yvette", "M. MME MANENTE", "guy_et_yvette.m._mme_manente"),
        ("Tino & Suzanne", "BATTISTUTA", "tino_-_suzanne.battistuta"),
        ("René Et Suzanne", "DESINIERES", "rene_et_suzanne.desinieres"),
    ],
)
def test_logins_of_wrong_names_are_those_of_the_guide(prenom, nom, login):
    assert login_ent(prenom, nom) == login


@pytest.mark.parametrize(
    ("prenom", "nom", "login"),
    [
        ("Maëlys", "D'AUBÉPINE", "maelys.daubepine"),
        ("Jean-Noël", "CERF-VOLANT", "jean-noel.cerf-volant"),
        ("Cœur", "DE  LA MARMITE", "coeur.de_la_marmite"),
        ("", "MODELE", ".modele"),
    ],
)
def test_a_right_name_gives_a_plain_login(prenom, nom, login):
    assert login_ent(prenom, nom) == login


def test_the_compact_form_keeps_letters_and_digits_only():
    assert login_ent("Jean-Noël", "L'ESSAI", FormeLogin.COMPACTE) == "jeannoel.lessai"
    assert login_ent("LŒUF", "STRAßE Ø", FormeLogin.COMPACTE) == "luf.strae"
    assert login_ent("A" * 40, "B" * 31, FormeLogin.COMPACTE) == f"{'a' * 30}.{'b' * 30}"


@pytest.mark.parametrize(
    ("texte", "plie"),
    [
        ("D'Aubépine-Cœur", "D AUBEPINE COEUR"),
        ("  de  la_marmite ", "DE LA MARMITE"),
        ("Zoe", "ZOE"),
        ("Zoé", "ZOE"),
        ("", ""),
    ],
)
def test_names_are_folded_to_be_compared(texte, plie):
    assert fold_nom(texte) == plie


@given(st.text(), st.text())
def test_whatever_is_typed_a_login_is_plain_and_folding_twice_changes_nothing(prenom, nom):
    assert re.fullmatch(r"[a-z0-9._-]*\.[a-z0-9._-]*", login_ent(prenom, nom))
    assert re.fullmatch(r"[a-z0-9_]{0,30}\.[a-z0-9_]{0,30}", login_ent(prenom, nom, FormeLogin.COMPACTE))
    assert fold_nom(fold_nom(nom)) == fold_nom(nom)

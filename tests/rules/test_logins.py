"""Names compared, and the logins that an ENT makes of them."""

import pytest

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

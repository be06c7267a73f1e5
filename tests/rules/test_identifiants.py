"""Keys of UAI and INE (``formats/siecle.md`` §5.1). The two UAI are those of the public guides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchanges.rules.identifiants import cle_mod23, cle_rnie, is_ine_valide, is_uai_valide


def digits(count):
    return st.text("0123456789", min_size=count, max_size=count)


@pytest.mark.parametrize("uai", ["0790029C", "9830418M"])
def test_real_uais_have_the_right_key(uai):
    assert is_uai_valide(uai)


@pytest.mark.parametrize("uai", ["0790029D", "790029C", "0790029c", "0790029C ", "079002IC", "", "0790029É"])
def test_a_wrong_key_or_shape_is_no_uai(uai):
    assert not is_uai_valide(uai)


@given(digits(7))
def test_one_letter_only_is_the_key_of_a_uai(chiffres):
    assert [c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if is_uai_valide(chiffres + c)] == [cle_mod23(chiffres)]


@given(digits(10))
def test_an_ine_from_before_2018_is_checked_by_one_letter(chiffres):
    cle = cle_mod23(chiffres)
    assert is_ine_valide(chiffres + cle)
    assert not is_ine_valide(chiffres + ("A" if cle != "A" else "B"))


@given(digits(9))
def test_an_ine_since_2018_is_checked_by_two_letters(chiffres):
    cle = cle_rnie(chiffres)
    assert is_ine_valide(chiffres + cle)
    assert not is_ine_valide(chiffres + cle[::-1]) or cle == cle[::-1]


@pytest.mark.parametrize(
    ("ine", "is_valide"),
    [("0990A12345B", True), ("0990D12345B", True), ("0ABCDEFGH12", True), ("0990X12345B", False), ("", False)],
)
def test_ines_of_apprentices_and_provisional_ones_are_taken_as_they_are(ine, is_valide):
    assert is_ine_valide(ine) is is_valide

"""Name proposals: what STS takes, and what still tells a groupe from another (``domain.md``, 000 §2.7)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchanges.rules.noms import is_nom_conforme, propose_nom, propose_noms, tronque


NOMS = st.text(max_size=40) | st.text(alphabet="0123456789ABCDEGRabé .-_/&'", max_size=30)
CONFORMES = st.from_regex(r"\A[A-Za-z0-9]([A-Za-z0-9 _-]{0,6}[A-Za-z0-9])?\Z")
FINS = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


@pytest.mark.parametrize(
    ("nom", "propose"),
    [
        ("1ARA1STMG", "1AR1STMG"),
        ("5AGL1Gr.1", "5AGL1GR1"),
        ("4EME LV2 AJE", "4LV2AJE"),
        ("MPERMANGR2", "MPRMNGR2"),
        ("6.AGL", "6AGL"),
        ("3A/3B", "3A-3B"),
        ("6ÀGL", "6AGL"),
        ("GROUPE ANGLAIS 3ème 1", "GAGL3-1"),
        ("1 SPECIALITE MATHEMATIQUES 2", "1SPEMAT2"),
        ("TERMINALE HISTOIRE-GEOGRAPHIE G2", "THIGEG2"),
        ("...", "G"),
    ],
)
def test_a_proposal_keeps_the_level_the_discipline_and_the_number(nom, propose):
    assert propose_nom(nom, ()) == propose


def test_a_name_already_borne_gets_a_mark_that_can_be_told_from_its_number():
    assert propose_nom("5AGL1Gr.1", {"5agl1gr1"}) == "5AG1GR1B"
    assert propose_nom("6.LATIN", {"6LATIN"}) == "6LATIN2"


@given(NOMS, st.sets(CONFORMES, max_size=20))
def test_a_proposal_is_compliant_free_and_always_the_same(nom, pris):
    propose = propose_nom(nom, pris)
    assert is_nom_conforme(propose)
    assert propose.casefold() not in {autre.casefold() for autre in pris}
    assert propose_nom(nom, sorted(pris, reverse=True)) == propose


@given(CONFORMES)
def test_a_compliant_name_is_left_alone(nom):
    assert propose_nom(nom, ()) == nom


@given(NOMS)
def test_a_proposal_is_its_own_proposal(nom):
    propose = propose_nom(nom, ())
    assert propose_nom(propose, ()) == propose


@given(st.text(alphabet="ABCDEFGHIRUM123 ", min_size=1, max_size=30), FINS, FINS)
def test_names_that_differ_at_their_end_only_get_different_proposals(debut, une, autre):
    if une != autre:
        assert propose_nom(debut + une, ()) != propose_nom(debut + autre, ())


@given(st.lists(NOMS, unique=True, max_size=12), st.sets(CONFORMES, max_size=5))
def test_proposals_given_together_are_all_different(noms, pris):
    propositions = propose_noms(noms, pris)
    assert list(propositions) == noms
    assert len({p.casefold() for p in propositions.values()} | {p.casefold() for p in pris}) == len(
        propositions
    ) + len({p.casefold() for p in pris})


def test_the_supply_of_names_does_not_run_out_nor_slow_down():
    noms = [f"5AGL1Gr.{'.' * numero}1" for numero in range(5000)]
    assert len(set(propose_noms(noms, ()).values())) == 5000


def test_a_name_is_cut_as_edt_cuts_it():
    assert tronque("1ARA1STMG") == "1ARA1STM"
    assert tronque("5AGL1Gr.1") == "5AGL1Gr1"
    assert tronque("é.&") == ""

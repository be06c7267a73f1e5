"""The diff, without a database: what opens, what closes, what stays."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from exchanges.importer import tables
from exchanges.importer.compare import LigneCourante, compare


DEPUIS = datetime(2026, 9, 1, tzinfo=UTC)
LIGNES = st.dictionaries(st.tuples(st.sampled_from("ABCDE"), st.sampled_from("12")), st.tuples(st.sampled_from("xyz")))


def as_courants(lignes):
    return {cle: LigneCourante(pk, DEPUIS, valeurs) for pk, (cle, valeurs) in enumerate(lignes.items())}


def carry_out(changement, lignes):
    """What the table holds once the change is made."""
    restent = {cle: valeurs for cle, valeurs in lignes.items() if cle not in changement.clos}
    return restent | changement.ouverts | {cle: apres for cle, (_, apres) in changement.modifies.items()}


@given(LIGNES, LIGNES)
def test_carrying_out_the_diff_gives_what_was_wanted(avant, apres):
    changement = compare(tables.LIENS_GROUPE, as_courants(avant), apres)
    assert carry_out(changement, avant) == apres


@given(LIGNES, LIGNES)
def test_a_row_is_opened_modified_closed_or_left_alone_and_only_one_of_them(avant, apres):
    changement = compare(tables.LIENS_GROUPE, as_courants(avant), apres)
    assert changement.ouverts.keys() == apres.keys() - avant.keys()
    assert changement.clos.keys() == avant.keys() - apres.keys()
    assert all(avant[cle] != apres[cle] for cle in changement.modifies)
    assert changement.inchanges + len(changement.modifies) == len(avant.keys() & apres.keys())
    assert changement.avant == len(avant)
    assert changement.is_vide == (avant == apres)


@given(LIGNES)
def test_the_same_rows_again_change_nothing(lignes):
    assert compare(tables.LIENS_GROUPE, as_courants(lignes), lignes).is_vide


def test_the_share_closed_ignores_rows_that_have_a_successor():
    avant = as_courants({("A",): ("x",), ("B",): ("x",), ("C",): ("x",), ("D",): ("x",)})
    changement = compare(tables.FICHES_MEF, avant, {("A",): ("y",), ("B",): ("x",), ("E",): ("x",)})
    assert changement.part_close == 0.5
    assert compare(tables.FICHES_MEF, {}, {}).part_close == 0.0


def test_fields_that_differ_are_named_with_both_values():
    avant = as_courants({("10010012110",): ("6EME", "SIXIEME", True, None, "", "")})
    changement = compare(tables.FICHES_MEF, avant, {("10010012110",): ("6EME", "6E GENERALE", False, None, "", "")})
    assert changement.champs_modifies(("10010012110",)) == [
        ("libelle", "SIXIEME", "6E GENERALE"),
        ("is_selectionne", True, False),
    ]

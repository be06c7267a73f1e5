"""The delta of two exports, and the export that it gives back."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchanges.enums import CategorieAAF
from exchanges.parsers.records.aaf import add, delete, modify, sort_key
from exchanges.rules.aaf_delta import apply, comparable, diff, is_same
from tests.rules.aaf import make_eleve, make_matiere


textes = st.sampled_from(["", "A", "B", " A", "A ", "C"])
listes = st.lists(textes.filter(bool), max_size=3).map(tuple)
eleves = st.builds(
    lambda numero, sn, groupes, codes: make_eleve(
        str(numero), sn=sn, ENTEleveGroupes=groupes, ENTEleveCodeEnseignements=codes
    ),
    st.integers(1, 12),
    listes,
    listes,
    listes,
)
matieres = st.builds(
    lambda numero, nom: make_matiere(f"{numero:06}", ENTLibelleMatiere=nom), st.integers(1, 6), listes
)


def sort(fiches):
    """An export: sorted, each number once."""
    par_cle = {sort_key(fiche.categorie, fiche.identifiant): fiche for fiche in fiches}
    return [par_cle[cle] for cle in sorted(par_cle)]


exports = st.lists(eleves | matieres, max_size=12).map(sort)


@settings(max_examples=200, deadline=None)
@given(exports, exports)
def test_the_delta_applied_to_an_export_gives_the_next_one(avant, apres):
    delta = list(diff(avant, apres))
    assert [comparable(fiche) for fiche in apply(avant, delta)] == [comparable(fiche) for fiche in apres]
    assert {cle(fiche) for fiche in apply(avant, delta)} == {cle(fiche) for fiche in apres}
    assert list(diff(apply(avant, delta), apres)) == []


def cle(fiche):
    return fiche.categorie, fiche.identifiant


@given(exports)
def test_an_export_has_no_delta_with_itself(export):
    assert list(diff(export, export)) == []


def test_a_delta_says_only_what_changed_and_says_it_whole():
    reste, part, change, arrive = (make_eleve(numero) for numero in ("9", "10", "11", "100"))
    apres = replace(change, valeurs=tuple(("X",) if valeur else () for valeur in change.valeurs))
    assert list(diff([reste, part, change], [reste, apres, arrive])) == [
        delete(CategorieAAF.ELEVE, "10"),
        modify(apres),
        add(arrive),
    ]


def test_the_order_of_values_counts_in_parallel_lists_only():
    un = make_eleve(ENTEleveGroupes=("9001$A", "9001$B"))
    assert is_same(un, make_eleve(ENTEleveGroupes=(" 9001$B", "9001$A")))
    codes = make_eleve(ENTEleveCodeEnseignements=("020700", "030602"))
    assert not is_same(codes, make_eleve(ENTEleveCodeEnseignements=("030602", "020700")))


@pytest.mark.parametrize("numeros", [("2", "1"), ("1", "1"), ("10", "9")])
def test_an_export_out_of_order_is_refused(numeros):
    with pytest.raises(ValueError, match=f"Eleve {numeros[1]} n'est pas à sa place"):
        list(diff([make_eleve(numero) for numero in numeros], []))


def test_a_delta_that_does_not_fit_is_applied_as_the_consumers_do():
    connu, inconnu = make_eleve("1"), make_eleve("2")
    operations = [delete(CategorieAAF.ELEVE, "3"), modify(inconnu), add(make_eleve("1", sn=("NEUF",)))]
    resultat = list(apply([connu], operations))
    assert [fiche.identifiant for fiche in resultat] == ["1", "2"]
    assert resultat[0].get("sn") == ("NEUF",)

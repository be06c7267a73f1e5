"""The CSV of the cohortes and of their members, read back as Moodle reads them."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchanges.parsers.records.moodle import CohorteMoodle, MembreMoodle
from exchanges.writers import moodle
from exchanges.writers.moodle import make_idnumber, write_cohortes, write_membres


UAI = "0990001A"
# Anything but control characters, and no first sign that a spreadsheet would take for a formula.
textes = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=60).filter(
    lambda texte: not texte.startswith(("=", "+", "-", "@"))
)
cles = textes.filter(lambda texte: texte.strip() and not texte.strip().isdigit())


def read_back(octets, separateur=";"):
    return list(csv.reader(io.StringIO(octets.decode(), newline=""), delimiter=separateur))


def make_cohorte(name="Élèves de la classe 6A", **champs):
    return CohorteMoodle(name, **({"idnumber": make_idnumber(UAI, name)} | champs))


def make_membre(username="chloe.dutest", **champs):
    defauts = {"firstname": "Chloé", "lastname": "DUTEST", "email": "", "cohortes": ()}
    return MembreMoodle(username, **(defauts | champs))


def test_cohortes_bear_the_names_that_ents_give():
    assert moodle.name_eleves_division("6A") == "Élèves de la classe 6A"
    assert moodle.name_profs_division("6A") == "Profs de la classe 6A"
    assert moodle.name_eleves_groupe("3B ESP") == "Élèves du groupe 3B ESP"
    assert moodle.name_profs_etablissement(UAI) == "Profs de l'établissement (0990001A)"


def test_cohortes_are_written_in_utf_8_without_a_mark():
    octets = write_cohortes([make_cohorte(description="Rentrée 2026", category_idnumber="19990001400012")])
    assert (
        octets
        == (
            "name;idnumber;description;category_idnumber\r\n"
            "Élèves de la classe 6A;0990001A Élèves de la classe 6A;Rentrée 2026;19990001400012\r\n"
        ).encode()
    )


def test_membres_have_as_many_columns_as_the_busiest_one():
    octets = write_membres([make_membre(cohortes=("a", "b")), make_membre("jean.lessai", cohortes=("a",))], ",")
    assert read_back(octets, ",") == [
        ["username", "firstname", "lastname", "email", "cohort1", "cohort2"],
        ["chloe.dutest", "Chloé", "DUTEST", "", "a", "b"],
        ["jean.lessai", "Chloé", "DUTEST", "", "a", ""],
    ]


def test_nobody_is_a_line_of_titles():
    assert write_membres([]) == b"username;firstname;lastname;email\r\n"
    assert write_cohortes([]) == b"name;idnumber;description;category_idnumber\r\n"


@given(st.lists(st.tuples(cles, cles, textes, textes), unique_by=lambda champs: champs[1]), st.sampled_from(";,"))
def test_cohortes_written_are_read_back_equal(cohortes, separateur):
    _, *lignes = read_back(write_cohortes([CohorteMoodle(*champs) for champs in cohortes], separateur), separateur)
    assert lignes == [list(champs) for champs in cohortes]


@given(
    st.lists(
        st.tuples(textes.filter(bool), textes, textes, textes, st.lists(cles, max_size=4).map(tuple)),
        unique_by=lambda champs: champs[0],
    ),
    st.sampled_from(";,"),
)
def test_membres_written_are_read_back_equal(membres, separateur):
    titres, *lignes = read_back(write_membres([MembreMoodle(*champs) for champs in membres], separateur), separateur)
    assert {len(ligne) for ligne in lignes} <= {len(titres)}
    lus = [(*ligne[:4], tuple(cohorte for cohorte in ligne[4:] if cohorte)) for ligne in lignes]
    assert lus == membres


@pytest.mark.parametrize("formule", ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", "\x00=1"])
def test_a_cell_never_becomes_a_formula(formule):
    cohorte = make_cohorte(formule, idnumber=formule, description=formule)
    _, ligne = read_back(write_cohortes([cohorte]))
    _, membre = read_back(write_membres([make_membre(formule, cohortes=(formule,))]))
    assert ligne[0].startswith("'")
    assert ligne[:3] == [membre[0]] * 3
    assert membre[4] == ligne[1], "the same key in both files"


@pytest.mark.parametrize(
    ("champs", "motif"),
    [
        ({"idnumber": "601"}, "n'a que des chiffres"),
        ({"idnumber": " 601 "}, "n'a que des chiffres"),
        ({"idnumber": "X" * 255}, "a 255 caractères, Moodle en accepte 254"),
        ({"idnumber": "  "}, "L'identifiant de cohorte est vide"),
        ({"name": "É" * 255, "idnumber": "a"}, "Le nom de cohorte « É{40}… » a 255"),
        ({"name": "", "idnumber": "a"}, "Le nom de cohorte est vide"),
    ],
)
def test_what_moodle_would_refuse_is_said(champs, motif):
    with pytest.raises(ValueError, match=motif):
        write_cohortes([make_cohorte(**champs)])


def test_the_longest_key_is_accepted():
    assert b"X" * 254 in write_cohortes([make_cohorte(idnumber="X" * 254)])


def test_a_key_may_not_be_there_twice():
    with pytest.raises(ValueError, match="figure deux fois : Moodle ne créerait aucune cohorte"):
        write_cohortes([make_cohorte(idnumber="'=a"), make_cohorte(idnumber="=a")])


@pytest.mark.parametrize(
    ("membres", "motif"),
    [
        ([make_membre(cohortes=("601",))], "n'a que des chiffres"),
        ([make_membre("")], "Une personne n'a pas d'identifiant"),
        ([make_membre(), make_membre()], "« chloe.dutest » figure deux fois"),
    ],
)
def test_membres_that_moodle_could_not_place_are_refused(membres, motif):
    with pytest.raises(ValueError, match=motif):
        write_membres(membres)


def test_another_separator_is_refused():
    with pytest.raises(ValueError, match="Le séparateur"):
        write_membres([], "\t")

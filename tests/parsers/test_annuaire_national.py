"""The open directory of schools: columns by name, whatever portal or spreadsheet the file went through."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchanges.enums import TypeFichier
from exchanges.parsers.annuaire_national import from_siecle, read_annuaire
from exchanges.parsers.errors import FichierRefuse
from exchanges.parsers.records import Entete, EtablissementConnu, FichierEtablissements
from exchanges.parsers.tableaux import normalise


TITRES = (
    "Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Statut_public_prive;Adresse_1;Adresse_2;"
    "Code_postal;Nom_commune;Code_departement;Code_academie;Libelle_academie;Telephone;Mail;SIREN_SIRET;etat;"
    "code_nature;libelle_nature;libelle_bassin_formation"
)
COLLEGE = (
    "0990001A;Collège Modèle;Collège;Public;1 rue de l'Été;BP 3;99100;Ville-Modèle;099;99;Essai;0100000000;"
    "ce.0990001a@ac-essai.example;19990001000012;OUVERT;340;COLLEGE;BASSIN NORD"
)


def read(texte, encodage="utf-8"):
    flux = io.BytesIO(texte.encode(encodage))
    lus = list(read_annuaire(flux, "annuaire.csv"))
    assert not flux.closed
    return lus


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_school_is_read_in_any_encoding(encodage):
    (lu,) = read(f"{TITRES}\r\n{COLLEGE}\r\n", encodage)
    assert (lu.numero, lu.uai, lu.denomination, lu.type, lu.secteur) == (2, "0990001A", "Collège Modèle", "CLG", "PU")
    assert (lu.adresse, lu.code_postal, lu.ville) == ("1 rue de l'Été BP 3", "99100", "Ville-Modèle")
    assert (lu.departement, lu.bassin, lu.academie, lu.academie_libelle) == ("099", "BASSIN NORD", "99", "Essai")
    assert (lu.mel, lu.siret, lu.is_ferme) == ("ce.0990001a@ac-essai.example", "19990001000012", False)


def test_columns_are_known_without_case_accent_nor_order():
    (lu,) = read("Type d'établissement,Code postal,Identifiant de l'établissement\nCollège,9100,0990001a\n")
    assert (lu.uai, lu.code_postal) == ("0990001A", "09100")


def test_missing_columns_leave_their_values_empty():
    (lu,) = read("uai\n0990001A\n")
    assert (lu.uai, lu.denomination, lu.type, lu.siret) == ("0990001A", "", "", "")


@pytest.mark.parametrize(
    ("nature", "attendu"),
    [
        ("340", "CLG"),
        ("300", "LGT"),
        ("302", "LG"),
        ("306", "LPO"),
        ("320", "LP"),
        ("151", ""),
        ("390", ""),
        ("370", ""),
    ],
)
def test_type_follows_the_code_of_the_nature(nature, attendu):
    assert read(f"uai;code_nature\n0990001A;{nature}\n")[0].type == attendu


@pytest.mark.parametrize(("voies", "attendu"), [("1;1;0", "LGT"), ("0;0;1", "LP"), ("1;0;1", "LPO"), (";;", "LGT")])
def test_without_its_nature_a_lycee_is_told_by_its_voies(voies, attendu):
    titres = "uai;Type_etablissement;Voie_generale;Voie_technologique;Voie_professionnelle"
    assert read(f"{titres}\n0990001A;Lycée;{voies}\n")[0].type == attendu


@pytest.mark.parametrize(
    ("etat", "is_ferme"), [("OUVERT", False), ("A FERMER", False), ("FERME", True), ("Fermé", True)]
)
def test_only_what_is_closed_is_closed(etat, is_ferme):
    assert read(f"uai;etat\n0990001A;{etat}\n")[0].is_ferme is is_ferme


def test_siren_alone_is_no_siret():
    assert read("uai;SIREN_SIRET\n0990001A;199900010\n")[0].siret == ""


def test_blank_lines_count_in_the_numbers_only():
    assert [lu.numero for lu in read("uai\n\n0990001A\n\n0990002B\n")] == [3, 5]


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"", "fichier_vide"),
        (b"nom;ville\nA;B\n", "entete_incomplete"),
        (b"<!DOCTYPE html><html></html>", "page_html"),
        (b"PK\x03\x04rest", "format_inattendu"),
        (b"u\0a\0i\0", "format_inattendu"),
        (b"uai\n" + b'"' + b"x" * 200_000, "format_inattendu"),
    ],
)
def test_what_is_no_such_table_is_refused_with_a_sentence(octets, code):
    with pytest.raises(FichierRefuse) as refus:
        list(read_annuaire(io.BytesIO(octets), "annuaire.csv"))
    assert refus.value.code == code
    assert "« annuaire.csv »" in refus.value.message
    assert refus.value.action


def test_schools_of_siecle_give_the_same_values():
    entete = Entete(TypeFichier.ETABLISSEMENTS, "0990001A", "2026")
    connu = EtablissementConnu("0990001A", "COLLEGE MODELE", "CLG", "340", "15", "PU", "9", "99100")
    (lu,) = from_siecle(FichierEtablissements(entete=entete, etablissements=(connu,)))
    assert (lu.uai, lu.type, lu.secteur, lu.academie, lu.code_postal) == ("0990001A", "CLG", "PU", "09", "99100")


def test_titles_lose_case_accents_and_punctuation():
    assert normalise(" Identifiant de l'Établissement ") == "identifiant_de_l_etablissement"


@given(st.one_of(st.binary(max_size=400), st.text(alphabet=';,\t\n\r"ué0\x85\u2028', max_size=200).map(str.encode)))
def test_any_bytes_are_read_or_refused_with_a_sentence(octets):
    for debut in (b"", b"uai;code_nature\n"):
        try:
            lus = list(read_annuaire(io.BytesIO(debut + octets), "annuaire.csv"))
        except FichierRefuse as refus:
            assert refus.message.endswith(".")
        else:
            assert all(lu.numero > 1 for lu in lus)

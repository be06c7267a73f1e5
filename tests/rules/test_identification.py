"""Who is this élève? ELEVE_ID, INE, ID_PRV_ELE, then the name (``formats/siecle.md`` §3.4 step 2)."""

from datetime import date

import pytest

from tests.rules.makers import NAISSANCE, codes, judge, make_connu, make_depose, make_referentiel


INE = "080000001AA"
VISEE = make_connu("1001", nom_de_famille="VISEE", prenom="Lou", ine=INE, id_prv_ele="77")
LEURRE = make_connu("1002", nom_de_famille="MODELE", ine="080000002AA", id_prv_ele="78")


@pytest.mark.parametrize("identifiant", [{"eleve_id": "1001"}, {"ine": INE}, {"id_prv_ele": "77"}])
def test_the_identifier_sent_wins_over_the_name(identifiant):
    """The ELEVE carries the name of somebody else: only the identifier counts."""
    verdict = judge(make_depose(**identifiant), eleves=(VISEE, LEURRE))
    assert verdict.liens.keys() == {("1001", "6AGL1")}


@pytest.mark.parametrize("identifiant", [{"eleve_id": "9"}, {"ine": "080000009AA"}, {"id_prv_ele": "9"}])
def test_an_unknown_identifier_falls_back_on_name_first_name_and_birth(identifiant):
    verdict = judge(make_depose(**identifiant), eleves=(VISEE, LEURRE))
    assert verdict.liens.keys() == {("1002", "6AGL1")}


def test_identifiers_of_different_kinds_are_never_mixed():
    """An ID_PRV_ELE of 1001 is not the ELEVE_ID 1001."""
    verdict = judge(make_depose(id_prv_ele="1001", nom_de_famille="AUTRE"), eleves=(VISEE,))
    assert codes(verdict) == ["REJELEGROUPE_01"]


@pytest.mark.parametrize("absent", ["ine", "id_prv_ele"])
def test_an_eleve_without_ine_nor_id_prv_is_not_found_by_an_empty_one(absent):
    sans = make_connu("1003", nom_de_famille="SANS", **{absent: ""})
    referentiel = make_referentiel(sans)
    assert "" not in referentiel.par_ine
    assert "" not in referentiel.par_id_prv


@pytest.mark.parametrize(
    ("connu", "envoye", "is_trouve"),
    [
        ({}, {}, True),
        ({"nom_de_famille": "Modèle"}, {"nom_de_famille": "MODÈLE"}, True),
        ({"nom_de_famille": "MODÈLE"}, {"nom_de_famille": "MODELE"}, False),  # accents are kept (§3.3)
        ({"nom_de_famille": "LE  GRAND"}, {"nom_de_famille": "Le Grand"}, True),
        ({"prenom": "MAE\u0308LYS"}, {"prenom": "Maëlys"}, True),  # same letters, composed or not
        ({"nom_de_famille": "AUTRE", "nom_usage": "MODELE"}, {}, True),
        ({"nom_de_famille": "AUTRE", "nom_usage": ""}, {}, False),
        ({"prenom": "Lou"}, {}, False),
        ({"date_naissance": date(2014, 5, 18)}, {}, False),
        ({"date_naissance": None}, {}, False),
        ({"prenom2": "Zoé"}, {"prenom2": "ZOÉ"}, True),
        ({"prenom2": "Zoé"}, {"prenom2": "Inès"}, False),
        ({"prenom2": ""}, {"prenom2": "Inès"}, False),
        ({"prenom2": "Zoé"}, {}, True),  # not sent: does not count
        ({"prenom3": "Zoé"}, {"prenom3": "Inès"}, False),
    ],
)
def test_the_name_is_compared_as_siecle_writes_it(connu, envoye, is_trouve):
    verdict = judge(make_depose(eleve_id="9", **envoye), eleves=(make_connu("1001", **connu),))
    assert bool(verdict.liens) is is_trouve


def test_second_first_names_tell_homonyms_apart():
    jumeaux = (make_connu("1001", prenom2="Zoé"), make_connu("1002", prenom2="Inès"))
    verdict = judge(make_depose(eleve_id="9", prenom2="Inès"), eleves=jumeaux)
    assert verdict.liens.keys() == {("1002", "6AGL1")}


def test_a_name_that_is_both_family_and_usage_name_is_one_fiche():
    verdict = judge(make_depose(eleve_id="9"), eleves=(make_connu("1001", nom_usage="MODELE"),))
    assert verdict.liens.keys() == {("1001", "6AGL1")}


def test_a_leaver_is_found_too():
    verdict = judge(make_depose(), eleves=(make_connu(date_sortie=NAISSANCE),))
    assert verdict.liens.keys() == {("1001", "6AGL1")}
    assert verdict.absents_sortis == ()

"""Pairs of fiches that are one person, élèves of two schools (``formats/siecle.md`` §5.4 and §5.5)."""

from dataclasses import replace
from datetime import date
from time import process_time

import pytest

from exchanges.enums import Gravite, TypeFichier
from exchanges.generator import make_ecole
from exchanges.parsers.records import (
    Eleve,
    Entete,
    FichierEleves,
    FichierResponsables,
    LienResponsable,
    Personne,
)
from exchanges.rules import doublons, fiches, personnes
from exchanges.rules.dossier import Base, check_regles, read_base
from exchanges.rules.doublons import REGLES, check_academie, find_multi_inscriptions
from exchanges.rules.identifiants import cle_rnie
from tests.rules.makers import NAISSANCE, UAI


INE = f"080000001{cle_rnie('080000001')}"
AUTRE_INE = f"080000002{cle_rnie('080000002')}"
AUTRE_UAI = "0990002P"
ZOE = Personne("501", "GALET", "Zoé", tel_portable="+33639980001", mel="zoe@example.org", adresse=("1 Rue du Lavoir",))
ISOLEE = replace(ZOE, tel_portable="", mel="", adresse=())


def make_eleve(eleve_id="1001", nom="MODELE", prenom="Maëlys", naissance=NAISSANCE, **champs):
    return Eleve(eleve_id, nom, prenom, naissance, **champs)


def make_eleves(*eleves):
    return FichierEleves(Entete(TypeFichier.ELEVES, UAI, "2026"), eleves=eleves)


def make_base(*responsables, liens=()):
    """Each link is (ELEVE_ID, PERSONNE_ID, parenté)."""
    entete = Entete(TypeFichier.RESPONSABLES, UAI, "2026")
    rattaches = tuple(LienResponsable(eleve_id, personne_id, "1", parente) for eleve_id, personne_id, parente in liens)
    return Base(responsables=FichierResponsables(entete, personnes=responsables, liens=rattaches))


def found(base):
    return [(anomalie.code, anomalie.objet) for anomalie in check_regles(REGLES, base)]


def tell(base, code):
    """The message of the only finding of that code."""
    (message,) = (anomalie.message for anomalie in check_regles(REGLES, base) if anomalie.code == code)
    return message


@pytest.mark.parametrize("rang", [1, 2, 3])
def test_a_sound_school_and_an_empty_base_have_nothing_to_say(rang):
    ecole = make_ecole(rang, 7, echelle=0.3)
    assert found(read_base([ecole.eleves, ecole.responsables])) == []
    assert found(Base()) == []


@pytest.mark.parametrize(
    ("premier", "second", "preuve", "confiance"),
    [
        ({"ine": INE}, {}, "mêmes nom et prénom, même date de naissance", "forte"),
        ({"prenom": "MAELYS"}, {}, "mêmes nom et prénom, même date de naissance", "forte"),
        ({"ine": INE}, {"ine": INE, "nom": "MODELLE"}, "même date de naissance, même INE", "forte"),
        (
            {"ine": INE},
            {"ine": INE, "naissance": date(2014, 5, 7)},
            "mêmes nom et prénom, même INE",
            "forte",
        ),
        ({}, {"nom": "MAËLYS", "prenom": "Modele"}, "noms inversés", "moyenne"),
        ({"nom_usage": "GALET"}, {"nom": "GALET"}, "nom d'usage de l'un", "moyenne"),
        ({"ine": INE}, {"ine": AUTRE_INE}, "mais deux INE différents", "faible"),
    ],
)
def test_eleve_en_double_gives_its_evidence_and_a_confidence(premier, second, preuve, confiance):
    base = read_base([make_eleves(make_eleve(**premier), make_eleve("1002", **second))])
    assert found(base) == [("eleve_en_double", "1001 / 1002")]
    message = tell(base, "eleve_en_double")
    assert preuve in message
    assert f"confiance {confiance}" in message


def test_eleve_en_double_does_not_look_at_two_leavers_nor_at_a_mistyped_ine():
    parti = {"date_sortie": date(2026, 10, 1)}
    assert found(read_base([make_eleves(make_eleve(**parti), make_eleve("1002", **parti))])) == []
    assert found(read_base([make_eleves(make_eleve(**parti), make_eleve("1002"))])) != []
    autre = make_eleve("1002", "GALET", "Éloi", date(2013, 1, 2), ine=INE)
    assert found(read_base([make_eleves(make_eleve(ine=INE), autre)])) == []
    assert found(read_base([make_eleves(make_eleve(naissance=None), make_eleve("1002", naissance=None))])) == []


def test_eleve_en_double_of_three_fiches_pairs_each_with_the_first():
    base = read_base([make_eleves(make_eleve("1", ine=INE), make_eleve("2", ine=INE), make_eleve("3"))])
    assert found(base) == [("eleve_en_double", "1 / 2"), ("eleve_en_double", "1 / 3")]


@pytest.mark.parametrize(
    ("champs", "preuve", "confiance"),
    [
        ({"tel_portable": ZOE.tel_portable}, "mêmes nom et prénom, même mobile", "forte"),
        ({"mel": "ZOE@example.org", "prenom": "ZOE"}, "mêmes nom et prénom, même adresse électronique", "forte"),
        ({"adresse": ("1 rue du lavoir",)}, "mêmes nom et prénom, même adresse postale", "moyenne"),
        (
            {"nom_de_famille": "ZOE", "prenom": "Galet", "adresse": ZOE.adresse},
            "nom et prénom inversés, même adresse postale",
            "faible",
        ),
        (
            {"nom_de_famille": "TARTINE", "nom_usage": "GALET", "mel": ZOE.mel},
            "nom d'usage de l'un, nom de famille de l'autre, même adresse électronique",
            "moyenne",
        ),
    ],
)
def test_responsable_en_double_gives_its_evidence_and_a_confidence(champs, preuve, confiance):
    base = make_base(ZOE, replace(ISOLEE, personne_id="502", **champs))
    assert found(base) == [("responsable_en_double", "501 / 502")]
    assert f"{preuve} (confiance {confiance})" in tell(base, "responsable_en_double")


def test_responsable_en_double_may_share_a_landline_or_a_child():
    bureau, domicile = (
        replace(ISOLEE, personne_id="501", tel_professionnel="+33199000001"),
        replace(ISOLEE, personne_id="502", tel_personnel="+33199000001"),
    )
    assert "même téléphone (confiance moyenne)" in tell(make_base(bureau, domicile), "responsable_en_double")
    deux = (ISOLEE, replace(ISOLEE, personne_id="502"))
    meme = make_base(*deux, liens=[("1001", "501", "10"), ("1001", "502", "10")])
    assert "même lien avec le même élève" in tell(meme, "responsable_en_double")
    mere_et_aieule = make_base(*deux, liens=[("1001", "501", "10"), ("1001", "502", "38")])
    assert found(mere_et_aieule) == []


def test_responsable_en_double_is_not_said_of_homonyms_nor_of_a_couple():
    assert found(make_base(ZOE, replace(ISOLEE, personne_id="502"))) == []
    assert found(make_base(ZOE, replace(ZOE, personne_id="502", prenom="Éloi"))) == []
    assert found(make_base(replace(ZOE, prenom=""), replace(ZOE, personne_id="502", prenom=""))) == []


def test_fratrie_educonnect_says_what_keeps_the_children_apart():
    autre = replace(ZOE, personne_id="502", prenom="Zoe", mel="")
    base = make_base(ZOE, autre, liens=[("1001", "501", "10"), ("1002", "502", "10")])
    assert found(base) == [("responsable_en_double", "501 / 502"), ("fratrie_educonnect", "501 / 502")]
    message = tell(base, "fratrie_educonnect")
    assert message.endswith("(prénoms différents, adresses électroniques différentes).")


def test_fratrie_educonnect_is_not_at_risk_when_fiches_are_identical_or_the_child_is_one():
    pareille = replace(ZOE, personne_id="502")
    base = make_base(ZOE, pareille, liens=[("1001", "501", "10"), ("1002", "502", "10")])
    assert found(base) == [("responsable_en_double", "501 / 502")]
    sans_mel = replace(pareille, mel="")
    base = make_base(ZOE, sans_mel, liens=[("1001", "501", "10"), ("1001", "502", "10")])
    assert found(base) == [("responsable_en_double", "501 / 502")]


def test_multi_inscription_tells_each_school_of_the_other_and_no_more():
    ici, ailleurs = make_eleve(ine=INE, division="6A"), make_eleve("2001", prenom="Maelys", ine=INE, division="6Z")
    par_uai = find_multi_inscriptions([(UAI, make_eleves(ici)), (AUTRE_UAI, make_eleves(ailleurs))])
    assert {uai: [(a.code, a.eleve_id, a.objet, a.division) for a in liste] for uai, liste in par_uai.items()} == {
        UAI: [("multi_inscription", "1001", AUTRE_UAI, "6A")],
        AUTRE_UAI: [("multi_inscription", "2001", UAI, "6Z")],
    }
    (anomalie,) = par_uai[UAI]
    assert anomalie.gravite == Gravite.ERREUR
    assert f"l'établissement {AUTRE_UAI} (même INE)" in anomalie.message
    assert "6Z" not in anomalie.message
    assert "2001" not in anomalie.message


@pytest.mark.parametrize(
    ("ici", "ailleurs", "is_dit"),
    [
        ({}, {}, True),
        ({"ine": INE}, {}, True),
        ({"ine": INE}, {"ine": AUTRE_INE}, False),
        ({"commune_naissance": "99001"}, {"commune_naissance": "99002"}, False),
        ({"sexe": "1"}, {"sexe": "2"}, False),
        ({}, {"naissance": date(2014, 5, 18)}, False),
        ({"ine": INE}, {"ine": INE, "date_sortie": date(2026, 10, 1)}, False),
    ],
)
def test_multi_inscription_without_ine_asks_for_name_date_and_birthplace(ici, ailleurs, is_dit):
    bases = [(UAI, make_eleves(make_eleve(**ici))), (AUTRE_UAI, make_eleves(make_eleve("2001", **ailleurs)))]
    assert len(check_academie(bases)) == (2 if is_dit else 0)


def test_multi_inscription_is_said_once_of_a_school_given_twice_and_of_a_stream():
    bases = [(UAI, make_eleves(make_eleve(ine=INE))), (UAI, make_eleves(make_eleve(ine=INE)))]
    assert check_academie(bases) == []
    assert len(check_academie(iter([*bases, (AUTRE_UAI, make_eleves(make_eleve("2001", ine=INE)))]))) == 2


def test_multi_inscription_finds_none_in_sound_schools():
    ecoles = (make_ecole(rang, 7, echelle=0.3) for rang in range(1, 9))
    assert check_academie((ecole.uai, ecole.eleves) for ecole in ecoles) == []


def test_two_thousand_homonyms_are_judged_in_bounded_time():
    """In one bucket too, each fiche is paired with the first one only."""
    foule = make_base(*(replace(ZOE, personne_id=str(numero)) for numero in range(2000)))
    eleves = make_eleves(*(make_eleve(str(numero)) for numero in range(1000)))
    debut = process_time()
    anomalies = check_regles((*fiches.REGLES, *personnes.REGLES, *doublons.REGLES), replace(foule, eleves=eleves))
    assert process_time() - debut < 3
    assert sum(anomalie.code == "responsable_en_double" for anomalie in anomalies) == 1999
    assert sum(anomalie.code == "eleve_en_double" for anomalie in anomalies) == 999

"""The structure of STS-Web and of EDT (``domain.md``, rules on names and structure)."""

from datetime import date

import pytest

from exchanges.parsers.records import Mef
from exchanges.rules import sts
from exchanges.rules.sts import REGLES
from tests.rules.dossiers import (
    found,
    make_commun,
    make_division,
    make_edt,
    make_groupe,
    make_nomenclatures,
    make_structures,
    make_sts,
    messages,
)
from tests.rules.makers import MEF


JUIN, NOVEMBRE = date(2026, 6, 20), date(2026, 11, 20)


def test_sound_files_and_absent_ones_have_nothing_to_say():
    assert found(REGLES, sts=make_sts(), edt=make_edt()) == []
    assert found(REGLES) == []


def test_division_nom_non_conforme_proposes_a_name():
    fichier = make_sts(divisions=(make_division("6EME-ROUGE"), make_division("6/A")), groupes=())
    assert found(REGLES, sts=fichier) == [
        ("division_nom_non_conforme", "6EME-ROUGE"),
        ("division_nom_non_conforme", "6/A"),
    ]
    assert messages(sts.division_nom_non_conforme, sts=fichier)[0] == (
        "Division « 6EME-ROUGE » : 10 caractères au lieu de 8 au plus. Nom proposé : « 6ROUGE »."
    )


def test_groupe_nom_non_conforme_follows_the_signs_that_sts_accepts():
    codes = ("1ARA1STMG", "6ÀGL", "", "6 A-G_1")
    fichier = make_sts(groupes=tuple(map(make_groupe, codes)))
    assert found(REGLES, sts=fichier) == [("groupe_nom_non_conforme", code) for code in codes[:3]]


def test_groupe_nom_non_conforme_is_said_once_when_edt_sends_what_sts_holds():
    groupes = (make_groupe("1ARA1STMG"), make_groupe("1AR1STMG"))
    assert messages(sts.groupe_nom_non_conforme, sts=make_sts(groupes=groupes), edt=make_edt(groupes=groupes)) == [
        "Groupe « 1ARA1STMG » : 9 caractères au lieu de 8 au plus. Nom proposé : « 1AR1STG2 »."
    ]


def test_groupe_nom_avec_point_is_only_a_warning():
    fichier = make_edt(groupes=(make_groupe("6.AGL"),))
    assert found(REGLES, edt=fichier) == [("groupe_nom_avec_point", "6.AGL")]
    assert messages(sts.groupe_nom_avec_point, edt=fichier)[0].endswith("Nom proposé : « 6AGL ».")


def test_nom_de_structure_en_double_is_looked_for_in_each_layer():
    for couche in (
        {"structures": make_structures((make_division(),), (make_groupe("6A"),))},
        {"sts": make_sts(groupes=(make_groupe("6A"),))},
        {"edt": make_edt(groupes=(make_groupe("6A"),)), "sts": make_sts(groupes=(make_groupe("6A"),))},
    ):
        assert found(REGLES, **couche) == [("nom_de_structure_en_double", "6A")]
        assert messages(sts.nom_de_structure_en_double, **couche)[0].endswith("« 6A2 ».")


def test_groupe_sans_division_is_said_whatever_its_mefs():
    fichier = make_sts(groupes=(make_groupe(divisions=()), make_groupe("6ESP1", divisions=(), mefs=())))
    assert found(REGLES, sts=fichier) == [("groupe_sans_division", "6AGL1"), ("groupe_sans_division", "6ESP1")]


def test_groupe_division_inconnue_needs_divisions_to_compare_with():
    groupes = (make_groupe(divisions=("6A", "6Z")),)
    assert found(REGLES, edt=make_edt(groupes=groupes)) == [("groupe_division_inconnue", "6AGL1")]
    assert found(REGLES, edt=make_edt(divisions=(), groupes=groupes)) == []


def test_groupe_sans_mef_is_said_when_the_file_gives_mefs_to_groupes():
    groupes = (make_groupe(), make_groupe("6ESP1", mefs=()))
    assert found(REGLES, sts=make_sts(groupes=groupes)) == [("groupe_sans_mef", "6ESP1")]
    assert found(REGLES, sts=make_sts(groupes=groupes[1:])) == []


def test_division_sans_mef_is_said_of_sts_only():
    assert found(REGLES, sts=make_sts(divisions=(make_division(mefs=()),))) == [("division_sans_mef", "6A")]
    assert found(REGLES, edt=make_edt()) == []


@pytest.mark.parametrize(
    ("mef", "raison"),
    [
        (Mef(MEF), ""),
        (Mef(MEF, date_fermeture=date(2026, 9, 1)), ""),
        (Mef(MEF, is_selectionne=False), "n'est pas sélectionné"),
        (Mef(MEF, date_fermeture=date(2026, 8, 31)), "est fermé depuis le 31/08/2026"),
        (Mef("10110001110"), "n'est pas dans la nomenclature de SIECLE"),
    ],
)
def test_mef_inconnu_looks_at_the_nomenclature_of_siecle(mef, raison):
    trouves = messages(sts.mef_inconnu, sts=make_sts(), nomenclatures=make_nomenclatures(mefs=(mef,)))
    assert len(trouves) == bool(raison)
    assert raison in "".join(trouves)


def test_mef_inconnu_looks_at_the_nomenclature_of_sts_and_names_who_bears_it():
    divisions = tuple(make_division(f"6{lettre}") for lettre in "ABCDEFG")
    fichier = make_sts(divisions=divisions, groupes=(), mefs=(Mef("10110001110"),))
    assert messages(sts.mef_inconnu, sts=fichier) == [
        f"Le MEF {MEF} (6A, 6B, 6C, 6D, 6E et 2 autres) n'est pas dans la nomenclature du fichier de STS-Web."
    ]
    assert found(REGLES, sts=make_sts()) == []


def test_structure_sans_eleve_wants_every_known_headcount_to_be_zero():
    def effectifs(prevu, calcule):
        return make_sts(groupes=(make_groupe(effectif_prevu=prevu, effectif_calcule=calcule),))

    for prevu, calcule in ((0, 0), (0, None), (None, 0)):
        assert found(REGLES, sts=effectifs(prevu, calcule)) == [("structure_sans_eleve", "6AGL1")]
    for prevu, calcule in ((None, None), (28, 0), (0, 12)):
        assert found(REGLES, sts=effectifs(prevu, calcule)) == []


def test_groupes_reconduits_is_said_before_the_year_begins_only():
    muet = make_sts(groupes=(make_groupe(services=()),), divisions=(make_division(services=()),))
    assert found(REGLES, sts=muet, commun=make_commun(JUIN)) == [("groupes_reconduits", "")]
    assert found(REGLES, sts=muet, commun=make_commun(NOVEMBRE, annee="2025")) == [("groupes_reconduits", "")]
    assert found(REGLES, sts=muet, commun=make_commun(NOVEMBRE)) == []
    assert found(REGLES, sts=muet) == []
    assert found(REGLES, sts=make_sts(), commun=make_commun(JUIN)) == []

from collections import Counter
from random import Random

import pytest

from exchanges.generator import PLANTATIONS, SANS_PLANTATION, generate, make_ecole, plant
from exchanges.generator.fautes import depot
from exchanges.generator.preuve import list_ecarts, prove
from exchanges.rules import catalogue
from exchanges.rules.base import regle_de
from exchanges.rules.catalogue import all_regles
from exchanges.rules.referentiel import referentiel_from_files
from exchanges.rules.verdict import check_elegroupe


DU_VERDICT = {regle_de(regle).code for regle in catalogue.ELEGROUPE}
PAR_GROUPE = {"GROUPE_A_01", "ELEGRP_A_03"}


def judge(ecole):
    fichiers = [ecole.eleves, ecole.structures, ecole.commun, ecole.sts]
    return check_elegroupe(ecole.elegroupe, referentiel_from_files(fichiers))


def planted(code, rang=1):
    return plant(make_ecole(rang, 5, echelle=0.4), code, Random(1))


def count_codes(ecole):
    return Counter(anomalie.code for anomalie in judge(ecole).anomalies)


def test_an_unknown_fault_is_refused():
    with pytest.raises(ValueError, match="GROUPE_A_01"):
        plant(make_ecole(1, 5, echelle=0.05), "GROUPE_Z_09", Random(1))


def test_a_school_without_room_for_a_fault_says_so():
    with pytest.raises(ValueError, match="ne peut porter"):
        ecole = make_ecole(1, 5, echelle=0.01)
        for _ in range(1000):
            ecole = plant(ecole, "GROUPE_A_01", Random(1))


@pytest.mark.parametrize("code", [code for code in depot.PLANTATIONS if code in DU_VERDICT])
@pytest.mark.parametrize("rang", [1, 2, 4])
def test_a_fault_of_the_deposit_is_the_only_kind_of_anomaly_of_its_verdict(code, rang):
    ecole = planted(code, rang)
    assert [faute.code for faute in ecole.fautes if not faute.cause] == [code]
    comptes = count_codes(ecole)
    assert set(comptes) == {code}
    if code not in PAR_GROUPE:
        assert comptes[code] == 1


def test_every_rule_has_a_fault_or_a_reason_to_have_none():
    codes = {regle.code for regle in all_regles()}
    assert codes - set(PLANTATIONS) == set(SANS_PLANTATION)
    assert set(PLANTATIONS) - codes == {"GROUPE_A_01_INCONNU", "eleve_absent", "groupe_vide"}


@pytest.mark.parametrize("rang", [1, 2, 4, 5])
def test_a_sound_school_has_nothing_but_its_facts(rang):
    bilan = prove(make_ecole(rang, 5, echelle=0.3))
    assert bilan.attendues == ()
    assert list(list_ecarts(bilan)) == []


@pytest.mark.parametrize("code", PLANTATIONS)
def test_a_planted_fault_is_found_in_the_files_and_nothing_else_is(code):
    bilan = prove(plant(make_ecole(1, 5, echelle=0.2), code, Random(1)))
    assert list(list_ecarts(bilan)) == []
    assert bilan.attendues or code in {"eleve_absent", "groupe_vide"}


def test_a_forgotten_export_leaves_the_groupe_in_sts_only():
    ecole = planted("GROUPE_A_01")
    code = ecole.fautes[0].objet
    assert code in {groupe.code for groupe in ecole.sts.groupes}
    assert code not in {groupe.code for groupe in ecole.structures.groupes}
    inscrits = sum(i.groupe == code for depose in ecole.elegroupe.eleves for i in depose.inscriptions)
    assert count_codes(ecole) == {"GROUPE_A_01": inscrits}


def test_a_misspelled_groupe_is_in_neither_layer_and_empties_nothing():
    ecole = planted("GROUPE_A_01_INCONNU")
    code = ecole.fautes[0].objet
    assert ecole.fautes[0].code == "GROUPE_A_01"
    assert code not in {groupe.code for groupe in (*ecole.sts.groupes, *ecole.structures.groupes)}
    assert set(count_codes(ecole)) == {"GROUPE_A_01"}
    assert judge(ecole).groupes_vides == ()


def test_groupe_b_01_touches_the_fiche_named():
    ecole = planted("GROUPE_B_01")
    assert [eleve.mef for eleve in ecole.eleves.eleves if eleve.eleve_id == ecole.fautes[0].eleve_id] == [""]


def test_homonyms_have_two_fiches_with_responsables():
    ecole = planted("REJELEGROUPE_02")
    depose = next(d for d in ecole.elegroupe.eleves if d.id_prv_ele == ecole.fautes[0].eleve_id)
    fiches = [
        eleve.eleve_id
        for eleve in ecole.eleves.eleves
        if (eleve.nom_de_famille, eleve.prenom, eleve.date_naissance)
        == (depose.nom_de_famille, depose.prenom, depose.date_naissance)
    ]
    assert len(fiches) == 2
    assert set(fiches) <= {lien.eleve_id for lien in ecole.responsables.liens}


def test_omitted_eleves_are_placed_and_leave_no_groupe_empty():
    saine, ecole = make_ecole(1, 5, echelle=0.4), planted("eleve_absent")
    omis = {d.eleve_id for d in saine.elegroupe.eleves} - {d.eleve_id for d in ecole.elegroupe.eleves}
    assert {e.division for e in ecole.eleves.eleves if e.eleve_id in omis} == {ecole.fautes[0].objet}
    verdict = judge(ecole)
    assert omis <= {eleve.eleve_id for eleve in verdict.absents}
    assert verdict.anomalies == verdict.groupes_vides == ()


def test_an_emptied_groupe_is_the_only_empty_one():
    ecole = planted("groupe_vide")
    verdict = judge(ecole)
    assert verdict.groupes_vides == (ecole.fautes[0].objet,)
    assert verdict.anomalies == ()


def test_several_faults_give_exactly_their_anomalies():
    for ecole in generate(8, 21, taux_fautes=1, echelle=0.15):
        assert set(count_codes(ecole)) == {faute.code for faute in ecole.fautes} & DU_VERDICT
        assert list(list_ecarts(prove(ecole))) == []
        vides = {faute.objet for faute in ecole.fautes if faute.code == "groupe_vide"}
        assert set(judge(ecole).groupes_vides) == vides


def test_planting_leaves_the_school_given_unchanged():
    ecole = make_ecole(1, 5, echelle=0.2)
    for code in PLANTATIONS:
        plant(ecole, code, Random(2))
    assert ecole == make_ecole(1, 5, echelle=0.2)

import re
from collections import Counter

import pytest

from exchanges.generator import make_ecole


@pytest.fixture(scope="module", params=[1, 2, 4, 6])
def ecole(request):
    return make_ecole(request.param, 9)


def test_codes_fit_in_sts_and_are_unique_together(ecole):
    codes = [structure.code for structure in (*ecole.sts.divisions, *ecole.sts.groupes)]
    assert all(re.fullmatch(r"[A-Za-z0-9 _-]{1,8}", code) for code in codes)
    assert len(set(codes)) == len(codes)


def test_every_placed_eleve_is_in_three_to_eight_groupes_of_her_mef_and_division(ecole):
    groupes = {groupe.code: groupe for groupe in ecole.sts.groupes}
    eleves = {eleve.eleve_id: eleve for eleve in ecole.eleves.eleves}
    for depose in ecole.elegroupe.eleves:
        eleve = eleves[depose.eleve_id]
        siens = [groupes[inscription.groupe] for inscription in depose.inscriptions]
        assert 3 <= len(siens) <= 8
        assert all(eleve.mef in groupe.mefs and eleve.division in groupe.divisions for groupe in siens)


def test_every_division_is_attached_to_the_mef_of_its_eleves(ecole):
    divisions = {division.code: division for division in ecole.structures.divisions}
    placed = [eleve for eleve in ecole.eleves.eleves if eleve.division]
    assert all(eleve.mef in divisions[eleve.division].mefs for eleve in placed)
    assert set(divisions) == {eleve.division for eleve in placed}


def test_expected_headcounts_are_those_of_the_deposit(ecole):
    effectifs = Counter(i.groupe for depose in ecole.elegroupe.eleves for i in depose.inscriptions)
    assert {groupe.code: groupe.effectif_prevu for groupe in ecole.sts.groupes} == effectifs


def test_a_college_welcomes_ulis_eleves_in_its_divisions():
    mefs = {eleve.mef for eleve in make_ecole(1, 9).eleves.eleves}
    assert any(mef.endswith("U") for mef in mefs)


def test_lv2_groupes_of_a_lycee_gather_several_mefs():
    assert any(len(groupe.mefs) > 1 for groupe in make_ecole(2, 9).structures.groupes)

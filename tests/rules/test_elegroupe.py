"""SIECLE's nine rules: which link is kept, which is dropped, what is said (``formats/siecle.md`` §3.4, §3.6)."""

import pytest

from exchanges.parsers.records import Inscription
from tests.rules.makers import MEF, NAISSANCE, codes, judge, make_connu, make_depose


def test_a_file_without_fault_gives_its_links_and_nothing_to_say():
    verdict = judge(make_depose("6AGL1", "6ESP1"))
    assert verdict.liens == {("1001", "6AGL1"): (None, None), ("1001", "6ESP1"): (None, None)}
    assert verdict.anomalies == verdict.absents == verdict.absents_sortis == ()


def test_rejelegroupe_01_drops_every_link_of_an_unknown_eleve_and_keeps_the_others():
    inconnu = make_depose("6AGL1", "6ESP1", eleve_id="9999", nom_de_famille="FANTOME", prenom="Ombre")
    verdict = judge(inconnu, make_depose("6AGL1"))
    assert verdict.liens == {("1001", "6AGL1"): (None, None)}
    (anomalie,) = verdict.anomalies
    assert (anomalie.code, anomalie.eleve_id, anomalie.is_identifie) == ("REJELEGROUPE_01", "9999", False)
    assert "FANTOME Ombre né le 17/05/2014 (identifiant envoyé = 9999) n'a pas été trouvé" in anomalie.message
    assert anomalie.nom == "FANTOME Ombre"


def test_rejelegroupe_02_drops_an_eleve_whose_name_two_fiches_bear():
    verdict = judge(make_depose(eleve_id="9999"), eleves=(make_connu("1001"), make_connu("1002")))
    assert verdict.liens == {}
    assert codes(verdict) == ["REJELEGROUPE_02"]
    assert "correspond à 2 fiches de SIECLE (1001, 1002)" in verdict.anomalies[0].message
    assert {eleve.eleve_id for eleve in verdict.absents} == {"1001", "1002"}


def test_rejelegroupe_02_does_not_concern_homonyms_sent_with_their_own_identifier():
    verdict = judge(make_depose(eleve_id="1002"), eleves=(make_connu("1001"), make_connu("1002")))
    assert verdict.liens.keys() == {("1002", "6AGL1")}
    assert verdict.anomalies == ()


def test_rejelegroupe_03_keeps_the_first_occurrence_of_an_eleve_only():
    ine = "080000001AA"
    verdict = judge(make_depose("6AGL1"), make_depose("6ESP1", ine=ine), eleves=(make_connu("1001", ine=ine),))
    assert verdict.liens.keys() == {("1001", "6AGL1")}
    (anomalie,) = verdict.anomalies
    assert (anomalie.code, anomalie.eleve_id, anomalie.is_identifie) == ("REJELEGROUPE_03", "1001", True)
    assert f"identifiant envoyé = {ine}) ont déjà été importées" in anomalie.message


def test_groupe_a_01_drops_the_link_to_an_unknown_groupe_and_keeps_the_others():
    verdict = judge(make_depose("6AGL1", "6ZZZ", "6ESP1"))
    assert verdict.liens.keys() == {("1001", "6AGL1"), ("1001", "6ESP1")}
    (anomalie,) = verdict.anomalies
    assert (anomalie.code, anomalie.objet, anomalie.regle.famille) == ("GROUPE_A_01", "6ZZZ", "GROUPE")
    assert anomalie.message.startswith("Le groupe « 6ZZZ » n'est pas référencé.")


@pytest.mark.parametrize(
    ("sts", "attendu"),
    [
        (frozenset({"6ZZZ"}), "existe dans STS mais pas dans SIECLE"),
        (frozenset({"6AGL1"}), "n'existe ni dans SIECLE ni dans STS"),
        (None, "Chargez sts_emp"),
    ],
)
def test_groupe_a_01_says_the_repair_that_fits_what_sts_knows(sts, attendu):
    verdict = judge(make_depose("6ZZZ"), groupes_sts=sts)
    assert attendu in verdict.anomalies[0].action
    assert "puis déposez à nouveau" in verdict.anomalies[0].action or sts is None


def test_groupe_a_01_says_when_a_space_too_many_makes_the_groupe_unknown():
    verdict = judge(make_depose("6AGL1 "))
    assert verdict.liens == {}
    assert "une espace en trop" in verdict.anomalies[0].action


def test_groupe_b_01_drops_every_link_of_an_eleve_without_mef_in_one_anomaly():
    verdict = judge(make_depose("6AGL1", "6ESP1", "6ZZZ"), eleves=(make_connu("1001", mef=""),))
    assert verdict.liens == {}
    assert codes(verdict) == ["GROUPE_B_01"]
    assert verdict.absents == ()


def test_groupe_b_02_drops_the_link_to_a_groupe_of_another_mef():
    autres = {"6AGL1": frozenset({MEF}), "5LAT": frozenset({"10110001110"})}
    verdict = judge(make_depose("6AGL1", "5LAT"), mefs_des_groupes=autres)
    assert verdict.liens.keys() == {("1001", "6AGL1")}
    assert codes(verdict) == ["GROUPE_B_02"]
    assert f"n'est pas rattaché au MEF ({MEF})" in verdict.anomalies[0].message


def test_groupe_b_02_drops_the_link_to_a_groupe_that_has_no_mef_at_all():
    verdict = judge(make_depose("6AGL1"), mefs_des_groupes={"6AGL1": frozenset()})
    assert verdict.liens == {}
    assert codes(verdict) == ["GROUPE_B_02"]


def test_groupes_are_not_judged_without_the_structures_export():
    verdict = judge(make_depose("6ZZZ"), mefs_des_groupes=None)
    assert verdict.liens.keys() == {("1001", "6ZZZ")}
    assert verdict.anomalies == ()


def test_a_fault_of_one_eleve_says_her_name_and_division_as_screens_show_them():
    verdict = judge(make_depose("6ZZZ"), eleves=(make_connu("1001", nom_usage="ESSAI"),))
    (anomalie,) = verdict.anomalies
    assert (anomalie.nom, anomalie.division, anomalie.eleve_id) == ("ESSAI Maëlys", "6A", "1001")


def test_several_faults_of_one_inscription_are_said_once_each():
    hors = Inscription("6AGL1", NAISSANCE, NAISSANCE)
    verdict = judge(make_depose(hors, "6ZZZ"))
    assert codes(verdict) == ["ELEGRP_A_02", "ELEGRP_A_03", "GROUPE_A_01"]


def test_absents_are_the_eleves_of_bee_that_the_file_does_not_name_leavers_apart():
    sortie = make_connu("1003", nom_de_famille="PARTI", date_sortie=NAISSANCE)
    autre = make_connu("1002", nom_de_famille="OUBLI")
    verdict = judge(make_depose(), eleves=(make_connu(), autre, sortie))
    assert [eleve.eleve_id for eleve in verdict.absents] == ["1002"]
    assert [eleve.eleve_id for eleve in verdict.absents_sortis] == ["1003"]


def test_groupes_left_without_any_eleve_are_named():
    verdict = judge(make_depose("6AGL1"), liens={("1001", "6AGL1"): (None, None)})
    assert verdict.groupes_vides == ("6ESP1",)
    assert verdict.groupes_vides_avant == {"6ESP1"}

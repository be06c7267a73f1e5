from dataclasses import replace

import pytest

from exchanges.generator import Faute, make_ecole
from exchanges.generator.preuve import compare, judge, list_ecarts, prove, read_back


@pytest.fixture(scope="module")
def ecole():
    return make_ecole(1, 5, echelle=0.1)


def test_every_file_of_a_school_is_read_back(ecole):
    lus = read_back(ecole)
    assert len(lus) == 11
    assert {fichier.entete.uai for fichier in lus} == {ecole.uai}


def test_a_fault_that_is_not_in_the_files_counts_as_missed(ecole):
    faute = Faute("division_sans_mef", "6A", "Dite, pas plantée.")
    bilan = prove(replace(ecole, fautes=(faute,)))
    assert bilan.manquees == (faute,)
    assert [*list_ecarts(bilan)] == ["manquée | division_sans_mef | 6A | Dite, pas plantée."]


def test_an_anomaly_that_nobody_planted_is_one_too_many(ecole):
    sourde = replace(ecole, faits=tuple(fait for fait in ecole.faits if fait.code != "ine_manquant"))
    bilan = prove(sourde)
    assert {anomalie.code for anomalie in bilan.en_trop} == {"ine_manquant"}
    assert len(bilan.en_trop) == len(ecole.faits) - len(sourde.faits) > 0


def test_a_fault_about_another_eleve_is_not_the_one_planted(ecole):
    anomalies = [a for a in judge(read_back(ecole), ecole.uai, ecole.annee) if a.code == "ine_manquant"]
    muette = replace(ecole, faits=(), fautes=(Faute("ine_manquant", "", "", "0"),))
    bilan = compare(muette, anomalies)
    assert bilan.justes == ()
    assert bilan.en_trop == tuple(anomalies)


def test_facts_are_neither_right_nor_too_many(ecole):
    bilan = prove(ecole)
    assert (bilan.attendues, bilan.justes, bilan.en_trop) == ((), (), ())
    assert {fait.code for fait in ecole.faits} >= {"ine_manquant", "fiche_bloquante", "enseignant_local"}

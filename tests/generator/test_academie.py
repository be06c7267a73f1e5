from itertools import islice

import pytest

from exchanges.generator import generate, make_ecole
from exchanges.generator.identifiants import ECOLES_MAX
from exchanges.generator.preuve import list_ecarts, prove
from exchanges.rules.doublons import find_multi_inscriptions


def test_the_same_seed_gives_the_same_schools():
    assert list(generate(4, 7, echelle=0.1)) == list(generate(4, 7, echelle=0.1))


def test_another_seed_gives_other_eleves():
    premiere, seconde = (next(generate(1, seed, echelle=0.1)) for seed in (1, 2))
    assert premiere.uai == seconde.uai
    assert premiere.eleves != seconde.eleves


def test_a_school_does_not_depend_on_how_many_come_after_it():
    assert list(generate(2, 7, echelle=0.1)) == list(islice(generate(5, 7, echelle=0.1), 2))


def test_the_dial_changes_only_the_faults():
    sans, avec = (list(generate(3, 7, taux_fautes=taux, echelle=0.2)) for taux in (0, 1))
    assert not any(ecole.fautes for ecole in sans)
    assert all(1 <= sum(not faute.cause for faute in ecole.fautes) <= 4 for ecole in avec)
    assert [ecole.etablissements for ecole in sans] == [ecole.etablissements for ecole in avec]
    assert [ecole.horodatage for ecole in sans] == [ecole.horodatage for ecole in avec]


def test_an_eleve_may_be_enrolled_in_two_schools_and_is_told_to_both():
    ecoles = list(generate(8, 7, taux_fautes=0, echelle=0.1, multi_inscriptions=1))
    attendues = {(ecole.uai, f.objet) for ecole in ecoles for f in ecole.fautes if f.code == "multi_inscription"}
    assert len(attendues) >= 3
    anomalies = find_multi_inscriptions((ecole.uai, ecole.eleves) for ecole in ecoles)
    trouvees = {(uai, anomalie.objet) for uai, liste in anomalies.items() for anomalie in liste}
    assert trouvees == attendues | {(ailleurs, ici) for ici, ailleurs in attendues}


def test_a_double_enrolment_is_no_fault_of_either_school():
    for ecole in generate(4, 7, taux_fautes=0, echelle=0.1, multi_inscriptions=1):
        assert list(list_ecarts(prove(ecole))) == []


def test_nobody_is_enrolled_twice_unless_asked():
    ecoles = [(ecole.uai, ecole.eleves) for ecole in generate(8, 7, taux_fautes=0, echelle=0.1)]
    assert find_multi_inscriptions(ecoles) == {}


def test_the_dial_is_the_share_of_faulty_schools():
    fautives = sum(bool(ecole.fautes) for ecole in generate(100, 11, taux_fautes=0.3, echelle=0.01))
    assert 20 <= fautives <= 40


def test_identifiers_are_unique_over_the_academie():
    ecoles = list(generate(4, 7, echelle=0.3))
    eleves = [eleve for ecole in ecoles for eleve in ecole.eleves.eleves]
    personnes = [personne.personne_id for ecole in ecoles for personne in ecole.responsables.personnes]
    agents = [i.id for ecole in ecoles for i in ecole.sts.individus if i.type == "epp"]
    ines = [eleve.ine for eleve in eleves if eleve.ine]
    for identifiants in (personnes, agents, ines, [eleve.eleve_id for eleve in eleves]):
        assert len(set(identifiants)) == len(identifiants)


def test_a_rank_without_uai_is_refused():
    with pytest.raises(ValueError, match=str(ECOLES_MAX)):
        make_ecole(ECOLES_MAX + 1, 1)

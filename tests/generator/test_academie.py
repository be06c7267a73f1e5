from itertools import islice

import pytest

from exchanges.generator import generate, make_ecole
from exchanges.generator.identifiants import ECOLES_MAX


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
    assert all(1 <= len(ecole.fautes) <= 4 for ecole in avec)
    assert [ecole.sts for ecole in sans] == [ecole.sts for ecole in avec]


def test_the_dial_is_the_share_of_faulty_schools():
    fautives = sum(bool(ecole.fautes) for ecole in generate(200, 11, taux_fautes=0.3, echelle=0.02))
    assert 40 <= fautives <= 80


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

from collections import Counter
from decimal import Decimal

import pytest

from exchanges.generator import make_ecole


@pytest.fixture(scope="module", params=[1, 2, 4])
def sts(request):
    return make_ecole(request.param, 3).sts


def test_every_service_has_an_enseignant_of_the_school(sts):
    connus = {(individu.type, individu.id) for individu in sts.individus}
    for structure in (*sts.divisions, *sts.groupes):
        assert structure.services
        for service in structure.services:
            assert {(e.individu_type, e.individu_id) for e in service.enseignements} <= connus
            assert service.enseignements


def test_nobody_teaches_more_than_eighteen_hours(sts):
    heures = Counter()
    for structure in (*sts.divisions, *sts.groupes):
        for service in structure.services:
            for enseignement in service.enseignements:
                heures[enseignement.individu_type, enseignement.individu_id] += Decimal(enseignement.heures)
    assert max(heures.values()) <= 18


def test_principaux_are_named_for_divisions_that_they_teach(sts):
    enseignes = {
        (e.individu_type, e.individu_id, division.code)
        for division in sts.divisions
        for service in division.services
        for e in service.enseignements
    }
    mandats = [(i.type, i.id, principal.division) for i in sts.individus for principal in i.principal_de]
    assert set(mandats) <= enseignes
    assert len({division for _, _, division in mandats}) == len(mandats) >= len(sts.divisions) - 1


def test_the_school_has_a_direction_and_local_people_have_no_birth_date(sts):
    assert {"DIR", "EDU", "DOC", "ENS"} <= {individu.fonction for individu in sts.individus}
    locaux = [individu for individu in sts.individus if individu.type == "local"]
    assert all(individu.date_naissance is None and not individu.fonction for individu in locaux)


def test_some_services_are_given_by_two_enseignants_together(sts):
    services = [service for structure in (*sts.divisions, *sts.groupes) for service in structure.services]
    for service in services:
        qui = {(e.individu_type, e.individu_id) for e in service.enseignements}
        assert len(qui) == len(service.enseignements) == 1 + service.is_co_enseignement
    assert any(service.is_co_enseignement for service in services)


def test_suppleants_teach_nobody_yet():
    sts = make_ecole(2, 5).sts
    suppleants = [individu for individu in sts.individus if individu.type == "suppleant"]
    assert suppleants
    assert {individu.fonction for individu in suppleants} == {"ENS"}
    assert sts.individus[-len(suppleants) :] == tuple(suppleants)

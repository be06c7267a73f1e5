from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

import pytest

from exchanges.generator import generate, make_ecole, write_ecole
from exchanges.generator.identifiants import ECOLES_MAX
from exchanges.generator.preuve import list_ecarts, prove
from exchanges.rules.doublons import find_multi_inscriptions


@pytest.fixture(scope="module")
def ecoles():
    """Three neighbours of normal size: a collège, a lycée, a collège."""
    return [make_ecole(rang, 4) for rang in (1, 2, 3)]


def adults(ecole):
    """Responsables by everything but PERSONNE_ID."""
    return {replace(personne, personne_id=""): personne.personne_id for personne in ecole.responsables.personnes}


def shared(premiere, seconde):
    """PERSONNE_ID of each adult of both schools, in either."""
    la_bas = adults(seconde)
    return [(ici, la_bas[adulte]) for adulte, ici in adults(premiere).items() if adulte in la_bas]


def children(ecole, personne_id):
    fiches = {eleve.eleve_id: eleve for eleve in ecole.eleves.eleves}
    siens = [fiches[lien.eleve_id] for lien in ecole.responsables.liens if lien.personne_id == personne_id]
    return sorted(siens, key=lambda eleve: eleve.nom_de_famille)


def test_neighbours_share_adults_under_a_personne_id_of_each(ecoles):
    for premiere, seconde in pairwise(ecoles):
        paires = shared(premiere, seconde)
        assert len(paires) >= 5
        assert all(ici != la_bas for ici, la_bas in paires)
    assert shared(ecoles[0], ecoles[2]) == []


def test_a_shared_adult_can_be_reached_and_has_a_link_in_both_files(ecoles):
    premiere, seconde, _ = ecoles
    personnes = {personne.personne_id: personne for personne in premiere.responsables.personnes}
    legaux = [
        (personnes[ici], la_bas)
        for ici, la_bas in shared(premiere, seconde)
        if any(lien.personne_id == ici and lien.niveau == "1" for lien in premiere.responsables.liens)
    ]
    assert legaux
    for personne, la_bas in legaux:
        assert all((personne.civilite, personne.nom_de_famille, personne.prenom, personne.tel_portable, personne.mel))
        assert personne.adresse and personne.code_postal and personne.commune
        assert any(lien.personne_id == la_bas and lien.niveau == "1" for lien in seconde.responsables.liens)


def test_children_of_a_shared_adult_are_brothers_or_sisters_not_one_child(ecoles):
    premiere, seconde, _ = ecoles
    for ici, la_bas in shared(premiere, seconde):
        enfants, autres = children(premiere, ici), children(seconde, la_bas)
        assert len(enfants) == len(autres) > 0
        for enfant, autre in zip(enfants, autres, strict=True):
            assert enfant.nom_de_famille == autre.nom_de_famille
            assert enfant.eleve_id != autre.eleve_id
            assert abs((enfant.date_naissance - autre.date_naissance).days) >= 300


def test_a_few_families_in_a_hundred_have_a_child_elsewhere():
    for ecole in (make_ecole(rang, 4) for rang in range(2, 10)):
        foyers = defaultdict(set)
        for lien in ecole.responsables.liens:
            foyers[lien.eleve_id].add(lien.personne_id)
        partagees = {fait.eleve_id for fait in ecole.faits if fait.code == "adulte_partage"}
        assert 0.02 <= len(partagees) / len(set(map(frozenset, foyers.values()))) <= 0.045


def test_shared_adults_are_facts_that_name_the_other_school(ecoles):
    premiere, milieu, derniere = ecoles
    for ecole, voisines in ((premiere, [milieu]), (milieu, [premiere, derniere])):
        for voisine in voisines:
            faits = [f for f in ecole.faits if f.code == "adulte_partage" and voisine.uai in f.detail]
            assert {fait.objet for fait in faits} == {ici for ici, _ in shared(ecole, voisine)}
            for fait in faits:
                assert fait.eleve_id in {enfant.eleve_id for enfant in children(ecole, fait.objet)}


def test_the_catalogue_says_nothing_of_shared_adults(ecoles):
    for ecole in ecoles:
        assert list(list_ecarts(prove(ecole))) == []
    assert find_multi_inscriptions((ecole.uai, ecole.eleves) for ecole in ecoles) == {}


def test_faults_leave_shared_adults_the_same_in_both_schools():
    for premiere, seconde in pairwise(generate(6, 5, taux_fautes=1, echelle=0.3)):
        faits = {f.objet for f in premiere.faits if f.code == "adulte_partage" and seconde.uai in f.detail}
        assert faits
        assert faits == {ici for ici, _ in shared(premiere, seconde)}


def test_the_same_seed_gives_the_same_bytes_however_many_schools_follow(tmp_path):
    ecrites = []
    for nombre in (1, 5):
        ecole = next(generate(nombre, 7, echelle=0.2))
        assert any(fait.code == "adulte_partage" for fait in ecole.faits)
        chemins = write_ecole(ecole, tmp_path / str(nombre))
        ecrites.append({chemin.name: chemin.read_bytes() for chemin in chemins})
    assert ecrites[0] == ecrites[1]


def test_a_school_is_the_same_alone_or_among_others():
    assert list(generate(5, 7, taux_fautes=0, echelle=0.2))[2] == make_ecole(3, 7, echelle=0.2)


def test_the_last_school_shares_with_the_one_before_only():
    derniere = make_ecole(ECOLES_MAX, 1, echelle=0.2)
    avant = make_ecole(ECOLES_MAX - 1, 1, echelle=0.2)
    faits = {fait.objet for fait in derniere.faits if fait.code == "adulte_partage"}
    assert faits == {ici for ici, _ in shared(derniere, avant)} != set()

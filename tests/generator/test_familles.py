from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from exchanges.generator import make_ecole


@pytest.fixture(scope="module")
def ecole():
    return make_ecole(1, 4)


def liens_by_eleve(ecole):
    par_eleve = defaultdict(list)
    for lien in ecole.responsables.liens:
        par_eleve[lien.eleve_id].append(lien)
    return par_eleve


def test_every_eleve_has_one_or_two_legal_responsables(ecole):
    par_eleve = liens_by_eleve(ecole)
    for eleve in ecole.eleves.eleves:
        assert 1 <= sum(lien.niveau == "1" for lien in par_eleve[eleve.eleve_id]) <= 2
        assert sum(lien.a_contacter_en_priorite for lien in par_eleve[eleve.eleve_id]) == 1


def test_every_link_names_people_of_the_files(ecole):
    assert {lien.personne_id for lien in ecole.responsables.liens} == {
        personne.personne_id for personne in ecole.responsables.personnes
    }
    assert {lien.eleve_id for lien in ecole.responsables.liens} == {eleve.eleve_id for eleve in ecole.eleves.eleves}


def test_siblings_share_their_responsables_and_are_not_born_together(ecole):
    eleves = {eleve.eleve_id: eleve for eleve in ecole.eleves.eleves}
    fratries = defaultdict(set)
    for lien in ecole.responsables.liens:
        if lien.niveau == "1":
            fratries[lien.personne_id].add(lien.eleve_id)
    multiples = [fratrie for fratrie in fratries.values() if len(fratrie) > 1]
    assert len(multiples) > 20
    for fratrie in multiples:
        assert len({eleves[eleve_id].nom_de_famille for eleve_id in fratrie}) == 1
        naissances = sorted(eleves[eleve_id].date_naissance for eleve_id in fratrie)
        assert all((apres - avant).days >= 300 for avant, apres in pairwise(naissances))


def test_some_parents_live_apart_and_some_contacts_are_shared(ecole):
    personnes = {personne.personne_id: personne for personne in ecole.responsables.personnes}
    adresses = [
        {personnes[lien.personne_id].adresse for lien in liens if lien.niveau == "1"}
        for liens in liens_by_eleve(ecole).values()
    ]
    assert 0.1 < sum(len(distinctes) == 2 for distinctes in adresses) / len(adresses) < 0.4
    contacts = Counter(lien.personne_id for lien in ecole.responsables.liens if lien.parente == "90")
    assert max(contacts.values()) > 1


def test_nobody_can_be_called_or_written_to(ecole):
    for personne in ecole.responsables.personnes:
        assert not personne.tel_portable or personne.tel_portable.startswith("+3363998")
        assert not personne.mel or personne.mel.endswith("@example.org")


def test_every_name_can_be_written_by_siecle(ecole):
    for personne in (*ecole.eleves.eleves, *ecole.responsables.personnes):
        texte = personne.nom_de_famille + personne.prenom
        assert texte.encode("iso-8859-15")
        assert personne.nom_de_famille == personne.nom_de_famille.upper()

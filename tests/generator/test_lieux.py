import pytest

from exchanges.generator import make_ecole


@pytest.fixture(scope="module", params=[1, 2])
def ecole(request):
    return make_ecole(request.param, 3, echelle=0.3)


def test_every_place_of_birth_is_in_the_nomenclature_of_places(ecole):
    pays = {lieu.code for lieu in ecole.geographique.pays}
    communes = {lieu.code for lieu in ecole.geographique.communes}
    for eleve in ecole.eleves.eleves:
        assert {eleve.pays_naissance, eleve.nationalite} <= pays
        assert eleve.commune_naissance in communes or eleve.ville_naissance
    departements = {lieu.code for lieu in ecole.geographique.departements}
    assert {lieu.parent for lieu in ecole.geographique.communes} <= departements


def test_every_school_of_last_year_is_in_the_list_of_schools_once(ecole):
    connus = [etablissement.uai for etablissement in ecole.etablissements.etablissements]
    assert connus[0] == ecole.uai
    assert len(set(connus)) == len(connus)
    assert {eleve.rne_an_dernier for eleve in ecole.eleves.eleves} <= set(connus)

from collections import Counter
from datetime import date

import pytest

from exchanges.generator import NOUVELLE_CALEDONIE, generate, make_ecole
from exchanges.rules.identifiants import is_ine_valide, is_uai_valide
from exchanges.rules.referentiel import referentiel_from_files
from exchanges.rules.verdict import check_elegroupe


CLG, LGT, LP = 1, 2, 4


@pytest.fixture(scope="module")
def ecoles():
    """A collège, a lycée général et technologique and a lycée professionnel of normal size, without fault."""
    return [make_ecole(rang, 5) for rang in (CLG, LGT, LP)]


def files(ecole):
    return [ecole.eleves, ecole.responsables, ecole.structures, ecole.commun, ecole.nomenclatures, ecole.sts]


def placed(ecole):
    return [eleve for eleve in ecole.eleves.eleves if eleve.division and not eleve.date_sortie]


def test_each_kind_of_school_has_its_size(ecoles):
    assert [ecole.type for ecole in ecoles] == ["CLG", "LGT", "LP"]
    for ecole, (moins, plus) in zip(ecoles, [(400, 600), (600, 1000), (300, 500)], strict=True):
        assert moins - 10 <= len(placed(ecole)) <= plus + 10


def test_every_uai_and_ine_has_a_valid_key(ecoles):
    for ecole in ecoles:
        assert is_uai_valide(ecole.uai)
        assert ecole.uai.startswith("099")
        assert all(is_ine_valide(eleve.ine) for eleve in ecole.eleves.eleves if eleve.ine)


def test_every_file_names_the_same_school_and_year(ecoles):
    for ecole in ecoles:
        entetes = [fichier.entete for fichier in (*files(ecole), ecole.elegroupe)]
        assert {(entete.uai, entete.annee) for entete in entetes} == {(ecole.uai, "2026")}
        assert ecole.elegroupe.entete.horodatage == ecole.horodatage > ecole.eleves.entete.horodatage


def test_rates_are_those_of_a_real_export(ecoles):
    eleves = [eleve for ecole in ecoles for eleve in ecole.eleves.eleves]
    sortis = [eleve for eleve in eleves if eleve.date_sortie]
    assert 0.05 <= sum(not eleve.ine for eleve in eleves) / len(eleves) <= 0.11
    assert 0.08 <= len(sortis) / len(eleves) <= 0.22
    assert all(eleve.motif_sortie for eleve in sortis)
    assert sum(not eleve.mef for eleve in sortis) / len(sortis) > 0.8
    assert any(not eleve.division for eleve in eleves if not eleve.date_sortie)


def test_no_two_eleves_of_a_school_are_homonyms(ecoles):
    for ecole in ecoles:
        identites = {(e.nom_de_famille, e.prenom, e.date_naissance) for e in ecole.eleves.eleves}
        assert len(identites) == len(ecole.eleves.eleves)


def test_a_school_without_fault_is_fully_conforme():
    for ecole in generate(8, 3, taux_fautes=0, echelle=0.4):
        verdict = check_elegroupe(ecole.elegroupe, referentiel_from_files(files(ecole)))
        assert verdict.anomalies == ()
        assert verdict.groupes_vides == ()
        deposes = {depose.eleve_id for depose in ecole.elegroupe.eleves}
        assert deposes == {eleve.eleve_id for eleve in placed(ecole)}


def test_structures_of_bee_and_sts_agree(ecoles):
    for ecole in ecoles:
        for bee, sts in (
            (ecole.structures.divisions, ecole.sts.divisions),
            (ecole.structures.groupes, ecole.sts.groupes),
        ):
            assert [(s.code, s.mefs) for s in bee] == [(s.code, s.mefs) for s in sts]
        assert not any(structure.services for structure in ecole.structures.groupes)


def test_nomenclatures_hold_every_mef_and_matiere_in_use(ecoles):
    for ecole in ecoles:
        mefs = {mef.code for mef in ecole.nomenclatures.mefs if mef.is_selectionne}
        matieres = {matiere.code for matiere in ecole.nomenclatures.matieres}
        assert {eleve.mef for eleve in ecole.eleves.eleves if eleve.mef} <= mefs
        assert {option for eleve in ecole.eleves.eleves for option in eleve.options} <= matieres
        structures = (*ecole.sts.divisions, *ecole.sts.groupes)
        assert {service.matiere for structure in structures for service in structure.services} <= matieres


def test_the_calendar_of_new_caledonia_fits_in_one_year():
    ecole = make_ecole(1, 5, calendrier=NOUVELLE_CALEDONIE, echelle=0.1)
    assert ecole.periode.debut == date(2026, 2, 16)
    assert ecole.periode.fin.year == 2026
    assert ecole.horodatage.date() > ecole.periode.debut
    assert not check_elegroupe(ecole.elegroupe, referentiel_from_files(files(ecole))).anomalies


def test_first_year_eleves_come_from_a_primary_school_or_a_college(ecoles):
    college, lycee, _ = ecoles
    assert all(is_uai_valide(eleve.rne_an_dernier) for ecole in ecoles for eleve in ecole.eleves.eleves)
    origines = {e.rne_an_dernier for e in college.eleves.eleves} - {college.uai}
    assert len(origines) == 1
    assert origines.isdisjoint(make_ecole(rang, 5, echelle=0.01).uai for rang in range(1, 9))
    assert {e.rne_an_dernier for e in lycee.eleves.eleves} == {lycee.uai, make_ecole(3, 5, echelle=0.01).uai}


def test_the_fiche_of_every_eleve_who_is_there_is_complete(ecoles):
    champs = (
        "sexe", "date_naissance", "pays_naissance", "nationalite", "regime", "statut", "provenance", "date_entree",
        "rne_an_dernier", "mef_an_dernier",
    )  # fmt: skip
    for ecole in ecoles:
        for eleve in ecole.eleves.eleves:
            assert all(getattr(eleve, champ) for champ in champs)
            assert eleve.commune_naissance or eleve.ville_naissance


def test_every_legal_responsable_can_be_reached(ecoles):
    for ecole in ecoles:
        legaux = {lien.personne_id for lien in ecole.responsables.liens if lien.niveau == "1"}
        for personne in ecole.responsables.personnes:
            assert personne.profession not in {"", "73", "76", "99"}
            if personne.personne_id in legaux:
                assert personne.adresse and personne.code_postal and personne.mel
                assert personne.tel_portable.startswith("+336")


def test_some_colleges_have_a_segpa_with_its_own_divisions():
    ecole = make_ecole(5, 5)
    segpa = {division.code[:2] for division in ecole.structures.divisions if division.mefs[0].startswith("16")}
    assert segpa == {"6S", "5S", "4S", "3S"}
    assert not any(d.mefs[0].startswith("16") for d in make_ecole(1, 5).structures.divisions)


def test_facts_of_life_are_listed_once_for_each_eleve_concerned(ecoles):
    for ecole in ecoles:
        faits = Counter(fait.code for fait in ecole.faits)
        presents = [eleve for eleve in ecole.eleves.eleves if not eleve.date_sortie]
        assert faits["eleve_sorti"] == len(ecole.eleves.eleves) - len(presents)
        assert faits["ine_manquant"] == sum(not eleve.ine for eleve in presents)
        assert faits["eleve_sans_mef"] == sum(not eleve.mef for eleve in presents)
        assert faits["eleve_sans_division"] == sum(bool(eleve.mef and not eleve.division) for eleve in presents)
        assert faits["enseignant_local"] == sum(individu.type == "local" for individu in ecole.sts.individus)

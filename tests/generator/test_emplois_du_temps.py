from collections import Counter
from decimal import Decimal

import pytest

from exchanges.generator import NOUVELLE_CALEDONIE, make_ecole


@pytest.fixture(scope="module", params=[1, 2, 4, 5])
def ecole(request):
    return make_ecole(request.param, 3)


def list_services(fichier):
    for structure in (*fichier.divisions, *fichier.groupes):
        for service in structure.services:
            yield structure, service


def test_the_timetable_has_the_services_and_people_of_sts(ecole):
    def describe(fichier):
        return [
            (structure.code, service.matiere, service.heures, [e.individu_id for e in service.enseignements])
            for structure, service in list_services(fichier)
        ]

    assert describe(ecole.edt) == describe(ecole.sts)
    enseignants = {e.individu_id for _, service in list_services(ecole.edt) for e in service.enseignements}
    assert {individu.id for individu in ecole.edt.individus} == enseignants


def test_the_courses_of_a_service_make_its_hours(ecole):
    for _, service in list_services(ecole.edt):
        for enseignement in service.enseignements:
            poids = [Decimal(1) if cours.alternance == "H" else Decimal("0.5") for cours in enseignement.cours]
            assert sum(poids) == Decimal(service.heures)


def test_nobody_and_no_room_has_two_courses_at_once(ecole):
    pris = Counter()
    for structure, service in list_services(ecole.edt):
        for rang, enseignement in enumerate(service.enseignements):
            for cours in enseignement.cours:
                pris["individu", enseignement.individu_id, cours.jour, cours.debut] += 1
                if rang == 0:  # teachers who share a service share its courses
                    pris["salle", cours.salle, cours.jour, cours.debut] += 1
                    pris[structure.code, cours.jour, cours.debut] += 1
    assert max(pris.values()) == 1


def test_courses_lie_within_the_opening_hours_in_rooms_and_weeks_of_the_file(ecole):
    horaires = {horaire.jour: horaire for horaire in ecole.edt.horaires}
    salles = {salle.code for salle in ecole.edt.salles}
    alternances = {alternance.code for alternance in ecole.edt.alternances}
    for _, service in list_services(ecole.edt):
        for enseignement in service.enseignements:
            for cours in enseignement.cours:
                jour = horaires[cours.jour]
                assert jour.debut <= cours.debut < cours.debut + cours.duree <= jour.fin
                assert cours.salle in salles
                assert cours.alternance in alternances


@pytest.mark.parametrize("options", [{}, {"calendrier": NOUVELLE_CALEDONIE}])
def test_weeks_are_mondays_of_the_year_and_alternate(options):
    ecole = make_ecole(1, 3, echelle=0.1, **options)
    semaines = {alternance.code: alternance.semaines for alternance in ecole.edt.alternances}
    assert all(lundi.weekday() == 0 for lundi in semaines["H"])
    assert sorted((*semaines["A"], *semaines["B"])) == list(semaines["H"])
    assert (ecole.periode.debut - semaines["H"][0]).days in range(7)
    assert 30 <= len(semaines["H"]) <= 38


def test_principaux_are_paid_for_their_divisions(ecole):
    attendues = {(i.id, mandat.division) for i in ecole.sts.individus for mandat in i.principal_de}
    assert {(i.id, code) for i in ecole.edt.individus for code, _ in i.indemnites} == attendues


def test_the_export_for_the_ent_links_every_deposited_eleve_to_her_groupes(ecole):
    ent = ecole.emploi_du_temps
    groupes = {partie: groupe.nom for groupe in ent.groupes for partie in groupe.parties}
    noms = {division.ident: division.nom for division in ent.divisions}
    divisions = {eleve.eleve_id: eleve.division for eleve in ecole.eleves.eleves}
    for eleve, depose in zip(ent.eleves, ecole.elegroupe.eleves, strict=True):
        assert eleve.eleve_id == depose.eleve_id
        assert [groupes[partie] for partie in eleve.parties] == [i.groupe for i in depose.inscriptions]
        assert [noms[ident] for ident in eleve.divisions] == [divisions[eleve.eleve_id]]
    individus = {individu.id for individu in ecole.sts.individus}
    assert {professeur.sts_id for professeur in ent.professeurs} <= individus

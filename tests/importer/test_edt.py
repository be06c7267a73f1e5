"""EDT's file as STS-Web takes it: annule et remplace, names refused or cut, nothing invented."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchanges.enums import Couche, NatureActe
from exchanges.importer import tables
from exchanges.importer.apply import apply_changes
from exchanges.importer.compare import compare, read_courants
from exchanges.importer.fichiers import check_edt, compare_fichiers
from exchanges.models import Acte, FicheService
from exchanges.parsers.records import Division, Groupe
from tests.makers import GROUPES, LUNDI, MEF, make_etablissement
from tests.makers_sts import (
    ANGLAIS,
    DUPONT,
    ESPAGNOL,
    MARTIN,
    held_groupes,
    held_services,
    make_edt,
    make_service,
    make_structures,
    make_sts,
)


pytestmark = pytest.mark.django_db

JOUR = timedelta(days=1)


@pytest.fixture
def ecole(db):
    """A school that has loaded its ``sts_emp``."""
    ecole = make_etablissement()
    load(ecole, make_sts(ecole))
    return ecole


def load(ecole, *fichiers, instant=LUNDI):
    """Compare and apply; returns the changes that write something."""
    changements = compare_fichiers(ecole, list(fichiers), has_liens_a_jour=True)
    acte = Acte.objects.create(etablissement=ecole, nature=NatureActe.CHARGEMENT, instant=instant)
    apply_changes(changements, acte)
    return [c for c in changements if not c.is_vide]


def lines(ecole, *fichiers):
    return [(ligne.code, ligne.objet, ligne.retenu) for ligne in check_edt(ecole, list(fichiers)).lignes]


def groupe(code, divisions=("6A",), **champs):
    return Groupe(code, divisions=divisions, **champs)


def test_the_import_replaces_groupes_services_and_enseignants(ecole):
    edt = make_edt(
        ecole,
        divisions=(Division("6A", services=(make_service(ESPAGNOL, MARTIN),)),),
        groupes=(groupe("6LAT1", services=(make_service(),)),),
    )
    load(ecole, edt, instant=LUNDI + JOUR)
    assert held_groupes(ecole) == {"6LAT1"}
    assert held_services(ecole) == {("6A", ESPAGNOL, "8"), ("6LAT1", ANGLAIS, "7")}
    assert FicheService.objects.courants().count() == 2


def test_the_import_keeps_divisions_people_and_the_mefs_that_it_does_not_carry(ecole):
    tables_ecrites = {c.table for c in load(ecole, make_edt(ecole, ["6AGL1"]), instant=LUNDI + JOUR)}
    assert tables_ecrites == {tables.fiches_groupe(Couche.STS), tables.FICHES_SERVICE, tables.LIENS_SERVICE}
    fiche = read_courants(tables.fiches_groupe(Couche.STS), ecole)[("6AGL1",)]
    assert fiche.valeurs == ("6AGL1", [MEF], ["6A"], None)


NOMS = st.sampled_from(["6AGL1", "6ESP1", "6 LAT-1", "1ARA1STMG", "6é", "6.1", "6A", "", "GROUPELONG", "GROUPELONG2"])
GROUPES_EDT = st.builds(
    Groupe,
    code=NOMS,
    libelle=st.sampled_from(["", "Latin"]),
    divisions=st.lists(st.sampled_from(["6A", "6B"]), max_size=2).map(tuple),
    effectif_prevu=st.none() | st.integers(0, 30),
    services=st.lists(
        st.builds(make_service, st.sampled_from([ANGLAIS, ESPAGNOL]), st.sampled_from([None, DUPONT, ("epp", "9")])),
        max_size=2,
        unique_by=lambda service: service.matiere,
    ).map(tuple),
)


@given(groupes=st.lists(GROUPES_EDT, max_size=5).map(tuple))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_importing_the_same_file_twice_changes_nothing_the_second_time(ecole, groupes):
    edt = make_edt(ecole, groupes=groupes)
    load(ecole, edt, instant=LUNDI + JOUR)
    assert load(ecole, edt, instant=LUNDI + 2 * JOUR) == []
    assert all(len(code) <= 8 for code in held_groupes(ecole))


@pytest.mark.parametrize("nom", ["6é", "6.1", "6/7"])
def test_a_forbidden_sign_refuses_the_groupe(ecole, nom):
    edt = make_edt(ecole, groupes=(groupe(nom, services=(make_service(),)),))
    assert lines(ecole, edt) == [("NOM_REFUSE", nom, "")]
    load(ecole, edt, instant=LUNDI + JOUR)
    assert held_groupes(ecole) == set()
    assert held_services(ecole) == {("6A", ANGLAIS, "7")}


def test_a_long_name_is_cut_to_eight_signs_and_said(ecole):
    edt = make_edt(ecole, groupes=(groupe("1ARA1STMG"),))
    assert lines(ecole, edt) == [("NOM_TRONQUE", "1ARA1STMG", "1ARA1STM")]
    load(ecole, edt, instant=LUNDI + JOUR)
    assert held_groupes(ecole) == {"1ARA1STM"}


def test_a_cut_name_never_takes_the_name_of_another(ecole):
    edt = make_edt(ecole, groupes=(groupe("GROUPELONG1"), groupe("GROUPELONG2"), groupe("GROUPELO"), groupe("6A")))
    assert lines(ecole, edt) == [
        ("NOM_EN_DOUBLE", "GROUPELONG1", ""),
        ("NOM_EN_DOUBLE", "GROUPELONG2", ""),
        ("NOM_EN_DOUBLE", "6A", ""),
    ]
    load(ecole, edt, instant=LUNDI + JOUR)
    assert held_groupes(ecole) == {"GROUPELO"}


def test_of_two_groupes_of_one_name_the_first_counts_and_it_is_said(ecole):
    edt = make_edt(ecole, groupes=(groupe("6LAT1", services=(make_service(),)), groupe("6LAT1", ())))
    assert lines(ecole, edt) == [("NOM_EN_DOUBLE", "6LAT1", "")]
    load(ecole, edt, instant=LUNDI + JOUR)
    assert ("6LAT1", ANGLAIS, "7") in held_services(ecole)


def test_edt_creates_no_division(ecole):
    edt = make_edt(
        ecole,
        divisions=(Division("6A"), Division("6Z", services=(make_service(),))),
        groupes=(groupe("6AGL1", ("6A", "6Z")),),
    )
    assert lines(ecole, edt) == [("DIVISION_INCONNUE", "6Z", ""), ("RATTACHEMENT_PERDU", "6AGL1", "6AGL1")]
    load(ecole, edt, instant=LUNDI + JOUR)
    assert held_services(ecole) == set()
    assert read_courants(tables.fiches_groupe(Couche.STS), ecole)[("6AGL1",)].valeurs[2] == ["6A"]


def test_without_sts_the_divisions_of_bee_count_and_nobody_is_refused():
    ecole = make_etablissement()
    load(ecole, make_structures(ecole))
    edt = make_edt(ecole, divisions=(Division("6A", services=(make_service(),)), Division("6Z")), groupes=())
    assert lines(ecole, edt) == [("DIVISION_INCONNUE", "6Z", "")]
    load(ecole, edt, instant=LUNDI + JOUR)
    assert held_services(ecole) == {("6A", ANGLAIS, "7")}


def test_an_enseignant_unknown_to_sts_is_left_out_and_said_once_without_a_name(ecole):
    services = (make_service(qui=("epp", "99")), make_service(ESPAGNOL, ("epp", "99")))
    edt = make_edt(ecole, divisions=(Division("6A", services=services),), groupes=())
    assert lines(ecole, edt) == [("ENSEIGNANT_INCONNU", "epp 99", "")]
    assert "2 de ses services" in check_edt(ecole, [edt]).lignes[0].message
    load(ecole, edt, instant=LUNDI + JOUR)
    assert held_services(ecole) == set()
    assert FicheService.objects.courants().count() == 2


def test_an_id_given_without_its_type_is_the_only_person_who_bears_it(ecole):
    sts = make_sts(ecole)
    local = type(sts.individus[0])("local", "50", nom_usage="LOCALE")
    load(ecole, make_sts(ecole, individus=(*sts.individus, local)), instant=LUNDI + JOUR)
    edt = make_edt(ecole, divisions=(Division("6A", services=(make_service(qui=("epp", "50")),)),), groupes=())
    load(ecole, edt, instant=LUNDI + 2 * JOUR)
    assert held_services(ecole) == {("6A", ANGLAIS, "50")}


def test_with_sts_emp_in_the_same_batch_edt_is_imported_into_it():
    ecole = make_etablissement()
    load(ecole, make_edt(ecole, ["6LAT1", "1ARA1STMG"]), make_sts(ecole))
    assert held_groupes(ecole) == {"6LAT1", "1ARA1STM"}
    assert held_services(ecole) == {(code, ANGLAIS, "7") for code in ("6A", "6LAT1", "1ARA1STM")}


def test_a_link_that_a_file_confirms_keeps_the_dates_of_the_suppleance(ecole):
    courants = read_courants(tables.LIENS_SERVICE, ecole)
    dates = (date(2026, 9, 14), date(2026, 12, 18))
    voulus = dict.fromkeys(courants, ("3.00", *dates))
    acte = Acte.objects.create(etablissement=ecole, nature=NatureActe.SUPPLEANCE, instant=LUNDI + JOUR)
    apply_changes([compare(tables.LIENS_SERVICE, courants, voulus)], acte)
    load(ecole, make_edt(ecole, GROUPES), make_sts(ecole), instant=LUNDI + 2 * JOUR)
    assert {ligne.valeurs for ligne in read_courants(tables.LIENS_SERVICE, ecole).values()} == {("3.00", *dates)}

"""Intervals opened and closed: what the temporal tables hold after a diff is applied."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchanges.enums import Couche, NatureActe
from exchanges.importer import tables
from exchanges.importer.apply import apply_changes
from exchanges.importer.compare import compare, read_courants
from exchanges.models import Acte, Eleve, FicheGroupe, FicheIndividu, Groupe, LienGroupe, LienService, Service
from tests.makers import LUNDI, make_etablissement


pytestmark = pytest.mark.django_db

JOUR = timedelta(days=1)
JANVIER = date(2027, 1, 4)


@pytest.fixture
def etablissement():
    return make_etablissement()


def apply(etablissement, table, voulus, instant=LUNDI):
    """Bring a table to what is wanted; returns whether anything was written, and the act."""
    acte = Acte.objects.create(etablissement=etablissement, nature=NatureActe.CHARGEMENT, instant=instant)
    return apply_changes([compare(table, read_courants(table, etablissement), voulus)], acte), acte


def held(table, etablissement):
    return {cle: ligne.valeurs for cle, ligne in read_courants(table, etablissement).items()}


LIENS = st.dictionaries(
    st.tuples(st.sampled_from(["1", "2", "3"]), st.sampled_from(["G1", "G2", "É 3"])),
    st.tuples(st.none() | st.dates(), st.none() | st.just(JANVIER)),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(LIENS, min_size=1, max_size=4))
def test_whatever_the_days_each_is_seen_again_as_it_was(etablissement, jours):
    LienGroupe.objects.all().delete()
    for rang, voulus in enumerate(jours):
        has_ecrit, _ = apply(etablissement, tables.LIENS_GROUPE, voulus, LUNDI + rang * JOUR)
        assert has_ecrit == (voulus != (jours[rang - 1] if rang else {}))
        assert held(tables.LIENS_GROUPE, etablissement) == voulus
    for rang, voulus in enumerate(jours):
        lignes = LienGroupe.objects.as_of(LUNDI + rang * JOUR + JOUR / 2).values_list(
            "eleve__eleve_id", "groupe__code", "date_debut", "date_fin"
        )
        assert {(e, g): (debut, fin) for e, g, debut, fin in lignes} == voulus
    assert not LienGroupe.objects.as_of(LUNDI - JOUR).exists()


def test_the_same_rows_again_write_nothing(etablissement):
    voulus = {("1001", "6AGL1"): (None, JANVIER)}
    assert apply(etablissement, tables.LIENS_GROUPE, voulus)[0]
    (avant,) = LienGroupe.objects.values()
    assert apply(etablissement, tables.LIENS_GROUPE, voulus, LUNDI + JOUR)[0] is False
    assert list(LienGroupe.objects.values()) == [avant]


def test_a_closed_row_names_the_act_that_closed_it_and_changes_in_nothing_else(etablissement):
    _, ouverture = apply(etablissement, tables.LIENS_GROUPE, {("1001", "6AGL1"): (None, None)})
    (avant,) = LienGroupe.objects.values()
    _, fermeture = apply(etablissement, tables.LIENS_GROUPE, {}, LUNDI + JOUR)
    (apres,) = LienGroupe.objects.values()
    assert apres == avant | {"jusqua": LUNDI + JOUR, "clos_par_id": fermeture.pk}
    assert (avant["depuis"], avant["ouvert_par_id"]) == (LUNDI, ouverture.pk)


def test_a_modified_row_is_closed_and_its_successor_opened_at_the_same_instant(etablissement):
    apply(etablissement, tables.LIENS_GROUPE, {("1001", "6AGL1"): (None, None)})
    apply(etablissement, tables.LIENS_GROUPE, {("1001", "6AGL1"): (None, JANVIER)}, LUNDI + JOUR)
    lignes = LienGroupe.objects.order_by("depuis").values_list("depuis", "jusqua", "date_fin")
    assert list(lignes) == [(LUNDI, LUNDI + JOUR, None), (LUNDI + JOUR, None, JANVIER)]


def test_a_row_that_began_at_this_very_instant_is_deleted_not_closed(etablissement):
    apply(etablissement, tables.LIENS_GROUPE, {("1001", "6AGL1"): (None, None), ("1002", "6AGL1"): (None, None)})
    apply(etablissement, tables.LIENS_GROUPE, {("1002", "6AGL1"): (JANVIER, None)})
    (ligne,) = LienGroupe.objects.all()
    assert (ligne.eleve.eleve_id, ligne.date_debut, ligne.jusqua) == ("1002", JANVIER, None)


def test_a_row_may_come_back_after_a_hole(etablissement):
    voulus = {("1001", "6AGL1"): (None, None)}
    for rang, jour in enumerate([voulus, {}, voulus]):
        apply(etablissement, tables.LIENS_GROUPE, jour, LUNDI + rang * JOUR)
    presences = [LienGroupe.objects.as_of(LUNDI + rang * JOUR).exists() for rang in range(3)]
    assert presences == [True, False, True]
    assert Eleve.objects.count() == Groupe.objects.count() == 1


def test_identities_are_made_once_and_found_again(etablissement):
    voulus = {("1001", "6AGL1"): (None, None), ("1001", "6ESP1"): (None, None)}
    apply(etablissement, tables.LIENS_GROUPE, voulus)
    avant = set(Eleve.objects.values_list("pk", flat=True))
    apply(etablissement, tables.LIENS_GROUPE, voulus | {("1002", "6ESP1"): (None, None)}, LUNDI + JOUR)
    assert avant < set(Eleve.objects.values_list("pk", flat=True))
    assert (Eleve.objects.count(), Groupe.objects.count()) == (2, 2)


def test_two_schools_with_the_same_codes_do_not_meet(etablissement):
    autre = make_etablissement(2)
    for ecole in (etablissement, autre):
        apply(ecole, tables.LIENS_GROUPE, {("1001", "6AGL1"): (None, None)})
    apply(autre, tables.LIENS_GROUPE, {}, LUNDI + JOUR)
    assert held(tables.LIENS_GROUPE, etablissement) == {("1001", "6AGL1"): (None, None)}
    assert held(tables.LIENS_GROUPE, autre) == {}
    assert Groupe.objects.count() == 2


def test_layers_share_a_table_without_touching_each_other(etablissement):
    for couche, libelle in ((Couche.STS, "chez STS"), (Couche.BEE, "chez BEE")):
        apply(etablissement, tables.fiches_groupe(couche), {("6AGL1",): (libelle, ["M1"], ["6A"], None)})
    apply(etablissement, tables.fiches_groupe(Couche.STS), {}, LUNDI + JOUR)
    (ligne,) = FicheGroupe.objects.courants()
    assert (ligne.couche, ligne.libelle, ligne.mefs, ligne.divisions) == ("BEE", "chez BEE", ["M1"], ["6A"])


def test_json_values_are_compared_by_value(etablissement):
    table = tables.fiches_groupe(Couche.BEE)
    apply(etablissement, table, {("6AGL1",): ("", ["M1", "É2"], [], 12)})
    assert apply(etablissement, table, {("6AGL1",): ("", ["M1", "É2"], [], 12)}, LUNDI + JOUR)[0] is False
    assert apply(etablissement, table, {("6AGL1",): ("", ["M1"], [], 12)}, LUNDI + JOUR)[0] is True


def test_identities_of_several_fields_are_read_back_as_tuples(etablissement):
    service, individu = ("G", "6AGL1", "030201", "CG"), ("epp", "7")
    fiche = ("ESSAI", "", "Lou", "", "", None, "ENS", "", ["L0422"])
    apply(etablissement, tables.FICHES_INDIVIDU, {(individu,): fiche})
    apply(etablissement, tables.LIENS_SERVICE, {(service, individu): ("3.00", None, None)})
    assert held(tables.FICHES_INDIVIDU, etablissement) == {(individu,): fiche}
    assert held(tables.LIENS_SERVICE, etablissement) == {(service, individu): ("3.00", None, None)}
    lien = LienService.objects.select_related("service", "individu").get()
    assert (lien.service.structure, lien.service.matiere, lien.individu.sts_id) == ("6AGL1", "030201", "7")
    assert (Service.objects.count(), FicheIndividu.objects.get().disciplines) == (1, ["L0422"])
    assert (
        apply(etablissement, tables.LIENS_SERVICE, {(service, individu): ("3.00", None, None)}, LUNDI + JOUR)[0]
        is False
    )


def test_a_missing_division_is_null_and_no_identity(etablissement):
    valeurs = ("MODELE", "", "Lou", "", "", None, "", "", "", "", "", "", "", None, None, None, "", [], [])
    apply(etablissement, tables.FICHES_ELEVE, {("1001",): valeurs})
    assert held(tables.FICHES_ELEVE, etablissement) == {("1001",): valeurs}
    assert not etablissement.divisions.exists()


def test_more_rows_than_one_statement_takes_are_closed(etablissement):
    voulus = {("1001", f"G{rang}"): (None, None) for rang in range(5200)}
    apply(etablissement, tables.LIENS_GROUPE, voulus)
    apply(etablissement, tables.LIENS_GROUPE, {}, LUNDI + JOUR)
    assert LienGroupe.objects.filter(jusqua=LUNDI + JOUR).count() == 5200

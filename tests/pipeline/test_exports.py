"""Export Structure and Export Services: carried in a simulated académie, declared then proved in a real one."""

from datetime import timedelta

import pytest

from exchanges.enums import Couche, NatureActe, OrigineActe, PreuveActe, Relais
from exchanges.models import Acte, LienService, Passage
from exchanges.pipeline import exports
from exchanges.pipeline.exports import ExportImpossible
from exchanges.reports.exports import state_of_exports
from tests.makers import GROUPES, LUNDI, load, make_academie, make_ecole
from tests.makers_sts import held_groupes, make_edt, make_structures, make_sts


pytestmark = pytest.mark.django_db

HEURE = timedelta(hours=1)
JOUR = timedelta(days=1)
STRUCTURE, SERVICES = NatureActe.EXPORT_STRUCTURE, NatureActe.EXPORT_SERVICES


@pytest.fixture
def simulee():
    """A school whose STS has one groupe more than BEE."""
    ecole = make_ecole()
    load(ecole, [make_sts(ecole, (*GROUPES, "6LAT1"))], LUNDI)
    return ecole


@pytest.fixture
def reelle():
    """The same in real time: STS and BEE agree, the exports are deduced; then STS gets a groupe."""
    ecole = make_ecole(academie=make_academie("REEL", is_simulee=False))
    load(ecole, [make_sts(ecole), make_structures(ecole, quand=LUNDI)], LUNDI)
    load(ecole, [make_edt(ecole, (*GROUPES, "6LAT1"))], LUNDI + HEURE)
    return ecole


def actes(ecole, nature):
    return list(Acte.objects.filter(etablissement=ecole, nature=nature).order_by("instant"))


def test_simulated_structure_export_carries_groupes_to_bee_and_plans_the_relays(simulee):
    Passage.objects.all().delete()
    version = simulee.version_referentiel
    acte = exports.run_export_structure(simulee, None, LUNDI + HEURE)
    assert held_groupes(simulee, Couche.BEE) == {*GROUPES, "6LAT1"}
    assert (acte.origine, acte.detail) == (OrigineActe.FAIT, {"divisions": 1, "groupes": 3})
    assert Passage.objects.filter(relais=Relais.ENT).exists()
    simulee.refresh_from_db()
    assert simulee.version_referentiel == version + 1


def test_structure_export_closes_in_bee_what_sts_no_longer_holds(simulee):
    load(simulee, [make_edt(simulee, ["6AGL1"])], LUNDI + HEURE)
    exports.run_export_structure(simulee, None, LUNDI + 2 * HEURE)
    assert held_groupes(simulee, Couche.BEE) == {"6AGL1"}


def test_structure_export_twice_changes_nothing_the_second_time(simulee):
    exports.run_export_structure(simulee, None, LUNDI + HEURE)
    simulee.refresh_from_db()
    version = simulee.version_referentiel
    exports.run_export_structure(simulee, None, LUNDI + JOUR)
    simulee.refresh_from_db()
    assert simulee.version_referentiel == version


def test_the_two_exports_in_order_leave_nothing_to_do(simulee):
    assert state_of_exports(simulee).is_structure_perimee
    assert state_of_exports(simulee).groupes_manquants == ("6LAT1",)
    exports.run_export_structure(simulee, None, LUNDI + HEURE)
    etat = state_of_exports(simulee)
    assert (etat.is_structure_perimee, etat.is_services_perimes) == (False, True)
    exports.run_export_services(simulee, None, LUNDI + HEURE)
    etat = state_of_exports(simulee)
    assert etat.is_a_jour
    assert etat.groupes_manquants == ()


def test_services_before_structure_must_be_done_again(simulee):
    exports.run_export_services(simulee, None, LUNDI + HEURE)
    assert state_of_exports(simulee).is_ordre_inverse
    exports.run_export_structure(simulee, None, LUNDI + 2 * HEURE)
    etat = state_of_exports(simulee)
    assert (etat.is_structure_perimee, etat.is_services_perimes, etat.is_ordre_inverse) == (False, True, True)
    assert "exportés avant la structure" in etat.texte
    exports.run_export_services(simulee, None, LUNDI + 3 * HEURE)
    assert state_of_exports(simulee).is_a_jour


def test_a_change_of_sts_makes_both_exports_stale_again(simulee):
    exports.run_export_structure(simulee, None, LUNDI + HEURE)
    exports.run_export_services(simulee, None, LUNDI + HEURE)
    load(simulee, [make_edt(simulee)], LUNDI + HEURE)
    etat = state_of_exports(simulee)
    assert (etat.is_structure_perimee, etat.is_services_perimes) == (True, True)
    assert simulee.sts_modifie_le > LUNDI + HEURE


def test_services_known_to_bee_are_those_of_the_last_export(simulee):
    export = exports.run_export_services(simulee, None, LUNDI + HEURE)
    load(simulee, [make_edt(simulee, [])], LUNDI + HEURE)
    connus = LienService.objects.as_of(export.instant).filter(etablissement=simulee)
    assert {lien.service.structure for lien in connus} == {"6A", *GROUPES, "6LAT1"}


def test_a_file_of_bee_alone_changes_nothing_of_sts(simulee):
    avant = simulee.sts_modifie_le
    load(simulee, now=LUNDI + HEURE)
    assert simulee.sts_modifie_le == avant


def test_an_export_needs_a_known_sts():
    ecole = make_ecole()
    with pytest.raises(ExportImpossible, match="sts_emp"):
        exports.run_export_structure(ecole, None, LUNDI)
    assert held_groupes(ecole, Couche.BEE) == set(GROUPES)


def test_each_kind_of_academie_has_its_own_way(simulee):
    reelle = make_ecole(2, academie=make_academie("REEL", is_simulee=False))
    with pytest.raises(ExportImpossible, match="réelle"):
        exports.run_export_services(reelle, None, LUNDI)
    with pytest.raises(ExportImpossible, match="simulée"):
        exports.declare(simulee, STRUCTURE, None, LUNDI)


def test_first_files_in_agreement_deduce_both_exports(reelle):
    structure, services = actes(reelle, STRUCTURE)[0], actes(reelle, SERVICES)[0]
    assert (structure.origine, structure.preuve) == (OrigineActe.DEDUIT, PreuveActe.CONFIRME)
    assert services.commentaire == "supposé fait avec l'export Structure"
    assert structure.prouve_par == services.prouve_par != None  # noqa: E711  # both, and set
    assert structure.chargement is None


def test_groupes_missing_at_first_still_deduce_services(simulee):
    load(simulee, [make_structures(simulee, quand=LUNDI + HEURE)], LUNDI + HEURE)
    assert actes(simulee, STRUCTURE) == []
    assert [acte.origine for acte in actes(simulee, SERVICES)] == [OrigineActe.DEDUIT]
    etat = state_of_exports(simulee)
    assert (etat.is_services_perimes, etat.is_ordre_inverse) == (True, False)
    assert "SIECLE ne connaît pas encore 6LAT1" in etat.texte
    exports.run_export_structure(simulee, None, LUNDI + 2 * HEURE)
    assert state_of_exports(simulee).titre == "Il reste à faire : Export Services."


def test_services_are_supposed_only_once(simulee):
    for jour in (JOUR, 2 * JOUR):
        load(simulee, [make_structures(simulee, quand=LUNDI + jour)], LUNDI + jour)
    assert len(actes(simulee, SERVICES)) == 1


def test_declared_export_writes_no_structure_and_is_confirmed_by_the_next_file(reelle):
    acte = exports.declare(reelle, STRUCTURE, None, LUNDI + JOUR, "fait à la récréation")
    assert held_groupes(reelle, Couche.BEE) == set(GROUPES)
    assert not state_of_exports(reelle).is_structure_perimee
    quand = LUNDI + JOUR + HEURE
    charge = load(reelle, [make_structures(reelle, (*GROUPES, "6LAT1"), quand)], quand)
    acte.refresh_from_db()
    assert (acte.preuve, acte.prouve_par, acte.commentaire) == ("confirme", charge, "fait à la récréation")
    assert len(actes(reelle, STRUCTURE)) == 2


def test_declared_export_is_contradicted_by_a_file_without_its_groupe(reelle):
    acte = exports.declare(reelle, STRUCTURE, None, LUNDI + JOUR)
    quand = LUNDI + JOUR + HEURE
    load(reelle, [make_structures(reelle, quand=quand)], quand)
    acte.refresh_from_db()
    assert (acte.preuve, acte.detail["manquants"]) == (PreuveActe.CONTREDIT, ["6LAT1"])
    etat = state_of_exports(reelle)
    assert etat.is_structure_perimee
    assert "contredit par Structures.xml" in etat.texte


def test_a_file_made_before_the_declaration_says_nothing_of_it(reelle):
    acte = exports.declare(reelle, STRUCTURE, None, LUNDI + JOUR)
    load(reelle, [make_structures(reelle, quand=LUNDI + 2 * HEURE)], LUNDI + JOUR + HEURE)
    acte.refresh_from_db()
    assert acte.preuve == ""


def test_an_undeclared_export_is_deduced_from_a_later_file(reelle):
    quand = LUNDI + JOUR
    load(reelle, [make_structures(reelle, (*GROUPES, "6LAT1"), quand)], quand)
    assert [acte.origine for acte in actes(reelle, STRUCTURE)] == [OrigineActe.DEDUIT] * 2
    assert state_of_exports(reelle).is_a_jour


def test_a_file_older_than_the_change_deduces_nothing(reelle):
    load(reelle, [make_edt(reelle)], LUNDI + 3 * HEURE)  # the groupe goes: names agree again, nothing was exported
    load(reelle, [make_structures(reelle, quand=LUNDI + 2 * HEURE)], LUNDI + JOUR)
    assert len(actes(reelle, STRUCTURE)) == 1

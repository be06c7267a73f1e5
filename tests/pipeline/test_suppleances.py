"""REP moves services to somebody of STS, SUP shares them with somebody typed in; both until the exports."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from exchanges import models
from exchanges.enums import NatureActe
from exchanges.models import FicheIndividu, LienService
from exchanges.parsers.records import Enseignement, Individu, Service
from exchanges.pipeline import exports, suppleances
from exchanges.pipeline.suppleances import MouvementRefuse, Suppleant
from exchanges.reports.exports import state_of_exports
from exchanges.reports.suppleances import list_mouvements
from tests.makers import LUNDI, load, make_ecole
from tests.makers_sts import ANGLAIS, DUPONT, MARTIN, held_services, make_edt, make_sts


pytestmark = pytest.mark.django_db

HEURE = timedelta(hours=1)
LEA = Suppleant("EXEMPLE", "Léa", "2", date(1990, 3, 4), date(2026, 9, 14), date(2026, 12, 18))


@pytest.fixture
def ecole():
    ecole = make_ecole()
    load(ecole, [make_sts(ecole)], LUNDI)
    exports.run_export_structure(ecole, None, LUNDI)
    exports.run_export_services(ecole, None, LUNDI)
    return ecole


def pks(*structures):
    return list(models.Service.objects.filter(structure__in=structures).values_list("pk", flat=True))


def replace_all(ecole, *structures):
    return suppleances.replace_enseignant(ecole, DUPONT, MARTIN, pks(*structures), None, LUNDI)


def add_lea(ecole, *structures, qui=LEA):
    return suppleances.add_suppleant(ecole, DUPONT, qui, pks(*structures), None, LUNDI)


def test_remplacement_moves_the_chosen_services_only(ecole):
    acte = replace_all(ecole, "6A", "6AGL1")
    assert held_services(ecole) == {("6A", ANGLAIS, "8"), ("6AGL1", ANGLAIS, "8"), ("6ESP1", ANGLAIS, "7")}
    assert (acte.nature, acte.detail["absent"], acte.detail["nouveau"]) == (
        NatureActe.REMPLACEMENT,
        ["epp", "7"],
        ["epp", "8"],
    )
    assert set(LienService.objects.courants().values_list("heures", flat=True)) == {"3.00"}


def test_remplacant_who_shares_the_service_already_gets_the_hours_too(ecole):
    replace_all(ecole, "6A")
    retour = suppleances.replace_enseignant(ecole, MARTIN, DUPONT, pks("6A"), None, LUNDI)
    assert held_services(ecole) == {(code, ANGLAIS, "7") for code in ("6A", "6AGL1", "6ESP1")}
    add_lea(ecole, "6A")
    lea = ("suppleant", "SUP1")
    suppleances.replace_enseignant(ecole, DUPONT, lea, pks("6A"), None, LUNDI)
    lien = LienService.objects.courants().get(service__structure="6A")
    assert (lien.individu.sts_id, lien.heures, lien.date_fin) == ("SUP1", "6.00", LEA.fin)
    assert retour.instant < lien.depuis


def test_suppleance_creates_the_suppleant_with_dates_and_leaves_the_absent_her_services(ecole):
    acte = add_lea(ecole, "6A")
    assert held_services(ecole) >= {("6A", ANGLAIS, "7"), ("6A", ANGLAIS, "SUP1")}
    fiche = FicheIndividu.objects.courants().get(individu__type="suppleant")
    assert (fiche.nom_usage, fiche.prenom, fiche.sexe, fiche.civilite) == ("EXEMPLE", "Léa", "2", "2")
    assert (fiche.fonction, fiche.disciplines, fiche.date_naissance) == ("ENS", ["L0422"], date(1990, 3, 4))
    lien = LienService.objects.courants().get(individu__type="suppleant")
    assert (lien.date_debut, lien.date_fin, lien.ouvert_par) == (LEA.debut, LEA.fin, acte)


def test_a_suppleant_who_comes_back_is_the_same_person(ecole):
    add_lea(ecole, "6A")
    add_lea(ecole, "6AGL1")
    assert set(
        FicheIndividu.objects.filter(individu__type="suppleant").values_list("individu__sts_id", flat=True)
    ) == {"SUP1"}
    autre = Suppleant("AUTREMENT", "Zoé", "2", date(1991, 1, 1), LEA.debut, LEA.fin)
    assert add_lea(ecole, "6A", qui=autre).detail["nouveau"] == ["suppleant", "SUP2"]


@pytest.mark.parametrize("mouvement", [replace_all, add_lea])
def test_both_make_the_exports_stale_until_they_are_done(ecole, mouvement):
    assert state_of_exports(ecole).is_a_jour
    acte = mouvement(ecole, "6A")
    ecole.refresh_from_db()
    assert ecole.sts_modifie_le == acte.instant
    etat = state_of_exports(ecole)
    assert etat.titre == "Il reste à faire : Export Structure, puis Export Services."
    exports.run_export_structure(ecole, None, LUNDI)
    exports.run_export_services(ecole, None, LUNDI)
    assert state_of_exports(ecole).is_a_jour


@pytest.mark.parametrize("mouvement", [replace_all, add_lea])
def test_cancelling_puts_everything_back(ecole, mouvement):
    avant = held_services(ecole)
    acte = mouvement(ecole, "6A", "6ESP1")
    retour = suppleances.cancel_mouvement(acte, None, LUNDI)
    assert held_services(ecole) == avant
    assert retour.detail == {"annule": acte.pk}
    assert not FicheIndividu.objects.courants().filter(individu__type="suppleant").exists()
    with pytest.raises(MouvementRefuse, match="déjà annulé"):
        suppleances.cancel_mouvement(acte, None, LUNDI)


def test_what_was_exported_is_not_cancelled(ecole):
    acte = replace_all(ecole, "6A")
    exports.run_export_services(ecole, None, LUNDI)
    apres = held_services(ecole)
    with pytest.raises(MouvementRefuse, match="Export Services a été fait"):
        suppleances.cancel_mouvement(acte, None, LUNDI)
    assert held_services(ecole) == apres


def test_impossible_movements_are_refused_and_change_nothing(ecole):
    avant = held_services(ecole)
    gestes = [
        lambda: replace_all(ecole),
        lambda: suppleances.replace_enseignant(ecole, MARTIN, DUPONT, pks("6A"), None, LUNDI),
        lambda: suppleances.replace_enseignant(ecole, DUPONT, DUPONT, pks("6A"), None, LUNDI),
        lambda: suppleances.replace_enseignant(ecole, DUPONT, ("epp", "99"), pks("6A"), None, LUNDI),
        lambda: add_lea(ecole, "6A", qui=Suppleant("X", "Y", "1", date(1990, 1, 1), LEA.fin, LEA.debut)),
    ]
    for geste in gestes:
        with pytest.raises(MouvementRefuse, match="Rien n'a été modifié"):
            geste()
    assert held_services(ecole) == avant


def test_somebody_of_sts_ressources_is_not_a_suppleant(ecole):
    FicheIndividu.objects.filter(individu__sts_id="8").update(date_naissance=date(1980, 1, 1))
    sam = Suppleant("Autre", "sam", "1", date(1980, 1, 1), LEA.debut, LEA.fin)
    with pytest.raises(MouvementRefuse, match="c'est un remplacement"):
        add_lea(ecole, "6A", qui=sam)


def test_the_next_import_of_edt_closes_what_it_does_not_hold(ecole):
    add_lea(ecole, "6A")
    load(ecole, [make_edt(ecole)], LUNDI + HEURE)
    assert held_services(ecole) == {(code, ANGLAIS, "7") for code in ("6A", "6AGL1", "6ESP1")}


def test_the_next_sts_emp_confirms_a_suppleant_under_her_own_number(ecole):
    acte = add_lea(ecole, "6A")
    sts = make_sts(ecole)
    lea = Individu("epp", "77", nom_usage="Exemple", prenom="LÉA", date_naissance=LEA.date_naissance, fonction="ENS")
    services = (
        Service(
            ANGLAIS, heures="3.00", enseignements=(Enseignement(*DUPONT, "3.00"), Enseignement("epp", "77", "3.00"))
        ),
    )
    divisions = (replace(sts.divisions[0], services=services),)
    load(ecole, [replace(sts, individus=(*sts.individus, lea), divisions=divisions)], LUNDI + HEURE)
    lien = LienService.objects.courants().get(individu__sts_id="77")
    assert (lien.ouvert_par, lien.date_debut, lien.date_fin) == (acte, LEA.debut, LEA.fin)
    assert not FicheIndividu.objects.filter(individu__sts_id__startswith="SUP").exists()
    (mouvement,) = list_mouvements(ecole, LEA.fin)
    assert (mouvement.nouveau, mouvement.is_fini) == ("Exemple LÉA", False)
    load(ecole, [make_edt(ecole, divisions=divisions)], LUNDI + 2 * HEURE)
    assert ("6A", ANGLAIS, "77") in held_services(ecole)


def test_somebody_else_of_the_same_name_does_not_become_the_suppleant(ecole):
    add_lea(ecole, "6A")
    sts = make_sts(ecole)
    autre = Individu("epp", "77", nom_usage="EXEMPLE", prenom="Léa", date_naissance=date(1961, 1, 1))
    load(ecole, [replace(sts, individus=(*sts.individus, autre))], LUNDI + HEURE)
    assert FicheIndividu.objects.courants().filter(individu__type="suppleant").count() == 0
    assert list_mouvements(ecole, LEA.debut) == []

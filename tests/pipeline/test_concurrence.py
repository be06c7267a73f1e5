"""Two workers, two browser tabs: each pair does its work once, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from exchanges.enums import EtatDepot, EtatPassage, EtatTache, NatureActe, Relais
from exchanges.models import Acte, Depot, Etablissement, LienGroupe, Passage, Tache
from exchanges.pipeline import chargements, depots
from exchanges.pipeline.depots import DepotPerime
from exchanges.pipeline.taches import run_tache
from tests.makers import (
    ELEVES,
    GROUPES,
    LUNDI,
    MARDI_2H,
    deposit,
    make_depot,
    make_ecole,
    make_fichiers,
    name_flux,
    set_clock,
)
from tests.pipeline.makers import end_leases, held_links


pytestmark = pytest.mark.django_db(transaction=True)

HEURE = timedelta(hours=1)
TOUS = dict.fromkeys(ELEVES, GROUPES)


def together(*actions):
    """Run these at the same time, each in its own connection; their results, or the exceptions raised."""
    depart = Barrier(len(actions))

    def run(action):
        depart.wait(10)
        try:
            return action()
        except Exception as exc:
            return exc
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def test_a_night_called_by_four_workers_at_once_is_imported_once():
    depot = deposit(make_ecole(), TOUS)
    set_clock(depot.etablissement.academie, MARDI_2H + HEURE)
    tache = Tache.objects.get(passage__depot=depot, passage__relais=Relais.SIECLE)
    faits = together(*[lambda: run_tache(tache.pk)] * 4)
    assert sorted(faits, key=str) == [False, False, False, True]
    tache.refresh_from_db()
    assert (tache.etat, tache.tentatives) == (EtatTache.FAIT, 1)
    assert LienGroupe.objects.count() == 8
    assert Acte.objects.filter(nature=NatureActe.NUIT).count() == 1


def test_a_slow_worker_whose_lease_ran_out_and_its_successor_import_once():
    depot = deposit(make_ecole(), TOUS)
    set_clock(depot.etablissement.academie, MARDI_2H + HEURE)
    tache = Tache.objects.get(passage__depot=depot, passage__relais=Relais.SIECLE)

    def expire_then_run():
        end_leases()
        return run_tache(tache.pk)

    faits = together(lambda: run_tache(tache.pk), expire_then_run, expire_then_run)
    assert faits.count(True) == 1
    depot.refresh_from_db()
    assert (depot.etat, depot.liens_crees) == (EtatDepot.IMPORTE, 8)
    assert LienGroupe.objects.count() == 8
    assert Acte.objects.filter(nature=NatureActe.NUIT).count() == 1


def test_a_draft_confirmed_in_two_tabs_is_deposited_once():
    depot = make_depot(make_ecole(), TOUS)
    resultats = together(*[lambda: depots.confirm_depot(Depot.objects.get(pk=depot.pk), None, LUNDI)] * 2)
    assert sorted(type(resultat) for resultat in resultats if isinstance(resultat, Exception)) == [DepotPerime]
    depot.refresh_from_db()
    assert depot.etat == EtatDepot.DEPOSE
    assert Passage.objects.get(relais=Relais.SIECLE).etat == EtatPassage.PREVU


def test_two_deposits_confirmed_at_once_leave_one_pending():
    ecole = make_ecole()
    premier, second = make_depot(ecole, TOUS), make_depot(ecole, {"1001": ["6AGL1"]}, LUNDI + timedelta(seconds=1))
    together(*(lambda depot=depot: depots.confirm_depot(depot, None, LUNDI) for depot in (premier, second)))
    etats = sorted(Depot.objects.values_list("etat", flat=True))
    assert etats == [EtatDepot.DEPOSE, EtatDepot.REMPLACE]
    en_attente = Depot.objects.get(etat=EtatDepot.DEPOSE)
    nuits = Tache.objects.filter(passage__relais=Relais.SIECLE, etat=EtatTache.ATTENTE)
    assert nuits.get().passage.depot == en_attente


def test_a_deposit_given_up_while_its_night_begins_is_one_or_the_other():
    depot = deposit(make_ecole(), TOUS)
    set_clock(depot.etablissement.academie, MARDI_2H + HEURE)
    tache = Tache.objects.get(passage__depot=depot, passage__relais=Relais.SIECLE)
    abandon, _ = together(lambda: depots.abandon_depot(depot), lambda: run_tache(tache.pk))
    depot.refresh_from_db()
    liens = held_links(depot.etablissement)
    if isinstance(abandon, DepotPerime):
        assert (depot.etat, len(liens)) == (EtatDepot.IMPORTE, 8)
    else:
        assert (depot.etat, len(liens)) == (EtatDepot.ABANDONNE, 0)


def test_a_load_and_a_night_at_once_both_hold_and_in_order_of_time():
    depot = deposit(make_ecole(), TOUS)
    ecole = depot.etablissement
    set_clock(ecole.academie, MARDI_2H + HEURE)
    flux = name_flux(make_fichiers(ecole, groupes=(*GROUPES, "6NEUF"), quand=LUNDI))
    chargement, _ = chargements.control_files(ecole, flux, None, LUNDI)
    tache = Tache.objects.get(passage__depot=depot, passage__relais=Relais.SIECLE)
    together(
        lambda: chargements.apply_chargement(chargement, None, MARDI_2H + HEURE, has_retraits_confirmes=True),
        lambda: run_tache(tache.pk),
    )
    instants = list(Acte.objects.order_by("pk").values_list("instant", flat=True))
    assert len(instants) == 3
    assert instants == sorted(instants)
    ecole = Etablissement.objects.get(pk=ecole.pk)
    assert (ecole.version_referentiel, len(held_links(ecole))) == (2, 8)
    assert ecole.groupes.filter(code="6NEUF").exists()

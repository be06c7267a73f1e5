"""The job table: what is due, who claims it, what an attempt that fails leaves behind."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from exchanges.enums import EtatDepot, EtatPassage, EtatTache, Relais
from exchanges.models import Depot, Passage, Tache
from exchanges.pipeline import taches
from exchanges.pipeline.nuits import run_until
from exchanges.pipeline.taches import TENTATIVES_MAX, due_ids, run_tache
from exchanges.propagation.horloge import Horloge
from tests.makers import (
    ELEVES,
    GROUPES,
    LUNDI,
    MARDI_2H,
    deposit,
    make_academie,
    make_ecole,
    make_etablissement,
    set_clock,
)
from tests.pipeline.makers import end_leases, held_links, pass_time


pytestmark = pytest.mark.django_db

HEURE = timedelta(hours=1)
JOUR = timedelta(days=1)
TOUS = dict.fromkeys(ELEVES, GROUPES)


@pytest.fixture
def depot():
    """A deposit whose night is due."""
    depot = deposit(make_ecole(), TOUS)
    set_clock(depot.etablissement.academie, MARDI_2H + HEURE)
    return depot


@pytest.fixture
def tache(depot):
    return Tache.objects.get(passage__depot=depot, passage__relais=Relais.SIECLE)


def break_night(monkeypatch, exc=RuntimeError):
    """Make every import fail."""

    def fail(passage, instant):
        raise exc

    monkeypatch.setitem(taches._EXECUTANTS, Relais.SIECLE, fail)


def try_it(tache):
    """One attempt that is expected to fail; returns the job afterwards."""
    with pytest.raises(RuntimeError):
        run_tache(tache.pk)
    tache.refresh_from_db()
    return tache


def test_a_job_runs_once_however_often_it_is_called(tache):
    assert [run_tache(tache.pk) for _ in range(3)] == [True, False, False]
    tache.refresh_from_db()
    assert (tache.etat, tache.tentatives, tache.bail_jusqua) == (EtatTache.FAIT, 1, None)
    assert tache.fini_le is not None


def test_a_job_that_does_not_exist_or_is_not_due_is_left_alone(tache):
    assert run_tache(10**9) is False
    set_clock(tache.etablissement.academie, MARDI_2H - HEURE)
    assert run_tache(tache.pk) is False
    tache.refresh_from_db()
    assert (tache.etat, tache.tentatives) == (EtatTache.ATTENTE, 0)


def test_a_job_under_another_lease_is_left_alone_until_the_lease_runs_out(tache):
    bail = timezone.now() + timedelta(minutes=1)
    Tache.objects.filter(pk=tache.pk).update(etat=EtatTache.EN_COURS, jeton=uuid4(), bail_jusqua=bail, tentatives=1)
    assert due_ids() == []
    assert run_tache(tache.pk) is False
    end_leases()
    assert due_ids() == [tache.pk]
    assert run_tache(tache.pk) is True
    tache.refresh_from_db()
    assert tache.tentatives == 2


def test_a_worker_whose_lease_was_taken_over_writes_nothing(tache, depot, monkeypatch):
    importe = taches._EXECUTANTS[Relais.SIECLE]
    autre = uuid4()

    def steal(passage, instant):
        importe(passage, instant)
        assert len(held_links(depot.etablissement)) == 8
        Tache.objects.filter(pk=tache.pk).update(jeton=autre)

    monkeypatch.setitem(taches._EXECUTANTS, Relais.SIECLE, steal)
    assert run_tache(tache.pk) is False
    depot.refresh_from_db()
    assert depot.etat == EtatDepot.DEPOSE
    assert held_links(depot.etablissement) == set()


def test_a_failure_is_noted_without_its_data_and_tried_again_later(tache, depot, monkeypatch):
    with monkeypatch.context() as panne:
        break_night(panne, RuntimeError("MODELE Maëlys"))
        before = timezone.now()
        try_it(tache)
    assert (tache.etat, tache.tentatives, tache.erreur) == (EtatTache.EN_COURS, 1, "RuntimeError")
    assert timedelta(0) < tache.bail_jusqua - before < timedelta(minutes=1)
    depot.refresh_from_db()
    assert depot.etat == EtatDepot.DEPOSE
    end_leases()
    assert run_tache(tache.pk) is True
    depot.refresh_from_db()
    assert depot.etat == EtatDepot.IMPORTE


def test_each_failure_waits_longer_than_the_one_before(tache, monkeypatch):
    break_night(monkeypatch)
    attentes = []
    for _ in range(TENTATIVES_MAX - 1):
        end_leases()
        before = timezone.now()
        attentes.append(try_it(tache).bail_jusqua - before)
    assert attentes == sorted(attentes)
    assert attentes[-1] > 4 * attentes[0]


def test_the_fifth_failure_is_the_last_and_everybody_can_see_it(tache, depot, monkeypatch):
    break_night(monkeypatch)
    for _ in range(TENTATIVES_MAX):
        end_leases()
        try_it(tache)
    assert (tache.etat, tache.tentatives) == (EtatTache.ABANDON, TENTATIVES_MAX)
    depot.refresh_from_db()
    tache.passage.refresh_from_db()
    assert (depot.etat, tache.passage.etat) == (EtatDepot.ECHEC, EtatPassage.ECHEC)
    assert tache.passage.execute_le == MARDI_2H
    assert held_links(depot.etablissement) == set()
    end_leases()
    assert due_ids() == []


def test_a_file_that_kills_its_worker_every_time_is_given_up_too(tache, depot):
    """No exception is ever raised: only the count of claims tells."""
    Tache.objects.filter(pk=tache.pk).update(
        etat=EtatTache.EN_COURS, jeton=uuid4(), bail_jusqua=timezone.now() - HEURE, tentatives=TENTATIVES_MAX
    )
    assert run_tache(tache.pk) is False
    tache.refresh_from_db()
    depot.refresh_from_db()
    assert (tache.etat, depot.etat) == (EtatTache.ABANDON, EtatDepot.ECHEC)
    assert tache.erreur
    assert due_ids() == []


def test_a_worker_that_lost_its_lease_cannot_give_up_for_the_one_who_took_it(tache, depot, monkeypatch):
    Tache.objects.filter(pk=tache.pk).update(tentatives=TENTATIVES_MAX - 1)

    break_night(monkeypatch)
    note = taches._note_failure

    def note_too_late(tache, jeton, exc):
        Tache.objects.filter(pk=tache.pk).update(jeton=uuid4())
        note(tache, jeton, exc)

    monkeypatch.setattr(taches, "_note_failure", note_too_late)
    try_it(tache)
    depot.refresh_from_db()
    tache.passage.refresh_from_db()
    assert (tache.etat, depot.etat, tache.passage.etat) == (
        *(EtatTache.EN_COURS, EtatDepot.DEPOSE),
        EtatPassage.PREVU,
    )


def test_a_deposit_that_failed_leaves_room_for_the_next(tache, depot, monkeypatch):
    with monkeypatch.context() as panne:
        break_night(panne)
        for _ in range(TENTATIVES_MAX):
            end_leases()
            try_it(tache)
    ecole = depot.etablissement
    suivant = deposit(ecole, TOUS, MARDI_2H + 8 * HEURE)
    assert (Relais.SIECLE, True) in pass_time(ecole, MARDI_2H + JOUR + HEURE)
    suivant.refresh_from_db()
    assert suivant.etat == EtatDepot.IMPORTE


def test_a_deposit_replaced_while_its_attempt_was_waiting_is_not_imported(tache, depot, monkeypatch):
    with monkeypatch.context() as panne:
        break_night(panne)
        try_it(tache)
    second = deposit(depot.etablissement, {"1001": ["6AGL1"]}, MARDI_2H + 2 * HEURE)
    end_leases()
    assert run_tache(tache.pk) is True
    depot.refresh_from_db()
    tache.passage.refresh_from_db()
    assert (depot.etat, tache.passage.etat) == (EtatDepot.REMPLACE, EtatPassage.ANNULE)
    assert held_links(depot.etablissement) == set()
    assert second.passages.get(relais=Relais.SIECLE).etat == EtatPassage.PREVU


def test_the_jobs_of_one_school_run_in_order_and_a_failing_one_holds_the_next(monkeypatch):
    ecole = make_ecole()
    deposit(ecole, TOUS)
    set_clock(ecole.academie, MARDI_2H + 3 * HEURE)
    with monkeypatch.context() as panne:
        break_night(panne)
        assert [(t.passage.relais, ok) for t, ok in run_until(None)] == [(Relais.SIECLE, False)]
        assert not Passage.objects.filter(relais=Relais.AAF, etat=EtatPassage.FAIT).exists()
    end_leases()
    assert [(t.passage.relais, ok) for t, ok in run_until(None)] == [(Relais.SIECLE, True), (Relais.AAF, True)]


def test_schools_do_not_hold_each_other(monkeypatch):
    premiere, seconde = make_ecole(1), make_ecole(2)
    deposit(premiere, TOUS)
    autre = deposit(seconde, TOUS)
    set_clock(premiere.academie, MARDI_2H + HEURE)
    importe = taches._EXECUTANTS[Relais.SIECLE]

    def fail_first(passage, instant):
        if passage.etablissement_id == premiere.pk:
            raise RuntimeError
        importe(passage, instant)

    monkeypatch.setitem(taches._EXECUTANTS, Relais.SIECLE, fail_first)
    assert {(t.etablissement, ok) for t, ok in run_until(None)} == {(premiere, False), (seconde, True)}
    autre.refresh_from_db()
    assert autre.etat == EtatDepot.IMPORTE


def test_each_academie_lives_at_its_own_hour():
    tot, tard = make_academie("TOT"), make_academie("TARD")
    ecoles = [make_ecole(1, academie=tot), make_ecole(2, academie=tard)]
    for ecole in ecoles:
        deposit(ecole, TOUS)
    set_clock(tot, MARDI_2H + HEURE)
    set_clock(tard, LUNDI + HEURE)
    assert [t.etablissement for t in Tache.objects.filter(pk__in=due_ids())] == [ecoles[0]]


def test_no_more_ids_than_the_limit_are_given_at_once():
    for rang in range(1, 4):
        deposit(make_ecole(rang), TOUS)
    set_clock(Depot.objects.first().etablissement.academie, MARDI_2H + HEURE)
    assert len(due_ids()) == 3
    assert len(due_ids(limite=2)) == 2


def test_letting_time_pass_moves_simulated_clocks_only():
    simulee, reelle = make_academie("SIM"), make_academie("REEL", is_simulee=False)
    make_etablissement(1, academie=simulee)
    cible = timezone.now() + 3 * JOUR
    assert list(run_until(cible)) == []
    simulee.refresh_from_db()
    reelle.refresh_from_db()
    assert Horloge(simulee).maintenant >= cible
    assert reelle.decalage == timedelta(0)


def test_whole_chain_runs_by_itself_when_time_passes():
    ecole = make_ecole()
    deposit(ecole, TOUS)
    relais = pass_time(ecole, LUNDI + 4 * JOUR)
    assert relais == [(r, True) for r in (Relais.SIECLE, Relais.AAF, Relais.ENT, Relais.GAR, Relais.MOODLE)]
    faits = Passage.objects.filter(depot__isnull=True, etat=EtatPassage.FAIT)
    sources = dict(faits.values_list("relais", "source"))
    assert set(sources.values()) == {MARDI_2H + 2 * HEURE}


def test_in_real_time_a_night_takes_effect_when_it_really_runs():
    ecole = make_ecole(academie=make_academie(is_simulee=False), now=timezone.now())
    depot = deposit(ecole, TOUS, timezone.now())
    tache = Tache.objects.get(passage__depot=depot, passage__relais=Relais.SIECLE)
    assert run_tache(tache.pk) is False
    Tache.objects.filter(pk=tache.pk).update(prevu_le=timezone.now() - HEURE)
    assert run_tache(tache.pk) is True
    depot.refresh_from_db()
    assert abs(depot.importe_le - timezone.now()) < timedelta(minutes=1)

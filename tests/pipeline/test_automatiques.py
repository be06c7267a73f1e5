"""One file is one deposit, even when a machine sends it twice at the same instant."""

import pytest
from django.utils import timezone

from exchanges.enums import EtatDepot, ModeDepot
from exchanges.models import Depot, Passage
from exchanges.pipeline import automatiques
from exchanges.pipeline.automatiques import Reception, receive_depot
from exchanges.pipeline.depots import ConfirmationRequise, DepotPerime, confirm_depot
from exchanges.pipeline.jetons import create_jeton, find_jeton
from tests.makers import ELEVES, GROUPES, LUNDI, deposit, make_ecole, make_zip
from tests.pipeline.makers import stored_files
from tests.pipeline.test_concurrence import together


TOUS = dict.fromkeys(ELEVES, GROUPES)


def make_envoi(ecole, liens=TOUS):
    """A sending of one file, to be called as often as one likes."""
    jeton = find_jeton(create_jeton("EDT", ecole, timezone.now())[1])

    def send() -> Reception:
        nom, flux = make_zip(ecole, liens)
        return receive_depot(jeton, flux, nom, LUNDI)

    return send


@pytest.mark.django_db(transaction=True)
def test_file_sent_twice_at_the_same_instant_is_one_deposit():
    envoi = make_envoi(make_ecole())
    avant = stored_files()
    receptions = together(envoi, envoi, envoi)
    depot = Depot.objects.get()
    assert [reception.depot.pk for reception in receptions] == [depot.pk] * 3
    assert sorted(reception.is_nouveau for reception in receptions) == [False, False, True]
    assert (depot.etat, depot.verdict["jeton_nom"]) == (EtatDepot.DEPOSE, "EDT")
    assert Passage.objects.filter(depot=depot).count() == 1
    assert len(stored_files() - avant) == 1


def test_slower_sending_finds_what_the_quicker_one_did(db, monkeypatch):
    def confirm_after_another(depot, *args):
        confirm_depot(Depot.objects.get(pk=depot.pk), None, LUNDI, None, ModeDepot.AUTOMATIQUE)
        raise DepotPerime

    monkeypatch.setattr(automatiques, "confirm_depot", confirm_after_another)
    reception = make_envoi(make_ecole())()
    assert (reception.is_nouveau, reception.depot.etat) == (False, EtatDepot.DEPOSE)


def test_draft_confirmed_by_a_person_meanwhile_stays_hers(db, monkeypatch):
    def ask_too_late(depot, *args):
        confirm_depot(Depot.objects.get(pk=depot.pk), None, LUNDI)
        raise ConfirmationRequise(1, 2)

    monkeypatch.setattr(automatiques, "confirm_depot", ask_too_late)
    make_envoi(make_ecole())()
    depot = Depot.objects.get()
    assert (depot.etat, depot.mode) == (EtatDepot.DEPOSE, ModeDepot.MANUEL)
    assert "jeton" not in depot.verdict


def test_automatic_deposit_replaces_the_pending_one_of_a_person(db):
    ecole = make_ecole()
    manuel = deposit(ecole, {"1001": ["6AGL1"]})
    make_envoi(ecole)()
    manuel.refresh_from_db()
    assert manuel.etat == EtatDepot.REMPLACE

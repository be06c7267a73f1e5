"""Back to the start of the scenario: whole or not at all, once however often it is asked."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from exchanges import tasks
from exchanges.enums import Role, UsageJeton
from exchanges.models import (
    Academie,
    Depot,
    Etablissement,
    FicheEleve,
    Habilitation,
    Jeton,
    Passage,
    ProjetENT,
    ReleveHebdo,
    Utilisateur,
)
from exchanges.pipeline import demonstration, depots
from exchanges.pipeline.nuits import run_until
from exchanges.propagation.horloge import DEMONSTRATION, Horloge
from tests.makers import LUNDI, load, make_academie, make_ecole, make_etablissement, make_utilisateur, set_clock
from tests.pipeline.makers import stored_files


pytestmark = pytest.mark.django_db


@pytest.fixture
def academie():
    """The demonstration, small."""
    return demonstration.install(0.05, lambda texte: None)


def facts():
    """What the scenario leaves, whatever the identifiers: passages by relay and state, deposits, élèves."""
    return {
        "passages": Counter(Passage.objects.values_list("etablissement__uai", "relais", "genre", "etat", "prevu_le")),
        "depots": Counter(Depot.objects.values_list("etablissement__uai", "nom", "etat", "liens_crees")),
        "eleves": FicheEleve.objects.count(),
        "fichiers": len(stored_files()),
        "semaines": ReleveHebdo.objects.count(),
    }


def live_on(academie, jours=8):
    """A trainee loads, deposits and lets nights pass."""
    nouveau = Etablissement.objects.get(academie=academie, annee="")
    dossier = demonstration.dossier_exemples() / nouveau.uai
    demonstration._load(nouveau)
    nouveau.refresh_from_db()
    zip_depot = next(dossier.glob("*ELEGROUPE*.zip"))
    horloge = Horloge(academie)
    with zip_depot.open("rb") as flux:
        depot = depots.control_depot(nouveau, flux, zip_depot.name, None, horloge.maintenant)
    depots.confirm_depot(depot, None, horloge.maintenant, suppressions_confirmees=0)
    horloge.advance(horloge.maintenant + jours * (LUNDI.replace(day=8) - LUNDI))
    list(run_until(None))


def test_the_scenario_begins_again_as_it_was(academie, django_capture_on_commit_callbacks):
    debut = facts()
    live_on(academie)
    assert facts() != debut
    demonstration.ask_reset(academie)
    with django_capture_on_commit_callbacks(execute=True):
        assert demonstration.reset()
    assert facts() == debut
    academie.refresh_from_db()
    assert f"{Horloge(academie).maintenant:%d/%m/%Y %H}" == "07/09/2026 09"
    assert not demonstration.is_reset_asked(academie)


def test_schools_are_somewhere_and_have_a_last_year(academie):
    lieux = set(academie.etablissements.values_list("departement", "bassin"))
    assert lieux == {("991", "Les Étangs"), ("991", "Les Tuiles"), ("992", "La Friche")}
    avant = ReleveHebdo.objects.filter(lundi=LUNDI.date() - timedelta(weeks=52))
    assert avant.count() == academie.etablissements.exclude(annee="").count()


def test_people_their_rights_and_the_tokens_of_machines_stay(academie):
    secretaire = Utilisateur.objects.get(username="secretaire")
    secretaire.set_password("un-autre-mot-de-passe")
    secretaire.save()
    ecole = Etablissement.objects.filter(academie=academie).first()
    Jeton.objects.create(
        nom="NetSynchro", usage=UsageJeton.DEPOT, empreinte="0" * 64, etablissement=ecole, cree_le=LUNDI
    )
    droits = set(Habilitation.objects.values_list("pk", "utilisateur", "role", "etablissement", "academie"))
    demonstration.ask_reset(academie)
    demonstration.reset()
    assert set(Habilitation.objects.values_list("pk", "utilisateur", "role", "etablissement", "academie")) == droits
    assert Jeton.objects.count() == 1
    secretaire.refresh_from_db()
    assert secretaire.check_password("un-autre-mot-de-passe")


def test_a_right_that_was_taken_away_is_not_given_back(academie):
    Habilitation.objects.filter(utilisateur__username="dane").delete()
    demonstration.ask_reset(academie)
    demonstration.reset()
    assert not Habilitation.objects.filter(utilisateur__username="dane").exists()


def test_nothing_is_done_unless_it_is_asked(academie):
    debut = facts()
    assert demonstration.reset() is False
    assert facts() == debut


def test_asking_twice_resets_once(academie):
    demonstration.ask_reset(academie)
    decalage = academie.decalage
    demonstration.ask_reset(academie)
    assert academie.decalage == decalage
    assert [demonstration.reset(), demonstration.reset()] == [True, False]


def test_a_worker_that_dies_midway_leaves_everything_and_a_second_run_ends_well(academie, monkeypatch):
    debut = facts()
    live_on(academie)
    vecu = facts()
    demonstration.ask_reset(academie)
    with monkeypatch.context() as panne, pytest.raises(KeyboardInterrupt):
        panne.setattr(demonstration, "_submit", interrupt)
        demonstration.reset()
    assert facts() | {"fichiers": 0} == vecu | {"fichiers": 0}  # bytes without a row wait for the daily purge
    academie.refresh_from_db()
    assert demonstration.is_reset_asked(academie)
    assert demonstration.reset()
    assert facts() | {"fichiers": 0} == debut | {"fichiers": 0}


def interrupt(*_args):
    raise KeyboardInterrupt


def test_no_job_is_due_while_the_scenario_waits_to_begin_again(academie):
    demonstration.ask_reset(academie)
    assert list(run_until(None)) == []


def test_the_sweep_rings_for_a_reset_until_it_is_done(academie, monkeypatch):
    demandes = []
    monkeypatch.setattr(tasks.reset_demonstration, "delay", lambda: demandes.append(1))
    monkeypatch.setattr(tasks.run_tache, "delay", lambda pk: None)
    tasks.sweep()
    assert demandes == []
    demonstration.ask_reset(academie)
    tasks.sweep()
    tasks.sweep()
    assert len(demandes) == 2
    tasks.reset_demonstration()
    tasks.sweep()
    assert len(demandes) == 2


def test_other_academies_and_their_clocks_are_left_alone(academie):
    autre = make_ecole(3001, academie=make_academie("AC2"), projet_ent=ProjetENT.objects.first())
    decalage, eleves = autre.academie.decalage, FicheEleve.objects.filter(etablissement=autre).count()
    demonstration.ask_reset(academie)
    demonstration.reset()
    autre.academie.refresh_from_db()
    assert autre.academie.decalage == decalage
    assert FicheEleve.objects.filter(etablissement=autre).count() == eleves == 4


def test_a_school_that_the_scenario_does_not_know_stays_empty(academie):
    ajoutee = make_etablissement(3002, academie=academie, projet_ent=ProjetENT.objects.first())
    set_clock(academie, LUNDI)
    load(ajoutee)
    demonstration.ask_reset(academie)
    demonstration.reset()
    ajoutee.refresh_from_db()
    assert (ajoutee.annee, ajoutee.version_referentiel) == ("", 0)
    assert not ajoutee.passages.exists()


def test_a_real_academie_of_that_code_is_never_reset():
    reelle = make_academie(DEMONSTRATION, is_simulee=False)
    assert not demonstration.is_reset_asked(reelle)
    assert demonstration.reset() is False


def test_an_account_of_that_name_keeps_its_rights():
    make_utilisateur("admin", Role.DIRECTION, etablissement=make_ecole(3003))
    demonstration.install(0.05, lambda texte: None)
    assert [h.role for h in Utilisateur.objects.get(username="admin").habilitations.all()] == [Role.DIRECTION]


def test_the_scale_is_that_of_the_installation_and_whole_without_it(academie):
    assert demonstration._read_echelle() == 0.05
    (Path(settings.DATA_DIR) / "exemples" / demonstration.FICHIER_ECHELLE).unlink()
    assert demonstration._read_echelle() == 1.0
    assert Academie.objects.count() == 1

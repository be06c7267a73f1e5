"""What the database itself refuses, whatever the code above it does."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from exchanges.enums import EtatChargement, EtatDepot, EtatPassage, EtatTache, Relais, Role
from exchanges.models import (
    Academie,
    Acte,
    Chargement,
    Depot,
    Habilitation,
    LienGroupe,
    Passage,
    ProjetENT,
    Tache,
    Utilisateur,
)
from tests.makers import LUNDI, make_academie, make_etablissement, make_projet


pytestmark = pytest.mark.django_db

JOUR = timedelta(days=1)


@pytest.fixture
def etablissement():
    return make_etablissement()


@pytest.fixture
def lien(etablissement):
    """One open élève-groupe link."""
    acte = Acte.objects.create(etablissement=etablissement, nature="chargement", instant=LUNDI)
    return LienGroupe.objects.create(
        etablissement=etablissement,
        eleve=etablissement.eleves.create(eleve_id="1001"),
        groupe=etablissement.groupes.create(code="6AGL1"),
        depuis=LUNDI,
        ouvert_par=acte,
    )


def refused(make):
    """Whether the database refuses what ``make`` writes."""
    try:
        with transaction.atomic():
            make()
    except IntegrityError:
        return True
    return False


def make_again(lien, **champs):
    copie = LienGroupe.objects.get(pk=lien.pk)
    copie.pk = None
    for champ, valeur in champs.items():
        setattr(copie, champ, valeur)
    copie.save(force_insert=True)


def test_two_open_rows_of_one_fact_are_refused(lien):
    assert refused(lambda: make_again(lien))
    assert refused(lambda: make_again(lien, depuis=LUNDI + JOUR))


def test_a_closed_row_and_an_open_one_of_one_fact_are_accepted(lien):
    assert not refused(lambda: make_again(lien, depuis=LUNDI - JOUR, jusqua=LUNDI, clos_par=lien.ouvert_par))


@pytest.mark.parametrize("ecart", [timedelta(0), timedelta(microseconds=-1), -JOUR])
def test_an_interval_that_does_not_last_is_refused(lien, ecart):
    objets = LienGroupe.objects.filter(pk=lien.pk)
    assert refused(lambda: objets.update(jusqua=LUNDI + ecart, clos_par=lien.ouvert_par))


def test_an_end_without_its_act_or_an_act_without_its_end_is_refused(lien):
    objets = LienGroupe.objects.filter(pk=lien.pk)
    assert refused(lambda: objets.update(jusqua=LUNDI + JOUR))
    assert refused(lambda: objets.update(clos_par=lien.ouvert_par))


@pytest.mark.parametrize(
    ("instant", "is_vu"),
    [
        (LUNDI - timedelta(microseconds=1), False),
        (LUNDI, True),
        (LUNDI + JOUR - timedelta(microseconds=1), True),
        (LUNDI + JOUR, False),
    ],
)
def test_an_interval_includes_its_beginning_and_not_its_end(lien, instant, is_vu):
    LienGroupe.objects.filter(pk=lien.pk).update(jusqua=LUNDI + JOUR, clos_par=lien.ouvert_par)
    assert LienGroupe.objects.as_of(instant).exists() is is_vu
    assert not LienGroupe.objects.courants().exists()


def test_an_open_interval_holds_for_ever(lien):
    assert LienGroupe.objects.as_of(LUNDI + 10_000 * JOUR).get() == lien
    assert LienGroupe.objects.courants().get() == lien


def test_only_one_deposit_of_a_school_may_wait_for_the_night(etablissement):
    def make(etat=EtatDepot.DEPOSE):
        Depot.objects.create(
            etablissement=etablissement,
            nom="x",
            empreinte="x",
            chemin="x",
            etat=etat,
            controle_le=LUNDI,
            depose_le=LUNDI,
        )

    make()
    assert refused(make)
    assert not refused(lambda: make(EtatDepot.REMPLACE))


@pytest.mark.parametrize(
    "champs",
    [
        {"etat": "autre"},
        {"etat": EtatDepot.DEPOSE},  # never deposited
        {"etat": EtatDepot.IMPORTE, "depose_le": LUNDI},  # no result
        {"etat": EtatDepot.IMPORTE, "depose_le": LUNDI, "importe_le": LUNDI},
    ],
)
def test_a_deposit_in_an_impossible_state_is_refused(etablissement, champs):
    commun = {"etablissement": etablissement, "nom": "x", "empreinte": "x", "chemin": "x", "controle_le": LUNDI}
    assert refused(lambda: Depot.objects.create(**commun, **champs))


@pytest.mark.parametrize(
    "champs",
    [{"etat": "autre"}, {"etat": EtatChargement.APPLIQUE}, {"etat": EtatChargement.CONTROLE, "applique_le": LUNDI}],
)
def test_a_batch_in_an_impossible_state_is_refused(etablissement, champs):
    assert refused(lambda: Chargement.objects.create(etablissement=etablissement, cree_le=LUNDI, **champs))


def test_a_successful_passage_says_when_it_ran_and_what_it_carried(etablissement):
    commun = {"etablissement": etablissement, "relais": Relais.ENT, "prevu_le": LUNDI}
    assert refused(lambda: Passage.objects.create(**commun, etat=EtatPassage.FAIT, execute_le=LUNDI))
    assert refused(lambda: Passage.objects.create(**commun, etat=EtatPassage.FAIT, source=LUNDI))
    assert not refused(lambda: Passage.objects.create(**commun, etat=EtatPassage.FAIT, source=LUNDI, execute_le=LUNDI))


def test_a_job_is_planned_once_and_runs_under_a_lease_only(etablissement):
    def make(cle, **champs):
        passage = Passage.objects.create(etablissement=etablissement, relais=Relais.AAF, prevu_le=LUNDI)
        Tache.objects.create(cle=cle, passage=passage, etablissement=etablissement, prevu_le=LUNDI, **champs)

    make("AAF:1")
    assert refused(lambda: make("AAF:1"))
    assert refused(lambda: make("AAF:2", etat=EtatTache.EN_COURS))
    assert refused(lambda: make("AAF:3", etat="autre"))


def test_a_real_academie_cannot_be_shifted():
    academie = make_academie(is_simulee=False)
    assert refused(lambda: Academie.objects.filter(pk=academie.pk).update(decalage=JOUR))


@pytest.mark.parametrize(
    "champs",
    [{"nuits_siecle": 0}, {"heures_ent": 23}, {"nuits_siecle": 3, "heures_ent": 48}, {"heures_moodle": 48}],
)
def test_delays_that_go_back_in_time_are_refused(champs):
    assert refused(lambda: make_projet("impossible", **champs))
    assert not ProjetENT.objects.exists()


@pytest.mark.parametrize("role", list(Role))
def test_a_role_has_its_own_perimeter_and_no_other(etablissement, role):
    utilisateur = Utilisateur.objects.create_user("essai")
    juste = {
        Role.SECRETARIAT: {"etablissement": etablissement},
        Role.DIRECTION: {"etablissement": etablissement},
        Role.DANE: {"academie": etablissement.academie},
        Role.ADMIN: {},
    }
    for perimetre in ({}, {"etablissement": etablissement}, {"academie": etablissement.academie}):
        is_juste = perimetre == juste[role]
        make = partial(Habilitation.objects.create, utilisateur=utilisateur, role=role, **perimetre)
        assert refused(make) is not is_juste
        if is_juste:
            assert refused(make)  # twice the same right is one right


def test_a_uai_and_a_code_are_unique(etablissement):
    assert refused(lambda: make_etablissement(1))
    assert refused(lambda: make_academie(etablissement.academie.code))
    etablissement.divisions.create(code="6A")
    assert refused(lambda: etablissement.divisions.create(code="6A"))
    assert not refused(lambda: make_etablissement(2).divisions.create(code="6A"))

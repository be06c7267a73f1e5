"""The timeline of a school, and what a human decides about a relay."""

from datetime import timedelta

import pytest

from exchanges.enums import EtatPassage, Relais, Role
from exchanges.models import Academie, Passage
from exchanges.pipeline.nuits import run_until
from exchanges.propagation.passages import skip_passage
from tests.makers import (
    MARDI_2H,
    deposit,
    load,
    make_eleve,
    make_etablissement,
    make_fichiers,
    make_utilisateur,
    set_clock,
)
from tests.pipeline.makers import pass_time
from tests.views.conftest import connect
from tests.views.pages import assert_fragment_is_part_of_page, text, url


JOUR = timedelta(days=1)
JEUDI = MARDI_2H + timedelta(days=2, hours=5)
DOUZE = [make_eleve(f"{1000 + n}") for n in range(1, 13)]


def frise(client, ecole, query=""):
    return text(client.get(url("frise_detail", ecole, query=query)))


def first(ecole, relais):
    return ecole.passages.filter(relais=relais).first()


@pytest.fixture
def retenu(ecole):
    """A passage that would remove half of twelve élèves."""
    load(ecole, make_fichiers(ecole, eleves=DOUZE))
    pass_time(ecole, JEUDI)
    load(ecole, make_fichiers(ecole, eleves=DOUZE[:6], quand=JEUDI), now=JEUDI)
    pass_time(ecole, JEUDI + JOUR)
    return ecole.passages.get(etat=EtatPassage.RETENU)


def test_what_was_done_what_is_due_and_what_it_carried(secretaire, ecole):
    deposit(ecole, {"1001": ["6AGL1"]})
    list(run_until(JEUDI))
    page = frise(secretaire, ecole)
    assert "mardi 8 septembre à 2 h SIECLE Fait" in page
    assert "1 lien créé, 0 supprimé" in page
    assert "4 élèves ajoutés" in page
    assert "comptes : 4 créés" in page
    assert "samedi 12 septembre à 4 h Annuaire (AAF) (complet) Prévu" in page


def test_passage_overdue_is_said_to_be_late(secretaire, ecole):
    set_clock(ecole.academie, JEUDI)
    assert "Annuaire (AAF) (delta) En retard" in frise(secretaire, ecole)


def test_other_weeks_can_be_asked_for(secretaire, ecole):
    list(run_until(JEUDI))
    assert "Aucun relais autour de ce jour" in frise(secretaire, ecole, "jour=2026-06-01")
    assert "lun. 7" in frise(secretaire, ecole, "jour=2026-09-13")


def test_failure_is_told_downstream_with_what_catches_it_up(secretaire, ecole):
    aaf = first(ecole, Relais.AAF)
    skip_passage(aaf, "maintenance", None)
    page = frise(secretaire, ecole)
    assert "maintenance L'ENT garde l'état d'avant. Sera rattrapé mercredi 9 septembre à 4 h." in page
    list(run_until(JEUDI + 2 * JOUR))
    page = frise(secretaire, ecole)
    assert "Rattrapé mercredi 9 septembre à 4 h." in page
    assert "le passage de l'annuaire du mardi 8 septembre n'a pas eu lieu" in page


def test_held_passage_shows_its_figures_and_waits_for_a_yes(secretaire, ecole, retenu):
    assert "Un passage de l'annuaire est retenu" in frise(secretaire, ecole)
    page = text(secretaire.get(url("passage_detail", ecole, retenu.pk)))
    assert "6 élèves sur 12 (50 %)" in page
    assert "Laisser passer ces retraits ?" in page
    assert "aucun courriel ne part" in page
    secretaire.post(url("passage_release", ecole, retenu.pk))
    retenu.refresh_from_db()
    assert retenu.libere_le is None


def test_released_passage_goes_and_its_author_is_kept(secretaire, ecole, retenu):
    adresse = url("passage_release", ecole, retenu.pk)
    page = text(secretaire.post(adresse, {"confirme": "1"}, follow=True))
    assert "C'est noté. L'annuaire partira samedi 12 septembre à 4 h." in page
    retenu.refresh_from_db()
    assert retenu.libere_par.username == "secretaire"
    assert "déjà" not in page
    assert "quelqu'un a décidé avant vous" in text(secretaire.post(adresse, {"confirme": "1"}, follow=True))
    pass_time(ecole, JEUDI + 2 * JOUR)
    assert ecole.passages.filter(relais=Relais.AAF, etat=EtatPassage.FAIT, libere_le__isnull=False).exists()


def test_secretary_of_a_simulated_academie_may_skip_a_relay_with_a_reason(secretaire, ecole):
    aaf = first(ecole, Relais.AAF)
    refus = secretaire.post(url("passage_skip", ecole, aaf.pk), {"motif": ""})
    assert refus.status_code == 422
    assert "Dites pourquoi ce passage n'a pas eu lieu. Rien n'a été modifié." in text(refus)
    page = text(secretaire.post(url("passage_skip", ecole, aaf.pk), {"motif": "maintenance"}, follow=True))
    assert "N'a pas eu lieu" in page
    assert "Motif : maintenance" in page
    assert "Déclaré par secretaire." in page
    aaf.refresh_from_db()
    assert (aaf.etat, aaf.motif) == (EtatPassage.SAUTE, "maintenance")
    assert "Rien n'a été modifié" in text(
        secretaire.post(url("passage_skip", ecole, aaf.pk), {"motif": "encore"}, follow=True)
    )


def test_in_real_time_only_the_dane_and_the_administration_may_skip(secretaire, ecole):
    Academie.objects.update(is_simulee=False, decalage=timedelta(0))
    dane = connect(make_utilisateur("dane", Role.DANE, academie=ecole.academie))
    aaf = first(ecole, Relais.AAF)
    adresse = url("passage_skip", ecole, aaf.pk)
    assert secretaire.post(adresse, {"motif": "panne"}).status_code == 403
    assert "n'a pas lieu</button>" not in secretaire.get(url("passage_detail", ecole, aaf.pk)).content.decode()
    assert dane.post(adresse, {"motif": "panne"}).status_code == 302
    assert Passage.objects.get(pk=aaf.pk).etat == EtatPassage.SAUTE


def test_dane_sees_a_held_passage_but_does_not_let_it_go(ecole, retenu):
    dane = connect(make_utilisateur("dane", Role.DANE, academie=ecole.academie))
    assert "C'est au secrétariat ou à la direction" in text(dane.get(url("passage_detail", ecole, retenu.pk)))
    assert dane.post(url("passage_release", ecole, retenu.pk), {"confirme": "1"}).status_code == 403


def test_passage_of_another_school_is_not_found(secretaire, ecole):
    autre = make_etablissement(2)
    passage = Passage.objects.create(etablissement=autre, relais=Relais.AAF, prevu_le=JEUDI)
    assert secretaire.get(url("passage_detail", ecole, passage.pk)).status_code == 404


def test_fragment_is_part_of_the_page(secretaire, ecole):
    list(run_until(JEUDI))
    assert_fragment_is_part_of_page(secretaire, url("frise_detail", ecole, query="jour=2026-09-13"))

"""What the watch says of a finding that is gone: mended, or merely no longer looked at."""

from datetime import date, timedelta

import pytest
from django.core import mail

from checklists.models import ResumeVeille, Veille
from checklists.pilotage.constats import compare, look
from checklists.pilotage.veille import veille_of, watch_academie
from exchanges.enums import EtatPassage, Relais, Role
from exchanges.models import Compteurs, Etablissement, Passage
from tests.makers import LUNDI, make_etablissement, make_utilisateur, set_clock


JOUR = timedelta(days=1)
ONZE = LUNDI.replace(day=11)  # ten days after the first day of the élèves
RENTREE = LUNDI.replace(day=1)


@pytest.fixture
def academie(ecole):
    """An académie whose DANE has an address."""
    dane = make_utilisateur("dane", Role.DANE, academie=ecole.academie)
    dane.email = "dane@academie.invalid"
    dane.save()
    return ecole.academie


def watch(academie, quand):
    """What the letter of a day says under each heading; nothing when none leaves."""
    set_clock(academie, quand)
    mail.outbox.clear()
    if not watch_academie(academie):
        return {}
    [lettre] = mail.outbox
    parties, titre = {}, ""
    for ligne in lettre.body.splitlines()[3:]:
        titre = ligne if ligne.isupper() or ligne.startswith(("DÉSORMAIS", "PLUS SUIVI")) else titre
        if ligne.startswith("- "):
            parties.setdefault(titre, []).append(ligne.partition(" : ")[2])
    return {"sujet": lettre.subject.partition(" : ")[2]} | parties


def set_figures(ecole, **champs):
    Compteurs.objects.update_or_create(etablissement=ecole, defaults={"maj_le": LUNDI} | champs)


def set_seuils(academie, **seuils):
    Veille.objects.update_or_create(academie=academie, defaults=seuils)


def test_the_end_of_the_first_month_mends_nothing(academie):
    assert "NOUVEAU" in watch(academie, ONZE)
    assert watch(academie, RENTREE + 30 * JOUR) == {}
    assert watch(academie, RENTREE + 31 * JOUR) == {
        "sujet": "des constats ne sont plus suivis",
        "PLUS SUIVI, SANS ÊTRE RÉGLÉ": ["toujours aucun dépôt, le premier mois est passé"],
    }
    assert watch(academie, RENTREE + 32 * JOUR) == {}


def test_a_deposit_known_before_the_letter_mends_nothing(academie, ecole):
    set_figures(ecole, depot_le=RENTREE + 2 * JOUR, depot_etat="importe")
    assert watch(academie, RENTREE + 12 * JOUR)["NOUVEAU"] == ["aucun dépôt depuis 10 jours"]
    lettre = watch(academie, RENTREE + 31 * JOUR)
    assert lettre["PLUS SUIVI, SANS ÊTRE RÉGLÉ"] == ["toujours aucun nouveau dépôt, le premier mois est passé"]


def test_a_deposit_mends_even_after_the_first_month(academie, ecole):
    watch(academie, ONZE)
    set_figures(ecole, depot_le=RENTREE + 30 * JOUR, depot_etat="importe")
    lettre = watch(academie, RENTREE + 32 * JOUR)
    assert lettre == {"sujet": "des constats sont réglés", "RÉGLÉ": ["un dépôt est arrivé, il y a 2 jours"]}


def test_a_deposit_mends_whatever_the_threshold_has_become(academie, ecole):
    watch(academie, ONZE)
    set_figures(ecole, depot_le=ONZE, depot_etat="importe")
    set_seuils(academie, jours_sans_depot=20)
    assert watch(academie, ONZE + JOUR)["RÉGLÉ"] == ["un dépôt est arrivé, il y a 1 jour"]


def test_a_higher_threshold_mends_nothing_and_a_lower_one_is_no_news(academie):
    watch(academie, ONZE)
    set_seuils(academie, jours_sans_depot=15)
    lettre = watch(academie, ONZE + JOUR)
    assert lettre["PLUS SUIVI, SANS ÊTRE RÉGLÉ"] == ["toujours aucun dépôt, le seuil a été relevé"]
    assert not {"RÉGLÉ", "NOUVEAU"} & lettre.keys()
    set_seuils(academie, jours_sans_depot=5)
    assert watch(academie, ONZE + 2 * JOUR) == {
        "sujet": "des constats sont désormais suivis",
        "DÉSORMAIS SUIVI, AVEC LES NOUVEAUX SEUILS": ["aucun dépôt depuis 12 jours"],
    }


def test_a_school_that_reaches_a_threshold_changed_long_ago_is_news(academie):
    watch(academie, LUNDI)
    set_seuils(academie, jours_sans_depot=8)
    assert watch(academie, LUNDI + JOUR) == {}
    assert watch(academie, LUNDI + 2 * JOUR)["NOUVEAU"] == ["aucun dépôt depuis 8 jours"]


def test_a_rule_switched_off_mends_no_relay_and_on_again_is_no_news(academie, ecole):
    passage = Passage.objects.create(etablissement=ecole, relais=Relais.AAF, prevu_le=LUNDI, etat=EtatPassage.RETENU)
    watch(academie, LUNDI)
    set_seuils(academie, has_relais_en_echec=False)
    lettre = watch(academie, LUNDI + JOUR)
    assert lettre["PLUS SUIVI, SANS ÊTRE RÉGLÉ"] == ["passage AAF retenu, la veille ne suit plus les relais"]
    set_seuils(academie, has_relais_en_echec=True)
    assert "DÉSORMAIS SUIVI, AVEC LES NOUVEAUX SEUILS" in watch(academie, LUNDI + 2 * JOUR)
    Passage.objects.filter(pk=passage.pk).update(libere_le=LUNDI)
    assert watch(academie, LUNDI + 3 * JOUR)["RÉGLÉ"] == ["passage AAF retenu"]


@pytest.mark.parametrize(
    ("absents", "titre", "texte"),
    [
        (30, "PLUS SUIVI, SANS ÊTRE RÉGLÉ", "encore 30 % d'absents au compte-rendu suivant, sans nouvelle hausse"),
        (12, "RÉGLÉ", "12 % d'absents au compte-rendu suivant"),
    ],
)
def test_absents_are_mended_only_when_they_are_fewer(absents, titre, texte, academie, ecole):
    """Another compte-rendu without a rise of its own may be as bad as the one that was told."""
    figures = {"depot_le": LUNDI, "depot_etat": "importe"}
    set_figures(ecole, **figures, cr_le=LUNDI, cr_lus=70, cr_absents=30, cr_precedent={"absents": 10, "lus": 90})
    assert "NOUVEAU" in watch(academie, LUNDI)
    precedent = {"absents": 30, "lus": 70}
    set_figures(ecole, cr_le=LUNDI + JOUR, cr_lus=100 - absents, cr_absents=absents, cr_precedent=precedent)
    assert watch(academie, LUNDI + JOUR)[titre] == [texte]


def test_absents_under_a_higher_threshold_are_not_mended(academie, ecole):
    figures = {"depot_le": LUNDI, "depot_etat": "importe"}
    set_figures(ecole, **figures, cr_le=LUNDI, cr_lus=70, cr_absents=30, cr_precedent={"absents": 10, "lus": 90})
    watch(academie, LUNDI)
    set_seuils(academie, hausse_absents=50)
    [texte] = watch(academie, LUNDI + JOUR)["PLUS SUIVI, SANS ÊTRE RÉGLÉ"]
    assert texte.startswith("30 % d'absents") and texte.endswith("le seuil a été relevé")


def test_a_rise_after_another_takes_its_place(academie, ecole):
    veille, figures = veille_of(academie), {"depot_le": LUNDI, "depot_etat": "importe"}
    set_figures(ecole, **figures, cr_le=LUNDI, cr_lus=40, cr_absents=60, cr_precedent={"absents": 30, "lus": 70})
    dit = {"cle": f"absents:{ecole.uai}:avant", "regle": "absents", "uai": ecole.uai, "hausse": 20, "part": 30}
    bilan = compare(look(academie, LUNDI), veille, veille, [dit], LUNDI.date())
    assert len(bilan.nouveaux) == 1
    assert (bilan.finis, bilan.laisses) == ((), ())


def test_a_rentree_put_off_mends_nothing(academie, ecole):
    watch(academie, ONZE)
    Etablissement.objects.filter(pk=ecole.pk).update(debut_eleves=date(2026, 9, 8))
    lettre = watch(academie, ONZE + JOUR)
    assert lettre["PLUS SUIVI, SANS ÊTRE RÉGLÉ"] == ["toujours aucun dépôt, le jour de la rentrée a changé"]


def test_a_school_that_has_left_the_academie_is_told_no_more(academie):
    dit = {"cle": "sans_depot:9999999Z", "regle": "sans_depot", "uai": "9999999Z", "jours": 10}
    ResumeVeille.objects.create(
        academie=academie, jour=LUNDI.date() - JOUR, constats={"liste": [dit]}, envoye_le=LUNDI - JOUR
    )
    make_etablissement(2)
    assert watch(academie, LUNDI) == {}

"""A reminder goes where the step is still to be done, and says nothing that the map of the académie denies."""

import pytest
from django.core import mail
from django.urls import reverse

from checklists.etapes import find_etape, read_etapes
from checklists.models import Envoi, MessageDane
from checklists.pilotage.messages import deliver_message, envois_to_retry
from checklists.pilotage.modeles import find_modele, read_champs
from tests.checklists.makers import make_chef, make_ecole_prete
from tests.checklists.makers_academie import make_figures
from tests.makers import LUNDI, make_etablissement
from tests.views.pages import text


NOUVEAU = reverse("checklists:message_new")
TOUTES = {etape.numero: "prouvee" for etape in read_etapes()}
DEJA = "l'étape 12 est déjà prouvée par ses fichiers."


@pytest.fixture
def faite(ecole):
    """A school whose files prove step 12, whose next one is 9, and its chef."""
    faite = make_etablissement(2)
    make_figures(faite, rentree_etats=TOUTES | {"9": "en_retard"})
    make_chef(faite, "chef2")
    return faite


@pytest.fixture
def principal(ecole):
    """The chef of the default school, where step 12 is still to be done."""
    return make_chef(ecole, "principal")


def post(client, *ecoles, action="envoyer", **champs):
    defauts = {"sujet": "À faire", "corps": "Bonjour.", "destinataires": "tous", "etape": "12"}
    donnees = {"apercu": ecoles[-1].uai, "uais": " ".join(e.uai for e in ecoles), "action": action}
    return client.post(NOUVEAU, defauts | donnees | champs)


def test_the_preview_names_the_schools_left_out_and_counts_the_others(dane, ecole, faite, principal):
    page = text(post(dane, ecole, faite, action="apercu"))
    assert f"Ce que lira {ecole.denomination}" in page
    assert "1 personne dans 1 établissement ; 1 établissement laissé de côté." in page
    assert f"Laissé de côté {faite} : {DEJA}" in page
    assert "Envoyer à 1 personne" in page


def test_a_reminder_leaves_only_for_schools_where_the_step_is_to_be_done(dane, ecole, faite, principal):
    page = text(dane.get(post(dane, ecole, faite)["Location"]))
    assert "Le message part vers 1 personne ; 1 établissement laissé de côté." in page
    message = MessageDane.objects.get()
    assert deliver_message(message.pk) == 1
    assert [lettre.to for lettre in mail.outbox] == [["principal@ecole.invalid"]]
    page = text(dane.get(reverse("checklists:message_detail", args=[message.pk])))
    assert "1 envoi parti sur 1." in page
    assert "Laissé de côté L'étape 12 est déjà prouvée par ses fichiers." in page
    assert "Renvoyer" not in page


def test_a_declared_step_is_not_reminded_of_either(dane, faite):
    make_figures(faite, rentree_etats=TOUTES | {"12": "declaree"})
    reponse = post(dane, faite)
    page = text(reponse)
    assert reponse.status_code == 422
    assert "l'étape 12 est déjà déclarée faite." in page
    assert "Cette étape n'est plus à faire dans ces établissements. Rien n'a été envoyé." in page
    assert "Ce que lira" not in page
    assert not MessageDane.objects.exists()


@pytest.mark.parametrize("etat", ["a_faire", "en_retard", "bloquee", "contredite"])
def test_a_step_that_is_not_done_is_reminded_of(etat, dane, faite):
    make_figures(faite, rentree_etats=TOUTES | {"12": etat})
    assert post(dane, faite).status_code == 302


def test_a_step_done_before_the_letter_leaves_is_not_reminded_of(dane, ecole, principal):
    post(dane, ecole)
    make_figures(ecole)
    message = MessageDane.objects.get()
    assert deliver_message(message.pk) == 0
    assert mail.outbox == []
    assert Envoi.objects.get().erreur == f"Laissé de côté : {DEJA}"
    assert not envois_to_retry(message).exists()


def test_a_letter_about_no_step_goes_to_everybody(dane, ecole, faite, principal):
    post(dane, ecole, faite, etape="")
    assert Envoi.objects.exclude(adresse="").count() == 2


def test_a_letter_about_the_next_step_goes_where_there_is_one(dane, ecole, faite, principal):
    make_figures(faite, rentree_etats=TOUTES, rentree_etape="")
    page = text(post(dane, ecole, faite, action="apercu", etape="", corps="Faites {etape}."))
    assert f"{faite} : toutes ses étapes sont déjà faites." in page
    neuve = make_etablissement(3)
    page = text(post(dane, ecole, neuve, action="apercu", etape="", corps="Faites {etape}."))
    assert f"{neuve} : ses étapes ne sont pas encore comptées." in page


def test_a_school_without_a_date_of_rentree_reads_a_whole_sentence(dane, ecole):
    sans_date = make_etablissement(3)
    make_figures(sans_date, rentree_total=0, rentree_etape="", rentree_etats={})
    modele = find_modele("etape")
    page = text(post(dane, sans_date, action="apercu", etape="", sujet=modele.sujet, corps=modele.corps))
    apercu = page.partition("Ce que lira")[2].partition("Qui le recevra")[0]
    assert "L'étape « Donner le jour de la rentrée » n'est pas encore prouvée" in apercu
    assert "(à faire dès maintenant)" in apercu
    assert "–" not in apercu
    champs = read_champs(sans_date, "12", LUNDI)
    assert champs["delai"] == "date à fixer : le jour de la rentrée n'est pas connu"


def test_the_delay_is_said_in_a_sentence(db):
    ecole = make_ecole_prete()
    due = find_etape("12").due_on(ecole.debut_eleves)
    assert due.isoformat() == "2026-09-03"
    dits = [read_champs(ecole, "12", LUNDI.replace(day=jour))["delai"] for jour in (3, 4, 7)]
    assert dits == [
        "date prévue : jeudi 3 septembre 2026",
        "date prévue : jeudi 3 septembre 2026, dépassée de 1 jour",
        "date prévue : jeudi 3 septembre 2026, dépassée de 4 jours",
    ]

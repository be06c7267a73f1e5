"""Who may open what the DANE does about schools: every address, for every kind of person."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from checklists.models import Annonce, Envoi, MessageDane, NoteDane
from exchanges.enums import Role
from tests.checklists.makers import url
from tests.checklists.test_acces import SUIVI
from tests.makers import LUNDI, make_academie, make_ecole, make_utilisateur
from tests.views.conftest import connect


ACTIONS = {"note_add", "note_delete", "consultation_start", "message_retry", "annonce_withdraw"}
ECOLE = {"annonce_dismiss"}  # what a school does itself: tests/checklists/test_annonces.py
SANS_OBJET = {"message_list", "annonce_list", "veille_list", "consultation_end", "selection"}
LECTURES = SUIVI - ACTIONS - ECOLE - SANS_OBJET


ONGLETS = {
    **dict.fromkeys(("message_list", "message_detail", "message_new"), "Messages"),
    **dict.fromkeys(("annonce_list", "annonce_new", "annonce_detail"), "Annonces"),
    **{"veille_detail": "Veille", "academie_jeton_list": "Jetons de lecture", "selection": "Tableau"},
}


@pytest.fixture
def dane_user(ecole):
    return make_utilisateur("dane", Role.DANE, academie=ecole.academie)


@pytest.fixture
def autre(ecole):
    """A school of another académie."""
    return make_ecole(2, academie=make_academie("AC2"))


def address(nom, etablissement, auteur=None):
    """An address of that name about this school, with objects of its own."""
    academie = etablissement.academie
    if nom == "note_delete":
        note = NoteDane.objects.create(etablissement=etablissement, auteur=auteur, texte="Note.", ecrite_le=LUNDI)
        return url(nom, etablissement, note.pk)
    if nom in ("message_detail", "message_retry"):
        message = MessageDane.objects.create(academie=academie, sujet="Sujet", corps="Texte", cree_le=LUNDI)
        Envoi.objects.create(message=message, etablissement=etablissement, adresse="a@b.invalid", erreur="Refusé")
        return reverse(f"checklists:{nom}", args=[message.pk])
    if nom in ("annonce_detail", "annonce_withdraw"):
        annonce = Annonce.objects.create(academie=academie, titre="Annonce", debut=LUNDI.date(), fin=LUNDI.date())
        return reverse(f"checklists:{nom}", args=[annonce.pk])
    if nom in ("message_new", "annonce_new"):
        return reverse(f"checklists:{nom}") + f"?uai={etablissement.uai}"
    if nom == "veille_detail":
        return reverse("checklists:veille_detail", args=[academie.code])
    return reverse(f"checklists:{nom}") if nom in SANS_OBJET else url(nom, etablissement)


def ask(client, nom, adresse):
    """The status of a page, or of an action that is carried out."""
    reponse = client.post(adresse, {"texte": "Note."}) if nom in ACTIONS else client.get(adresse)
    return reponse.status_code


@pytest.mark.parametrize("nom", sorted(SUIVI - ECOLE))
def test_anonymous_visitor_is_sent_to_the_login_page(nom, ecole):
    reponse = Client().post(address(nom, ecole)) if nom in ACTIONS else Client().get(address(nom, ecole))
    assert reponse.status_code == 302
    assert reponse["Location"].startswith("/connexion/")


@pytest.mark.parametrize("nom", sorted(LECTURES))
def test_reading_is_for_those_who_follow_the_academie(nom, ecole, autre, dane_user):
    lecteurs = [
        dane_user,
        make_utilisateur("admin", Role.ADMIN),
        make_utilisateur("etrangere", Role.DANE, academie=autre.academie),
        make_utilisateur("principal", Role.DIRECTION, etablissement=ecole),
        make_utilisateur("secretaire", Role.SECRETARIAT, etablissement=ecole),
    ]
    adresse = address(nom, ecole)
    assert [ask(connect(lecteur), nom, adresse) for lecteur in lecteurs] == [200, 200, 404, 404, 404]


@pytest.mark.parametrize("nom", sorted(ACTIONS))
def test_acting_is_for_those_who_follow_the_academie(nom, ecole, autre, dane_user):
    etrangers = [
        make_utilisateur("etrangere", Role.DANE, academie=autre.academie),
        make_utilisateur("principal", Role.DIRECTION, etablissement=ecole),
        make_utilisateur("secretaire", Role.SECRETARIAT, etablissement=ecole),
    ]
    adresse = address(nom, ecole, dane_user)
    assert [ask(connect(etranger), nom, adresse) for etranger in etrangers] == [404, 404, 404]
    assert ask(connect(dane_user), nom, adresse) == 302


@pytest.mark.parametrize("nom", sorted(SANS_OBJET - {"consultation_end"}))
def test_lists_open_for_those_who_follow_an_academie_only(nom, ecole, dane_user):
    assert ask(connect(dane_user), nom, address(nom, ecole)) in (200, 302)
    for role in (Role.DIRECTION, Role.SECRETARIAT):
        client = connect(make_utilisateur(role.value, role, etablissement=ecole))
        assert ask(client, nom, address(nom, ecole)) == 404


@pytest.mark.parametrize("nom", sorted(ACTIONS | ECOLE | {"consultation_end"}))
def test_action_is_never_a_get(nom, ecole, dane_user):
    adresse = url(nom, ecole, 1) if nom in ECOLE else address(nom, ecole, dane_user)
    assert connect(dane_user).get(adresse).status_code == 405


@pytest.mark.parametrize("nom", sorted(ONGLETS))
def test_the_tabs_of_the_academie_stay_on_the_pages_of_the_dane(nom, ecole, dane_user):
    adresse = address(nom, ecole) + (f"?uai={ecole.uai}" if nom == "selection" else "")
    if nom == "academie_jeton_list":
        adresse = reverse(f"checklists:{nom}", args=[ecole.academie.code])
    page = connect(dane_user).get(adresse).content.decode()
    onglets = page.partition('<nav class="academie-nav"')[2].partition("</nav>")[0]
    assert re.findall(r'aria-current="page">([^<]+)<', onglets) == [ONGLETS[nom]]


@pytest.mark.parametrize("nom", ["message_list", "message_detail", "annonce_list", "selection"])
def test_simulated_dates_are_under_the_band_of_simulated_time(nom, ecole, dane_user):
    adresse = address(nom, ecole) + (f"?uai={ecole.uai}" if nom == "selection" else "")
    assert 'class="horloge-band"' in connect(dane_user).get(adresse).content.decode()

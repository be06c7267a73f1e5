"""Accounts on screen: found, opened, given roles, invited, closed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exchanges.enums import Role
from exchanges.models import Utilisateur
from exchanges.pipeline.comptes_utilisateurs import today
from tests.makers import make_academie, make_etablissement, make_utilisateur
from tests.views.conftest import connect
from tests.views.pages import assert_fragment_is_part_of_page, text


MEL = "anne.modele@ac-essai.example"


@pytest.fixture
def etablissement(db):
    return make_etablissement(1, academie=make_academie("NORD"), denomination="Collège Modèle")


@pytest.fixture
def direction(etablissement):
    return make_utilisateur("direction", Role.DIRECTION, etablissement=etablissement)


@pytest.fixture
def client(direction):
    return connect(direction)


@pytest.fixture
def secretaire(etablissement):
    secretaire = make_utilisateur("secretaire", Role.SECRETARIAT, etablissement=etablissement)
    secretaire.email, secretaire.last_name = "secretaire@ac-essai.example", "MODÈLE"
    secretaire.save()
    return secretaire


def at(nom, *args, query=""):
    return reverse(f"exchanges:{nom}", args=args) + query


def make_saisie(etablissement, **champs):
    return {"mel": MEL, "nom": "MODÈLE", "prenom": "Anne", "role": "secretariat", "uais": etablissement.uai} | champs


def test_list_shows_people_their_roles_and_their_state(client, secretaire):
    secretaire.habilitations.update(fin=today() + timedelta(days=5))
    page = text(client.get(at("compte_list")))
    assert "MODÈLE secretaire@ac-essai.example" in page
    assert f"Secrétariat, Collège Modèle ({secretaire.habilitations.get().etablissement.uai}), jusqu'au" in page
    assert "Jamais connecté" in page
    assert "2 comptes" in page


@pytest.mark.parametrize(
    ("query", "noms"),
    [
        ("?texte=modè", ["direction", "secretaire"]),  # the school is found too
        ("?texte=secretaire@", ["secretaire"]),
        ("?role=direction", ["direction"]),
        ("?etat=desactives", []),
        ("?etat=delegations", ["secretaire"]),
        ("?etat=bientot", ["secretaire"]),
        ("?etat=sans", []),
        ("?etat=jamais", ["secretaire"]),
        ("?etat=inconnu", ["direction", "secretaire"]),
    ],
)
def test_list_is_filtered(client, secretaire, query, noms):
    secretaire.habilitations.update(fin=today() + timedelta(days=5))
    page = client.get(at("compte_list", query=query)).content.decode()
    found = [
        c.username for c in Utilisateur.objects.order_by("username") if f'href="{at("compte_detail", c.pk)}"' in page
    ]
    assert found == noms


def test_swapped_list_equals_the_reloaded_one(client, secretaire):
    assert_fragment_is_part_of_page(client, at("compte_list", query="?role=direction"))


def test_list_costs_the_same_for_one_account_and_for_ten(client, etablissement, django_assert_num_queries):
    with CaptureQueriesContext(connection) as une:
        client.get(at("compte_list"))
    for rang in range(10):
        make_utilisateur(f"personne{rang}", Role.SECRETARIAT, etablissement=etablissement)
    with django_assert_num_queries(len(une)):
        client.get(at("compte_list"))


def test_new_account_is_invited_and_can_enter(client, etablissement, mailoutbox):
    reponse = client.post(at("compte_create"), make_saisie(etablissement), follow=True)
    anne = Utilisateur.objects.get(username=MEL)
    assert anne.habilitations.get().etablissement == etablissement
    assert f"Le compte est ouvert. Une invitation est partie à {MEL}." in text(reponse)
    lien = next(mot for mot in mailoutbox[0].body.split() if "/mot-de-passe/nouveau/" in mot)
    assert "Votre mot de passe" in text(Client().get(lien.removeprefix("http://testserver"), follow=True))


def test_school_of_the_direction_is_already_typed(client, etablissement):
    assert f'value="{etablissement.uai}"' in client.get(at("compte_create")).content.decode()


def test_existing_person_gets_the_role_without_a_second_account(client, etablissement, mailoutbox):
    Utilisateur.objects.create_user(MEL, email=MEL)
    reponse = client.post(at("compte_create"), make_saisie(etablissement, mel=MEL.upper()), follow=True)
    assert "avait déjà un compte" in text(reponse)
    assert Utilisateur.objects.filter(email=MEL).count() == 1
    assert mailoutbox == []


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"mel": "anne"}, "« anne » n'est pas une adresse électronique."),
        ({"uais": ""}, "Indiquez l'UAI de l'établissement."),
        ({"uais": "0999999Z"}, "L'établissement 0999999Z n'existe pas ici, ou n'est pas de votre périmètre."),
        ({"role": "direction"}, "Une délégation de direction a un dernier jour : indiquez-le."),
        ({"fin": "2020-01-01"}, "Le dernier jour, 01/01/2020, est déjà passé."),
        ({"role": "dane", "academie": "NORD"}, "Ce rôle n'est pas à vous de le donner."),
        ({"role": "admin"}, "Ce rôle n'est pas à vous de le donner."),
    ],
)
def test_refused_account_is_not_made_and_says_why(client, etablissement, champs, phrase):
    reponse = client.post(at("compte_create"), make_saisie(etablissement, **champs))
    assert reponse.status_code == 422
    assert phrase in text(reponse)
    assert not Utilisateur.objects.filter(email__iexact=MEL).exists()


def test_mail_that_does_not_leave_is_said_and_the_account_stays(client, etablissement, monkeypatch):
    monkeypatch.setattr("exchanges.views.comptes.send_invitations", lambda comptes, *args: list(comptes))
    reponse = client.post(at("compte_create"), make_saisie(etablissement), follow=True)
    assert "Le compte est ouvert. Le message n'a pas pu partir" in text(reponse)
    assert Utilisateur.objects.filter(username=MEL).exists()


def test_direction_delegates_until_a_day_that_is_shown(client, secretaire, etablissement):
    fin = today() + timedelta(days=10)
    saisie = {"role": "direction", "uais": etablissement.uai, "fin": fin.isoformat()}
    page = text(client.post(at("compte_role_give", secretaire.pk), saisie, follow=True))
    assert "Le rôle est donné." in page
    assert f"Direction Collège Modèle ({etablissement.uai}) {fin:%d/%m/%Y} En cours" in page
    assert f"rôle donné : direction, Collège Modèle ({etablissement.uai}), jusqu'au {fin:%d/%m/%Y}" in page


def test_ended_role_is_still_shown_as_ended(client, secretaire):
    secretaire.habilitations.update(fin=today() - timedelta(days=1))
    assert "Terminé" in text(client.get(at("compte_detail", secretaire.pk)))


def test_refused_role_keeps_the_page_and_writes_nothing(client, secretaire):
    reponse = client.post(at("compte_role_give", secretaire.pk), {"role": "direction", "uais": "0999999Z"})
    assert reponse.status_code == 422
    assert "0999999Z n'existe pas ici" in text(reponse)
    assert secretaire.habilitations.count() == 1


def test_several_schools_at_once_all_or_none(secretaire, etablissement):
    dane = connect(make_utilisateur("dane", Role.DANE, academie=etablissement.academie))
    autre = make_etablissement(2, academie=etablissement.academie)
    for uais, nombre in ((f"{autre.uai} 0999999Z", 1), (f"{autre.uai} {etablissement.uai}", 3)):
        dane.post(at("compte_role_give", secretaire.pk), {"role": "direction", "uais": uais})
        assert secretaire.habilitations.count() == nombre


def test_role_taken_away_ends_the_access_at_once(client, secretaire, etablissement):
    sienne = connect(secretaire)
    ecole = reverse("exchanges:etablissement_detail", args=[etablissement.uai])
    assert sienne.get(ecole).status_code == 200
    reponse = client.post(at("compte_role_take", secretaire.pk, secretaire.habilitations.get().pk), follow=True)
    assert "Le rôle est retiré, tout de suite." in text(reponse)
    assert sienne.get(ecole).status_code == 404


def test_role_of_a_peer_cannot_be_taken(client, etablissement):
    pair = make_utilisateur("pair", Role.DIRECTION, etablissement=etablissement)
    reponse = client.post(at("compte_role_take", pair.pk, pair.habilitations.get().pk), follow=True)
    assert "Ce rôle n'est pas à vous de le retirer. Rien n'a été modifié." in text(reponse)
    assert pair.habilitations.exists()


def test_deactivated_account_is_thrown_out_and_comes_back(client, secretaire):
    sienne = connect(secretaire)
    client.post(at("compte_deactivate", secretaire.pk))
    assert sienne.get("/")["Location"].startswith("/connexion/")
    page = text(client.get(at("compte_detail", secretaire.pk)))
    assert "Désactivé" in page
    assert "compte désactivé" in page
    client.post(at("compte_activate", secretaire.pk))
    secretaire.refresh_from_db()
    assert secretaire.is_active


def test_invitation_is_sent_again_and_noted(client, secretaire, mailoutbox):
    client.post(at("compte_invite", secretaire.pk))
    assert [message.to for message in mailoutbox] == [["secretaire@ac-essai.example"]]
    assert "direction : invitation envoyée" in text(client.get(at("compte_detail", secretaire.pk)))


@pytest.mark.parametrize(
    ("champs", "phrase"), [({"email": ""}, "n'a pas d'adresse"), ({"is_active": False}, "réactivez-le d'abord")]
)
def test_invitation_that_cannot_be_used_does_not_leave(client, secretaire, mailoutbox, champs, phrase):
    Utilisateur.objects.filter(pk=secretaire.pk).update(**champs)
    assert phrase in text(client.post(at("compte_invite", secretaire.pk), follow=True))
    assert mailoutbox == []


def test_name_and_address_are_mended(client, secretaire):
    saisie = {"mel": MEL, "nom": "NOUVEAU", "prenom": "Nom"}
    assert "sont enregistrés" in text(client.post(at("compte_update", secretaire.pk), saisie, follow=True))
    secretaire.refresh_from_db()
    assert (secretaire.email, secretaire.last_name, secretaire.username) == (MEL, "NOUVEAU", "secretaire")


def test_address_of_somebody_else_is_refused(client, secretaire, direction):
    Utilisateur.objects.filter(pk=direction.pk).update(email=MEL)
    reponse = client.post(at("compte_update", secretaire.pk), {"mel": MEL})
    assert reponse.status_code == 422
    assert "déjà celle d'un autre compte" in text(reponse)


def test_ones_own_page_offers_nothing_to_change(client, direction):
    page = client.get(at("compte_detail", direction.pk))
    assert "<form method=" not in page.content.decode().partition('id="contenu"')[2]

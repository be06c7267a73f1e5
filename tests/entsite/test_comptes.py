"""Signing in with a local account, first login, forgotten password, and what makes a password good enough."""

import re
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from django.utils import timezone

from exchanges.enums import Role
from exchanges.models import Utilisateur
from exchanges.pipeline.invitations import send_invitations
from exchanges.templatetags.entsite import jour
from tests.makers import make_etablissement, make_utilisateur
from tests.views.pages import text


pytestmark = pytest.mark.django_db

SITE = "http://testserver"
PHRASE = "le chat dort sur le radiateur"


@pytest.fixture
def direction():
    direction = make_utilisateur("direction", Role.DIRECTION, etablissement=make_etablissement(ville="Modelville"))
    direction.first_name, direction.last_name = "Jeanne", "MODÈLE"
    return direction


@pytest.fixture
def anne(direction):
    """Somebody just invited, who has never chosen a password."""
    anne = Utilisateur.objects.create_user("anne@ac-essai.example", email="anne@ac-essai.example", first_name="Anne")
    anne.habilitations.create(role=Role.SECRETARIAT, etablissement=direction.habilitations.get().etablissement)
    return anne


def find_link(message):
    return re.search(rf"{SITE}(/mot-de-passe/nouveau/\S+)", message.body)[1]


def choose_password(client, lien, password=PHRASE):
    page = client.get(lien, follow=True)
    adresse = page.redirect_chain[-1][0] if page.redirect_chain else lien
    return client.post(adresse, {"new_password1": password, "new_password2": password}, follow=True)


def test_invitation_says_who_what_where_and_until_when(anne, direction):
    assert send_invitations([anne], direction, SITE) == []
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["anne@ac-essai.example"], "entsite : votre compte est ouvert")
    assert message.from_email == "entsite@localhost"
    for phrase in (
        "Jeanne MODÈLE vous a ouvert un compte",
        "- secrétariat, Collège d'essai 1",
        "Votre identifiant : anne@ac-essai.example",
        f"jusqu'au {jour(timezone.now() + timedelta(hours=72))}",
    ):
        assert phrase in message.body


def test_invitation_opens_the_account_once(client, anne, direction):
    send_invitations([anne], direction, SITE)
    lien = find_link(mail.outbox[0])
    assert "Mot de passe enregistré" in text(choose_password(client, lien))
    client.post(reverse("login"), {"username": "Anne@ac-essai.example", "password": PHRASE})
    assert client.session[SESSION_KEY] == str(anne.pk)
    client.logout()
    assert "Ce lien ne sert plus" in text(client.get(lien))


def test_invitation_stops_working_after_its_time(client, anne, direction, settings):
    send_invitations([anne], direction, SITE)
    settings.PASSWORD_RESET_TIMEOUT = -1
    page = text(client.get(find_link(mail.outbox[0])))
    assert "Ce lien ne sert plus" in page
    assert "Demander un nouveau lien" in page


def test_expired_invitation_is_replaced_by_a_forgotten_password(client, anne):
    client.post(reverse("password_reset"), {"email": "ANNE@ac-essai.example"})
    (message,) = mail.outbox
    assert message.subject == "entsite : choisir un nouveau mot de passe"
    assert f"jusqu'au {jour(timezone.now() + timedelta(hours=72))}" in message.body
    assert "Mot de passe enregistré" in text(choose_password(client, find_link(message)))


def test_deactivated_account_gets_no_link(client, anne):
    Utilisateur.objects.filter(pk=anne.pk).update(is_active=False)
    reponse = client.post(reverse("password_reset"), {"email": anne.email}, follow=True)
    assert "Message envoyé" in text(reponse)  # as for an address that nobody has
    assert mail.outbox == []


def test_mail_that_cannot_leave_is_reported_and_stops_no_other(anne, direction, monkeypatch, caplog):
    autre = Utilisateur.objects.create_user("bea@ac-essai.example", email="bea@ac-essai.example")
    real_send = EmailBackend.send_messages

    def send(self, messages):
        if messages[0].to == [anne.email]:
            raise SMTPRecipientsRefused({anne.email: (550, b"no")})
        return real_send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send)
    assert send_invitations([anne, autre], direction, SITE) == [anne]
    assert [message.to for message in mail.outbox] == [[autre.email]]
    assert anne.email not in caplog.text


def test_mail_server_that_is_down_is_asked_once(anne, direction, monkeypatch):
    monkeypatch.setattr(EmailBackend, "open", lambda self: (_ for _ in ()).throw(ConnectionRefusedError()))
    assert send_invitations([anne, direction], direction, SITE) == [anne, direction]
    assert mail.outbox == []


def test_login_by_a_plain_name_keeps_its_capitals(client):
    Utilisateur.objects.create_user("Racine", password=PHRASE)
    client.post(reverse("login"), {"username": "Racine", "password": PHRASE})
    assert SESSION_KEY in client.session


@pytest.mark.parametrize(
    ("password", "phrase"),
    [
        ("court", "trop court"),
        ("123456789012345", "entièrement numérique"),
        ("aaaaaaaaaaaaaaaa", "répète toujours les mêmes caractères"),
        ("anne@ac-essai.example", "trop semblable"),
        ("0990001N-2026", "UAI"),
        ("modelville2026", "presque le nom ou le code de votre établissement"),
    ],
)
def test_password_that_can_be_guessed_is_refused_in_french(anne, password, phrase):
    ecole = anne.habilitations.get().etablissement
    if phrase == "UAI":
        password, phrase = f"{ecole.uai}-2026", "presque le nom ou le code"
    with pytest.raises(ValidationError) as erreurs:
        validate_password(password, anne)
    assert phrase in " ".join(erreurs.value.messages)


@pytest.mark.parametrize("password", [PHRASE, "rentree-2026-demo", "Modelville sous la pluie de mai"])
def test_phrase_is_a_good_password_whatever_it_is_made_of(anne, password):
    validate_password(password, anne)


def test_rules_are_told_in_french():
    assert all(re.search(r"[Vv]otre|[Nn]i ", phrase) for phrase in password_validators_help_texts())

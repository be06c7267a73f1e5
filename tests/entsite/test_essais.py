"""Wrong passwords are slowed, by account and by address, on both login pages; nothing is said of who exists."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from entsite import essais
from exchanges.models import Decompte, Utilisateur
from tests.views.pages import text


pytestmark = pytest.mark.django_db
PHRASE = "le chat dort sur le radiateur"
PAGES = ("login", "admin:login")


@pytest.fixture(autouse=True)
def moment(monkeypatch):
    """Five minutes that do not end: 75 seconds of them are left."""
    moment = timezone.now()
    moment = moment.fromtimestamp(int(moment.timestamp()) // 300 * 300 + 225, tz=moment.tzinfo)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


@pytest.fixture
def anne():
    return Utilisateur.objects.create_user("anne@ac-essai.example", password=PHRASE, is_staff=True)


def sign_in(client, password, username="anne@ac-essai.example", page="login", **environ):
    return client.post(reverse(page), {"username": username, "password": password}, **environ)


@pytest.mark.parametrize("page", PAGES)
def test_account_is_closed_for_a_while_after_five_wrong_passwords(client, anne, page):
    for _ in range(5):
        assert "Trop de" not in text(sign_in(client, "faux", page=page))
    reponse = sign_in(client, PHRASE, page=page)
    assert SESSION_KEY not in client.session
    assert "Trop de mots de passe faux pour ce compte. Attendez 2 minutes" in text(reponse)


def test_the_page_says_when_to_come_back(client, anne):
    for _ in range(5):
        assert sign_in(client, "faux").status_code == 200
    reponse = sign_in(client, "faux")
    assert (reponse.status_code, reponse["Retry-After"]) == (429, "75")
    assert "Mot de passe oublié ?" in text(reponse)


def test_password_is_not_even_tried_meanwhile(client, anne, monkeypatch):
    for _ in range(5):
        sign_in(client, "faux")
    monkeypatch.setattr(AuthenticationForm, "clean", lambda self: 1 / 0)
    assert sign_in(client, "faux").status_code == 429


def test_account_that_does_not_exist_is_slowed_in_the_same_way(client):
    reponses = [sign_in(client, "faux", "personne@ac-essai.example") for _ in range(6)]
    assert [r.status_code for r in reponses] == [200] * 5 + [429]


def test_capitals_and_spaces_make_no_other_account(client, anne):
    for n in range(5):
        sign_in(client, "faux", "anne@ac-essai.example".capitalize() if n % 2 else " ANNE@ac-essai.example ")
    assert sign_in(client, PHRASE).status_code == 429


def test_good_password_forgets_the_wrong_ones(client, anne):
    for _ in range(2):
        for _ in range(4):
            sign_in(client, "faux")
        assert sign_in(client, PHRASE).status_code == 302
        client.logout()


def test_new_password_opens_the_account_at_once(client, anne):
    for _ in range(6):
        sign_in(client, "faux")
    cle = urlsafe_base64_encode(force_bytes(anne.pk))
    lien = reverse("password_reset_confirm", args=[cle, default_token_generator.make_token(anne)])
    suite = client.get(lien)["Location"]
    nouveau = "un autre chat dort ailleurs"
    assert client.post(suite, {"new_password1": nouveau, "new_password2": nouveau}).status_code == 302
    assert sign_in(client, nouveau).status_code == 302


def test_address_that_tries_many_accounts_is_slowed_and_no_other(client, anne, monkeypatch):
    monkeypatch.setattr(essais, "PAR_ADRESSE", essais.Quota(3, 300))
    for n in range(3):
        sign_in(client, "faux", f"personne{n}")
    reponse = sign_in(client, PHRASE)
    assert reponse.status_code == 429
    assert "Trop de mots de passe faux depuis votre réseau. Attendez 2 minutes." in text(reponse)
    assert sign_in(client, PHRASE, REMOTE_ADDR="192.0.2.9").status_code == 302


def test_school_where_everybody_signs_in_is_not_slowed(client, anne, monkeypatch):
    monkeypatch.setattr(essais, "PAR_ADRESSE", essais.Quota(3, 300))
    for _ in range(5):
        assert sign_in(client, PHRASE).status_code == 302
        client.logout()


def test_address_that_nobody_knows_slows_nobody_else(client, anne, monkeypatch, settings):
    settings.ENTSITE_PROXIES = 1
    monkeypatch.setattr(essais, "PAR_ADRESSE", essais.Quota(1, 300))
    for n in range(3):
        sign_in(client, "faux", f"personne{n}")
    assert sign_in(client, PHRASE).status_code == 302


def test_next_five_minutes_open_the_account_again(client, anne, moment, monkeypatch):
    for _ in range(6):
        sign_in(client, "faux")
    plus_tard = moment.fromtimestamp(moment.timestamp() + 75, tz=moment.tzinfo)
    monkeypatch.setattr(timezone, "now", lambda: plus_tard)
    assert sign_in(client, PHRASE).status_code == 302


def test_neither_names_nor_addresses_are_kept(client, anne):
    sign_in(client, "faux")
    cles = " ".join(Decompte.objects.values_list("cle", flat=True))
    assert cles
    assert "anne" not in cles
    assert "127.0.0.1" not in cles

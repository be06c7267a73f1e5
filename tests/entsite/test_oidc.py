"""Signing in with a provider: a real exchange of codes and signed tokens with a small server of our own."""

import base64
import hashlib
import json
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse

from exchanges.enums import Role
from exchanges.models import Habilitation, Utilisateur
from tests.makers import make_etablissement, make_utilisateur
from tests.views.pages import text


CLIENT, SECRET = "entsite-essai", "secret-dessai"
MEL = "anne.modele@ac-essai.example"


class Fournisseur(ThreadingHTTPServer):
    """An identity provider: what it signs and answers can be changed by the test."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Pages)
        self.cle = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.signature = self.cle
        self.codes: dict[str, dict[str, str]] = {}
        self.jetons: dict[str, object] = {}  # changes made to the claims of the token
        self.infos: dict[str, object] = {"sub": "42", "email": MEL, "email_verified": True}
        self.demandes: list[dict[str, str]] = []

    @property
    def adresse(self):
        return f"http://127.0.0.1:{self.server_port}"

    def accept(self, depart: str) -> str:
        """What a person does on its page: she agrees, and her browser is sent back with a code."""
        demande = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(depart).query))
        code = f"code-{len(self.codes)}"
        self.codes[code] = demande
        query = urllib.parse.urlencode({"code": code, "state": demande["state"]})
        return f"{demande['redirect_uri']}?{query}"

    def sign(self, nonce: str) -> str:
        maintenant = int(time.time())
        claims = {"iss": self.adresse, "aud": CLIENT, "sub": "42", "nonce": nonce, "iat": maintenant}
        claims |= {"exp": maintenant + 60} | self.jetons
        claims = {nom: valeur for nom, valeur in claims.items() if valeur is not None}
        return jwt.encode(claims, self.signature, algorithm="RS256", headers={"kid": "cle-1"})


class _Pages(BaseHTTPRequestHandler):
    def do_POST(self):
        corps = self.rfile.read(int(self.headers["Content-Length"])).decode()
        recu = dict(urllib.parse.parse_qsl(corps))
        self.server.demandes.append(recu)
        demande = self.server.codes.pop(recu["code"], None)
        defi = base64.urlsafe_b64encode(hashlib.sha256(recu["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        attendu = demande and (CLIENT, SECRET, demande["redirect_uri"], demande["code_challenge"])
        if attendu != (recu["client_id"], recu["client_secret"], recu["redirect_uri"], defi):
            self._answer({"error": "invalid_grant"}, 400)
        else:
            self._answer(
                {"access_token": "acces", "token_type": "Bearer", "id_token": self.server.sign(demande["nonce"])}
            )

    def do_GET(self):
        if self.path == "/cles":
            jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.server.cle.public_key()))
            self._answer({"keys": [jwk | {"kid": "cle-1", "alg": "RS256"}]})
        else:
            assert self.headers["Authorization"] == "Bearer acces"
            self._answer(self.server.infos)

    def _answer(self, reponse, status=200):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(reponse).encode())

    def log_message(self, *args):
        """Silent."""


@pytest.fixture
def fournisseur(settings):
    """A running provider, and the settings that its variables would give."""
    serveur = Fournisseur()
    fil = threading.Thread(target=serveur.serve_forever, kwargs={"poll_interval": 0.02})
    fil.start()
    settings.OIDC_RP_CLIENT_ID = CLIENT
    settings.OIDC_RP_CLIENT_SECRET = SECRET
    settings.OIDC_OP_ISSUER = serveur.adresse
    settings.OIDC_OP_AUTHORIZATION_ENDPOINT = f"{serveur.adresse}/autoriser"
    settings.OIDC_OP_TOKEN_ENDPOINT = f"{serveur.adresse}/jeton"
    settings.OIDC_OP_USER_ENDPOINT = f"{serveur.adresse}/personne"
    settings.OIDC_OP_JWKS_ENDPOINT = f"{serveur.adresse}/cles"
    settings.OIDC_RP_SIGN_ALGO = "RS256"
    settings.OIDC_CREATE_USER = False
    settings.OIDC_USE_PKCE = True
    settings.OIDC_TIMEOUT = 5
    settings.OIDC_NAME = "le compte d'essai"
    settings.AUTHENTICATION_BACKENDS = [
        "django.contrib.auth.backends.ModelBackend",
        "entsite.oidc.ExistingAccountBackend",
    ]
    yield serveur
    serveur.shutdown()
    serveur.server_close()
    fil.join()


@pytest.fixture
def anne(db):
    """Somebody with an account here, whose address has capitals."""
    anne = make_utilisateur("anne", Role.SECRETARIAT, etablissement=make_etablissement())
    anne.email = "Anne.Modele@ac-essai.example"
    anne.save(update_fields=["email"])
    return anne


def sign_in(client, fournisseur, suite=""):
    """From the button of the login page to wherever the site leads."""
    depart = client.get(reverse("oidc_start") + suite)
    return client.get(fournisseur.accept(depart["Location"]))


def assert_refused(client, reponse):
    assert reponse["Location"] == f"{reverse('login')}?echec=1"
    assert SESSION_KEY not in client.session
    assert "aucun compte d'entsite n'a votre adresse" in text(client.get(reponse["Location"]))


def test_existing_account_is_opened_by_its_address(client, fournisseur, anne):
    reponse = sign_in(client, fournisseur)
    assert reponse["Location"] == "/"
    assert client.session[SESSION_KEY] == str(anne.pk)
    assert client.get("/", follow=True).status_code == 200
    (demande,) = fournisseur.demandes
    assert demande["redirect_uri"] == f"http://testserver{reverse('oidc_authentication_callback')}"


def test_person_lands_where_she_was_going(client, fournisseur, anne):
    assert sign_in(client, fournisseur, "?next=/aide/")["Location"] == "/aide/"
    assert sign_in(Client(), fournisseur, "?next=https://ailleurs.example/")["Location"] == "/"


def test_provider_gives_no_right_and_changes_nothing(client, fournisseur, anne):
    fournisseur.infos |= {"family_name": "AUTRE", "groups": ["admin"]}
    sign_in(client, fournisseur)
    apres = Utilisateur.objects.get()
    assert (apres.last_name, apres.email, apres.is_superuser) == ("", "Anne.Modele@ac-essai.example", False)
    assert Habilitation.objects.get().role == Role.SECRETARIAT


def test_unknown_address_opens_and_creates_nothing(client, fournisseur, anne):
    fournisseur.infos["email"] = "inconnu@ac-essai.example"
    assert_refused(client, sign_in(client, fournisseur))
    assert Utilisateur.objects.count() == 1


def test_deactivated_account_stays_closed(client, fournisseur, anne):
    Utilisateur.objects.update(is_active=False)
    assert_refused(client, sign_in(client, fournisseur))


def test_account_deactivated_later_loses_its_session(client, fournisseur, anne):
    sign_in(client, fournisseur)
    Utilisateur.objects.update(is_active=False)
    assert client.get("/")["Location"].startswith(reverse("login"))


def test_address_of_two_accounts_opens_neither(client, fournisseur, anne):
    Utilisateur.objects.create_user("autre", email=MEL)
    assert_refused(client, sign_in(client, fournisseur))


@pytest.mark.parametrize(
    "infos", [{"email_verified": False}, {"email": ""}, {"email": None}, {"sub": "43"}], ids=lambda i: next(iter(i))
)
def test_claims_that_prove_nothing_are_refused(client, fournisseur, anne, infos):
    fournisseur.infos |= infos
    assert_refused(client, sign_in(client, fournisseur))


@pytest.mark.parametrize(
    "jetons",
    [
        {"iss": "https://ailleurs.example"},
        {"aud": "un-autre-site"},
        {"aud": None},
        {"nonce": "un-autre"},
        {"exp": 1},
        {"exp": None},
    ],
    ids=lambda jetons: "-".join(f"{nom}={valeur}" for nom, valeur in jetons.items()),
)
def test_token_for_another_site_or_another_time_is_refused(client, fournisseur, anne, jetons):
    fournisseur.jetons = jetons
    assert_refused(client, sign_in(client, fournisseur))


def test_token_signed_by_somebody_else_is_refused(client, fournisseur, anne):
    fournisseur.signature = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert_refused(client, sign_in(client, fournisseur))


def test_code_of_somebody_else_is_refused(client, fournisseur, anne):
    """An address prepared by another person carries a state that this browser never asked for."""
    depart = Client().get(reverse("oidc_start"))
    client.get(reverse("oidc_start"))
    assert_refused(client, client.get(fournisseur.accept(depart["Location"])))


def test_code_serves_once(client, fournisseur, anne):
    retour = fournisseur.accept(client.get(reverse("oidc_start"))["Location"])
    client.get(retour)
    client.logout()
    assert_refused(client, client.get(retour))


def test_provider_that_is_down_leads_to_the_login_page(client, fournisseur, anne, settings):
    retour = fournisseur.accept(client.get(reverse("oidc_start"))["Location"])
    settings.OIDC_OP_TOKEN_ENDPOINT = "http://127.0.0.1:9/jeton"
    assert_refused(client, client.get(retour))


def test_person_who_refuses_on_the_provider_comes_back_to_the_login_page(client, fournisseur, anne):
    assert_refused(client, client.get(reverse("oidc_authentication_callback") + "?error=access_denied&state=x"))


def test_login_form_never_asks_the_provider(client, fournisseur, anne):
    client.post(reverse("login") + "?code=x&state=y", {"username": "anne", "password": "faux"})
    assert fournisseur.demandes == []


def test_password_still_works_beside_it(client, fournisseur, anne):
    client.post(reverse("login"), {"username": "anne", "password": "motdepasse-dessai"})
    assert client.session[SESSION_KEY] == str(anne.pk)


def test_button_is_there_only_when_a_provider_is_configured(client, fournisseur, settings, db):
    page = client.get(reverse("login") + "?next=/aide/")
    assert "Se connecter avec le compte d'essai" in text(page)
    assert 'href="/connexion/oidc/?next=/aide/"' in page.content.decode()
    settings.OIDC_RP_CLIENT_ID = ""
    assert "Se connecter avec" not in text(client.get(reverse("login")))


@pytest.mark.parametrize("nom", ["oidc_start", "oidc_authentication_callback"])
def test_without_provider_its_addresses_do_not_exist(client, nom, db):
    assert client.get(reverse(nom)).status_code == 404

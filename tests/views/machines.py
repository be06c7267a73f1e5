"""The HTTP client of timetable software: a token, a ZIP, JSON answers."""

from django.test import Client
from django.urls import reverse

from exchanges.models import Depot
from tests.makers import LUNDI, make_zip


TOUS = {"1001": ["6AGL1"], "1002": ["6AGL1"], "1003": ["6ESP1"], "1004": ["6ESP1"]}


def post(ecole, jeton, nom, octets, **headers):
    """Send a body as curl --data-binary does."""
    entetes = {"Authorization": f"Bearer {jeton}", "X-Nom-Fichier": nom}
    entetes |= {cle.replace("_", "-"): valeur for cle, valeur in headers.items()}
    adresse = reverse("exchanges:api_depot_receive", args=[ecole.uai])
    type_ = entetes.pop("Content-Type", "application/zip")
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    return client.post(adresse, octets, content_type=type_, headers=entetes)


def send(ecole, jeton, liens=None, quand=LUNDI, **headers):
    """Send an élève-groupe ZIP of the school."""
    nom, flux = make_zip(ecole, liens or TOUS, quand)
    return post(ecole, jeton, nom, flux.read(), **headers)


def get(adresse, jeton):
    return Client(raise_request_exception=False).get(adresse, headers={"Authorization": f"Bearer {jeton}"})


def assert_refused(reponse, status, code):
    """A JSON refusal with its sentence and what to do; nothing is in the database."""
    assert (reponse.status_code, reponse.json()["code"]) == (status, code), reponse.content
    assert (
        reponse.json()["message"].endswith("Rien n'a été déposé.") or "Rien n'a été fait." in reponse.content.decode()
    )
    assert reponse.json()["action"]
    assert reponse["Content-Type"] == "application/json"
    assert not reponse.cookies
    assert not Depot.objects.exists()

"""The two probes."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.urls import path
from django.utils import timezone

from entsite import health
from exchanges.models import Battement


urlpatterns = [path("sante/", health.live), path("sante/pret/", health.ready)]

pytestmark = pytest.mark.urls(__name__)


def test_live_answers_anybody_without_a_database(client):
    response = client.get("/sante/")
    assert (response.status_code, response.json()) == (200, {"etat": "ok"})
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "status", "etat"), [(5, 200, "ok"), (61, 503, "panne")])
def test_ready_depends_on_the_last_sign_of_a_worker(client, seconds, status, etat):
    Battement.objects.create(nom="travail", vu_le=timezone.now() - timedelta(seconds=seconds))
    Battement.objects.create(nom="mort", vu_le=timezone.now() - timedelta(days=2))
    response = client.get("/sante/pret/")
    assert response.status_code == status
    assert response.json() == {
        "etat": etat,
        "base": True,
        "silence": seconds,
        "taches": {"attente": 0, "en_cours": 0, "abandon": 0},
    }


@pytest.mark.django_db
def test_ready_is_refused_while_no_worker_was_ever_seen(client):
    response = client.get("/sante/pret/")
    assert response.status_code == 503
    assert response.json()["silence"] is None


@pytest.mark.django_db
def test_ready_says_so_when_the_database_is_down(client, monkeypatch):
    def fail(*args, **kwargs):
        raise DatabaseError("down")

    monkeypatch.setattr(Battement.objects, "aggregate", fail)
    response = client.get("/sante/pret/")
    assert (response.status_code, response.json()["base"]) == (503, False)


@pytest.mark.parametrize("url", ["/sante/", "/sante/pret/"])
def test_probes_only_read(client, url):
    assert client.post(url).status_code == 405

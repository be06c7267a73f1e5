"""How often a machine may call: told in every answer, the same for all web processes, and unknown tokens slowed."""

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exchanges.models import Jeton
from exchanges.pipeline import jetons
from exchanges.pipeline.jetons import revoke_jeton
from tests.views.machines import assert_refused, get, post, send


@pytest.fixture
def moment(monkeypatch):
    """A minute that does not end."""
    moment = timezone.now().replace(second=15, microsecond=0)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


def limits(reponse):
    return tuple(int(reponse[f"RateLimit-{nom}"]) for nom in ("Limit", "Remaining", "Reset"))


def suivi(ecole):
    return reverse("exchanges:api_depot_detail", args=[ecole.uai, 1])


def test_answer_says_what_is_left_of_the_minute(ecole, jeton, moment):
    reponse = send(ecole, jeton)
    assert (reponse.status_code, limits(reponse)) == (202, (30, 29, 45))
    assert limits(get(reponse["Location"], jeton)) == (30, 28, 45)


def test_refusals_say_it_too(ecole, jeton, moment, monkeypatch):
    monkeypatch.setattr(jetons, "PAR_MINUTE", 3)
    reponses = [post(ecole, jeton, "", b"x"), get(suivi(ecole), jeton), *(post(ecole, jeton, "", b"x") for _ in "12")]
    assert [(r.status_code, limits(r)) for r in reponses] == [
        (400, (3, 2, 45)),
        (404, (3, 1, 45)),
        (400, (3, 0, 45)),
        (429, (3, 0, 45)),
    ]
    assert reponses[-1]["Retry-After"] == "45"
    revoke_jeton(Jeton.objects.get(), moment)
    assert_refused(get(suivi(ecole), jeton), 403, "jeton_revoque")


def test_answers_that_looked_at_no_token_tell_what_is_left_of_the_address(ecole, jeton, moment):
    assert limits(Client().get("/api/inconnu/")) == (20, 20, 45)
    assert limits(Client().get(reverse("checklists:api_schema"))) == (20, 20, 45)
    assert limits(Client().put(suivi(ecole), headers={"Authorization": f"Bearer {jeton}"})) == (20, 20, 45)
    assert limits(get(suivi(ecole), "entsite_inconnu")) == (20, 19, 45)
    assert limits(Client().get("/api/inconnu/")) == (20, 19, 45)


def test_pages_say_nothing_of_it(db):
    assert "RateLimit-Limit" not in Client().get(reverse("login"))


def test_unknown_tokens_of_an_address_are_slowed(ecole, jeton, moment, monkeypatch):
    monkeypatch.setattr(jetons, "INCONNUS_PAR_MINUTE", 2)
    reponses = [get(suivi(ecole), f"entsite_{n}") for n in range(3)]
    assert [r.status_code for r in reponses] == [401, 401, 429]
    assert_refused(reponses[-1], 429, "trop_d_essais")
    assert reponses[-1]["Retry-After"] == "45"
    assert_refused(Client().get(suivi(ecole)), 429, "trop_d_essais")
    ailleurs = Client().get(suivi(ecole), headers={"Authorization": "Bearer non"}, REMOTE_ADDR="192.0.2.9")
    assert ailleurs.status_code == 401


def test_known_token_goes_through_where_unknown_ones_are_slowed(ecole, jeton, moment, monkeypatch):
    monkeypatch.setattr(jetons, "INCONNUS_PAR_MINUTE", 1)
    assert [get(suivi(ecole), "entsite_inconnu").status_code for _ in "12"] == [401, 429]
    assert send(ecole, jeton).status_code == 202


def test_database_that_does_not_answer_is_told_without_limits(ecole, jeton, monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("MODELE1001")

    monkeypatch.setattr("exchanges.pipeline.jetons.count", fail)
    monkeypatch.setattr("exchanges.pipeline.jetons.read_solde", fail)
    reponse = get(suivi(ecole), jeton)
    assert_refused(reponse, 503, "indisponible")
    assert "RateLimit-Limit" not in reponse

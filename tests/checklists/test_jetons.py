"""The page « Jetons de lecture »: the DANE makes the tokens of its académie, and of no other."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exchanges.enums import Role, UsageJeton
from exchanges.models import Jeton
from exchanges.pipeline.jetons import create_jeton
from tests.makers import make_academie, make_utilisateur
from tests.views.conftest import connect
from tests.views.machines import get
from tests.views.pages import text
from tests.views.test_jetons import read_jeton


def page(code="AC1"):
    return reverse("checklists:academie_jeton_list", args=[code])


def revocation(jeton, code="AC1"):
    return reverse("checklists:academie_jeton_revoke", args=[code, jeton.pk])


def create(client, code="AC1", nom="Tableau de bord"):
    return client.post(page(code), {"nom": nom, "jours": "90"})


def test_dane_makes_a_token_that_reads_its_academie(dane, ecole):
    reponse = create(dane)
    clair = read_jeton(reponse)
    jeton = Jeton.objects.get()
    assert (jeton.usage, jeton.academie, jeton.etablissement) == (UsageJeton.LECTURE, ecole.academie, None)
    assert jeton.cree_par.username == "dane"
    adresse = reverse("checklists:api_etablissement_list", args=["AC1"])
    assert f"{clair} http://testserver{adresse}" in reponse.content.decode().replace("&quot;", "").replace('"', "")
    assert get(adresse, clair).json()["total"] == 1
    assert clair not in dane.get(page()).content.decode()
    assert "no-store" in reponse["Cache-Control"]


def test_page_speaks_of_reading_and_leads_to_the_description(dane, ecole):
    vue = dane.get(page())
    assert "Jetons de lecture" in text(vue)
    assert "dépose" not in text(vue)
    assert reverse("checklists:api_schema") in vue.content.decode()
    assert create(dane, nom=" ").status_code == 422


def test_pages_of_the_academie_lead_here(dane, ecole):
    assert reverse("checklists:academie_jetons") in dane.get(reverse("checklists:dashboard")).content.decode()


def test_revoked_token_reads_nothing_any_more(dane, ecole):
    clair = read_jeton(create(dane))
    jeton = Jeton.objects.get()
    suite = dane.post(revocation(jeton), follow=True)
    assert "Le jeton « Tableau de bord » est révoqué" in text(suite)
    assert revocation(jeton) not in suite.content.decode()
    assert get(reverse("checklists:api_etablissement_list", args=["AC1"]), clair).status_code == 403


def test_short_address_leads_to_ones_own_academie(dane, ecole):
    autre = make_academie("AC2", nom="Académie d'à côté")
    courte = reverse("checklists:academie_jetons")
    assert dane.get(courte)["Location"] == page()
    assert page("AC2") not in dane.get(page()).content.decode()
    admin = connect(make_utilisateur("admin", Role.ADMIN))
    assert admin.get(courte)["Location"] == page()
    assert page(autre.code) in admin.get(page()).content.decode()


def test_another_academie_does_not_exist_for_a_dane(dane, ecole):
    autre = make_academie("AC2")
    etranger, _ = create_jeton("Suivi", autre, timezone.now())
    assert dane.get(page("AC2")).status_code == 404
    assert create(dane, "AC2").status_code == 404
    assert dane.post(revocation(etranger, "AC2")).status_code == 404
    assert dane.post(revocation(etranger)).status_code == 404
    assert Jeton.objects.get().revoque_le is None


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.DIRECTION])
def test_people_of_a_school_see_none_of_it(ecole, role):
    client = connect(make_utilisateur("personne", role, etablissement=ecole))
    jeton, _ = create_jeton("Suivi", ecole.academie, timezone.now())
    assert client.get(reverse("checklists:academie_jetons")).status_code == 404
    assert client.get(page()).status_code == 404
    assert create(client).status_code == 404
    assert client.post(revocation(jeton)).status_code == 404


def test_deposit_token_of_a_school_is_not_revoked_here(dane, ecole):
    jeton, _ = create_jeton("EDT", ecole, timezone.now())
    assert dane.post(revocation(jeton)).status_code == 404
    assert "EDT En service" not in text(dane.get(page()))


def test_nobody_enters_without_signing_in(ecole):
    assert Client().get(page())["Location"].startswith("/connexion/")

"""Configuration pages: every list and every form opens, for staff only."""

import pytest
from django.contrib import admin
from django.urls import reverse

from exchanges.models import Utilisateur
from tests.makers import make_academie


pytestmark = pytest.mark.django_db


def test_every_list_and_form_opens(admin_client):
    assert admin_client.get(reverse("admin:index")).status_code == 200
    for model in admin.site._registry:
        label = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for page in ("changelist", "add"):
            assert admin_client.get(reverse(f"{label}_{page}")).status_code == 200, (label, page)


def test_person_without_staff_rights_is_kept_out(client):
    client.force_login(Utilisateur.objects.create_user("secretaire"))
    response = client.get(reverse("admin:index"))
    assert response.status_code == 302
    assert response["Location"].startswith("/administration/login/")


def test_code_of_an_academie_is_written_once(admin_client):
    academie = make_academie("10")
    adresse = reverse("admin:exchanges_academie_change", args=[academie.pk])
    assert 'name="nom"' in admin_client.get(adresse).content.decode()
    assert 'name="code"' not in admin_client.get(adresse).content.decode()


def test_account_is_never_deleted_so_that_its_acts_keep_their_author(admin_client):
    compte = Utilisateur.objects.create_user("secretaire")
    reponse = admin_client.post(reverse("admin:exchanges_utilisateur_delete", args=[compte.pk]), {"post": "yes"})
    assert reponse.status_code == 403
    assert Utilisateur.objects.filter(pk=compte.pk).exists()

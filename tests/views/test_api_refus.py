"""Automatic deposits refused: a JSON sentence whatever is wrong, and nothing deposited."""

import errno

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exchanges.models import Jeton
from exchanges.pipeline import jetons, stockage
from exchanges.pipeline.jetons import create_jeton, revoke_jeton
from tests.makers import make_depot, make_ecole, make_etablissement, make_zip
from tests.views.machines import TOUS, assert_refused, get, post, send


# Refused


@pytest.mark.parametrize(
    ("nom", "octets", "code"),
    [
        ("liens.zip", None, "nom_mal_forme"),
        ("", b"<html>", "page_html"),
    ],
)
def test_refused_file_gets_the_sentence_of_the_site(ecole, jeton, nom, octets, code):
    bon, flux = make_zip(ecole, TOUS)
    assert_refused(post(ecole, jeton, nom or bon, flux.read() if octets is None else octets), 422, code)


def test_empty_body_is_an_empty_file(ecole, jeton):
    assert_refused(send_nothing(ecole, jeton, CONTENT_LENGTH="0", CONTENT_TYPE="application/zip"), 422, "fichier_vide")


def test_length_is_asked_for(ecole, jeton):
    assert_refused(send_nothing(ecole, jeton), 411, "longueur_absente")
    assert_refused(send(ecole, jeton, Transfer_Encoding="chunked"), 411, "longueur_absente")


def send_nothing(ecole, jeton, **environ):
    """A request without a body."""
    entetes = {"Authorization": f"Bearer {jeton}", "X-Nom-Fichier": make_zip(ecole, TOUS)[0]}
    adresse = reverse("exchanges:api_depot_receive", args=[ecole.uai])
    return Client().post(adresse, b"", content_type="application/zip", headers=entetes, **environ)


def test_file_of_another_school_is_refused(ecole, jeton):
    nom, flux = make_zip(make_etablissement(2), TOUS)
    assert_refused(post(ecole, jeton, nom, flux.read()), 422, "uai_different")


def test_school_without_eleves_is_told_what_to_load(db):
    vide = make_etablissement()
    reponse = send(vide, create_jeton("EDT", vide, timezone.now())[1])
    assert_refused(reponse, 422, "export_eleves_manquant")


@pytest.mark.parametrize("entete", ["", "Bearer", "Basic abc", "Bearer entsite_inconnu", "Bearer é"])
def test_without_a_known_token_nothing_is_read(ecole, entete):
    reponse = Client().post(
        reverse("exchanges:api_depot_receive", args=[ecole.uai]),
        b"x",
        content_type="application/zip",
        headers={"Authorization": entete} if entete else {},
    )
    assert_refused(
        reponse, 401, "jeton_inconnu" if len(entete.split()) == 2 and "Bearer" in entete else "jeton_absent"
    )
    assert reponse["WWW-Authenticate"].startswith("Bearer")


def test_session_of_a_person_opens_nothing(secretaire, ecole):
    reponse = secretaire.post(reverse("exchanges:api_depot_receive", args=[ecole.uai]), b"x", "application/zip")
    assert_refused(reponse, 401, "jeton_absent")


def test_revoked_token_is_forbidden(ecole, jeton):
    revoke_jeton(Jeton.objects.get(), timezone.now())
    assert_refused(send(ecole, jeton), 403, "jeton_revoque")


def test_expired_token_is_forbidden(ecole, jeton):
    Jeton.objects.update(expire_le=timezone.now())
    assert_refused(send(ecole, jeton), 403, "jeton_expire")


def test_token_to_read_an_academie_deposits_nothing(ecole):
    assert_refused(send(ecole, create_jeton("Suivi", ecole.academie, timezone.now())[1]), 403, "jeton_autre_usage")


def test_another_school_does_not_exist_for_a_token(ecole, jeton):
    autre = make_ecole(2)
    assert_refused(send(autre, jeton), 404, "introuvable")
    etranger = make_depot(autre, TOUS)
    for uai in (autre.uai, ecole.uai):
        assert get(reverse("exchanges:api_depot_detail", args=[uai, etranger.pk]), jeton).status_code == 404


def test_name_is_asked_for(ecole, jeton):
    assert_refused(post(ecole, jeton, "", b"x"), 400, "nom_absent")


def test_form_must_hold_one_file(ecole, jeton):
    deux = {nom: SimpleUploadedFile(nom, b"x") for nom in ("un.zip", "deux.zip")}
    reponse = Client().post(
        reverse("exchanges:api_depot_receive", args=[ecole.uai]), deux, headers={"Authorization": f"Bearer {jeton}"}
    )
    assert_refused(reponse, 400, "un_seul_fichier")


def test_broken_form_is_told_as_json(ecole, jeton):
    assert_refused(send(ecole, jeton, Content_Type="multipart/form-data"), 400, "requete_illisible")


@pytest.mark.parametrize("type_", ["application/x-www-form-urlencoded", "application/xml", "text/plain"])
def test_other_types_are_refused(ecole, jeton, type_):
    assert_refused(send(ecole, jeton, Content_Type=type_), 415, "type_inattendu")


def test_too_big_is_told_as_json(ecole, jeton, settings):
    settings.ENTSITE_UPLOAD_MAX = 1024 * 1024
    reponse = post(ecole, jeton, "x.zip", b"x" * (1024 * 1024 + 1))
    assert_refused(reponse, 413, "trop_gros")
    assert "1 Mo" in reponse.json()["message"]


def test_script_that_loops_is_told_to_wait(ecole, jeton, monkeypatch):
    monkeypatch.setattr(jetons, "PAR_MINUTE", 2)
    moment = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: moment)
    reponses = [post(ecole, jeton, "", b"x") for _ in range(3)]
    assert [reponse.status_code for reponse in reponses] == [400, 400, 429]
    assert 0 < int(reponses[-1]["Retry-After"]) <= 60
    autre = create_jeton("autre", ecole, timezone.now())[1]
    assert post(ecole, autre, "", b"x").status_code == 400


@pytest.mark.parametrize("methode", ["get", "put", "delete", "patch"])
def test_other_methods_are_told_as_json(ecole, jeton, methode):
    reponse = getattr(Client(), methode)(
        reverse("exchanges:api_depot_receive", args=[ecole.uai]), headers={"Authorization": f"Bearer {jeton}"}
    )
    assert_refused(reponse, 405, "methode_refusee")
    assert reponse["Allow"] == "POST"


@pytest.mark.parametrize("chemin", ["", "inconnu/", "etablissements/0990001N/depots", "etablissements//depots/"])
def test_unknown_address_is_told_as_json(db, chemin):
    assert_refused(Client().post(f"/api/{chemin}", b"x", "application/zip"), 404, "introuvable")


@pytest.mark.parametrize("valeur", ["trois", "-1", "3.0", "٣", "9" * 12])
def test_unreadable_confirmation_is_refused(ecole, jeton, valeur):
    assert_refused(
        post(ecole, jeton, "x.zip", b"x", X_Suppressions_Confirmees=valeur.encode().decode("latin-1")),
        400,
        "confirmation_illisible",
    )


# Our own faults


def test_full_disk_is_our_fault(ecole, jeton, monkeypatch):
    def store(*args):
        raise OSError(errno.ENOSPC, "plein")

    monkeypatch.setattr(stockage, "store", store)
    reponse = send(ecole, jeton)
    assert_refused(reponse, 503, "indisponible")
    assert int(reponse["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("faute", "status", "code"),
    [(OperationalError("MODELE1001"), 503, "indisponible"), (ValueError("MODELE1001"), 500, "erreur_interne")],
)
def test_unexpected_error_is_a_sentence(ecole, jeton, monkeypatch, faute, status, code):
    def fail(*args, **kwargs):
        raise faute

    monkeypatch.setattr("exchanges.views.api_depot.receive_depot", fail)
    reponse = send(ecole, jeton)
    assert_refused(reponse, status, code)
    assert int(reponse["Retry-After"]) > 0
    assert "MODELE" not in reponse.content.decode()

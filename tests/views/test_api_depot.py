"""Automatic deposits: what each answer is, and what it leaves in the database."""

import json
import logging
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exchanges.enums import EtatDepot, ModeDepot
from exchanges.models import Depot, Jeton, Passage
from exchanges.pipeline import stockage
from exchanges.pipeline.depots import abandon_depot
from exchanges.pipeline.nuits import run_until
from tests.makers import LUNDI, MARDI_2H, deposit, make_depot, make_zip, set_clock
from tests.views.machines import TOUS, get, post, send
from tests.views.pages import text, url


MERCREDI = LUNDI + timedelta(days=2)


# Deposited


def test_zip_is_deposited_for_the_coming_night(ecole, jeton):
    reponse = send(ecole, jeton)
    depot = Depot.objects.get()
    corps = reponse.json()
    assert reponse.status_code == 202
    assert (depot.etat, depot.mode) == (EtatDepot.DEPOSE, ModeDepot.AUTOMATIQUE)
    assert Passage.objects.get(depot=depot).prevu_le == MARDI_2H
    assert (corps["depot"], corps["etat"], corps["mode"]) == (depot.pk, "depose", "automatique")
    assert corps["verdict"]["liens_crees"] == 4
    assert corps["nuit"] == "2026-09-08T02:00:00+02:00"
    assert corps["ent"] == "2026-09-10T06:00:00+02:00"
    assert reponse["Location"] == f"/api/etablissements/{ecole.uai}/depots/{depot.pk}/"
    assert reponse["Cache-Control"] == "no-store"
    assert not reponse.cookies


@pytest.mark.parametrize("type_", ["application/x-zip-compressed", "application/octet-stream"])
def test_other_names_of_the_zip_type_are_accepted(ecole, jeton, type_):
    assert send(ecole, jeton, Content_Type=type_).status_code == 202


def test_name_may_be_in_content_disposition(ecole, jeton):
    nom, flux = make_zip(ecole, TOUS)
    reponse = post(
        ecole,
        jeton,
        "",
        flux.read(),
        Content_Disposition=f'attachment; filename="{nom}"',
        Content_Type="application/zip",
    )
    assert reponse.status_code == 202
    assert reponse.json()["fichier"] == nom


def test_form_with_one_file_is_accepted(ecole, jeton):
    nom, flux = make_zip(ecole, TOUS)
    reponse = Client(enforce_csrf_checks=True).post(
        reverse("exchanges:api_depot_receive", args=[ecole.uai]),
        {"fichier": SimpleUploadedFile(nom, flux.read())},
        headers={"Authorization": f"bearer {jeton}"},
    )
    assert reponse.status_code == 202


def test_newer_file_replaces_the_pending_one(ecole, jeton):
    send(ecole, jeton)
    send(ecole, jeton, {"1001": ["6AGL1"]}, LUNDI + timedelta(minutes=5))
    assert list(Depot.objects.order_by("pk").values_list("etat", flat=True)) == ["remplace", "depose"]


def test_suivi_and_deposit_say_that_it_was_automatic_and_by_which_token(ecole, jeton, client):
    send(ecole, jeton)
    client.force_login(ecole.habilitations.get().utilisateur)
    depot = Depot.objects.get()
    assert "automatique jeton « EDT vie scolaire »" in text(client.get(url("depot_list", ecole)))
    assert "avec le jeton « EDT vie scolaire » de secretaire" in text(client.get(url("depot_detail", ecole, depot.pk)))
    list(run_until(MERCREDI))
    assert "Dépôt automatique, jeton « EDT vie scolaire »" in text(client.get(url("depot_detail", ecole, depot.pk)))


def test_token_remembers_its_last_use(ecole, jeton):
    send(ecole, jeton)
    assert timezone.now() - Jeton.objects.get().dernier_usage_le < timedelta(minutes=1)


def test_log_tells_numbers_only(ecole, jeton, caplog):
    with caplog.at_level(logging.INFO):
        send(ecole, jeton, {"9999": ["6AGL1"]})
        send(ecole, jeton)
        post(ecole, jeton, "faux.zip", b"x")
    assert f"dépôt automatique {Depot.objects.latest('pk').pk}" in caplog.text
    assert "MODELE" not in caplog.text
    assert jeton not in caplog.text


# The same file again


def test_same_file_again_is_the_same_deposit(ecole, jeton):
    premier = send(ecole, jeton)
    second = send(ecole, jeton)
    assert (second.status_code, second.json()) == (200, premier.json())
    assert second["Location"] == premier["Location"]
    assert Depot.objects.count() == 1
    assert Passage.objects.filter(depot__isnull=False).count() == 1


def test_same_file_after_the_night_is_not_deposited_again(ecole, jeton):
    send(ecole, jeton)
    set_clock(ecole.academie, MERCREDI)
    list(run_until(MERCREDI))
    reponse = send(ecole, jeton)
    assert (reponse.status_code, reponse.json()["etat"]) == (200, "importe")
    assert Depot.objects.count() == 1


def test_replaced_file_does_not_come_back(ecole, jeton):
    send(ecole, jeton)
    send(ecole, jeton, {"1001": ["6AGL1"]}, LUNDI + timedelta(minutes=5))
    reponse = send(ecole, jeton)
    assert (reponse.status_code, reponse.json()["etat"]) == (200, "remplace")
    assert list(Depot.objects.order_by("pk").values_list("etat", flat=True)) == ["remplace", "depose"]


def test_deposit_that_a_person_gave_up_does_not_come_back(ecole, jeton):
    send(ecole, jeton)
    abandon_depot(Depot.objects.get())
    reponse = send(ecole, jeton)
    assert (reponse.status_code, reponse.json()["etat"]) == (200, "abandonne")
    assert "refaites l'export" in reponse.json()["message"]


def test_deposit_that_failed_because_of_us_may_be_sent_again(ecole, jeton):
    send(ecole, jeton)
    Depot.objects.update(etat=EtatDepot.ECHEC)
    assert send(ecole, jeton).status_code == 202


def test_same_name_with_other_content_is_another_deposit(ecole, jeton):
    send(ecole, jeton)
    assert send(ecole, jeton, {"1001": ["6AGL1"]}).status_code == 202
    assert Depot.objects.count() == 2


def test_draft_of_a_person_is_the_deposit(ecole, jeton):
    brouillon = make_depot(ecole, TOUS)
    reponse = send(ecole, jeton)
    assert (reponse.status_code, reponse.json()["depot"]) == (202, brouillon.pk)
    assert Depot.objects.get().etat == EtatDepot.DEPOSE


def test_no_byte_is_kept_twice(ecole, jeton, settings, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        send(ecole, jeton)
        send(ecole, jeton)
    dossier = settings.DEPOTS_DIR / ecole.uai
    chemins = {f"{ecole.uai}/{chemin.name}" for chemin in dossier.iterdir()}
    assert Depot.objects.get().chemin in chemins
    assert not chemins & set(Depot.objects.exclude(pk=Depot.objects.get().pk).values_list("chemin", flat=True))
    assert list(settings.FILE_UPLOAD_TEMP_DIR.iterdir()) == []


# More than 10 % of the links


@pytest.fixture
def garni(ecole):
    """The school, after a night that gave it four links."""
    deposit(ecole, TOUS)
    list(run_until(MERCREDI))
    set_clock(ecole.academie, MERCREDI)
    return ecole


def test_guard_asks_for_the_figure_and_deposits_nothing(garni, jeton):
    reponse = send(garni, jeton, {"1001": ["6AGL1"]}, MERCREDI)
    corps = reponse.json()
    assert (reponse.status_code, corps["code"]) == (409, "suppressions_a_confirmer")
    assert (corps["suppressions"], corps["liens"]) == (3, 4)
    assert "X-Suppressions-Confirmees: 3" in corps["action"]
    depot = Depot.objects.get(pk=corps["depot"])
    assert (depot.etat, depot.mode, depot.depose_le) == (EtatDepot.CONTROLE, ModeDepot.AUTOMATIQUE, None)
    assert corps["page"].endswith(url("depot_detail", garni, depot.pk))
    assert get(reponse["Location"], jeton).json()["etat"] == "controle"


def test_repeated_without_confirmation_leaves_one_draft(garni, jeton):
    codes = [send(garni, jeton, {"1001": ["6AGL1"]}, MERCREDI).status_code for _ in range(3)]
    assert codes == [409, 409, 409]
    assert Depot.objects.count() == 2


def test_confirmed_figure_deposits_the_same_draft(garni, jeton):
    demande = send(garni, jeton, {"1001": ["6AGL1"]}, MERCREDI).json()
    faux = send(garni, jeton, {"1001": ["6AGL1"]}, MERCREDI, X_Suppressions_Confirmees="2")
    juste = send(garni, jeton, {"1001": ["6AGL1"]}, MERCREDI, X_Suppressions_Confirmees="3")
    assert [faux.status_code, juste.status_code] == [409, 202]
    assert juste.json()["depot"] == demande["depot"]
    assert juste.json()["verdict"]["liens_clos"] == 3
    assert Depot.objects.get(pk=demande["depot"]).etat == EtatDepot.DEPOSE


def test_person_may_confirm_the_draft_of_a_machine(garni, jeton, client):
    pk = send(garni, jeton, {"1001": ["6AGL1"]}, MERCREDI).json()["depot"]
    client.force_login(garni.habilitations.get().utilisateur)
    client.post(url("depot_confirm", garni, pk), {"confirme": "1", "suppressions": "3"})
    assert Depot.objects.get(pk=pk).mode == ModeDepot.MANUEL
    assert send(garni, jeton, {"1001": ["6AGL1"]}, MERCREDI).json()["etat"] == "depose"


# What became of it


def test_state_then_compte_rendu_without_a_name(ecole, jeton):
    adresse = send(ecole, jeton, {**TOUS, "1004": ["INCONNU"], "9999": ["6AGL1"]})["Location"]
    assert "compte_rendu" not in get(adresse, jeton).json()
    set_clock(ecole.academie, MERCREDI)
    list(run_until(MERCREDI))
    reponse = get(adresse, jeton)
    corps = reponse.json()
    assert corps["etat"] == "importe"
    rendu = corps["compte_rendu"]
    assert rendu["chiffres"] == corps["verdict"]
    assert (rendu["chiffres"]["liens_crees"], rendu["chiffres"]["anomalies"]) == (3, 2)
    lignes = {ligne["code"]: ligne for ligne in rendu["anomalies"]}
    assert lignes["GROUPE_A_01"]["groupe"] == "INCONNU"
    assert lignes["GROUPE_A_01"]["identifiants"].startswith("1004 ")
    assert lignes["REJELEGROUPE_01"]["section"] == "rejet"
    assert lignes["REJELEGROUPE_01"]["identifiants"].startswith("9999 ")
    assert "Exports > Structure" in lignes["GROUPE_A_01"]["action"]
    for nom in ("MODELE", "Maëlys"):
        assert nom not in json.dumps(corps, ensure_ascii=False)


def test_anomalies_come_by_pages(ecole, jeton, monkeypatch):
    monkeypatch.setattr("exchanges.views.api_depot.PAR_PAGE", 2)
    adresse = send(ecole, jeton, {"1001": ["A", "B", "C"]})["Location"]
    set_clock(ecole.academie, MERCREDI)
    list(run_until(MERCREDI))
    pages = [get(f"{adresse}?page={n}", jeton).json()["compte_rendu"] for n in (1, 2)]
    assert [len(page["anomalies"]) for page in pages] == [2, 1]
    assert [(page["page"], page["pages"]) for page in pages] == [(1, 2), (2, 2)]


def test_ent_date_is_the_day_it_was_done_once_it_is(ecole, jeton):
    adresse = send(ecole, jeton)["Location"]
    samedi = LUNDI + timedelta(days=5)
    set_clock(ecole.academie, samedi)
    list(run_until(samedi))
    corps = get(adresse, jeton).json()
    assert (corps["nuit"][:10], corps["ent"][:10]) == ("2026-09-08", "2026-09-10")


def test_state_cannot_be_read_without_token(ecole, jeton):
    adresse = send(ecole, jeton)["Location"]
    assert Client().get(adresse).status_code == 401
    assert Client().head(adresse).status_code == 401


def test_bytes_kept_are_those_sent(ecole, jeton):
    octets = make_zip(ecole, TOUS)[1].read()
    send(ecole, jeton)
    with stockage.open_stored(Depot.objects.get().chemin) as garde:
        assert garde.read() == octets

"""« Passer à demain matin », and the night as it is carried out."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from exchanges.enums import EtatTache, GenreAAF, Relais, Role
from exchanges.models import Battement, Passage, Tache
from exchanges.pipeline.demonstration import is_reset_asked
from exchanges.pipeline.nuits import run_until
from exchanges.propagation.horloge import DEMONSTRATION, Horloge
from tests.makers import (
    LUNDI,
    MARDI_2H,
    PARIS,
    deposit,
    make_academie,
    make_ecole,
    make_etablissement,
    make_projet,
    make_utilisateur,
    set_clock,
)
from tests.views.conftest import connect
from tests.views.pages import htmx, text, url


def advance(client, ecole, retour="/", **champs):
    """Press a button; the address of the progress page."""
    adresse = reverse("exchanges:horloge_advance", args=[ecole.academie.code])
    return client.post(adresse, {"next": retour, **champs})["Location"]


def now_of(academie):
    academie.refresh_from_db()
    return Horloge(academie).maintenant


def test_clock_moves_to_the_next_morning(secretaire, ecole):
    advance(secretaire, ecole)
    ecole.academie.refresh_from_db()
    maintenant = Horloge(ecole.academie).maintenant
    assert abs(maintenant - (MARDI_2H + timedelta(hours=5))) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("vers", "cible"),
    [
        ("matin", LUNDI.replace(day=8, hour=7)),
        ("semaine", LUNDI.replace(day=14)),
        ("complet", LUNDI.replace(day=12, hour=7)),
        ("jamais", LUNDI.replace(day=8, hour=7)),
    ],
)
def test_each_button_of_the_band_goes_as_far_as_it_says(vers, cible, secretaire, ecole):
    page = secretaire.get(url("depot_list", ecole)).content.decode()
    assert vers == "jamais" or f'name="vers" value="{vers}"' in page
    advance(secretaire, ecole, vers=vers)
    assert abs(now_of(ecole.academie) - cible) < timedelta(minutes=1)


def test_a_week_keeps_the_hour_on_the_wall_when_the_hour_changes(secretaire, ecole):
    set_clock(ecole.academie, datetime(2026, 10, 22, 10, 0, tzinfo=PARIS))
    advance(secretaire, ecole, vers="semaine")
    assert f"{now_of(ecole.academie):%d/%m %H:%M}" == "29/10 10:00"


def test_the_next_complet_is_the_first_of_the_schools_of_the_academie(secretaire, ecole):
    make_etablissement(2, projet_ent=make_projet("complet le mercredi", jour_complet=3))
    make_etablissement(3, academie=make_academie("AC2"), projet_ent=make_projet("le mardi", jour_complet=2))
    advance(secretaire, ecole, vers="complet")
    assert f"{now_of(ecole.academie):%d/%m %H:%M}" == "09/09 07:00"


def test_several_nights_are_said_as_such(secretaire, ecole):
    adresse = advance(secretaire, ecole, vers="semaine")
    assert "Les nuits passent" in text(secretaire.get(adresse))
    list(run_until(None))
    fini = htmx(secretaire, adresse)
    assert fini.status_code == 286
    assert "Les nuits sont passées. Les relais prévus ont été faits, dans l'ordre." in text(fini)
    assert Passage.objects.filter(relais=Relais.AAF, genre=GenreAAF.COMPLET, etat="fait").exists()


def test_night_in_progress_is_asked_again_then_leads_to_the_compte_rendu(secretaire, ecole):
    depot = deposit(ecole, {"1001": ["6AGL1"]})
    adresse = advance(secretaire, ecole, url("depot_list", ecole))
    attente = htmx(secretaire, adresse)
    assert attente.status_code == 200
    assert "hx-get" in attente.content.decode()
    assert "0 relais fait sur 2" in text(attente)
    assert "SIECLE lit les fichiers déposés" in text(attente)
    list(run_until(None))
    fini = htmx(secretaire, adresse)
    assert fini.status_code == 286
    assert "hx-get" not in fini.content.decode()
    assert url("depot_detail", ecole, depot.pk) in fini.content.decode()
    assert url("depot_list", ecole) in fini.content.decode()
    assert secretaire.get(adresse).status_code == 200


def test_silent_worker_is_told(secretaire, ecole):
    deposit(ecole, {"1001": ["6AGL1"]})
    adresse = advance(secretaire, ecole)
    assert "n'a pas donné signe de vie" in text(secretaire.get(adresse))
    Battement.objects.create(nom="worker", vu_le=timezone.now())
    assert "n'a pas donné signe de vie" not in text(secretaire.get(adresse))


def test_quiet_night_says_so(secretaire, ecole):
    list(run_until(LUNDI + timedelta(days=9)))
    assert "Rien n'était prévu cette nuit-là." in text(secretaire.get(advance(secretaire, ecole)))


def test_failed_job_is_told(secretaire, ecole):
    deposit(ecole, {"1001": ["6AGL1"]})
    adresse = advance(secretaire, ecole)
    Tache.objects.update(etat=EtatTache.ABANDON)
    assert "Une partie de la nuit a échoué" in text(secretaire.get(adresse))


@pytest.mark.parametrize(
    "retour", ["https://ailleurs.example/", "//ailleurs.example/", "javascript:alert(1)", "", "/\\x.example"]
)
def test_return_address_never_leaves_the_site(retour, secretaire, ecole):
    adresse = advance(secretaire, ecole, retour)
    assert parse_qs(urlsplit(adresse).query)["retour"] == ["/"]
    force = f"{urlsplit(adresse).path}?retour={retour}"
    assert "example" not in text(secretaire.get(force))
    assert f'href="{retour}"' not in secretaire.get(force).content.decode() or not retour


@pytest.mark.parametrize("depuis", ["", "hier", "2026-13-45T00:00:00", "2026-09-07T00:00:00"])
def test_unreadable_beginning_is_now(depuis, secretaire, ecole):
    adresse = reverse("exchanges:horloge_progress", args=[ecole.academie.code])
    assert secretaire.get(adresse, {"depuis": depuis}).status_code == 200


def test_clock_of_a_real_academie_is_not_found(secretaire, ecole):
    ecole.academie.is_simulee = False
    ecole.academie.decalage = timedelta(0)
    ecole.academie.save()
    adresse = reverse("exchanges:horloge_advance", args=[ecole.academie.code])
    assert secretaire.post(adresse).status_code == 404
    ecole.academie.refresh_from_db()
    assert ecole.academie.decalage == timedelta(0)


def test_clock_of_a_stranger_academie_does_not_move(secretaire, ecole):
    autre = make_ecole(2, academie=make_academie("AC2"))
    avant = autre.academie.decalage
    assert secretaire.post(reverse("exchanges:horloge_advance", args=["AC2"])).status_code == 404
    autre.academie.refresh_from_db()
    assert autre.academie.decalage == avant


# Back to the start


@pytest.fixture
def demonstration(ecole):
    """The académie of the school is that of the demonstration."""
    ecole.academie.code = DEMONSTRATION
    ecole.academie.save()
    return ecole.academie


def reset_url(nom="horloge_reset"):
    return reverse(f"exchanges:{nom}", args=[DEMONSTRATION])


def test_the_band_offers_the_way_back_in_a_demonstration_only(secretaire, ecole, demonstration):
    assert f"{reset_url()}?retour=" in secretaire.get(url("depot_list", ecole)).content.decode()
    demonstration.code = "AC1"
    demonstration.save()
    assert "Revenir au début" not in text(secretaire.get(url("depot_list", ecole)))
    for nom in ("horloge_reset", "horloge_reset_progress"):
        adresse = reverse(f"exchanges:{nom}", args=["AC1"])
        assert [secretaire.get(adresse).status_code, secretaire.post(adresse, {"confirme": "1"}).status_code] == [
            404,
            404,
        ]
    assert abs(now_of(demonstration) - LUNDI) < timedelta(minutes=1)


def test_going_back_says_what_is_erased_and_needs_a_tick(secretaire, ecole, demonstration):
    page = secretaire.get(reset_url(), {"retour": url("depot_list", ecole)})
    assert "Effacer tout ce qui a été fait dans cette académie ?" in text(page)
    assert f'href="{url("depot_list", ecole)}"' in page.content.decode()
    refus = secretaire.post(reset_url())
    assert refus.status_code == 422
    assert "Rien n'a été effacé" in text(refus)
    assert not is_reset_asked(demonstration)


def test_going_back_is_kept_until_it_is_done_and_asked_once(secretaire, ecole, demonstration):
    for _ in range(2):
        reponse = secretaire.post(reset_url(), {"confirme": "1"})
        assert reponse["Location"] == reset_url("horloge_reset_progress")
    demonstration.refresh_from_db()
    assert is_reset_asked(demonstration)
    attente = htmx(secretaire, reset_url("horloge_reset_progress"))
    assert attente.status_code == 200
    assert "Votre demande est gardée" in text(attente)
    Battement.objects.create(nom="worker", vu_le=timezone.now())
    assert "Votre demande est gardée" not in text(secretaire.get(reset_url("horloge_reset_progress")))
    assert advance(secretaire, ecole, vers="semaine") == reset_url("horloge_reset_progress")
    set_clock(demonstration, LUNDI)
    fini = htmx(secretaire, reset_url("horloge_reset_progress"))
    assert fini.status_code == 286
    assert "Le scénario est revenu à son début." in text(fini)
    assert_fragment_is_part_of_page_once_done(secretaire)


def assert_fragment_is_part_of_page_once_done(client):
    page, fragment = client.get(reset_url("horloge_reset_progress")), htmx(client, reset_url("horloge_reset_progress"))
    assert text(fragment) in text(page)


def test_a_stranger_cannot_put_a_demonstration_back(ecole, demonstration):
    autre = make_ecole(2, academie=make_academie("AC2"))
    client = connect(make_utilisateur("autre", Role.DIRECTION, etablissement=autre))
    assert client.post(reset_url(), {"confirme": "1"}).status_code == 404
    assert not is_reset_asked(demonstration)

"""« Passer à demain matin », and the night as it is carried out."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from exchanges.enums import EtatTache
from exchanges.models import Battement, Tache
from exchanges.pipeline.nuits import run_until
from exchanges.propagation.horloge import Horloge
from tests.makers import MARDI_2H, deposit, make_academie, make_ecole
from tests.views.pages import htmx, text, url


def advance(client, ecole, retour="/"):
    """Press the button; the address of the progress page."""
    adresse = reverse("exchanges:horloge_advance", args=[ecole.academie.code])
    return client.post(adresse, {"next": retour})["Location"]


def test_clock_moves_to_the_next_morning(secretaire, ecole):
    advance(secretaire, ecole)
    ecole.academie.refresh_from_db()
    maintenant = Horloge(ecole.academie).maintenant
    assert abs(maintenant - (MARDI_2H + timedelta(hours=5))) < timedelta(minutes=1)


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
    list(run_until(MARDI_2H + timedelta(days=6)))
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

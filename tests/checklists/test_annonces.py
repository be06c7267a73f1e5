"""Announcements of the DANE: where and when they are shown, closed by a reader, withdrawn by an author."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from checklists.models import Annonce
from tests.checklists.makers import url
from tests.makers import LUNDI, make_academie, make_etablissement, set_clock


NOUVELLE = reverse("checklists:annonce_new")
JOUR = timedelta(days=1)


def make_annonce(*ecoles, **champs):
    defauts = {"titre": "SIECLE fermé vendredi", "debut": date(2026, 9, 7), "fin": date(2026, 9, 8)}
    annonce = Annonce.objects.create(academie=ecoles[0].academie, **(defauts | champs))
    annonce.etablissements.set(ecoles)
    return annonce


def read(client, etablissement):
    page = client.get(reverse("exchanges:etablissement_detail", args=[etablissement.uai]))
    return page.content.decode().replace("&#x27;", "'")


def send(client, *ecoles, **champs):
    defauts = {"titre": "Bascule", "texte": "Jeudi.", "debut": "2026-09-07", "fin": "2026-09-10"}
    return client.post(NOUVELLE, defauts | {"uais": " ".join(e.uai for e in ecoles)} | champs)


def test_written_for_chosen_schools_it_is_on_their_pages_only(dane, chef, ecole):
    voisine = make_etablissement(2)
    assert send(dane, ecole).status_code == 302
    annonce = Annonce.objects.get()
    assert annonce.auteur.username == "dane"
    assert list(annonce.etablissements.all()) == [ecole]
    assert "Bascule" in read(chef, ecole)
    assert "Bascule" not in read(dane, voisine)


@pytest.mark.parametrize(("decalage", "is_vue"), [(-1, False), (0, True), (1, True), (2, False)])
def test_it_is_shown_between_its_two_days_of_the_school(chef, ecole, decalage, is_vue):
    make_annonce(ecole)
    set_clock(ecole.academie, LUNDI + decalage * JOUR)
    assert ("SIECLE fermé" in read(chef, ecole)) is is_vue


def test_withdrawn_it_is_shown_no_more(dane, chef, ecole):
    annonce = make_annonce(ecole)
    assert dane.post(reverse("checklists:annonce_withdraw", args=[annonce.pk])).status_code == 302
    annonce.refresh_from_db()
    assert annonce.is_retiree
    assert "SIECLE fermé" not in read(chef, ecole)
    page = dane.get(reverse("checklists:annonce_list")).content.decode()
    assert "Retirée" in page


def detail(annonce):
    return reverse("checklists:annonce_detail", args=[annonce.pk])


def test_its_page_shows_its_text_and_its_schools(dane, ecole):
    annonce = make_annonce(ecole, texte="Le serveur s'arrête à midi.")
    liste = dane.get(reverse("checklists:annonce_list")).content.decode()
    assert f'<a href="{detail(annonce)}">SIECLE fermé vendredi</a>' in liste
    page = dane.get(detail(annonce)).content.decode().replace("&#x27;", "'")
    assert "Le serveur s'arrête à midi." in page
    assert reverse("checklists:school_detail", args=[ecole.uai]) in page
    assert "Affichée" in page


def test_its_last_day_moves_and_the_school_reads_it_longer(dane, chef, ecole):
    annonce = make_annonce(ecole)
    assert dane.post(detail(annonce), {"fin": "2026-09-20"}).status_code == 302
    set_clock(ecole.academie, LUNDI + 12 * JOUR)
    assert "SIECLE fermé" in read(chef, ecole)


@pytest.mark.parametrize(
    ("fin", "phrase"),
    [
        ("2026-09-06", "Le dernier jour est avant le premier"),
        ("2026-09-07", "Ce dernier jour est déjà passé"),
        ("", "Donnez le dernier jour"),
    ],
)
def test_a_last_day_that_cannot_be_is_refused(fin, phrase, dane, ecole):
    annonce = make_annonce(ecole)
    set_clock(ecole.academie, LUNDI + JOUR)
    reponse = dane.post(detail(annonce), {"fin": fin})
    page = reponse.content.decode().replace("&#x27;", "'")
    assert (reponse.status_code, phrase in page, "au 08/09/2026 compris" in page) == (422, True, True)
    annonce.refresh_from_db()
    assert annonce.fin == date(2026, 9, 8)


def test_a_withdrawn_one_is_not_changed_any_more(dane, ecole):
    annonce = make_annonce(ecole, is_retiree=True)
    assert 'name="fin"' not in dane.get(detail(annonce)).content.decode()
    dane.post(detail(annonce), {"fin": "2026-09-20"})
    annonce.refresh_from_db()
    assert annonce.fin == date(2026, 9, 8)


def test_a_reader_closes_it_for_her_session(chef, dane, ecole):
    annonce = make_annonce(ecole)
    retour = url("rentree_detail", ecole)
    reponse = chef.post(url("annonce_dismiss", ecole, annonce.pk), {"next": retour})
    assert reponse["Location"] == retour
    assert "SIECLE fermé" not in read(chef, ecole)
    assert "SIECLE fermé" in read(dane, ecole)


def test_closing_never_leads_to_another_site(chef, ecole):
    annonce = make_annonce(ecole)
    reponse = chef.post(url("annonce_dismiss", ecole, annonce.pk), {"next": "https://ailleurs.invalid/"})
    assert reponse["Location"] == reverse("exchanges:etablissement_detail", args=[ecole.uai])


def test_the_announcement_of_another_school_cannot_be_closed(chef, ecole):
    annonce = make_annonce(make_etablissement(2))
    assert chef.post(url("annonce_dismiss", ecole, annonce.pk)).status_code == 404


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"fin": "2026-09-06"}, "Le dernier jour est avant le premier"),
        ({"debut": "2026-09-01", "fin": "2026-09-02"}, "Ce dernier jour est déjà passé"),
        ({"titre": ""}, "Donnez un titre"),
        ({"debut": "demain"}, "Cette date ne se lit pas"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_published(dane, ecole, champs, phrase):
    reponse = send(dane, ecole, **champs)
    assert reponse.status_code == 422
    assert phrase in reponse.content.decode().replace("&#x27;", "'")
    assert not Annonce.objects.exists()


def test_an_announcement_of_another_academie_is_out_of_reach(dane, ecole):
    autre = make_etablissement(2, academie=make_academie("AC2"))
    annonce = make_annonce(autre, titre="Ailleurs")
    assert send(dane, autre).status_code == 404
    assert dane.post(reverse("checklists:annonce_withdraw", args=[annonce.pk])).status_code == 404
    assert "Ailleurs" not in dane.get(reverse("checklists:annonce_list")).content.decode()

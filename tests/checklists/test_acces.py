"""Who may open what in the guided rentrée: every address, for every kind of person."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from checklists import urls
from checklists.actions import attach_piece
from checklists.etapes import find_etape
from checklists.models import PieceJointe
from exchanges.enums import Role
from tests.checklists.makers import find, make_chef, make_ecole_prete, url
from tests.makers import LUNDI, make_academie, make_utilisateur
from tests.views.conftest import connect
from tests.views.test_acces import names


LECTURES = {
    *("rentree_detail", "rentree_pdf", "rentree_ics", "etape_detail", "piece_download"),
    *("parcours_list", "parcours_detail", "certificat_detail", "rappel_edit", "consultation_list"),
}
ECRITURES = {"profil_edit"}  # a form that only those who may act open
ACTIONS = {
    *("etape_declare", "etape_withdraw", "etape_assign", "etape_comment", "piece_add", "piece_delete"),
}
# About an académie and not a school: tests/checklists/test_academie_acces.py.
ACADEMIE = {
    *("academie_jetons", "academie_jeton_list", "academie_jeton_revoke"),  # tests/checklists/test_jetons.py
    *("dashboard", "dashboard_export", "school_panel", "vue_save", "vue_delete", "heatmap", "tendance"),
}
# What the DANE does about schools, and the announcements that a school closes: tests/checklists/test_acces_dane.py.
SUIVI = {
    *("school_detail", "note_add", "note_delete", "consultation_start", "consultation_end", "selection"),
    *("message_list", "message_new", "message_detail", "message_retry", "annonce_list", "annonce_new"),
    "annonce_detail",
    *("annonce_withdraw", "annonce_dismiss", "veille_list", "veille_detail"),
}
# A token opens them, never a session (tests/checklists/test_api.py), but for their description, which is public.
MACHINES = {
    *("api_etablissement_list", "api_etablissement_detail", "api_echange_list", "api_passage_list"),
    *("api_releve_list", "api_schema"),
}

# Tried on people and structures in tests/checklists/test_pourquoi.py.
POURQUOI = {
    *("pourquoi", "pourquoi_eleves", "pourquoi_enseignants", "pourquoi_responsables"),
    *("pourquoi_groupes", "pourquoi_divisions"),
}


@pytest.fixture
def ecole(db):
    return make_ecole_prete()


@pytest.fixture
def autre(ecole):
    return make_ecole_prete(2, academie=make_academie("AC2"))


@pytest.fixture
def pieces(ecole, autre):
    """A file beside step 8 of each school, by school."""
    return {e.pk: make_piece(e) for e in (ecole, autre)}


def make_piece(etablissement):
    chef = make_chef(etablissement, f"chef-{etablissement.uai}")
    fichier = SimpleUploadedFile("note.pdf", b"%PDF-1.7")
    return attach_piece(find(etablissement), find_etape("8"), chef, LUNDI, fichier)


def address(nom, etablissement, pieces):
    if nom == "parcours_detail":
        return url(nom, etablissement, "dossier-modifie")
    if nom in ("piece_download", "piece_delete"):
        return url(nom, etablissement, "8", pieces[etablissement.pk].pk)
    suite = ["8"] if nom.startswith(("etape", "piece")) else []
    return url(nom, etablissement, *suite)


def read(client, adresse):
    """The status of a page or of a file, which is read to its end."""
    reponse = client.get(adresse)
    list(reponse)
    return reponse.status_code


def test_every_address_is_listed_here():
    assert set(names(urls.urlpatterns)) == LECTURES | POURQUOI | SUIVI | ECRITURES | ACTIONS | ACADEMIE | MACHINES


@pytest.mark.parametrize("nom", sorted(LECTURES | ECRITURES | ACTIONS))
def test_anonymous_visitor_is_sent_to_the_login_page(nom, ecole, pieces):
    adresse = address(nom, ecole, pieces)
    reponse = Client().post(adresse) if nom in ACTIONS else Client().get(adresse)
    assert reponse.status_code == 302
    assert reponse["Location"].startswith("/connexion/")


@pytest.mark.parametrize("nom", sorted(LECTURES))
def test_reading_is_for_the_school_and_its_academie_only(nom, ecole, autre, pieces):
    lecteurs = [
        make_utilisateur("secretaire", Role.SECRETARIAT, etablissement=ecole),
        make_utilisateur("principal", Role.DIRECTION, etablissement=ecole),
        make_utilisateur("dane", Role.DANE, academie=ecole.academie),
        make_utilisateur("admin", Role.ADMIN),
        make_utilisateur("etrangere", Role.DIRECTION, etablissement=autre),
    ]
    adresse = address(nom, ecole, pieces)
    assert [read(connect(lecteur), adresse) for lecteur in lecteurs] == [200, 200, 200, 200, 404]


@pytest.mark.parametrize("nom", sorted(ACTIONS | ECRITURES | {"certificat_detail"}))
def test_acting_is_for_the_school_only(nom, ecole, autre, pieces):
    adresse = address(nom, ecole, pieces)
    etrangere = connect(make_utilisateur("etrangere", Role.DIRECTION, etablissement=autre))
    dane = connect(make_utilisateur("dane", Role.DANE, academie=ecole.academie))
    assert etrangere.post(adresse).status_code == 404
    reponse = dane.post(adresse)
    assert reponse.status_code == 403
    assert "Rien n'a été modifié" in reponse.content.decode().replace("&#x27;", "'")
    assert PieceJointe.objects.count() == 2


@pytest.mark.parametrize("nom", sorted(ACTIONS))
def test_action_is_never_a_get(nom, ecole, pieces):
    chef = connect(make_utilisateur("principal", Role.DIRECTION, etablissement=ecole))
    assert chef.get(address(nom, ecole, pieces)).status_code == 405


def test_a_file_of_another_school_is_not_found_under_ones_own_address(ecole, autre, pieces):
    chef = connect(make_utilisateur("principal", Role.DIRECTION, etablissement=ecole))
    etrangere = pieces[autre.pk].pk
    assert chef.get(url("piece_download", ecole, "8", etrangere)).status_code == 404
    assert chef.post(url("piece_delete", ecole, "8", etrangere)).status_code == 404
    assert PieceJointe.objects.count() == 2

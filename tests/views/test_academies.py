"""The académies of the site: made and renamed by its administration, without the configuration pages."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from exchanges.enums import Role
from exchanges.models import Academie
from tests.makers import make_academie, make_etablissement, make_utilisateur
from tests.views.conftest import connect
from tests.views.pages import text


pytestmark = pytest.mark.django_db
LISTE, NOUVELLE = "/academies/", "/academies/nouvelle/"
LYON = {"code": "10", "nom": "Académie de Lyon", "fuseau": "Europe/Paris"}


@pytest.fixture
def admin():
    """Somebody to whom the role was given on the site: no access to the configuration pages."""
    return connect(make_utilisateur("admin", Role.ADMIN))


def test_administration_makes_an_academie_in_real_time(admin):
    reponse = admin.post(NOUVELLE, LYON | {"is_simulee": "on"}, follow=True)
    assert "Académie de Lyon (10) : l'académie est enregistrée." in text(reponse)
    academie = Academie.objects.get()
    assert (academie.code, academie.fuseau, academie.is_simulee) == ("10", "Europe/Paris", False)
    assert LogEntry.objects.get(user__username="admin").change_message == "académie créée"


def test_list_shows_each_with_its_zone_its_time_and_its_schools(admin):
    make_etablissement(1, academie=make_academie("demo", nom="Académie de démonstration"))
    make_academie("32", nom="Académie de La Réunion", fuseau="Indian/Reunion", is_simulee=False)
    page = text(admin.get(LISTE))
    assert "Académie de démonstration demo Paris simulé 1" in page
    assert "Académie de La Réunion 32 La Réunion réel 0" in page


def test_name_and_zone_change_the_code_never_does(admin):
    academie = make_academie("NC", fuseau="Pacific/Kiritimati")
    adresse = reverse("exchanges:academie_edit", args=["NC"])
    assert 'name="code"' not in admin.get(adresse).content.decode()
    assert "Pacific/Kiritimati" in admin.get(adresse).content.decode()
    admin.post(adresse, {"code": "XX", "nom": "Nouvelle-Calédonie", "fuseau": "Pacific/Noumea"})
    academie.refresh_from_db()
    assert (academie.code, academie.nom, academie.fuseau) == ("NC", "Nouvelle-Calédonie", "Pacific/Noumea")
    assert academie.is_simulee
    assert LogEntry.objects.get().change_message == "académie modifiée : nom, fuseau"


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"code": "ac1"}, "Une académie a déjà ce code"),
        ({"code": "demo"}, "réservé aux académies simulées"),
        ({"code": "10-simulee"}, "réservé aux académies simulées"),
        ({"code": "Été/1"}, "Des chiffres, des lettres sans accent et des tirets"),
        ({"nom": ""}, "Ce champ est obligatoire"),
        ({"fuseau": "Mars/Olympus"}, "Mars/Olympus"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(admin, champs, phrase):
    make_academie("AC1")
    reponse = admin.post(NOUVELLE, LYON | champs)
    assert reponse.status_code == 422
    assert phrase in text(reponse)
    assert Academie.objects.count() == 1


def test_nobody_else_makes_or_renames_one():
    academie = make_academie()
    dane = connect(make_utilisateur("dane", Role.DANE, academie=academie))
    for adresse in (LISTE, NOUVELLE, reverse("exchanges:academie_edit", args=[academie.code])):
        assert dane.get(adresse).status_code == 403
        assert dane.post(adresse, LYON).status_code == 403
    assert list(Academie.objects.values_list("nom", flat=True)) == [academie.nom]


def test_menu_leads_there(admin):
    assert f'href="{LISTE}"' in admin.get(reverse("exchanges:aide")).content.decode()

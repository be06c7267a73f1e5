"""Who sees the pages of an académie, and of which one."""

import pytest

from exchanges.enums import Role
from exchanges.models import Utilisateur
from tests.checklists.makers_academie import listed, make_figures, make_suivi, uais, url
from tests.makers import LUNDI, make_academie, make_uai, make_utilisateur, set_clock
from tests.views.conftest import connect
from tests.views.pages import htmx, text


@pytest.fixture
def dane(academie):
    return connect(make_utilisateur("dane", Role.DANE, academie=academie))


@pytest.fixture
def autre(academie):
    """A school of another académie, with figures."""
    return make_suivi(9, {"academie": make_academie("AC2"), "bassin": "Ailleurs"}, etat="muet")


def test_a_dane_sees_nothing_of_another_academie(dane, academie, autre):
    make_suivi(1)
    assert listed(dane) == uais(1)
    assert listed(dane, f"texte={autre.uai}") == listed(dane, "academie=AC2&etat=muet") == []
    for nom in ("dashboard", "heatmap", "tendance"):
        page = dane.get(url(nom)).content.decode()
        assert autre.denomination not in page
        assert "Ailleurs" not in page
    assert autre.uai not in dane.get(url("dashboard_export", "csv")).content.decode()
    assert dane.get(url("school_panel", autre.uai)).status_code == 404


def test_an_administrator_sees_all_and_filters_by_academie(academie, autre):
    admin = connect(make_utilisateur("admin", Role.ADMIN))
    make_suivi(1)
    assert set(listed(admin)) == {make_uai(1), autre.uai}
    assert listed(admin, "academie=AC2") == [autre.uai]
    assert "Académie AC2" in text(admin.get(url("dashboard")))
    superuser = connect(Utilisateur.objects.create_superuser("racine"))
    assert set(listed(superuser)) == {make_uai(1), autre.uai}


def test_what_a_dane_sees_as_somebody_of_a_school_is_not_in_her_academie(academie, autre):
    personne = make_utilisateur("double", Role.DANE, academie=academie)
    personne.habilitations.create(role=Role.SECRETARIAT, etablissement=autre)
    make_suivi(1)
    assert listed(connect(personne)) == uais(1)


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.DIRECTION])
def test_a_school_knows_nothing_of_these_pages(role, academie):
    ecole = make_suivi(1)
    client = connect(make_utilisateur("quelqu-un", role, etablissement=ecole))
    adresses = [url(nom) for nom in ("dashboard", "heatmap", "tendance")]
    adresses += [url("dashboard_export", "csv"), url("school_panel", ecole.uai)]
    assert [client.get(adresse).status_code for adresse in adresses] == [404] * 5
    assert client.post(url("vue_save"), {"nom": "x"}).status_code == 404
    assert client.post(url("vue_delete", 1)).status_code == 404


def test_a_right_that_ended_opens_nothing(academie):
    make_suivi(1)
    personne = make_utilisateur("ancienne", Role.DANE, academie=academie)
    personne.habilitations.update(fin="2020-01-01")
    assert connect(personne).get(url("dashboard")).status_code == 404


def test_a_dane_lands_on_her_academie_and_nobody_else_does(dane, academie):
    ecole = make_suivi(1)
    make_suivi(2)
    assert dane.get("/")["Location"] == url("dashboard")
    assert connect(make_utilisateur("admin", Role.ADMIN)).get("/").status_code == 200
    chef = make_utilisateur("chef", Role.DIRECTION, etablissement=ecole)
    assert connect(chef).get("/")["Location"] == f"/etablissements/{ecole.uai}/"


def test_the_hours_are_those_of_the_academie(academie):
    noumea = make_academie("NC", fuseau="Pacific/Noumea")
    set_clock(noumea, LUNDI)
    make_suivi(3, {"academie": noumea})
    client = connect(make_utilisateur("nc", Role.DANE, academie=noumea))
    assert "lundi 7 septembre 2026, 19 h 00" in text(client.get(url("dashboard")))
    make_figures(noumea.etablissements.get(), depot_le=LUNDI)
    assert "0 jour" in text(client.get(url("dashboard")))


def test_htmx_gets_the_panel_without_the_page(dane, academie):
    ecole = make_suivi(1)
    assert "<html" not in htmx(dane, url("school_panel", ecole.uai)).content.decode()

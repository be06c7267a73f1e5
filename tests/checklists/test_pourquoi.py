"""The page « Pourquoi ? »: the box, the answer, who may read it."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.makers import LUNDI, deposit, load, make_academie, make_ecole
from tests.makers_sts import make_edt, make_sts
from tests.scenarios.makers import SEMAINE, run_days
from tests.views.pages import text


def url(nom, ecole, *args):
    return reverse(f"checklists:{nom}", args=[ecole.uai, *args])


@pytest.fixture
def refusee(ecole):
    """STS knows 6ANG1, SIECLE does not: the deposit was refused."""
    load(ecole, [make_sts(ecole)])
    load(ecole, [make_edt(ecole, ("6ANG1", "6ESP1"))], LUNDI)
    deposit(ecole, {"1001": ["6ANG1"]}, LUNDI)
    run_days(ecole, LUNDI + SEMAINE)
    return ecole


def test_answer_shows_the_chain_the_cause_the_repair_and_the_day(chef, refusee):
    page = text(chef.get(url("pourquoi_groupes", refusee, "6ANG1")))
    assert "6ANG1 n'existe pas dans l'ENT." in page
    assert "SIECLE bloqué ici" in page
    assert "Le groupe n'est pas connu de SIECLE." in page
    assert "Exports › Structure" in page
    assert "Si c'est fait aujourd'hui : visible dans l'ENT jeudi 17 septembre 2026." in page


def test_sound_data_show_a_ticket_to_copy(chef, refusee):
    html = chef.get(url("pourquoi_enseignants", refusee, "epp", "8")).content.decode()
    assert "sans aucun service" in html
    run_days(refusee, LUNDI + 2 * SEMAINE)
    html = chef.get(url("pourquoi_eleves", refusee, "1002")).content.decode()
    assert "ENT – identifiants utilisateurs" in html
    assert 'data-copy="ticket-texte"' in html
    assert "<textarea" in html


def test_box_lists_several_and_opens_the_only_one(chef, ecole):
    page = text(chef.get(url("pourquoi", ecole), {"q": "modele"}))
    assert "MODELE1001 Maëlys" in page
    assert "MODELE1004 Maëlys" in page
    reponse = chef.get(url("pourquoi", ecole), {"q": "MODELE1001"})
    assert reponse["Location"] == url("pourquoi_eleves", ecole, "1001")


def test_nobody_of_that_name_leads_to_where_people_come_from(chef, ecole):
    page = text(chef.get(url("pourquoi", ecole), {"q": "inconnue"}))
    assert "Ni SIECLE ni STS-Web ne connaissent « inconnue »." in page
    assert "Dossiers depuis autre EPLE" in page


def test_past_day_is_asked_for_by_the_address(chef, refusee):
    page = text(chef.get(url("pourquoi_groupes", refusee, "6AGL1"), {"jour": "2026-09-07"}))
    assert "La chaîne, lundi 7 septembre 2026" in page


def test_who_may_read(chef, dane, ecole):
    autre = make_ecole(2, academie=make_academie("AC2"))
    for nom, args in (("pourquoi", []), ("pourquoi_eleves", ["1001"]), ("pourquoi_divisions", ["6A"])):
        assert [c.get(url(nom, ecole, *args)).status_code for c in (chef, dane)] == [200, 200]
        assert [c.get(url(nom, autre, *args)).status_code for c in (chef, dane)] == [404, 404]
        assert Client().get(url(nom, ecole, *args))["Location"].startswith("/connexion/")


@pytest.mark.parametrize(
    ("nom", "args"),
    [
        ("pourquoi_eleves", ["424242"]),
        ("pourquoi_groupes", ["RIEN"]),
        ("pourquoi_responsables", ["1"]),
        ("pourquoi_enseignants", ["epp", "99"]),
    ],
)
def test_what_the_school_never_had_is_not_found(nom, args, chef, ecole):
    assert chef.get(url(nom, ecole, *args)).status_code == 404


def test_code_of_a_groupe_may_hold_a_slash(chef, ecole):
    deposit(ecole, {"1001": ["6A/1"]}, LUNDI)
    run_days(ecole, LUNDI + SEMAINE)
    assert "6A/1 n'existe pas dans l'ENT." in text(chef.get(url("pourquoi_groupes", ecole, "6A/1")))

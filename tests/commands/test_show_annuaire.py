"""``show_annuaire`` on every layer, and ``run_night`` on every relay."""

import pytest
from django.core.management import CommandError, call_command

from exchanges.enums import Relais
from tests.commands.conftest import run_json
from tests.makers import GROUPES, LUNDI, deposit, load, make_eleve, make_etablissement, make_fichiers, set_clock
from tests.makers_sts import make_edt, make_sts
from tests.scenarios.makers import SEMAINE, make_fed


pytestmark = pytest.mark.django_db


@pytest.fixture
def ecole():
    """Fed since last Monday; on Monday a groupe is renamed in STS and a deposit waits for the night."""
    ecole = make_fed(make_etablissement())
    load(ecole, [make_edt(ecole, ("6ANG1", "6ESP1"))], LUNDI)
    deposit(ecole, {"1001": ["6ESP1"]}, LUNDI)
    return ecole


def show(ecole, layer, jour="2026-09-07"):
    return run_json("show_annuaire", ecole.uai, "--layer", layer, "--date", jour)


def test_sts_knows_what_siecle_does_not_yet(ecole):
    sts, bee = show(ecole, "sts"), show(ecole, "bee")
    assert set(sts["groupes"]) == {"6ANG1", "6ESP1"}
    assert set(bee["groupes"]) == set(GROUPES)
    assert sts["equipes"]["6ANG1"] == [{"individu": "epp 7", "matieres": ["030201"], "is_principal": False}]


@pytest.mark.parametrize("layer", ["aaf", "ent", "gar", "moodle"])
def test_relays_show_what_they_last_carried(ecole, layer):
    vue = show(ecole, layer)
    assert set(vue["groupes"]) == set(GROUPES)
    assert vue["divisions"] == {"6A": ["1001", "1002", "1003", "1004"]}
    assert vue["is_prevision"] is False


def test_accounts_are_those_of_the_ent(ecole):
    comptes = show(ecole, "ent")["comptes"]
    assert len(comptes) == 4 + 2
    assert {compte["etat"] for compte in comptes} == {"actif"}
    assert "lou.essai" in {compte["login"] for compte in comptes}
    assert show(ecole, "aaf")["comptes"] == []


def test_day_to_come_counts_the_deposit_that_waits(ecole):
    jeudi = show(ecole, "ent", "2026-09-10")
    assert jeudi["is_prevision"] is True
    assert jeudi["groupes"]["6ESP1"] == ["1001"]


def test_who_is_left_out_is_named_by_identifier_and_rule(ecole):
    load(ecole, make_fichiers(ecole, eleves=[make_eleve("1001", ine="")], quand=LUNDI), LUNDI)
    assert {"categorie": "Eleve", "id": "1001", "code": "eleve_sans_ine"} in show(ecole, "bee")["sans_compte"]


def test_layer_that_nothing_reached_says_so(capsys):
    neuve = make_etablissement(2)
    call_command("show_annuaire", neuve.uai, "--date", "2026-09-07")
    assert "l'ENT ne connaît pas encore cet établissement" in capsys.readouterr().out


def test_unknown_layer_is_refused(ecole):
    with pytest.raises(CommandError):
        call_command("show_annuaire", ecole.uai, "--layer", "ldap", "--date", "2026-09-07")


def test_run_night_tells_every_relay_and_its_genre():
    ecole = make_etablissement()
    set_clock(ecole.academie, LUNDI)
    load(ecole, [*make_fichiers(ecole), make_sts(ecole)], LUNDI)
    set_clock(ecole.academie, LUNDI + SEMAINE)
    faits = run_json("run_night")["traitements"]
    assert {fait["relais"] for fait in faits} == {Relais.AAF, Relais.ENT, Relais.GAR, Relais.MOODLE}
    assert {fait["genre"] for fait in faits} == {"complet", "delta"}
    assert all(fait["reussie"] and fait["etat"] == "fait" for fait in faits)

"""The command: the same answer for a person and for a script."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.makers import LUNDI, deposit, load, make_eleve, make_etablissement, make_fichiers
from tests.makers_sts import make_edt
from tests.scenarios.makers import SEMAINE, make_fed, run_days


pytestmark = pytest.mark.django_db


@pytest.fixture
def ecole():
    """A school of which EDT renamed a groupe: STS knows 6ANG1, SIECLE does not, the deposit was refused."""
    ecole = make_fed(make_etablissement())
    load(ecole, [make_edt(ecole, ("6ANG1", "6ESP1"))], LUNDI)
    deposit(ecole, {"1001": ["6ANG1"], "1002": ["6ANG1"]}, LUNDI)
    run_days(ecole, LUNDI + SEMAINE)
    return ecole


def explain(ecole, *args):
    sortie = StringIO()
    call_command("explain", "--uai", ecole.uai, *args, stdout=sortie)
    return sortie.getvalue()


def test_json_has_the_keys_that_scripts_rely_on(ecole):
    reponse = json.loads(explain(ecole, "--groupe", "6ANG1", "--date", "2026-09-14", "--json"))
    assert {"maillons", "rupture", "action", "visible_le"} <= reponse.keys()
    assert [m["couche"] for m in reponse["maillons"]] == ["EDT", "STS", "SIECLE", "AAF", "ENT", "GAR", "Moodle"]
    assert [m["etat"] for m in reponse["maillons"]] == ["ok", "ok", "rupture", *["sans_objet"] * 4]
    assert all(m.keys() == {"couche", "etat", "depuis", "preuve"} for m in reponse["maillons"])
    assert reponse["rupture"] == "GROUPE_A_01"
    assert "Exports › Structure" in reponse["action"]
    # Deposited on Monday 14: SIECLE on Tuesday, the ENT on Thursday (72 hours).
    assert reponse["visible_le"] == "2026-09-17"


def test_text_says_the_same(ecole):
    texte = explain(ecole, "--eleve", "1001")
    assert "✖ SIECLE" in texte
    assert "Cause : Le groupe n'est pas connu de SIECLE." in texte
    assert "Visible dans l'ENT : jeudi 17 septembre 2026" in texte


def test_the_past_is_told_as_it_was(ecole):
    reponse = json.loads(explain(ecole, "--groupe", "6AGL1", "--date", "2026-09-06", "--json"))
    assert reponse["rupture"] == "depot_manquant"


def test_unknown_eleve_is_an_answer_too(ecole):
    reponse = json.loads(explain(ecole, "--eleve", "424242", "--json"))
    assert reponse["rupture"] == "eleve_inconnu"
    assert "Dossiers depuis autre EPLE" in reponse["action"]


def test_sound_data_write_the_ticket(ecole):
    load(ecole, make_fichiers(ecole, eleves=[make_eleve("1001")], groupes=["6ANG1"]), LUNDI + SEMAINE)
    deposit(ecole, {"1001": ["6ANG1"]}, LUNDI + SEMAINE)
    run_days(ecole, LUNDI + 2 * SEMAINE)
    reponse = json.loads(explain(ecole, "--eleve", "1001", "--json"))
    assert reponse["rupture"] is None
    assert reponse["ticket"]["guichet"] == "ENT – identifiants utilisateurs"
    assert "ELEVE_ID : 1001" in reponse["ticket"]["texte"]
    assert "maelys.modele1001" in reponse["ticket"]["texte"]
    assert "MODELE1001 Maëlys" not in reponse["ticket"]["texte"]


def test_date_that_is_none_is_refused(ecole):
    with pytest.raises(CommandError, match="AAAA-MM-JJ"):
        explain(ecole, "--eleve", "1001", "--date", "hier")

"""``rebuild_constats``: the work lists made again, or proved right."""

import pytest
from django.core.management import CommandError, call_command

from exchanges.models import Constat
from tests.commands.conftest import run_json
from tests.makers import ELEVES, load, make_eleve, make_etablissement, make_fichiers


pytestmark = pytest.mark.django_db


@pytest.fixture
def etablissement():
    """A school of which one fiche is blocked."""
    etablissement = make_etablissement()
    eleves = [make_eleve("1001", nationalite=""), *map(make_eleve, ELEVES[1:])]
    load(etablissement, make_fichiers(etablissement, eleves=eleves))
    return etablissement


def test_lists_that_are_right_are_proved_right(etablissement):
    (reponse,) = run_json("rebuild_constats", "--check")["etablissements"]
    assert reponse == {
        "uai": etablissement.uai,
        "juste": True,
        "nouveaux": 0,
        "modifies": 0,
        "repares": 0,
        "responsables_relus": False,
    }


def test_check_says_what_is_wrong_and_writes_nothing(etablissement, capsys):
    Constat.objects.all().delete()
    with pytest.raises(CommandError, match=f"Les listes de {etablissement.uai} n'étaient pas justes") as refus:
        call_command("rebuild_constats", etablissement.uai, "--check")
    assert refus.value.returncode == 1
    assert "1 à ajouter" in capsys.readouterr().out
    assert not Constat.objects.exists()


def test_without_check_the_lists_are_mended(etablissement, capsys):
    Constat.objects.update(message="faux")
    call_command("rebuild_constats")
    assert "1 à changer" in capsys.readouterr().out
    assert "la nationalité" in Constat.objects.get().message
    call_command("rebuild_constats", "--check")

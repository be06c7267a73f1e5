"""``rebuild_compteurs``: the figures of the DANE counted again, or proved right."""

import pytest
from django.core.management import CommandError, call_command

from exchanges.models import Compteurs
from tests.commands.conftest import run_json
from tests.makers import make_ecole


pytestmark = pytest.mark.django_db


@pytest.fixture
def ecole():
    """The default school, whose figures were kept as it was loaded."""
    return make_ecole()


def test_figures_that_are_right_are_proved_right(ecole):
    assert run_json("rebuild_compteurs", "--check")["etablissements"] == [{"uai": ecole.uai, "ecarts": {}}]


def test_check_says_what_is_wrong_and_writes_nothing(ecole, capsys):
    Compteurs.objects.update(eleves=7)
    with pytest.raises(CommandError, match=f"Les chiffres de {ecole.uai} n'étaient pas justes") as refus:
        call_command("rebuild_compteurs", "--check", "--uai", ecole.uai)
    assert refus.value.returncode == 1
    assert "eleves était 7, c'est 4" in capsys.readouterr().out
    assert Compteurs.objects.get().eleves == 7


def test_without_check_the_figures_are_mended(ecole, capsys):
    Compteurs.objects.update(fiches_bloquantes=3, etat="")
    call_command("rebuild_compteurs")
    assert "1 établissement recompté, 1 dont les chiffres étaient faux" in capsys.readouterr().out
    call_command("rebuild_compteurs", "--check")
    assert Compteurs.objects.get().fiches_bloquantes == 0


def test_a_school_without_a_row_gets_one(ecole):
    Compteurs.objects.all().delete()
    with pytest.raises(CommandError):
        call_command("rebuild_compteurs", "--check")
    call_command("rebuild_compteurs")
    assert Compteurs.objects.get().eleves == 4

"""A token made on the server."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from exchanges.enums import UsageJeton
from exchanges.models import Jeton
from exchanges.pipeline.jetons import find_jeton
from tests.commands.conftest import run_json
from tests.makers import make_etablissement


pytestmark = pytest.mark.django_db


def test_token_of_a_school_is_told_once():
    ecole = make_etablissement()
    reponse = run_json("create_jeton", "--uai", ecole.uai, "--nom", "EDT")
    jeton = find_jeton(reponse["jeton"])
    assert (jeton.pk, jeton.usage, jeton.etablissement) == (reponse["id"], UsageJeton.DEPOT, ecole)
    assert jeton.expire_le - jeton.cree_le == timedelta(days=365)


def test_person_reads_the_token_alone_on_its_line():
    sortie = io.StringIO()
    call_command("create_jeton", "--uai", make_etablissement().uai, "--nom", "EDT", stdout=sortie)
    assert find_jeton(sortie.getvalue().splitlines()[-1]) == Jeton.objects.get()


def test_token_of_an_academie_reads_and_may_last_for_ever():
    academie = make_etablissement().academie
    reponse = run_json("create_jeton", "--academie", academie.code, "--nom", "Tableau de bord", "--jours", "0")
    jeton = find_jeton(reponse["jeton"])
    assert (jeton.usage, jeton.academie, jeton.expire_le) == (UsageJeton.LECTURE, academie, None)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--uai", "0999999X"), "n'est pas connu"),
        (("--academie", "nulle"), "n'est pas connue"),
        (("--academie", "AC1", "--jours", "-1"), "ne peut pas être négative"),
    ],
)
def test_mistake_is_a_sentence_and_makes_nothing(arguments, message):
    with pytest.raises(CommandError, match=message):
        call_command("create_jeton", "--nom", "EDT", *arguments)
    assert not Jeton.objects.exists()

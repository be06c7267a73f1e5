"""A school with a secretary at its counter."""

import pytest
from django.test import Client
from django.utils import timezone

from exchanges.enums import Role
from exchanges.pipeline.jetons import create_jeton
from tests.makers import make_ecole, make_utilisateur


@pytest.fixture
def ecole(db):
    """The default school, loaded, on a Monday at ten."""
    return make_ecole()


@pytest.fixture
def secretaire(ecole):
    """The browser of its secretary."""
    return connect(make_utilisateur("secretaire", Role.SECRETARIAT, etablissement=ecole))


@pytest.fixture
def jeton(ecole):
    """The token of the school's EDT, as the machine holds it."""
    auteur = make_utilisateur("secretaire", Role.SECRETARIAT, etablissement=ecole)
    return create_jeton("EDT vie scolaire", ecole, timezone.now(), auteur)[1]


def connect(utilisateur) -> Client:
    """A signed-in browser."""
    client = Client()
    client.force_login(utilisateur)
    return client

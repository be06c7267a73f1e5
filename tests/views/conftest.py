"""A school with a secretary at its counter."""

import pytest
from django.test import Client

from exchanges.enums import Role
from tests.makers import make_ecole, make_utilisateur


@pytest.fixture
def ecole(db):
    """The default school, loaded, on a Monday at ten."""
    return make_ecole()


@pytest.fixture
def secretaire(ecole):
    """The browser of its secretary."""
    return connect(make_utilisateur("secretaire", Role.SECRETARIAT, etablissement=ecole))


def connect(utilisateur) -> Client:
    """A signed-in browser."""
    client = Client()
    client.force_login(utilisateur)
    return client

"""A school in the week of its rentrée, and the people who look at it."""

import pytest

from exchanges.enums import Role
from tests.checklists.makers import make_chef
from tests.makers import LUNDI, make_academie, make_ecole, make_utilisateur, set_clock
from tests.views.conftest import connect


@pytest.fixture
def academie(db):
    """An académie on Monday 7 September 2026, at ten."""
    academie = make_academie()
    set_clock(academie, LUNDI)
    return academie


@pytest.fixture
def ecole(db):
    """The default school, loaded, on Monday 7 September 2026 at ten."""
    return make_ecole()


@pytest.fixture
def chef(ecole):
    """The browser of its chef d'établissement."""
    return connect(make_chef(ecole))


@pytest.fixture
def dane(ecole):
    """The browser of the DANE, who sees and does not act."""
    return connect(make_utilisateur("dane", Role.DANE, academie=ecole.academie))

"""What a rule is, and what it yields.

One rule is one function: its code is the rule's identity, the first sentence of its French docstring is the
title, the rest is the advice of the help page. The catalogue (``catalogue.py``) lists them all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from exchanges.enums import Gravite


@dataclass(frozen=True, slots=True)
class Regle:
    """Identity card of a rule; ``famille`` is SIECLE's column « règle », or ours for our own rules."""

    code: str
    famille: str
    gravite: Gravite
    titre: str
    conseil: str


@dataclass(frozen=True, slots=True)
class Anomalie:
    """One occurrence of a rule, about the data.

    Attributes:
        eleve_id: ELEVE_ID of the élève found, else the identifier sent in the file, else ``""``.
        objet: code of the groupe, of the division or of the file concerned.
        is_identifie: whether ``eleve_id`` is that of an élève known to BEE.
        nom, division: how a screen shows the élève; ``""`` when the anomaly is about no élève.
        id_prv_ele: ID_PRV of the élève found, else the one sent in the file; SIECLE shows it beside ELEVE_ID.
    """

    regle: Regle
    message: str
    action: str
    eleve_id: str = ""
    objet: str = ""
    is_identifie: bool = False
    nom: str = ""
    division: str = ""
    id_prv_ele: str = ""

    @property
    def code(self) -> str:
        """The rule's code."""
        return self.regle.code

    @property
    def gravite(self) -> Gravite:
        """The rule's severity."""
        return self.regle.gravite


class Rule(Protocol):
    """A function that carries its identity card."""

    regle: Regle
    __name__: str


F = TypeVar("F", bound=Callable[..., object])


def rule(code: str, famille: str, gravite: Gravite) -> Callable[[F], F]:
    """Give a function its identity card, read from its docstring.

    Args:
        code: the ministry's code (``GROUPE_A_01``), or the function's own name for our rules.
        famille: the family shown in the column « règle ».
        gravite: consequence for the data.
    """

    def attach(function: F) -> F:
        lignes = [ligne.strip() for ligne in (function.__doc__ or "").strip().splitlines()]
        titre, _, conseil = "\n".join(lignes).partition("\n\n")
        carte = Regle(code, famille, gravite, titre.replace("\n", " "), conseil.replace("\n", " ").strip())
        function.regle = carte  # type: ignore[attr-defined]  # a function has no declared attribute
        return function

    return attach


def regle_de(function: Callable[..., object]) -> Regle:
    """Return the identity card of a rule function."""
    return function.regle  # type: ignore[attr-defined,no-any-return]  # set by ``rule``

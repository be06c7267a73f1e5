"""The short procedures of the year, read from ``parcours.toml``: a question, then a few steps each."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


SOURCE = Path(__file__).with_name("parcours.toml")


@dataclass(frozen=True)
class Pas:
    """One step of a procedure: where, what, and the page of the site that helps.

    Attributes:
        page, page_libelle: URL name of that page (with the UAI as its argument) and words of its link; may be empty.
        has_recherche: whether the search box of the site is shown: look for somebody before creating her.
    """

    titre: str
    qui: str
    chemin: str
    consigne: str
    attention: str = ""
    page: str = ""
    page_libelle: str = ""
    has_recherche: bool = False


@dataclass(frozen=True)
class Branche:
    """One answer to the question of a procedure, and what to do then."""

    slug: str
    reponse: str
    titre: str
    pas: tuple[Pas, ...]


@dataclass(frozen=True)
class Parcours:
    """A procedure; ``question`` is empty when there is only one road."""

    slug: str
    titre: str
    resume: str
    duree: str
    branches: tuple[Branche, ...]
    question: str = ""
    aide: str = ""

    def find_branche(self, slug: str) -> Branche | None:
        """The road of an answer; the only one when nothing is asked."""
        if not self.question:
            return self.branches[0]
        return next((branche for branche in self.branches if branche.slug == slug), None)


@cache
def read_parcours() -> tuple[Parcours, ...]:
    """The procedures, in order."""
    tables = tomllib.loads(SOURCE.read_text(encoding="utf-8"))["parcours"]
    return tuple(
        Parcours(
            **table
            | {
                "branches": tuple(
                    Branche(**branche | {"pas": tuple(Pas(**pas) for pas in branche["pas"])})
                    for branche in table["branches"]
                )
            }
        )
        for table in tables
    )


def find_parcours(slug: str) -> Parcours | None:
    """The procedure of this address, if there is one."""
    return next((parcours for parcours in read_parcours() if parcours.slug == slug), None)

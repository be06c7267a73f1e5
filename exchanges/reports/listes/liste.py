"""What a work list is: its words, its columns, its rows."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet

from exchanges.models import Etablissement


@dataclass(frozen=True)
class Colonne:
    """A column: its title, the key of the row that it shows, the keys that sort by it (the same by default)."""

    titre: str
    cle: str
    tris: tuple[str, ...] = ()


@dataclass(frozen=True)
class Liste:
    """One work list.

    Attributes:
        slug: its address.
        titre: as a count reads it (« élèves sans INE »); ``titre_un`` for one.
        explication: what it means, and what it costs, in a chef's words.
        action: what mends it: where, by which menu, who.
        colonnes: the columns, on screen and in exports.
        lignes: the rows of an établissement, as an ordered queryset of dicts. ``identifiant`` makes a row an
            élève's, ``doublon`` a pair's (the primary key of its ``Constat``).
        recherche: keys in which a text is searched.
        division: lookup of the filter by division and how it takes the code; ``("", "")`` when there is none.
        parmi: the findings of which these rows are some, when which ones depends on another school too (an account of
            the ENT may come of its passage): the figures of the school then keep how many findings there are.
    """

    slug: str
    titre: str
    titre_un: str
    explication: str
    action: str
    colonnes: tuple[Colonne, ...]
    lignes: Callable[[Etablissement], QuerySet]
    recherche: tuple[str, ...] = ("nom", "identifiant")
    division: tuple[str, str] = ("code_division", "{}")
    parmi: str = ""

    @property
    def tris(self) -> dict[str, tuple[str, ...]]:
        """What each sort orders by; the order of the list settles what is equal."""
        return {colonne.cle: colonne.tris or (colonne.cle,) for colonne in self.colonnes}

    def count(self, etablissement: Etablissement, tenues: dict[str, int]) -> int:
        """How many rows there are; ``tenues`` is what the figures of the school keep (``Compteurs.listes``)."""
        connu = tenues.get(self.parmi or self.slug)
        if connu == 0 or (connu is not None and not self.parmi):
            return connu
        return self.lignes(etablissement).count()

    def narrow(self, lignes: QuerySet, division: str) -> QuerySet:
        """The rows of one division."""
        lookup, gabarit = self.division
        return lignes.filter(**{lookup: gabarit.format(division)}) if division and lookup else lignes


def cell(ligne: dict[str, object], cle: str) -> object:
    """The value of a column of a row: codes joined, an empty text for nothing."""
    valeur = ligne[cle]
    if isinstance(valeur, list):
        return ", ".join(valeur)
    return "" if valeur is None else valeur

"""The shape of a format, as data: which elements are known, which are values, which are records.

A shape is a tree of ``Noeud`` built with four words::

    bloc({"ELEVES": bloc({"ELEVE": fiche("eleves", make_eleve, {**textes("PRENOM"), **ignores("MEL")})})})

Only direct children are ever looked up, so a CODE_MEF under SCOLARITE_AN_DERNIER is never taken for the
élève's own (``formats/siecle.md`` §2.1). An element that the shape does not name is counted, never fatal.
"""

from collections.abc import Callable
from typing import Any

from exchanges.parsers.values import parse_date


Cadre = dict[str, Any]
"""What one element held: tag -> text (``textes``), date (``dates``) or list of Cadre (``bloc``); "@X" -> attribute."""


class Noeud:
    """One known element.

    ``enfants``: its known children. ``is_texte``: its own text is kept. ``is_ignore``: known, of no use here
    (``is_special`` tells it, and a refusal, from the ordinary). ``cle``/``convertit``: every occurrence is
    converted at its end tag and appended to the list of that name, so that the tree is never kept; without
    ``cle``, it joins its parent's Cadre. ``compte``: of an element of text, its occurrences whose raw text it
    says yes to are counted under ``cle``. ``refus``: its mere presence means another kind of file; called with
    nothing, returns the exception to raise.
    """

    __slots__ = ("cle", "compte", "convertit", "enfants", "is_special", "is_texte", "refus")

    def __init__(
        self,
        enfants: dict[str, "Noeud"] | None = None,
        *,
        is_texte: bool = False,
        is_ignore: bool = False,
        cle: str = "",
        convertit: Callable[[Any], Any] | None = None,
        compte: Callable[[str], bool] | None = None,
        refus: Callable[[], Exception] | None = None,
    ):
        self.enfants = enfants or {}
        self.is_texte = is_texte
        self.is_special = is_ignore or refus is not None
        self.cle = cle
        self.convertit = convertit
        self.compte = compte
        self.refus = refus


_TEXTE = Noeud(is_texte=True)
_DATE = Noeud(is_texte=True, convertit=parse_date)
_IGNORE = Noeud(is_ignore=True)


def textes(noms: str) -> dict[str, Noeud]:
    """Children kept as stripped text; ``noms`` is separated by spaces."""
    return dict.fromkeys(noms.split(), _TEXTE)


def dates(noms: str) -> dict[str, Noeud]:
    """Children kept as ``datetime.date``; what is no date is left out and counted."""
    return dict.fromkeys(noms.split(), _DATE)


def ignores(noms: str) -> dict[str, Noeud]:
    """Children that are known and useless here: skipped with all they hold, not counted as unknown."""
    return dict.fromkeys(noms.split(), _IGNORE)


def bloc(enfants: dict[str, Noeud]) -> Noeud:
    """A container: its Cadre joins the list that its parent's Cadre has under its tag."""
    return Noeud(enfants)


def fiche(cle: str, convertit: Callable[[Cadre], Any], enfants: dict[str, Noeud]) -> Noeud:
    """A record: converted at its end tag and collected under ``cle``."""
    return Noeud(enfants, cle=cle, convertit=convertit)


def first(cadre: Cadre, *noms: str) -> Cadre:
    """The first block found by following ``noms`` down, or an empty one."""
    for nom in noms:
        blocs = cadre.get(nom)
        if not blocs:
            return {}
        cadre = blocs[0]
    return cadre


def all_of(cadre: Cadre, liste: str, *noms: str) -> list[Cadre]:
    """Every block called one of ``noms`` inside every block called ``liste``."""
    return [trouve for parent in cadre.get(liste, ()) for nom in noms for trouve in parent.get(nom, ())]

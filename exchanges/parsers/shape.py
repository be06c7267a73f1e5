"""The shape of a format, as data: which elements are known, which are values, which are records.

A shape is a tree of ``Node`` built with four words::

    bloc({"ELEVES": bloc({"ELEVE": fiche("eleves", make_eleve, {**textes("PRENOM"), **ignores("MEL")})})})

Only direct children are ever looked up, so a CODE_MEF under SCOLARITE_AN_DERNIER is never taken for the
élève's own (``formats/siecle.md`` §2.1). An element that the shape does not name is counted, never fatal.
"""

from collections.abc import Callable
from typing import Any

from exchanges.parsers.values import parse_date


Frame = dict[str, Any]
"""What one element held: tag -> text (``textes``), date (``dates``) or list of Frame (``bloc``); "@X" -> attribute."""


class Node:
    """One known element.

    ``enfants``: its known children; without even an empty dict, it is a leaf whose attributes are not looked at.
    ``is_texte``: its own text is kept. ``is_ignore``: known, of no use here. ``cle``/``convertit``: every
    occurrence is converted at its end tag and appended to the list of that name, so that the tree is never kept;
    without ``cle``, it joins its parent's Frame; what it converts to ``None`` is dropped and counted under its tag.

    ``is_plat``: its children join the Frame of its parent, as if it were not there. ``is_traverse``: what it does
    not know is walked through as if its known children were there too, for a nesting that nobody documents.

    Of the root: ``is_sans_casse``: the names of all the attributes of the file are put in lower case.

    Of a leaf: ``is_brut``: the blanks around its text are kept, they are part of what will be judged.
    ``is_liste``: every occurrence is kept, in a list, not only the first. ``compte``: the occurrences whose raw
    text it says yes to are counted under ``cle``. ``is_plain`` is deduced: its text is kept as it is.
    """

    __slots__ = (
        "cle",
        "compte",
        "convertit",
        "enfants",
        "is_bloc",
        "is_brut",
        "is_ignore",
        "is_liste",
        "is_plain",
        "is_plat",
        "is_sans_casse",
        "is_texte",
        "is_traverse",
    )

    def __init__(
        self,
        enfants: dict[str, "Node"] | None = None,
        *,
        is_texte: bool = False,
        is_ignore: bool = False,
        is_liste: bool = False,
        is_brut: bool = False,
        cle: str = "",
        convertit: Callable[[Any], Any] | None = None,
        compte: Callable[[str], bool] | None = None,
        is_plat: bool = False,
        is_traverse: bool = False,
        is_sans_casse: bool = False,
    ):
        self.enfants = enfants or {}
        self.is_bloc = enfants is not None
        self.is_texte = is_texte
        self.is_liste = is_liste
        self.is_brut = is_brut
        self.is_ignore = is_ignore
        self.is_plat = is_plat
        self.is_traverse = is_traverse
        self.is_sans_casse = is_sans_casse
        self.cle = cle
        self.convertit = convertit
        self.compte = compte
        self.is_plain = not (compte or convertit or is_liste or is_brut)  # its text is kept as it is


_TEXTE = Node(is_texte=True)
_DATE = Node(is_texte=True, convertit=parse_date)
_IGNORE = Node(is_ignore=True)


def textes(noms: str) -> dict[str, Node]:
    """Children kept as stripped text; ``noms`` is separated by spaces."""
    return dict.fromkeys(noms.split(), _TEXTE)


def dates(noms: str) -> dict[str, Node]:
    """Children kept as ``datetime.date``; what is no date is left out and counted."""
    return dict.fromkeys(noms.split(), _DATE)


def valeurs(noms: str, convertit: Callable[[str], Any]) -> dict[str, Node]:
    """Children kept as what ``convertit`` makes of their text; what it says ``None`` of is left out and counted."""
    return dict.fromkeys(noms.split(), Node(is_texte=True, convertit=convertit))


def ignores(noms: str) -> dict[str, Node]:
    """Children that are known and useless here: skipped with all they hold, not counted as unknown."""
    return dict.fromkeys(noms.split(), _IGNORE)


def bloc(enfants: dict[str, Node]) -> Node:
    """A container: its Frame joins the list that its parent's Frame has under its tag."""
    return Node(enfants)


def liste(enfants: dict[str, Node]) -> Node:
    """A container of blocks that join the Frame of its parent directly; its own attributes are not looked at."""
    return Node(enfants, is_plat=True)


def traverse(enfants: dict[str, Node]) -> Node:
    """A container under which ``enfants`` are found at any depth; those between are neither kept nor counted."""
    return Node(enfants, is_traverse=True, convertit=_forget)


def compter(enfants: dict[str, Node]) -> Node:
    """An element that is only counted, under its tag."""
    return Node(enfants, convertit=_forget)


def _forget(frame: Frame) -> None:
    """Keep nothing of a container whose records are already collected."""


def fiche(cle: str, convertit: Callable[[Frame], Any], enfants: dict[str, Node]) -> Node:
    """A record: converted at its end tag and collected under ``cle``."""
    return Node(enfants, cle=cle, convertit=convertit)


def first(frame: Frame, *noms: str) -> Frame:
    """The first block found by following ``noms`` down, or an empty one."""
    for nom in noms:
        blocs = frame.get(nom)
        if not blocs:
            return {}
        frame = blocs[0]
    return frame

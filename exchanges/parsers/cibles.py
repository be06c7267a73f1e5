"""What libxml2 calls for every tag: parser targets, so that no tree is ever built (SAX).

Measured, following a shape costs about what a bare ``iterparse`` of the same bytes costs.
"""

from collections import Counter
from typing import Any

from exchanges.parsers import limits
from exchanges.parsers.refus import doctype, too_deep, too_large
from exchanges.parsers.shape import Cadre, Noeud


class Lecteur:
    """A parser target (start, data, end, doctype, close) that follows a shape."""

    def __init__(self, nom: str, racine: str, forme: Noeud):
        self.nom = nom
        self.fiches: dict[str, list[Any]] = {}
        self.inconnus: Counter[str] = Counter()
        self.dates_illisibles: Counter[str] = Counter()
        self.comptes: Counter[str] = Counter()
        self.elements = 0
        self.document: Cadre = {}
        self._cadre = self.document
        self._noeud = Noeud({racine: forme})
        self._pile: list[tuple[str, Noeud, Cadre]] = []
        self._texte: list[str] | None = None
        self._texte_en_attente: list[str] | None = None
        self._saut = 0  # depth inside a skipped element

    def doctype(self, nom: str, public: str | None, systeme: str | None) -> None:
        """Refuse any DOCTYPE, wherever the prolog hid it."""
        raise doctype(self.nom)

    def start(self, tag: str, attributs: dict[str, str]) -> None:
        """Enter an element: known, ignored or unknown."""
        self.elements += 1
        if attributs and len(attributs) > limits.MAX_ATTRIBUTS:
            raise too_large(self.nom, f"un élément {_local(tag)} porte {len(attributs)} attributs")
        if self._saut:
            self._saut += 1
            if self._saut + len(self._pile) > limits.MAX_PROFONDEUR:
                raise too_deep(self.nom)
            return
        if not self._pile and "}" in tag:
            tag = _local(tag)
        noeud = self._noeud.enfants.get(tag)
        if noeud is None or noeud.is_ignore or noeud.refus:
            self._skip(tag, noeud)
            return
        if self._texte:
            self._cadre.setdefault("#", "".join(self._texte).strip())
        self._pile.append((tag, self._noeud, self._cadre))
        self._noeud = noeud
        self._texte = [] if noeud.is_texte else None
        if noeud.enfants:
            self._cadre = {f"@{cle}": valeur.strip() for cle, valeur in attributs.items()} if attributs else {}

    def _skip(self, tag: str, noeud: Noeud | None) -> None:
        if noeud is None:
            self._count_unknown(tag)
        elif noeud.refus:
            raise noeud.refus()
        self._saut = 1
        self._texte_en_attente, self._texte = self._texte, None

    def _count_unknown(self, tag: str) -> None:
        chemin = "/".join([*(pas[0] for pas in self._pile), _local(tag)])
        if chemin not in self.inconnus and len(self.inconnus) >= limits.MAX_CHEMINS_INCONNUS:
            chemin = "…"
        self.inconnus[chemin] += 1

    def data(self, texte: str) -> None:
        """Keep the text of the elements that have one."""
        if self._texte is not None:
            self._texte.append(texte)

    def end(self, tag: str) -> None:
        """Leave an element: store its text, or make its record."""
        if self._saut:
            self._saut -= 1
            if not self._saut:
                self._texte = self._texte_en_attente
            return
        noeud = self._noeud
        tag, self._noeud, parent = self._pile.pop()
        if noeud.enfants:
            self._close_block(tag, noeud, parent)
        else:
            self._close_leaf(tag, noeud, parent)

    def _close_leaf(self, tag: str, noeud: Noeud, parent: Cadre) -> None:
        brut = "".join(self._texte or ())
        self._texte = None
        if noeud.compte and noeud.compte(brut):
            self.comptes[noeud.cle] += 1
        texte: Any = brut.strip()
        if texte and noeud.convertit:
            texte = noeud.convertit(texte)
            if texte is None:
                self.dates_illisibles[tag] += 1
        if texte and tag not in parent:
            parent[tag] = texte

    def _close_block(self, tag: str, noeud: Noeud, parent: Cadre) -> None:
        cadre, self._cadre = self._cadre, parent
        if self._texte:
            cadre.setdefault("#", "".join(self._texte).strip())
        self._texte = None
        if noeud.convertit:
            self.fiches.setdefault(noeud.cle, []).append(noeud.convertit(cadre))
        else:
            parent.setdefault(tag, []).append(cadre)

    def close(self) -> None:
        """Nothing to return: the records are in ``fiches``."""


class Temoin:
    """The target of the second look: remembers the last tag and its text, keeps nothing."""

    def __init__(self) -> None:
        self.tag = ""
        self.texte = ""

    def start(self, tag: str, attributs: dict[str, str]) -> None:
        self.tag, self.texte = _local(tag), ""

    def data(self, texte: str) -> None:
        self.texte += texte

    def end(self, tag: str) -> None:
        if _local(tag) != self.tag:
            self.tag, self.texte = _local(tag), ""

    def close(self) -> None:
        """Nothing to return."""


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]

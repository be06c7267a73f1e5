"""What libxml2 calls for every tag: parser targets, so that no tree is ever built (SAX).

Measured, following a shape costs about what a bare ``iterparse`` of the same bytes costs.
"""

from collections import Counter
from typing import Any

from exchanges.parsers import limits
from exchanges.parsers.refus import doctype, too_deep, too_large
from exchanges.parsers.shape import Cadre, Noeud


class Lecteur:
    """A parser target (start, data, end, doctype, close) that follows a shape.

    Its three busy methods run for every tag of the file: an element of text, by far the commonest, is held in
    ``_feuille`` and never stacked.
    """

    __slots__ = (
        "_cadre",
        "_enfants",
        "_feuille",
        "_feuille_en_attente",
        "_nb_inconnus",
        "_noeud",
        "_pile",
        "_saut",
        "_texte",
        "comptes",
        "dates_illisibles",
        "document",
        "fiches",
        "inconnus",
        "nom",
    )

    def __init__(self, nom: str, racine: str, forme: Noeud):
        self.nom = nom
        self.fiches: dict[str, list[Any]] = {}
        self.inconnus: Counter[str] = Counter()
        self.dates_illisibles: Counter[str] = Counter()
        self.comptes: Counter[str] = Counter()
        self.document: Cadre = {}
        self._cadre = self.document
        self._noeud = Noeud({racine: forme})
        self._enfants = self._noeud.enfants
        self._pile: list[tuple[str, Noeud, Cadre]] = []
        self._texte = ""
        self._feuille: Noeud | None = None  # the element of text being read
        self._feuille_en_attente: Noeud | None = None  # the same while an unknown child of it is skipped
        self._nb_inconnus = 0
        self._saut = 0  # depth inside a skipped element

    def doctype(self, nom: str, public: str | None, systeme: str | None) -> None:
        """Refuse any DOCTYPE, wherever the prolog hid it."""
        raise doctype(self.nom)

    def start(self, tag: str, attributs: dict[str, str]) -> None:
        """Enter an element: of text, block, ignored or unknown."""
        if attributs and len(attributs) > limits.MAX_ATTRIBUTS:
            raise too_large(self.nom, f"un élément {_local(tag)} porte {len(attributs)} attributs")
        if self._saut or self._feuille is not None:
            self._enter_skipped(tag)
            return
        noeud = self._enfants.get(tag)
        if noeud is None or noeud.is_special:
            noeud = self._find_special(tag, noeud)
            if noeud is None:
                return
        if noeud.enfants:
            self._enter_block(tag, noeud, attributs)
        else:
            self._feuille = noeud
            self._texte = ""

    def data(self, texte: str) -> None:
        """Keep the text of the elements that have one."""
        if self._feuille is not None:
            self._texte = self._texte + texte if self._texte else texte
            if len(self._texte) > limits.MAX_TEXTE:
                raise too_large(self.nom, f"un texte dépasse {limits.MAX_TEXTE} caractères")
        elif self._noeud.is_texte and not self._saut:
            self._add_mixed(texte)

    def end(self, tag: str) -> None:
        """Leave an element: store its text, or make its record."""
        feuille = self._feuille
        if feuille is not None:
            self._feuille = None
            texte = self._texte.strip()
            if feuille.compte or feuille.convertit:
                self._close_special(tag, feuille, texte)
            elif texte and tag not in self._cadre:
                self._cadre[tag] = texte
        elif self._saut:
            self._saut -= 1
            if not self._saut:
                self._feuille, self._feuille_en_attente = self._feuille_en_attente, None
        else:
            self._close_block()

    def close(self) -> None:
        """Nothing to return: the records are in ``fiches``."""

    def _add_mixed(self, texte: str) -> None:
        """Text of an element that has children too: a code, so the beginning is enough."""
        deja = self._cadre.get("#", "")
        if len(deja) < limits.MAX_CODE:
            self._cadre["#"] = (deja + texte).strip()

    def _find_special(self, tag: str, noeud: Noeud | None) -> Noeud | None:
        """What to do of a tag that is not plainly known: skip it (``None``), refuse the file, or read it."""
        if noeud is None and not self._pile:  # the root may have a namespace
            noeud = self._enfants.get(_local(tag))
            if noeud is not None:
                return noeud
        if noeud is not None and noeud.refus:
            raise noeud.refus()
        self._enter_skipped(tag, is_ignore=noeud is not None)
        return None

    def _enter_skipped(self, tag: str, is_ignore: bool = False) -> None:
        if not self._saut:
            if not is_ignore:
                self._count_unknown(tag)
            self._feuille_en_attente, self._feuille = self._feuille, None
        self._saut += 1
        if self._saut + len(self._pile) > limits.MAX_PROFONDEUR:
            raise too_deep(self.nom)

    def _count_unknown(self, tag: str) -> None:
        self._nb_inconnus += 1
        if self._nb_inconnus > limits.MAX_INCONNUS:
            raise too_large(self.nom, f"il contient plus de {limits.MAX_INCONNUS} éléments inconnus")
        chemin = "/".join([*(pas[0] for pas in self._pile), _local(tag)])
        if chemin not in self.inconnus and len(self.inconnus) >= limits.MAX_CHEMINS_INCONNUS:
            chemin = "…"
        self.inconnus[chemin] += 1

    def _enter_block(self, tag: str, noeud: Noeud, attributs: dict[str, str]) -> None:
        self._pile.append((tag if self._pile else _local(tag), self._noeud, self._cadre))
        self._noeud = noeud
        self._enfants = noeud.enfants
        self._cadre = {f"@{nom}": valeur.strip() for nom, valeur in attributs.items()} if attributs else {}

    def _close_block(self) -> None:
        noeud, cadre = self._noeud, self._cadre
        tag, self._noeud, self._cadre = self._pile.pop()
        self._enfants = self._noeud.enfants
        if noeud.convertit:
            valeur = noeud.convertit(cadre)
            if noeud.cle:
                self._collect(noeud.cle, valeur)
                return
            cadre = valeur
        self._cadre.setdefault(tag, []).append(cadre)

    def _collect(self, cle: str, valeur: Any) -> None:
        fiches = self.fiches.setdefault(cle, [])
        fiches.append(valeur)
        if len(fiches) > limits.MAX_FICHES:
            raise too_large(self.nom, f"il contient plus de {limits.MAX_FICHES} enregistrements de même nature")

    def _close_special(self, tag: str, feuille: Noeud, texte: Any) -> None:
        if feuille.compte and feuille.compte(self._texte):
            self.comptes[feuille.cle] += 1
        if texte and feuille.convertit:
            texte = feuille.convertit(texte)
            if texte is None:
                self.dates_illisibles[tag] += 1
        if texte and tag not in self._cadre:
            self._cadre[tag] = texte


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

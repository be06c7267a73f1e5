"""What libxml2 calls for every tag: parser targets, so that no tree is ever built (SAX).

``bench/parsers.py`` measures the whole reading, records included: about three times a bare ``iterparse``.
"""

from collections import Counter
from typing import Any

from exchanges.parsers import limits
from exchanges.parsers.refusals import doctype, too_deep, too_large
from exchanges.parsers.shape import Frame, Node


class _Cles(dict[str, str]):
    """Keys of a Frame by name of attribute: made once for the names that a file repeats, a bounded number of them."""

    __slots__ = ("_is_sans_casse",)

    def __init__(self, forme: Node):
        self._is_sans_casse = forme.is_sans_casse

    def __missing__(self, nom: str) -> str:
        cle = "@" + (nom.lower() if self._is_sans_casse else nom)
        if len(self) < limits.MAX_ATTRIBUTS:
            self[nom] = cle
        return cle


class ShapeTarget:
    """A parser target (start, data, end, doctype, close) that follows a shape.

    Its three busy methods run for every tag of the file: an element of text, by far the commonest, is held in
    ``_leaf`` and never stacked.
    """

    __slots__ = (
        "_children",
        "_cles",
        "_frame",
        "_leaf",
        "_max_texte",
        "_nb_inconnus",
        "_node",
        "_skipped",
        "_stack",
        "_text",
        "_waiting_leaf",
        "comptes",
        "dates_illisibles",
        "document",
        "fiches",
        "inconnus",
        "nom",
    )

    def __init__(self, nom: str, racine: str, forme: Node):
        self.nom = nom
        self.fiches: dict[str, list[Any]] = {}
        self.inconnus: Counter[str] = Counter()
        self.dates_illisibles: Counter[str] = Counter()
        self.comptes: Counter[str] = Counter()
        self.document: Frame = {}
        self._frame = self.document
        self._node = Node({racine: forme})
        self._children = self._node.enfants
        self._cles = _Cles(forme)
        self._stack: list[tuple[str, Node, Frame]] = []
        self._text = ""
        self._leaf: Node | None = None  # the element of text being read
        self._waiting_leaf: Node | None = None  # the same while an unknown child of it is skipped
        self._max_texte = limits.MAX_TEXTE
        self._nb_inconnus = 0
        self._skipped = 0  # depth inside a skipped element

    def doctype(self, nom: str, public: str | None, systeme: str | None) -> None:
        """Refuse any DOCTYPE, wherever the prolog hid it."""
        raise doctype(self.nom)

    def start(self, tag: str, attributs: dict[str, str]) -> None:
        """Enter an element: of text, block, ignored or unknown."""
        if self._skipped or self._leaf is not None:
            self._enter_skipped(tag, attributs)
            return
        node = self._children.get(tag)
        if node is None or node.is_ignore:
            node = self._find_special(tag, node, attributs)
            if node is None:
                return
        if node.is_bloc:
            self._stack.append((tag, self._node, self._frame))
            self._node = node
            self._children = node.enfants
            if not node.is_plat:
                self._frame = self._attributes(tag, attributs) if attributs else {}
        else:
            self._leaf = node
            self._text = ""

    def data(self, texte: str) -> None:
        """Keep the text of the elements that have one."""
        if self._leaf is not None:
            self._text = self._text + texte if self._text else texte
            if len(self._text) > self._max_texte:
                raise too_large(self.nom, f"un texte dépasse {self._max_texte} caractères")
        elif self._node.is_texte and not self._skipped:
            self._add_mixed(texte)

    def end(self, tag: str) -> None:
        """Leave an element: store its text, or make its record."""
        leaf = self._leaf
        if leaf is not None:
            self._leaf = None
            if leaf.is_plain:
                texte = self._text.strip()
                frame = self._frame
                if texte and tag not in frame:
                    frame[tag] = texte
            else:
                self._close_special(tag, leaf)
        elif self._skipped:
            self._skipped -= 1
            if not self._skipped:
                self._leaf, self._waiting_leaf = self._waiting_leaf, None
        else:
            self._close_block()

    def close(self) -> None:
        """Nothing to return: the records are in ``fiches``."""

    def _add_mixed(self, texte: str) -> None:
        """Text of an element that has children too: a code, so the beginning is enough."""
        deja = self._frame.get("#", "")
        if len(deja) < limits.MAX_CODE:
            self._frame["#"] = (deja + texte).strip()

    def _close_block(self) -> None:
        node, frame = self._node, self._frame
        tag, self._node, self._frame = self._stack.pop()
        self._children = self._node.enfants
        if node.is_plat:
            return
        if node.convertit is not None:
            frame = node.convertit(frame)
            if node.cle or frame is None:
                self._collect(tag, node.cle, frame)
                return
        if tag in self._frame:
            self._frame[tag].append(frame)
        else:
            self._frame[tag] = [frame]

    def _attributes(self, tag: str, attributs: dict[str, str]) -> Frame:
        """The attributes; when it replaces no entity, libxml2 gives their ampersands as ``&#38;``."""
        if len(attributs) > limits.MAX_ATTRIBUTS:
            self._check_attributes(tag, attributs)
        frame = {}
        cles = self._cles
        for nom, valeur in attributs.items():
            frame[cles[nom]] = valeur.strip() if "&" not in valeur else valeur.strip().replace("&#38;", "&")
        return frame

    def _check_attributes(self, tag: str, attributs: dict[str, str]) -> None:
        if len(attributs) > limits.MAX_ATTRIBUTS:
            raise too_large(self.nom, f"un élément {_local(tag)} porte {len(attributs)} attributs")

    def _find_special(self, tag: str, node: Node | None, attributs: dict[str, str]) -> Node | None:
        """What to do of a tag that is not plainly known: walk through it, or skip it (``None``)."""
        if node is None and self._node.is_traverse:
            if len(self._stack) > limits.MAX_PROFONDEUR:
                raise too_deep(self.nom)
            return self._node
        self._enter_skipped(tag, attributs, is_ignore=node is not None)
        return None

    def _enter_skipped(self, tag: str, attributs: dict[str, str], is_ignore: bool = False) -> None:
        self._check_attributes(tag, attributs)
        if not self._skipped:
            if not is_ignore:
                self._count_unknown(tag)
            self._waiting_leaf, self._leaf = self._leaf, None
        self._skipped += 1
        if self._skipped + len(self._stack) > limits.MAX_PROFONDEUR:
            raise too_deep(self.nom)

    def _count_unknown(self, tag: str) -> None:
        self._nb_inconnus += 1
        if self._nb_inconnus > limits.MAX_INCONNUS:
            raise too_large(self.nom, f"il contient plus de {limits.MAX_INCONNUS} éléments inconnus")
        chemin = "/".join([*(pas[0] for pas in self._stack), _local(tag)])
        if chemin not in self.inconnus and len(self.inconnus) >= limits.MAX_CHEMINS_INCONNUS:
            chemin = "…"
        self.inconnus[chemin] += 1

    def _collect(self, tag: str, cle: str, fiche: Any) -> None:
        """Put a record among those of its kind; what was converted to ``None`` is only counted."""
        if fiche is None:
            self.comptes[tag] += 1
            return
        fiches = self.fiches.setdefault(cle, [])
        fiches.append(fiche)
        if len(fiches) > limits.MAX_FICHES:
            raise too_large(self.nom, f"il contient plus de {limits.MAX_FICHES} enregistrements de même nature")

    def _close_special(self, tag: str, leaf: Node) -> None:
        if leaf.compte and leaf.compte(self._text):
            self.comptes[leaf.cle] += 1
        valeur: Any = self._text if leaf.is_brut else self._text.strip()
        if not valeur:
            return
        if leaf.convertit:
            valeur = leaf.convertit(valeur)
        if valeur is None:
            self.dates_illisibles[tag] += 1
        elif leaf.is_liste:
            self._frame.setdefault(tag, []).append(valeur)
        elif tag not in self._frame:
            self._frame[tag] = valeur


class _Locaux(dict[str, str]):
    """Local names by qualified name: a file has few of them, and repeats them for every element."""

    def __missing__(self, tag: str) -> str:
        local = self[tag] = _local(tag)
        return local


_START, _END = ShapeTarget.start, ShapeTarget.end


class QualifiedTarget(ShapeTarget):
    """The same for a file whose elements are in a namespace, which no format needs: tags without it."""

    __slots__ = ("_locaux",)

    def __init__(self, nom: str, racine: str, forme: Node):
        super().__init__(nom, racine, forme)
        self._locaux = _Locaux()

    def start(self, tag: str, attributs: dict[str, str]) -> None:
        """Enter an element by its local name."""
        _START(self, self._locaux[tag], attributs)

    def end(self, tag: str) -> None:
        """Leave an element by its local name."""
        _END(self, self._locaux[tag])


class WitnessTarget:
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

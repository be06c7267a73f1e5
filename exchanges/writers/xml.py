"""Write XML as it goes, in the shape of the national exports: two spaces, one element per line.

The tree of one record exists at a time (``lxml.etree.xmlfile``), so a large file costs no memory.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import IO

from lxml import etree


BEE = "ISO-8859-15"
_PERDUS = "replace"  # SIECLE writes ? for what its encoding has not (formats/siecle.md §1.2)

Enfant = etree._Element | None


def leaf(tag: str, texte: str) -> Enfant:
    """An element holding a text; ``None``, hence no element, for an empty one."""
    if not texte:
        return None
    element = etree.Element(tag)
    element.text = texte
    return element


def leaves(**textes: str) -> Iterator[Enfant]:
    """Several leaves, in the order given."""
    return (leaf(tag, texte) for tag, texte in textes.items())


def node(tag: str, enfants: Iterable[Enfant] = (), **attributs: str) -> etree._Element:
    """An element holding the children that are not ``None``; empty attributes are left out."""
    element = etree.Element(tag, {nom: valeur for nom, valeur in attributs.items() if valeur})
    element.extend(enfant for enfant in enfants if enfant is not None)
    return element


def french(jour: date | None) -> str:
    """``JJ/MM/AAAA``, empty for no date. Written by hand: strftime does not pad years everywhere."""
    return f"{jour.day:02}/{jour.month:02}/{jour.year:04}" if jour else ""


def iso(jour: date | None) -> str:
    """``AAAA-MM-JJ``, empty for no date."""
    return jour.isoformat() if jour else ""


def hhmm(minutes: int) -> str:
    """Minutes as the ``HHMM`` of EDT_STS: 510 is ``0830``."""
    return f"{minutes // 60:02}{minutes % 60:02}"


def number(valeur: int | None) -> str:
    """The number, empty for unknown."""
    return "" if valeur is None else str(valeur)


def digit(valeur: bool | None) -> str:
    """``1`` or ``0``, empty for unknown."""
    return "" if valeur is None else str(int(valeur))


def word(valeur: bool | None) -> str:
    """``true`` or ``false``, empty for unknown."""
    return "" if valeur is None else str(valeur).lower()


class Document:
    """An XML document being written."""

    def __init__(self, fichier: "etree._IncrementalFileWriter", encodage: str, remplace: bool):
        self._fichier = fichier
        self._encodage = encodage
        self._remplace = remplace
        self._niveau = 0

    @contextmanager
    def block(self, tag: str, **attributs: str) -> Iterator[None]:
        """Open an element, close it at the end of the ``with``."""
        if self._niveau:
            self._fichier.write("\n" + "  " * self._niveau)
        with self._fichier.element(tag, {nom: self._encodable(valeur) for nom, valeur in attributs.items()}):
            self._niveau += 1
            yield
            self._niveau -= 1
            self._fichier.write("\n" + "  " * self._niveau)

    def write(self, *elements: Enfant) -> None:
        """Write whole elements at the current level."""
        for element in elements:
            if element is None:
                continue
            if self._remplace:
                self._replace(element)
            etree.indent(element, "  ", level=self._niveau)
            element.tail = None
            self._fichier.write("\n" + "  " * self._niveau)
            self._fichier.write(element)

    def list(self, tag: str, elements: Iterable[etree._Element]) -> None:
        """A block holding ``elements``, made one by one."""
        with self.block(tag):
            for element in elements:
                self.write(element)

    def _replace(self, element: etree._Element) -> None:
        for part in element.iter():
            if part.text and not part.text.isascii():
                part.text = self._encodable(part.text)
            for nom in part.attrib:
                part.set(nom, self._encodable(part.get(nom, "")))

    def _encodable(self, texte: str) -> str:
        return texte.encode(self._encodage, _PERDUS).decode(self._encodage) if self._remplace else texte


@contextmanager
def open_document(sortie: IO[bytes], encodage: str, remplace: bool) -> Iterator[Document]:
    """Start a document: the declaration in double quotes as the applications write it, then the root.

    Args:
        encodage: an encoding that contains ASCII (ISO-8859-15, UTF-8…).
        remplace: write ``?`` for the characters that the encoding has not; otherwise numeric references.
    """
    sortie.write(f'<?xml version="1.0" encoding="{encodage}"?>\n'.encode("ascii"))
    with etree.xmlfile(sortie, encoding=encodage) as fichier:
        yield Document(fichier, encodage, remplace)
    sortie.write(b"\n")

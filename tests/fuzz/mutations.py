"""Mutations of an XML tree: most random bytes are refused at their first tag, these go deeper."""

import random
from collections.abc import Callable
from copy import deepcopy

from lxml import etree


VALEURS = (
    *("", " ", "?", "0", "1", "-1", "true", "D", "G", "9" * 30, "x" * 300, "é€œ", "\u202f", "2.0", "3.1", "1.3"),
    *("2026-09-01", "01/09/2026", "2026-02-30", "31/12/9999", "0000-00-00", "2026-09-01Z", "10:61", "0990001D"),
)
_PARSER = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)


def mutate_tree(octets: bytes, taille: int, graine: int) -> bytes | None:
    """A few changes in the tree of ``octets``; ``None`` when it is no XML or the result is longer than ``taille``."""
    hasard = random.Random(graine)
    try:
        racine = etree.fromstring(octets, _PARSER)
        for _ in range(hasard.randint(1, 4)):
            elements = list(racine.iter(etree.Element))
            hasard.choice(_CHANGEMENTS)(hasard.choice(elements), elements, hasard)
        ecrit = etree.tostring(racine, encoding=hasard.choice(("ISO-8859-15", "UTF-8")), xml_declaration=True)
    except (etree.LxmlError, ValueError, AttributeError):  # no XML, no root, a name that cannot be written
        return None
    return ecrit if len(ecrit) <= taille else None


Changement = Callable[[etree._Element, list[etree._Element], random.Random], None]


def _set_text(element, elements, hasard) -> None:
    element.text = hasard.choice(VALEURS)


def _borrow_text(element, elements, hasard) -> None:
    element.text = hasard.choice(elements).text


def _set_attribute(element, elements, hasard) -> None:
    noms = [nom for autre in elements for nom in autre.attrib] or ["CODE"]
    element.set(hasard.choice(noms), hasard.choice(VALEURS))


def _remove_attribute(element, elements, hasard) -> None:
    if element.attrib:
        del element.attrib[hasard.choice(list(element.attrib))]


def _rename(element, elements, hasard) -> None:
    element.tag = hasard.choice((hasard.choice(elements).tag, "INCONNU"))


def _remove(element, elements, hasard) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _repeat(element, elements, hasard) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.append(deepcopy(element))


def _move(element, elements, hasard) -> None:
    cible = hasard.choice(elements)
    if element.getparent() is not None and element not in (cible, *cible.iterancestors()):
        cible.append(element)


_CHANGEMENTS: tuple[Changement, ...] = (
    *(_set_text, _borrow_text, _set_attribute, _remove_attribute),
    *(_rename, _remove, _repeat, _move),
)

"""What changed between two exports of the AAF, and what an export becomes when a delta is applied to it.

Both exports go by once, in their order: nothing of them is held but one record each.
"""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from exchanges.parsers.records.aaf import (
    ATTRIBUTS,
    LISTES_ORDONNEES,
    Enregistrement,
    Operation,
    Valeurs,
    add,
    delete,
    modify,
    sort_key,
)


Cle = tuple[int, int | str]
G = TypeVar("G")
D = TypeVar("D")
Comparable = tuple[frozenset[str] | tuple[str, ...], ...]


def comparable(enregistrement: Enregistrement) -> Comparable:
    """What makes two records say the same thing to an ENT (``formats/aaf_ent.md`` §10).

    Blanks around a value and the order of several values do not count, except in the parallel lists of enseignements.
    """
    couples = zip(ATTRIBUTS[enregistrement.categorie], enregistrement.valeurs, strict=True)
    return tuple(
        _clean(valeurs) if nom in LISTES_ORDONNEES else frozenset(_clean(valeurs)) for nom, valeurs in couples
    )


def _clean(valeurs: Valeurs) -> Valeurs:
    return tuple(propre for valeur in valeurs if (propre := valeur.strip()))


def is_same(un: Enregistrement, autre: Enregistrement) -> bool:
    """Whether two records of one number say the same thing."""
    return un.valeurs == autre.valeurs or comparable(un) == comparable(autre)


def diff(avant: Iterable[Enregistrement], apres: Iterable[Enregistrement]) -> Iterator[Operation]:
    """The operations that turn one export into the next, in the order of the files.

    Args:
        avant, apres: the records of the two exports, of one category or of several, sorted (``sort_key``).

    Raises:
        ValueError: a number comes twice, or before a smaller one.
    """
    for ancien, nouveau in _align(_by_key(avant), _by_key(apres)):
        if ancien and nouveau:
            if not is_same(ancien, nouveau):
                yield modify(nouveau)
        elif nouveau:
            yield add(nouveau)
        elif ancien:
            yield delete(ancien.categorie, ancien.identifiant)


def apply(enregistrements: Iterable[Enregistrement], operations: Iterable[Operation]) -> Iterator[Enregistrement]:
    """An export once a delta is applied to it.

    As the consumers do: an addRequest of a known number replaces it, a modifyRequest of an unknown one adds it, a
    deleteRequest of an unknown one does nothing. The last operation on a number is the one that counts.

    Args:
        enregistrements: sorted (``sort_key``); they go by once.
        operations: in any order; they are held, a delta being small.

    Raises:
        ValueError: the records are not sorted.
    """
    voulues = {sort_key(operation.categorie, operation.identifiant): operation for operation in operations}
    for enregistrement, operation in _align(_by_key(enregistrements), iter(sorted(voulues.items(), key=_first))):
        if operation:
            if operation.enregistrement:
                yield operation.enregistrement
        elif enregistrement:
            yield enregistrement


def _first(couple: tuple[Cle, Operation]) -> Cle:
    return couple[0]


def _by_key(enregistrements: Iterable[Enregistrement]) -> Iterator[tuple[Cle, Enregistrement]]:
    precedente: Cle | None = None
    for enregistrement in enregistrements:
        cle = sort_key(enregistrement.categorie, enregistrement.identifiant)
        if precedente and cle <= precedente:
            raise ValueError(
                f"L'enregistrement {enregistrement.categorie.value} {enregistrement.identifiant} n'est pas à sa place "
                "dans l'export : un export se trie par catégorie puis par identifiant, et n'en donne aucun deux fois."
            )
        precedente = cle
        yield cle, enregistrement


def _align(gauche: Iterator[tuple[Cle, G]], droite: Iterator[tuple[Cle, D]]) -> Iterator[tuple[G | None, D | None]]:
    """The two sorted sides together, by key; ``None`` where one has nothing."""
    a, b = next(gauche, None), next(droite, None)
    while a and b:
        if a[0] < b[0]:
            yield a[1], None
            a = next(gauche, None)
        elif b[0] < a[0]:
            yield None, b[1]
            b = next(droite, None)
        else:
            yield a[1], b[1]
            a, b = next(gauche, None), next(droite, None)
    if a:
        yield a[1], None
        yield from ((reste, None) for _, reste in gauche)
    if b:
        yield None, b[1]
        yield from ((None, reste) for _, reste in droite)

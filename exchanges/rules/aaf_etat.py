"""What is kept of an export of the AAF while its records go by, to judge the next ones.

For 300 000 élèves and 600 000 responsables: the numbers seen are bits in pages (12.5 MB a category at the very most,
for numbers spread over all eight digits; 120 KB when they follow one another), each link is 8 bytes in an array
(5 MB each way), the divisions and the groupes of each school are names. No record is kept. Measured on such an export:
20 MB while it goes by, 50 MB when the links are compared at the end.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

from exchanges.enums import CategorieAAF, GenreAAF
from exchanges.parsers.records.aaf import NUMEROTEES, Valeurs


MAX_NUMERO = 10**8  # a jointure has eight digits at most (formats/aaf_ent.md §2.1)
_BITS = 16  # of a number inside its page


class Numeros:
    """A set of numbers below ``MAX_NUMERO``, one bit each, in pages made when they are first needed."""

    def __init__(self) -> None:
        self._pages: dict[int, bytearray] = {}

    def add(self, numero: int) -> bool:
        """Keep a number; whether it is new."""
        page = self._pages.get(numero >> _BITS)
        if page is None:
            page = self._pages[numero >> _BITS] = bytearray(1 << (_BITS - 3))
        octet, bit = (numero & ((1 << _BITS) - 1)) >> 3, 1 << (numero & 7)
        if page[octet] & bit:
            return False
        page[octet] |= bit
        return True

    def __contains__(self, numero: int) -> bool:
        page = self._pages.get(numero >> _BITS)
        return page is not None and bool(page[(numero & ((1 << _BITS) - 1)) >> 3] & 1 << (numero & 7))

    def __iter__(self) -> Iterator[int]:
        """The numbers, sorted."""
        for rang, page in sorted(self._pages.items()):
            for octet, bits in enumerate(page):
                if bits:
                    debut = (rang << _BITS) + (octet << 3)
                    yield from (debut + bit for bit in range(8) if bits >> bit & 1)


@dataclass(frozen=True, slots=True)
class EcoleAAF:
    """The divisions of a school, and the divisions of each of its groupes, as its EtabEducNat says them."""

    divisions: frozenset[str]
    groupes: dict[str, tuple[str, ...]]


@dataclass(slots=True)
class Etat:
    """What has been seen so far.

    Attributes:
        ecoles: by the number that stands in every ``struct$…`` value.
        numeros: of each category whose records have numbers.
        codes: of the MEFs and of the matières.
        dernier: identifier of the record before, with its category.
        liens, retours: (élève, responsable) as the élèves and as the responsables say it; see ``pair``.
        adresses: (élève, responsable) when the address is that of somebody who is none of her relations.
    """

    genre: GenreAAF
    ecoles: dict[str, EcoleAAF] = field(default_factory=dict)
    numeros: dict[CategorieAAF, Numeros] = field(default_factory=lambda: {nom: Numeros() for nom in NUMEROTEES})
    codes: set[tuple[CategorieAAF, str]] = field(default_factory=set)
    dernier: tuple[CategorieAAF, str] | None = None
    liens: "array[int]" = field(default_factory=lambda: array("Q"))
    retours: "array[int]" = field(default_factory=lambda: array("Q"))
    adresses: "array[int]" = field(default_factory=lambda: array("Q"))

    @property
    def is_complet(self) -> bool:
        """Whether what is not in the export does not exist."""
        return self.genre == GenreAAF.COMPLET

    def note(self, fiche: "Fiche") -> None:
        """Keep what the next records and the end need to know of a record that has been judged."""
        self.dernier = (fiche.categorie, fiche.identifiant)
        if fiche.categorie not in self.numeros:
            self.codes.add((fiche.categorie, fiche.identifiant))
        elif is_numero(fiche.identifiant):
            self.numeros[fiche.categorie].add(int(fiche.identifiant))
            if self.is_complet and fiche.valeurs:
                self._note_liens(fiche)
        if fiche.categorie == CategorieAAF.ETAB and fiche.valeurs:
            self.ecoles[fiche.identifiant] = EcoleAAF(
                frozenset(parties[0] for parties in fiche.split("ENTStructureClasses")),
                {parties[0]: tuple(parties[2:]) for parties in fiche.split("ENTStructureGroupes")},
            )

    def _note_liens(self, fiche: "Fiche") -> None:
        if fiche.categorie == CategorieAAF.ELEVE:
            relations = [parties[0] for parties in fiche.split("ENTElevePersRelEleve")]
            self.liens.extend(pair(fiche.identifiant, autre) for autre in relations if is_numero(autre))
            adresses = (autre for autre in fiche.valeurs["ENTEleveAdresseRel"] if autre not in relations)
            self.adresses.extend(pair(fiche.identifiant, autre) for autre in adresses if is_numero(autre))
        elif fiche.categorie == CategorieAAF.RESPONSABLE:
            enfants = fiche.valeurs["ENTAuxPersRelEleveEleve"]
            self.retours.extend(pair(autre, fiche.identifiant) for autre in enfants if is_numero(autre))


@dataclass(frozen=True, slots=True)
class Fiche:
    """A record as the rules read it: its values by attribute (none for a deleteRequest), and what was seen before."""

    categorie: CategorieAAF
    identifiant: str
    valeurs: dict[str, Valeurs]
    etat: Etat

    def split(self, attribut: str) -> list[list[str]]:
        """The parts of each value of an attribute."""
        return [valeur.split("$") for valeur in self.valeurs[attribut]]

    def first(self, attribut: str) -> str:
        """The value of an attribute that has one, ``""`` when it is empty."""
        valeurs = self.valeurs[attribut]
        return valeurs[0] if valeurs else ""


def is_numero(texte: str) -> bool:
    """Whether a text is a number that an ENT can hold: one to eight digits."""
    return texte.isascii() and texte.isdigit() and len(texte) <= 8


def pair(eleve: str, responsable: str) -> int:
    """One link, in eight bytes."""
    return int(eleve) * MAX_NUMERO + int(responsable)


def unpair(lien: int) -> tuple[int, int]:
    """The élève and the responsable of a link."""
    return divmod(lien, MAX_NUMERO)

"""Identifiers with a valid key that nobody bears (``formats/siecle.md`` §5.1)."""

from itertools import count

from exchanges.rules.identifiants import cle_mod23, cle_rnie


# Département 099 does not exist on the territory: no school bears such an UAI.
_DEPARTEMENT = 99
# The last thousand numbers are kept for the primary schools that collèges recruit from.
ECOLES_MAX = 8999


def make_uai(rang: int) -> str:
    """The UAI of the ``rang``-th fictitious school, from 1 to ``ECOLES_MAX``.

    Raises:
        ValueError: the rank has no UAI.
    """
    if not 1 <= rang <= ECOLES_MAX:
        raise ValueError(f"Le rang {rang} n'a pas d'UAI : de 1 à {ECOLES_MAX}.")
    return _add_key(rang)


def make_uai_primaire(rang: int) -> str:
    """The UAI of the primary school whose pupils go to the ``rang``-th collège."""
    return _add_key(ECOLES_MAX + 1 + rang % 1000)


def _add_key(numero: int) -> str:
    chiffres = f"{_DEPARTEMENT * 10_000 + numero:07d}"
    return chiffres + cle_mod23(chiffres)


def make_ine(numero: int) -> str:
    """The INE of the RNIE for a number of nine digits: the digits, then 97 - n mod 97 written in letters."""
    chiffres = f"{numero:09d}"
    return chiffres + cle_rnie(chiffres)


class Numeros:
    """The counters of one school. Two schools never give the same identifier.

    Args:
        rang: rank of the school in its académie, from 1.
    """

    def __init__(self, rang: int):
        self._eleves = count(1_000_000 + rang * 2_000)
        self._ines = count(900_000_000 + rang * 2_000)
        self._elenoets = count(1_000)
        self._personnes = count(10_000_000 + rang * 8_000)
        self._telephones = count()
        self._epp = count(100_000 + rang * 300)
        self._locaux = count(1)

    @classmethod
    def for_partagees(cls, rang: int) -> "Numeros":
        """The counters of the adults whom a school shares with the next one.

        Their telephone numbers are those of no other adult of either school: the top of the range, which a school
        does not reach, one half for the next school and the other for the one before.
        """
        numeros = cls(rang)
        numeros._personnes = count(90_000_000 + rang * 1_000)
        numeros._telephones = count(9_000 + rang % 2 * 400)
        return numeros

    def next_eleve_id(self) -> str:
        return str(next(self._eleves))

    def next_ine(self) -> str:
        return make_ine(next(self._ines))

    def next_elenoet(self) -> str:
        return str(next(self._elenoets))

    def next_personne_id(self) -> str:
        return str(next(self._personnes))

    def next_individu_id(self, type_individu: str) -> str:
        return str(next(self._epp if type_individu == "epp" else self._locaux))

    def next_portable(self) -> str:
        """A mobile number of the range that the regulator keeps for fiction (06 39 98 xx xx)."""
        return f"+3363998{next(self._telephones) % 10_000:04d}"

    def next_fixe(self) -> str:
        """A fixed number of the range kept for fiction (01 99 00 xx xx)."""
        return f"+3319900{next(self._telephones) % 10_000:04d}"

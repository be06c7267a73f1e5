"""Families with a child in each of two neighbouring schools: what an académie gathers into one account.

Those of a school and the next one depend on the seed and the rank only, and each of the two draws them anew: a school
needs no other one to be made.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from exchanges.generator.familles import ECART_FRATRIE, Famille, Familles, draw_naissance
from exchanges.generator.hasard import make_rng
from exchanges.generator.identifiants import ECOLES_MAX, Numeros, make_uai
from exchanges.generator.lieux import make_commune
from exchanges.generator.offre import Offre, find_offre


# Of the places of the smaller school, for each neighbour: with two of them, 2 to 4 % of the families of a school.
_PART = 0.02


@dataclass(frozen=True, slots=True)
class Partagee:
    """A family shared with another school, and the child it has in this one.

    Attributes:
        famille: its adults under PERSONNE_ID of no school, and the UAI of the other school.
        age: what the child reaches in the year of the rentrée, hence her level.
        naissance: her birth date; her brother or sister of the other school is not born in the same months.
    """

    famille: Famille
    age: int
    naissance: date


def list_partagees(rang: int, seed: int, annee: str, echelle: float = 1.0) -> list[Partagee]:
    """The families that a school shares with the one before, then with the next one.

    Args:
        rang: rank of the school in its académie, from 1.
        seed: the académie's seed.
        annee: millésime, the year of the rentrée.
        echelle: share of the normal size of a school; small examples may share nobody.
    """
    avant = _make_paires(rang - 1, seed, annee, echelle) if rang > 1 else ()
    apres = _make_paires(rang, seed, annee, echelle) if rang < ECOLES_MAX else ()
    return [*(seconde for _, seconde in avant), *(premiere for premiere, _ in apres)]


def _make_paires(rang: int, seed: int, annee: str, echelle: float) -> Iterator[tuple[Partagee, Partagee]]:
    """Each family of a school and the next one, as either sees it; all live in the town of the first."""
    rng = make_rng(seed, rang, "partagees")
    offres = find_offre(rang), find_offre(rang + 1)
    familles = Familles(*make_commune(seed, rang), Numeros.for_partagees(rang), rng)
    effectif = min(sum(offre.effectif) / 2 for offre in offres)
    for _ in range(round(effectif * echelle * _PART)):
        famille = familles.make()
        (age, naissance), (autre_age, autre_naissance) = _draw_enfants(offres, annee, rng)
        yield (
            Partagee(replace(famille, ailleurs=make_uai(rang + 1)), age, naissance),
            Partagee(replace(famille, ailleurs=make_uai(rang)), autre_age, autre_naissance),
        )


def _draw_enfants(offres: tuple[Offre, Offre], annee: str, rng: Random) -> list[tuple[int, date]]:
    """Age and birth date of a child of each school, who can be brothers or sisters."""
    while True:
        ages = [rng.choice(offre.niveaux).age for offre in offres]
        premiere, seconde = (draw_naissance(annee, age, rng) for age in ages)
        if abs((premiere - seconde).days) >= ECART_FRATRIE:
            return [(ages[0], premiere), (ages[1], seconde)]

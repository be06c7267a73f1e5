"""The schools of an académie, one after the other."""

from collections.abc import Iterator

from exchanges.generator.calendriers import METROPOLE, Calendrier
from exchanges.generator.ecoles import Ecole, make_ecole
from exchanges.generator.fautes import plant_some
from exchanges.generator.hasard import make_rng


TAUX_FAUTES = 0.3


def generate(
    etablissements: int,
    seed: int,
    annee: str = "2026",
    *,
    taux_fautes: float = TAUX_FAUTES,
    calendrier: Calendrier = METROPOLE,
    echelle: float = 1.0,
) -> Iterator[Ecole]:
    """Yield the schools of an académie; only one is in memory at a time.

    A school does not depend on how many come after it, and its files without fault do not depend on the dial.

    Args:
        etablissements: how many schools.
        seed: the same seed gives the same schools.
        annee: millésime, the year of the rentrée.
        taux_fautes: share of the schools that receive one to four faults; at 0 every deposit is conforme.
        calendrier: ``METROPOLE``, ``NOUVELLE_CALEDONIE`` or another.
        echelle: share of the normal size of a school, for small examples.

    Raises:
        ValueError: more schools than there are fictitious UAI.
    """
    for rang in range(1, etablissements + 1):
        ecole = make_ecole(rang, seed, annee, calendrier=calendrier, echelle=echelle)
        rng = make_rng(seed, rang, "fautes")
        yield plant_some(ecole, rng) if rng.random() < taux_fautes else ecole

"""The schools of an académie, one after the other."""

from collections.abc import Iterator
from random import Random

from exchanges.generator.calendriers import METROPOLE, Calendrier
from exchanges.generator.ecoles import Ecole, make_ecole
from exchanges.generator.fautes import enroll_twice, plant_some
from exchanges.generator.hasard import make_rng
from exchanges.parsers.records import Eleve


TAUX_FAUTES = 0.3
_Ailleurs = dict[str, tuple[str, Eleve]]  # by MEF: UAI, fiche


def generate(
    etablissements: int,
    seed: int,
    annee: str = "2026",
    *,
    taux_fautes: float = TAUX_FAUTES,
    calendrier: Calendrier = METROPOLE,
    echelle: float = 1.0,
    multi_inscriptions: float = 0.0,
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
        multi_inscriptions: share of the schools of which one élève is also enrolled in a school yielded before.

    Raises:
        ValueError: more schools than there are fictitious UAI.
    """
    ailleurs: _Ailleurs = {}
    for rang in range(1, etablissements + 1):
        ecole = make_ecole(rang, seed, annee, calendrier=calendrier, echelle=echelle)
        rng = make_rng(seed, rang, "fautes")
        if rng.random() < taux_fautes:
            ecole = plant_some(ecole, rng)
        rng = make_rng(seed, rang, "multi-inscription")
        if rng.random() < multi_inscriptions:
            ecole = _enroll(ecole, ailleurs, rng)
        ailleurs |= _list_ailleurs(ecole)
        yield ecole


def _enroll(ecole: Ecole, ailleurs: _Ailleurs, rng: Random) -> Ecole:
    """One élève of the school is somebody known elsewhere; nothing when no school before teaches the same."""
    mefs = sorted({eleve.mef for eleve in ecole.eleves.eleves if eleve.division} & ailleurs.keys())
    try:
        uai, fiche = ailleurs.pop(rng.choice(mefs))
        return enroll_twice(ecole, fiche, uai, rng)
    except (IndexError, ValueError):  # no MEF in common, or every élève of that MEF bears a fault already
        return ecole


def _list_ailleurs(ecole: Ecole) -> _Ailleurs:
    """For each MEF an élève of the school who bears no fault: of the ones yielded so far, at most one is kept."""
    touches = {faute.eleve_id for faute in ecole.fautes}
    return {
        eleve.mef: (ecole.uai, eleve)
        for eleve in ecole.eleves.eleves
        if eleve.division and eleve.ine and eleve.eleve_id not in touches and eleve.date_sortie is None
    }

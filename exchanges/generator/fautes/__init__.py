"""Faults planted on purpose in a school, each the only cause of the anomalies it names.

A fault never touches an élève, a person or a structure that another fault already touches, so that what was planted
is exactly what has to be found. What a fault entails in other rules is written beside it (``Faute.cause``).
"""

from collections.abc import Callable
from random import Random

from exchanges.generator.ecoles import Ecole
from exchanges.generator.fautes import depot, doublons, enseignements, fiches, fichiers, personnes, structures
from exchanges.generator.fautes.doublons import enroll_twice
from exchanges.rules import catalogue, gar
from exchanges.rules.base import regle_de


__all__ = ["PLANTATIONS", "SANS_PLANTATION", "enroll_twice", "plant", "plant_some"]

Plantation = Callable[[Ecole, Random], Ecole]
# kind: (what plants it, how likely it is beside the others)
PLANTATIONS: dict[str, tuple[Plantation, float]] = {
    **depot.PLANTATIONS,
    **fichiers.PLANTATIONS,
    **fiches.PLANTATIONS,
    **personnes.PLANTATIONS,
    **doublons.PLANTATIONS,
    **structures.PLANTATIONS,
    **enseignements.PLANTATIONS,
}
# Rules that no fault of one school's files can break, and why.
SANS_PLANTATION = {
    "export_plus_ancien": "compares with a file loaded before: the files of one day say nothing of it",
    "verdict_partiel": "says that an export was not given: there is nothing to write",
    "multi_inscription": "needs the files of two schools: planted by enroll_twice (generate, multi_inscriptions)",
    **dict.fromkeys(
        (regle_de(regle).code for regle in catalogue.EXPORT),
        "judges what entsite writes for the ENT: no file of a school holds it",
    ),
    **dict.fromkeys(
        (regle_de(regle).code for regle in catalogue.ELIGIBILITE),
        "says what a fault planted under another rule costs further down the chain",
    ),
    **{regle_de(regle).code: "judges what the ENT sends to the GAR: no file of a school" for regle in gar.REGLES},
}
_FAUTES_MAX = 4


def plant(ecole: Ecole, code: str, rng: Random) -> Ecole:
    """The same school with one more fault, added to ``ecole.fautes``.

    Args:
        ecole: left unchanged.
        code: a key of ``PLANTATIONS``: the code of a rule, ``GROUPE_A_01_INCONNU`` for a ``GROUPE_A_01`` whose
            groupe is not in STS either, ``eleve_absent`` or ``groupe_vide``, of which no rule speaks.
        rng: chooses the élève, the person or the structure.

    Raises:
        ValueError: the code is unknown, or nothing in the school can bear that fault any more.
    """
    if code not in PLANTATIONS:
        raise ValueError(f"La faute {code} est inconnue ; fautes possibles : {', '.join(PLANTATIONS)}.")
    return PLANTATIONS[code][0](ecole, rng)


def plant_some(ecole: Ecole, rng: Random) -> Ecole:
    """The same school with one to four faults of different kinds, the commonest first in likelihood."""
    voulues = rng.randint(1, _FAUTES_MAX)
    ordre = sorted(PLANTATIONS, key=lambda code: -(rng.random() ** (1 / PLANTATIONS[code][1])))
    plantees = 0
    for code in ordre:
        if plantees == voulues:
            break
        try:
            ecole = plant(ecole, code, rng)
        except ValueError:  # a very small school has no room for it: the next kind will do
            continue
        plantees += 1
    return ecole

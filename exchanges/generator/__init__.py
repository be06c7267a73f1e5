"""A fictitious académie: schools of which every file, every name and every fault is invented.

Pure and deterministic: the same seed gives the same schools, one at a time, whatever their number.
"""

from exchanges.generator.academie import TAUX_FAUTES, generate
from exchanges.generator.calendriers import METROPOLE, NOUVELLE_CALEDONIE, Calendrier
from exchanges.generator.ecoles import Ecole, make_ecole
from exchanges.generator.faits import Faute, Retouche
from exchanges.generator.fautes import PLANTATIONS, SANS_PLANTATION, enroll_twice, plant
from exchanges.generator.files import list_fautes, write_ecole


__all__ = [
    "METROPOLE",
    "NOUVELLE_CALEDONIE",
    "PLANTATIONS",
    "SANS_PLANTATION",
    "TAUX_FAUTES",
    "Calendrier",
    "Ecole",
    "Faute",
    "Retouche",
    "enroll_twice",
    "generate",
    "list_fautes",
    "make_ecole",
    "plant",
    "write_ecole",
]

"""Precision and recall of the catalogue: what it finds in generated schools beside what was planted in them.

    python bench/precision.py [--ecoles 60] [--echelle 0.1] [--taux-fautes 0.8] [--seed 1] [--processus 1]

Each school is written as its applications write it, parsed back and judged by every rule; the élèves enrolled in two
schools are looked for over the whole académie. No database. The exit code is 1 unless both figures are 1.0.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path


sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from exchanges.generator import Ecole, generate
from exchanges.generator.preuve import Bilan, list_ecarts, prove
from exchanges.parsers.records import FichierEleves
from exchanges.rules.doublons import find_multi_inscriptions


MULTI = "multi_inscription"
ECARTS_MAX = 20


@dataclass(slots=True)
class Total:
    """Figures over all the schools."""

    ecoles: int = 0
    eleves: int = 0
    plantees: Counter[str] = field(default_factory=Counter)
    trouvees: int = 0
    justes: int = 0
    en_trop: int = 0
    ecarts: list[str] = field(default_factory=list)

    def add(self, ecole: Ecole, bilan: Bilan) -> None:
        self.ecoles += 1
        self.eleves += len(ecole.eleves.eleves)
        self.plantees.update(faute.code for faute in bilan.attendues)
        self.trouvees += len(bilan.attendues) - len(bilan.manquees)
        self.justes += len(bilan.justes)
        self.en_trop += len(bilan.en_trop)
        self.ecarts += [f"{ecole.uai} {ecart}" for ecart in list_ecarts(bilan)]

    @property
    def precision(self) -> float:
        return self.justes / (self.justes + self.en_trop) if self.justes else 1.0

    @property
    def rappel(self) -> float:
        return self.trouvees / self.plantees.total() if self.plantees else 1.0


def measure(ecoles: Iterable[Ecole], processus: int, total: Total) -> None:
    """Prove every school, then the académie as a whole: a pair of schools is told to both."""
    paires: Counter[tuple[str, str]] = Counter()

    def watch() -> Iterator[tuple[str, FichierEleves]]:
        with ProcessPoolExecutor(processus) as pool:
            for lot in batches(ecoles, processus * 8):
                for ecole, bilan in zip(lot, pool.map(prove, lot), strict=True):
                    total.add(ecole, bilan)
                    paires.update((ecole.uai, faute.objet) for faute in ecole.fautes if faute.code == MULTI)
                    yield ecole.uai, ecole.eleves

    par_ecole = find_multi_inscriptions(watch())
    trouvees = Counter((uai, anomalie.objet) for uai, anomalies in par_ecole.items() for anomalie in anomalies)
    attendues = paires + Counter((ailleurs, ici) for ici, ailleurs in paires.elements())
    total.plantees[MULTI] = paires.total()
    total.trouvees += (paires & trouvees).total()
    total.justes += (attendues & trouvees).total()
    total.en_trop += (trouvees - attendues).total()
    total.ecarts += [f"{ici} manquée {MULTI} {ailleurs}" for ici, ailleurs in paires - trouvees]
    total.ecarts += [f"{ici} en trop {MULTI} {ailleurs}" for ici, ailleurs in trouvees - attendues]


def batches(ecoles: Iterable[Ecole], taille: int) -> Iterator[list[Ecole]]:
    lot: list[Ecole] = []
    for ecole in ecoles:
        lot.append(ecole)
        if len(lot) == taille:
            yield lot
            lot = []
    yield lot


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--ecoles", type=int, default=60)
    options.add_argument("--echelle", type=float, default=0.1)
    options.add_argument("--taux-fautes", type=float, default=0.8)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--processus", type=int, default=1)
    choix = options.parse_args()
    total = Total()
    debut = time.monotonic()
    ecoles = generate(
        choix.ecoles, choix.seed, taux_fautes=choix.taux_fautes, echelle=choix.echelle, multi_inscriptions=0.2
    )
    measure(ecoles, choix.processus, total)
    for ecart in total.ecarts[:ECARTS_MAX]:
        print(ecart)
    print(f"écoles : {total.ecoles}, {total.eleves} élèves")
    print(f"fautes plantées : {total.plantees.total()}, de {len(total.plantees)} règles")
    print(f"précision : {total.precision:.4f} ({total.justes} anomalies justes, {total.en_trop} en trop)")
    print(f"rappel : {total.rappel:.4f} ({total.trouvees} fautes trouvées)")
    print(f"temps : {time.monotonic() - debut:.0f} s")
    return 0 if total.precision == total.rappel == 1 else 1


if __name__ == "__main__":
    sys.exit(main())

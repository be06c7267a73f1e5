"""Fuzz every target in turn: ``python -m tests.fuzz.fuzz_all [INPUTS [WORD…]]``, or ``make fuzz N=INPUTS``.

INPUTS is shared between the targets (a WORD chooses those whose name holds it). Prints one line per target: inputs,
seconds, inputs kept because they took a new path, and where the input of a crash lies.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.graines import list_targets


ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Bilan:
    """What came of one target; ``sortie`` is all that libFuzzer and the traceback said."""

    cible: str
    entrees: int
    secondes: float
    chemins: int
    memoire: int
    is_sain: bool
    sortie: str


def fuzz(cible: str, dossier: Path, *options: str, limite: float | None = None) -> Bilan:
    """Run one target in a process of its own.

    Args:
        dossier: an empty folder, for the inputs kept and that of a crash.
        options: of libFuzzer (``-runs=1000``, ``-max_total_time=2``).
        limite: seconds after which the process is killed: something hangs that libFuzzer's alarm does not see.
    """
    debut = time.monotonic()
    ran = subprocess.run(  # noqa: S603 - our own arguments
        [sys.executable, "-m", "tests.fuzz.fuzz_one", cible, str(dossier), *options],
        cwd=ROOT,
        capture_output=True,
        timeout=limite,
        check=False,
    )
    sortie = (ran.stdout + ran.stderr).decode(errors="replace")
    chiffres = {nom: int(valeur) for nom, valeur in re.findall(r"^stat::(\w+):\s+(\d+)", sortie, re.MULTILINE)}
    return Bilan(
        cible=cible,
        entrees=chiffres.get("number_of_executed_units", 0),
        secondes=time.monotonic() - debut,
        chemins=chiffres.get("new_units_added", 0),
        memoire=chiffres.get("peak_rss_mb", 0),
        is_sain=ran.returncode == 0,
        sortie=sortie,
    )


def main(total: int, mots: list[str]) -> int:
    """Fuzz the targets and say what came of it; the exit code is the number of targets that crashed."""
    debut = time.monotonic()
    cibles = [cible for cible in list_targets() if not mots or any(mot in cible for mot in mots)]
    dossiers = [Path(tempfile.mkdtemp(prefix=f"fuzz-{cible}-")) for cible in cibles]
    bilans = []
    options = f"-runs={total // len(cibles)}"
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for bilan in pool.map(lambda cible, dossier: fuzz(cible, dossier, options), cibles, dossiers):
            bilans.append(bilan)
            _say(bilan.cible, bilan.entrees, bilan.secondes, bilan.chemins, f"{bilan.memoire} MB")
    for bilan, dossier in zip(bilans, dossiers, strict=True):
        if bilan.is_sain:
            shutil.rmtree(dossier)
        else:
            _write(f"CRASH of {bilan.cible}, inputs in {dossier}\n{bilan.sortie[-4000:]}")
    _say("total", sum(b.entrees for b in bilans), time.monotonic() - debut, sum(b.chemins for b in bilans))
    return sum(not bilan.is_sain for bilan in bilans)


def _say(cible: str, entrees: int, secondes: float, chemins: int, memoire: str = "") -> None:
    _write(f"{cible:24} {entrees:9} inputs {secondes:7.0f} s {chemins:6} new paths  {memoire}")


def _write(texte: str) -> None:
    sys.stdout.write(f"{texte}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 10_000, sys.argv[2:]))

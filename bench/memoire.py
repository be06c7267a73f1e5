"""Peak memory of a process that gives a verdict then runs the night, on a private PostgreSQL.

    python bench/memoire.py [--eleves 1000] [--groupes 10] [--tours 3]

The school is loaded and its ZIP written by this process; each turn is a fresh child that reads the ZIP, judges
it, confirms it and runs its night. The figure is the child's own high-water mark (VmHWM), Django included.
"""

import argparse
import re
import statistics
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from outils.ecole import make_ecole

from exchanges.models import Etablissement, LienGroupe, Tache
from exchanges.pipeline import depots
from exchanges.pipeline.taches import run_tache
from tests.makers import LUNDI, MARDI_2H, make_zip, set_clock


LIMITE = 200  # MB


def run_child(rang: int) -> None:
    """Verdict, confirmation and night of one school; prints the peak of this process in MB."""
    etablissement = Etablissement.objects.get(pk=rang)
    chemin = next(Path(settings.DATA_DIR).glob(f"{etablissement.uai}ELEGROUPE*.zip"))
    with chemin.open("rb") as flux:
        depot = depots.control_depot(etablissement, flux, chemin.name, None, LUNDI)
    depots.confirm_depot(depot, None, LUNDI)
    set_clock(etablissement.academie, MARDI_2H + timedelta(minutes=1))
    assert run_tache(Tache.objects.get(passage__depot=depot, passage__relais="SIECLE").pk)
    assert LienGroupe.objects.filter(etablissement=etablissement).exists()
    statut = Path("/proc/self/status").read_text()
    print(int(re.search(r"VmHWM:\s+(\d+) kB", statut)[1]) / 1000)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--eleves", type=int, default=1000)
    options.add_argument("--groupes", type=int, default=10)
    options.add_argument("--tours", type=int, default=3)
    options.add_argument("--enfant", type=int, help=argparse.SUPPRESS)
    choix = options.parse_args()
    if choix.enfant:
        run_child(choix.enfant)
        return
    pics = []
    for tour in range(choix.tours):
        etablissement, liens = make_ecole(tour + 1, choix.eleves, choix.groupes)
        nom, flux = make_zip(etablissement, liens, LUNDI)
        (Path(settings.DATA_DIR) / nom).write_bytes(flux.read())
        enfant = [sys.executable, __file__, "--enfant", str(etablissement.pk)]
        sortie = subprocess.run(enfant, check=True, capture_output=True, text=True)  # noqa: S603 - ourselves
        pics.append(float(sortie.stdout))
    pic = statistics.median(pics)
    print(
        f"mémoire du verdict et de la nuit de {choix.eleves * choix.groupes} liens : {pic:.0f} Mo, "
        f"rapport {pic / LIMITE:.2f} à la limite de {LIMITE} Mo"
    )


if __name__ == "__main__":
    main()

"""The night of one school against a bare COPY of the same rows into the same table, on a private PostgreSQL.

    python bench/nuit.py [--eleves 1000] [--groupes 10] [--tours 5]

Every turn is another school of the same size: first import of its links, bare COPY of those rows, then the same
file again. The night is the whole job: claim, unzip, parse, schema, rules, diff, rows, report, next relays.
"""

import argparse
from datetime import timedelta
from itertools import count

from django.db import connection, transaction
from outils.ecole import make_ecole
from outils.site import clock, say

from exchanges.enums import Relais
from exchanges.models import Depot, Etablissement, LienGroupe, Tache
from exchanges.pipeline.taches import run_tache
from tests.makers import LUNDI, deposit, set_clock


def run_night(depot: Depot) -> float:
    """Seconds that the whole job takes."""
    tache = Tache.objects.get(passage__depot=depot, passage__relais=Relais.SIECLE)
    set_clock(depot.etablissement.academie, tache.prevu_le + timedelta(minutes=1))
    temps = clock(lambda: run_tache(tache.pk))
    depot.refresh_from_db()
    assert depot.liens_crees is not None
    set_clock(depot.etablissement.academie, LUNDI)
    return temps


def copy_bare(etablissement: Etablissement) -> float:
    """Seconds that PostgreSQL and its driver take for the same rows, the table being as it was before the night."""
    champs = [champ.column for champ in LienGroupe._meta.concrete_fields if not champ.primary_key]
    lignes = list(LienGroupe.objects.filter(etablissement=etablissement).values_list(*champs))
    LienGroupe.objects.filter(etablissement=etablissement).delete()
    ordre = f"COPY {LienGroupe._meta.db_table} ({', '.join(champs)}) FROM STDIN"

    def copy() -> None:
        with transaction.atomic(), connection.cursor() as cursor, cursor.copy(ordre) as copie:
            for ligne in lignes:
                copie.write_row(ligne)

    return clock(copy)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--eleves", type=int, default=1000)
    options.add_argument("--groupes", type=int, default=10)
    options.add_argument("--tours", type=int, default=5)
    choix = options.parse_args()
    rangs = count(1)
    premieres, copies, encore = [], [], []
    for tour in range(choix.tours + 1):
        ecole, liens = make_ecole(next(rangs), choix.eleves, choix.groupes)
        temps = run_night(deposit(ecole, liens)), run_night(deposit(ecole, liens)), copy_bare(ecole)
        if tour:  # the first turn warms up
            for liste, valeur in zip((premieres, encore, copies), temps, strict=True):
                liste.append(valeur)
    lignes = f"{choix.eleves * choix.groupes} liens"
    say(f"nuit, premier import de {lignes}, contre COPY seul des mêmes lignes", premieres, copies, "4 au plus")
    say("nuit, même fichier sans changement, contre le premier import", encore, premieres, "0.10 au plus")


if __name__ == "__main__":
    main()

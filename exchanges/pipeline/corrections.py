"""The corrected file of a deposit, from the stored bytes and what the database holds now."""

from datetime import datetime

from exchanges.importer.referentiel import read_referentiel
from exchanges.models import Depot
from exchanges.pipeline.depots import Jugement, judge_depot
from exchanges.rules.correction import Correction, correct
from exchanges.writers import write_depot


class RienAEcrire(Exception):
    """No élève is left in the corrected file: SIECLE wants at least one."""


def correct_jugement(depot: Depot, jugement: Jugement) -> Correction:
    """The corrected file of a deposit that has just been judged. Nothing is written."""
    return correct(jugement.fichier, read_referentiel(depot.etablissement, jugement.liens), jugement.verdict)


def correct_depot(depot: Depot) -> Correction:
    """The corrected file of a deposit, judged as if the night were now. Nothing is written.

    Raises:
        FichierRefuse: the stored bytes are no longer what they were.
        FileNotFoundError: the file has been purged.
    """
    return correct_jugement(depot, judge_depot(depot))


def write_correction(correction: Correction, quand: datetime) -> tuple[str, bytes]:
    """The ZIP to deposit instead: its exact name, never the original's, and its bytes.

    Args:
        correction: what to write.
        quand: now, in the school's local time.

    Raises:
        RienAEcrire: no élève is left.
    """
    if correction.is_vide:
        raise RienAEcrire
    fichier = correction.dated(quand)
    return write_depot(fichier, fichier.entete.horodatage or quand)

"""Export a school or a projet as the AAF sent it on a day."""

from exchanges.enums import GenreAAF
from exchanges.management.exportation import (
    ARCHIVES,
    Exportation,
    NonConforme,
    check,
    writing_directory,
    writing_file,
)
from exchanges.pipeline.exportations import write_aaf, write_aaf_directory


class Command(Exportation):
    help = (
        "Écrit l'export de l'annuaire académique fédérateur d'un établissement ou d'un projet, tel que l'AAF l'avait "
        "un jour donné : complet, ou delta depuis la veille. Ce que l'ENT avalerait en silence est dit ; un export "
        "qui rompt une post-condition n'est pas écrit (code de retour 1)."
    )

    def add_own_arguments(self, parser):
        super().add_own_arguments(parser)
        parser.add_argument("--kind", choices=[str(genre) for genre in GenreAAF], default=str(GenreAAF.COMPLET))
        parser.add_argument("--force", action="store_true", help="garder l'export même s'il rompt une post-condition")

    def export(self, perimetre, jour, out, kind, force, **options):
        genre = GenreAAF(kind)
        try:
            if out.name.endswith(ARCHIVES):
                with writing_file(out) as sortie:
                    return out, check(write_aaf(perimetre, genre, jour, sortie), force)
            with writing_directory(out) as dossier:
                return out, check(write_aaf_directory(perimetre, genre, jour, dossier), force)
        except NonConforme as refus:
            return None, refus.export

"""Export the cohortes of a school or a projet as Moodle received them on a day."""

import io
import tarfile

from exchanges.management.exportation import ARCHIVES, Exportation, writing_directory, writing_file
from exchanges.pipeline.exportations import ExportMoodle, write_moodle


class Command(Exportation):
    help = (
        "Écrit les deux CSV de Moodle d'un établissement ou d'un projet, tels qu'un jour donné : les cohortes, puis "
        "leurs membres avec leur identifiant de l'ENT."
    )

    def export(self, perimetre, jour, out, **options):
        export = write_moodle(perimetre, jour)
        if out.name.endswith(ARCHIVES):
            with writing_file(out) as sortie, tarfile.open(fileobj=sortie, mode="w:gz") as archive:
                for nom, octets in files_of(export).items():
                    membre = tarfile.TarInfo(nom)
                    membre.size = len(octets)
                    archive.addfile(membre, io.BytesIO(octets))
        else:
            with writing_directory(out) as dossier:
                for nom, octets in files_of(export).items():
                    (dossier / nom).write_bytes(octets)
        return out, export


def files_of(export: ExportMoodle) -> dict[str, bytes]:
    """The two CSV by name."""
    return dict(zip(export.fichiers, (export.cohortes, export.membres), strict=True))

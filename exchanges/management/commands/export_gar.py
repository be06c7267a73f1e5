"""Export a school or a projet as its ENT gave it to the GAR on a day."""

from exchanges.management.exportation import ARCHIVES, Exportation, writing_file
from exchanges.pipeline.exportations import name_gar, write_gar


class Command(Exportation):
    help = (
        "Écrit l'archive du GAR d'un établissement ou d'un projet, telle que l'ENT l'a donnée un jour, et son .md5 "
        "à côté. Dans un dossier, elle porte le nom que le GAR attend. Ce que les règles écartent est dit."
    )

    def export(self, perimetre, jour, out, **options):
        archive = out if out.name.endswith(ARCHIVES) else out / name_gar(perimetre, jour)
        with writing_file(archive) as sortie:
            export = write_gar(perimetre, jour, sortie)
        suffixe = next(suffixe for suffixe in ARCHIVES if archive.name.endswith(suffixe))
        md5 = archive.with_name(archive.name.removesuffix(suffixe) + ".md5")
        with writing_file(md5) as sortie:
            sortie.write(export.md5.encode())
        export.fichiers = [archive.name, md5.name]
        return archive, export

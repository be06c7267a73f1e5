"""What ``export_aaf``, ``export_gar`` and ``export_moodle`` share: whom, which day, where, and the report.

Everything is written beside its place, then renamed: OUT holds a whole export or what it held before.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import IO

from django.core.management.base import CommandError

from exchanges.management.commande import Commande, find_etablissement
from exchanges.models import Etablissement, ProjetENT
from exchanges.pipeline.exportations import Export
from exchanges.reports.exportations import Perimetre, RienAExporter, perimetre_of, perimetres_of


ARCHIVES = (".tgz", ".tar.gz")
LIGNES_DITES = 5


class Exportation(Commande):
    """A command that exports a school or a projet as it was on a day."""

    def add_own_arguments(self, parser):
        qui = parser.add_mutually_exclusive_group(required=True)
        qui.add_argument("--uai", help="un établissement")
        qui.add_argument("--projet", metavar="NOM", help="tous les établissements d'un projet ENT (nom ou numéro)")
        parser.add_argument("--date", required=True, metavar="AAAA-MM-JJ", help="jour de l'état à exporter")
        parser.add_argument("out", metavar="OUT", type=Path, help="dossier, ou archive .tgz ou .tar.gz")

    def run(self, uai, projet, out, **options):
        jour = read_jour(options["date"])
        perimetres = [perimetre_of(find_etablissement(uai))] if uai else find_projet(projet)
        is_archive = out.name.endswith(ARCHIVES)
        if is_archive and len(perimetres) > 1:
            raise CommandError(
                f"Le projet « {projet} » s'étend sur {len(perimetres)} académies : il faut un export pour chacune. "
                "Rien n'a été écrit ; indiquez un dossier."
            )
        try:
            exports = [
                self.export(perimetre, jour, out / perimetre.mot if len(perimetres) > 1 else out, **options)
                for perimetre in perimetres
            ]
        except (RienAExporter, ValueError) as exc:
            raise CommandError(str(exc)) from exc
        except OSError as exc:
            raise CommandError(f"{exc.filename or out} ne peut pas être écrit : {exc.strerror}.") from exc
        self.tell(exports)

    def export(self, perimetre: Perimetre, jour: date, out: Path, **options) -> tuple[Path | None, Export]:
        """Write one export; what comes back is where it is (``None``: it was not kept) and what it holds."""
        raise NotImplementedError

    def tell(self, exports: list[tuple[Path | None, Export]]) -> None:
        """Figures, then findings rule by rule; stops with 1 when a post-condition does not hold."""
        self.answer({"exports": [_to_json(*couple) for couple in exports]})
        for chemin, export in exports:
            if chemin:
                self.say(self.style.SUCCESS(f"{chemin}"))
                self.say(f"  {len(export.fichiers) or 1} fichiers : " + _join(export.comptes))
            if export.ecartes:
                self.say(f"  {export.ecartes} entrées écartées par les règles ci-dessous")
            self._tell_report(export)
        rompus = [(chemin, export) for chemin, export in exports if export.rapport.has_rupture]
        if rompus:
            suite = "Rien n'a été écrit" if any(chemin is None for chemin, _ in rompus) else "L'export a été écrit"
            raise CommandError(
                f"{len(rompus)} export rompt ce que tout export réel respecte. {suite} ; corrigez ce qui est dit "
                "ci-dessus, ou relancez avec --force pour garder l'export quand même.",
                returncode=1,
            )

    def _tell_report(self, export: Export) -> None:
        for trouvees in export.rapport:
            style = self.style.ERROR if trouvees.is_postcondition else self.style.WARNING
            self.say(style(f"  {trouvees.nombre} × {trouvees.regle.titre} ({trouvees.regle.code})"))
            for categorie, identifiant, message in trouvees.lignes[:LIGNES_DITES]:
                self.say(f"      {categorie} {identifiant} : {message}")
            if trouvees.nombre > LIGNES_DITES:
                self.say(f"      et {trouvees.nombre - LIGNES_DITES} autres")


def _join(comptes: dict[str, int]) -> str:
    return ", ".join(f"{nombre} {nom}" for nom, nombre in comptes.items()) or "aucun enregistrement"


def _to_json(chemin: Path | None, export: Export) -> dict[str, object]:
    return {
        "chemin": str(chemin) if chemin else None,
        "nom": export.nom,
        "fichiers": export.fichiers,
        "comptes": export.comptes,
        "ecartes": export.ecartes,
        "md5": export.md5,
        "is_conforme": not export.rapport.has_rupture,
        "constats": [
            {
                "code": trouvees.regle.code,
                "titre": trouvees.regle.titre,
                "is_postcondition": trouvees.is_postcondition,
                "nombre": trouvees.nombre,
                "lignes": [dict(zip(("categorie", "id", "message"), ligne, strict=True)) for ligne in trouvees.lignes],
            }
            for trouvees in export.rapport
        ],
    }


def read_jour(texte: str) -> date:
    """The day of an argument ``--date``.

    Raises:
        CommandError: it is not a date.
    """
    try:
        return date.fromisoformat(texte)
    except ValueError as exc:
        raise CommandError(f"« {texte} » n'est pas une date AAAA-MM-JJ.") from exc


def find_projet(nom: str) -> list[Perimetre]:
    """The schools of a projet given by its name or its number, académie by académie.

    Raises:
        CommandError: there is no such projet, or it has no school.
    """
    cle = {"pk": int(nom)} if nom.isdecimal() else {"nom__iexact": nom.strip()}
    projet = ProjetENT.objects.filter(**cle).first()
    if projet is None:
        connus = ", ".join(f"« {connu} »" for connu in ProjetENT.objects.order_by("nom").values_list("nom", flat=True))
        raise CommandError(f"Le projet ENT « {nom} » n'est pas connu. Projets connus : {connus or 'aucun'}.")
    perimetres = perimetres_of(projet, Etablissement.objects.all())
    if not perimetres:
        raise CommandError(f"Le projet ENT « {projet.nom} » n'a aucun établissement : il n'y a rien à exporter.")
    return perimetres


@contextmanager
def writing_file(chemin: Path) -> Iterator[IO[bytes]]:
    """A stream that becomes the file at the end of the block; nothing of it is left when the block fails."""
    chemin.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=chemin.parent, prefix=".export-", delete=False) as sortie:
        try:
            yield sortie
            sortie.flush()
            os.replace(sortie.name, chemin)
        except BaseException:
            Path(sortie.name).unlink(missing_ok=True)
            raise


@contextmanager
def writing_directory(dossier: Path) -> Iterator[Path]:
    """A directory that becomes ``dossier`` at the end of the block: it must be new or empty.

    Raises:
        CommandError: it holds something.
    """
    if dossier.exists() and (not dossier.is_dir() or any(dossier.iterdir())):
        raise CommandError(
            f"{dossier} existe et n'est pas un dossier vide : d'anciens fichiers passeraient pour ceux de cet export. "
            "Rien n'a été écrit ; indiquez un dossier vide ou nouveau, ou une archive .tgz."
        )
    dossier.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=dossier.parent, prefix=".export-", ignore_cleanup_errors=True) as attente:
        provisoire = Path(attente) / "export"
        provisoire.mkdir(mode=0o700)
        yield provisoire
        os.replace(provisoire, dossier)


class NonConforme(Exception):
    """The export breaks a post-condition: raised inside the block that writes, so that nothing is kept."""

    def __init__(self, export: Export):
        super().__init__(export.nom)
        self.export = export


def check(export: Export, is_force: bool) -> Export:
    """The same export, unless it must not be kept.

    Raises:
        NonConforme: it breaks a post-condition, and nobody forces it.
    """
    if export.rapport.has_rupture and not is_force:
        raise NonConforme(export)
    return export

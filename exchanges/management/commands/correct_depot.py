"""Write a deposit again without what SIECLE would reject. No database."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from exchanges.enums import Gravite, TypeFichier
from exchanges.management import rapport
from exchanges.management.commande import Commande
from exchanges.management.dossier import Dossier, read_dossier
from exchanges.parsers import FichierRefuse
from exchanges.pipeline.corrections import RienAEcrire, write_correction
from exchanges.reports.tableur import to_csv
from exchanges.rules.correction import Correction, correct
from exchanges.rules.referentiel import referentiel_from_files
from exchanges.templatetags.entsite import nombre, pluriel
from exchanges.views.corrections import RIEN, TITRES, list_retraits


LISTE = "corrige.csv"
RIEN_ECRIT, REFUSE = 1, 2


class Command(Commande):
    help = (
        "Écrit à nouveau un ZIP ELEGROUPE sans ce que SIECLE refuserait, sous un nouveau nom, avec la liste de ce qui "
        f"a été retiré ({LISTE}). Sans base de données. Code retour : 0 écrit, 1 rien à écrire, 2 refusé."
    )
    requires_system_checks = ()

    def add_own_arguments(self, parser):
        parser.add_argument("zip", help="le ZIP produit par EDT ou PRONOTE")
        parser.add_argument("fichiers", nargs="+", metavar="FICHIER", help="exports de SIECLE et de STS-Web")
        parser.add_argument("--out", required=True, metavar="DOSSIER", help="où écrire les deux fichiers")

    def run(self, fichiers, out, **options):
        dossier = read_dossier([options["zip"], *fichiers])
        if refus := _find_refus(dossier):
            self.refuse(refus, REFUSE)
        correction = correct(dossier.depot, referentiel_from_files(dossier.autres))
        chemin = _write(correction, Path(out))
        self.answer(_answer(correction, chemin))
        self._tell(dossier, correction, chemin)
        if chemin is None:
            raise SystemExit(RIEN_ECRIT)

    def _tell(self, dossier: Dossier, correction: Correction, chemin: Path | None) -> None:
        for ligne in rapport.tell_files(dossier, self.style):
            self.say(ligne)
        if correction.retraits:
            self.say(self.style.MIGRATE_HEADING("Ce qui a été retiré"))
            montres = correction.retraits[: rapport.MAX_PARAGRAPHES]
            lignes = [(r.nature.libelle, r.nom, r.division or "–", r.groupe or "–", r.code or "–") for r in montres]
            for ligne in rapport.align(("Retrait", "Élève", "Division", "Groupe", "Code"), lignes, self.style):
                self.say(ligne)
        reste = len(correction.retraits) - rapport.MAX_PARAGRAPHES
        if reste > 0:
            self.say(f"  … et {nombre(reste)} {pluriel(reste, 'autre')}, dans {LISTE}")
        if chemin is None:
            self.say(self.style.WARNING(RIEN))
        else:
            eleves, retraits = len(correction.fichier.eleves), len(correction.retraits)
            self.say(
                self.style.SUCCESS(f"{chemin} écrit")
                + f" : {nombre(eleves)} {pluriel(eleves, 'élève')}, {nombre(retraits)} {pluriel(retraits, 'retrait')}."
            )


def _find_refus(dossier: Dossier) -> FichierRefuse | None:
    """What forbids to correct anything: a file refused, no deposit, no Élèves export."""
    if dossier.refus:
        return dossier.refus[0]
    for anomalie in dossier.anomalies:
        if anomalie.gravite == Gravite.BLOQUANTE:
            return FichierRefuse(anomalie.code, anomalie.message, anomalie.action)
    if dossier.depot is None:
        return FichierRefuse(
            "depot_manquant",
            "Aucun des fichiers n'est un fichier de liens élève-groupe.",
            "Donnez d'abord le ZIP ELEGROUPE produit par EDT ou PRONOTE.",
        )
    if TypeFichier.ELEVES not in {fichier.entete.type for fichier in dossier.autres}:
        return FichierRefuse(
            "export_eleves_manquant",
            "Sans l'export des élèves de SIECLE, personne ne peut être identifié.",
            "Ajoutez ElevesSansAdresses.xml (SIECLE, Exportations > En XML).",
        )
    return None


def _write(correction: Correction, dossier: Path) -> Path | None:
    """The ZIP and the list; ``None`` when no élève is left, then only the list is written."""
    try:
        dossier.mkdir(parents=True, exist_ok=True)
        (dossier / LISTE).write_bytes(to_csv(TITRES, list_retraits(correction)))
        nom, octets = write_correction(correction, timezone.localtime())
        (dossier / nom).write_bytes(octets)
    except RienAEcrire:
        return None
    except OSError as exc:
        raise CommandError(f"{dossier} ne peut pas être écrit ({exc.strerror}).") from exc
    return dossier / nom


def _answer(correction: Correction, chemin: Path | None) -> dict[str, Any]:
    return {
        "fichier": str(chemin) if chemin else None,
        "eleves": len(correction.fichier.eleves),
        "retraits": [asdict(retrait) for retrait in correction.retraits],
        "refus": [],
    }

"""``manage.py generate_academie OUT``: the files of a fictitious académie, for tests, demonstrations and measures."""

import json
import re
from argparse import ArgumentTypeError
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from exchanges.generator import (
    METROPOLE,
    NOUVELLE_CALEDONIE,
    TAUX_FAUTES,
    Ecole,
    generate,
    list_fautes,
    write_ecole,
)
from exchanges.generator.files import AUTRES
from exchanges.generator.identifiants import ECOLES_MAX


INDEX = "academie.json"
CALENDRIERS = {"metropole": METROPOLE, "nouvelle-caledonie": NOUVELLE_CALEDONIE}
_DOSSIER_ECOLE = re.compile(r"099\d{4}[A-HJ-NPR-Z]")


class Command(BaseCommand):
    help = "Écrit les fichiers d'une académie fictive : exports SIECLE et STS, liens élève-groupe, fautes connues."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("dossier", metavar="OUT", type=Path, help="dossier à remplir, créé s'il n'existe pas")
        parser.add_argument("--etablissements", type=_nombre, default=3, help="nombre d'établissements (3)")
        parser.add_argument("--seed", type=int, default=1, help="même graine, mêmes fichiers (1)")
        parser.add_argument("--annee", type=_annee, default="2026", help="année de la rentrée (2026)")
        parser.add_argument(
            "--taux-fautes", type=_part, default=TAUX_FAUTES, help="part des établissements fautifs, de 0 à 1 (0.3)"
        )
        parser.add_argument(
            "--multi-inscriptions",
            type=_part,
            default=0.0,
            help="part des établissements dont un élève est aussi inscrit dans un autre, de 0 à 1 (0)",
        )
        parser.add_argument("--calendrier", choices=CALENDRIERS, default="metropole", help="année scolaire suivie")
        parser.add_argument(
            "--echelle", type=_part, default=1.0, help="part de la taille normale d'un établissement, de 0 à 1 (1)"
        )
        parser.add_argument("--json", action="store_true", help="n'écrit que le résultat, en JSON")

    def handle(self, *, dossier: Path, etablissements: int, seed: int, **options):
        prepare(dossier)
        parametres = {"seed": seed, "annee": options["annee"], "taux_fautes": options["taux_fautes"]}
        write_index(dossier, parametres, [])
        ecoles = generate(
            etablissements,
            seed,
            options["annee"],
            taux_fautes=options["taux_fautes"],
            calendrier=CALENDRIERS[options["calendrier"]],
            echelle=options["echelle"],
            multi_inscriptions=options["multi_inscriptions"],
        )
        lignes = []
        for ecole in ecoles:
            lignes.append(describe(ecole, write_ecole(ecole, dossier)))
            if not options["json"]:
                self.stdout.write(summarize(lignes[-1], len(lignes), etablissements))
        write_index(dossier, parametres, lignes)
        if options["json"]:
            resultat = {"dossier": str(dossier), "etablissements": lignes}
            self.stdout.write(json.dumps(resultat, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(f"{len(lignes)} établissements dans {dossier}.")


def prepare(dossier: Path) -> None:
    """Make the folder ready: new, empty, or emptied of the files of a former generation, and of them only.

    Raises:
        CommandError: the path is a file, or the folder holds something else.
    """
    if dossier.exists() and not dossier.is_dir():
        raise CommandError(f"{dossier} est un fichier ; indiquez un dossier.")
    dossier.mkdir(parents=True, exist_ok=True)
    if not (dossier / INDEX).exists():
        if any(dossier.iterdir()):
            raise CommandError(
                f"Le dossier {dossier} n'est pas vide et ne contient pas d'académie générée ; "
                "rien n'a été écrit. Indiquez un dossier vide ou nouveau."
            )
        return
    for dossier_ecole in dossier.iterdir():
        if dossier_ecole.is_dir() and _DOSSIER_ECOLE.fullmatch(dossier_ecole.name):
            _remove_ecole(dossier_ecole)


def _remove_ecole(dossier_ecole: Path) -> None:
    for motif in (f"{AUTRES}/*.xml", "*.xml", f"{dossier_ecole.name}ELEGROUPE*.zip", "fautes.json"):
        for chemin in dossier_ecole.glob(motif):
            chemin.unlink()
    for vide in (dossier_ecole / AUTRES, dossier_ecole):
        if vide.is_dir() and not any(vide.iterdir()):
            vide.rmdir()


def describe(ecole: Ecole, chemins: list[Path]) -> dict:
    """One line of ``academie.json``."""
    return {
        "uai": ecole.uai,
        "denomination": ecole.denomination,
        "type": ecole.type,
        "eleves": len(ecole.eleves.eleves),
        "fichiers": [str(chemin.relative_to(chemins[-1].parent)) for chemin in chemins],
        "fautes": list_fautes(ecole),
    }


def summarize(ligne: dict, rang: int, total: int) -> str:
    """The line a person reads while the schools come."""
    fautes = ", ".join(faute["code"] for faute in ligne["fautes"]) or "aucune faute"
    return f"{rang}/{total} {ligne['uai']} {ligne['denomination']} : {ligne['eleves']} élèves, {fautes}"


def write_index(dossier: Path, parametres: dict, lignes: list[dict]) -> None:
    """Write ``academie.json``, which also marks the folder as ours from the first school on."""
    contenu = json.dumps({**parametres, "etablissements": lignes}, ensure_ascii=False, indent=2)
    (dossier / INDEX).write_text(contenu + "\n", encoding="utf-8")


def _nombre(texte: str) -> int:
    if not texte.isdecimal() or not 1 <= int(texte) <= ECOLES_MAX:
        raise ArgumentTypeError(f"« {texte} » n'est pas un nombre d'établissements : de 1 à {ECOLES_MAX}.")
    return int(texte)


def _annee(texte: str) -> str:
    if not re.fullmatch(r"20\d\d", texte):
        raise ArgumentTypeError(f"« {texte} » n'est pas une année scolaire, par exemple 2026.")
    return texte


def _part(texte: str) -> float:
    try:
        part = float(texte)
    except ValueError:
        part = -1.0
    if not 0 <= part <= 1:
        raise ArgumentTypeError(f"« {texte} » n'est pas un nombre entre 0 et 1.")
    return part

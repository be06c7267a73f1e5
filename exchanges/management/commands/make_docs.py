"""Generate the pages of documentation that come from the code."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from exchanges.rules.catalogue import all_regles


CHEMIN = Path("docs") / "regles.md"


class Command(BaseCommand):
    help = "Écrit docs/regles.md à partir du catalogue des règles (--check : dit seulement s'il est à jour)."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="ne rien écrire, échouer si le fichier n'est pas à jour"
        )

    def handle(self, *args, check, **options):
        chemin = settings.BASE_DIR / CHEMIN
        texte = render()
        if check:
            if not chemin.exists() or chemin.read_text(encoding="utf-8") != texte:
                raise CommandError(f"{CHEMIN} n'est pas à jour : lancez « make docs ».")
            self.stdout.write(f"{CHEMIN} est à jour.")
            return
        chemin.write_text(texte, encoding="utf-8")
        self.stdout.write(f"{CHEMIN} écrit.")


def render() -> str:
    """The page, in Markdown."""
    lignes = ["# Les règles", "", "Page générée par `make docs` à partir de `exchanges/rules/catalogue.py`.", ""]
    for regle in all_regles():
        lignes += [f"## {regle.code}", "", f"**{regle.titre}** ({regle.gravite.libelle}, règle {regle.famille})", ""]
        lignes += [regle.conseil, ""]
    return "\n".join(lignes).rstrip() + "\n"

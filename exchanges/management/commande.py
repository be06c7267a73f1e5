"""What the commands of entsite share: ``--json`` for scripts, sentences for people."""

import json
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from exchanges.models import Etablissement
from exchanges.parsers.errors import FichierRefuse


class Commande(BaseCommand):
    """A command that speaks to a person, or answers one JSON object with stable keys on stdout."""

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", dest="is_json", help="une réponse JSON, pour un script")
        self.add_own_arguments(parser)

    def add_own_arguments(self, parser):
        """Arguments of the command itself."""

    def handle(self, *args, is_json, **options):
        self.is_json = is_json
        self.run(**options)

    def run(self, **options):
        """The command's work."""
        raise NotImplementedError

    def say(self, texte: str = "") -> None:
        """A line for a person; silent with ``--json``."""
        if not self.is_json:
            self.stdout.write(texte)

    def answer(self, reponse: dict[str, Any]) -> None:
        """The JSON answer; silent without ``--json``."""
        if self.is_json:
            self.stdout.write(json.dumps(reponse, ensure_ascii=False, default=_encode))

    def refuse(self, refus: FichierRefuse, code_retour: int = 2) -> None:
        """Say why a file was refused, and stop.

        Raises:
            CommandError: with the sentence and what to do; with ``--json`` the answer is printed first.
        """
        self.answer({"refus": [{"code": str(refus.code), "message": refus.message, "action": refus.action}]})
        raise CommandError(f"{refus.message}\n{refus.action}", returncode=code_retour)


def _encode(valeur: Any) -> str:
    if isinstance(valeur, date | datetime):
        return valeur.isoformat()
    raise TypeError(type(valeur).__name__)


def find_etablissement(uai: str) -> Etablissement:
    """The établissement of a UAI.

    Raises:
        CommandError: it is not known here.
    """
    trouve = Etablissement.objects.select_related("academie", "projet_ent").filter(uai=uai.strip().upper()).first()
    if trouve is None:
        raise CommandError(
            f"L'établissement {uai} n'est pas connu. Chargez d'abord ses fichiers : load_files FICHIER…"
        )
    return trouve

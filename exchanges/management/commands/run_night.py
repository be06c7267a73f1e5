"""Let nights pass: run in this process whatever is due, in order."""

from datetime import datetime

from django.core.management.base import CommandError
from django.utils import timezone

from exchanges.enums import EtatPassage, Relais
from exchanges.management.commande import Commande
from exchanges.pipeline.nuits import run_until


_ETATS = {EtatPassage.FAIT: "fait", EtatPassage.RETENU: "retenu", EtatPassage.ANNULE: "annulé"}


class Command(Commande):
    help = (
        "Exécute dans ce processus tout ce qui est dû : nuits de SIECLE, AAF, ENT, GAR, Moodle. Avec --until, "
        "l'horloge des académies simulées avance d'abord jusque-là ; celle d'une académie réelle n'est pas déplacée."
    )

    def add_own_arguments(self, parser):
        parser.add_argument(
            "--until", metavar="AAAA-MM-JJTHH:MM", help="jusqu'à cet instant (heure locale sans fuseau)"
        )

    def run(self, until, **options):
        faites = []
        for tache, is_faite in run_until(_instant(until)):
            passage = tache.passage
            passage.refresh_from_db(fields=["etat", "motif", "genre"])
            depot = passage.depot if passage.relais == Relais.SIECLE else None
            faites.append(
                {
                    "relais": passage.relais,
                    "genre": passage.genre,
                    "uai": tache.etablissement.uai,
                    "prevu_le": tache.prevu_le,
                    "depot": depot.pk if depot else None,
                    "reussie": is_faite,
                    "etat": passage.etat,
                    "motif": passage.motif,
                }
            )
            self.say(self._tell(tache, is_faite))
        self.say(f"{len(faites)} traitements exécutés." if faites else "Rien n'était dû.")
        self.answer({"traitements": faites})
        if not all(tache["reussie"] for tache in faites):
            raise CommandError("Au moins un traitement a échoué ; il sera repris.", returncode=1)

    def _tell(self, tache, is_faite):
        """One line for one passage: when, which relay and genre, which school, what came of it and why."""
        passage = tache.passage
        libelle = _ETATS.get(EtatPassage(passage.etat), "échec") if is_faite else "échec"
        etat = self.style.SUCCESS(libelle) if libelle == "fait" else self.style.ERROR(libelle)
        prevu = timezone.localtime(tache.prevu_le)
        debut = f"{prevu:%d/%m/%Y %H:%M}  {passage.relais:7} {passage.genre:8} {tache.etablissement.uai}"
        return f"{debut}  {etat}" + (f"  {passage.motif}" if passage.motif else "")


def _instant(texte: str | None) -> datetime | None:
    if texte is None:
        return None
    try:
        instant = datetime.fromisoformat(texte)
    except ValueError as exc:
        raise CommandError(f"« {texte} » n'est pas une date ISO, par exemple 2026-09-08T07:00.") from exc
    return instant if instant.tzinfo else timezone.make_aware(instant)

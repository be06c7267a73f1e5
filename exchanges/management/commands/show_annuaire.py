"""Show the ENT of a school on any day."""

from datetime import date

from django.core.management.base import CommandError

from exchanges.management.commande import Commande, find_etablissement
from exchanges.reports.annuaire import annuaire_of


class Command(Commande):
    help = "Montre les divisions et les groupes d'un établissement tels que l'ENT les a un jour donné."

    def add_own_arguments(self, parser):
        parser.add_argument("uai")
        parser.add_argument("--date", required=True, metavar="AAAA-MM-JJ", help="jour, passé ou à venir")

    def run(self, uai, **options):
        etablissement = find_etablissement(uai)
        try:
            jour = date.fromisoformat(options["date"])
        except ValueError as exc:
            raise CommandError(f"« {options['date']} » n'est pas une date AAAA-MM-JJ.") from exc
        annuaire = annuaire_of(etablissement, jour)
        self.answer(
            {
                "uai": etablissement.uai,
                "date": jour,
                "divisions": _ids(annuaire.divisions),
                "groupes": _ids(annuaire.groupes),
            }
        )
        if annuaire.passage is None:
            self.say("Aucun passage vers l'ENT à cette date : l'ENT ne connaît pas encore cet établissement.")
        for titre, structures in (("Divisions", annuaire.divisions), ("Groupes", annuaire.groupes)):
            self.say(f"{titre} : {len(structures)}")
            for code, membres in structures.items():
                self.say(f"  {code:10} {len(membres):4} élèves")
        for membre, motif in annuaire.sans_compte:
            self.say(f"  sans compte : {membre.eleve_id} ({motif.code})")


def _ids(structures):
    return {code: [membre.eleve_id for membre in membres] for code, membres in structures.items()}

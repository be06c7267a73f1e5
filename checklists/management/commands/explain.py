"""Say why the ENT of a school does not show somebody or something."""

from datetime import date

from django.core.management.base import CommandError

from checklists.diagnostic import Diagnostic, Genre, aim, diagnose
from exchanges.management.commande import Commande, find_etablissement
from exchanges.propagation.horloge import Horloge
from exchanges.templatetags.entsite import jour_annee


_SIGNES = {"ok": "✔", "rupture": "✖", "en_attente": "…", "sans_objet": "–"}


class Command(Commande):
    help = "Explique pourquoi l'ENT ne montre pas un élève, un enseignant, un responsable, un groupe ou une division."

    def add_own_arguments(self, parser):
        parser.add_argument("--uai", required=True)
        cible = parser.add_mutually_exclusive_group(required=True)
        cible.add_argument("--eleve", metavar="ELEVE_ID")
        cible.add_argument("--individu", metavar="ID", help="identifiant STS, ou TYPE:ID (epp:1234)")
        cible.add_argument("--responsable", metavar="PERSONNE_ID")
        cible.add_argument("--groupe", metavar="CODE")
        cible.add_argument("--division", metavar="CODE")
        parser.add_argument("--date", metavar="AAAA-MM-JJ", help="jour, passé ou présent (aujourd'hui par défaut)")

    def run(self, uai, **options):
        etablissement = find_etablissement(uai)
        maintenant = Horloge(etablissement.academie).maintenant
        cible = aim(etablissement, *_read_cible(options))
        diagnostic = diagnose(etablissement, cible, _read_jour(options["date"], maintenant.date()), maintenant)
        self.answer({"uai": etablissement.uai, **diagnostic.as_json()})
        self._tell(diagnostic)

    def _tell(self, diagnostic: Diagnostic) -> None:
        self.say(diagnostic.phrase)
        for maillon in diagnostic.maillons:
            quand = f" (depuis {jour_annee(maillon.depuis)})" if maillon.depuis else ""
            self.say(f"  {_SIGNES[maillon.etat]} {maillon.couche:7} {maillon.preuve}{quand}".rstrip())
        if diagnostic.cause:
            self.say(f"Cause : {diagnostic.cause.titre}")
            self.say(f"À faire : {diagnostic.action} ({diagnostic.cause.qui})")
        if diagnostic.visible_le:
            self.say(f"Visible dans l'ENT : {jour_annee(diagnostic.visible_le)}")
        for _, phrase in (*diagnostic.autres, *diagnostic.surveiller):
            self.say(f"À surveiller : {phrase}")
        if diagnostic.ticket:
            self.say(f"\nDossier d'assistance « {diagnostic.ticket.guichet} »\n{diagnostic.ticket.objet}")
            self.say(diagnostic.ticket.texte)


def _read_cible(options) -> tuple[Genre, str, str]:
    genres = {
        "eleve": Genre.ELEVE,
        "responsable": Genre.RESPONSABLE,
        "groupe": Genre.GROUPE,
        "division": Genre.DIVISION,
    }
    for nom, genre in genres.items():
        if options[nom] is not None:
            return genre, options[nom], ""
    type_individu, _, numero = options["individu"].rpartition(":")
    return Genre.INDIVIDU, numero, type_individu


def _read_jour(texte: str | None, aujourd_hui: date) -> date:
    try:
        return date.fromisoformat(texte) if texte else aujourd_hui
    except ValueError as exc:
        raise CommandError(f"« {texte} » n'est pas une date AAAA-MM-JJ.") from exc

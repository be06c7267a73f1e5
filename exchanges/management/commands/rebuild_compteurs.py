"""Count every school again from its facts, and prove that the figures kept were right."""

from django.core.management.base import CommandError

from exchanges.management.commande import Commande, find_etablissement
from exchanges.models import Etablissement
from exchanges.pipeline.compteurs import find_ecarts, rebuild_compteurs
from exchanges.templatetags.entsite import pluriel


class Command(Commande):
    help = (
        "Recompte les chiffres que lit la DANE (tableau de bord de l'académie) d'après les faits de chaque "
        "établissement. --check n'écrit rien : le code de retour est 1 si un chiffre gardé était faux."
    )

    def add_own_arguments(self, parser):
        parser.add_argument("--uai", action="append", default=[], help="un établissement ; tous si absent")
        parser.add_argument("--check", action="store_true", help="comparer seulement")

    def run(self, uai, check, **options):
        etablissements = [find_etablissement(un) for un in uai] or Etablissement.objects.select_related(
            "academie", "projet_ent"
        ).order_by("uai")
        reponses = [self._count(etablissement, check) for etablissement in etablissements]
        self.answer({"etablissements": reponses})
        faux = [reponse["uai"] for reponse in reponses if reponse["ecarts"]]
        combien = f"{len(reponses)} {pluriel(len(reponses), 'établissement recompté')}"
        self.say(f"{combien}, {len(faux)} dont les chiffres étaient faux.")
        if check and faux:
            raise CommandError(
                f"Les chiffres de {', '.join(faux)} n'étaient pas justes. Relancez la commande sans --check pour les "
                "refaire.",
                returncode=1,
            )

    def _count(self, etablissement: Etablissement, is_check: bool) -> dict[str, object]:
        ecarts = find_ecarts(etablissement) if is_check else rebuild_compteurs(etablissement)
        for ecart in ecarts:
            self.say(f"{etablissement.uai} : {ecart.champ} était {ecart.garde}, c'est {ecart.juste}.")
        return {
            "uai": etablissement.uai,
            "ecarts": {ecart.champ: {"garde": ecart.garde, "juste": ecart.juste} for ecart in ecarts},
        }

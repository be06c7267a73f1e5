"""Judge the work lists again from the facts, and prove that those kept were right."""

from django.core.management.base import CommandError

from exchanges.management.commande import Commande, find_etablissement
from exchanges.models import Etablissement
from exchanges.pipeline.constats import Ecart, find_ecart, rebuild_constats
from exchanges.propagation.horloge import Horloge


class Command(Commande):
    help = (
        "Refait les listes de travail (fiches bloquantes, doublons, mauvais identifiants…) d'après les faits. "
        "--check n'écrit rien : le code de retour est 1 si une liste gardée était fausse."
    )

    def add_own_arguments(self, parser):
        parser.add_argument("uai", nargs="*", help="établissements ; tous si aucun n'est donné")
        parser.add_argument("--check", action="store_true", help="comparer seulement")

    def run(self, uai, check, **options):
        etablissements = [find_etablissement(un) for un in uai] or list(
            Etablissement.objects.select_related("academie", "projet_ent").order_by("uai")
        )
        reponses = [self._judge(etablissement, check) for etablissement in etablissements]
        self.answer({"etablissements": reponses})
        faux = [reponse["uai"] for reponse in reponses if not reponse["juste"]]
        if check and faux:
            raise CommandError(
                f"Les listes de {', '.join(faux)} n'étaient pas justes. Relancez la commande sans --check pour les "
                "refaire.",
                returncode=1,
            )

    def _judge(self, etablissement: Etablissement, is_check: bool) -> dict[str, object]:
        if is_check:
            ecart = find_ecart(etablissement)
        else:
            ecart = rebuild_constats(etablissement, Horloge(etablissement.academie).maintenant)
        reponse = _tell(etablissement, ecart)
        etat = "justes" if ecart.is_vide else "fausses" if is_check else "refaites"
        self.say(
            f"{etablissement.uai} : listes {etat}, {reponse['nouveaux']} à ajouter, {reponse['modifies']} à changer, "
            f"{reponse['repares']} à ôter."
        )
        if not ecart.has_responsables:
            self.say("  Sans l'export Responsables (jamais chargé, ou purgé), ce qui en vient est gardé tel quel.")
        return reponse


def _tell(etablissement: Etablissement, ecart: Ecart) -> dict[str, object]:
    return {
        "uai": etablissement.uai,
        "juste": ecart.is_vide,
        "nouveaux": len(ecart.nouveaux),
        "modifies": len(ecart.modifies),
        "repares": len(ecart.repares),
        "responsables_relus": ecart.has_responsables,
    }

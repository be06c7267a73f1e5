"""Deposit an élève-groupe ZIP for the coming night, as the browser does."""

from pathlib import Path

from django.core.management.base import CommandError

from exchanges.management.commande import Commande, find_etablissement
from exchanges.models import Utilisateur
from exchanges.parsers import FichierRefuse
from exchanges.pipeline.depots import ConfirmationRequise, abandon_depot, confirm_depot, control_depot, judge_depot
from exchanges.propagation.calendrier import calendrier_de
from exchanges.propagation.horloge import Horloge


class Command(Commande):
    help = "Dépose un ZIP élèves-groupes pour la nuit qui vient, après les contrôles de SIECLE."

    def add_own_arguments(self, parser):
        parser.add_argument("zip", help="le ZIP produit par EDT ou PRONOTE")
        parser.add_argument("--uai", required=True, help="établissement")
        parser.add_argument("--user", help="identifiant de la personne qui dépose")
        parser.add_argument(
            "--confirm-closures", type=int, metavar="N", help="confirmer la suppression de N liens (plus de 10 %%)"
        )

    def run(self, uai, user, confirm_closures, **options):
        etablissement = find_etablissement(uai)
        utilisateur = _find_utilisateur(user)
        chemin = Path(options["zip"])
        now = Horloge(etablissement.academie).maintenant
        try:
            with chemin.open("rb") as flux:
                depot = control_depot(etablissement, flux, chemin.name, utilisateur, now)
            verdict = judge_depot(depot).verdict
            confirm_depot(depot, utilisateur, now, confirm_closures)
        except FichierRefuse as exc:
            self.refuse(exc)
        except OSError as exc:
            raise CommandError(
                f"{chemin} ne peut pas être lu ou gardé ({exc.strerror}). Rien n'a été déposé."
            ) from exc
        except ConfirmationRequise as exc:
            abandon_depot(depot)
            self.answer(
                {"depot": None, "confirmation_requise": {"suppressions": exc.suppressions, "liens": exc.avant}}
            )
            raise CommandError(
                f"Ce dépôt supprimerait {exc.suppressions} liens sur {exc.avant} (plus de 10 %). Rien n'a été déposé. "
                f"Si c'est voulu, relancez avec --confirm-closures {exc.suppressions}.",
                returncode=3,
            ) from exc
        echeances = calendrier_de(etablissement).announce(now)
        chiffres = verdict.chiffres()
        self.answer(
            {
                "depot": depot.pk,
                "etat": depot.etat,
                "verdict": chiffres,
                "echeances": {str(r): e for r, e in echeances.items()},
            }
        )
        self.say(
            f"Fichier déposé : {depot.nom}. {chiffres['eleves_lus']} élèves lus, {chiffres['anomalies']} anomalies."
        )
        for relais, echeance in echeances.items():
            self.say(f"  {relais} : {echeance:%d/%m/%Y à %H:%M}")


def _find_utilisateur(identifiant: str | None) -> Utilisateur | None:
    if identifiant is None:
        return None
    trouve = Utilisateur.objects.filter(username=identifiant).first()
    if trouve is None:
        raise CommandError(f"L'utilisateur « {identifiant} » n'existe pas.")
    return trouve

"""Make a token for a machine, from the server: what the page « Dépôt automatique » does, and for an académie too."""

from datetime import timedelta

from django.core.management.base import CommandError
from django.utils import timezone

from exchanges.management.commande import Commande, find_etablissement
from exchanges.models import Academie, Etablissement
from exchanges.pipeline.jetons import DUREE, create_jeton


class Command(Commande):
    help = (
        "Crée un jeton et l'affiche une seule fois : --uai pour déposer au nom d'un établissement, --academie pour "
        "lire les chiffres d'une académie."
    )

    def add_own_arguments(self, parser):
        perimetre = parser.add_mutually_exclusive_group(required=True)
        perimetre.add_argument("--uai", help="établissement au nom duquel le jeton dépose")
        perimetre.add_argument("--academie", help="code de l'académie dont le jeton lit les chiffres")
        parser.add_argument("--nom", required=True, help="le logiciel ou la machine qui s'en servira")
        parser.add_argument(
            "--jours", type=int, default=DUREE.days, help=f"durée de validité ({DUREE.days}) ; 0 : sans limite"
        )

    def run(self, uai, academie, nom, jours, **options):
        if jours < 0:
            raise CommandError("La durée (--jours) ne peut pas être négative. Aucun jeton n'a été créé.")
        perimetre: Etablissement | Academie = find_etablissement(uai) if uai else _find_academie(academie)
        jeton, clair = create_jeton(nom[:80], perimetre, timezone.now(), duree=timedelta(days=jours) or None)
        self.say(f"Jeton « {jeton.nom} » ({jeton.usage}) pour {perimetre}. Gardez-le, il ne sera plus affiché :")
        self.say(clair)
        self.answer({"id": jeton.pk, "jeton": clair, "usage": jeton.usage, "expire_le": jeton.expire_le})


def _find_academie(code: str) -> Academie:
    trouvee = Academie.objects.filter(code=code).first()
    if trouvee is None:
        raise CommandError(f"L'académie « {code} » n'est pas connue. Aucun jeton n'a été créé.")
    return trouvee

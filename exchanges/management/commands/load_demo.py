"""A small académie in simulated time, with a past: made by the generator, loaded by the real parsers."""

from exchanges.management.commande import Commande
from exchanges.models import Academie
from exchanges.pipeline.demonstration import COMPTES, MOT_DE_PASSE, dossier_exemples, install
from exchanges.propagation.horloge import DEMONSTRATION


class Command(Commande):
    help = "Installe l'académie de démonstration (fictive, en temps simulé) si elle n'existe pas encore."

    def add_own_arguments(self, parser):
        parser.add_argument("--list", action="store_true", help="seulement rappeler les comptes de démonstration")
        parser.add_argument("--echelle", type=float, default=1.0, help="part de la taille normale des établissements")

    def run(self, **options):
        if not options["list"] and not Academie.objects.filter(code=DEMONSTRATION).exists():
            install(options["echelle"], self.say)
        self._tell()

    def _tell(self) -> None:
        self.answer({"mot_de_passe": MOT_DE_PASSE, "comptes": [compte[0] for compte in COMPTES]})
        self.say(f"Comptes de démonstration (mot de passe : {MOT_DE_PASSE})")
        for identifiant, _, _, description in COMPTES:
            self.say(f"  {identifiant:22} {description}")
        self.say(f"Fichiers à déposer pour essayer : {dossier_exemples()}")

"""Install the projets ENT given as examples, or give them their values back."""

from exchanges.management.commande import Commande
from exchanges.propagation.exemples import install_projets


class Command(Commande):
    help = (
        "Installe les projets ENT donnés en exemple (Atrium, Région Sud, Lycée Connecté, eCollège31, ENTmip, "
        "Nouvelle-Calédonie). Ceux qui existent sous ce nom reprennent les valeurs de l'exemple ; les autres projets, "
        "et le rattachement des établissements, ne changent pas."
    )

    def run(self, **options):
        resultat = install_projets(is_update=True)
        self.answer({"projets": resultat})
        for nom, fait in resultat.items():
            self.say(f"  {nom} : {fait}")

"""Create and update the schools of an académie from a directory, as the page does."""

from pathlib import Path

from django.core.management.base import CommandError

from exchanges.management.commande import Commande
from exchanges.models import Academie, ProjetENT
from exchanges.parsers.errors import FichierRefuse
from exchanges.pipeline.annuaire_national import EXEMPLES, Choix, apply_annuaire, compare, read_candidats


class Command(Commande):
    help = (
        "Crée ou met à jour les collèges et lycées d'une académie depuis l'annuaire de l'éducation (CSV) ou "
        "Etablissements.xml. Sans --appliquer, dit seulement ce qui changerait. Rien n'est jamais supprimé."
    )

    def add_own_arguments(self, parser):
        parser.add_argument("fichier", metavar="FICHIER", help="fichier .csv, ou Etablissements.xml")
        parser.add_argument("--academie", required=True, metavar="CODE", help="code de l'académie")
        parser.add_argument("--projet-college", required=True, metavar="NOM", help="projet ENT des nouveaux collèges")
        parser.add_argument("--projet-lycee", required=True, metavar="NOM", help="projet ENT des nouveaux lycées")
        parser.add_argument("--appliquer", action="store_true", help="écrire, au lieu de seulement montrer")

    def run(self, fichier, academie, projet_college, projet_lycee, appliquer, **options):
        choix = Choix(
            _find(Academie, "L'académie", code=academie),
            _find(ProjetENT, "Le projet ENT", nom=projet_college),
            _find(ProjetENT, "Le projet ENT", nom=projet_lycee),
        )
        try:
            with open(fichier, "rb") as flux:
                candidats, ignores = read_candidats(flux, Path(fichier).name, choix.academie)
        except FichierRefuse as refus:
            self.refuse(refus)
        except OSError as exc:
            raise CommandError(f"{fichier} ne peut pas être ouvert. Vérifiez le chemin du fichier.") from exc
        apercu = apply_annuaire(candidats, choix, None) if appliquer else compare(candidats, choix, ignores)
        self._tell(apercu, ignores, appliquer)

    def _tell(self, apercu, ignores, is_applique):
        self.answer(
            {
                "is_applique": is_applique,
                "crees": [e.uai for e in apercu.crees],
                "modifies": {m.etablissement.uai: [list(ecart) for ecart in m.ecarts] for m in apercu.modifies},
                "inchanges": apercu.inchanges,
                "autre_academie": [e.uai for e in apercu.ailleurs],
                "fermes": [e.uai for e in apercu.fermes],
                "ignores": dict(ignores.comptes),
                "valeurs_illisibles": len(ignores.valeurs),
            }
        )
        for etablissement in apercu.crees:
            self.say(f"  + {etablissement}, {etablissement.projet_ent}")
        for modification in apercu.modifies:
            self.say(f"  ~ {modification.etablissement}")
            for libelle, avant, apres in modification.libelles:
                self.say(f"      {libelle} : {avant} → {apres}")
        for etablissement in apercu.ailleurs:
            self.say(self.style.WARNING(f"  {etablissement} est ici dans une autre académie : laissé tel quel."))
        for etablissement in apercu.fermes:
            self.say(self.style.WARNING(f"  {etablissement} est fermé d'après ce fichier : laissé tel quel."))
        for raison, nombre in ignores.comptes.most_common():
            self.say(f"  {nombre} ignorés : {raison}")
        for valeur in ignores.valeurs[:EXEMPLES]:
            self.say(f"  valeur illisible non reprise : {valeur}")
        self.say(
            f"{len(apercu.crees)} créés, {len(apercu.modifies)} modifiés, {apercu.inchanges} inchangés."
            + ("" if is_applique else " Rien n'est écrit : relancez avec --appliquer.")
        )


def _find(modele, quoi, **critere):
    """The one object of this code or name.

    Raises:
        CommandError: there is none; those that exist are named.
    """
    trouve = modele.objects.filter(**critere).first()
    if trouve is None:
        ((champ, valeur),) = critere.items()
        connus = ", ".join(modele.objects.order_by(champ).values_list(champ, flat=True)[:20]) or "aucun"
        raise CommandError(f"{quoi} « {valeur} » n'existe pas. Connus : {connus}. Rien n'a été modifié.")
    return trouve

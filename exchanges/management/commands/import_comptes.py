"""Open accounts and give roles from a table, as the page does."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

from exchanges.management.commande import Commande
from exchanges.models import Utilisateur
from exchanges.parsers.comptes import read_comptes
from exchanges.parsers.errors import FichierRefuse
from exchanges.pipeline.comptes_csv import import_lignes
from exchanges.pipeline.comptes_utilisateurs import roles_donnables
from exchanges.pipeline.invitations import send_invitations


class Command(Commande):
    help = (
        "Ouvre des comptes et donne des rôles depuis un CSV (email;nom;prénom;rôle;UAI;fin), au nom d'une personne et "
        "dans la limite de ses droits. Sans --appliquer, dit seulement ce que ferait chaque ligne."
    )

    def add_own_arguments(self, parser):
        parser.add_argument("fichier", metavar="FICHIER", help="fichier .csv")
        parser.add_argument("--par", required=True, metavar="IDENTIFIANT", help="au nom de qui")
        parser.add_argument("--appliquer", action="store_true", help="écrire et inviter, au lieu de seulement montrer")
        parser.add_argument("--adresse", metavar="URL", help="adresse du site, pour les liens des invitations")

    def run(self, fichier, par, appliquer, adresse, **options):
        auteur = _find_auteur(par)
        site = _site(adresse) if appliquer else ""
        try:
            with open(fichier, "rb") as flux:
                lignes = read_comptes(flux, Path(fichier).name)
        except FichierRefuse as refus:
            self.refuse(refus)
        except OSError as exc:
            raise CommandError(f"{fichier} ne peut pas être ouvert. Vérifiez le chemin du fichier.") from exc
        jugees = import_lignes(lignes, auteur, is_essai=not appliquer)
        nouveaux = [jugee.compte for jugee in jugees if jugee.is_nouveau]
        non_partis = send_invitations(nouveaux, auteur, site) if appliquer and nouveaux else []
        self._tell(jugees, len(nouveaux), non_partis, appliquer)

    def _tell(self, jugees, nouveaux, non_partis, is_applique):
        refusees = sum(jugee.compte is None for jugee in jugees)
        self.answer(
            {
                "is_applique": is_applique,
                "lignes": [
                    {"numero": j.ligne.numero, "is_refusee": j.compte is None, "message": j.message} for j in jugees
                ],
                "nouveaux": nouveaux,
                "invitations_non_parties": [compte.email for compte in non_partis],
            }
        )
        for jugee in jugees:
            texte = f"  ligne {jugee.ligne.numero} : {jugee.ligne.mel} – {jugee.message}"
            self.say(texte if jugee.compte else self.style.ERROR(texte))
        for compte in non_partis:
            self.say(self.style.WARNING(f"  L'invitation de {compte.email} n'a pas pu partir."))
        suite = "" if is_applique else " Rien n'est écrit : relancez avec --appliquer."
        self.say(f"{len(jugees)} lignes, {nouveaux} comptes nouveaux, {refusees} lignes refusées.{suite}")
        if refusees:
            raise CommandError("Au moins une ligne a été refusée.", returncode=2)


def _find_auteur(identifiant: str) -> Utilisateur:
    auteur = Utilisateur.objects.filter(username=identifiant, is_active=True).first()
    if auteur is None or not roles_donnables(auteur):
        raise CommandError(
            f"« {identifiant} » n'est pas un compte actif qui peut donner des rôles. Rien n'a été modifié."
        )
    return auteur


def _site(adresse: str | None) -> str:
    """The address given, or the first origin of the settings.

    Raises:
        CommandError: there is neither; a link that leads nowhere would be worse than no mail.
    """
    site = adresse or next(iter(settings.CSRF_TRUSTED_ORIGINS), "")
    if not site.startswith(("http://", "https://")):
        raise CommandError(
            "Donnez l'adresse du site pour les invitations, par exemple --adresse https://suivi.example"
        )
    return site.rstrip("/")

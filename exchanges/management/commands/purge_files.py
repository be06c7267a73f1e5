"""Delete the files that are past their time, as the daily job does."""

from django.utils import timezone

from exchanges.management.commande import Commande
from exchanges.pipeline.purge import purge_files


class Command(Commande):
    help = "Supprime les fichiers déposés dont la durée de conservation est passée ; les comptes-rendus restent."

    def run(self, **options):
        total = purge_files(timezone.now())
        self.answer({"supprimes": total})
        self.say(f"{total} fichiers supprimés." if total else "Aucun fichier à supprimer.")

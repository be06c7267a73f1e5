"""Letters that the chain sends by itself: after the commit, and never the cause of a failure.

Those of a simulated académie bear its date and never leave for a real server: they are files of the data folder.
"""

import logging
from email.utils import format_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q

from exchanges.enums import Role
from exchanges.models import Academie, Etablissement, Habilitation, Passage
from exchanges.propagation.horloge import Horloge
from exchanges.templatetags.entsite import jour


logger = logging.getLogger(__name__)

SMTP = "django.core.mail.backends.smtp.EmailBackend"
FICHIERS = "django.core.mail.backends.filebased.EmailBackend"


def open_connexion(academie: Academie) -> BaseEmailBackend:
    """The site's own mail; files instead of a real server when the académie is simulated."""
    if academie.is_simulee and settings.EMAIL_BACKEND == SMTP:
        return get_connection(FICHIERS, file_path=Path(settings.DATA_DIR) / "courriels")
    return get_connection()


def warn_held(passage: Passage) -> None:
    """Tell the school and its DANE that a passage waits for a human."""
    ecole = passage.etablissement
    send(
        ecole.academie,
        _recipients(ecole),
        f"{ecole.denomination} : l'alimentation de l'annuaire est retenue",
        f"Bonjour,\n\n{passage.motif}\n\nÉtablissement : {ecole}\nPassage prévu {jour(passage.prevu_le)}.\n\n"
        "Rien n'est parti vers l'ENT : il montre toujours l'état précédent. Vérifiez les fichiers chargés ; si ce "
        "retrait est voulu, laissez passer depuis la page « Frise » de l'établissement. Sinon, chargez les bons "
        "exports : le passage suivant en tiendra compte.\n",
    )


def _recipients(ecole: Etablissement) -> list[str]:
    habilitations = (
        Habilitation.objects.en_cours()
        .filter(
            Q(etablissement=ecole, role__in=[Role.SECRETARIAT, Role.DIRECTION])
            | Q(academie=ecole.academie_id, role=Role.DANE),
            utilisateur__is_active=True,
        )
        .exclude(utilisateur__email="")
    )
    return sorted(set(habilitations.values_list("utilisateur__email", flat=True)))


def send(academie: Academie, adresses: list[str], sujet: str, texte: str) -> None:
    """Send one letter to each address once the transaction is committed; a refusal of the mail server is logged."""
    prefixe = "[Académie simulée] " if academie.is_simulee else ""
    date = format_datetime(Horloge(academie).maintenant)

    def deliver() -> None:
        connexion = open_connexion(academie)
        for adresse in adresses:
            try:
                EmailMessage(prefixe + sujet, texte, to=[adresse], headers={"Date": date}, connection=connexion).send()
            except OSError as exc:
                logger.error("a letter could not be sent: %s", type(exc).__name__)

    transaction.on_commit(deliver)

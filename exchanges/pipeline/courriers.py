"""Letters that the chain sends by itself: after the commit, and never the cause of a failure."""

import logging

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q

from exchanges.enums import Role
from exchanges.models import Etablissement, Habilitation, Passage
from exchanges.templatetags.entsite import jour


logger = logging.getLogger(__name__)


def warn_held(passage: Passage) -> None:
    """Tell the school and its DANE that a passage waits for a human."""
    ecole = passage.etablissement
    send(
        _recipients(ecole),
        f"{ecole.denomination} : l'alimentation de l'annuaire est retenue",
        f"Bonjour,\n\n{passage.motif}\n\nÉtablissement : {ecole}\nPassage prévu {jour(passage.prevu_le)}.\n\n"
        "Rien n'est parti vers l'ENT : il montre toujours l'état précédent. Vérifiez les fichiers chargés ; si ce "
        "retrait est voulu, laissez passer depuis la page « Frise » de l'établissement. Sinon, chargez les bons "
        "exports : le passage suivant en tiendra compte.\n",
    )


def _recipients(ecole: Etablissement) -> list[str]:
    habilitations = Habilitation.objects.filter(
        Q(etablissement=ecole, role__in=[Role.SECRETARIAT, Role.DIRECTION])
        | Q(academie=ecole.academie_id, role=Role.DANE),
        utilisateur__is_active=True,
    ).exclude(utilisateur__email="")
    return sorted(set(habilitations.values_list("utilisateur__email", flat=True)))


def send(adresses: list[str], sujet: str, texte: str) -> None:
    """Send one letter to each address once the transaction is committed; a refusal of the mail server is logged."""

    def deliver() -> None:
        for adresse in adresses:
            try:
                EmailMessage(sujet, texte, to=[adresse]).send()
            except OSError as exc:
                logger.error("a letter could not be sent: %s", type(exc).__name__)

    transaction.on_commit(deliver)

"""Letters to the people of an académie; those of a simulated one never leave for a real server.

Nobody can know whether a letter left when its worker dies between the mail server and the database: it is sent again
once the lease is over, under the same Message-ID, which lets a mailbox keep one of the two.
"""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.crypto import salted_hmac

from exchanges.models import Academie


TENTATIVES_MAX = 3  # of a letter whose worker died each time: it may have reached its reader as often


def make_courrier(
    academie: Academie,
    sujet: str,
    texte: str,
    adresse: str,
    instant: datetime,
    connexion: BaseEmailBackend,
    reference: str,
    repondre_a: Sequence[str] = (),
) -> EmailMessage:
    """A letter dated in the time of its académie; a simulated one says so in its subject.

    Args:
        reference: what tells this copy from any other of this site, the same each time it is sent.
    """
    prefixe = "[Académie simulée] " if academie.is_simulee else ""
    return EmailMessage(
        prefixe + " ".join(sujet.split()),
        texte,
        to=[adresse],
        reply_to=list(repondre_a),
        headers={"Date": format_datetime(instant), "Message-ID": _message_id(reference)},
        connection=connexion,
    )


def _message_id(reference: str) -> str:
    """Keyed by the site's own secret: another site with the same sender never makes the same one."""
    domaine = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ")
    return f"<{salted_hmac('checklists.courrier', reference).hexdigest()}@{domaine}>"

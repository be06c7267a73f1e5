"""Letters to the people of an académie; those of a simulated one never leave for a real server."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from checklists.rappels import FICHIERS, SMTP
from exchanges.models import Academie


def open_connexion(academie: Academie) -> BaseEmailBackend:
    """The site's own mail; files instead of a real server when the académie is simulated."""
    if academie.is_simulee and settings.EMAIL_BACKEND == SMTP:
        return get_connection(FICHIERS, file_path=Path(settings.DATA_DIR) / "courriels")
    return get_connection()


def make_courrier(
    academie: Academie,
    sujet: str,
    texte: str,
    adresse: str,
    instant: datetime,
    connexion: BaseEmailBackend,
    repondre_a: Sequence[str] = (),
) -> EmailMessage:
    """A letter dated in the time of its académie; a simulated one says so in its subject."""
    prefixe = "[Académie simulée] " if academie.is_simulee else ""
    return EmailMessage(
        prefixe + " ".join(sujet.split()),
        texte,
        to=[adresse],
        reply_to=list(repondre_a),
        headers={"Date": format_datetime(instant)},
        connection=connexion,
    )

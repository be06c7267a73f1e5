"""The mail that lets somebody choose her first password: a link that works once, and not for long."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from exchanges.models import Utilisateur
from exchanges.pipeline.comptes_utilisateurs import LIBELLES


logger = logging.getLogger(__name__)


def expire_le() -> datetime:
    """When a link sent now stops working, in the site's time zone."""
    instant = timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    return timezone.localtime(instant, timezone.get_default_timezone())


def send_invitations(comptes: Iterable[Utilisateur], par: Utilisateur, site: str) -> list[Utilisateur]:
    """Send each account its first-login link, through one connection.

    Args:
        par: who invites; the mail says it.
        site: address of the site without a final slash (``https://suivi.example``).

    Returns: the accounts whose mail could not leave. They exist all the same, and can be invited again.
    """
    comptes = list(comptes)
    connexion = get_connection()
    try:
        connexion.open()
    except (OSError, SMTPException) as exc:
        logger.warning("No invitation left: %s", type(exc).__name__)
        return comptes
    refuses = []
    for compte in comptes:
        try:
            _message(compte, par, site, connexion).send()
        except (OSError, SMTPException) as exc:
            logger.warning("Invitation of account %s did not leave: %s", compte.pk, type(exc).__name__)
            refuses.append(compte)
    connexion.close()
    return refuses


def _message(compte: Utilisateur, par: Utilisateur, site: str, connexion) -> EmailMessage:
    uid = urlsafe_base64_encode(force_bytes(compte.pk))
    lien = reverse("password_reset_confirm", args=[uid, default_token_generator.make_token(compte)])
    contexte = {
        "compte": compte,
        "par": par.get_full_name() or par.get_username(),
        "lien": f"{site}{lien}",
        "oubli": f"{site}{reverse('password_reset')}",
        "site": site,
        "expire_le": expire_le(),
        "roles": [_role(habilitation) for habilitation in compte.habilitations.en_cours()],
    }
    sujet = render_to_string("registration/invitation_subject.txt", contexte).strip()
    texte = render_to_string("registration/invitation_email.txt", contexte)
    return EmailMessage(sujet, texte, to=[compte.email], connection=connexion)


def _role(habilitation) -> str:
    cible = habilitation.etablissement or habilitation.academie
    return ", ".join(filter(None, (LIBELLES[habilitation.role], str(cible) if cible else "")))

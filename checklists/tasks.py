"""Celery's part of the guided rentrée. Ids only; every task may run twice and may be lost."""

import logging

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from checklists.pieces import purge_pieces
from checklists.pilotage.messages import deliver_message, messages_to_send
from checklists.pilotage.veille import watch_academie
from checklists.rappels import remind_etablissement
from exchanges.enums import Role
from exchanges.models import Academie, Etablissement, Habilitation


logger = logging.getLogger(__name__)


@shared_task
def remind() -> None:
    """Look, school by school, for reminders to send; a tick that is lost is made up for by the next one."""
    roles = (Role.DIRECTION, Role.SECRETARIAT)
    joignables = Habilitation.objects.filter(role__in=roles, utilisateur__is_active=True).exclude(
        utilisateur__email=""
    )
    for pk in joignables.order_by("etablissement").values_list("etablissement", flat=True).distinct():
        remind_school.delay(pk)


@shared_task
def remind_school(pk: int) -> None:
    """Send the reminders of one school. A second delivery finds them claimed and sends none."""
    remind_etablissement(Etablissement.objects.select_related("academie", "projet_ent").get(pk=pk))


@shared_task
def purge() -> None:
    """Forget the files left beside steps once they are past their time; running twice deletes once."""
    purge_pieces(timezone.now())


@shared_task
def send_messages() -> None:
    """Look for letters of the DANE some copies of which wait; a tick that is lost is made up for by the next one."""
    for pk in messages_to_send():
        send_message.delay(pk)


@shared_task
def send_message(pk: int) -> None:
    """Send copies of one letter, then the others. A second delivery takes those that are left."""
    if deliver_message(pk) and pk in messages_to_send():
        send_message.delay(pk)


def ring_message(pk: int) -> None:
    """Ask for a letter to be sent once the current transaction is committed, at best: the beat does it anyway."""
    transaction.on_commit(lambda: _publish_message(pk), robust=True)


def _publish_message(pk: int) -> None:
    try:
        send_message.apply_async([pk], retry=False)
    except Exception:
        logger.warning("the broker did not answer; the next tick of beat sends letter %s", pk)


@shared_task
def watch() -> None:
    """Look, académie by académie, at what goes beyond the thresholds of its watch."""
    for pk in Academie.objects.values_list("pk", flat=True):
        watch_one.delay(pk)


@shared_task
def watch_one(pk: int) -> None:
    """The digest of one académie. A second delivery finds the day claimed and writes nothing."""
    watch_academie(Academie.objects.get(pk=pk))

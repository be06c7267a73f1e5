"""Celery's part of the guided rentrée. Ids only; every task may run twice and may be lost."""

from celery import shared_task
from django.utils import timezone

from checklists.pieces import purge_pieces
from checklists.rappels import remind_etablissement
from exchanges.enums import Role
from exchanges.models import Etablissement, Habilitation


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

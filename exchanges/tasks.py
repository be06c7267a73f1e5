"""Celery's part: ring the bell. Ids only; every task may run twice and may be lost."""

import logging
import os
import socket

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from exchanges.models import Academie, Battement
from exchanges.pipeline import compteurs, demonstration, taches
from exchanges.pipeline.decomptes import purge_decomptes
from exchanges.pipeline.purge import purge_files


logger = logging.getLogger(__name__)


@shared_task
def sweep() -> None:
    """Publish whatever is due. Losing a tick costs nothing: the next one finds the same jobs."""
    Battement.objects.update_or_create(nom=f"worker-{socket.gethostname()}", defaults={"vu_le": timezone.now()})
    for pk in taches.due_ids():
        run_tache.delay(pk)
    if demonstration.has_reset_to_do():
        reset_demonstration.delay()


@shared_task
def run_tache(pk: int) -> None:
    """Run one job, then look for what it made due. A second delivery claims nothing and returns."""
    if taches.run_tache(pk):
        sweep.delay()


@shared_task
def reset_demonstration() -> None:
    """Put the académie of demonstration back at its start. A second delivery finds nothing to do and returns."""
    demonstration.reset()


@shared_task
def judge_day() -> None:
    """Where a day has begun, judge again what depends on it: a simulated clock may have gone over several."""
    for pk in compteurs.academies_to_judge():
        judge_academie.delay(pk)


@shared_task
def judge_academie(pk: int) -> None:
    """A few schools, then the others; a second delivery takes those that are left."""
    if compteurs.refresh_stale(Academie.objects.get(pk=pk)):
        judge_academie.delay(pk)


@shared_task
def purge() -> None:
    """Delete files and counts past their time; running twice deletes once."""
    purge_files(timezone.now())
    purge_decomptes(timezone.now())


def ring() -> None:
    """Ask for a sweep once the current transaction is committed, at best: the beat does it anyway."""
    transaction.on_commit(_publish_sweep, robust=True)


def _publish_sweep() -> None:
    try:
        sweep.apply_async(retry=False)
    except Exception:
        logger.warning("the broker did not answer; the next tick of beat will do (pid %s)", os.getpid())

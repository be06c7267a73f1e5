"""The job table at work: find what is due, claim it, run it, give up after five attempts.

A claim is one conditional UPDATE. The effects of a job and its end are one transaction that checks the
token: a worker whose lease was taken over writes nothing.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from exchanges.enums import EtatDepot, EtatPassage, EtatTache, Relais
from exchanges.models import Academie, Depot, Passage, Tache
from exchanges.pipeline.compteurs import refresh_compteurs
from exchanges.pipeline.depots import lock, not_before
from exchanges.pipeline.nuit import import_depot
from exchanges.pipeline.relais import run_aaf, run_ent, run_sortie
from exchanges.propagation.horloge import Horloge
from exchanges.propagation.passages import plan_relais


logger = logging.getLogger(__name__)

BAIL = timedelta(minutes=5)
TENTATIVES_MAX = 5
PROCESSUS_TUE = "WorkerLost"  # what is noted when attempts ended without any exception
A_FAIRE = (EtatTache.ATTENTE, EtatTache.EN_COURS)


class BailPerdu(Exception):
    """Another worker has taken the job over; everything done here is rolled back."""


def due_taches(academie: Academie):
    """Jobs of an académie that may run now, in order; one school's jobs run one after the other."""
    avant = Tache.objects.filter(etablissement=OuterRef("etablissement"), etat__in=A_FAIRE).filter(
        Q(prevu_le__lt=OuterRef("prevu_le")) | Q(prevu_le=OuterRef("prevu_le"), pk__lt=OuterRef("pk"))
    )
    return (
        Tache.objects.filter(_claimable(), etablissement__academie=academie)
        .filter(prevu_le__lte=Horloge(academie).maintenant)
        .filter(~Exists(avant))
        .order_by("prevu_le", "pk")
    )


def _claimable() -> Q:
    return Q(etat=EtatTache.ATTENTE) | Q(etat=EtatTache.EN_COURS, bail_jusqua__lt=timezone.now())


def due_ids(limite: int = 50) -> list[int]:
    """Ids of the jobs due now in every académie."""
    ids: list[int] = []
    for academie in Academie.objects.all():
        ids += due_taches(academie).values_list("pk", flat=True)[: limite - len(ids)]
    return ids


def run_tache(pk: int) -> bool:
    """Claim and run one job.

    Returns:
        Whether this call ran it; ``False`` when it is not due, taken, or finished.

    Raises:
        Exception: whatever the job raised, after it was noted; the job stays to be tried again.
    """
    tache = Tache.objects.select_related("etablissement__academie", "passage").filter(pk=pk).first()
    if tache is None or not due_taches(tache.etablissement.academie).filter(pk=pk).exists():
        return False
    if tache.tentatives >= TENTATIVES_MAX:
        _give_up(tache, Tache.objects.filter(_claimable(), pk=pk), PROCESSUS_TUE)
        return False
    jeton = uuid4()
    claimed = Tache.objects.filter(_claimable(), pk=pk).update(
        etat=EtatTache.EN_COURS, jeton=jeton, bail_jusqua=timezone.now() + BAIL, tentatives=tache.tentatives + 1
    )
    if not claimed:
        return False
    try:
        with transaction.atomic():
            lock(tache.etablissement)
            instant = _instant(tache)
            _EXECUTANTS[Relais(tache.passage.relais)](tache.passage, instant)
            _finish(pk, jeton)
            refresh_compteurs(tache.etablissement, instant)
    except BailPerdu:
        return False
    except Exception as exc:
        _note_failure(tache, jeton, exc)
        raise
    return True


def _instant(tache: Tache) -> datetime:
    """When the job takes effect: now in real time, on time in simulated time.

    A simulated job that is run late still comes after whatever was done meanwhile: history is never rewritten.
    """
    horloge = Horloge(tache.etablissement.academie)
    return not_before(tache.etablissement, tache.prevu_le) if horloge.is_simulee else horloge.maintenant


def _finish(pk: int, jeton) -> None:
    finished = Tache.objects.filter(pk=pk, jeton=jeton, etat=EtatTache.EN_COURS).update(
        etat=EtatTache.FAIT, fini_le=timezone.now(), bail_jusqua=None
    )
    if not finished:
        raise BailPerdu


def _note_failure(tache: Tache, jeton, exc: Exception) -> None:
    """Keep the kind of fault, never its data; the fifth attempt is the last."""
    logger.error("tache %s (%s): attempt %s failed: %s", tache.pk, tache.cle, tache.tentatives + 1, type(exc).__name__)
    la_mienne = Tache.objects.filter(pk=tache.pk, jeton=jeton, etat=EtatTache.EN_COURS)
    if tache.tentatives + 1 >= TENTATIVES_MAX:
        _give_up(tache, la_mienne, type(exc).__name__)
    else:
        la_mienne.update(bail_jusqua=timezone.now() + _attente(tache.tentatives), erreur=type(exc).__name__)


def _give_up(tache: Tache, encore_la: QuerySet[Tache], erreur: str) -> None:
    """Say on the job, its passage and its deposit that it will not be done, unless somebody else has it by now.

    What an AAF, ENT or Moodle passage should have carried is carried by the next ones, planned here.
    """
    instant = _instant(tache)
    with transaction.atomic():
        lock(tache.etablissement)
        if not encore_la.update(etat=EtatTache.ABANDON, bail_jusqua=None, erreur=erreur):
            return
        Passage.objects.filter(pk=tache.passage_id).update(etat=EtatPassage.ECHEC, execute_le=instant)
        Depot.objects.filter(pk=tache.passage.depot_id, etat=EtatDepot.DEPOSE).update(etat=EtatDepot.ECHEC)
        if tache.passage.relais != Relais.SIECLE:
            plan_relais(tache.etablissement, instant)
        refresh_compteurs(tache.etablissement, instant)


def _attente(tentatives: int) -> timedelta:
    return timedelta(seconds=5 * 2**tentatives)


_EXECUTANTS: dict[Relais, Callable[[Passage, datetime], None]] = {
    Relais.SIECLE: import_depot,
    Relais.AAF: run_aaf,
    Relais.ENT: run_ent,
    Relais.GAR: run_sortie,
    Relais.MOODLE: run_sortie,
}

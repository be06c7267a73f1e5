"""Keep the figures of a school true: written in the transaction that changes what they count, and provable.

``compteurs_a_jour`` lets what is above exchanges complete them before they are written. Locks are always taken in one
order: the school, its académie when other schools follow, then rows of ``Compteurs`` by primary key. A neighbour's row
is only updated, never inserted, so that nobody waits for the lock of another school.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.dispatch import Signal

from exchanges.models import Academie, Compteurs, Etablissement, ReleveHebdo
from exchanges.propagation.horloge import Horloge
from exchanges.reports.compteurs import read_figures


logger = logging.getLogger(__name__)

# Sent with ``etablissement``, ``compteurs`` (unsaved, its figures filled) and ``maintenant`` (the school's own time).
compteurs_a_jour = Signal()

LOT = 50
_DU_JOUR = ("maj_le", "prochain_relais", "prochain_le", "prochain_effet", "cr_precedent", "raisons", "listes")
CHAMPS = tuple(champ.name for champ in Compteurs._meta.concrete_fields if not champ.primary_key)
_CHAMPS_RELEVE = tuple(champ for champ in CHAMPS if champ not in _DU_JOUR)


@dataclass(frozen=True)
class Ecart:
    """A column that was not what the facts give."""

    champ: str
    garde: object
    juste: object


def refresh_compteurs(etablissement: Etablissement, maintenant: datetime) -> Compteurs:
    """Count a school again and write its row, and that of its week.

    Args:
        etablissement: its facts are as the caller's transaction leaves them; it is locked here if it was not.
        maintenant: the instant at which ages and delays are judged, in the académie's own time.
    """
    with transaction.atomic():
        etablissement = _lock(etablissement)
        Compteurs.objects.bulk_create(
            [Compteurs(etablissement=etablissement, maj_le=maintenant)], ignore_conflicts=True
        )
        Compteurs.objects.select_for_update().get(pk=etablissement.pk)
        compteurs = _count(etablissement, maintenant)
        compteurs.save(force_update=True)
        ReleveHebdo.objects.bulk_create(
            [releve_of(compteurs)],
            update_conflicts=True,
            unique_fields=["etablissement", "lundi"],
            update_fields=["donnees"],
        )
    return compteurs


def refresh_with_voisins(
    etablissement: Etablissement, find_voisins: Callable[[], QuerySet[Etablissement]], maintenant: datetime
) -> None:
    """Count a school again, then those of its académie with which it shares élèves, inside the caller's transaction.

    Args:
        find_voisins: asked once no other school of the académie can be doing the same: two schools that receive one
            élève at the same time both have to be counted by the later one.
    """
    Academie.objects.select_for_update(no_key=True).get(pk=etablissement.academie_id)
    refresh_compteurs(etablissement, maintenant)
    for voisin in find_voisins().select_related("academie", "projet_ent").order_by("pk"):
        if Compteurs.objects.select_for_update().filter(pk=voisin.pk).exists():
            compteurs = _count(voisin, maintenant)
            compteurs.save(force_update=True)
            releve = releve_of(compteurs)
            ReleveHebdo.objects.filter(etablissement=voisin, lundi=releve.lundi).update(donnees=releve.donnees)


def _lock(etablissement: Etablissement) -> Etablissement:
    """Wait for the other writers of the school, but not for rows that only refer to it: two of them cannot cross."""
    ecoles = Etablissement.objects.select_for_update(no_key=True, of=("self",))
    return ecoles.select_related("academie", "projet_ent").get(pk=etablissement.pk)


def _count(etablissement: Etablissement, maintenant: datetime) -> Compteurs:
    """The row as it should be, unsaved."""
    local = maintenant.astimezone(Horloge(etablissement.academie).fuseau)
    compteurs = Compteurs(etablissement=etablissement, maj_le=local, **read_figures(etablissement))
    compteurs_a_jour.send(Compteurs, etablissement=etablissement, compteurs=compteurs, maintenant=local)
    return compteurs


def releve_of(compteurs: Compteurs) -> ReleveHebdo:
    """The row of the week: the same columns, without what only tells of the day."""
    donnees = {champ: _encode(getattr(compteurs, champ)) for champ in _CHAMPS_RELEVE}
    return ReleveHebdo(etablissement_id=compteurs.pk, lundi=monday_of(compteurs.maj_le.date()), donnees=donnees)


def _encode(valeur: object) -> object:
    return valeur.isoformat() if isinstance(valeur, datetime) else valeur


def monday_of(jour: date) -> date:
    """The Monday of its week."""
    return jour - timedelta(days=jour.weekday())


def find_ecarts(etablissement: Etablissement) -> list[Ecart]:
    """What is wrong in the row of a school, judged at the instant at which it was written; nothing is changed."""
    garde = Compteurs.objects.filter(pk=etablissement.pk).first()
    instant = garde.maj_le if garde else Horloge(etablissement.academie).maintenant
    juste = _count(etablissement, instant)
    paires = ((champ, getattr(garde, champ, None), getattr(juste, champ)) for champ in CHAMPS if champ != "maj_le")
    return [Ecart(*paire) for paire in paires if garde is None or paire[1] != paire[2]]


def rebuild_compteurs(etablissement: Etablissement) -> list[Ecart]:
    """Make the row of a school right whatever it was, and say what was wrong."""
    with transaction.atomic():
        etablissement = _lock(etablissement)
        ecarts = find_ecarts(etablissement)
        refresh_compteurs(etablissement, Horloge(etablissement.academie).maintenant)
    return ecarts


def find_stale(academie: Academie) -> QuerySet[Etablissement]:
    """The schools of an académie whose row was not judged today, by its own calendar, or that have none."""
    horloge = Horloge(academie)
    minuit = datetime.combine(horloge.maintenant.date(), time.min, horloge.fuseau)
    return academie.etablissements.filter(Q(compteurs__isnull=True) | Q(compteurs__maj_le__lt=minuit)).order_by("pk")


def academies_to_judge() -> list[int]:
    """The académies in which a day has begun since some school was judged."""
    return [academie.pk for academie in Academie.objects.all() if find_stale(academie).exists()]


def refresh_stale(academie: Academie, lot: int = LOT) -> bool:
    """Judge again what depends on the day, for at most ``lot`` schools, each in its own transaction.

    A second worker takes the schools that the first has not begun; one that is being written is judged by its writer.

    Returns:
        Whether there may be more to do now.
    """
    pks = list(find_stale(academie).values_list("pk", flat=True)[:lot])
    faites = sum(_refresh_once(academie, pk) for pk in pks)
    return len(pks) == lot and faites > 0


def _refresh_once(academie: Academie, pk: int) -> bool:
    try:
        with transaction.atomic():
            libre = Etablissement.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
            if libre is None or not find_stale(academie).filter(pk=pk).exists():
                return False
            refresh_compteurs(libre, Horloge(academie).maintenant)
    except Exception as exc:
        logger.error("counters of école %s not judged: %s", pk, type(exc).__name__)
        return False
    return True


def refresh_all(etablissements: Iterable[Etablissement]) -> None:
    """Count schools again at the present instant of their académie."""
    for etablissement in etablissements:
        refresh_compteurs(etablissement, Horloge(etablissement.academie).maintenant)


def count_decision(sender: object, etablissement: Etablissement, instant: datetime, **_: object) -> None:
    """Receive ``decision_prise``: what will run has changed."""
    refresh_compteurs(etablissement, instant)

"""Plan the runs of relays: each is a ``Passage`` with its ``Tache``; ``pipeline.relais`` carries them out.

A wave is an AAF passage and what takes it further: ENT, then GAR and Moodle. Its genre is that of its AAF. Two
waves that reach a relay on one day share its passage, which then carries the later of them. The callers that
write facts hold the lock of their établissement; so do the functions here that answer to somebody's decision.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from exchanges.enums import EtatDepot, EtatPassage, EtatTache, GenreAAF, Relais
from exchanges.models import Depot, Etablissement, Passage, Tache, Utilisateur
from exchanges.propagation.calendrier import calendrier_de
from exchanges.propagation.horloge import Horloge


# Sent inside the transaction of somebody's decision about a passage, with ``etablissement`` and ``instant``.
decision_prise = Signal()


def plan_night(depot: Depot) -> Passage:
    """Plan SIECLE's reading of a confirmed deposit."""
    nuit = calendrier_de(depot.etablissement).night_after(depot.depose_le)
    return _plan(depot.etablissement, Relais.SIECLE, nuit, f"SIECLE:{depot.pk}", depot=depot)


def plan_relais(etablissement: Etablissement, instant: datetime, depot: Depot | None = None) -> list[Passage]:
    """Plan what carries to the ENT and beyond what BEE learnt at ``instant``; planning twice plans once.

    The next complet is planned too: from a school's first facts on, there is always one to come.

    Returns:
        The passages of the wave, AAF first.
    """
    vague = _plan_wave(etablissement, calendrier_de(etablissement).aaf_after(instant), depot)
    plan_complet(etablissement, instant)
    return vague


def plan_complet(etablissement: Etablissement, instant: datetime) -> list[Passage]:
    """Plan the wave of the first complet after ``instant``; planning twice plans once.

    To be called once a complet was run, failed, was held or did not take place: each plans the next.
    """
    return _plan_wave(etablissement, calendrier_de(etablissement).next_complet(instant))


def plan_limites(etablissement: Etablissement, instant: datetime, jours: Iterable[date]) -> list[Passage]:
    """Plan a wave for each day to come on which a date written in the facts changes what the AAF says.

    Args:
        jours: the days on which somebody leaves, or a suppléance ends; days past and the present one are covered
            by the wave of ``instant``.

    Returns:
        The AAF passages, one for each distinct wave.
    """
    calendrier = calendrier_de(etablissement)
    aujourd_hui = instant.astimezone(calendrier.fuseau).date()
    departs = {calendrier.aaf_from(jour) for jour in jours if jour > aujourd_hui}
    return [_plan_wave(etablissement, aaf)[0] for aaf in sorted(departs)]


def _plan_wave(etablissement: Etablissement, aaf: datetime, depot: Depot | None = None) -> list[Passage]:
    calendrier = calendrier_de(etablissement)
    genre = calendrier.genre_of(aaf)
    vague: dict[Relais, Passage] = {}
    for relais, prevu_le in calendrier.relais_from(aaf).items():
        cle = f"{relais}:{etablissement.uai}:{prevu_le:%Y%m%d}"
        amont = vague.get(_AMONTS[relais]) if relais in _AMONTS else None
        passage = _plan(etablissement, relais, prevu_le, cle, depot=depot, amont=amont, genre=genre)
        _join(passage, amont, genre)
        vague[relais] = passage
    return list(vague.values())


_AMONTS = {Relais.ENT: Relais.AAF, Relais.GAR: Relais.ENT, Relais.MOODLE: Relais.ENT}


def _plan(etablissement, relais, prevu_le, cle, depot=None, amont=None, genre="") -> Passage:
    existante = Tache.objects.filter(cle=cle).select_related("passage__amont").first()
    if existante:
        return existante.passage
    passage = Passage.objects.create(
        etablissement=etablissement, relais=relais, prevu_le=prevu_le, depot=depot, amont=amont, genre=genre
    )
    Tache.objects.create(cle=cle, passage=passage, etablissement=etablissement, prevu_le=prevu_le)
    return passage


def _join(passage: Passage, amont: Passage | None, genre: str) -> None:
    """Let a passage that has still to run carry one wave more: the later source, and the complet over the delta."""
    is_plus_tardif = amont is not None and amont.prevu_le > passage.amont.prevu_le
    is_autre_genre = genre != passage.genre and (genre == GenreAAF.COMPLET or not passage.genre)
    if passage.etat == EtatPassage.PREVU and (is_plus_tardif or is_autre_genre):
        passage.amont = amont if is_plus_tardif else passage.amont
        passage.genre = genre if is_autre_genre else passage.genre
        passage.save(update_fields=["amont", "genre"])


def cancel_night(depot: Depot) -> None:
    """Withdraw the night of a deposit that is replaced or given up before it."""
    depot.passages.filter(relais=Relais.SIECLE, etat=EtatPassage.PREVU).update(etat=EtatPassage.ANNULE)
    Tache.objects.filter(passage__depot=depot, passage__relais=Relais.SIECLE, etat=EtatTache.ATTENTE).update(
        etat=EtatTache.FAIT
    )


@transaction.atomic
def skip_passage(passage: Passage, motif: str, utilisateur: Utilisateur | None) -> bool:
    """Say that a planned passage did not take place, and plan what catches it up.

    After a night of SIECLE its deposit still waits, for the next one; after any other relay, the wave of the first
    AAF passage that follows carries what is missing. Who said it is kept in ``bilan``.

    Returns:
        Whether this call did it; ``False`` when the passage has run, is running, or was skipped already.
    """
    etablissement = _lock(passage.etablissement)
    skipped = Tache.objects.filter(passage=passage, etat=EtatTache.ATTENTE).update(
        etat=EtatTache.FAIT, fini_le=timezone.now()
    )
    if not skipped:
        return False
    passage.refresh_from_db()
    passage.etat, passage.motif = EtatPassage.SAUTE, motif[:200]
    passage.bilan |= {"saute_par": utilisateur.pk} if utilisateur else {}
    passage.save(update_fields=["etat", "motif", "bilan"])
    _catch_up(etablissement, passage)
    decision_prise.send(Passage, etablissement=etablissement, instant=Horloge(etablissement.academie).maintenant)
    return True


def _catch_up(etablissement: Etablissement, passage: Passage) -> None:
    instant = max(passage.prevu_le, Horloge(etablissement.academie).maintenant)
    if passage.relais != Relais.SIECLE:
        plan_relais(etablissement, instant)
    elif passage.depot.etat == EtatDepot.DEPOSE:
        nuit = calendrier_de(etablissement).night_after(instant)
        _plan(etablissement, Relais.SIECLE, nuit, f"SIECLE:{passage.depot_id}:{nuit:%Y%m%d}", depot=passage.depot)


@transaction.atomic
def release_passage(passage: Passage, utilisateur: Utilisateur, instant: datetime) -> Passage | None:
    """Let a held AAF passage go: plan a wave that the guard lets through, of the same genre, at the next AAF hour.

    Returns:
        The AAF passage of that wave, with ``libere_le``; ``None`` when somebody released it before.
    """
    etablissement = _lock(passage.etablissement)
    accord = {"libere_par": utilisateur, "libere_le": instant}
    retenus = etablissement.passages.filter(relais=Relais.AAF, etat=EtatPassage.RETENU, libere_le__isnull=True)
    if not retenus.filter(pk=passage.pk).update(**accord):
        return None
    vague = _next_open_wave(etablissement, instant)
    for suivant in vague:
        _join(suivant, None, passage.genre)
    Passage.objects.filter(pk=vague[0].pk).update(**accord)
    decision_prise.send(Passage, etablissement=etablissement, instant=instant)
    return Passage.objects.get(pk=vague[0].pk)


def _next_open_wave(etablissement: Etablissement, instant: datetime) -> list[Passage]:
    """The first wave after ``instant`` whose AAF passage has still to run: one may be known not to take place."""
    vague = plan_relais(etablissement, instant)
    while vague[0].etat != EtatPassage.PREVU:
        vague = plan_relais(etablissement, vague[0].prevu_le)
    return vague


def _lock(etablissement: Etablissement) -> Etablissement:
    return Etablissement.objects.select_for_update().get(pk=etablissement.pk)

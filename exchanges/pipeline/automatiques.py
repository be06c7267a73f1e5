"""Deposits that a machine hands in: one file is one deposit, however many times it is sent.

The road is that of a person (``depots``): the same checks, the same verdict, the same guard.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from exchanges.enums import EtatDepot, ModeDepot
from exchanges.models import Depot, Jeton
from exchanges.pipeline import stockage
from exchanges.pipeline.depots import ConfirmationRequise, DepotPerime, confirm_depot, control_depot, lock


@dataclass(frozen=True)
class Reception:
    """What became of a sending.

    Attributes:
        depot: the deposit of this file, old or new.
        is_nouveau: whether this sending deposited it.
        garde: why it is still a draft, when too many links would go; a person may confirm it on its page.
    """

    depot: Depot
    is_nouveau: bool = False
    garde: ConfirmationRequise | None = None


def receive_depot(
    jeton: Jeton, flux: BinaryIO, nom: str, now: datetime, suppressions_confirmees: int | None = None
) -> Reception:
    """Deposit a ZIP for the coming night in the name of a token's school.

    Args:
        flux: the ZIP, seekable.
        now: present instant of the school's académie.
        suppressions_confirmees: the figure that the caller confirmed, when it was asked to.

    Raises:
        FichierRefuse: the file cannot be deposited; nothing was stored.
        OSError: the disk is full or read-only; nothing was deposited.
    """
    depot = _keep_one(control_depot(jeton.etablissement, flux, nom, jeton.cree_par, now))
    if depot.etat != EtatDepot.CONTROLE:
        return Reception(depot)
    try:
        confirm_depot(depot, jeton.cree_par, now, suppressions_confirmees, ModeDepot.AUTOMATIQUE)
    except ConfirmationRequise as exc:
        _sign(depot, jeton)
        return Reception(depot, garde=exc)
    except DepotPerime:  # another sending of the same file was quicker
        depot.refresh_from_db()
        return Reception(depot)
    _sign(depot, jeton)
    return Reception(depot, is_nouveau=True)


def _keep_one(brouillon: Depot) -> Depot:
    """The draft, or the deposit of the same name and content that was there before it; then the draft goes.

    A deposit that failed for a reason of ours, or a draft given up, does not count: its file may come again.
    """
    with transaction.atomic():
        lock(brouillon.etablissement)
        memes = (
            Depot.objects.filter(
                etablissement=brouillon.etablissement, nom=brouillon.nom, empreinte=brouillon.empreinte
            )
            .filter(pk__lt=brouillon.pk)
            .exclude(etat=EtatDepot.ECHEC)
            .exclude(etat=EtatDepot.ABANDONNE, depose_le__isnull=True)
        )
        # Of drafts, the first: the only one that never gives way to another.
        connu = memes.exclude(etat=EtatDepot.CONTROLE).first() or memes.order_by("pk").first()
        if connu is None:
            return brouillon
        connu.etablissement = brouillon.etablissement
        brouillon.delete()
        transaction.on_commit(lambda: stockage.remove(brouillon.chemin))
    return connu


def _sign(depot: Depot, jeton: Jeton) -> None:
    """Say which token handed it in, beside the figures; a person who confirms the draft takes it over."""
    depot.mode = ModeDepot.AUTOMATIQUE
    depot.verdict |= {"jeton": jeton.pk, "jeton_nom": jeton.nom}
    Depot.objects.filter(pk=depot.pk, etat=depot.etat).update(mode=depot.mode, verdict=depot.verdict)

"""Forget the bytes that are no longer needed (``docs/decisions/0005``). Rows stay: they explain the past."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from exchanges.enums import EtatChargement, EtatDepot
from exchanges.models import Chargement, Depot, FichierCharge
from exchanges.pipeline import stockage


BROUILLON = timedelta(days=1)


def purge_files(maintenant: datetime) -> int:
    """Give up old drafts and delete files past their time.

    Args:
        maintenant: real time, aware; retention is about real people, so a simulated clock does not count.

    Returns:
        The number of files deleted. Purging twice deletes once.
    """
    _abandon_drafts(maintenant)
    gardes = _chemins_gardes(maintenant - timedelta(days=settings.ENTSITE_PURGE_DAYS))
    total = 0
    for chemin in Path(settings.DEPOTS_DIR).glob("*/*"):
        relatif = f"{chemin.parent.name}/{chemin.name}"
        age = maintenant.timestamp() - chemin.stat().st_mtime
        if relatif not in gardes and age > BROUILLON.total_seconds():
            stockage.remove(relatif)
            total += 1
    return total


def _abandon_drafts(maintenant: datetime) -> None:
    """A draft is judged by when its file was written, since its own dates may be simulated."""
    for modele, etats in ((Depot, EtatDepot), (Chargement, EtatChargement)):
        for brouillon in modele.objects.filter(etat=etats.CONTROLE):
            if _age(brouillon, maintenant) > BROUILLON:
                modele.objects.filter(pk=brouillon.pk, etat=etats.CONTROLE).update(etat=etats.ABANDONNE)


def _age(brouillon, maintenant: datetime) -> timedelta:
    chemins = (
        [brouillon.chemin] if isinstance(brouillon, Depot) else brouillon.fichiers.values_list("chemin", flat=True)
    )
    ecrits = [(Path(settings.DEPOTS_DIR) / chemin) for chemin in chemins]
    dates = [ecrit.stat().st_mtime for ecrit in ecrits if ecrit.exists()]
    return timedelta(seconds=maintenant.timestamp() - max(dates)) if dates else BROUILLON * 2


def _chemins_gardes(limite: datetime) -> set[str]:
    """Files that somebody still needs: drafts, pending deposits, and recent ones."""
    recents = {
        f"{chemin.parent.name}/{chemin.name}"
        for chemin in Path(settings.DEPOTS_DIR).glob("*/*")
        if chemin.stat().st_mtime >= limite.timestamp()
    }
    depots = Depot.objects.filter(
        Q(etat__in=[EtatDepot.CONTROLE, EtatDepot.DEPOSE])
        | Q(etat__in=[EtatDepot.IMPORTE, EtatDepot.REMPLACE, EtatDepot.ECHEC], chemin__in=recents)
    )
    fichiers = FichierCharge.objects.filter(
        Q(chargement__etat=EtatChargement.CONTROLE) | Q(chargement__etat=EtatChargement.APPLIQUE, chemin__in=recents)
    )
    return set(depots.values_list("chemin", flat=True)) | set(fichiers.values_list("chemin", flat=True))

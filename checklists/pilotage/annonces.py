"""Announcements of the DANE: a sentence on the pages of chosen schools, between two days of their académie."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from checklists.models import Annonce
from exchanges.models import Etablissement


def annonces_of(etablissement: Etablissement, jour: date) -> QuerySet[Annonce]:
    """What a school is shown on one day."""
    return etablissement.annonces.filter(is_retiree=False, debut__lte=jour, fin__gte=jour)


@transaction.atomic
def publish_annonce(annonce: Annonce, etablissements: Collection[Etablissement]) -> Annonce:
    """Write an announcement and where it is shown."""
    annonce.save()
    annonce.etablissements.set(etablissements)
    return annonce


def move_end(annonce: Annonce, fin: date) -> bool:
    """Show it until another day.

    Returns:
        False when it is withdrawn.
    """
    return bool(Annonce.objects.filter(pk=annonce.pk, is_retiree=False).update(fin=fin))


def withdraw_annonce(annonce: Annonce) -> bool:
    """Show it no more, for good.

    Returns:
        False when it was withdrawn already.
    """
    return bool(Annonce.objects.filter(pk=annonce.pk, is_retiree=False).update(is_retiree=True))


def tell_state(annonce: Annonce, jour: date) -> dict[str, str]:
    """``couleur`` and ``libelle`` of an announcement on one day."""
    if annonce.is_retiree:
        return {"couleur": "neutre", "libelle": "Retirée"}
    if annonce.fin < jour:
        return {"couleur": "neutre", "libelle": "Terminée"}
    if annonce.debut > jour:
        return {"couleur": "info", "libelle": "À venir"}
    return {"couleur": "succes", "libelle": "Affichée"}

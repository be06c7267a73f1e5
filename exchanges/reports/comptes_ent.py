"""The accounts of an ENT as they were at an instant."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from exchanges.enums import EtatCompteENT
from exchanges.models import EtatCompte, ProjetENT


@dataclass(frozen=True, slots=True)
class Compte:
    """An account: ``identifiant`` is the ENT's own, ``login`` what its holder types."""

    identifiant: str
    login: str
    etat: EtatCompteENT


def read_comptes(projet: ProjetENT, jointures: Collection[int], instant: datetime) -> dict[int, Compte]:
    """The accounts that persons had in an ENT at ``instant``, by jointure; removed ones left out."""
    etats = EtatCompte.objects.filter(
        Q(jusqua__isnull=True) | Q(jusqua__gt=instant),
        compte__projet=projet,
        compte__jointure__in=jointures,
        depuis__lte=instant,
    ).exclude(etat=EtatCompteENT.SUPPRIME)
    lignes = etats.values_list("compte__jointure_id", "compte__identifiant", "compte__login", "etat")
    return {jointure: Compte(identifiant, login, EtatCompteENT(etat)) for jointure, identifiant, login, etat in lignes}


def read_actifs(projet: ProjetENT, jointures: Collection[int], instant: datetime) -> dict[int, Compte]:
    """Those that could be used."""
    comptes = read_comptes(projet, jointures, instant)
    return {jointure: compte for jointure, compte in comptes.items() if compte.etat == EtatCompteENT.ACTIF}

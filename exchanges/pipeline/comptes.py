"""The accounts of an ENT: what it makes, puts to sleep and removes when it loads the AAF.

A login is made once, from the name of that day, and never corrected. An account is deactivated when a *complet* no
longer holds its person, and removed after the projet's delay (``domain.md``, Duplicates and their cost).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import uuid4

from django.db.models import QuerySet

from exchanges.enums import EtatCompteENT
from exchanges.importer.bulk import batches, insert_rows
from exchanges.models import CompteENT, Etablissement, EtatCompte, Passage, ProjetENT
from exchanges.reports.aaf.portee import Portee
from exchanges.reports.aaf.titulaires import Titulaire, read_population
from exchanges.reports.comptes import comptes_declared_by, find_elsewhere, name_logins


Bilan = dict[str, int]


def update_comptes(passage: Passage, portee: Portee, instant: datetime, *, is_complet: bool) -> Bilan:
    """Do to the accounts of a school what its ENT does when it loads the AAF, inside the caller's transaction.

    Args:
        portee: the reading of the school that the ENT loads.
        is_complet: whether an absence means a departure.

    Returns:
        How many accounts were created, reactivated, deactivated, removed.
    """
    ecole = passage.etablissement
    projet = ProjetENT.objects.select_for_update().get(pk=ecole.projet_ent_id)
    population = read_population(portee, projet.has_compte_personne_en_charge)
    titulaires = {titulaire.jointure: titulaire for titulaire in population.titulaires()}
    bilan = {"crees": _create(projet, titulaires, passage, instant)}
    endormis = _etats(ecole, EtatCompteENT.DESACTIVE, EtatCompteENT.SUPPRIME).filter(compte__projet=projet)
    bilan["reactives"] = _move(endormis.filter(compte__jointure__in=titulaires), EtatCompteENT.ACTIF, instant, passage)
    bilan["desactives"] = _deactivate(ecole, projet, titulaires, passage, instant) if is_complet else 0
    bilan["supprimes"] = _expire(ecole, instant)
    return bilan


def _create(projet: ProjetENT, titulaires: dict[int, Titulaire], passage: Passage, instant: datetime) -> int:
    connus: set[int] = set()
    for lot in batches(list(titulaires)):
        siens = CompteENT.objects.filter(projet=projet, jointure__in=lot)
        connus.update(siens.values_list("jointure_id", flat=True))
    nouveaux = [titulaire for jointure, titulaire in titulaires.items() if jointure not in connus]
    if not nouveaux:
        return 0
    lignes = [
        (projet.pk, nomme.titulaire.jointure, str(uuid4()), nomme.login, nomme.base, nomme.rang, instant)
        for nomme in name_logins(projet, nouveaux)
    ]
    champs = ("projet_id", "jointure_id", "identifiant", "login", "base", "rang", "cree_le")
    insert_rows(CompteENT, champs, lignes)
    for lot in batches([titulaire.jointure for titulaire in nouveaux]):
        crees = CompteENT.objects.filter(projet=projet, jointure__in=lot).values_list("pk", flat=True)
        _open(crees, EtatCompteENT.ACTIF, instant, passage)
    return len(nouveaux)


def _deactivate(
    ecole: Etablissement, projet: ProjetENT, titulaires: dict[int, Titulaire], passage: Passage, instant: datetime
) -> int:
    """Put to sleep the active accounts of the school whose persons are gone from it and from the projet's others.

    Accounts left in the projet that the school had before go the same way.
    """
    actifs = _etats(ecole, EtatCompteENT.ACTIF)
    ici = actifs.filter(compte__projet=projet).exclude(compte__jointure__in=titulaires)
    avant = actifs.exclude(compte__projet=projet)
    total = 0
    for etats in (ici, avant):
        absents = defaultdict(set)
        for ancien, jointure in etats.values_list("compte__projet", "compte__jointure"):
            absents[ancien].add(jointure)
        for ancien, jointures in absents.items():
            partis = jointures - find_elsewhere(ecole, ancien, jointures)
            siens = etats.filter(compte__projet=ancien, compte__jointure__in=partis)
            total += _move(siens, EtatCompteENT.DESACTIVE, instant, passage)
    return total


def _expire(ecole: Etablissement, instant: datetime) -> int:
    """Remove what has slept for the projet's delay: on the day it was due, even when this passage comes late."""
    total = 0
    endormis = _etats(ecole, EtatCompteENT.DESACTIVE)
    for projet in ProjetENT.objects.filter(pk__in=endormis.values("compte__projet")):
        delai = timedelta(days=projet.jours_conservation)
        echus = endormis.filter(compte__projet=projet, depuis__lte=instant - delai)
        par_date = defaultdict(list)
        for pk, depuis in echus.values_list("pk", "depuis"):
            par_date[depuis + delai].append(pk)
        for echeance, pks in par_date.items():
            total += _move(EtatCompte.objects.filter(pk__in=pks), EtatCompteENT.SUPPRIME, echeance, None)
    return total


def _etats(ecole: Etablissement, *etats: EtatCompteENT) -> QuerySet[EtatCompte]:
    """The present states of the accounts of everybody whom a school has ever declared."""
    return EtatCompte.objects.filter(comptes_declared_by(ecole), jusqua__isnull=True, etat__in=etats)


def _move(etats: QuerySet[EtatCompte], etat: EtatCompteENT, instant: datetime, passage: Passage | None) -> int:
    """Close these states and open another one on the same accounts.

    A state that began at this very instant, in the ENT passage of another school, never held and is deleted.
    """
    total = 0
    for lot in batches(list(etats.values_list("pk", "compte_id"))):
        siens = EtatCompte.objects.filter(pk__in=[pk for pk, _ in lot])
        siens.filter(depuis__gte=instant).delete()
        siens.update(jusqua=instant)
        total += _open((compte for _, compte in lot), etat, instant, passage)
    return total


def _open(comptes: Iterable[int], etat: EtatCompteENT, instant: datetime, passage: Passage | None) -> int:
    lignes = ((compte, str(etat), instant, passage.pk if passage else None) for compte in comptes)
    return insert_rows(EtatCompte, ("compte_id", "etat", "depuis", "passage_id"), lignes)

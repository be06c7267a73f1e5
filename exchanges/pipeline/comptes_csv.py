"""A table of accounts: each line judged by doing it, for good or, for the preview, undone at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from exchanges.enums import Role
from exchanges.models import Utilisateur
from exchanges.parsers.comptes import LigneCompte
from exchanges.parsers.values import parse_date
from exchanges.pipeline.comptes_utilisateurs import (
    LIBELLES,
    CompteRefuse,
    Don,
    Identite,
    academies_donnables,
    etablissements_donnables,
    open_compte,
)


ROLES = {
    "secretariat": Role.SECRETARIAT,
    "secretaire": Role.SECRETARIAT,
    "direction": Role.DIRECTION,
    "dane": Role.DANE,
    "admin": Role.ADMIN,
    "administration": Role.ADMIN,
}


@dataclass(frozen=True)
class LigneJugee:
    """What became of a line, with its sentence."""

    ligne: LigneCompte
    message: str
    compte: Utilisateur | None = None  # None: refused
    is_nouveau: bool = False
    is_change: bool = False


def import_lignes(lignes: Sequence[LigneCompte], par: Utilisateur, *, is_essai: bool) -> list[LigneJugee]:
    """Open the accounts and give the roles of each line; a refused line leaves the others alone.

    Args:
        par: who does it; no line can give more than her own rights.
        is_essai: undo everything at the end, only the sentences are wanted.
    """
    with transaction.atomic():
        jugees = [_judge(ligne, par) for ligne in lignes]
        if is_essai:
            transaction.set_rollback(True)
    return jugees


def _judge(ligne: LigneCompte, par: Utilisateur) -> LigneJugee:
    try:
        dons = _dons(ligne, par)
        identite = Identite(ligne.mel, ligne.nom, ligne.prenom)
        compte, is_nouveau, is_change = open_compte(identite, dons, par)
    except CompteRefuse as refus:
        return LigneJugee(ligne, str(refus))
    roles = " ; ".join(don.libelle for don in dons)
    if is_nouveau:
        message = f"Compte ouvert : {roles}."
    elif is_change:
        message = f"Le compte existe déjà, son nom ne change pas. Rôle donné : {roles}."
    else:
        message = "Rien ne change : ce compte a déjà ce rôle."
    if not compte.is_active:
        message += " Ce compte est désactivé : il faut le réactiver."
    return LigneJugee(ligne, message, compte, is_nouveau, is_change)


def _dons(ligne: LigneCompte, par: Utilisateur) -> list[Don]:
    role = ROLES.get(ligne.role)
    if role is None:
        connus = ", ".join(LIBELLES.values())
        raise CompteRefuse(f"Le rôle « {ligne.role} » n'est pas connu. Écrivez l'un de ceux-ci : {connus}.")
    fin = parse_date(ligne.fin) if ligne.fin else None
    if ligne.fin and fin is None:
        raise CompteRefuse(f"« {ligne.fin} » n'est pas une date. Écrivez-la JJ/MM/AAAA.")
    if role == Role.ADMIN:
        return [Don(role, fin=fin)]
    if role == Role.DANE:
        return [Don(role, academie=_academie(ligne, par), fin=fin)]
    return [Don(role, etablissement=etablissement, fin=fin) for etablissement in find_etablissements(ligne.uais, par)]


def _academie(ligne: LigneCompte, par: Utilisateur):
    """The académie named, or the only one that she may give."""
    academies = academies_donnables(par)
    trouvees = list(academies.filter(code=ligne.academie) if ligne.academie else academies[:2])
    if len(trouvees) != 1:
        raise CompteRefuse(
            f"L'académie « {ligne.academie} » n'existe pas, ou n'est pas de votre périmètre."
            if ligne.academie
            else "Dites de quelle académie : son code, dans une colonne « académie »."
        )
    return trouvees[0]


def find_etablissements(uais: Sequence[str], par: Utilisateur):
    """The schools of these UAI on which ``par`` may give a role.

    Raises:
        CompteRefuse: there is no UAI, or one is unknown or out of her perimeter (which is not told apart).
    """
    if not uais:
        raise CompteRefuse("Indiquez l'UAI de l'établissement.")
    trouves = {e.uai: e for e in etablissements_donnables(par).filter(uai__in=uais).select_related("academie")}
    if absents := [uai for uai in uais if uai not in trouves]:
        raise CompteRefuse(
            f"L'établissement {absents[0]} n'existe pas ici, ou n'est pas de votre périmètre."
            if len(absents) == 1
            else f"Ces établissements n'existent pas ici, ou ne sont pas de votre périmètre : {', '.join(absents)}."
        )
    return [trouves[uai] for uai in uais]

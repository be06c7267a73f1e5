"""Accounts and roles: who may give what to whom, and the writing of it, each act noted with its author.

A person never gives more than her own rights: not a role above hers, not a perimeter outside hers, not a day after
her own last one. An account is deactivated, never deleted: what it did stays explained.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from exchanges.enums import Role
from exchanges.models import Academie, Etablissement, Habilitation, Utilisateur


LIBELLES = {
    Role.SECRETARIAT: "secrétariat",
    Role.DIRECTION: "direction",
    Role.DANE: "DANE",
    Role.ADMIN: "administration",
}
_DONNENT = {
    Role.ADMIN: (Role.SECRETARIAT, Role.DIRECTION, Role.DANE, Role.ADMIN),
    Role.DANE: (Role.SECRETARIAT, Role.DIRECTION, Role.DANE),
    Role.DIRECTION: (Role.SECRETARIAT, Role.DIRECTION),
    Role.SECRETARIAT: (),
}


class CompteRefuse(Exception):
    """What was asked for is not possible; its text is the French sentence to show. Nothing was written."""


@dataclass(frozen=True)
class Identite:
    """Who a person is, as typed."""

    mel: str
    nom: str
    prenom: str


@dataclass(frozen=True)
class Don:
    """A role to give on one perimeter, until its last day (none: for good)."""

    role: Role
    etablissement: Etablissement | None = None
    academie: Academie | None = None
    fin: date | None = None

    @property
    def libelle(self) -> str:
        """« secrétariat, Collège Modèle (0990001A), jusqu'au 31/08/2027 »."""
        academie = f"{self.academie} ({self.academie.code})" if self.academie else ""
        cible = str(self.etablissement) if self.etablissement else academie
        fin = f"jusqu'au {self.fin:%d/%m/%Y}" if self.fin else ""
        return ", ".join(filter(None, (LIBELLES[self.role], cible, fin)))


def today() -> date:
    """The day on which rights are counted: the site's own."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


def is_admin(par: Utilisateur) -> bool:
    """Whether this person administers the whole site."""
    return par.is_superuser or par.habilitations.en_cours().filter(role=Role.ADMIN).exists()


def roles_donnables(par: Utilisateur) -> list[Role]:
    """The roles that a person may give somewhere, the smallest first; empty when she manages no account.

    A delegation is not delegated: with a last day, nobody gives her own role.
    """
    if is_admin(par):
        return list(_DONNENT[Role.ADMIN])
    siennes = par.habilitations.en_cours()
    roles = {role for h in siennes for role in _DONNENT[Role(h.role)] if h.fin is None or role != h.role}
    return [role for role in _DONNENT[Role.ADMIN] if role in roles]


def etablissements_donnables(par: Utilisateur) -> QuerySet[Etablissement]:
    """The schools on which a person may give a role."""
    if is_admin(par):
        return Etablissement.objects.all()
    siennes = par.habilitations.en_cours()
    return Etablissement.objects.filter(
        Q(pk__in=siennes.filter(role=Role.DIRECTION).values("etablissement"))
        | Q(academie__in=siennes.filter(role=Role.DANE).values("academie"))
    )


def academies_donnables(par: Utilisateur) -> QuerySet[Academie]:
    """The académies of which a person may name a DANE."""
    if is_admin(par):
        return Academie.objects.order_by("nom")
    return Academie.objects.filter(
        pk__in=par.habilitations.en_cours().filter(role=Role.DANE).values("academie")
    ).order_by("nom")


def habilitations_visibles(par: Utilisateur) -> QuerySet[Habilitation]:
    """The roles, past ones included, that concern the schools and académies in a person's charge."""
    if is_admin(par):
        return Habilitation.objects.all()
    return Habilitation.objects.filter(
        Q(etablissement__in=etablissements_donnables(par)) | Q(academie__in=academies_donnables(par))
    )


def comptes_visibles(par: Utilisateur) -> QuerySet[Utilisateur]:
    """The accounts in a person's charge: those with a role there."""
    if is_admin(par):
        return Utilisateur.objects.all()
    return Utilisateur.objects.filter(pk__in=habilitations_visibles(par).values("utilisateur"))


def can_touch(par: Utilisateur, compte: Utilisateur) -> bool:
    """Whether a person may rename, invite again or deactivate an account: all its rights must be hers to give.

    Those that ended or were taken away count too: an address changed today would hold them again on the day when
    they are renewed.
    """
    if compte == par or (compte.is_superuser and not par.is_superuser):
        return False
    if is_admin(par):
        return True
    gerables = Habilitation.objects.gerables_par(par)
    return (
        comptes_visibles(par).filter(pk=compte.pk).exists()
        and not compte.habilitations.exclude(pk__in=gerables.values("pk")).exists()
        and not has_roles_ailleurs(par, compte)
    )


def has_roles_ailleurs(par: Utilisateur, compte: Utilisateur) -> bool:
    """Whether an account has, or once had, a right on what is not in a person's charge."""
    vues = habilitations_visibles(par)
    return (
        compte.habilitations.exclude(pk__in=vues.values("pk")).exists()
        or len(actes_visibles(par, compte)) < actes_de(compte).count()
    )


def _sources(par: Utilisateur, don: Don) -> list[Habilitation]:
    """The rights by virtue of which a person may give this one."""
    return [h for h in par.habilitations.en_cours() if don.role in _DONNENT[Role(h.role)] and _covers(h, don)]


def _covers(habilitation: Habilitation, don: Don) -> bool:
    if habilitation.role == Role.ADMIN:
        return True
    if habilitation.fin is not None and habilitation.role == don.role:
        return False
    if habilitation.role == Role.DANE:
        academie = don.etablissement.academie_id if don.etablissement else don.academie and don.academie.pk
        return habilitation.academie_id == academie
    return don.etablissement is not None and habilitation.etablissement_id == don.etablissement.pk


def check_don(par: Utilisateur, don: Don) -> None:
    """Raise CompteRefuse when this role is not hers to give."""
    if don.fin and don.fin < today():
        raise CompteRefuse(f"Le dernier jour, {don.fin:%d/%m/%Y}, est déjà passé.")
    if par.is_superuser:
        return
    sources = _sources(par, don)
    if not sources:
        raise CompteRefuse(f"Vous ne pouvez pas donner ce rôle : {don.libelle}.")
    if don.role == Role.DIRECTION and don.fin is None and all(h.role == Role.DIRECTION for h in sources):
        raise CompteRefuse("Une délégation de direction a un dernier jour : indiquez-le.")
    fins = [habilitation.fin for habilitation in sources]
    if None not in fins and (don.fin is None or don.fin > max(fins)):
        raise CompteRefuse(
            f"Votre propre droit s'arrête le {max(fins):%d/%m/%Y} : donnez un dernier jour, celui-là au plus tard."
        )


@transaction.atomic
def give_role(compte: Utilisateur, don: Don, par: Utilisateur) -> bool:
    """Give a role, or change its last day.

    Returns: False when the account already had exactly that.

    Raises:
        CompteRefuse: it is not ``par``'s to give, or it would touch a right that she cannot take away.
    """
    check_don(par, don)
    if compte == par and not is_admin(par):
        raise CompteRefuse("Vous ne pouvez pas changer vos propres rôles.")
    existante = (
        Habilitation.objects.select_for_update()
        .filter(utilisateur=compte, role=don.role, etablissement=don.etablissement, academie=don.academie)
        .first()
    )
    if existante is None:
        Habilitation.objects.create(
            utilisateur=compte, role=don.role, etablissement=don.etablissement, academie=don.academie, fin=don.fin
        )
    elif existante.fin == don.fin:
        return False
    elif not Habilitation.objects.gerables_par(par).filter(pk=existante.pk).exists():
        raise CompteRefuse("Cette personne a déjà ce rôle, et il n'est pas à vous de le changer.")
    else:
        existante.fin = don.fin
        existante.save(update_fields=["fin"])
    note(par, compte, f"rôle donné : {don.libelle}")
    return True


@transaction.atomic
def give_roles(compte: Utilisateur, dons: Iterable[Don], par: Utilisateur) -> bool:
    """The same for several perimeters, all or none; whether any of them changed something."""
    changes = [give_role(compte, don, par) for don in dons]
    return any(changes)


@transaction.atomic
def take_role(habilitation: Habilitation, par: Utilisateur) -> None:
    """Take a role away, now. Raises CompteRefuse when it is not hers to take."""
    if not Habilitation.objects.gerables_par(par).filter(pk=habilitation.pk).exists():
        raise CompteRefuse("Ce rôle n'est pas à vous de le retirer.")
    don = Don(Role(habilitation.role), habilitation.etablissement, habilitation.academie, habilitation.fin)
    compte = habilitation.utilisateur
    habilitation.delete()
    note(par, compte, f"rôle retiré : {don.libelle}")


@transaction.atomic
def open_compte(identite: Identite, dons: Iterable[Don], par: Utilisateur) -> tuple[Utilisateur, bool, bool]:
    """The account of an address with these roles; made when there is none, its name left alone when there is one.

    Returns: the account; whether it is new; whether anything changed.

    Raises:
        CompteRefuse: a role is refused (nothing at all is written), or the address cannot be used.
    """
    mel = check_mel(identite.mel)
    compte = find_compte(mel)
    is_nouveau = compte is None
    if compte is None:
        compte = Utilisateur.objects.create_user(
            username=mel, email=mel, last_name=identite.nom[:150], first_name=identite.prenom[:150]
        )
        note(par, compte, "compte ouvert", ADDITION)
    is_change = give_roles(compte, dons, par)
    return compte, is_nouveau, is_nouveau or is_change


def check_mel(mel: str) -> str:
    """The address as it is kept, in lower case; raises CompteRefuse when it is none."""
    mel = mel.strip().lower()
    try:
        validate_email(mel)
    except ValidationError as exc:
        raise CompteRefuse(f"« {mel} » n'est pas une adresse électronique.") from exc
    if len(mel) > 150:
        raise CompteRefuse("Cette adresse électronique est trop longue : 150 caractères au plus.")
    return mel


def find_compte(mel: str) -> Utilisateur | None:
    """The account of an address; raises CompteRefuse when several have it."""
    comptes = list(Utilisateur.objects.filter(Q(email__iexact=mel) | Q(username__iexact=mel))[:2])
    if len(comptes) > 1:
        raise CompteRefuse(
            f"Plusieurs comptes portent l'adresse {mel} : demandez à l'administration du site de n'en garder qu'un."
        )
    return comptes[0] if comptes else None


@transaction.atomic
def rename_compte(compte: Utilisateur, identite: Identite, par: Utilisateur) -> None:
    """Mend the name and the address of an account; the address is also what she signs in with, if it was."""
    _require_touch(par, compte)
    mel = check_mel(identite.mel)
    autre = find_compte(mel)
    if autre is not None and autre != compte:
        raise CompteRefuse(f"L'adresse {mel} est déjà celle d'un autre compte.")
    if compte.username.lower() == compte.email.lower():
        compte.username = mel
    compte.email, compte.last_name, compte.first_name = mel, identite.nom[:150], identite.prenom[:150]
    compte.save(update_fields=["username", "email", "last_name", "first_name"])
    note(par, compte, "nom ou adresse modifiés")


@transaction.atomic
def set_actif(compte: Utilisateur, is_actif: bool, par: Utilisateur) -> None:
    """Deactivate an account (its sessions end at once), or open it again."""
    _require_touch(par, compte)
    compte.is_active = is_actif
    compte.save(update_fields=["is_active"])
    note(par, compte, "compte réactivé" if is_actif else "compte désactivé")


def _require_touch(par: Utilisateur, compte: Utilisateur) -> None:
    if not can_touch(par, compte):
        raise CompteRefuse(
            "Ce compte a, ou a eu, des rôles qui ne dépendent pas de vous : il n'a pas été modifié. L'administration "
            "du site peut le faire."
        )


def note(par: Utilisateur, compte: Utilisateur, acte: str, action: int = CHANGE) -> None:
    """Write down who did what to an account."""
    LogEntry.objects.create(
        user=par,
        content_type=ContentType.objects.get_for_model(Utilisateur),
        object_id=compte.pk,
        object_repr=str(compte)[:200],
        action_flag=action,
        change_message=acte,
    )


def actes_de(compte: Utilisateur) -> QuerySet[LogEntry]:
    """What was done to an account, the latest first."""
    genre = ContentType.objects.get_for_model(Utilisateur)
    return LogEntry.objects.filter(content_type=genre, object_id=str(compte.pk)).select_related("user")


def actes_visibles(par: Utilisateur, compte: Utilisateur) -> list[LogEntry]:
    """The same without the roles of schools and académies that are not in ``par``'s charge."""
    actes = list(actes_de(compte))
    if is_admin(par):
        return actes
    ecoles = etablissements_donnables(par).order_by().values_list("uai", flat=True)
    codes = academies_donnables(par).order_by().values_list("code", flat=True)
    cles = [f"({cle})" for cle in (*ecoles, *codes)]
    return [
        acte
        for acte in actes
        if not acte.change_message.startswith("rôle ") or any(cle in acte.change_message for cle in cles)
    ]

"""What people of a school do about a step: each function writes one thing, whoever asks twice."""

from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from checklists.annees import Rentree
from checklists.etapes import Etape, Reglage
from checklists.models import Assignation, Commentaire, Declaration, PieceJointe, ProfilRentree
from checklists.pieces import check_piece, remove_bytes, store_piece
from exchanges.enums import Role
from exchanges.models import Etablissement, Utilisateur
from exchanges.pipeline.compteurs import refresh_compteurs
from exchanges.propagation.horloge import Horloge


ROLES_ECOLE = (Role.DIRECTION, Role.SECRETARIAT)


def find_collegues(etablissement: Etablissement) -> QuerySet[Utilisateur]:
    """The people of a school today: those to whom a step may be given, those who are reminded."""
    en_cours = Q(habilitations__fin__isnull=True) | Q(habilitations__fin__gte=timezone.localdate())
    return (
        Utilisateur.objects.filter(
            en_cours,
            is_active=True,
            habilitations__etablissement=etablissement,
            habilitations__role__in=ROLES_ECOLE,
        )
        .distinct()
        .order_by("last_name", "first_name", "username")
    )


@transaction.atomic
def save_profil(etablissement: Etablissement, annee: str, reglage: Reglage, date_rentree: date | None) -> None:
    """Set up a rentrée; the figures of the school follow it."""
    ProfilRentree.objects.update_or_create(
        etablissement=etablissement,
        annee=annee,
        defaults={
            "variante": reglage.variante,
            "logiciel": reglage.logiciel,
            "has_netsynchro": reglage.has_netsynchro,
            "date_rentree": date_rentree,
        },
    )
    refresh_compteurs(etablissement, Horloge(etablissement.academie).maintenant)


def declare_etape(
    rentree: Rentree, etape: Etape, utilisateur: Utilisateur, now: datetime, commentaire: str = ""
) -> bool:
    """Note that somebody says the step is done; it proves nothing.

    Returns:
        False when somebody had already said so: nothing changes.
    """
    try:
        with transaction.atomic():
            Declaration.objects.create(
                **_about(rentree, etape), utilisateur=utilisateur, cree_le=now, commentaire=commentaire
            )
            refresh_compteurs(rentree.etablissement, now)
    except IntegrityError:
        return False
    return True


def withdraw_etape(rentree: Rentree, etape: Etape, utilisateur: Utilisateur, now: datetime) -> bool:
    """Take back what was said of a step; it stays in the history.

    Returns:
        False when nothing was said.
    """
    with transaction.atomic():
        retirees = Declaration.objects.filter(**_about(rentree, etape), retiree_le__isnull=True).update(
            retiree_le=now, retiree_par=utilisateur
        )
        refresh_compteurs(rentree.etablissement, now)
    return bool(retirees)


@transaction.atomic
def assign_etape(rentree: Rentree, etape: Etape, collegue: Utilisateur | None, by: Utilisateur, now: datetime) -> None:
    """Give a step to a colleague, or to nobody in particular: who waits for whom decides which step comes next."""
    if collegue is None:
        Assignation.objects.filter(**_about(rentree, etape)).delete()
    else:
        Assignation.objects.update_or_create(
            **_about(rentree, etape), defaults={"utilisateur": collegue, "confiee_par": by, "cree_le": now}
        )
    refresh_compteurs(rentree.etablissement, now)


def comment_etape(rentree: Rentree, etape: Etape, utilisateur: Utilisateur, now: datetime, texte: str) -> None:
    """Leave a word for the colleagues."""
    Commentaire.objects.create(**_about(rentree, etape), utilisateur=utilisateur, cree_le=now, texte=texte)


def attach_piece(
    rentree: Rentree, etape: Etape, utilisateur: Utilisateur, now: datetime, fichier: UploadedFile
) -> PieceJointe:
    """Keep a file beside a step.

    Raises:
        PieceRefusee: it is empty, too big or of another kind; nothing is kept.
        OSError: the disk is full or read-only; nothing is kept.
    """
    check_piece(fichier)
    chemin = store_piece(fichier)
    try:
        return PieceJointe.objects.create(
            **_about(rentree, etape),
            utilisateur=utilisateur,
            cree_le=now,
            nom=(fichier.name or "")[-120:],
            taille=fichier.size,
            chemin=chemin,
        )
    except BaseException:
        remove_bytes([chemin])
        raise


def delete_piece(piece: PieceJointe) -> None:
    """Forget a file, its row first: no row is left without its bytes."""
    piece.delete()
    remove_bytes([piece.chemin])


def _about(rentree: Rentree, etape: Etape) -> dict[str, object]:
    return {"etablissement": rentree.etablissement, "annee": rentree.annee, "etape": etape.numero}

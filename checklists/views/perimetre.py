"""From the perimeter of ``exchanges`` to a rentrée and its steps: every view of this application starts here."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from checklists.annees import Rentree, find_rentree
from checklists.etapes import Etape, find_etape
from checklists.models import PieceJointe
from checklists.tableau import Tableau, build_tableau
from exchanges.enums import Role
from exchanges.models import Academie
from exchanges.views.perimetre import get_droits, get_etablissement, get_modifiable, visible_etablissements


def followed_etablissements(request: HttpRequest):
    """The établissements that the user follows for an académie (all for an administrator), none for anybody else.

    What she sees as somebody of a school is not among them.
    """
    visibles = visible_etablissements(request)
    return visibles if _is_admin(request) else visibles.filter(academie__in=_academies(request))


def followed_academies(request: HttpRequest):
    """The académies that the user follows: hers for a DANE, all for an administrator, by name."""
    academies = Academie.objects.order_by("nom", "pk")
    return academies if _is_admin(request) else academies.filter(pk__in=_academies(request))


def _is_admin(request: HttpRequest) -> bool:
    return request.user.is_superuser or any(droit.role == Role.ADMIN for droit in get_droits(request))


def _academies(request: HttpRequest) -> list[int]:
    return [droit.academie_id for droit in get_droits(request) if droit.role == Role.DANE]


def get_followed_academie(request: HttpRequest, code: str) -> Academie:
    """An académie that the user follows.

    Raises:
        Http404: it does not exist, or not for this user.
    """
    return get_object_or_404(followed_academies(request), code=code)


def require_follower(request: HttpRequest) -> None:
    """Raise Http404 unless the user is of a DANE or administers the site."""
    if not _is_admin(request) and not _academies(request):
        raise Http404


def get_tableau(request: HttpRequest, uai: str) -> Tableau | None:
    """The rentrée of a school that the user sees; ``None`` when nobody knows when it is.

    Raises:
        Http404: no such school, or not for this user.
    """
    return build_tableau(get_etablissement(request, uai), request.horloge.maintenant)


def get_known_tableau(request: HttpRequest, uai: str) -> Tableau:
    """The same, for what has no meaning without a date.

    Raises:
        Http404: no such school, not for this user, or no date.
    """
    tableau = get_tableau(request, uai)
    if tableau is None:
        raise Http404
    return tableau


def get_action(request: HttpRequest, uai: str, numero: str) -> tuple[Rentree, Etape]:
    """The rentrée and the step on which the user acts in the name of a school.

    Raises:
        Http404: no such school, not for this user, no such step, or no date.
        PermissionDenied: she sees the school, she may not act in its name.
    """
    etablissement = get_modifiable(request, uai)
    rentree = find_rentree(etablissement, request.horloge.maintenant.date())
    if rentree is None:
        raise Http404
    return rentree, get_etape(numero)


def get_etape(numero: str) -> Etape:
    """The step of this number.

    Raises:
        Http404: there is none.
    """
    etape = find_etape(numero)
    if etape is None:
        raise Http404
    return etape


def find_pieces(rentree: Rentree, etape: Etape):
    """The files left beside a step of this school and of no other."""
    return PieceJointe.objects.filter(
        etablissement=rentree.etablissement, annee=rentree.annee, etape=etape.numero
    ).select_related("utilisateur")

"""The perimeter of the person who asks: every view starts here, so that none can forget it.

An établissement out of her perimeter does not exist (404). One that she sees but in whose name she may not hand
in files (the DANE) is a 403 when she tries. Fetching an établissement also activates its académie's time zone.
"""

from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from exchanges.enums import Role
from exchanges.models import (
    Academie,
    Chargement,
    Depot,
    Etablissement,
    Habilitation,
    Jeton,
    ProjetENT,
    Utilisateur,
)
from exchanges.pipeline.comptes_utilisateurs import comptes_visibles, is_admin, roles_donnables
from exchanges.propagation.horloge import Horloge


def get_droits(request: HttpRequest) -> list[Habilitation]:
    """The rights in force of the person who asks, read once for the page."""
    if not hasattr(request, "droits"):
        request.droits = list(request.user.habilitations.en_cours())
    return request.droits


def visible_etablissements(request: HttpRequest):
    """The établissements of the user, with what every page needs of them.

    Whoever looks at the site « comme » a school (``request.vu_comme``, set above exchanges) sees that one only.
    """
    visibles = Etablissement.objects.visibles_par(request.user, get_droits(request))
    visibles = visibles.select_related("academie", "projet_ent")
    vu_comme = getattr(request, "vu_comme", None)
    return visibles.filter(pk=vu_comme.pk) if vu_comme else visibles


def get_etablissement(request: HttpRequest, uai: str) -> Etablissement:
    """The établissement of this UAI; its hours become those of the page.

    Raises:
        Http404: it does not exist, or not for this user.
    """
    return _enter(request, get_object_or_404(visible_etablissements(request), uai=uai))


def get_etablissement_of_jeton(request: HttpRequest, jeton: Jeton, uai: str) -> Etablissement:
    """The same, for a machine that shows the deposit token of a school.

    Raises:
        Http404: the token is another school's, whether this one exists or not.
    """
    if jeton.etablissement is None or jeton.etablissement.uai != uai:
        raise Http404
    return _enter(request, jeton.etablissement)


def get_academie_of_jeton(jeton: Jeton, code: str) -> Academie:
    """The académie of this code, for a machine that shows the reading token of an académie.

    Raises:
        Http404: the token is another académie's, whether this one exists or not.
    """
    if jeton.academie is None or jeton.academie.code != code:
        raise Http404
    return jeton.academie


def _enter(request: HttpRequest, etablissement: Etablissement) -> Etablissement:
    timezone.activate(ZoneInfo(etablissement.academie.fuseau))
    request.etablissement = etablissement
    request.horloge = Horloge(etablissement.academie)
    return etablissement


def can_modify(request: HttpRequest, etablissement: Etablissement) -> bool:
    """Whether the user may hand in files in the name of this établissement.

    Whoever looks at the site « comme » a school is shown its buttons; what they send is refused before any view.
    """
    if getattr(request, "vu_comme", None) == etablissement:
        return True
    modifiables = Etablissement.objects.modifiables_par(request.user, get_droits(request))
    return modifiables.filter(pk=etablissement.pk).exists()


def get_modifiable(request: HttpRequest, uai: str) -> Etablissement:
    """The same, for what hands in, confirms or gives up.

    Raises:
        Http404: it does not exist, or not for this user.
        PermissionDenied: she sees it, she may not act in its name.
    """
    etablissement = get_etablissement(request, uai)
    if not can_modify(request, etablissement):
        raise PermissionDenied
    return etablissement


def get_depot(etablissement: Etablissement, pk: int) -> Depot:
    """A deposit of this établissement and of no other.

    Raises:
        Http404: it is another's, or none.
    """
    return _own(get_object_or_404(etablissement.depots.select_related("utilisateur"), pk=pk), etablissement)


def get_jeton(perimetre: Etablissement | Academie, pk: int) -> Jeton:
    """A token of this établissement, or of this académie, and of no other.

    Raises:
        Http404: it is another's, or none.
    """
    return get_object_or_404(perimetre.jetons, pk=pk)


def get_chargement(etablissement: Etablissement, pk: int) -> Chargement:
    """A batch of files of this établissement and of no other.

    Raises:
        Http404: it is another's, or none.
    """
    return _own(get_object_or_404(etablissement.chargements.select_related("utilisateur"), pk=pk), etablissement)


def _own(objet, etablissement: Etablissement):
    """Give an object the établissement already read, with its académie and its projet."""
    objet.etablissement = etablissement
    return objet


def get_academie_simulee(request: HttpRequest, code: str) -> Academie:
    """A simulated académie in which the user has at least one établissement.

    Raises:
        Http404: it lives in real time, or is not hers.
    """
    academie = get_object_or_404(
        Academie.objects.filter(
            is_simulee=True, pk__in=Etablissement.objects.visibles_par(request.user).values("academie")
        ),
        code=code,
    )
    timezone.activate(ZoneInfo(academie.fuseau))
    return academie


def visible_projets(request: HttpRequest):
    """The projets ENT that the user follows: all for an administrator, those of its schools for a DANE.

    Raises:
        Http404: she has neither role.
    """
    if is_admin(request.user):
        return ProjetENT.objects.all()
    academies = request.user.habilitations.en_cours().filter(role=Role.DANE).values("academie")
    if not academies.exists():
        raise Http404
    return ProjetENT.objects.filter(pk__in=Etablissement.objects.filter(academie__in=academies).values("projet_ent"))


def get_projet(request: HttpRequest, pk: int) -> ProjetENT:
    """A projet ENT that the user follows.

    Raises:
        Http404: it does not exist, or not for this user.
    """
    return get_object_or_404(visible_projets(request), pk=pk)


def visible_comptes(request: HttpRequest):
    """The accounts in the user's charge.

    Raises:
        PermissionDenied: she manages no account at all.
    """
    if not roles_donnables(request.user):
        raise PermissionDenied
    return comptes_visibles(request.user)


def get_compte(request: HttpRequest, pk: int) -> Utilisateur:
    """An account in the user's charge.

    Raises:
        Http404: it does not exist, or has no role in her perimeter.
        PermissionDenied: she manages no account at all.
    """
    return get_object_or_404(visible_comptes(request), pk=pk)


def require_admin(request: HttpRequest) -> None:
    """Raise PermissionDenied unless the user administers the whole site."""
    if not is_admin(request.user):
        raise PermissionDenied

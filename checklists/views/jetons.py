"""« Jetons de lecture »: the tokens with which the tools of an académie read its figures."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from checklists.views.perimetre import followed_academies, get_followed_academie
from exchanges.views.jetons import Registre, manage_jetons, say_revoked
from exchanges.views.perimetre import get_jeton


@require_safe
def academie_jetons(request: HttpRequest) -> HttpResponse:
    """The page of the first académie that the user follows; it leads to the others."""
    academie = followed_academies(request).first()
    if academie is None:
        raise Http404
    return redirect("checklists:academie_jeton_list", academie.code)


@never_cache
def academie_jeton_list(request: HttpRequest, code: str) -> HttpResponse:
    """The tokens of an académie; on POST, a new one."""
    academie = get_followed_academie(request, code)
    registre = Registre(
        perimetre=academie,
        gabarit="checklists/academie_jetons.html",
        page=reverse("checklists:academie_jeton_list", args=[code]),
        revocation="checklists:academie_jeton_revoke",
        arguments=(code,),
        adresse=reverse("checklists:api_etablissement_list", args=[code]),
        exemple="Tableau de bord de la DANE",
        contexte={"academie": academie, "autres_academies": followed_academies(request).exclude(pk=academie.pk)},
    )
    return manage_jetons(request, registre)


@require_POST
def academie_jeton_revoke(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Make a token useless from now on."""
    say_revoked(request, get_jeton(get_followed_academie(request, code), pk))
    return redirect("checklists:academie_jeton_list", code)

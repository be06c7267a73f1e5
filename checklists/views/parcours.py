"""The short procedures of the year: a question, then one step at a time; the address holds where one is."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from checklists.parcours import Branche, Pas, find_parcours, read_parcours
from exchanges.models import Etablissement
from exchanges.views.fragments import render_page
from exchanges.views.perimetre import get_etablissement


def parcours_list(request: HttpRequest, uai: str) -> HttpResponse:
    """The procedures, and NetSynchro."""
    get_etablissement(request, uai)
    return render(request, "checklists/parcours_list.html", {"tous": read_parcours()})


def parcours_detail(request: HttpRequest, uai: str, slug: str) -> HttpResponse:
    """The question, or one step of the road that its answer opens."""
    etablissement = get_etablissement(request, uai)
    parcours = find_parcours(slug)
    if parcours is None:
        raise Http404
    branche = parcours.find_branche(request.GET.get("reponse", ""))
    context = {"parcours": parcours, "branche": branche}
    if branche:
        context |= _progress(etablissement, branche, request.GET.get("pas", ""))
    return render_page(request, "checklists/parcours_detail.html", "checklists/_parcours.html", context)


def _progress(etablissement: Etablissement, branche: Branche, demande: str) -> dict[str, object]:
    total = len(branche.pas)
    rang = min(max(int(demande), 1), total) if demande.isdecimal() and len(demande) < 3 else 1
    pas = branche.pas[rang - 1]
    return {
        "pas": pas,
        "rang": rang,
        "total": total,
        "suivant": branche.pas[rang].titre if rang < total else "",
        "page_url": _find_page(etablissement, pas),
    }


def _find_page(etablissement: Etablissement, pas: Pas) -> str:
    """The address of the page that helps; empty when the site has no such page."""
    if not pas.page:
        return ""
    try:
        return reverse(pas.page, args=[etablissement.uai])
    except NoReverseMatch:
        return ""

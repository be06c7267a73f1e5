"""Work lists: one page and one export each."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse

from exchanges.reports.listes import LISTES_PAR_SLUG, Liste, cell
from exchanges.reports.tableur import FORMATS
from exchanges.views.fragments import download, render_page
from exchanges.views.perimetre import get_etablissement


PAR_PAGE = 50


def _get_liste(slug: str) -> Liste:
    if slug not in LISTES_PAR_SLUG:
        raise Http404
    return LISTES_PAR_SLUG[slug]


def liste_detail(request: HttpRequest, uai: str, slug: str) -> HttpResponse:
    """One work list: what it means, what mends it, its rows."""
    etablissement = get_etablissement(request, uai)
    liste = _get_liste(slug)
    page = Paginator(liste.lignes(etablissement), PAR_PAGE).get_page(request.GET.get("page"))
    lignes = [
        {
            "identifiant": ligne.get("identifiant"),
            "cellules": [(titre, cell(ligne, cle)) for titre, cle in liste.colonnes],
        }
        for ligne in page.object_list
    ]
    context = {"liste": liste, "page": page, "lignes": lignes}
    return render_page(request, "exchanges/liste_detail.html", "exchanges/_liste_detail.html", context)


def liste_export(request: HttpRequest, uai: str, slug: str, extension: str) -> HttpResponse:
    """The whole list as CSV or XLSX."""
    etablissement = get_etablissement(request, uai)
    liste = _get_liste(slug)
    if extension not in FORMATS:
        raise Http404
    lignes = ([cell(ligne, cle) for _, cle in liste.colonnes] for ligne in liste.lignes(etablissement))
    return download(f"{slug}-{uai}", extension, [titre for titre, _ in liste.colonnes], lignes)

"""Work lists: one page and one export each, of exactly what is filtered."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from exchanges.forms import ListeFiltre
from exchanges.models import Etablissement, FicheEleve
from exchanges.reports.listes import LISTES_PAR_SLUG, Liste, cell
from exchanges.reports.tableur import FORMATS
from exchanges.views.fragments import download, render_page
from exchanges.views.perimetre import get_etablissement


PAR_PAGE = 50


def _get_liste(slug: str) -> Liste:
    if slug not in LISTES_PAR_SLUG:
        raise Http404
    return LISTES_PAR_SLUG[slug]


def _make_filtre(request: HttpRequest, etablissement: Etablissement, liste: Liste) -> ListeFiltre:
    fiches = FicheEleve.objects.courants().filter(etablissement=etablissement, division__isnull=False)
    divisions = fiches.order_by("division__code").values_list("division__code", flat=True).distinct()
    return ListeFiltre(request.GET, liste=liste, divisions=divisions)


def liste_detail(request: HttpRequest, uai: str, slug: str) -> HttpResponse:
    """One work list: what it means, what it costs, what mends it, its rows."""
    etablissement = get_etablissement(request, uai)
    liste = _get_liste(slug)
    filtre = _make_filtre(request, etablissement, liste)
    page = Paginator(filtre.filter(liste.lignes(etablissement)), PAR_PAGE).get_page(request.GET.get("page"))
    lignes = [
        {
            "url": _url(etablissement, ligne),
            "cellules": [(colonne.titre, colonne.cle, cell(ligne, colonne.cle)) for colonne in liste.colonnes],
        }
        for ligne in page.object_list
    ]
    context = {"liste": liste, "filtre": filtre, "tri": filtre.tri_courant, "page": page, "lignes": lignes}
    return render_page(request, "exchanges/liste_detail.html", "exchanges/_liste_detail.html", context)


def _url(etablissement: Etablissement, ligne: dict[str, object]) -> str:
    """Where a row leads: to the élève, to the two fiches side by side, or nowhere."""
    if ligne.get("doublon"):
        return reverse("exchanges:doublon_detail", args=[etablissement.uai, ligne["doublon"]])
    if ligne.get("identifiant"):
        return reverse("exchanges:eleve_detail", args=[etablissement.uai, ligne["identifiant"]])
    return ""


def liste_export(request: HttpRequest, uai: str, slug: str, extension: str) -> HttpResponse:
    """The filtered list as CSV or XLSX, in its order, whole."""
    etablissement = get_etablissement(request, uai)
    liste = _get_liste(slug)
    if extension not in FORMATS:
        raise Http404
    filtrees = _make_filtre(request, etablissement, liste).filter(liste.lignes(etablissement))
    lignes = ([cell(ligne, colonne.cle) for colonne in liste.colonnes] for ligne in filtrees)
    return download(f"{slug}-{uai}", extension, [colonne.titre for colonne in liste.colonnes], lignes)

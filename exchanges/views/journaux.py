"""Suivi des échanges > STS-Web – Structures: the imports of EDT's file, what each refused, the exports to SIECLE."""

from collections.abc import Iterable

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from exchanges.enums import NatureActe, PreuveActe
from exchanges.forms_sts import JournalFiltre
from exchanges.models import Acte, LigneJournal
from exchanges.reports.exports import describe_acte
from exchanges.reports.journaux import find_resolved, list_imports, name_of
from exchanges.reports.tableur import FORMATS
from exchanges.templatetags.entsite import jour, nombre, pluriel
from exchanges.views.fragments import download, render_page
from exchanges.views.perimetre import get_etablissement


PAR_PAGE = 50
TITRES = ["Nom dans le fichier", "Nom dans STS", "Ce qui s'est passé", "Code", "À faire", "Depuis"]


def journal_list(request: HttpRequest, uai: str) -> HttpResponse:
    """The imports into STS and the exports of its structure, the latest first."""
    etablissement = get_etablissement(request, uai)
    page = Paginator(list_imports(etablissement), PAR_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "lignes": [_describe(acte) for acte in page.object_list]}
    return render_page(request, "exchanges/journal_list.html", "exchanges/_journal_list.html", context)


def _describe(acte: Acte) -> dict[str, object]:
    is_import = acte.nature == NatureActe.CHARGEMENT
    manquants = acte.detail.get("manquants", []) if acte.preuve == PreuveActe.CONTREDIT else []
    total = acte.nombre_lignes + len(manquants)
    libelle = f"{nombre(total)} {pluriel(total, 'ligne') if is_import else 'absents de SIECLE'}"
    return {
        "acte": acte,
        "is_import": is_import,
        "nom": name_of(acte),
        "detail": "" if is_import else describe_acte(acte),
        "badge": {"couleur": "attention", "libelle": libelle}
        if total
        else {"couleur": "succes", "libelle": "Aucune erreur"},
    }


def _get_import(request: HttpRequest, uai: str, pk: int) -> Acte:
    etablissement = get_etablissement(request, uai)
    acte = get_object_or_404(list_imports(etablissement).filter(nature=NatureActe.CHARGEMENT), pk=pk)
    acte.etablissement = etablissement
    return acte


def _annotate(acte: Acte, lignes: Iterable[LigneJournal]) -> list[LigneJournal]:
    """The lines with ``resolu``, a sentence or ``""``."""
    lignes = list(lignes)
    resolus = find_resolved(acte, lignes)
    for ligne in lignes:
        depuis = resolus.get(ligne.pk)
        ligne.resolu = f"Résolu depuis {jour(depuis)}." if depuis else ""
    return lignes


def journal_detail(request: HttpRequest, uai: str, pk: int) -> HttpResponse:
    """One import: the names that STS refused or cut, and what to do."""
    acte = _get_import(request, uai, pk)
    filtre = JournalFiltre(request.GET, lignes=acte.journal.all())
    page = Paginator(filtre.filter(acte.journal.all()), PAR_PAGE).get_page(request.GET.get("page"))
    context = {
        "acte": acte,
        "nom": name_of(acte),
        "filtre": filtre,
        "tri": filtre.tri_courant,
        "page": page,
        "lignes": _annotate(acte, page.object_list),
    }
    return render_page(request, "exchanges/journal_detail.html", "exchanges/_journal_detail.html", context)


def journal_export(request: HttpRequest, uai: str, pk: int, extension: str) -> HttpResponse:
    """All the lines of one import as CSV or XLSX, with the filter of the page."""
    acte = _get_import(request, uai, pk)
    if extension not in FORMATS:
        raise Http404
    filtre = JournalFiltre(request.GET, lignes=acte.journal.all())
    lignes = _annotate(acte, filtre.filter(acte.journal.all()))
    rangees = ((x.objet, x.retenu, x.message, x.code, x.action, x.resolu) for x in lignes)
    return download(f"journal-sts-{uai}-{pk}", extension, TITRES, rangees)

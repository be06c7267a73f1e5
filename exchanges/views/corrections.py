"""The corrected file of a deposit: the ZIP, and the list of what was left out of it."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from exchanges.models import Depot
from exchanges.parsers.errors import FichierRefuse
from exchanges.pipeline.corrections import RienAEcrire, correct_depot, correct_jugement, write_correction
from exchanges.pipeline.depots import Jugement
from exchanges.reports.tableur import FORMATS
from exchanges.rules.correction import Correction
from exchanges.views.fragments import download
from exchanges.views.perimetre import get_depot, get_etablissement


LIGNES_MONTREES = 50
PURGE = "Le fichier de ce dépôt a été effacé : il ne peut plus être corrigé. Rien n'a été modifié."
RIEN = "Il ne reste aucun élève dans le fichier corrigé : il n'y a rien à déposer. Corrigez d'abord à la source."
TITRES = ["Retrait", "Élève", "Division", "Identifiant", "Groupe", "Code", "Pourquoi", "Écrit à la place", "À faire"]


def depot_corrected(request: HttpRequest, uai: str, pk: int) -> HttpResponse:
    """The corrected ZIP, named as of now."""
    depot = get_depot(get_etablissement(request, uai), pk)
    try:
        nom, octets = write_correction(correct_depot(depot), request.horloge.maintenant)
    except RienAEcrire:
        messages.warning(request, RIEN)
    except (FileNotFoundError, FichierRefuse):
        messages.error(request, PURGE)
    else:
        response = HttpResponse(octets, content_type="application/zip")
        response["Content-Disposition"] = f'attachment; filename="{nom}"'
        response["Cache-Control"] = "no-store"
        return response
    return redirect("exchanges:depot_detail", uai, pk)


def depot_corrected_list(request: HttpRequest, uai: str, pk: int, extension: str) -> HttpResponse:
    """What was left out, as CSV or XLSX."""
    depot = get_depot(get_etablissement(request, uai), pk)
    if extension not in FORMATS:
        raise Http404
    try:
        correction = correct_depot(depot)
    except (FileNotFoundError, FichierRefuse):
        messages.error(request, PURGE)
        return redirect("exchanges:depot_detail", uai, pk)
    return download("corrige", extension, TITRES, list_retraits(correction))


def list_retraits(correction: Correction) -> Iterator[list[str]]:
    """The rows under ``TITRES``."""
    for r in correction.retraits:
        yield [r.nature.libelle, r.nom, r.division, r.eleve_id, r.groupe, r.code, r.pourquoi, r.suite, r.action]


def describe_correction(depot: Depot, jugement: Jugement) -> dict[str, object]:
    """The context of the section « Fichier corrigé » of the verdict."""
    correction = correct_jugement(depot, jugement)
    return {
        "correction": correction,
        "retraits": correction.retraits[:LIGNES_MONTREES],
        "autres_retraits": len(correction.retraits) - LIGNES_MONTREES,
    }

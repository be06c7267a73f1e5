"""Sample files of a simulated school: what « EDT » and « SIECLE » gave its trainee."""

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from exchanges.models import Etablissement
from exchanges.views.perimetre import get_etablissement


EXTENSIONS = {".xml", ".zip"}
MARQUE_DEPOT = "ELEGROUPE"


def _files(etablissement: Etablissement) -> dict[str, Path]:
    """The sample files of a school by name; none outside a simulated académie."""
    if not etablissement.academie.is_simulee:
        raise Http404
    dossier = Path(settings.DATA_DIR) / "exemples" / etablissement.uai
    if not dossier.is_dir():
        return {}
    return {f.name: f for f in sorted(dossier.iterdir()) if f.is_file() and f.suffix in EXTENSIONS}


def exemple_list(request: HttpRequest, uai: str) -> HttpResponse:
    """The deposit first, then the exports."""
    etablissement = get_etablissement(request, uai)
    fichiers = [{"nom": nom, "taille": chemin.stat().st_size} for nom, chemin in _files(etablissement).items()]
    context = {
        "depots": [fichier for fichier in fichiers if MARQUE_DEPOT in fichier["nom"]],
        "exports": [fichier for fichier in fichiers if MARQUE_DEPOT not in fichier["nom"]],
    }
    return render(request, "exchanges/exemple_list.html", context)


def exemple_download(request: HttpRequest, uai: str, nom: str) -> HttpResponse:
    """One sample file; its name is looked up in the list, never joined to a path."""
    chemin = _files(get_etablissement(request, uai)).get(nom)
    if chemin is None:
        raise Http404
    return FileResponse(chemin.open("rb"), as_attachment=True, filename=nom)

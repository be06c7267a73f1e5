"""One box: établissements, people, groupes and divisions of the user's perimeter."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from exchanges.reports.recherche import LONGUEUR_MAXIMALE, LONGUEUR_MINIMALE, Resultat
from exchanges.reports.recherche import search as search_perimetre
from exchanges.views.context import show_horloge
from exchanges.views.perimetre import visible_etablissements


MAXIMUM = 20
PAGES = {
    "etablissements": "etablissement_detail",
    "eleves": "eleve_detail",
    "enseignants": "individu_detail",
    "responsables": "responsable_detail",
    "groupes": "groupe_detail",
    "divisions": "division_detail",
}


def search(request: HttpRequest) -> HttpResponse:
    """What answers ``q``, twenty of each kind at most, with its page and « Pourquoi ? »."""
    siens = visible_etablissements(request)
    q = request.GET.get("q", "").replace("\0", "").strip()[:LONGUEUR_MAXIMALE]
    _keep_school(request, siens)
    is_assez_long = len(q) >= LONGUEUR_MINIMALE
    resultats = search_perimetre(siens, q, MAXIMUM) if is_assez_long else {}
    context = {
        "q": q,
        "is_assez_long": is_assez_long,
        "maximum": MAXIMUM,
        "sections": [
            (titre, [show_resultat(ligne) for ligne in lignes[:MAXIMUM]], len(lignes) > MAXIMUM)
            for titre, lignes in resultats.items()
            if lignes
        ],
    }
    return render(request, "exchanges/search.html", context)


def show_resultat(resultat: Resultat) -> dict[str, object]:
    """A line of the page; ``genre`` is empty for an établissement, of which nobody asks why."""
    adresse = reverse(f"exchanges:{PAGES[resultat.genre]}", args=[resultat.etablissement.uai, *resultat.cle])
    return {
        "nom": resultat.nom,
        "detail": resultat.detail,
        "url": adresse,
        "genre": "" if resultat.genre == "etablissements" else resultat.genre,
        "cle": "/".join(resultat.cle),
        "etablissement": resultat.etablissement,
    }


def _keep_school(request: HttpRequest, siens) -> None:
    """Somebody of one school keeps her school around the page."""
    premiers = list(siens[:2])
    if len(premiers) == 1:
        request.etablissement = premiers[0]
    if len({etablissement.academie_id for etablissement in premiers}) == 1:
        show_horloge(request, premiers[0].academie)

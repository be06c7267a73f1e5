"""« Pourquoi ? »: one box, then the answer about one person or one structure, on a day."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from checklists.diagnostic import Cause, Diagnostic, EtatMaillon, Genre, Maillon, diagnose, find_cible
from exchanges.forms import JourForm
from exchanges.models import Etablissement
from exchanges.reports.recherche import LONGUEUR_MAXIMALE, LONGUEUR_MINIMALE, Resultat
from exchanges.reports.recherche import search as search_perimetre
from exchanges.templatetags.entsite import jour
from exchanges.views.perimetre import get_etablissement


MAXIMUM = 20
ETATS = {
    EtatMaillon.OK: ("succes", "correct"),
    EtatMaillon.RUPTURE: ("erreur", "bloqué ici"),
    EtatMaillon.EN_ATTENTE: ("info", "en attente"),
    EtatMaillon.SANS_OBJET: ("neutre", "sans objet"),
}


def pourquoi(request: HttpRequest, uai: str) -> HttpResponse:
    """The box, and what answers it when there are several; the only one is opened at once."""
    etablissement = get_etablissement(request, uai)
    q = request.GET.get("q", "").replace("\0", "").strip()[:LONGUEUR_MAXIMALE]
    trouves = _find(etablissement, q)
    resultats = [resultat for lignes in trouves.values() for resultat in lignes[:MAXIMUM]]
    if len(resultats) == 1:
        return redirect(_address(resultats[0]))
    context = {
        "q": q,
        "is_court": 0 < len(q) < LONGUEUR_MINIMALE,
        "maximum": MAXIMUM,
        "sections": [
            (titre, [(ligne, _address(ligne)) for ligne in lignes[:MAXIMUM]], len(lignes) > MAXIMUM)
            for titre, lignes in trouves.items()
        ],
    }
    return render(request, "checklists/pourquoi.html", context)


def _find(etablissement: Etablissement, q: str) -> dict[str, list[Resultat]]:
    if len(q) < LONGUEUR_MINIMALE:
        return {}
    trouves = search_perimetre(Etablissement.objects.filter(pk=etablissement.pk), q, MAXIMUM)
    return {titre: lignes for titre, lignes in trouves.items() if lignes and titre != "Établissements"}


def _address(resultat: Resultat) -> str:
    nom = f"checklists:pourquoi_{resultat.genre}"
    return reverse(nom, args=[resultat.etablissement.uai, *resultat.cle])


def pourquoi_detail(request: HttpRequest, uai: str, genre: Genre, cle: str, type_individu: str = "") -> HttpResponse:
    """The answer about one target of this school and of no other."""
    etablissement = get_etablissement(request, uai)
    cible = find_cible(etablissement, genre, cle, type_individu)
    if cible is None:
        raise Http404
    maintenant = request.horloge.maintenant
    demande = JourForm(request.GET).read(maintenant.date())
    diagnostic = diagnose(etablissement, cible, demande["jour"], maintenant)
    context = {
        "diagnostic": diagnostic,
        "niveau": _level(diagnostic),
        "chaine": [_show(maillon) for maillon in diagnostic.maillons],
        "page": _page(etablissement, diagnostic.cause),
        "aujourd_hui": maintenant.date(),
    }
    return render(request, "checklists/pourquoi_detail.html", context)


def _level(diagnostic: Diagnostic) -> str:
    if diagnostic.rupture:
        return "erreur"
    return "info" if diagnostic.cause else "succes"


def _show(maillon: Maillon) -> dict[str, str]:
    """A link as ``components/chain.html`` reads it."""
    couleur, etat = ETATS[maillon.etat]
    quand = f"Depuis {jour(maillon.depuis)}" if maillon.depuis else ""
    return {
        "nom": maillon.couche,
        "etat": etat,
        "couleur": couleur,
        "quand": quand,
        "detail": maillon.preuve,
        "url": "",
    }


def _page(etablissement: Etablissement, cause: Cause | None) -> str:
    """The page of entsite where the repair is done or followed."""
    if cause is None or not cause.page:
        return ""
    nom, *suite = cause.page
    return reverse(nom, args=[etablissement.uai, *suite])

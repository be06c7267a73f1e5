"""One box: établissements, élèves, groupes and divisions of the user's perimeter."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from exchanges.models import Division, Etablissement, FicheEleve, Groupe
from exchanges.views.context import show_horloge
from exchanges.views.perimetre import visible_etablissements


MAXIMUM = 20
LONGUEUR_MINIMALE = 2


def search(request: HttpRequest) -> HttpResponse:
    """What holds ``q``, twenty of each kind at most."""
    siens = visible_etablissements(request)
    q = request.GET.get("q", "").strip()[:60]
    _keep_school(request, siens)
    is_assez_long = len(q) >= LONGUEUR_MINIMALE
    resultats = _find(siens, q) if is_assez_long else {}
    context = {
        "q": q,
        "is_assez_long": is_assez_long,
        "minimum": LONGUEUR_MINIMALE,
        "maximum": MAXIMUM,
        "sections": [
            (titre, lignes[:MAXIMUM], len(lignes) > MAXIMUM) for titre, lignes in resultats.items() if lignes
        ],
    }
    return render(request, "exchanges/search.html", context)


def _keep_school(request: HttpRequest, siens) -> None:
    """Somebody of one school keeps her school around the page."""
    premiers = list(siens[:2])
    if len(premiers) == 1:
        request.etablissement = premiers[0]
    if len({etablissement.academie_id for etablissement in premiers}) == 1:
        show_horloge(request, premiers[0].academie)


def _find(siens, q: str) -> dict[str, list[dict[str, object]]]:
    dans = Etablissement.objects.filter(pk__in=siens.order_by().values("pk"))
    return {
        "Établissements": [
            {"nom": e.denomination, "detail": f"{e.uai} {e.ville}", "page": "etablissement_detail", "etablissement": e}
            for e in siens.filter(Q(uai__icontains=q) | Q(denomination__icontains=q))[: MAXIMUM + 1]
        ],
        "Élèves": [
            {
                "nom": fiche.nom_complet,
                "detail": fiche.division.code if fiche.division else "sans division",
                "page": "eleve_detail",
                "cle": fiche.eleve.eleve_id,
                "etablissement": fiche.etablissement,
            }
            for fiche in _eleves(dans, q)
        ],
        "Groupes": _structures(Groupe, dans, q, "groupe"),
        "Divisions": _structures(Division, dans, q, "division"),
    }


def _eleves(etablissements, q: str):
    """Every word must be in the name; a single word may be an ELEVE_ID or an INE."""
    par_nom = Q()
    for mot in q.split():
        par_nom &= Q(nom_de_famille__icontains=mot) | Q(nom_usage__icontains=mot) | Q(prenom__icontains=mot)
    return (
        FicheEleve.objects.courants()
        .filter(par_nom | Q(eleve__eleve_id=q) | Q(ine__iexact=q), etablissement__in=etablissements)
        .select_related("eleve", "division", "etablissement")
        .order_by("nom_de_famille", "prenom", "pk")[: MAXIMUM + 1]
    )


def _structures(modele, etablissements, q: str, parametre: str) -> list[dict[str, object]]:
    structures = (
        modele.objects.filter(etablissement__in=etablissements, code__icontains=q, fiches__jusqua__isnull=True)
        .select_related("etablissement")
        .order_by("code", "pk")
        .distinct()
    )
    return [
        {
            "nom": structure.code,
            "detail": "",
            "page": "ent_detail",
            "parametre": parametre,
            "etablissement": structure.etablissement,
        }
        for structure in structures[: MAXIMUM + 1]
    ]

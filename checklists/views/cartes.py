"""The académie in pictures: the heat map of the rentrée, and its weeks."""

from django.http import HttpRequest, HttpResponse

from checklists.etapes import read_etapes
from checklists.pilotage.carte import LEGENDE, read_cases, sort_carte
from checklists.pilotage.colonnes import badge_ecole
from checklists.pilotage.filtre import known_tri
from checklists.pilotage.graphiques import ETROIT, draw
from checklists.pilotage.tableau import TRI_PAR_DEFAUT, TRIS
from checklists.pilotage.tendances import Tendance, list_lundis, read_tendances
from checklists.views.academie import open_ecran, paginate
from exchanges.pipeline.compteurs import monday_of
from exchanges.views.fragments import render_page


SEMAINES = (8, 16, 32, 52)
SEMAINES_PAR_DEFAUT = 16


def heatmap(request: HttpRequest) -> HttpResponse:
    """Schools × steps: what each school has proved, and where it stops."""
    ecran = open_ecran(request)
    tri = request.GET.get("tri", "")
    page = paginate(request, sort_carte(ecran.trouves, tri), ecran.filtre.filter(ecran.suivis).count())
    context = ecran.context | {
        "tri": known_tri(tri, {*TRIS, *(etape.numero for etape in read_etapes())}, TRI_PAR_DEFAUT),
        "etapes": read_etapes(),
        "legende": LEGENDE,
        "page": page,
        "lignes": [
            {
                "etablissement": ligne.etablissement,
                "badge": badge_ecole(ligne.compteurs.etat if ligne.compteurs else ""),
                "cases": read_cases(ligne),
            }
            for ligne in ecran.read_lignes(page.object_list)
        ],
    }
    return render_page(request, "checklists/academie_carte.html", "checklists/_academie_carte.html", context)


def tendance(request: HttpRequest) -> HttpResponse:
    """The weeks up to this one, drawn and in figures, beside the same weeks a year before."""
    ecran = open_ecran(request)
    demande = request.GET.get("semaines", "")
    combien = int(demande) if demande in map(str, SEMAINES) else SEMAINES_PAR_DEFAUT
    lundis = list_lundis(monday_of(ecran.jour), combien)
    tendances = [t for t in read_tendances(ecran.filtre.filter(ecran.suivis), lundis) if not t.is_vide]
    noms = [f"{lundi:%d/%m}" for lundi in lundis]
    context = ecran.context | {
        "combien": combien,
        "choix": SEMAINES,
        "graphiques": [
            {
                "tendance": t,
                "dessin": draw(t.courbes, noms, t.is_part),
                "etroit": draw(t.courbes, noms, t.is_part, ETROIT),
                "lignes": _rows(t, lundis),
            }
            for t in tendances
        ],
    }
    return render_page(request, "checklists/academie_tendance.html", "checklists/_academie_tendance.html", context)


def _rows(tendance: Tendance, lundis) -> list[tuple[object, tuple[str, ...]]]:
    """The figures of a chart, the last week first."""
    unite = " %" if tendance.is_part else ""
    semaines = zip(lundis, *(courbe.valeurs for courbe in tendance.courbes), strict=True)
    return [
        (lundi, tuple("–" if valeur is None else f"{valeur}{unite}" for valeur in valeurs))
        for lundi, *valeurs in reversed(list(semaines))
    ]

"""« L'ENT, tel jour »: classes, groupes and their members on any day, past or to come."""

from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from exchanges.enums import EtatDepot, EtatPassage, Relais
from exchanges.forms import JourForm
from exchanges.models import Etablissement
from exchanges.reports.annuaire import Annuaire, annuaire_of
from exchanges.views.fragments import render_page
from exchanges.views.libelles import badge_passage
from exchanges.views.perimetre import get_etablissement


AUTOUR = timedelta(days=7)
RELAIS = {
    Relais.SIECLE: "SIECLE",
    Relais.AAF: "Annuaire (AAF)",
    Relais.ENT: "ENT",
    Relais.GAR: "GAR",
    Relais.MOODLE: "Moodle",
}


def ent_detail(request: HttpRequest, uai: str) -> HttpResponse:
    """The ENT of the day asked for, and the class or groupe opened in it."""
    etablissement = get_etablissement(request, uai)
    aujourd_hui = request.horloge.maintenant.date()
    demande = JourForm(request.GET).read(aujourd_hui)
    annuaire = annuaire_of(etablissement, demande["jour"])
    context = {
        "demande": demande,
        "aujourd_hui": aujourd_hui,
        "annuaire": annuaire,
        "structures": _structures(annuaire, demande),
        "ouverte": _open(annuaire, demande),
        "relais": _relais(etablissement, demande["jour"]),
        "prochain": _next_ent(etablissement),
        "attente": annuaire.is_prevision and etablissement.depots.filter(etat=EtatDepot.DEPOSE).exists(),
        "ecarts": _differences(etablissement, annuaire, demande, aujourd_hui),
    }
    return render_page(request, "exchanges/ent_detail.html", "exchanges/_ent_detail.html", context)


def _structures(annuaire: Annuaire, demande) -> list[dict[str, object]]:
    """Classes then groupes, each with its count and its link; empty ones first on demand."""
    sections = []
    for titre, parametre, membres in (
        ("Classes", "division", annuaire.divisions),
        ("Groupes", "groupe", annuaire.groupes),
    ):
        lignes = [
            {
                "code": code,
                "nombre": len(eleves),
                "is_ouverte": demande[parametre] == code,
                "lien": _link(demande, parametre, code),
            }
            for code, eleves in membres.items()
        ]
        if demande["vides"]:
            lignes.sort(key=lambda ligne: ligne["nombre"] > 0)
        vides = sum(not ligne["nombre"] for ligne in lignes)
        sections.append({"titre": titre, "lignes": lignes, "vides": vides})
    return sections


def _link(demande, parametre: str, code: str) -> str:
    options = {option: "on" for option in ("vides", "differences") if demande[option]}
    return "?" + urlencode({"jour": demande["jour"].isoformat(), parametre: code, **options})


def _open(annuaire: Annuaire, demande) -> dict[str, object] | None:
    """The structure asked for: its title and its members; None when nothing was."""
    for parametre, titre, membres in (
        ("groupe", "Groupe", annuaire.groupes),
        ("division", "Classe", annuaire.divisions),
    ):
        if code := demande[parametre]:
            return {"titre": f"{titre} {code}", "membres": membres.get(code, []), "is_connue": code in membres}
    return None


def _relais(etablissement: Etablissement, jour) -> list[dict[str, object]]:
    """The relays of the fortnight around a day."""
    passages = etablissement.passages.exclude(etat=EtatPassage.ANNULE).filter(
        prevu_le__date__gte=jour - AUTOUR, prevu_le__date__lte=jour + AUTOUR
    )
    return [
        {"nom": RELAIS[passage.relais], "quand": passage.prevu_le, "badge": badge_passage(passage.etat)}
        for passage in passages.order_by("prevu_le")
    ]


def _next_ent(etablissement: Etablissement):
    return etablissement.passages.filter(relais=Relais.ENT, etat=EtatPassage.PREVU).order_by("prevu_le").first()


def _differences(etablissement: Etablissement, annuaire: Annuaire, demande, aujourd_hui):
    """What separates the day from today, when asked for; None otherwise."""
    if not demande["differences"] or demande["jour"] == aujourd_hui:
        return None
    ecarts = annuaire.differences(annuaire_of(etablissement, aujourd_hui))
    return {"titre": "Classes et groupes qui changent", "lignes": [*ecarts["divisions"], *ecarts["groupes"]]}

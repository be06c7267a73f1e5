"""« L'ENT, tel jour »: any layer of the chain on any day, past or to come, and what makes two days differ."""

from datetime import date, datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from exchanges.enums import Couche, EtatDepot, Relais
from exchanges.forms_ent import COUCHES, EntForm
from exchanges.models import Depot, Etablissement
from exchanges.parsers.errors import FichierRefuse
from exchanges.pipeline.previsions import find_arrivals, prevoir
from exchanges.reports.annuaire import Annuaire, annuaire_of, bee_of, sts_of
from exchanges.reports.causes import explain_differences
from exchanges.reports.diffusion import diffusion_of
from exchanges.reports.frise import PassageVu
from exchanges.views.adresses import show_ecart, show_team
from exchanges.views.ent_comptes import show_comptes
from exchanges.views.fragments import render_page
from exchanges.views.frise import day_line
from exchanges.views.perimetre import get_depot, get_etablissement


STS, SIECLE, ENT = "STS", "SIECLE", "ENT"


def ent_detail(request: HttpRequest, uai: str) -> HttpResponse:
    """A layer on the day asked for, and the class, groupe or accounts opened in it."""
    etablissement = get_etablissement(request, uai)
    maintenant = request.horloge.maintenant
    demande = EntForm(request.GET).read(maintenant.date())
    brouillon = _draft(etablissement, demande["depot"])
    annuaire, is_illisible = _read(etablissement, demande, maintenant, brouillon)
    ligne = day_line(etablissement, demande["jour"], maintenant)
    context = {
        "demande": demande,
        "aujourd_hui": maintenant.date(),
        "couche": COUCHES[demande["couche"]],
        "couches": COUCHES.items(),
        "annuaire": annuaire,
        "brouillon": brouillon,
        "arrivee": _arrival(etablissement, demande, maintenant, brouillon),
        "is_illisible": is_illisible,
        "structures": _structures(annuaire, demande),
        "equipes": [(code, show_team(etablissement, equipe)) for code, equipe in annuaire.equipes.items()],
        "ouverte": _open(etablissement, annuaire, demande),
        "ligne": ligne,
        "arret": _stop(ligne, demande),
        "prochain": etablissement.passages.filter(relais=Relais.ENT, etat="prevu").order_by("prevu_le").first(),
        "ecarts": _differences(etablissement, annuaire, demande, maintenant, brouillon),
        "comptes": show_comptes(request, etablissement, annuaire, demande) if demande["couche"] == ENT else None,
    }
    return render_page(request, "exchanges/ent_detail.html", "exchanges/_ent_detail.html", context)


def _draft(etablissement: Etablissement, pk: int | None) -> Depot | None:
    """The file to count as if it were deposited now; one that is deposited already needs no asking."""
    depot = get_depot(etablissement, pk) if pk else None
    return depot if depot and depot.etat == EtatDepot.CONTROLE else None


def _read(
    etablissement: Etablissement, demande, maintenant: datetime, brouillon: Depot | None
) -> tuple[Annuaire, bool]:
    """The layer, and whether the bytes of the deposit to count can no longer be read: then it is left out."""
    jour, couche = demande["jour"], demande["couche"]
    if couche == STS:
        return sts_of(etablissement, jour), False
    try:
        return prevoir(etablissement, jour, maintenant, brouillon, Relais(couche)), False
    except (FileNotFoundError, FichierRefuse):
        is_siecle = couche == SIECLE
        return bee_of(etablissement, jour) if is_siecle else annuaire_of(etablissement, jour, Relais(couche)), True


def _arrival(etablissement: Etablissement, demande, maintenant: datetime, brouillon: Depot | None) -> datetime | None:
    """When the layer would show the draft; ``None`` without one, or when it never does."""
    if brouillon is None or demande["couche"] == STS:
        return None
    arrivee = find_arrivals(etablissement, maintenant, brouillon).get(Relais(demande["couche"]))
    return arrivee.quand if arrivee else None


def _stop(ligne: list[dict[str, object]], demande) -> PassageVu | None:
    """The last passage of the layer up to that day, when it brought nothing new."""
    vus = [marque["vu"] for case in ligne if case["jour"] <= demande["jour"] for marque in case["marques"]]
    siens = [vu for vu in vus if vu.passage.relais == demande["couche"]]
    return siens[-1] if siens and siens[-1].effets else None


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
        vides = sum(not ligne["nombre"] for ligne in lignes) if demande["couche"] != STS else 0
        sections.append({"titre": titre, "lignes": lignes, "vides": vides})
    return sections


def _link(demande, parametre: str, code: str) -> str:
    options = {option: "on" for option in ("vides", "differences") if demande[option]}
    options |= {"couche": demande["couche"]} if demande["couche"] != ENT else {}
    options |= {"depot": demande["depot"]} if demande["depot"] else {}
    return "?" + urlencode({"jour": demande["jour"].isoformat(), parametre: code, **options})


def _open(etablissement: Etablissement, annuaire: Annuaire, demande) -> dict[str, object] | None:
    """The structure asked for: its title, its members, its équipe, its lists; None when nothing was."""
    for parametre, titre, membres in (
        ("groupe", "Groupe", annuaire.groupes),
        ("division", "Classe", annuaire.divisions),
    ):
        if code := demande[parametre]:
            eleves = membres.get(code, [])
            return {
                "titre": f"{titre} {code}",
                "code": code,
                "parametre": parametre,
                "membres": eleves,
                "is_connue": code in membres,
                "equipe": show_team(etablissement, annuaire.equipes.get(code, [])),
                "diffusion": diffusion_of(annuaire, code, eleves),
            }
    return None


def _differences(
    etablissement: Etablissement, annuaire: Annuaire, demande, maintenant: datetime, brouillon: Depot | None
) -> dict[str, object] | None:
    """What separates the day from today, or from itself without the draft, when asked for; None otherwise."""
    jour, aujourd_hui = demande["jour"], maintenant.date()
    if annuaire.depot is not None and annuaire.depot == brouillon:
        temoin, _ = _read(etablissement, demande, maintenant, None)
        bornes, is_fichier = (temoin, annuaire), True
    elif demande["differences"] and jour != aujourd_hui:
        present, _ = _read(etablissement, demande | {"jour": aujourd_hui}, maintenant, None)
        bornes, is_fichier = (annuaire, present) if jour < aujourd_hui else (present, annuaire), False
    else:
        return None
    couche = Couche.STS if demande["couche"] == STS else Couche.BEE
    ecarts = explain_differences(etablissement, *bornes, couche)
    return {"is_fichier": is_fichier, "lignes": [show_ecart(etablissement, ecart) for ecart in ecarts]} | _dates(
        jour, aujourd_hui
    )


def _dates(jour: date, aujourd_hui: date) -> dict[str, date]:
    return {"debut": min(jour, aujourd_hui), "fin": max(jour, aujourd_hui)}

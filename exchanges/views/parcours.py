"""The journeys: an individu, a responsable, a classe, a groupe, layer by layer and date by date."""

from collections import defaultdict

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from exchanges.models import (
    Division,
    Etablissement,
    FicheEleve,
    FicheIndividu,
    FicheMatiere,
    Groupe,
    Individu,
    LienGroupe,
    Responsable,
)
from exchanges.reports.annuaire import annuaire_of
from exchanges.reports.causes import describe_acte
from exchanges.reports.diffusion import diffusion_of
from exchanges.reports.parcours import (
    Etape,
    find_comptes,
    parcours_individu,
    parcours_responsable,
    parcours_structure,
    services_of_structure,
    tell,
)
from exchanges.views.adresses import cause_url
from exchanges.views.perimetre import get_etablissement


HISTOIRE_MAX = 50


def journey_context(etapes: list[Etape], jointure: int | None = None) -> dict[str, object]:
    """What ``exchanges/_parcours.html`` needs."""
    return {"etapes": etapes, "phrase": tell(etapes), "comptes": list(find_comptes(jointure)) if jointure else []}


def individu_detail(request: HttpRequest, uai: str, genre: str, sts_id: str) -> HttpResponse:
    """The journey of somebody of STS: her services, since when, and until where they went."""
    etablissement = get_etablissement(request, uai)
    individu = get_object_or_404(Individu, etablissement=etablissement, type=genre, sts_id=sts_id)
    individu.etablissement = etablissement
    fiche = _last(individu.fiches.all())
    liens = individu.liens_service.filter(couche="STS").select_related("service", "ouvert_par", "clos_par")
    matieres = _matieres(etablissement)
    context = journey_context(parcours_individu(individu, request.horloge.maintenant), individu.jointure_id) | {
        "individu": individu,
        "fiche": fiche,
        "services": [
            {"lien": lien, "matiere": matieres.get(lien.service.matiere, lien.service.matiere)}
            for lien in liens.filter(jusqua__isnull=True).order_by("service__structure", "service__matiere")
        ],
        "histoire": _history(etablissement, liens, lambda lien: lien.service.structure, "Service"),
    }
    return render(request, "exchanges/individu_detail.html", context)


def responsable_detail(request: HttpRequest, uai: str, personne_id: str) -> HttpResponse:
    """The journey of a responsable: his children, his account."""
    etablissement = get_etablissement(request, uai)
    responsable = get_object_or_404(Responsable, etablissement=etablissement, personne_id=personne_id)
    responsable.etablissement = etablissement
    liens = responsable.liens.filter(jusqua__isnull=True).values_list("eleve_id", flat=True)
    etapes = parcours_responsable(responsable, request.horloge.maintenant)
    context = journey_context(etapes, responsable.jointure_id) | {
        "responsable": responsable,
        "fiche": _last(responsable.fiches.all()),
        "enfants": FicheEleve.objects.courants().filter(eleve__in=liens).select_related("eleve", "division"),
    }
    return render(request, "exchanges/responsable_detail.html", context)


def division_detail(request: HttpRequest, uai: str, code: str) -> HttpResponse:
    """The journey of a classe: its élèves, its équipe, its layers."""
    etablissement = get_etablissement(request, uai)
    division = get_object_or_404(Division, etablissement=etablissement, code=code)
    fiches = FicheEleve.objects.courants().filter(division=division).select_related("eleve")
    membres = [{"fiche": fiche, "depuis": None} for fiche in fiches.order_by("nom_de_famille", "prenom")]
    return _show_structure(request, etablissement, division, membres, [])


def groupe_detail(request: HttpRequest, uai: str, code: str) -> HttpResponse:
    """The journey of a groupe: its members, its équipe, who came and went, its layers."""
    etablissement = get_etablissement(request, uai)
    groupe = get_object_or_404(Groupe, etablissement=etablissement, code=code)
    liens = groupe.liens.select_related("ouvert_par", "clos_par", "eleve")
    depuis = dict(liens.filter(jusqua__isnull=True).values_list("eleve_id", "depuis"))
    fiches = FicheEleve.objects.courants().filter(eleve__in=depuis).select_related("eleve", "division")
    membres = [
        {"fiche": fiche, "depuis": depuis[fiche.eleve_id]} for fiche in fiches.order_by("nom_de_famille", "prenom")
    ]
    connues = FicheEleve.objects.filter(eleve__in=liens.values("eleve")).order_by("depuis")
    noms = {fiche.eleve_id: fiche.nom_complet for fiche in connues}

    def name(lien: LienGroupe) -> str:
        return noms.get(lien.eleve_id, lien.eleve.eleve_id)

    return _show_structure(request, etablissement, groupe, membres, _history(etablissement, liens, name, ""))


def _show_structure(request, etablissement: Etablissement, structure, membres, histoire) -> HttpResponse:
    structure.etablissement = etablissement
    is_groupe = isinstance(structure, Groupe)
    ent = annuaire_of(etablissement, request.horloge.maintenant.date())
    dans_l_ent = (ent.groupes if is_groupe else ent.divisions).get(structure.code)
    context = journey_context(parcours_structure(structure)) | {
        "structure": structure,
        "is_groupe": is_groupe,
        "nature": "Groupe" if is_groupe else "Classe",
        "membres": membres,
        "equipe": _team(etablissement, structure),
        "dans_l_ent": dans_l_ent,
        "diffusion": diffusion_of(ent, structure.code, dans_l_ent or []),
        "histoire": histoire,
    }
    return render(request, "exchanges/structure_detail.html", context)


def _team(etablissement: Etablissement, structure: Division | Groupe) -> list[dict[str, object]]:
    """Who teaches there according to STS, each with her matières."""
    liens = list(services_of_structure(structure))
    noms = {
        fiche.individu_id: f"{fiche.nom_usage} {fiche.prenom}".strip()
        for fiche in FicheIndividu.objects.filter(individu__in={lien.individu_id for lien in liens}).order_by("depuis")
    }
    matieres = _matieres(etablissement)
    par_individu = defaultdict(list)
    for lien in liens:
        par_individu[lien.individu].append(matieres.get(lien.service.matiere, lien.service.matiere))
    return [
        {"individu": individu, "nom": noms.get(individu.pk, str(individu)), "matieres": siennes}
        for individu, siennes in par_individu.items()
    ]


def _matieres(etablissement: Etablissement) -> dict[str, str]:
    fiches = FicheMatiere.objects.courants().filter(etablissement=etablissement)
    return {code: libelle or code for code, libelle in fiches.values_list("code", "libelle")}


def _last(fiches):
    """The last fiche of a person who has one.

    Raises:
        Http404: she has none.
    """
    fiche = fiches.order_by("depuis").last()
    if fiche is None:
        raise Http404
    return fiche


def _history(etablissement: Etablissement, liens, name, quoi: str) -> list[dict[str, object]]:
    """Who or what came and went, the latest first, with the act that did it."""
    lignes = []
    for lien in liens:
        bornes = [(lien.depuis, "Entrée", lien.ouvert_par), (lien.jusqua, "Sortie", lien.clos_par)]
        for instant, geste, acte in bornes:
            if instant is not None:
                cause = describe_acte(acte)
                objet = " ".join(filter(None, (quoi, name(lien))))
                url = cause_url(etablissement, cause)
                lignes.append({"quand": instant, "geste": geste, "objet": objet, "cause": cause.texte, "url": url})
    lignes.sort(key=lambda ligne: ligne["quand"], reverse=True)
    return lignes[:HISTOIRE_MAX]

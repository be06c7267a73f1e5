"""One élève: what SIECLE knows of her, since when, and whether the ENT shows her."""

from itertools import pairwise

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from exchanges.importer.tables import FICHES_ELEVE
from exchanges.models import Eleve, FicheEleve, FicheResponsable, LienGroupe
from exchanges.reports.annuaire import Annuaire, annuaire_of
from exchanges.reports.parcours import parcours_eleve
from exchanges.views.apercus import CHAMPS
from exchanges.views.parcours import journey_context
from exchanges.views.perimetre import get_etablissement


NIVEAUX = {"1": "représentant légal", "2": "personne en charge", "3": "contact"}
# ``formats/siecle.md`` §2.2
PARENTES = {
    "10": "mère",
    "20": "père",
    "37": "fratrie",
    "38": "ascendant",
    "39": "autre membre de la famille",
    "41": "éducateur",
    "42": "assistant familial",
    "50": "tuteur",
    "51": "aide sociale à l'enfance",
    "70": "élève lui-même",
    "90": "autre lien",
}


def eleve_detail(request: HttpRequest, uai: str, eleve_id: str) -> HttpResponse:
    """The journey of an élève: fiche, groupes, responsables, history, ENT."""
    etablissement = get_etablissement(request, uai)
    eleve = get_object_or_404(Eleve, etablissement=etablissement, eleve_id=eleve_id)
    fiches = list(eleve.fiches.select_related("division", "ouvert_par", "clos_par").order_by("depuis"))
    if not fiches:
        raise Http404
    liens = list(
        eleve.liens_groupe.select_related("groupe", "ouvert_par", "clos_par").order_by("groupe__code", "depuis")
    )
    ent = annuaire_of(etablissement, request.horloge.maintenant.date())
    eleve.etablissement = etablissement
    etapes = parcours_eleve(eleve, request.horloge.maintenant)
    context = journey_context(etapes, eleve.jointure_id) | {
        "fiche": fiches[-1],
        "is_dans_siecle": fiches[-1].jusqua is None,
        "eleve": eleve,
        "groupes": [lien for lien in liens if lien.jusqua is None],
        "responsables": _responsables(eleve),
        "histoire": _history(fiches, liens),
        "ent": ent,
        "ent_motif": _reason(ent, fiches[-1]),
        "ent_groupes": ent.membres(eleve_id)[1],
    }
    return render(request, "exchanges/eleve_detail.html", context)


def _reason(ent: Annuaire, fiche: FicheEleve) -> str:
    """Why the ENT of today does not show the élève; an empty text when it does."""
    if ent.population is None:
        return "Aucun passage vers l'ENT n'a encore eu lieu."
    vu = next((eleve for eleve in ent.population.eleves if eleve.pk == fiche.eleve_id), None)
    if vu is None:
        return "SIECLE l'a appris après le dernier passage vers l'ENT."
    return vu.motif.titre if vu.motif else ""


def _responsables(eleve: Eleve) -> list[dict[str, str]]:
    liens = list(
        eleve.liens_responsable.filter(jusqua__isnull=True).select_related("responsable").order_by("niveau", "pk")
    )
    fiches = {
        fiche.responsable_id: fiche
        for fiche in FicheResponsable.objects.courants().filter(
            responsable__in=[lien.responsable_id for lien in liens]
        )
    }
    return [
        {
            "nom": " ".join(filter(None, (fiche.civilite, fiche.nom_usage or fiche.nom_de_famille, fiche.prenom))),
            "personne_id": lien.responsable.personne_id,
            "lien": PARENTES.get(lien.parente, "lien non précisé"),
            "niveau": NIVEAUX.get(lien.niveau, ""),
        }
        for lien in liens
        if (fiche := fiches.get(lien.responsable_id))
    ]


def _history(fiches: list[FicheEleve], liens: list[LienGroupe]) -> list[tuple[object, list[str]]]:
    """What changed and when, the latest first."""
    par_instant: dict[object, list[str]] = {fiches[0].depuis: ["Fiche chargée depuis SIECLE"]}
    for avant, apres in pairwise(fiches):
        par_instant.setdefault(apres.depuis, []).extend(_changes(avant, apres))
    if fiches[-1].jusqua:
        par_instant.setdefault(fiches[-1].jusqua, []).append("Fiche absente de l'export de SIECLE")
    for lien in liens:
        par_instant.setdefault(lien.depuis, []).append(f"Entrée dans le groupe {lien.groupe.code}")
        if lien.jusqua:
            par_instant.setdefault(lien.jusqua, []).append(f"Sortie du groupe {lien.groupe.code}")
    return sorted(par_instant.items(), reverse=True)


def _changes(avant: FicheEleve, apres: FicheEleve) -> list[str]:
    phrases = []
    for colonne in FICHES_ELEVE.valeurs:
        valeurs = [getattr(fiche, colonne.nom) for fiche in (avant, apres)]
        if valeurs[0] != valeurs[1]:
            ancienne, nouvelle = (str(valeur) if valeur else "vide" for valeur in valeurs)
            phrases.append(f"{CHAMPS.get(colonne.nom, colonne.nom).capitalize()} : {ancienne} → {nouvelle}")
    return phrases

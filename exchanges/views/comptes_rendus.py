"""The compte-rendu of a night: SIECLE's two sections in its words, the repair beside each line, the exports."""

from collections.abc import Iterable

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from exchanges.enums import Couche, EtatDepot, EtatPassage, Relais, Section
from exchanges.forms import AnomalieFiltre
from exchanges.models import AnomalieDepot, Depot, Etablissement, FicheEleve, FicheGroupe, LienGroupe
from exchanges.propagation.calendrier import calendrier_de
from exchanges.reports.accueil import unresolved
from exchanges.reports.tableur import FORMATS
from exchanges.rules.elegroupe import action_groupe_inconnu
from exchanges.rules.referentiel import Referentiel
from exchanges.templatetags.entsite import jour_heure, nombre, pluriel
from exchanges.views.fragments import download, render_page, wants_fragment
from exchanges.views.libelles import COULEURS_GRAVITE
from exchanges.views.perimetre import get_depot, get_etablissement
from exchanges.views.verdicts import compare_with_announced


PAR_PAGE = 50
GROUPE_INCONNU = "GROUPE_A_01"
SECTIONS = (
    (Section.REJET, "Liens élève-groupe rejetés"),
    (Section.ANOMALIE, "Liens élève-groupe importés avec anomalies"),
)
TITRES_EXPORT = (
    *("Section", "Élève", "Division", "ELEVE_ID", "Groupe", "Anomalie", "Règle", "Code", "Gravité"),
    *("À faire", "Depuis"),
)


def show_compte_rendu(request: HttpRequest, depot: Depot, context: dict[str, object]) -> HttpResponse:
    """The page of an imported deposit, or its table alone for htmx."""
    filtre = AnomalieFiltre(request.GET, anomalies=depot.anomalies)
    page = Paginator(filtre.filter(depot.anomalies.all()), PAR_PAGE).get_page(request.GET.get("page"))
    lignes = annotate_present(depot.etablissement, page.object_list)
    context |= {
        "filtre": filtre,
        "tri": filtre.tri_courant,
        "page": page,
        "has_anomalies": depot.anomalies.exists(),
        "sections": _sections(depot, filtre, lignes),
    }
    if not wants_fragment(request):
        comparaison = compare_with_announced(depot)
        context |= {
            "absents": absents_by_division(depot),
            "suite": _next(depot),
            "comparaison": comparaison,
            "is_different": any(ligne["is_different"] for ligne in comparaison),
            "is_charge_entre": depot.verdict.get("version_referentiel") != depot.version_referentiel,
        }
    return render_page(request, "exchanges/compte_rendu.html", "exchanges/_compte_rendu.html", context)


def _next(depot: Depot) -> dict[str, object]:
    """What happens after this night, when, whose move it is."""
    refuses = unresolved(depot).count()
    passage = depot.etablissement.passages.filter(
        relais=Relais.ENT, etat=EtatPassage.FAIT, source__gte=depot.importe_le
    ).first()
    if passage:
        ent = f"L'ENT montre cet import depuis {jour_heure(passage.execute_le)}."
    else:
        echeance = calendrier_de(depot.etablissement).relais_after(depot.importe_le)[Relais.ENT]
        ent = f"L'ENT montrera cet import {jour_heure(echeance)}."
    if not refuses:
        return {"niveau": "succes", "titre": "Tout est importé.", "texte": f"{ent} Vous n'avez rien à faire."}
    lignes = f"{nombre(refuses)} {pluriel(refuses, 'ligne refusée')}"
    return {
        "niveau": "attention",
        "titre": f"{lignes} à corriger, puis déposez à nouveau le fichier.",
        "texte": f"Chaque ligne dit quoi faire et dans quelle application. Le reste est importé. {ent}",
        "is_a_redeposer": True,
    }


def _sections(depot: Depot, filtre: AnomalieFiltre, lignes: list[AnomalieDepot]) -> list[dict[str, object]]:
    retenues = filtre.filter(depot.anomalies).order_by()
    return [
        {
            "id": section,
            "titre": titre,
            "total": retenues.filter(section=section).count(),
            "lignes": [ligne for ligne in lignes if ligne.section == section],
        }
        for section, titre in SECTIONS
    ]


def annotate_present(etablissement: Etablissement, anomalies: Iterable[AnomalieDepot]) -> list[AnomalieDepot]:
    """The lines with what is true today: ``couleur``, ``resolu`` (a sentence or ``""``) and a fresh ``action``."""
    lignes = list(anomalies)
    connus, referentiel = _groupes_connus(etablissement, {ligne.objet for ligne in lignes if ligne.objet})
    presents = _open_links(etablissement, lignes)
    for ligne in lignes:
        ligne.couleur = COULEURS_GRAVITE[ligne.gravite]
        ligne.resolu = ""
        if ligne.gravite == "erreur" and (lien := presents.get((ligne.eleve_id, ligne.objet))):
            ligne.resolu = f"Résolu depuis le {lien:%d/%m/%Y} : l'élève est dans le groupe."
        elif ligne.code == GROUPE_INCONNU and ligne.objet in connus:
            ligne.resolu = f"Le groupe est connu de SIECLE depuis le {connus[ligne.objet]:%d/%m/%Y}."
            ligne.action = "Déposez à nouveau le fichier élèves-groupes."
        elif ligne.code == GROUPE_INCONNU:
            ligne.action = action_groupe_inconnu(ligne.objet, referentiel)
    return lignes


def _groupes_connus(etablissement: Etablissement, codes: set[str]):
    """Since when BEE knows each of these groupes, and what STS knows now."""
    fiches = FicheGroupe.objects.courants().filter(etablissement=etablissement)
    bee = dict(fiches.filter(couche=Couche.BEE, groupe__code__in=codes).values_list("groupe__code", "depuis"))
    sts = fiches.filter(couche=Couche.STS).values_list("groupe__code", flat=True)
    return bee, Referentiel(mefs_des_groupes={}, groupes_sts=frozenset(sts) or None)


def _open_links(etablissement: Etablissement, lignes: list[AnomalieDepot]):
    liens = LienGroupe.objects.courants().filter(
        etablissement=etablissement,
        eleve__in={ligne.eleve_id for ligne in lignes if ligne.eleve_id},
        groupe__code__in={ligne.objet for ligne in lignes if ligne.objet},
    )
    return {(eleve, code): depuis for eleve, code, depuis in liens.values_list("eleve_id", "groupe__code", "depuis")}


def absents_by_division(depot: Depot) -> dict[str, list[dict[str, object]]]:
    """Élèves of BEE who were not in the file, by division, with the groupes they lost that night.

    The leavers come last, under « Élèves sortis ».
    """
    fiches = (
        FicheEleve.objects.as_of(depot.importe_le)
        .filter(etablissement=depot.etablissement, eleve__eleve_id__in=depot.absents_ids)
        .select_related("division", "eleve")
        .order_by("division__code", "nom_de_famille", "prenom")
    )
    perdus: dict[int, list[str]] = {}
    liens = LienGroupe.objects.filter(etablissement=depot.etablissement, clos_par__depot=depot)
    for eleve, code in liens.order_by("groupe__code").values_list("eleve_id", "groupe__code"):
        perdus.setdefault(eleve, []).append(code)
    absents: dict[str, list[dict[str, object]]] = {}
    for fiche in sorted(fiches, key=lambda fiche: fiche.date_sortie is not None):
        titre = "Élèves sortis" if fiche.date_sortie else fiche.division.code if fiche.division else "Sans division"
        absents.setdefault(titre, []).append({"fiche": fiche, "groupes": perdus.get(fiche.eleve_id, [])})
    return absents


def depot_export(request: HttpRequest, uai: str, pk: int, extension: str) -> HttpResponse:
    """The whole compte-rendu as CSV or XLSX, with the filters of the page."""
    depot = get_depot(get_etablissement(request, uai), pk)
    if extension not in FORMATS or depot.etat != EtatDepot.IMPORTE:
        raise Http404
    filtre = AnomalieFiltre(request.GET, anomalies=depot.anomalies)
    lignes = annotate_present(depot.etablissement, filtre.filter(depot.anomalies.all()))
    return download(f"compte-rendu-{depot.nom}", extension, list(TITRES_EXPORT), map(_export_row, lignes))


def _export_row(ligne: AnomalieDepot) -> list[object]:
    titre = dict(SECTIONS)[Section(ligne.section)]
    return [
        *(titre, ligne.nom, ligne.division, ligne.reference, ligne.objet, ligne.message, ligne.regle, ligne.code),
        *(ligne.gravite, ligne.action, ligne.resolu),
    ]


def depot_eleve(request: HttpRequest, uai: str, pk: int, eleve_id: str) -> HttpResponse:
    """« Détail des anomalies » of one élève in one compte-rendu."""
    etablissement = get_etablissement(request, uai)
    depot = get_depot(etablissement, pk)
    lignes = annotate_present(
        etablissement, depot.anomalies.filter(Q(eleve__eleve_id=eleve_id) | Q(reference=eleve_id))
    )
    if not lignes:
        raise Http404
    connu = any(ligne.eleve_id for ligne in lignes)
    context = {"depot": depot, "lignes": lignes, "premiere": lignes[0], "is_connu": connu, "eleve_id": eleve_id}
    return render(request, "exchanges/depot_eleve.html", context)

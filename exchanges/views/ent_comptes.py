"""The accounts on the page of the ENT: how many of each kind, and the list when it is asked for."""

from collections import Counter

from django.core.paginator import Paginator
from django.http import HttpRequest

from exchanges.enums import EtatCompteENT
from exchanges.forms_ent import CATEGORIES, ETATS_COMPTE, CompteFiltre
from exchanges.models import Etablissement
from exchanges.pipeline.previsions import list_vagues
from exchanges.reports.annuaire import Annuaire
from exchanges.reports.comptes import CompteVu, comptes_of
from exchanges.views.adresses import person_url


PAR_PAGE = 50
COULEURS = {
    EtatCompteENT.ACTIF: "succes",
    EtatCompteENT.DESACTIVE: "attention",
    EtatCompteENT.SUPPRIME: "neutre",
}


def show_comptes(request: HttpRequest, etablissement: Etablissement, annuaire: Annuaire, demande) -> dict[str, object]:
    """Counts by kind of person and by state; the page of the list and its filter."""
    jour, maintenant = demande["jour"], request.horloge.maintenant
    vagues = list_vagues(etablissement, jour, maintenant) if jour >= maintenant.date() else []
    comptes = comptes_of(etablissement, annuaire, jour, maintenant, vagues)
    nombres = Counter((compte.categorie, compte.etat) for compte in comptes)
    filtre = CompteFiltre(request.GET)
    page = Paginator(filtre.filter(comptes), PAR_PAGE).get_page(request.GET.get("page"))
    return {
        "is_ouvert": demande["comptes"],
        "total": len(comptes),
        "etats": list(ETATS_COMPTE.values()),
        "lignes": [
            (nom, [nombres[categorie, etat] for etat in ETATS_COMPTE]) for categorie, nom in CATEGORIES.items()
        ],
        "filtre": filtre,
        "page": page,
        "liste": [_show(etablissement, compte) for compte in page.object_list],
    }


def _show(etablissement: Etablissement, compte: CompteVu) -> dict[str, object]:
    return {
        "compte": compte,
        "categorie": CATEGORIES[compte.categorie],
        "badge": {"couleur": COULEURS[compte.etat], "libelle": ETATS_COMPTE[compte.etat]},
        "url": person_url(etablissement, compte.categorie, compte.cle),
    }

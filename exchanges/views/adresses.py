"""Where the names on the pages of time lead: each person, classe and groupe to its journey, each cause to its page."""

from django.urls import reverse

from exchanges.enums import CategorieAAF
from exchanges.models import Etablissement
from exchanges.reports.annuaire import Enseignant
from exchanges.reports.causes import Cause, Ecart, Mouvement


LIGNES = 50
TITRES = {
    "division": "Classe {}",
    "groupe": "Groupe {}",
    "equipe": "Équipe pédagogique de {}",
    "eleve": "Élèves",
    "responsable": "Responsables",
    "personnel": "Personnels",
}
_PAGES = {
    **dict.fromkeys(("division", "groupe", "eleve", CategorieAAF.ELEVE), "eleve_detail"),
    **dict.fromkeys(("responsable", CategorieAAF.RESPONSABLE), "responsable_detail"),
    **dict.fromkeys(("equipe", "personnel", CategorieAAF.PERSONNEL), "individu_detail"),
}


def person_url(etablissement: Etablissement, nature: str, cle: str) -> str:
    """The journey of a person: ``cle`` is her ELEVE_ID, PERSONNE_ID or « epp 1234 »; empty without one."""
    if not cle:
        return ""
    page = _PAGES[nature]
    args = cle.split(" ", 1) if page == "individu_detail" else [cle]
    return reverse(f"exchanges:{page}", args=[etablissement.uai, *args])


def cause_url(etablissement: Etablissement, cause: Cause) -> str:
    """The page of what made a difference; empty when there is none."""
    depot = cause.depot or (cause.acte.depot if cause.acte else None)
    if depot:
        return reverse("exchanges:depot_detail", args=[etablissement.uai, depot.pk])
    if cause.acte and cause.acte.chargement:
        return reverse("exchanges:chargement_detail", args=[etablissement.uai, cause.acte.chargement.pk])
    return ""


def show_team(etablissement: Etablissement, equipe: list[Enseignant]) -> list[dict[str, object]]:
    """The members of an équipe, each with the address of her journey."""
    return [{"enseignant": membre, "url": person_url(etablissement, "equipe", membre.individu)} for membre in equipe]


def show_ecart(etablissement: Etablissement, ecart: Ecart) -> dict[str, object]:
    """One difference: its title, the first of those who come and go, and the causes with their addresses."""
    mouvements = [("+", mouvement) for mouvement in ecart.arrives] + [("−", mouvement) for mouvement in ecart.partis]
    return {
        "ecart": ecart,
        "titre": TITRES[ecart.nature].format(ecart.code),
        "causes": [(cause.texte, cause_url(etablissement, cause)) for cause in ecart.causes],
        "mouvements": [_show(etablissement, ecart.nature, *paire) for paire in mouvements[:LIGNES]],
        "autres": max(0, len(mouvements) - LIGNES),
    }


def _show(etablissement: Etablissement, nature: str, signe: str, mouvement: Mouvement) -> dict[str, object]:
    return {
        "signe": signe,
        "mouvement": mouvement,
        "url": person_url(etablissement, nature, mouvement.cle),
        "causes": [(cause.texte, cause_url(etablissement, cause)) for cause in mouvement.causes],
    }

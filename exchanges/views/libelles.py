"""States of the domain to words, colours and sentences: templates know colours, never codes."""

from exchanges.enums import EtatChargement, EtatDepot, EtatPassage, Gravite
from exchanges.forms import LIBELLES_DEPOT


COULEURS_DEPOT = {
    EtatDepot.CONTROLE: "attention",
    EtatDepot.DEPOSE: "info",
    EtatDepot.IMPORTE: "succes",
    EtatDepot.REMPLACE: "neutre",
    EtatDepot.ABANDONNE: "neutre",
    EtatDepot.ECHEC: "erreur",
}
ETATS_CHARGEMENT = {
    EtatChargement.CONTROLE: ("attention", "À confirmer"),
    EtatChargement.APPLIQUE: ("succes", "Appliqué"),
    EtatChargement.ABANDONNE: ("neutre", "Abandonné"),
}
ETATS_PASSAGE = {
    EtatPassage.PREVU: ("info", "Prévu"),
    EtatPassage.FAIT: ("succes", "Fait"),
    EtatPassage.ECHEC: ("erreur", "Échec"),
    EtatPassage.ANNULE: ("neutre", "Annulé"),
    EtatPassage.RETENU: ("attention", "Retenu"),
    EtatPassage.SAUTE: ("attention", "N'a pas eu lieu"),
}
COULEURS_GRAVITE = {
    Gravite.BLOQUANTE: "erreur",
    Gravite.ERREUR: "erreur",
    Gravite.AVERTISSEMENT: "attention",
    Gravite.INFORMATION: "info",
}


def badge_depot(etat: str) -> dict[str, str]:
    """``couleur`` and ``libelle`` of a deposit's state."""
    return {"couleur": COULEURS_DEPOT[etat], "libelle": LIBELLES_DEPOT[etat]}


def badge_chargement(etat: str) -> dict[str, str]:
    """``couleur`` and ``libelle`` of a batch's state."""
    couleur, libelle = ETATS_CHARGEMENT[etat]
    return {"couleur": couleur, "libelle": libelle}


def badge_passage(etat: str) -> dict[str, str]:
    """``couleur`` and ``libelle`` of a passage's state."""
    couleur, libelle = ETATS_PASSAGE[etat]
    return {"couleur": couleur, "libelle": libelle}

"""States of the rentrée to words and colours: templates know colours, never codes."""

from checklists.enums import EtatEtape


LIBELLES_ETAT = {
    EtatEtape.PROUVEE: "Prouvée",
    EtatEtape.DECLAREE: "Déclarée",
    EtatEtape.CONTREDITE: "Contredite",
    EtatEtape.BLOQUEE: "Bloquée",
    EtatEtape.EN_RETARD: "En retard",
    EtatEtape.A_FAIRE: "À faire",
}
_COULEURS = {
    EtatEtape.PROUVEE: "succes",
    EtatEtape.DECLAREE: "info",
    EtatEtape.CONTREDITE: "erreur",
    EtatEtape.BLOQUEE: "neutre",
    EtatEtape.EN_RETARD: "attention",
    EtatEtape.A_FAIRE: "neutre",
}


def badge_etape(etat: EtatEtape) -> dict[str, str]:
    """``couleur`` and ``libelle`` of a step's state."""
    return {"couleur": _COULEURS[etat], "libelle": LIBELLES_ETAT[etat]}

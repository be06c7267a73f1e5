"""Which schools a letter about a step is not for: those where the map of the académie says that the step is done."""

from collections.abc import Iterable

from django.db.models import Q

from checklists.enums import EtatEtape
from checklists.pilotage.modeles import quotes_etape
from exchanges.models import Compteurs, Etablissement


LAISSE = "Laissé de côté : "  # how the reason begins in ``Envoi.erreur``: nobody failed to send anything
LAISSES = Q(erreur__startswith=LAISSE)
_FAITES = {
    EtatEtape.PROUVEE: "l'étape {numero} est déjà prouvée par ses fichiers.",
    EtatEtape.DECLAREE: "l'étape {numero} est déjà déclarée faite.",
}
_TOUT_EST_FAIT = "toutes ses étapes sont déjà faites."
_PAS_DE_CHIFFRES = "ses étapes ne sont pas encore comptées."


def find_laisses(texte: str, etape: str, etablissements: Iterable[Etablissement]) -> dict[int, str]:
    """Why a letter does not go to some of these schools, by primary key.

    Args:
        texte: what it says, its fields not replaced.
        etape: the step that it reminds of; empty, the next one of each school when the text speaks of a step.
    """
    motifs = {ecole.pk: _find_motif(texte, etape, getattr(ecole, "compteurs", None)) for ecole in etablissements}
    return {pk: LAISSE + motif for pk, motif in motifs.items() if motif}


def _find_motif(texte: str, etape: str, compteurs: Compteurs | None) -> str:
    if etape:
        etat = compteurs.rentree_etats.get(etape) if compteurs else None
        return _FAITES.get(etat, "").format(numero=etape)
    if not quotes_etape(texte):
        return ""
    if compteurs is None:
        return _PAS_DE_CHIFFRES
    return _TOUT_EST_FAIT if compteurs.rentree_total and not compteurs.rentree_etape else ""

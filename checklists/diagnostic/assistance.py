"""The assistance request, ready to be copied: the right desk, the evidence, no more about people than it needs."""

from collections.abc import Iterable

from checklists.diagnostic.causes import GUICHET_ENT, GUICHET_GIGC, GUICHET_STS
from checklists.diagnostic.contexte import Contexte
from checklists.diagnostic.modele import Cause, Cible, EtatMaillon, Examen, Genre, Maillon, Ticket
from exchanges.templatetags.entsite import jour_annee


_OBJETS = {
    Genre.ELEVE: "élève",
    Genre.RESPONSABLE: "responsable",
    Genre.INDIVIDU: "enseignant ou personnel",
    Genre.GROUPE: "groupe",
    Genre.DIVISION: "division",
}
_ETATS = {
    EtatMaillon.OK: "correct",
    EtatMaillon.RUPTURE: "en défaut",
    EtatMaillon.EN_ATTENTE: "en attente",
    EtatMaillon.SANS_OBJET: "sans objet",
}


def write_ticket(
    contexte: Contexte, cible: Cible, examen: Examen, maillons: Iterable[Maillon], cause: Cause | None
) -> Ticket:
    """The request about a target.

    Args:
        cause: what a desk alone can mend; ``None`` when the data are right everywhere, which is the ENT's matter.
    """
    ecole = contexte.etablissement
    guichet = cause.guichet if cause else GUICHET_ENT
    objet = f"{ecole.uai} – {_OBJETS[cible.genre]} {cible.nom_cle} : "
    objet += cause.titre.rstrip(".") if cause else "les données sont correctes, l'ENT ne les montre pas"
    lignes = [
        f"Établissement : {ecole.denomination} ({ecole.uai}), projet {ecole.projet_ent}.",
        f"Concerne : {_OBJETS[cible.genre]}.",
        *(f"{libelle} : {valeur}" for libelle, valeur in examen.identifiants if valeur),
        *([f"Identifiant ENT : {examen.compte.login}"] if examen.compte and examen.compte.login else []),
        "",
        f"Vérifications faites au {jour_annee(contexte.jour)} :",
        *(_tell(maillon) for maillon in maillons if maillon.etat != EtatMaillon.SANS_OBJET),
        "",
        _ask(cible, cause),
    ]
    return Ticket(guichet, objet, "\n".join(lignes))


def _tell(maillon: Maillon) -> str:
    return f"- {maillon.couche} : {_ETATS[maillon.etat]}. {maillon.preuve}".rstrip()


def _ask(cible: Cible, cause: Cause | None) -> str:
    if cause is None:
        return "Les données sont correctes à chaque étape : merci de vérifier ce que l'ENT montre."
    if cible.genre == Genre.INDIVIDU and cause.guichet == GUICHET_STS:
        return (
            "Merci de vérifier l'affectation de cette personne et de l'ajouter aux Ressources de STS-Web "
            f"(pour un personnel administratif, technique ou de santé, ce dossier va à {GUICHET_GIGC})."
        )
    return f"Défaut constaté : {cause.titre} Merci de votre aide."

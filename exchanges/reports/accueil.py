"""The home page of a school: the one thing to do next, and how fresh each relay of the chain is."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from exchanges.enums import (
    Couche,
    EtatChargement,
    EtatDepot,
    EtatPassage,
    Gravite,
    NatureActe,
    Relais,
    TypeFichier,
)
from exchanges.models import AnomalieDepot, Chargement, Depot, Etablissement, FicheEleve, FicheGroupe, LienGroupe
from exchanges.reports.exports import state_of_exports
from exchanges.reports.listes import groupes_absents_de_siecle
from exchanges.templatetags.entsite import jour, jour_heure, nombre, pluriel


MATIN = "le matin à 7 h"


@dataclass(frozen=True)
class Etape:
    """What to do next, in one sentence.

    Attributes:
        niveau: ``succes``, ``info``, ``attention`` or ``erreur``.
        titre, texte: the sentence, then what happens next, when, whose move it is.
        bouton: the verb of the button, or ``""``.
        cible: what the button opens: a deposit, a batch, or ``None`` for the page where files are handed in.
    """

    niveau: str
    titre: str
    texte: str
    bouton: str = ""
    cible: Depot | Chargement | None = None


@dataclass(frozen=True)
class Maillon:
    """One relay, for ``components/chain.html``."""

    nom: str
    etat: str
    couleur: str
    quand: str = ""
    detail: str = ""
    url: str = ""


def is_vide(etablissement: Etablissement) -> bool:
    """Whether nothing has been loaded yet."""
    return not FicheEleve.objects.courants().filter(etablissement=etablissement).exists()


def unresolved(depot: Depot) -> QuerySet[AnomalieDepot]:
    """The refusals of an imported deposit that nothing has mended since: the link still does not exist."""
    lien = LienGroupe.objects.courants().filter(eleve=OuterRef("eleve"), groupe__code=OuterRef("objet"))
    return depot.anomalies.filter(~Exists(lien), gravite=Gravite.ERREUR)


def next_step(etablissement: Etablissement) -> Etape:
    """The one thing to do next for a school that has its files loaded."""
    vivants = etablissement.depots.exclude(etat__in=[EtatDepot.ABANDONNE, EtatDepot.REMPLACE])
    depot = vivants.filter(etat=EtatDepot.DEPOSE).first() or vivants.first()
    brouillon = etablissement.chargements.filter(etat=EtatChargement.CONTROLE).first()
    if brouillon and (depot is None or brouillon.cree_le >= depot.controle_le):
        return Etape(
            "attention",
            "Des fichiers attendent votre accord.",
            "Ils ont été lus et comparés, rien n'est encore modifié.",
            "Voir ce qui va changer",
            brouillon,
        )
    if depot is None:
        return Etape(
            "info",
            "L'établissement est chargé. Prochaine étape : le fichier élèves-groupes d'EDT.",
            "Déposez le ZIP qu'EDT ou PRONOTE a produit : vous saurez tout de suite ce que SIECLE en fera.",
            "Déposer le fichier élèves-groupes",
        )
    return _STEPS[EtatDepot(depot.etat)](etablissement, depot)


def _to_confirm(_etablissement: Etablissement, depot: Depot) -> Etape:
    return Etape(
        "attention",
        "Un fichier est contrôlé, il n'est pas encore déposé.",
        f"{depot.nom} : lisez le verdict, puis déposez-le pour cette nuit.",
        "Lire le verdict",
        depot,
    )


def _waiting(_etablissement: Etablissement, depot: Depot) -> Etape:
    nuit = depot.passages.filter(relais=Relais.SIECLE).last()
    quand = f"{jour(nuit.prevu_le)}, {MATIN}" if nuit else MATIN
    return Etape(
        "succes",
        "Tout est en ordre. Le fichier est déposé.",
        f"Prochaine étape : le compte-rendu de la nuit, {quand}. Vous n'avez rien à faire d'ici là.",
        "Voir le dépôt",
        depot,
    )


def _failed(_etablissement: Etablissement, depot: Depot) -> Etape:
    return Etape(
        "erreur",
        "La nuit n'a pas pu être faite : le problème vient de nous.",
        "Rien n'a été modifié. Déposez à nouveau le fichier ; si cela recommence, prévenez l'assistance.",
        "Déposer à nouveau le fichier",
    )


def _imported(etablissement: Etablissement, depot: Depot) -> Etape:
    refuses = unresolved(depot)
    nombre_refuses = refuses.count()
    if not nombre_refuses:
        return Etape(
            "succes", "Tout est en ordre.", _ent_sentence(etablissement, depot), "Lire le compte-rendu", depot
        )
    inconnus = set(refuses.filter(code="GROUPE_A_01").values_list("objet", flat=True))
    connus = _known_groupes(etablissement, inconnus)
    if inconnus and inconnus == connus:
        return Etape(
            "info",
            "SIECLE connaît maintenant les groupes qui avaient été refusés.",
            f"Il reste à déposer à nouveau le fichier élèves-groupes : {', '.join(sorted(inconnus)[:5])}.",
            "Déposer à nouveau le fichier",
        )
    liens = pluriel(nombre_refuses, "ligne refusée")
    return Etape(
        "attention",
        f"{nombre(nombre_refuses)} {liens} dans le dernier compte-rendu.",
        f"Import du {jour(depot.importe_le)}. Chaque ligne dit quoi corriger, et où.",
        "Lire le compte-rendu",
        depot,
    )


def _known_groupes(etablissement: Etablissement, codes: set[str]) -> set[str]:
    fiches = FicheGroupe.objects.courants().filter(
        etablissement=etablissement, couche=Couche.BEE, groupe__code__in=codes
    )
    return set(fiches.values_list("groupe__code", flat=True))


def _ent_sentence(etablissement: Etablissement, depot: Depot) -> str:
    passages = etablissement.passages.filter(relais=Relais.ENT)
    passage = passages.filter(etat=EtatPassage.PREVU).first()
    if passage and not passages.filter(etat=EtatPassage.FAIT, source__gte=depot.importe_le).exists():
        return (
            f"Dernier import : {jour(depot.importe_le)}. L'ENT le montrera {jour_heure(passage.prevu_le)} ; "
            "vous n'avez rien à faire."
        )
    return (
        f"Dernier import : {jour(depot.importe_le)}. L'ENT est à jour. Déposez un fichier quand les groupes changent."
    )


_STEPS = {
    EtatDepot.CONTROLE: _to_confirm,
    EtatDepot.DEPOSE: _waiting,
    EtatDepot.IMPORTE: _imported,
    EtatDepot.ECHEC: _failed,
}


def build_chain(etablissement: Etablissement, maintenant: datetime) -> list[Maillon]:
    """The four relays with their freshness: EDT, STS, SIECLE, ENT."""
    depot = etablissement.depots.exclude(etat=EtatDepot.ABANDONNE).first()
    return [
        _edt(depot),
        _sts(etablissement),
        _siecle(etablissement, depot),
        _ent(etablissement, maintenant),
    ]


def _edt(depot: Depot | None) -> Maillon:
    if depot is None:
        return Maillon("EDT", "en attente", "neutre", "Aucun fichier élèves-groupes")
    if depot.etat == EtatDepot.CONTROLE:
        return Maillon("EDT", "à confirmer", "attention", f"Contrôlé {jour(depot.controle_le)}", depot.nom)
    return Maillon("EDT", "déposé", "succes", f"Déposé {jour(depot.depose_le)}")


def _sts(etablissement: Etablissement) -> Maillon:
    charge = _last_loaded(etablissement, [TypeFichier.STS_EDT])
    if charge is None:
        return Maillon("STS", "inconnu", "neutre", "Aucun fichier sts_emp", "Chargez-le pour voir ce qui manque.")
    quand = f"Chargé {jour(charge)}"
    manquants = groupes_absents_de_siecle(etablissement).count()
    if manquants:
        absents = pluriel(manquants, "groupe absent")
        return Maillon("STS", "à exporter", "attention", quand, f"{manquants} {absents} de SIECLE")
    exports = state_of_exports(etablissement)
    if not exports.is_a_jour:
        return Maillon("STS", "à exporter", "attention", quand, exports.titre)
    return Maillon("STS", "à jour", "succes", quand)


def _siecle(etablissement: Etablissement, depot: Depot | None) -> Maillon:
    charge = _last_loaded(etablissement, [TypeFichier.ELEVES, TypeFichier.STRUCTURES])
    if depot and depot.etat == EtatDepot.DEPOSE:
        return Maillon("SIECLE", "cette nuit", "info", f"Chargé {jour(charge)}", "Un dépôt attend la nuit.")
    if depot and depot.etat == EtatDepot.IMPORTE:
        refuses = unresolved(depot).count()
        quand = f"Importé {jour(depot.importe_le)}"
        if refuses:
            return Maillon(
                "SIECLE", "à corriger", "attention", quand, f"{nombre(refuses)} {pluriel(refuses, 'ligne refusée')}"
            )
        return Maillon("SIECLE", "à jour", "succes", quand)
    if charge is None:
        return Maillon("SIECLE", "inconnu", "neutre", "Aucun export de SIECLE", "Chargez Élèves et Structures.")
    return Maillon("SIECLE", "chargé", "succes", f"Chargé {jour(charge)}")


def _last_loaded(etablissement: Etablissement, types: list[TypeFichier]) -> datetime | None:
    return (
        etablissement.chargements.filter(etat=EtatChargement.APPLIQUE, fichiers__type__in=types)
        .order_by("-applique_le")
        .values_list("applique_le", flat=True)
        .first()
    )


def _ent(etablissement: Etablissement, maintenant: datetime) -> Maillon:
    passages = etablissement.passages.filter(relais=Relais.ENT).order_by("prevu_le")
    dernier = passages.filter(etat__in=[EtatPassage.FAIT, EtatPassage.ECHEC]).last()
    suivant = passages.filter(etat=EtatPassage.PREVU).first()
    detail = f"Prochain passage : {jour_heure(suivant.prevu_le)}" if suivant else ""
    if suivant and suivant.prevu_le < maintenant:
        detail = f"Le passage prévu {jour_heure(suivant.prevu_le)} est en retard."
    if dernier is None:
        return Maillon("ENT", "en attente", "neutre", "Aucun passage encore", detail)
    if dernier.etat == EtatPassage.ECHEC:
        return Maillon("ENT", "passage manqué", "erreur", f"Prévu {jour_heure(dernier.prevu_le)}", detail)
    actes = etablissement.actes.filter(nature__in=[NatureActe.CHARGEMENT, NatureActe.NUIT])
    has_a_venir = suivant is not None and actes.filter(instant__gt=dernier.source).exists()
    etat, couleur = ("en attente", "info") if has_a_venir else ("à jour", "succes")
    return Maillon("ENT", etat, couleur, f"Alimenté {jour_heure(dernier.execute_le)}", detail)

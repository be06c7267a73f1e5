"""Letters to start from, and the fields that they may quote: what each field says of a school."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from checklists.annees import find_rentree
from checklists.etapes import Etape, Reglage, find_etape
from exchanges.models import Compteurs, Etablissement
from exchanges.templatetags.entsite import jour_annee, nombre, pluriel


SOURCE = Path(__file__).with_name("modeles.toml")
CHAMPS = {
    "etablissement": "son nom",
    "uai": "son UAI",
    "academie": "l'académie",
    "etape": "l'étape dont parle le message, ou sa prochaine étape",
    "echeance": "la date prévue de cette étape",
    "jours": "le retard de cette étape, en jours",
    "delai": "cette date et ce retard, en une phrase",
    "chemin": "où faire cette étape",
    "cout": "ce que coûte son retard",
    "depot": "le jour du dernier dépôt élèves-groupes",
    "absents": "le nombre d'absents du dernier compte-rendu",
}
DE_L_ETAPE = frozenset({"etape", "echeance", "jours", "delai", "chemin", "cout"})
_CHAMP = re.compile(r"\{([^{}\s]*)\}")


@dataclass(frozen=True)
class Modele:
    """A letter to start from; ``etape`` is the step that it reminds of, or an empty text."""

    code: str
    titre: str
    etape: str
    sujet: str
    corps: str


@cache
def read_modeles() -> tuple[Modele, ...]:
    """The letters of ``modeles.toml``."""
    tables = tomllib.loads(SOURCE.read_text(encoding="utf-8"))["modele"]
    return tuple(Modele(**(table | {"corps": table["corps"].strip("\n")})) for table in tables)


def find_modele(code: str) -> Modele | None:
    """The letter of this code, if there is one."""
    return next((modele for modele in read_modeles() if modele.code == code), None)


def unknown_champs(texte: str) -> list[str]:
    """What a text has in braces that no field is called."""
    return sorted(set(_CHAMP.findall(texte)) - CHAMPS.keys())


def quotes_etape(texte: str) -> bool:
    """Whether a text speaks of a step."""
    return not DE_L_ETAPE.isdisjoint(_CHAMP.findall(texte))


def fill(texte: str, valeurs: Mapping[str, str]) -> str:
    """A text with its fields replaced; nothing else of it is interpreted."""
    return _CHAMP.sub(lambda trouve: valeurs.get(trouve[1], trouve[0]), texte)


def blank_champs(texte: str) -> str:
    """A text as one reads it before it is about a school: « … » for each of its fields."""
    return fill(texte, dict.fromkeys(CHAMPS, "…"))


def read_champs(etablissement: Etablissement, numero: str, maintenant: datetime) -> dict[str, str]:
    """What each field says of a school at ``maintenant`` (its own time).

    Args:
        numero: the step that the letter reminds of; empty, the next step of the school.
    """
    compteurs = getattr(etablissement, "compteurs", None) or Compteurs()
    depot = compteurs.depot_le.astimezone(maintenant.tzinfo) if compteurs.depot_le else None
    return {
        "etablissement": etablissement.denomination,
        "uai": etablissement.uai,
        "academie": etablissement.academie.nom,
        "depot": jour_annee(depot.date()) if depot else "aucun dépôt",
        "absents": nombre(compteurs.cr_absents) if compteurs.cr_le else "aucun compte-rendu",
    } | _step(etablissement, find_etape(numero or compteurs.rentree_etape), maintenant)


# Of a school whose rentrée nobody dated: no step has a date before that.
SANS_DATE = {
    "etape": "« Donner le jour de la rentrée »",
    "echeance": "dès maintenant",
    "jours": "0",
    "delai": "à faire dès maintenant",
    "chemin": "charger les exports de SIECLE, dont Communs, ou donner ce jour sur la page « La rentrée »",
    "cout": "Sans ce jour, le site ne peut pas dire quelles étapes sont en retard.",
}


def _step(etablissement: Etablissement, etape: Etape | None, maintenant: datetime) -> dict[str, str]:
    if etape is None:
        return SANS_DATE
    rentree = find_rentree(etablissement, maintenant.date())
    echeance = etape.due_on(rentree.jour) if rentree else None
    retard = max(0, (maintenant.date() - echeance).days) if echeance else 0
    return {
        "etape": f"{etape.numero}, {etape.titre}",
        "echeance": jour_annee(echeance) if echeance else "à fixer",
        "jours": str(retard),
        "delai": _tell_delai(echeance, retard),
        "chemin": etape.chemin_for(rentree.reglage if rentree else Reglage()),
        "cout": etape.cout,
    }


def _tell_delai(echeance: date | None, retard: int) -> str:
    if echeance is None:
        return "date à fixer : le jour de la rentrée n'est pas connu"
    prevue = f"date prévue : {jour_annee(echeance)}"
    return f"{prevue}, dépassée de {retard} {pluriel(retard, 'jour')}" if retard else prevue

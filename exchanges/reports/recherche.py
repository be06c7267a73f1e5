"""One box: who and what bears a name, an identifier, a login or a code, in the perimeter given.

Accents and case do not count; a word is the beginning of a name. What looks like an identifier is looked up by its
index and never compared with names.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Concat

from exchanges.models import (
    CompteENT,
    Division,
    Etablissement,
    FicheEleve,
    FicheIndividu,
    FicheResponsable,
    Groupe,
)
from exchanges.rules.logins import strip_accents


LONGUEUR_MINIMALE = 2
LONGUEUR_MAXIMALE = 60
MOTS_MAX = 5
_VARIANTES = {
    "a": "aàâäáãåAÀÂÄÁÃÅ",
    "c": "cçCÇ",
    "e": "eéèêëEÉÈÊË",
    "i": "iîïíìIÎÏÍÌ",
    "n": "nñNÑ",
    "o": "oôöóòõOÔÖÓÒÕ",
    "u": "uùûüúUÙÛÜÚ",
    "y": "yÿYŸ",
}
_IDENTIFIANT = re.compile(r"\d+|\d{7}[A-Za-z]|\d{9,10}[A-Za-z]{1,2}")


@dataclass(frozen=True)
class Resultat:
    """Somebody or something found: ``genre`` is the word of its address, ``cle`` its key there."""

    genre: str
    nom: str
    detail: str
    cle: tuple[str, ...]
    etablissement: Etablissement


def search(etablissements: QuerySet[Etablissement], q: str, maximum: int) -> dict[str, list[Resultat]]:
    """What answers ``q``, by kind, one more than ``maximum`` of each when there are more.

    Args:
        etablissements: the perimeter.
        q: what was typed, ``LONGUEUR_MINIMALE`` characters at least.
    """
    demande = _Demande(etablissements, q, maximum + 1)
    return {
        "Établissements": _find_etablissements(demande),
        "Élèves": _find_personnes(demande, FicheEleve, "eleve", _eleve),
        "Enseignants et personnels": _find_personnes(demande, FicheIndividu, "individu", _individu),
        "Responsables": _find_personnes(demande, FicheResponsable, "responsable", _responsable),
        "Groupes": _find_structures(demande, Groupe, "groupes"),
        "Divisions": _find_structures(demande, Division, "divisions"),
    }


class _Demande:
    """What is asked, read once."""

    def __init__(self, etablissements: QuerySet[Etablissement], q: str, limite: int):
        self.q = q
        self.limite = limite
        self.siens = etablissements
        self.dans = Etablissement.objects.filter(pk__in=etablissements.order_by().values("pk"))
        self.is_identifiant = _IDENTIFIANT.fullmatch(q) is not None

    @property
    def jointures(self) -> QuerySet[CompteENT]:
        """Numbers of the AAF whose login begins so: a range of the index on (projet, login)."""
        debut = self.q.lower()
        comptes = CompteENT.objects.filter(projet__in=self.dans.values("projet_ent"))
        return comptes.filter(login__gte=debut, login__lt=f"{debut}\uffff").values("jointure")

    def noms(self) -> Q:
        """Every word begins a word of the name."""
        filtre = Q()
        for mot in self.q.split()[:MOTS_MAX]:
            filtre &= Q(mots__regex=rf"(^|[^[:alnum:]]){_fold(mot)}" if _is_postgresql() else rf"(^|\W){_fold(mot)}")
        return filtre


def _is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def _fold(mot: str) -> str:
    """A regular expression for a word, whatever its accents and its case."""
    return "".join(_letter(lettre) for lettre in strip_accents(mot))


def _letter(lettre: str) -> str:
    if variantes := _VARIANTES.get(lettre.lower()):
        return f"[{variantes}]"
    return f"[{lettre.lower()}{lettre.upper()}]" if lettre.isalpha() else re.escape(lettre)


def _find_etablissements(demande: _Demande) -> list[Resultat]:
    trouves = demande.siens.filter(Q(uai__icontains=demande.q) | Q(denomination__icontains=demande.q))
    return [
        Resultat("etablissements", e.denomination, f"{e.uai} {e.ville}".strip(), (), e)
        for e in trouves[: demande.limite]
    ]


def _find_personnes(demande: _Demande, modele: Any, qui: str, show: Callable[[Any], Resultat]) -> list[Resultat]:
    """Present fiches by identifier, by login or by name."""
    cle = {"eleve": "eleve_id", "responsable": "personne_id", "individu": "sts_id"}[qui]
    patronyme = "nom_patronymique" if qui == "individu" else "nom_de_famille"
    fiches = modele.objects.courants().filter(etablissement__in=demande.dans)
    filtre = Q(**{f"{qui}__{cle}": demande.q})
    if qui == "eleve":
        filtre |= Q(ine=demande.q.upper())
    if "." in demande.q:
        filtre |= Q(**{f"{qui}__jointure__in": demande.jointures})
    if not demande.is_identifiant:
        colonnes = (patronyme, Value(" "), "nom_usage", Value(" "), "prenom")
        fiches = fiches.annotate(mots=Concat(*colonnes, output_field=CharField()))
        filtre |= demande.noms()
    relations = (qui, "etablissement", *(["division"] if qui == "eleve" else []))
    trouvees = fiches.filter(filtre).select_related(*relations)
    return [show(fiche) for fiche in trouvees.order_by(patronyme, "prenom", "pk")[: demande.limite]]


def _eleve(fiche: FicheEleve) -> Resultat:
    division = fiche.division.code if fiche.division else "sans division"
    return Resultat("eleves", fiche.nom_complet, division, (fiche.eleve.eleve_id,), fiche.etablissement)


def _individu(fiche: FicheIndividu) -> Resultat:
    individu = fiche.individu
    nom = f"{fiche.nom_usage or fiche.nom_patronymique} {fiche.prenom}".strip()
    return Resultat("enseignants", nom, fiche.fonction, (individu.type, individu.sts_id), fiche.etablissement)


def _responsable(fiche: FicheResponsable) -> Resultat:
    nom = f"{fiche.nom_usage or fiche.nom_de_famille} {fiche.prenom}".strip()
    cle = (fiche.responsable.personne_id,)
    return Resultat("responsables", nom, "", cle, fiche.etablissement)


def _find_structures(demande: _Demande, modele: Any, genre: str) -> list[Resultat]:
    structures = (
        modele.objects.filter(etablissement__in=demande.dans, fiches__jusqua__isnull=True)
        .filter(Q(code__istartswith=demande.q) | Q(fiches__libelle__istartswith=demande.q))
        .select_related("etablissement")
        .order_by(F("code"), "pk")
        .distinct()
    )
    return [Resultat(genre, s.code, "", (s.code,), s.etablissement) for s in structures[: demande.limite]]

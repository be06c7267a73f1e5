"""The filters of the dashboard: all in the address, all done by SQL."""

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from operator import attrgetter
from unicodedata import combining, normalize

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.safestring import SafeString

from checklists.enums import EtatEcole
from checklists.etapes import find_etape, read_etapes
from checklists.pilotage.colonnes import name_type
from checklists.pilotage.tableau import COLONNES, TRIS
from exchanges.forms import FiltreForm, PlainSelect
from exchanges.models import Academie, Etablissement, ProjetENT
from exchanges.rules.base import regle_de
from exchanges.rules.catalogue import ELEGROUPE


PARAMETRES = (
    *("texte", "academie", "etat", "type", "departement", "bassin", "projet", "etape", "code"),
    *("tri", "colonnes"),
)
REQUETE_MAX = 1000
LE_PLUS_GRAVE = "Le plus grave d'abord"
SANS_CHIFFRES = "inconnu"  # asked for as a state is
_LETTRES = ("aàâä", "cç", "eéèêë", "iîï", "oôö", "uùûü", "yÿ", "'’")
_FEMININS = ("academie", "etape", "code")
_RECHERCHE = ("denomination", "ville", "bassin", "uai")
_ETATS = (("", "Tous"), *((etat.value, etat.libelle) for etat in EtatEcole), (SANS_CHIFFRES, "Pas encore de chiffres"))
_ACADEMIE = ("pk", "code", "nom", "fuseau", "is_simulee", "decalage")


@dataclass(frozen=True)
class Facettes:
    """What there is to choose from in a perimeter, read by one query; no more of a projet than its name."""

    academies: tuple[Academie, ...]
    types: tuple[str, ...]
    departements: tuple[str, ...]
    bassins: tuple[str, ...]
    projets: tuple[ProjetENT, ...]

    def share(self, etablissements: Iterable[Etablissement]) -> Iterator[Etablissement]:
        """These schools, each given its académie and its projet without reading them again."""
        academies = {academie.pk: academie for academie in self.academies}
        projets = {projet.pk: projet for projet in self.projets}
        for etablissement in etablissements:
            etablissement.academie = academies[etablissement.academie_id]
            etablissement.projet_ent = projets[etablissement.projet_ent_id]
            yield etablissement


def read_facettes(etablissements: QuerySet) -> Facettes:
    """The values that tell these schools apart."""
    propres = ("type", "departement", "bassin", "projet_ent_id", "projet_ent__nom")
    lignes = list(
        etablissements.order_by().values_list(*propres, *(f"academie__{champ}" for champ in _ACADEMIE)).distinct()
    )
    types, departements, bassins = (tuple(sorted({ligne[rang] for ligne in lignes} - {""})) for rang in range(3))
    projets = [ProjetENT(pk=pk, nom=nom) for pk, nom in {ligne[3:5] for ligne in lignes}]
    academies = [Academie(**dict(zip(_ACADEMIE, valeurs, strict=True))) for valeurs in {ligne[5:] for ligne in lignes}]
    return Facettes(
        tuple(sorted(academies, key=lambda academie: academie.nom)),
        types,
        departements,
        bassins,
        tuple(sorted(projets, key=lambda projet: projet.nom)),
    )


def _choose(label: str, choix: Iterable[tuple[str, str]] = ()) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=choix, widget=PlainSelect)


class AcademieFiltre(FiltreForm):
    """The schools that the DANE asks for. What the address asks for and that does not exist is left out, and said."""

    texte = forms.CharField(label="Nom, ville ou UAI", required=False, max_length=60)
    academie = _choose("Académie")
    etat = _choose("État", _ETATS)
    type = _choose("Type")
    departement = _choose("Département")
    bassin = _choose("Bassin")
    projet = _choose("Projet ENT")
    etape = _choose("Prochaine étape")
    code = _choose("Anomalie")

    lookups = {
        "academie": "academie__code",
        "etat": "compteurs__etat",
        "type": "type",
        "departement": "departement",
        "bassin": "bassin",
        "projet": "projet_ent",
        "etape": "compteurs__rentree_etape",
        "code": "compteurs__cr_codes__has_key",
    }

    def __init__(self, *args, facettes: Facettes, **kwargs):
        super().__init__(*args, **kwargs)
        simples = {"departement": facettes.departements, "bassin": facettes.bassins}
        choix = {champ: [(valeur, valeur) for valeur in valeurs] for champ, valeurs in simples.items()}
        choix["academie"] = [(academie.code, academie.nom) for academie in facettes.academies]
        choix["type"] = [(code, name_type(code)) for code in facettes.types]
        choix["projet"] = [(str(projet.pk), projet.nom) for projet in facettes.projets]
        choix["etape"] = [(etape.numero, f"{etape.numero}. {etape.titre}") for etape in read_etapes()]
        regles = sorted((regle_de(regle) for regle in ELEGROUPE), key=attrgetter("code"))
        choix["code"] = [(regle.code, f"{regle.code} – {regle.titre}") for regle in regles]
        for champ, paires in choix.items():
            self.fields[champ].choices = [("", "Toutes" if champ in _FEMININS else "Tous"), *paires]
        for champ in ("academie", "departement", "bassin", "projet"):
            if len(choix[champ]) < 2 and not self.data.get(champ):
                del self.fields[champ]

    @cached_property
    def valeurs(self) -> dict[str, str]:
        """What is asked for and may be, by parameter."""
        self.is_valid()
        return {champ: valeur for champ, valeur in self.cleaned_data.items() if valeur}

    @property
    def ignores(self) -> list[str]:
        """The labels of the filters that mean nothing (any more) here."""
        self.is_valid()
        return [str(self.fields[champ].label) for champ in self.errors]

    @property
    def is_actif(self) -> bool:
        """Whether the list is narrowed."""
        return bool(self.valeurs)

    @property
    def resume(self) -> str:
        """What is asked for, in words: a sheet of paper has no address."""
        demandes = [
            f"{self.fields[champ].label} : {self._tell(champ, valeur)}" for champ, valeur in self.valeurs.items()
        ]
        return f"Filtres : {' ; '.join(demandes) or 'aucun'}."

    @property
    def resume_tri(self) -> str:
        """In which order, in words."""
        return f"Tri : {tell_tri(self.data.get('tri', ''))}."

    def _tell(self, champ: str, valeur: str) -> str:
        choix = dict(getattr(self.fields[champ], "choices", ()))
        return str(choix[valeur]).rstrip(".") if choix else f"« {valeur} »"

    @property
    def select_tri(self) -> SafeString:
        """Where the sort of the dashboard is chosen when the titles of its columns are out of sight."""
        return _draw_tri(known_tri(self.data.get("tri", ""), TRIS))

    @property
    def adresse_entiere(self) -> str:
        """Where the same page is, as it is sorted and drawn, without any filter."""
        return f"?{_keep(self.data, ('tri', 'colonnes', 'semaines'))}"

    def filter(self, etablissements: QuerySet, sauf: str = "") -> QuerySet:
        """The schools asked for, without minding the filter ``sauf``."""
        for champ, valeur in self.valeurs.items():
            if champ not in ("texte", sauf):
                etablissements = etablissements.filter(self._lookup(champ, valeur))
        for mot in self.valeurs.get("texte", "").split():
            motif = accent_blind(mot)
            trouves = Q()
            for champ in _RECHERCHE:
                trouves |= Q(**{f"{champ}__iregex": motif})
            etablissements = etablissements.filter(trouves)
        return etablissements

    def _lookup(self, champ: str, valeur: str) -> Q:
        if (champ, valeur) == ("etat", SANS_CHIFFRES):
            return Q(compteurs__isnull=True) | Q(compteurs__etat="")
        return Q(**{self.lookups[champ]: valeur})


def known_tri(tri: str, tris: Container[str], defaut: str = "") -> str:
    """The sort asked for, or the usual one when nothing is called so."""
    return tri if tri.removeprefix("-") in tris else defaut


def tell_tri(tri: str) -> str:
    """« Absents, ordre décroissant »; the usual sort when nothing is called so."""
    cle = tri.removeprefix("-")
    titres = {"ecole": "Établissement", "etat": "État"} | {colonne.cle: colonne.titre for colonne in COLONNES}
    titre = titres.get(cle) or (f"Étape {cle}" if find_etape(cle) else "")
    return f"{titre}, ordre {'décroissant' if tri.startswith('-') else 'croissant'}" if titre else LE_PLUS_GRAVE


@cache
def _draw_tri(tri: str) -> SafeString:
    choix = [("", LE_PLUS_GRAVE)]
    for cle in TRIS:
        choix += [(cle, tell_tri(cle)), (f"-{cle}", tell_tri(f"-{cle}"))]
    return PlainSelect(choices=choix).render("tri", tri, {"id": "id_tri"})


class VueForm(forms.Form):
    """A dashboard to keep: its name, and the query of its address."""

    nom = forms.CharField(
        label="Nom de la vue",
        max_length=60,
        error_messages={"required": "Donnez un nom à la vue. Rien n'a été enregistré."},
    )
    requete = forms.CharField(
        required=False,
        max_length=4000,
        error_messages={"max_length": "Cette vue est trop longue pour être gardée. Rien n'a été enregistré."},
    )

    def clean_requete(self) -> str:
        """The query without what belongs to one visit; as long as a row may hold."""
        requete = clean_query(QueryDict(self.cleaned_data["requete"]))
        if len(requete) > REQUETE_MAX:
            raise forms.ValidationError("Cette vue est trop longue pour être gardée. Rien n'a été enregistré.")
        return requete


def accent_blind(mot: str) -> str:
    """A regular expression that finds a word whatever its accents: what both databases can do."""
    nu = "".join(lettre for lettre in normalize("NFD", mot.casefold()) if not combining(lettre))
    motif = "".join(_any_of(lettre) for lettre in nu.replace("œ", "oe").replace("’", "'"))
    return motif.replace(_any_of("o") + _any_of("e"), f"({_any_of('o')}{_any_of('e')}|œ|Œ)")


def _any_of(lettre: str) -> str:
    famille = next((famille for famille in _LETTRES if lettre in famille), "")
    return f"[{famille}{famille.upper()}]" if famille else re.escape(lettre)


def clean_query(requete: QueryDict) -> str:
    """The address of a dashboard without its page and its empty fields: what is shared and kept."""
    return _keep(requete, PARAMETRES)


def way_back(requete: QueryDict) -> str:
    """The address of a dashboard as somebody leaves it, its page included."""
    return _keep(requete, (*PARAMETRES, "page", "lignes"))


def _keep(requete: QueryDict, cles: Iterable[str]) -> str:
    gardee = QueryDict(mutable=True)
    for cle in cles:
        gardee.setlist(cle, [valeur for valeur in requete.getlist(cle) if valeur])
    return gardee.urlencode()

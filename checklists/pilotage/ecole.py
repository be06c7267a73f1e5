"""What the DANE reads of one school beside its figures: its people, its accounts in the ENT, what was exchanged."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, QuerySet, Value

from checklists.pilotage.colonnes import percent
from exchanges.enums import EtatCompteENT, EtatDepot, NatureActe, OrigineActe
from exchanges.forms_ent import CATEGORIES
from exchanges.models import Etablissement, EtatCompte, Habilitation
from exchanges.reports.comptes import comptes_declared_by


DEPOT, CHARGEMENT, ACTE = "depot", "chargement", "acte"
NATURES = {
    NatureActe.EXPORT_STRUCTURE: "Export Structure",
    NatureActe.EXPORT_SERVICES: "Export Services",
    NatureActe.REMPLACEMENT: "Remplacement (REP)",
    NatureActe.SUPPLEANCE: "Suppléance (SUP)",
}
ORIGINES = {OrigineActe.FAIT: "fait ici", OrigineActe.DECLARE: "déclaré", OrigineActe.DEDUIT: "montré par un fichier"}
SEMAINES = 8


@dataclass(frozen=True)
class Echange:
    """One line of the history: a deposit, a batch or an act, and when."""

    genre: str
    quand: datetime
    objet: object


def list_echanges(etablissement: Etablissement) -> QuerySet:
    """(kind, primary key, instant) of what was exchanged, the last first; acts that a file brought are told by it."""
    actes = etablissement.actes.filter(depot__isnull=True, chargement__isnull=True)
    sources = (
        (DEPOT, etablissement.depots.all(), "controle_le"),
        (CHARGEMENT, etablissement.chargements.all(), "cree_le"),
        (ACTE, actes, "instant"),
    )
    premiere, *autres = [
        lignes.order_by().annotate(genre=Value(genre), quand=F(instant)).values_list("genre", "pk", "quand")
        for genre, lignes, instant in sources
    ]
    return premiere.union(*autres, all=True).order_by("-quand", "-pk")


def read_echanges(etablissement: Etablissement, lignes: list[tuple[str, int, datetime]]) -> list[Echange]:
    """The objects of a page of that list: three queries, whatever its length."""
    par_genre = {
        DEPOT: etablissement.depots.annotate(nombre_anomalies=Count("anomalies")),
        CHARGEMENT: etablissement.chargements.annotate(nombre_fichiers=Count("fichiers")),
        ACTE: etablissement.actes.all(),
    }
    objets = {
        (genre, objet.pk): objet
        for genre, requete in par_genre.items()
        for objet in requete.select_related("utilisateur").filter(pk__in=[pk for g, pk, _ in lignes if g == genre])
    }
    return [Echange(genre, quand, objets[genre, pk]) for genre, pk, quand in lignes if (genre, pk) in objets]


def list_habilitations(etablissement: Etablissement) -> QuerySet[Habilitation]:
    """The roles of people on a school, past ones last."""
    return etablissement.habilitations.select_related("utilisateur", "etablissement", "academie").order_by(
        F("fin").desc(nulls_first=True), "role", "utilisateur__last_name", "utilisateur__pk"
    )


def count_comptes(etablissement: Etablissement) -> list[tuple[str, list[int]]]:
    """Accounts of the ENT by kind of person: active, asleep, removed."""
    etats = EtatCompte.objects.filter(comptes_declared_by(etablissement), jusqua__isnull=True).order_by()
    lignes = etats.values_list("compte__jointure__categorie", "etat").annotate(Count("pk"))
    nombres = {(categorie, etat): combien for categorie, etat, combien in lignes}
    return [(nom, [nombres.get((c, etat), 0) for etat in EtatCompteENT]) for c, nom in CATEGORIES.items()]


def read_comptes_rendus(etablissement: Etablissement, combien: int) -> QuerySet:
    """The last imports, with what SIECLE said of them."""
    importes = etablissement.depots.filter(etat=EtatDepot.IMPORTE).annotate(nombre_anomalies=Count("anomalies"))
    return importes.order_by("-importe_le", "-pk")[:combien]


def read_semaines(etablissement: Etablissement, lundi: date) -> list[dict[str, object]]:
    """The figures of the last weeks, the last first: what the trend of a school is read on."""
    releves = etablissement.releves.filter(lundi__lte=lundi).order_by("-lundi")[:SEMAINES]
    return [_semaine(releve.lundi, releve.donnees) for releve in releves]


def _semaine(lundi: date, donnees: dict[str, int]) -> dict[str, object]:
    lus, absents = donnees["cr_lus"], donnees["cr_absents"]
    return {
        "lundi": lundi,
        "etapes": (donnees["rentree_prouvees"], donnees["rentree_total"]),
        "part_groupe": percent(donnees["eleves_en_groupe"], donnees["eleves"]),
        "part_absents": percent(absents, lus + absents),
        "refus": donnees["cr_rejets"] + donnees["cr_anomalies"],
        "retards": donnees["rentree_retards"],
        "echecs": donnees["relais_en_echec"],
    }

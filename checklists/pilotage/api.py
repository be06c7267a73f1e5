"""What the académie's own tools read of its schools, ready for JSON: figures, codes and dates.

No name of a person, no identifier of an élève, no text that somebody typed. Instants carry the offset of the académie.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from math import ceil
from typing import Any

from django.db.models import Count, F, QuerySet, Value

from checklists.pilotage.tableau import TRIS as TRIS_DU_TABLEAU
from checklists.pilotage.tableau import Ordre, sort_etablissements
from exchanges.enums import EtatDepot, EtatPassage, TypeFichier
from exchanges.forms import LIBELLES_DEPOT
from exchanges.models import Academie, AnomalieDepot, Chargement, Compteurs, Depot, Etablissement, Passage, ReleveHebdo
from exchanges.pipeline.compteurs import CHAMPS
from exchanges.propagation.horloge import Horloge
from exchanges.rules.catalogue import find_regle


Contenu = dict[str, Any]
DEPOT, CHARGEMENT = "depot", "chargement"
CHIFFRES = ("eleves_lus", "absents", "absents_sortis", "liens_crees", "liens_clos", "liens_inchanges")
BILANS = ("aaf", "comptes", "gar", "moodle", "constats")
_FICHE = ("uai", "denomination", "type", "ville", "departement", "bassin", "secteur", "annee")
_FILTRES = {
    "type": "type",
    "departement": "departement",
    "bassin": "bassin",
    "projet": "projet_ent",
    "etat": "compteurs__etat",
    "etape": "compteurs__rentree_etape",
    "code": "compteurs__cr_codes__has_key",
}
_SIMPLES = {champ.name for champ in Compteurs._meta.concrete_fields if champ.get_internal_type() != "JSONField"}
_DU_COMPTE_RENDU = ("cr_lus", "cr_absents", "cr_rejets", "cr_anomalies")
TRIS: dict[str, Ordre] = {
    **{champ: champ for champ in _FICHE},
    "projet": "projet_ent__nom",
    **{champ: f"compteurs__{champ}" for champ in CHAMPS if champ in _SIMPLES},
    "etat": TRIS_DU_TABLEAU["etat"],
    "rentree_etape": TRIS_DU_TABLEAU["etape"],
    **{champ: TRIS_DU_TABLEAU[champ.removeprefix("cr_")] for champ in _DU_COMPTE_RENDU},
}


def paginate(lignes: QuerySet, page: int, par_page: int) -> tuple[list[Any], Contenu]:
    """The rows of one page and where it stands; a page after the last one is empty."""
    total = lignes.count()
    debut = (page - 1) * par_page
    place = {"page": page, "pages": max(1, ceil(total / par_page)), "par_page": par_page, "total": total}
    return list(lignes[debut : debut + par_page]) if debut < total else [], place


def read_etablissements(academie: Academie, parametres: Contenu) -> Contenu:
    """One page of the dashboard: the schools asked for, sorted, with every figure kept of them."""
    filtres = {lookup: parametres[cle] for cle, lookup in _FILTRES.items() if cle in parametres}
    trouves = _etablissements(academie).filter(**filtres)
    tries = sort_etablissements(trouves, parametres["tri"], TRIS)
    lignes, place = paginate(tries, parametres["page"], parametres["par_page"])
    fuseau = Horloge(academie).fuseau
    return _heading(academie) | place | {"etablissements": [describe_etablissement(e, fuseau) for e in lignes]}


def find_etablissement(academie: Academie, uai: str) -> Etablissement | None:
    """A school of this académie with its figures, ``None`` when it has none of this UAI."""
    return _etablissements(academie).filter(uai=uai).first()


def _etablissements(academie: Academie) -> QuerySet[Etablissement]:
    return academie.etablissements.select_related("projet_ent", "compteurs")


def _heading(academie: Academie) -> Contenu:
    """Whose answer it is, and the day on which ages are to be counted."""
    return {"academie": academie.code, "jour": Horloge(academie).maintenant.date().isoformat()}


def read_etablissement(academie: Academie, etablissement: Etablissement) -> Contenu:
    """One school of the dashboard."""
    return _heading(academie) | describe_etablissement(etablissement, Horloge(academie).fuseau)


def describe_etablissement(etablissement: Etablissement, fuseau: tzinfo) -> Contenu:
    """What a school is, and every column of its ``Compteurs``; null before they are first counted.

    The figures of a compte-rendu are null, not zero, as long as there is none.
    """
    compteurs = getattr(etablissement, "compteurs", None)
    projet = {"id": etablissement.projet_ent_id, "nom": etablissement.projet_ent.nom}
    return {
        **{champ: getattr(etablissement, champ) for champ in _FICHE},
        "projet": projet,
        "compteurs": compteurs and _describe_compteurs(compteurs, fuseau),
    }


def _describe_compteurs(compteurs: Compteurs, fuseau: tzinfo) -> Contenu:
    chiffres = {champ: _encode(getattr(compteurs, champ), fuseau) for champ in CHAMPS}
    return chiffres if compteurs.cr_le else chiffres | dict.fromkeys((*_DU_COMPTE_RENDU, "cr_codes"))


def _encode(valeur: object, fuseau: tzinfo) -> object:
    if isinstance(valeur, datetime):
        return valeur.astimezone(fuseau).replace(microsecond=0).isoformat()
    return valeur.isoformat() if isinstance(valeur, date) else valeur


def read_echanges(academie: Academie, etablissement: Etablissement, parametres: Contenu) -> Contenu:
    """One page of what a school handed in, the newest first: deposits and batches of files, with their figures."""
    depots, lots = (
        lignes.order_by().annotate(genre=Value(genre), numero=F("pk"), le=F(champ)).values("genre", "numero", "le")
        for genre, lignes, champ in (
            (DEPOT, etablissement.depots, "controle_le"),
            (CHARGEMENT, etablissement.chargements, "cree_le"),
        )
    )
    lignes, place = paginate(
        depots.union(lots, all=True).order_by("-le", "genre", "-numero"), parametres["page"], parametres["par_page"]
    )
    numeros = {genre: [li["numero"] for li in lignes if li["genre"] == genre] for genre in (DEPOT, CHARGEMENT)}
    fuseau = Horloge(academie).fuseau
    trouves = _read_depots(numeros[DEPOT], fuseau) | _read_chargements(numeros[CHARGEMENT], fuseau)
    echanges = [trouves[li["genre"], li["numero"]] for li in lignes]
    return _heading(academie) | {"uai": etablissement.uai} | place | {"echanges": echanges}


def _read_depots(pks: Iterable[int], fuseau: tzinfo) -> dict[tuple[str, int], Contenu]:
    anomalies: dict[int, list[Contenu]] = defaultdict(list)
    comptes = AnomalieDepot.objects.filter(depot__in=pks).order_by("depot", "section", "code", "gravite")
    for ligne in comptes.values("depot", "section", "code", "gravite").annotate(nombre=Count("pk")):
        regle = find_regle(ligne["code"])
        anomalies[ligne.pop("depot")].append(ligne | {"titre": regle.titre if regle else ligne["code"]})
    depots = Depot.objects.filter(pk__in=pks).defer("absents_ids")
    return {(DEPOT, depot.pk): _describe_depot(depot, anomalies[depot.pk], fuseau) for depot in depots}


def _describe_depot(depot: Depot, anomalies: list[Contenu], fuseau: tzinfo) -> Contenu:
    """A deposit: the figures announced, those of the night once it has run, its anomalies by code."""
    dates = ("controle_le", "depose_le", "importe_le")
    is_importe = depot.etat == EtatDepot.IMPORTE
    return {
        "genre": DEPOT,
        "id": depot.pk,
        "fichier": f"{depot.nom}.zip",
        "logiciel": depot.logiciel,
        "mode": depot.mode,
        "etat": depot.etat,
        "libelle": LIBELLES_DEPOT[EtatDepot(depot.etat)],
        **{champ: _encode(getattr(depot, champ), fuseau) for champ in dates},
        "annonce": {cle: depot.verdict[cle] for cle in CHIFFRES if cle in depot.verdict} or None,
        "chiffres": {cle: getattr(depot, cle) for cle in CHIFFRES} if is_importe else None,
        "anomalies": anomalies,
    }


def _read_chargements(pks: Iterable[int], fuseau: tzinfo) -> dict[tuple[str, int], Contenu]:
    lots = Chargement.objects.filter(pk__in=pks).prefetch_related("fichiers")
    return {(CHARGEMENT, lot.pk): _describe_chargement(lot, fuseau) for lot in lots}


def _describe_chargement(lot: Chargement, fuseau: tzinfo) -> Contenu:
    """A batch of files: what each one is, how many were refused by code, what changed by table."""
    return {
        "genre": CHARGEMENT,
        "id": lot.pk,
        "etat": lot.etat,
        "cree_le": _encode(lot.cree_le, fuseau),
        "applique_le": _encode(lot.applique_le, fuseau),
        "fichiers": [
            {
                "type": fichier.type,
                "libelle": TypeFichier(fichier.type).libelle,
                "annee": fichier.annee,
                "horodatage": _encode(fichier.horodatage, fuseau),
            }
            for fichier in lot.fichiers.all()
        ],
        "refus": dict(sorted(Counter(code for _, code, *_ in lot.resume.get("refus", [])).items())),
        "changements": lot.resume.get("tables", []),
    }


def read_passages(academie: Academie, etablissement: Etablissement, parametres: Contenu) -> Contenu:
    """One page of the runs of the relays of a school, those to come included, the latest first."""
    passages = etablissement.passages.order_by("-prevu_le", "-pk")
    lignes, place = paginate(passages, parametres["page"], parametres["par_page"])
    fuseau = Horloge(academie).fuseau
    decrits = [_describe_passage(passage, fuseau) for passage in lignes]
    return _heading(academie) | {"uai": etablissement.uai} | place | {"passages": decrits}


def _describe_passage(passage: Passage, fuseau: tzinfo) -> Contenu:
    """A run: the reason why a relay did not take place was typed by somebody, hence is not told."""
    is_dit = passage.etat in (EtatPassage.ECHEC, EtatPassage.RETENU)
    return {
        "id": passage.pk,
        "relais": passage.relais,
        "genre": passage.genre or None,
        "etat": passage.etat,
        **{champ: _encode(getattr(passage, champ), fuseau) for champ in ("prevu_le", "execute_le", "source")},
        "depot": passage.depot_id,
        "bilan": {cle: passage.bilan[cle] for cle in BILANS if cle in passage.bilan},
        "motif": passage.motif if is_dit else None,
    }


def read_releves(academie: Academie, parametres: Contenu) -> Contenu:
    """One page of the weekly figures of the schools, from the first Monday to the last."""
    lookups = {"depuis": "lundi__gte", "jusqua": "lundi__lte", "uai": "etablissement__uai"}
    filtres = {lookup: parametres[cle] for cle, lookup in lookups.items() if cle in parametres}
    releves = ReleveHebdo.objects.filter(etablissement__academie=academie, **filtres)
    lignes, place = paginate(
        releves.order_by("lundi", "etablissement__uai").values_list("etablissement__uai", "lundi", "donnees"),
        parametres["page"],
        parametres["par_page"],
    )
    decrits = [{"uai": uai, "lundi": lundi.isoformat(), "donnees": donnees} for uai, lundi, donnees in lignes]
    return _heading(academie) | place | {"releves": decrits}

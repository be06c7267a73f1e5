"""The figures of one school that the DANE reads, counted from its facts: a few queries, no name, no date of today.

The keys are the columns of ``Compteurs``; those of the guided rentrée and the state are not told here.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache, partial
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from exchanges.enums import Couche, EtatDepot, EtatPassage, Relais, Section
from exchanges.models import (
    AnomalieDepot,
    Depot,
    Etablissement,
    FicheDivision,
    FicheEleve,
    FicheGroupe,
    FicheResponsable,
    LienGroupe,
    Passage,
)
from exchanges.reports.constats import (
    ELEVES_EN_DOUBLE,
    FICHES_BLOQUANTES,
    LISTES_DE_CONSTATS,
    RESPONSABLES_EN_DOUBLE,
)
from exchanges.reports.exports import state_of_exports
from exchanges.reports.listes import LISTES, Liste
from exchanges.reports.listes.eleves import MULTI_INSCRIPTIONS, find_ines_ailleurs


Figures = dict[str, object]
Sources = dict[str, datetime]
Changes = Callable[[datetime | None, datetime | None], dict[str, int]]
MANQUES = (EtatPassage.ECHEC, EtatPassage.RETENU, EtatPassage.SAUTE)


def read_figures(etablissement: Etablissement) -> Figures:
    """Every figure of a school that its facts tell, as they are now."""
    sources = _sources(etablissement)
    exports = state_of_exports(etablissement)
    eleves = _eleves(etablissement)
    constats = _constats(etablissement)
    return {
        **_depot(etablissement),
        **_comptes_rendus(etablissement),
        **eleves,
        **_groupes(etablissement, sources.get(Relais.ENT)),
        "fiches_bloquantes": constats[FICHES_BLOQUANTES],
        "doublons": constats[ELEVES_EN_DOUBLE] + constats[RESPONSABLES_EN_DOUBLE],
        "listes": _listes(etablissement, constats | {MULTI_INSCRIPTIONS: eleves["multi_inscriptions"]}),
        **_prochain(etablissement, sources),
        "is_sts_a_exporter": exports.is_connu and not exports.is_a_jour,
        "relais_en_echec": _manques(etablissement).count(),
    }


def _sources(etablissement: Etablissement) -> Sources:
    """The last instant of BEE that each relay has carried."""
    faits = etablissement.passages.filter(etat=EtatPassage.FAIT).order_by()
    return dict(faits.values("relais").annotate(derniere=Max("source")).values_list("relais", "derniere"))


def _depot(etablissement: Etablissement) -> Figures:
    """The last deposit that somebody confirmed and that nobody withdrew."""
    depot = (
        etablissement.depots.exclude(etat__in=[EtatDepot.ABANDONNE, EtatDepot.REMPLACE])
        .filter(depose_le__isnull=False)
        .order_by("-depose_le", "-pk")
        .values("depose_le", "etat")
        .first()
    )
    return {"depot_le": depot["depose_le"], "depot_etat": depot["etat"]} if depot else {}


def _comptes_rendus(etablissement: Etablissement) -> Figures:
    """The last compte-rendu and, to tell where things go, the one before it."""
    importes = etablissement.depots.filter(etat=EtatDepot.IMPORTE).order_by("-importe_le", "-pk")
    depots = list(importes.only("importe_le", "eleves_lus", "absents")[:2])
    lignes = AnomalieDepot.objects.filter(depot__in=depots).order_by("code")
    comptes = list(
        lignes.values("depot", "section", "code")
        .annotate(nombre=Count("pk"))
        .values_list("depot", "section", "code", "nombre")
    )
    chiffres = [_compte_rendu(depot, comptes) for depot in depots]
    if not chiffres:
        return {}
    precedent = chiffres[1] if len(chiffres) > 1 else {}
    if precedent:
        precedent["le"] = precedent["le"].isoformat()
    return {f"cr_{cle}": valeur for cle, valeur in chiffres[0].items()} | {"cr_precedent": precedent}


def _compte_rendu(depot: Depot, comptes: list[tuple[int, str, str, int]]) -> Figures:
    siens = [(section, code, nombre) for pk, section, code, nombre in comptes if pk == depot.pk]
    codes: dict[str, int] = {}
    for _, code, nombre in siens:
        codes[code] = codes.get(code, 0) + nombre
    return {
        "le": depot.importe_le,
        "lus": depot.eleves_lus or 0,
        "absents": depot.absents or 0,
        "rejets": sum(nombre for section, _, nombre in siens if section == Section.REJET),
        "anomalies": sum(nombre for section, _, nombre in siens if section == Section.ANOMALIE),
        "codes": codes,
    }


def _eleves(etablissement: Etablissement) -> Figures:
    """Élèves who have not left, those of them who are in a groupe, and those whom another school has too."""
    ouvertes = FicheEleve.objects.courants().filter(date_sortie__isnull=True)
    presents = dict(ouvertes.filter(etablissement=etablissement).values_list("eleve", "ine"))
    liens = LienGroupe.objects.courants().filter(etablissement=etablissement).order_by()
    inscrits = set(liens.values_list("eleve", flat=True).distinct())
    ailleurs = find_ines_ailleurs(etablissement, ouvertes, presents.values())
    return {
        "eleves": len(presents),
        "eleves_en_groupe": len(presents.keys() & inscrits),
        "multi_inscriptions": sum(ine in ailleurs for ine in presents.values()),
    }


def _groupes(etablissement: Etablissement, source: datetime | None) -> Figures:
    """The groupes that the ENT shows, and those of them in which it shows nobody (``rules/eligibilite.py``)."""
    if source is None:
        return {}
    jour = source.astimezone(ZoneInfo(etablissement.academie.fuseau)).date()
    non_sortis = FicheEleve.objects.as_of(source).filter(Q(date_sortie__isnull=True) | Q(date_sortie__gt=jour))
    complets = non_sortis.filter(etablissement=etablissement, manques=[]).exclude(ine="")
    ines = dict(complets.values_list("eleve", "ine"))
    ailleurs = find_ines_ailleurs(etablissement, non_sortis, ines.values())
    montres = {pk for pk, ine in ines.items() if ine not in ailleurs}
    liens = LienGroupe.objects.as_of(source).filter(etablissement=etablissement).values_list("eleve", "groupe")
    peuples = {groupe for eleve, groupe in liens.iterator() if eleve in montres}
    fiches = FicheGroupe.objects.as_of(source).filter(etablissement=etablissement, couche=Couche.BEE)
    groupes = set(fiches.values_list("groupe", flat=True))
    return {"groupes_ent": len(groupes), "groupes_vides_ent": len(groupes - peuples)}


def _constats(etablissement: Etablissement) -> dict[str, int]:
    """The length of each list of findings."""
    trouves = etablissement.constats.order_by().values("liste").annotate(nombre=Count("pk"))
    return dict.fromkeys(LISTES_DE_CONSTATS, 0) | dict(trouves.values_list("liste", "nombre"))


def _listes(etablissement: Etablissement, connues: dict[str, int]) -> dict[str, int]:
    """The length of each work list, and of the findings of those that are some of them.

    Args:
        connues: what something else has told already, by slug.
    """
    return {liste.parmi or liste.slug: _length(etablissement, liste, connues) for liste in LISTES}


def _length(etablissement: Etablissement, liste: Liste, connues: dict[str, int]) -> int:
    connu = connues.get(liste.parmi or liste.slug)
    return liste.lignes(etablissement).count() if connu is None else connu


def _manques(etablissement: Etablissement) -> QuerySet[Passage]:
    """The passages that failed, are held or did not take place, and that no later one of their relay caught up."""
    rattrapages = Passage.objects.filter(
        etablissement=OuterRef("etablissement"),
        relais=OuterRef("relais"),
        etat=EtatPassage.FAIT,
        prevu_le__gt=OuterRef("prevu_le"),
    )
    return etablissement.passages.filter(etat__in=MANQUES).filter(~Exists(rattrapages))


def _prochain(etablissement: Etablissement, sources: Sources) -> Figures:
    """The next relay that will change something if nothing else happens, with the links and fiches that it changes.

    When none does, the next passage of the ENT, which is what a school waits for, with no effect.
    """
    a_venir = list(
        etablissement.passages.filter(etat=EtatPassage.PREVU)
        .select_related("depot", "amont__amont")
        .order_by("prevu_le", "pk")
    )
    changes = cache(partial(_changes, etablissement))
    is_calme = _is_calme(a_venir, sources, changes)
    for passage in a_venir:
        if passage.relais == Relais.SIECLE or not is_calme:
            effet = _effet(passage, sources.get(passage.relais), changes)
            if effet:
                return _describe_prochain(passage, effet)
    attendu = next((passage for passage in a_venir if passage.relais == Relais.ENT), next(iter(a_venir), None))
    return _describe_prochain(attendu, {}) if attendu else {}


def _describe_prochain(passage: Passage, effet: dict[str, int]) -> Figures:
    return {"prochain_relais": passage.relais, "prochain_le": passage.prevu_le, "prochain_effet": effet}


def _is_calme(a_venir: Iterable[Passage], sources: Sources, changes: Changes) -> bool:
    """Whether no relay to come has anything to carry, as on most nights: one question instead of one for each."""
    debuts = {sources.get(passage.relais) for passage in a_venir if passage.relais != Relais.SIECLE}
    connus = [debut for debut in debuts if debut is not None]
    return len(connus) == len(debuts) and (not connus or not any(changes(min(connus), None).values()))


def _effet(passage: Passage, debut: datetime | None, changes: Changes) -> dict[str, int]:
    """What a passage to come will change, but for zeros.

    Args:
        debut: the last instant of BEE that its relay has carried.
        changes: see ``_changes``.
    """
    if passage.relais == Relais.SIECLE:
        verdict = passage.depot.verdict
        effet = {"liens": verdict.get("liens_crees", 0) + verdict.get("liens_clos", 0)}
    else:
        fin = passage.find_source()
        effet = changes(debut, fin) if fin else {}
    return {quoi: combien for quoi, combien in effet.items() if combien}


def _changes(etablissement: Etablissement, debut: datetime | None, fin: datetime | None) -> dict[str, int]:
    """What began or ended in BEE after ``debut`` (null: ever) and until ``fin`` (null: now)."""
    depuis, jusqua = Q(jusqua__isnull=True), Q(pk__in=[])
    if debut is not None:
        depuis, jusqua = Q(depuis__gt=debut), Q(jusqua__gt=debut)
    if fin is not None:
        depuis, jusqua = depuis & Q(depuis__lte=fin), jusqua & Q(jusqua__lte=fin)

    def count(modele, champ: str, **filtre: object) -> int:
        return modele.objects.filter(depuis | jusqua, etablissement=etablissement, **filtre).aggregate(
            nombre=Count(champ, distinct=True)
        )["nombre"]

    return {
        "liens": LienGroupe.objects.filter(depuis | jusqua, etablissement=etablissement).count(),
        "fiches": count(FicheEleve, "eleve") + count(FicheResponsable, "responsable"),
        "structures": count(FicheDivision, "division", couche=Couche.BEE)
        + count(FicheGroupe, "groupe", couche=Couche.BEE),
    }

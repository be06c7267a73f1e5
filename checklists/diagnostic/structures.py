"""A groupe or a division: does it exist, who is in it, who teaches it, from EDT to SIECLE?"""

from collections import Counter
from collections.abc import Hashable
from datetime import date, datetime
from typing import Any

from django.db.models import Min

from checklists.diagnostic.contexte import Contexte
from checklists.diagnostic.individus import read_vus
from checklists.diagnostic.modele import Cible, CoucheChaine, Examen, Genre
from checklists.diagnostic.structures_regles import FaitsStructure, find_problemes
from exchanges.enums import Couche, OrigineActe, PreuveActe, TypeFichier, TypeStructure
from exchanges.models import (
    FicheDivision,
    FicheEleve,
    FicheGroupe,
    FicheService,
    LienGroupe,
    LienService,
    LigneJournal,
)
from exchanges.reports.aaf.flux import Structures, stream_eleves
from exchanges.templatetags.entsite import jour, pluriel


EDT, STS, SIECLE = CoucheChaine.EDT, CoucheChaine.STS, CoucheChaine.SIECLE


def examine_structure(contexte: Contexte, cible: Cible) -> Examen:
    """Everything of the school's own layers about a groupe or a division."""
    faits = _read_faits(contexte, cible)
    preuves: dict[CoucheChaine, tuple[str, date | None]] = {}
    if faits.is_groupe and faits.depot_le and (faits.inscrits or faits.rejets):
        preuves[EDT] = _tell_depot(faits), faits.depot_le
    if faits.sts_le:
        total = len(faits.enseignants)
        preuves[STS] = f"Dans STS, {total} {pluriel(total, 'enseignant')}.", faits.sts_le
    if faits.bee_le:
        preuves[SIECLE] = f"{faits.inscrits} {pluriel(faits.inscrits, 'élève')}.", faits.bee_le
    return Examen(
        titre=cible.cle,
        problemes=tuple(find_problemes(faits)),
        preuves=preuves,
        voir=lambda instant: _see(contexte, cible, instant),
        attendu=_see(contexte, cible, contexte.fin),
        identifiants=(("Groupe" if faits.is_groupe else "Division", cible.cle),),
    )


def _tell_depot(faits: FaitsStructure) -> str:
    total = faits.inscrits + sum(faits.rejets[code] for code in ("GROUPE_A_01", "GROUPE_B_02"))
    return f"{total} {pluriel(total, 'élève')} dans le fichier importé {jour(faits.depot_le)}."


def _see(contexte: Contexte, cible: Cible, instant: datetime) -> Hashable:
    """Existence, members and teaching team as the ENT shows them with the facts of an instant."""
    if not _fiches(contexte, cible, instant, Couche.BEE).exists() and cible.genre == Genre.GROUPE:
        return None
    eleves = {eleve.pk for eleve in _members(contexte, cible, instant) if eleve.motif is None}
    return frozenset(eleves), _team(contexte, cible, instant, Couche.BEE)


def _fiches(contexte: Contexte, cible: Cible, instant: datetime, couche: Couche):
    modele: Any = FicheGroupe if cible.genre == Genre.GROUPE else FicheDivision
    champ = "groupe" if cible.genre == Genre.GROUPE else "division"
    return modele.objects.as_of(instant).filter(
        **{champ: cible.pk}, couche=couche, etablissement=contexte.etablissement
    )


def _members(contexte: Contexte, cible: Cible, instant: datetime):
    """Élèves inscribed at an instant, eligible or not."""
    if cible.pk is None:
        return []
    if cible.genre == Genre.GROUPE:
        pks = LienGroupe.objects.as_of(instant).filter(groupe=cible.pk).values_list("eleve", flat=True)
    else:
        pks = FicheEleve.objects.as_of(instant).filter(division=cible.pk).values_list("eleve", flat=True)
    portee = contexte.portee(instant, eleves=frozenset(pks))
    return list(stream_eleves(portee, Structures(portee)))


def _team(contexte: Contexte, cible: Cible, instant: datetime, couche: Couche) -> frozenset[str]:
    """Who teaches it: « epp 7 », in STS or as SIECLE received it."""
    type_structure = _type(cible)
    liens = LienService.objects.filter(
        etablissement=contexte.etablissement, service__structure=cible.cle, service__type_structure=type_structure
    )
    vus = read_vus(contexte, frozenset(liens.values_list("individu", flat=True)), instant, couche)
    return frozenset(
        f"{vu.type} {vu.sts_id}"
        for vu in vus
        if (vu.motif is None or couche == Couche.STS) and cible.cle in vu.structures(type_structure)
    )


def _type(cible: Cible) -> TypeStructure:
    return TypeStructure.GROUPE if cible.genre == Genre.GROUPE else TypeStructure.DIVISION


def _read_faits(contexte: Contexte, cible: Cible) -> FaitsStructure:
    ecole = contexte.etablissement
    faits = FaitsStructure(
        code=cible.cle,
        is_groupe=cible.genre == Genre.GROUPE,
        jour=contexte.jour,
        has_sts=contexte.has_sts,
        has_services=contexte.has_services,
        en_preparation=bool(ecole.debut_eleves and contexte.jour < ecole.debut_eleves),
    )
    _read_layers(contexte, cible, faits)
    _read_deposit(contexte, cible, faits)
    _read_team(contexte, cible, faits)
    if contexte.export_structure:
        acte = contexte.export_structure
        faits.export_structure_le = contexte.local_day(acte.instant)
        is_jugeable = acte.origine == OrigineActe.DECLARE and acte.preuve != PreuveActe.CONTREDIT
        faits.is_export_declare = is_jugeable and (faits.sts_le is None or acte.instant.date() >= faits.sts_le)
    if contexte.export_services:
        faits.export_services_le = contexte.local_day(contexte.export_services.instant)
    return faits


def _read_layers(contexte: Contexte, cible: Cible, faits: FaitsStructure) -> None:
    faits.sts_le = contexte.local_day(_since(contexte, cible, Couche.STS))
    faits.bee_depuis = _since(contexte, cible, Couche.BEE)
    faits.bee_le = contexte.local_day(faits.bee_depuis)
    membres = [eleve for eleve in _members(contexte, cible, contexte.fin) if not _is_sorti(eleve)]
    faits.inscrits = len(membres)
    faits.eligibles = sum(eleve.motif is None for eleve in membres)
    imports = contexte.etablissement.actes.filter(
        chargement__fichiers__type=TypeFichier.EDT_STS, instant__lte=contexte.fin
    )
    dernier = imports.order_by("instant", "pk").last()
    lignes = dernier.journal.filter(objet=cible.cle) if dernier else LigneJournal.objects.none()
    faits.journal = lignes.values_list("code", "message", "action").first()


def _is_sorti(eleve) -> bool:
    return eleve.motif is not None and eleve.motif.code == "eleve_sorti"


def _since(contexte: Contexte, cible: Cible, couche: Couche) -> datetime | None:
    """Since when a layer holds it now; its fiche may have changed meanwhile."""
    if not _fiches(contexte, cible, contexte.fin, couche).exists():
        return None
    ouverte = _fiches(contexte, cible, contexte.fin, couche).get()
    precedentes = type(ouverte).objects.filter(couche=couche, jusqua__isnull=False, jusqua__lte=contexte.fin)
    champ = "groupe" if cible.genre == Genre.GROUPE else "division"
    suite = {ligne.jusqua: ligne.depuis for ligne in precedentes.filter(**{champ: cible.pk})}
    depuis = ouverte.depuis
    while depuis in suite:
        depuis = suite[depuis]
    return depuis


def _read_deposit(contexte: Contexte, cible: Cible, faits: FaitsStructure) -> None:
    faits.is_depot_en_echec = contexte.depot_en_echec is not None
    faits.prevus = sum(code == cible.cle for _, code in contexte.liens_prevus) if faits.is_groupe else 0
    if contexte.depot is None:
        return
    faits.depot_instant = contexte.depot.importe_le
    faits.depot_le = contexte.local_day(contexte.depot.importe_le)
    if not faits.is_groupe:
        return
    lignes = list(contexte.depot.anomalies.filter(objet=cible.cle).values_list("code", "message", "action"))
    faits.rejets = Counter(code for code, *_ in lignes)
    faits.rejet = next(((m, a) for code, m, a in lignes if code.startswith("GROUPE_")), ("", ""))


def _read_team(contexte: Contexte, cible: Cible, faits: FaitsStructure) -> None:
    cle = {"service__structure": cible.cle, "service__type_structure": _type(cible), "couche": Couche.STS}
    services = FicheService.objects.as_of(contexte.fin).filter(etablissement=contexte.etablissement, **cle)
    liens = LienService.objects.as_of(contexte.fin).filter(etablissement=contexte.etablissement, **cle)
    connus = liens.filter(individu__fiches__depuis__lte=contexte.fin)
    faits.services = services.count()
    faits.services_le = contexte.local_day(liens.aggregate(depuis=Min("depuis"))["depuis"])
    individus = set(liens.values_list("individu__type", "individu__sts_id"))
    connus_ids = set(connus.values_list("individu__type", "individu__sts_id"))
    faits.inconnus = tuple(sorted(f"{genre} {numero}" for genre, numero in individus - connus_ids))
    faits.enseignants = _team(contexte, cible, contexte.fin, Couche.STS)
    faits.recus = _team(contexte, cible, contexte.fin, Couche.BEE)

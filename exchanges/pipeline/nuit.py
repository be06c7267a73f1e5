"""The night: SIECLE's import of one deposit, wholly or not at all."""

from collections.abc import Iterable
from datetime import datetime

from exchanges.enums import EtatDepot, EtatPassage, NatureActe, Section
from exchanges.importer import tables
from exchanges.importer.apply import apply_changes
from exchanges.importer.bulk import insert_rows
from exchanges.importer.compare import compare
from exchanges.models import Acte, AnomalieDepot, Depot, Eleve, Etablissement, Passage
from exchanges.pipeline.constats import refresh_constats
from exchanges.pipeline.depots import judge_depot, lock, not_before
from exchanges.propagation.passages import plan_relais
from exchanges.rules.base import Anomalie
from exchanges.rules.verdict import Verdict


FAMILLE_REJET = "REJEL_ELEGROUPE"
_CHAMPS_ANOMALIE = (
    *("depot_id", "rang", "section", "code", "regle", "gravite", "eleve_id", "reference", "nom", "division"),
    *("id_prv_ele", "objet", "message", "action"),
)
_CHIFFRES = ("eleves_lus", "absents", "absents_sortis", "liens_crees", "liens_clos", "liens_inchanges")


def import_depot(passage: Passage, instant: datetime) -> None:
    """Import the deposit of a SIECLE passage at ``instant``, inside the caller's transaction.

    Idempotent: a deposit that is no longer pending (replaced, given up, imported) is left alone.
    """
    etablissement = lock(passage.etablissement)
    depot = Depot.objects.get(pk=passage.depot_id)
    if depot.etat != EtatDepot.DEPOSE:
        Passage.objects.filter(pk=passage.pk).update(etat=EtatPassage.ANNULE)
        return
    instant = not_before(etablissement, instant)
    if not _repeat(depot, etablissement):
        _import(depot, etablissement, instant)
    depot.etat = EtatDepot.IMPORTE
    depot.importe_le = instant
    depot.version_referentiel = etablissement.version_referentiel
    depot.version_liens = etablissement.version_liens
    depot.save()
    Passage.objects.filter(pk=passage.pk).update(etat=EtatPassage.FAIT, execute_le=instant, source=instant)
    plan_relais(etablissement, instant, depot)


def _import(depot: Depot, etablissement: Etablissement, instant: datetime) -> None:
    jugement = judge_depot(depot)
    changement = compare(tables.LIENS_GROUPE, jugement.liens, jugement.verdict.liens)
    acte = Acte.objects.create(
        etablissement=etablissement,
        nature=NatureActe.NUIT,
        instant=instant,
        utilisateur_id=depot.utilisateur_id,
        depot=depot,
    )
    if apply_changes([changement], acte):
        etablissement.version_liens += 1
        etablissement.save(update_fields=["version_liens"])
    _keep_result(depot, jugement.verdict)
    _keep_anomalies(depot, jugement.verdict.anomalies)
    refresh_constats(etablissement, instant)


def _keep_result(depot: Depot, verdict: Verdict) -> None:
    chiffres = verdict.chiffres()
    for champ in _CHIFFRES:
        setattr(depot, champ, chiffres[champ])
    depot.absents_ids = [eleve.eleve_id for eleve in (*verdict.absents, *verdict.absents_sortis)]


def _keep_anomalies(depot: Depot, anomalies: Iterable[Anomalie]) -> None:
    reference_max = AnomalieDepot._meta.get_field("reference").max_length
    cles = dict(Eleve.objects.filter(etablissement=depot.etablissement_id).values_list("eleve_id", "pk"))
    insert_rows(
        AnomalieDepot,
        _CHAMPS_ANOMALIE,
        (
            (
                *(depot.pk, rang, str(section_of(anomalie)), anomalie.code, anomalie.regle.famille),
                str(anomalie.gravite),
                cles.get(anomalie.eleve_id) if anomalie.is_identifie else None,
                *(anomalie.eleve_id[:reference_max], anomalie.nom, anomalie.division),
                *(anomalie.id_prv_ele, anomalie.objet, anomalie.message, anomalie.action),
            )
            for rang, anomalie in enumerate(anomalies)
        ),
    )


def section_of(anomalie: Anomalie) -> Section:
    """Which of the two sections of the compte-rendu an anomaly belongs to (§3.7)."""
    return Section.REJET if anomalie.regle.famille == FAMILLE_REJET else Section.ANOMALIE


def _repeat(depot: Depot, etablissement: Etablissement) -> bool:
    """Take over the result of the last import when nothing it depends on has changed.

    Same bytes, same élèves, groupes and calendar, same links as that import left: the rules can only say
    the same again, with every link unchanged.
    """
    precedent = etablissement.depots.filter(etat=EtatDepot.IMPORTE).order_by("-importe_le", "-pk").first()
    if precedent is None or (precedent.empreinte, precedent.version_referentiel, precedent.version_liens) != (
        depot.empreinte,
        etablissement.version_referentiel,
        etablissement.version_liens,
    ):
        return False
    for champ in ("eleves_lus", "absents", "absents_sortis", "absents_ids"):
        setattr(depot, champ, getattr(precedent, champ))
    depot.liens_crees = depot.liens_clos = 0
    depot.liens_inchanges = precedent.liens_crees + precedent.liens_inchanges
    copiees = precedent.anomalies.values_list(*_CHAMPS_ANOMALIE[1:])
    insert_rows(AnomalieDepot, _CHAMPS_ANOMALIE, [(depot.pk, *ligne) for ligne in copiees])
    return True

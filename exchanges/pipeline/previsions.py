"""What a layer will show on a day to come: with nothing else done, or with a file that is not imported yet.

Nothing is written: a deposit is judged, and the groupes that its verdict leaves to each élève are laid over the facts.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime

from exchanges.enums import EtatDepot, EtatPassage, GenreAAF, Relais
from exchanges.models import Depot, Eleve, Etablissement, Passage
from exchanges.pipeline.depots import judge_depot
from exchanges.propagation.calendrier import Calendrier, calendrier_de
from exchanges.reports.annuaire import Annuaire, annuaire_of, bee_of, end_of, read_annuaire
from exchanges.reports.comptes import Vague


COMPLETS_MAX = 60  # more than a year of them
# What a change goes through to reach a relay.
_ETAPES = {
    Relais.AAF: (Relais.AAF,),
    Relais.ENT: (Relais.AAF, Relais.ENT),
    Relais.GAR: (Relais.AAF, Relais.ENT, Relais.GAR),
    Relais.MOODLE: (Relais.AAF, Relais.ENT, Relais.MOODLE),
}


@dataclass(frozen=True)
class Arrivee:
    """When a relay will show a deposit that is not imported yet: its own date, and the AAF instant it will carry."""

    quand: datetime
    source: datetime


def pending_depot(etablissement: Etablissement) -> Depot | None:
    """The deposit that waits for the night, if there is one."""
    return etablissement.depots.filter(etat=EtatDepot.DEPOSE).first()


def find_arrivals(etablissement: Etablissement, maintenant: datetime, depot: Depot) -> dict[Relais, Arrivee]:
    """When each relay shows a deposit: one that waits for its night, or a draft deposited now.

    A passage known not to take place, or that failed, is stepped over: the next one that carries enough counts.
    """
    calendrier = calendrier_de(etablissement)
    nuit = _night(etablissement, calendrier, maintenant, depot)
    arrivees = {Relais.SIECLE: Arrivee(nuit, nuit)}
    vague = calendrier.relais_after(nuit)
    ecartes = set(
        etablissement.passages.exclude(etat=EtatPassage.PREVU)
        .filter(prevu_le__gt=nuit)
        .values_list("relais", "prevu_le")
    )
    prevus = _planned(etablissement, nuit)
    for relais, quand in vague.items():
        candidats = list(prevus[relais])
        if not any((etape, vague[etape]) in ecartes for etape in _ETAPES[relais]):
            candidats.append(Arrivee(quand, vague[Relais.AAF]))
        if candidats:
            arrivees[relais] = min(candidats, key=lambda arrivee: arrivee.quand)
    return arrivees


def _night(etablissement: Etablissement, calendrier: Calendrier, maintenant: datetime, depot: Depot) -> datetime:
    if depot.etat != EtatDepot.DEPOSE:
        return calendrier.night_after(maintenant)
    prevue = depot.passages.filter(relais=Relais.SIECLE, etat=EtatPassage.PREVU).order_by("prevu_le").last()
    nuit = prevue.prevu_le if prevue else calendrier.night_after(maintenant)
    # a simulated night that is run late still takes effect on time
    return nuit if etablissement.academie.is_simulee else max(nuit, maintenant)


def _planned(etablissement: Etablissement, nuit: datetime) -> dict[str, list[Arrivee]]:
    """By relay, the passages planned that will carry what BEE learns at ``nuit``."""
    prevus = defaultdict(list)
    for passage in etablissement.passages.filter(etat=EtatPassage.PREVU, prevu_le__gt=nuit).exclude(
        relais=Relais.SIECLE
    ):
        source = passage.find_source()
        if source is not None and source > nuit:
            prevus[passage.relais].append(Arrivee(passage.prevu_le, source))
    return prevus


def prevoir(
    etablissement: Etablissement,
    jour: date,
    maintenant: datetime,
    depot: Depot | None = None,
    relais: Relais = Relais.ENT,
) -> Annuaire:
    """What a relay shows on a day; for a day to come, with the deposit that waits for the night.

    Args:
        depot: a draft, counted as if it were deposited now; the deposit that waits when ``None``.

    Returns:
        The layer; its ``depot`` is set when the day shows that deposit.

    Raises:
        FichierRefuse: the stored bytes of the deposit are no longer what they were.
        FileNotFoundError: they have been purged.
    """
    present = bee_of(etablissement, jour) if relais == Relais.SIECLE else annuaire_of(etablissement, jour, relais)
    depot = depot or pending_depot(etablissement)
    if depot is None or jour < maintenant.astimezone(calendrier_de(etablissement).fuseau).date():
        return present
    arrivee = find_arrivals(etablissement, maintenant, depot).get(relais)
    if arrivee is None or arrivee.quand > end_of(etablissement, jour):
        return present
    liens = groupes_after(depot)
    if relais == Relais.SIECLE:
        return replace(bee_of(etablissement, jour, liens), is_prevision=True, depot=depot)
    passage, source = present.passage, present.source
    if passage is None or source is None or source < arrivee.source:
        passage, source = _passage(etablissement, relais, arrivee), arrivee.source
    annuaire = read_annuaire(etablissement, jour, source, liens)
    return replace(annuaire, passage=passage, is_prevision=True, depot=depot)


def _passage(etablissement: Etablissement, relais: Relais, arrivee: Arrivee) -> Passage:
    """The passage planned at an arrival, or one as it would be planned: it is not in the database."""
    prevus = etablissement.passages.filter(relais=relais, prevu_le=arrivee.quand, etat=EtatPassage.PREVU)
    genre = calendrier_de(etablissement).genre_of(arrivee.source)
    return prevus.first() or Passage(etablissement=etablissement, relais=relais, prevu_le=arrivee.quand, genre=genre)


def groupes_after(depot: Depot) -> dict[int, tuple[str, ...]]:
    """Codes of the groupes that SIECLE would leave to each élève (primary key) if it read a deposit now."""
    pks = dict(Eleve.objects.filter(etablissement=depot.etablissement_id).values_list("eleve_id", "pk"))
    groupes: dict[int, list[str]] = defaultdict(list)
    for eleve_id, code in judge_depot(depot).verdict.liens:
        groupes[pks[eleve_id]].append(code)
    return {pk: tuple(codes) for pk, codes in groupes.items()}


def list_vagues(etablissement: Etablissement, jour: date, maintenant: datetime) -> list[Vague]:
    """The loads of the ENT from now on to the end of a day, in order: those planned, and the complets that follow."""
    fin = end_of(etablissement, jour)
    siens = etablissement.passages.filter(relais=Relais.ENT)
    vagues = {}
    for passage in siens.filter(etat=EtatPassage.PREVU, prevu_le__lte=fin).select_related("amont"):
        if source := passage.find_source():
            amont = passage.amont.etat if passage.amont else EtatPassage.ECHEC
            is_complet = passage.genre == GenreAAF.COMPLET and amont in (EtatPassage.PREVU, EtatPassage.FAIT)
            vagues[passage.prevu_le] = Vague(passage.prevu_le, source, is_complet)
    connus = set(siens.values_list("prevu_le", flat=True))
    calendrier = calendrier_de(etablissement)
    complet = calendrier.next_complet(maintenant)
    for _ in range(COMPLETS_MAX):
        ent = calendrier.relais_from(complet)[Relais.ENT]
        if ent > fin:
            break
        if ent not in connus:
            vagues[ent] = Vague(ent, complet, is_complet=True)
        complet = calendrier.next_complet(complet)
    return [vagues[quand] for quand in sorted(vagues)]

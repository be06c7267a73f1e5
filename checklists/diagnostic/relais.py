"""The relays after SIECLE: which ones show the present facts, which are late, which is stopped, and until when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from checklists.diagnostic.contexte import RELAIS, Contexte, SuiteRelais
from checklists.diagnostic.modele import CoucheChaine, EtatMaillon, Examen, Maillon, Route
from exchanges.enums import EtatPassage, Relais
from exchanges.models import Passage
from exchanges.templatetags.entsite import jour, jour_heure


COUCHE_DE = {
    Relais.AAF: CoucheChaine.AAF,
    Relais.ENT: CoucheChaine.ENT,
    Relais.GAR: CoucheChaine.GAR,
    Relais.MOODLE: CoucheChaine.MOODLE,
}
ESSENTIELS = (CoucheChaine.AAF, CoucheChaine.ENT)


@dataclass(frozen=True)
class Etape:
    """A relay's link, and the code of what it waits for or is stopped by (``""`` when it is right)."""

    maillon: Maillon
    code: str = ""
    visible_le: datetime | None = None


def walk(contexte: Contexte, examen: Examen) -> list[Etape]:
    """The relays, in order: the first that does not show the facts decides for those after it."""
    etapes: list[Etape] = []
    vues: dict[datetime, object] = {}
    echeances: dict[Relais, datetime] = {}
    for relais in RELAIS:
        suite = contexte.suites.get(relais)
        precedente = etapes[-1].maillon.etat if etapes else EtatMaillon.OK
        if suite is None:
            etapes.append(Etape(Maillon(COUCHE_DE[relais], EtatMaillon.SANS_OBJET, "Le projet ENT n'en a pas.")))
        elif precedente == EtatMaillon.RUPTURE or _is_stopped(etapes):
            etapes.append(Etape(Maillon(COUCHE_DE[relais], EtatMaillon.SANS_OBJET)))
        else:
            etape = _judge(contexte, relais, suite, examen, vues, echeances)
            etapes.append(etape)
    return etapes


def _is_stopped(etapes: list[Etape]) -> bool:
    return any(etape.maillon.etat == EtatMaillon.RUPTURE for etape in etapes)


def _judge(
    contexte: Contexte,
    relais: Relais,
    suite: SuiteRelais,
    examen: Examen,
    vues: dict[datetime, object],
    echeances: dict[Relais, datetime],
) -> Etape:
    couche = COUCHE_DE[relais]
    if suite.dernier and _see(examen, suite.dernier.source, vues) == examen.attendu:
        quand = contexte.local_day(suite.dernier.execute_le)
        return Etape(Maillon(couche, EtatMaillon.OK, f"À jour au passage de {jour(quand)}.", quand))
    arret = _find_arret(contexte, suite)
    if arret:
        code, preuve, quand = arret
        return Etape(Maillon(couche, EtatMaillon.RUPTURE, preuve, quand), code)
    if not echeances:
        echeances |= _echeances(contexte, relais)
    echeance = echeances.get(relais)
    code = _name_attente(contexte, suite, echeance)
    preuve = f"Attendu {jour_heure(echeance)}." if echeance else ""
    if code == "relais_saute":
        preuve = f"Le passage prévu n'a pas eu lieu. {preuve}"
    return Etape(Maillon(couche, EtatMaillon.EN_ATTENTE, preuve), code, echeance)


def _see(examen: Examen, source: datetime, vues: dict[datetime, object]) -> object:
    if source not in vues:
        vues[source] = examen.voir(source)
    return vues[source]


def _find_arret(contexte: Contexte, suite: SuiteRelais) -> tuple[str, str, date | None] | None:
    """What stops a relay until somebody acts: held, failed, or nothing ever planned."""
    passes = [p for p in suite.suivants if _is_past(contexte, p)]
    dernier = next((p for p in reversed(passes) if p.etat != EtatPassage.PREVU), None)
    if dernier and dernier.etat == EtatPassage.RETENU and dernier.libere_le is None:
        return "relais_retenu", dernier.motif, contexte.local_day(dernier.prevu_le)
    if dernier and dernier.etat == EtatPassage.ECHEC:
        motif = dernier.motif or f"Le passage prévu {jour_heure(dernier.prevu_le)} a échoué."
        return "relais_en_echec", motif, contexte.local_day(dernier.prevu_le)
    if suite.dernier is None and not suite.suivants:
        return "jamais_passe", "Aucun passage n'a eu lieu, aucun n'est prévu.", None
    return None


def _is_past(contexte: Contexte, passage: Passage) -> bool:
    """Whether its fate is known on the day asked about."""
    return (passage.execute_le or passage.prevu_le) <= contexte.fin


def _echeances(contexte: Contexte, relais: Relais) -> dict[Relais, datetime]:
    """When each relay will show the facts, the first late one being ``relais``."""
    calendrier = contexte.calendrier
    if relais == Relais.AAF:
        prevus = [p.prevu_le for p in contexte.suites[Relais.AAF].suivants if p.prevu_le > contexte.fin]
        aaf = min(prevus, default=calendrier.aaf_after(contexte.fin))
        return calendrier.relais_from(aaf)
    attendus = {Relais.AAF: contexte.fin}
    source = contexte.suites[Relais.AAF].dernier
    for suivant, suite in contexte.suites.items():
        prochain = _first_carrying(contexte, suite, source.source if source else contexte.fin)
        if prochain:
            attendus[suivant] = prochain
    return attendus


def _first_carrying(contexte: Contexte, suite: SuiteRelais, source: datetime) -> datetime | None:
    """The first passage to come that carries at least the facts of ``source``."""
    for passage in suite.suivants:
        if _is_past(contexte, passage):
            continue
        portera = passage.find_source() if passage.etat == EtatPassage.PREVU else passage.source
        if portera and portera >= source:
            return passage.prevu_le
    return None


def _name_attente(contexte: Contexte, suite: SuiteRelais, echeance: datetime | None) -> str:
    passes = [p for p in suite.suivants if _is_past(contexte, p) and p.etat != EtatPassage.PREVU]
    if passes and passes[-1].etat == EtatPassage.SAUTE:
        return "relais_saute"
    if contexte.calendrier.is_gele(contexte.jour):
        return "gel_d_ete"
    return "en_chemin"


def foresee(contexte: Contexte, route: Route) -> dict[Relais, datetime]:
    """When each relay shows what is repaired on the day asked about; empty when nothing will change."""
    calendrier = contexte.calendrier
    if route == Route.DEPOT:
        return calendrier.announce(contexte.fin)
    if route == Route.COMPLET:
        return calendrier.relais_from(calendrier.next_complet(contexte.fin))
    if route in (Route.RELAIS, Route.RELANCE):
        return calendrier.relais_after(contexte.fin)
    return {}


def codes_of(etapes: list[Etape]) -> Iterator[str]:
    """What the relays wait for or are stopped by, in order."""
    return (etape.code for etape in etapes if etape.code)

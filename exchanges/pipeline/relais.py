"""The relays after SIECLE: AAF, ENT, GAR and Moodle, each carried out inside its job's transaction."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from exchanges.enums import EtatPassage, GenreAAF, Relais
from exchanges.models import Etablissement, FicheEleve, LienService, Passage
from exchanges.pipeline.comptes import update_comptes
from exchanges.pipeline.courriers import warn_held
from exchanges.pipeline.depots import lock
from exchanges.pipeline.exportations import count_gar, keep_gar
from exchanges.pipeline.jointures import assign_jointures
from exchanges.propagation.passages import plan_complet, plan_limites
from exchanges.reports.aaf.bilan import Retrait, find_retraits, measure
from exchanges.reports.aaf.delta import DeltaAAF
from exchanges.reports.aaf.portee import Portee, make_portee
from exchanges.reports.exportations import complet_of, judge
from exchanges.reports.gar import make_gar
from exchanges.reports.moodle import list_cohortes, stream_membres
from exchanges.templatetags.entsite import nombre


HORIZON_MAX = 60  # dates written in the facts that are looked at, at one passage
LENDEMAIN = timedelta(days=1)


def run_aaf(passage: Passage, instant: datetime) -> None:
    """Read BEE and STS at ``instant``; hold the passage when it would remove too much and nobody agreed to it."""
    etablissement = lock(passage.etablissement)
    assign_jointures(etablissement)
    precedent = _last_done(passage)
    avant = _portee(etablissement, precedent.source) if precedent else None
    apres = _portee(etablissement, instant)
    bilan = measure(avant, apres, precedent.bilan.get("aaf", {}) if precedent else {})
    passage.bilan = {"aaf": bilan, "constats": _judge(passage.genre, avant, apres)}
    passage.execute_le = instant
    retraits = find_retraits(bilan, etablissement.projet_ent.seuil_retraits)
    if retraits and passage.libere_le is None:
        passage.etat, passage.motif = EtatPassage.RETENU, _tell(retraits)
        warn_held(passage)
    else:
        passage.etat, passage.source = EtatPassage.FAIT, instant
    passage.save(update_fields=["bilan", "execute_le", "etat", "motif", "source"])
    plan_complet(etablissement, instant)
    plan_limites(etablissement, instant, _next_dates(etablissement, instant))


def _judge(genre: str, avant: Portee | None, apres: Portee) -> dict[str, int]:
    """What the rules find in what this passage sends, by code."""
    flux = complet_of(apres) if genre == GenreAAF.COMPLET else DeltaAAF(avant, apres).flux()
    return judge(flux, GenreAAF(genre or GenreAAF.DELTA)).comptes


def _last_done(passage: Passage) -> Passage | None:
    return (
        passage.etablissement.passages.filter(relais=passage.relais, etat=EtatPassage.FAIT)
        .order_by("execute_le", "pk")
        .last()
    )


def _portee(etablissement: Etablissement, instant: datetime) -> Portee:
    academie = etablissement.academie
    return make_portee(academie.pk, ZoneInfo(academie.fuseau), {etablissement.pk: instant})


def _tell(retraits: list[Retrait]) -> str:
    parts = ", ".join(f"{nombre(r.suppressions)} {r.libelle} sur {nombre(r.avant)} ({r.part} %)" for r in retraits)
    return f"Ce passage retirerait {parts} : il attend votre accord."


def _next_dates(etablissement: Etablissement, instant: datetime) -> list[date]:
    """The days to come on which a date written in the facts changes what the AAF says."""
    jour = instant.astimezone(ZoneInfo(etablissement.academie.fuseau)).date()
    sorties = FicheEleve.objects.courants().filter(etablissement=etablissement, date_sortie__gt=jour).order_by()
    fins = LienService.objects.courants().filter(etablissement=etablissement, date_fin__gte=jour).order_by()
    debuts = LienService.objects.courants().filter(etablissement=etablissement, date_debut__gt=jour).order_by()
    jours = {
        *sorties.values_list("date_sortie", flat=True).distinct(),
        *debuts.values_list("date_debut", flat=True).distinct(),
        *(fin + LENDEMAIN for fin in fins.values_list("date_fin", flat=True).distinct()),
    }
    return sorted(jours)[:HORIZON_MAX]


def run_ent(passage: Passage, instant: datetime) -> None:
    """Load in the ENT what its AAF passage carried, and update the accounts."""
    source = passage.find_source()
    if source is None:
        _fail(passage, instant, "L'annuaire académique n'a encore rien envoyé pour cet établissement.")
        return
    is_complet = passage.genre == GenreAAF.COMPLET and passage.amont.etat == EtatPassage.FAIT
    comptes = update_comptes(passage, _portee(passage.etablissement, source), instant, is_complet=is_complet)
    _succeed(passage, instant, source, {"comptes": comptes})


def run_sortie(passage: Passage, instant: datetime) -> None:
    """Give the GAR or Moodle what the ENT shows: both are rebuilt whole from it. Figures are kept, no file is."""
    source = passage.find_source()
    if source is None:
        _fail(passage, instant, "L'ENT n'a encore rien chargé pour cet établissement.")
        return
    portee = _portee(passage.etablissement, source)
    measure_sortie = _measure_gar if passage.relais == Relais.GAR else _measure_moodle
    _succeed(passage, instant, source, measure_sortie(passage.etablissement, portee, instant))


def _measure_gar(etablissement: Etablissement, portee: Portee, instant: datetime) -> dict[str, object]:
    gardes, rapport, ecartes = keep_gar(make_gar(portee, etablissement, instant))
    return {"gar": count_gar(gardes) | {"ecartes": ecartes}, "constats": rapport.comptes}


def _measure_moodle(etablissement: Etablissement, portee: Portee, instant: datetime) -> dict[str, object]:
    membres = list(stream_membres(portee, etablissement, instant))
    return {"moodle": {"cohortes": len(list_cohortes(membres)), "membres": len(membres)}}


def _succeed(passage: Passage, instant: datetime, source: datetime, bilan: dict[str, object]) -> None:
    Passage.objects.filter(pk=passage.pk).update(etat=EtatPassage.FAIT, execute_le=instant, source=source, bilan=bilan)


def _fail(passage: Passage, instant: datetime, motif: str) -> None:
    Passage.objects.filter(pk=passage.pk).update(etat=EtatPassage.ECHEC, execute_le=instant, motif=motif)

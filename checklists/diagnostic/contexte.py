"""What every diagnosis of a school on a day needs: the instant, the relays, the last deposit, STS and its exports."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils import timezone

from exchanges.enums import Couche, EtatDepot, EtatPassage, NatureActe, Relais
from exchanges.models import Acte, Depot, Etablissement, FicheDivision, FicheService, Passage
from exchanges.parsers.errors import FichierRefuse
from exchanges.pipeline.depots import judge_depot
from exchanges.propagation.calendrier import Calendrier, calendrier_de
from exchanges.reports.aaf.portee import Portee, make_portee
from exchanges.reports.annuaire import end_of


RELAIS = (Relais.AAF, Relais.ENT, Relais.GAR, Relais.MOODLE)


@dataclass(frozen=True)
class SuiteRelais:
    """A relay on a day: the last passage done, and those that came after it, in order, whatever became of them."""

    dernier: Passage | None
    suivants: tuple[Passage, ...] = ()

    def find(self, etat: EtatPassage) -> Passage | None:
        """The last one of a state, after the last one done."""
        return next((p for p in reversed(self.suivants) if p.etat == etat), None)


class Contexte:
    """A school seen at ``fin``: the end of a day, or the present instant when the day is today."""

    def __init__(self, etablissement: Etablissement, jour: date, maintenant: datetime):
        self.etablissement = etablissement
        self.fuseau = ZoneInfo(etablissement.academie.fuseau)
        self.maintenant = maintenant.astimezone(self.fuseau)
        self.jour = min(jour, self.maintenant.date())
        self.fin = min(end_of(etablissement, self.jour), self.maintenant)

    @property
    def is_aujourd_hui(self) -> bool:
        """Whether the day is the present one: what is not history may be told."""
        return self.jour == self.maintenant.date()

    @cached_property
    def calendrier(self) -> Calendrier:
        """The rhythm of the school's projet."""
        return calendrier_de(self.etablissement)

    def portee(self, instant: datetime, **filtres: object) -> Portee:
        """A reading of the school at ``instant``, of some rows only."""
        academie = self.etablissement.academie
        lecture = make_portee(academie.pk, self.fuseau, {self.etablissement.pk: instant}, is_tout=True)
        return replace(lecture, **filtres)

    def local_day(self, instant: datetime | None) -> date | None:
        """The day of an instant where the school is."""
        return timezone.localtime(instant, self.fuseau).date() if instant else None

    @cached_property
    def suites(self) -> dict[Relais, SuiteRelais]:
        """The relays after SIECLE that the projet has."""
        projet = self.etablissement.projet_ent
        absents = {Relais.GAR} if not projet.has_gar else set()
        absents |= {Relais.MOODLE} if projet.heures_moodle is None else set()
        return {relais: self._suite(relais) for relais in RELAIS if relais not in absents}

    def _suite(self, relais: Relais) -> SuiteRelais:
        passages = self.etablissement.passages.filter(relais=relais).select_related("amont")
        faits = passages.filter(etat=EtatPassage.FAIT, execute_le__lte=self.fin)
        dernier = faits.order_by("execute_le", "pk").last()
        suivants = passages.exclude(etat=EtatPassage.ANNULE).order_by("prevu_le", "pk")
        if dernier:
            suivants = suivants.filter(prevu_le__gt=dernier.prevu_le)
        return SuiteRelais(dernier, tuple(suivants[:60]))

    @cached_property
    def depot(self) -> Depot | None:
        """The last deposit imported."""
        return self._depots(EtatDepot.IMPORTE, "importe_le").last()

    @cached_property
    def depot_en_attente(self) -> Depot | None:
        """The deposit that waits for the night, today."""
        return self._depots(EtatDepot.DEPOSE, "depose_le").last() if self.is_aujourd_hui else None

    @cached_property
    def depot_en_echec(self) -> Depot | None:
        """A deposit that the night failed to import, when none came after it."""
        echec = self._depots(EtatDepot.ECHEC, "depose_le").last()
        is_dernier = echec and (self.depot is None or self.depot.depose_le < echec.depose_le)
        return echec if is_dernier and not self.depot_en_attente else None

    def _depots(self, etat: EtatDepot, champ: str):
        return self.etablissement.depots.filter(etat=etat, **{f"{champ}__lte": self.fin}).order_by(champ, "pk")

    @cached_property
    def liens_prevus(self) -> frozenset[tuple[str, str]]:
        """(ELEVE_ID, groupe) that the waiting deposit will leave; empty when none waits or its file is gone."""
        if self.depot_en_attente is None:
            return frozenset()
        try:
            return frozenset(judge_depot(self.depot_en_attente).verdict.liens)
        except (FichierRefuse, FileNotFoundError):
            return frozenset()

    @cached_property
    def has_sts(self) -> bool:
        """Whether anything of STS is known."""
        divisions = FicheDivision.objects.as_of(self.fin)
        return divisions.filter(etablissement=self.etablissement, couche=Couche.STS).exists()

    @cached_property
    def has_services(self) -> bool:
        """Whether STS gives a service to anybody or anything."""
        services = FicheService.objects.as_of(self.fin)
        return services.filter(etablissement=self.etablissement, couche=Couche.STS).exists()

    def last_acte(self, *natures: NatureActe) -> Acte | None:
        """The last act of some natures."""
        actes = self.etablissement.actes.filter(nature__in=natures, instant__lte=self.fin)
        return actes.order_by("instant", "pk").last()

    @cached_property
    def export_structure(self) -> Acte | None:
        """The last Export Structure known."""
        return self.last_acte(NatureActe.EXPORT_STRUCTURE)

    @cached_property
    def export_services(self) -> Acte | None:
        """The last Export Services known."""
        return self.last_acte(NatureActe.EXPORT_SERVICES)

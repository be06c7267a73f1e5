"""Which schools a reading covers, and the instant of the facts that each of them shows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery

from exchanges.enums import EtatPassage, NatureActe, Relais
from exchanges.models import Acte, Etablissement, Passage


# Acts that leave the facts of STS as they were.
_SANS_EFFET_SUR_STS = (NatureActe.NUIT, NatureActe.EXPORT_STRUCTURE, NatureActe.EXPORT_SERVICES)


@dataclass(frozen=True)
class Portee:
    """What to read: schools of one académie, each as of its own instant.

    Attributes:
        instants: the instant of BEE by school; a school without one is not there.
        services: the instant of STS whose services BEE received, by school (none before the first Export Services).
        eleves, responsables, individus: only these rows (primary keys); ``None`` for everybody.
        liens: groupes (codes) that élèves will have, in place of the stored links, by school then by élève.
        is_tout: also those who have no number in the AAF yet.
        reference: what other schools are compared at; the latest instant read when ``None``.
    """

    academie: int
    fuseau: ZoneInfo
    instants: Mapping[int, datetime]
    services: Mapping[int, datetime]
    eleves: frozenset[int] | None = None
    responsables: frozenset[int] | None = None
    individus: frozenset[int] | None = None
    liens: Mapping[int, Mapping[int, tuple[str, ...]]] = field(default_factory=dict)
    is_tout: bool = False
    reference: datetime | None = None
    _communs: dict[str, Mapping[int, datetime]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def instant(self) -> datetime:
        """What other schools are compared at: the latest instant read, even by schools that were left out since."""
        return self.reference or max(self.instants.values(), default=datetime.min.replace(tzinfo=UTC))

    def jour(self, etablissement: int) -> date:
        """The local day of the facts of a school."""
        return self.instants[etablissement].astimezone(self.fuseau).date()

    def facts(self) -> Q:
        """Filter of a temporal table on the facts of BEE (and on those of STS that need no export)."""
        return _as_of(self._common("facts", self.instants, ()))

    def services_facts(self) -> Q:
        """Filter of a temporal table on the services that BEE received from STS."""
        return _as_of(self._common("services", self.services, _SANS_EFFET_SUR_STS))

    def _common(self, nom: str, instants: Mapping[int, datetime], sans_effet: Iterable[str]) -> Mapping[int, datetime]:
        if nom not in self._communs:
            self._communs[nom] = _gather(instants, sans_effet)
        return self._communs[nom]


def portee_of(
    etablissements: QuerySet[Etablissement], jour: date, relais: Relais = Relais.AAF, *, is_tout: bool = False
) -> Portee | None:
    """What a relay showed of some schools of one académie at the end of ``jour``.

    Returns:
        ``None`` when the relay had not run for any of them.
    """
    academie = next((e.academie for e in etablissements.select_related("academie")[:1]), None)
    if academie is None:
        return None
    fuseau = ZoneInfo(academie.fuseau)
    fin = datetime.combine(jour, time.max, fuseau)
    instants = sources_of(etablissements, relais, fin)
    return make_portee(academie.pk, fuseau, instants, is_tout=is_tout) if instants else None


def make_portee(academie: int, fuseau: ZoneInfo, instants: Mapping[int, datetime], *, is_tout: bool = False) -> Portee:
    """A reading of schools at given instants."""
    return Portee(academie, fuseau, instants, services_of(instants), is_tout=is_tout)


def sources_of(etablissements: QuerySet[Etablissement], relais: Relais, fin: datetime) -> dict[int, datetime]:
    """The instant that the last successful passage of a relay carried, by school, at ``fin``."""
    dernier = (
        Passage.objects.filter(etablissement=OuterRef("pk"), relais=relais, etat=EtatPassage.FAIT, execute_le__lte=fin)
        .order_by("-execute_le", "-pk")
        .values("source")[:1]
    )
    lignes = etablissements.order_by().annotate(lue=Subquery(dernier)).filter(lue__isnull=False)
    return dict(lignes.values_list("pk", "lue"))


def services_of(instants: Mapping[int, datetime]) -> dict[int, datetime]:
    """The last Export Services of each school at or before its instant."""
    exports: dict[int, datetime] = {}
    actes = Acte.objects.filter(nature=NatureActe.EXPORT_SERVICES, etablissement__in=instants)
    for pk, instant in actes.order_by("instant").values_list("etablissement_id", "instant"):
        if instant <= instants[pk]:
            exports[pk] = instant
    return exports


def _gather(instants: Mapping[int, datetime], sans_effet: Iterable[str]) -> Mapping[int, datetime]:
    """Give one instant to all schools in which nothing happened meanwhile: the facts are the same, the query short."""
    if len(set(instants.values())) < 2:
        return instants
    commun = max(instants.values())
    suivants = (
        Acte.objects.filter(etablissement__in=instants, instant__gt=min(instants.values()), instant__lte=commun)
        .exclude(nature__in=sans_effet)
        .order_by()
        .values("etablissement_id")
        .annotate(dernier=Max("instant"))
        .values_list("etablissement_id", "dernier")
    )
    en_retard = {pk for pk, dernier in suivants if dernier > instants[pk]}
    return {pk: instant if pk in en_retard else commun for pk, instant in instants.items()}


def _as_of(instants: Mapping[int, datetime]) -> Q:
    ecoles = defaultdict(list)
    for pk, instant in instants.items():
        ecoles[instant].append(pk)
    filtre = Q(pk__in=[])
    for instant, pks in ecoles.items():
        filtre |= Q(etablissement__in=pks, depuis__lte=instant) & (Q(jusqua__isnull=True) | Q(jusqua__gt=instant))
    return filtre

"""The rentrée of one school on one page: where it is, what comes next, who waits for whom, what lateness costs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from checklists.annees import Rentree, find_rentree
from checklists.collecte import name_personne, read_faits
from checklists.enums import Chemin, EtatEtape, Periode, Temoignage
from checklists.etapes import Etape
from checklists.etats import Parole, Situation, judge_etapes
from checklists.models import Assignation, Declaration
from exchanges.enums import NatureActe, OrigineActe, Relais
from exchanges.models import Acte, Etablissement
from exchanges.propagation.calendrier import Calendrier, calendrier_de
from exchanges.propagation.horloge import at_hour
from exchanges.templatetags.entsite import MOIS, jour, pluriel


MIDI = time(12, 0)


@dataclass(frozen=True)
class Retard:
    """What a late step costs: which function of the ENT, and which day instead of which.

    Nobody needs the ENT of a new year before its first day: ``attendu_le`` is never before it.
    """

    situation: Situation
    jours: int
    attendu_le: datetime
    visible_le: datetime
    moodle_le: datetime | None

    @property
    def is_rattrapable(self) -> bool:
        """Whether the ENT will still have it on the day when it is needed."""
        return self.visible_le <= self.attendu_le


@dataclass(frozen=True)
class Attente:
    """Somebody, what is in her hands, and who waits behind."""

    nom: str
    situations: tuple[Situation, ...]
    attendent: tuple[str, ...]
    bloquees: tuple[str, ...]


@dataclass(frozen=True)
class Tableau:
    """Everything that the page, the mails, the calendar and the paper show."""

    rentree: Rentree
    maintenant: datetime
    situations: tuple[Situation, ...]
    assignations: dict[str, Assignation]
    retards: tuple[Retard, ...]

    @property
    def periodes(self) -> list[tuple[str, str, list[Situation]]]:
        """The steps by period: its name, its months, its steps."""
        return [
            (periode.libelle, _months(siennes), siennes)
            for periode in Periode
            if (siennes := [s for s in self.situations if s.etape.periode == periode])
        ]

    @property
    def total(self) -> int:
        """How many steps, « 5a » to « 5d » being one."""
        return len(self._principales())

    @property
    def prouvees(self) -> int:
        """How many of them the files prove whole."""
        return self._count_all(lambda s: s.etat == EtatEtape.PROUVEE)

    @property
    def acquises(self) -> int:
        """How many of them are proven or said to be done."""
        return self._count_all(lambda s: s.etat.is_acquise)

    @property
    def en_retard(self) -> int:
        """How many of them are late, in whole or in part."""
        return self._count_any(lambda s: s.is_en_retard)

    @property
    def phrase(self) -> str:
        """Where we are: « 8 étapes sur 13 prouvées, 1 déclarée, 1 en retard. »"""
        declarees = self.acquises - self.prouvees
        contredites = self._count_any(lambda s: s.etat == EtatEtape.CONTREDITE)
        retards = self.en_retard
        morceaux = [
            f"{self.prouvees} {pluriel(self.prouvees, 'étape')} sur {self.total} {pluriel(self.prouvees, 'prouvée')}"
        ]
        for combien, mot in ((declarees, "déclarée"), (contredites, "contredite"), (retards, "en retard,en retard")):
            if combien:
                morceaux.append(f"{combien} {pluriel(combien, mot)}")
        return f"{', '.join(morceaux)}."

    @property
    def retards_ouverts(self) -> tuple[Retard, ...]:
        """The late steps that somebody can do now; those that wait behind them are late because of them."""
        return tuple(retard for retard in self.retards if retard.situation.is_faisable)

    @property
    def prochaine(self) -> Situation | None:
        """The one thing to do next; ``None`` when all is done.

        Late steps first; among them the one for which most colleagues wait, then what the files show to be wrong,
        then the earliest date.
        """
        faisables = [situation for situation in self.situations if situation.is_faisable]
        return min(faisables, key=self._rank, default=None)

    def _rank(self, situation: Situation) -> tuple[bool, bool, int, bool, date]:
        is_trop_tot = situation.etape.opens_on(self.rentree.jour) > self.maintenant.date()
        attendent = len(self._waiting([situation])) if situation.is_en_retard else 0
        is_faux = situation.is_en_retard and situation.preuve.temoignage == Temoignage.CONTREDIT
        return is_trop_tot, not situation.is_en_retard, -attendent, not is_faux, situation.echeance

    @property
    def attentes(self) -> tuple[Attente, ...]:
        """Who can act now, and what waits for her."""
        mains: dict[str, list[Situation]] = defaultdict(list)
        for situation in self.situations:
            if situation.is_faisable and situation.etape.opens_on(self.rentree.jour) <= self.maintenant.date():
                mains[self.name_responsable(situation.etape)].append(situation)
        return tuple(self._attente(nom, siennes) for nom, siennes in mains.items())

    def find(self, numero: str) -> Situation:
        """The situation of a step."""
        return next(situation for situation in self.situations if situation.etape.numero == numero)

    def find_blocked(self, etape: Etape) -> list[Situation]:
        """The steps, not done, that wait for this one, directly or not."""
        en_attente: set[str] = {etape.numero}
        bloquees = []
        for situation in self.situations:
            if situation.etat.is_acquise or not en_attente & {e.numero for e in situation.bloquee_par}:
                continue
            en_attente.add(situation.etape.numero)
            bloquees.append(situation)
        return bloquees

    def name_responsable(self, etape: Etape) -> str:
        """The colleague who has the step in hand, or whose work it usually is."""
        assignation = self.assignations.get(etape.numero)
        return (name_personne(assignation.utilisateur) if assignation else "") or etape.qui[0].libelle

    def _attente(self, nom: str, siennes: Sequence[Situation]) -> Attente:
        bloquees = {b.etape.numero for situation in siennes for b in self.find_blocked(situation.etape)}
        ordonnees = tuple(s.etape.numero for s in self.situations if s.etape.numero in bloquees)
        return Attente(nom, tuple(siennes), tuple(sorted(self._waiting(siennes))), ordonnees)

    def _waiting(self, siennes: Sequence[Situation]) -> set[str]:
        """The others who can do nothing until these steps of one person are done."""
        bloquees = [b for situation in siennes for b in self.find_blocked(situation.etape)]
        return {self.name_responsable(b.etape) for b in bloquees} - {self.name_responsable(s.etape) for s in siennes}

    def _principales(self) -> dict[str, list[Situation]]:
        groupes: dict[str, list[Situation]] = defaultdict(list)
        for situation in self.situations:
            groupes[situation.etape.principal].append(situation)
        return groupes

    def _count_all(self, is_bon) -> int:
        return sum(all(map(is_bon, siennes)) for siennes in self._principales().values())

    def _count_any(self, is_bon) -> int:
        return sum(any(map(is_bon, siennes)) for siennes in self._principales().values())


def _months(situations: Sequence[Situation]) -> str:
    """« juin et juillet »: the months in which the steps are due."""
    mois = [MOIS[s.echeance.month - 1] for s in sorted(situations, key=lambda s: s.echeance)]
    return " – ".join(dict.fromkeys((mois[0], mois[-1])))


def build_tableau(etablissement: Etablissement, maintenant: datetime) -> Tableau | None:
    """The rentrée of a school at ``maintenant`` (its own time); ``None`` when nobody knows when it is."""
    rentree = find_rentree(etablissement, maintenant.date())
    if rentree is None:
        return None
    situations = judge_etapes(read_faits(rentree, maintenant), read_paroles(rentree))
    assignations = Assignation.objects.filter(etablissement=etablissement, annee=rentree.annee)
    return Tableau(
        rentree=rentree,
        maintenant=maintenant,
        situations=situations,
        assignations={a.etape: a for a in assignations.select_related("utilisateur")},
        retards=tuple(_retards(rentree, situations, maintenant)),
    )


def read_paroles(rentree: Rentree) -> dict[str, Parole]:
    """What people of the school say that they did: here, or when they declared an export of STS-Web."""
    declarations = Declaration.objects.filter(
        etablissement=rentree.etablissement, annee=rentree.annee, retiree_le__isnull=True
    ).select_related("utilisateur")
    paroles = {d.etape: Parole(name_personne(d.utilisateur), d.cree_le, d.commentaire) for d in declarations}
    exports = _exports_declares(rentree)
    if exports:
        paroles.setdefault("9", exports)
    return paroles


def _exports_declares(rentree: Rentree) -> Parole | None:
    """Export Structure then Export Services, both declared since STS changed."""
    etablissement = rentree.etablissement
    actes = Acte.objects.filter(etablissement=etablissement, origine=OrigineActe.DECLARE)
    if etablissement.sts_modifie_le:
        actes = actes.filter(instant__gte=etablissement.sts_modifie_le)
    structure = actes.filter(nature=NatureActe.EXPORT_STRUCTURE).order_by("instant").last()
    if structure is None:
        return None
    suite = actes.filter(nature=NatureActe.EXPORT_SERVICES, instant__gte=structure.instant)
    services = suite.select_related("utilisateur").order_by("instant").last()
    if services is None:
        return None
    return Parole(name_personne(services.utilisateur), services.instant, services.commentaire)


def _retards(rentree: Rentree, situations: Iterable[Situation], maintenant: datetime) -> Iterator[Retard]:
    calendrier = calendrier_de(rentree.etablissement)
    premier_matin = at_hour(rentree.jour, calendrier.projet.heure_ent, maintenant.tzinfo)
    for situation in situations:
        if not situation.is_en_retard:
            continue
        echeance = at_hour(situation.echeance, MIDI, maintenant.tzinfo)
        visible = _reach(calendrier, situation.etape, maintenant)
        yield Retard(
            situation=situation,
            jours=(maintenant.date() - situation.echeance).days,
            attendu_le=max(_reach(calendrier, situation.etape, echeance)[Relais.ENT], premier_matin),
            visible_le=visible[Relais.ENT],
            moodle_le=visible.get(Relais.MOODLE),
        )


def _reach(calendrier: Calendrier, etape: Etape, instant: datetime) -> dict[Relais, datetime]:
    """When what is done at ``instant`` is seen further down."""
    return calendrier.announce(instant) if etape.relais == Chemin.NUIT else calendrier.relais_after(instant)


def tell_retard(retard: Retard) -> str:
    """The cost of a late step in one sentence."""
    if retard.is_rattrapable:
        return (
            f"Il est encore temps : fait aujourd'hui, ce sera dans l'ENT au plus tôt {jour(retard.visible_le)}. "
            f"Sinon : {retard.situation.etape.cout[0].lower()}{retard.situation.etape.cout[1:]}"
        )
    return (
        f"{retard.situation.etape.cout} Fait aujourd'hui, ce sera dans l'ENT au plus tôt {jour(retard.visible_le)}, "
        f"au lieu du {jour(retard.attendu_le)}."
    )

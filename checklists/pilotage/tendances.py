"""How things went, week after week: the rows of ``ReleveHebdo`` added up by SQL, and the same week a year before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, FilteredRelation, IntegerField, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from checklists.enums import EtatEcole
from checklists.pilotage.graphiques import Courbe
from exchanges.models import ReleveHebdo


SEMAINE = timedelta(days=7)
UN_AN = 52 * SEMAINE  # a Monday falls on a Monday
SOMMES = (
    *("rentree_prouvees", "rentree_total", "eleves", "eleves_en_groupe"),
    *("cr_lus", "cr_absents", "cr_rejets", "cr_anomalies"),
)
Semaine = dict[str, int]


@dataclass(frozen=True)
class Repartition:
    """How many schools are in each state now, and were a week before.

    Attributes:
        total: every school, those of which no figure is known included.
        maintenant, avant: by state; ``avant`` is empty when nothing was written down that week.
    """

    total: int
    maintenant: dict[EtatEcole, int]
    avant: dict[EtatEcole, int]

    @property
    def inconnus(self) -> int:
        """Schools of which no figure is known yet."""
        return self.total - sum(self.maintenant.values())

    def count(self, etat: str) -> int:
        """How many are in a state now; in no known one for any other word, all of them for an empty one."""
        if not etat:
            return self.total
        return self.maintenant[EtatEcole(etat)] if etat in self.maintenant else self.inconnus


@dataclass(frozen=True)
class Tendance:
    """One question asked of each week.

    Attributes:
        cle: name of its anchor.
        is_part: whether its figures are percentages.
        courbes: the answers, one per week, ``None`` when nothing was written down that week.
    """

    cle: str
    titre: str
    is_part: bool
    courbes: tuple[Courbe, ...]

    @property
    def is_vide(self) -> bool:
        """Whether there is nothing to draw."""
        return all(valeur is None for courbe in self.courbes for valeur in courbe.valeurs)


def count_etats(etablissements: QuerySet, lundi: date) -> Repartition:
    """How many of these schools are in each state, and were in the week of ``lundi``: one query."""
    groupes = (
        etablissements.order_by()
        .annotate(semaine=FilteredRelation("releves", condition=Q(releves__lundi=lundi)))
        .annotate(etat_avant=KeyTextTransform("etat", "semaine__donnees"))
        .values_list("compteurs__etat", "etat_avant")
        .annotate(combien=Count("pk"))
    )
    maintenant, avant = dict.fromkeys(EtatEcole, 0), dict.fromkeys(EtatEcole, 0)
    total = 0
    for etat, etat_avant, combien in groupes:
        total += combien
        for comptes, vu in ((maintenant, etat), (avant, etat_avant)):
            if vu in comptes:
                comptes[vu] += combien
    return Repartition(total, maintenant, avant if any(avant.values()) else {})


def list_lundis(lundi: date, combien: int) -> tuple[date, ...]:
    """The Mondays of the last weeks, ``lundi`` being the last one."""
    return tuple(lundi - rang * SEMAINE for rang in reversed(range(combien)))


def read_semaines(etablissements: QuerySet, lundis: Sequence[date]) -> dict[date, Semaine]:
    """What the schools add up to in each of these weeks that was written down: one query."""
    releves = ReleveHebdo.objects.filter(lundi__in=lundis, etablissement__in=etablissements.order_by().values("pk"))
    semaines = (
        releves.order_by("lundi")
        .values("lundi")
        .annotate(
            ecoles=Count("pk"),
            **{champ: Sum(Cast(KeyTextTransform(champ, "donnees"), IntegerField())) for champ in SOMMES},
            **{f"etat_{etat}": Count("pk", filter=Q(donnees__etat=etat)) for etat in EtatEcole},
        )
    )
    return {semaine.pop("lundi"): {cle: valeur or 0 for cle, valeur in semaine.items()} for semaine in semaines}


def read_tendances(etablissements: QuerySet, lundis: Sequence[date]) -> list[Tendance]:
    """The questions that the DANE asks of the weeks of a rentrée, this year and the year before."""
    avant = [lundi - UN_AN for lundi in lundis]
    semaines = read_semaines(etablissements, [*lundis, *avant])
    cette_annee, an_dernier = ([semaines.get(lundi) for lundi in jours] for jours in (lundis, avant))

    def compare(cle: str, titre: str, parts: tuple[str, ...], totaux: tuple[str, ...] = ()) -> Tendance:
        noms_annees = (("Cette année", cette_annee), ("L'an dernier", an_dernier))
        courbes = tuple(
            Courbe(nom, tuple(_ask(semaine, parts, totaux) for semaine in annee)) for nom, annee in noms_annees
        )
        return Tendance(cle, titre, bool(totaux), courbes)

    etats = tuple(
        Courbe(etat.libelle, tuple(_ask(semaine, (f"etat_{etat}",)) for semaine in cette_annee)) for etat in EtatEcole
    )
    return [
        Tendance("etats", "Établissements par état", False, etats),
        compare("etapes", "Étapes de la rentrée prouvées", ("rentree_prouvees",), ("rentree_total",)),
        compare("groupes", "Élèves dans au moins un groupe", ("eleves_en_groupe",), ("eleves",)),
        compare("absents", "Absents des derniers dépôts", ("cr_absents",), ("cr_lus", "cr_absents")),
        compare("refus", "Liens rejetés et anomalies des derniers dépôts", ("cr_rejets", "cr_anomalies")),
    ]


def _ask(semaine: Semaine | None, parts: tuple[str, ...], totaux: tuple[str, ...] = ()) -> int | None:
    """A sum of figures of a week, in per cent of others when there are; ``None`` when nobody knows."""
    if semaine is None:
        return None
    part, total = (sum(semaine[champ] for champ in champs) for champs in (parts, totaux))
    if not totaux:
        return part
    return round(100 * part / total) if total else None

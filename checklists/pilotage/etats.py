"""The state of a school from its figures, by the rules of ``etats.toml``. Pure: no Django, no query.

The rules are data and stay so: a condition is a figure, one of six comparisons and a number; nothing is evaluated.
"""

import operator
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

from checklists.enums import EtatEcole


SOURCE = Path(__file__).with_name("etats.toml")
OPERATEURS: dict[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
MESURES = frozenset(
    {
        *("sans_calendrier", "jours", "total", "prouvees", "retards", "eleves", "part_en_groupe"),
        *("depot_de_la_rentree", "depot_en_echec", "jours_depuis_depot"),
        *("part_absents", "hausse_absents", "refus"),
        *("groupes", "groupes_vides", "part_groupes_vides", "sts_a_exporter", "relais_en_echec"),
        *("fiches_bloquantes", "doublons", "multi_inscriptions"),
    }
)
Mesures = Mapping[str, int | None]


@dataclass(frozen=True)
class Condition:
    """« this figure is at least that »; false of a figure that is not known."""

    mesure: str
    operateur: str
    seuil: int

    def holds(self, mesures: Mesures) -> bool:
        """Whether the figure satisfies it."""
        valeur = mesures.get(self.mesure)
        return valeur is not None and OPERATEURS[self.operateur](valeur, self.seuil)


@dataclass(frozen=True)
class Regle:
    """One reason for a school to be looked at.

    Attributes:
        poids: what it adds; ``muet`` rules make the school mute instead.
        saison: first and last day, from the first day of the élèves, on which it speaks; ``None`` all year.
        phrase: what is said, its figures in braces; ``action`` what the DANE may do.
    """

    code: str
    quand: tuple[Condition, ...]
    phrase: str
    action: str
    poids: int = 0
    muet: bool = False
    saison: tuple[int, int] | None = None

    @property
    def chiffres(self) -> tuple[str, ...]:
        """The figures that the sentence quotes."""
        return tuple(nom for _, nom, _, _ in Formatter().parse(self.phrase) if nom)

    def speaks(self, mesures: Mesures) -> bool:
        """Whether it holds for a school today."""
        jours = mesures.get("jours")
        if self.saison and (jours is None or not self.saison[0] <= jours <= self.saison[1]):
            return False
        return all(condition.holds(mesures) for condition in self.quand)


@dataclass(frozen=True)
class Bareme:
    """The rules, and the sums of weights from which a school is to be watched, or is in difficulty."""

    regles: tuple[Regle, ...]
    a_surveiller: int
    difficulte: int


@dataclass(frozen=True)
class Raison:
    """Why a school is in its state, in words: ``gravite`` is the state that this reason alone would give."""

    code: str
    texte: str
    action: str
    gravite: EtatEcole


@cache
def read_bareme() -> Bareme:
    """The rules of ``etats.toml``.

    Raises:
        ValueError: the file quotes a figure or a comparison that does not exist.
    """
    donnees = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    bareme = Bareme(tuple(map(_regle, donnees["regle"])), **donnees["seuils"])
    for regle in bareme.regles:
        cites = {*regle.chiffres, *(condition.mesure for condition in regle.quand)}
        if inconnus := cites - MESURES:
            raise ValueError(f"etats.toml, {regle.code}: no figure called {sorted(inconnus)}")
        if any(condition.operateur not in OPERATEURS for condition in regle.quand):
            raise ValueError(f"etats.toml, {regle.code}: unknown comparison")
    return bareme


def _regle(table: dict[str, object]) -> Regle:
    quand, saison = table.pop("quand"), table.pop("saison", None)
    assert isinstance(quand, list)  # noqa: S101 - a table of the data file
    return Regle(
        **table,  # type: ignore[arg-type]
        quand=tuple(Condition(*condition) for condition in quand),
        saison=(saison[0], saison[1]) if isinstance(saison, list) else None,
    )


def judge(mesures: Mesures) -> tuple[EtatEcole, list[dict[str, object]]]:
    """The state of a school, and its reasons as codes and figures: the gravest first."""
    bareme = read_bareme()
    parlent = sorted((r for r in bareme.regles if r.speaks(mesures)), key=lambda r: (not r.muet, -r.poids))
    raisons = [{"code": r.code, "chiffres": {nom: mesures.get(nom) for nom in r.chiffres}} for r in parlent]
    return _etat(bareme, parlent), raisons


def _etat(bareme: Bareme, regles: Sequence[Regle]) -> EtatEcole:
    somme = sum(regle.poids for regle in regles)
    if any(regle.muet for regle in regles):
        return EtatEcole.MUET
    if somme >= bareme.difficulte:
        return EtatEcole.DIFFICULTE
    return EtatEcole.SURVEILLER if somme >= bareme.a_surveiller else EtatEcole.ORDRE


def tell_raisons(raisons: Sequence[Mapping[str, object]]) -> list[Raison]:
    """The reasons kept with the figures of a school, in words; one whose rule has gone since is left out."""
    bareme = read_bareme()
    regles = {regle.code: regle for regle in bareme.regles}
    dites = []
    for raison in raisons:
        regle = regles.get(str(raison["code"]))
        chiffres = raison["chiffres"]
        if regle is None or not isinstance(chiffres, Mapping) or not set(regle.chiffres) <= chiffres.keys():
            continue
        dites.append(Raison(regle.code, regle.phrase.format_map(chiffres), regle.action, _etat(bareme, [regle])))
    return dites

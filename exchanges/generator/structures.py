"""Divisions and groupes of one school, and which élève sits in which.

Everything follows from the places: a groupe exists because élèves chose it, so its MEF and divisions are those of
its élèves, none is empty, and none would be refused for its MEF (``GROUPE_B_02``, ``formats/siecle.md`` §3.6).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import ceil
from random import Random

from exchanges.generator.offre import Brassage, Niveau, Offre


CODE_MAX = 8


@dataclass(frozen=True, slots=True)
class Style:
    """The habits of one school when it names its structures."""

    division_espace: bool
    numero: str

    @classmethod
    def draw(cls, rng: Random) -> "Style":
        return cls(division_espace=rng.random() < 0.4, numero=rng.choice(("G{n}", "G{n}", "GR{n}", "-{n}", "_{n}")))

    def make_division(self, niveau: Niveau, numero: int) -> str:
        """``6A`` or ``6 A``, ``201``, ``1G1``…"""
        code = niveau.division.format(n=numero, l="ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(numero - 1) % 26])
        return f"{code[0]} {code[1:]}" if self.division_espace and len(code) == 2 else code

    def make_groupe(self, debut: str, numero: int) -> str:
        """A code of 8 characters at most, in the school's habit when it fits, shorter otherwise."""
        essais = (debut + motif.format(n=numero) for motif in (self.numero, "G{n}", "{n}"))
        return next(code for code in essais if len(code) <= CODE_MAX)


@dataclass(slots=True)
class Place:
    """One seat: an élève to come, with the groupes it takes her into."""

    niveau: Niveau
    mef: str
    division: str
    choix: tuple[Brassage, ...]
    groupes: list[str] = field(default_factory=list)

    @property
    def options(self) -> tuple[str, ...]:
        """The matières of her OPTIONS block."""
        return tuple(brassage.matiere for brassage in self.choix if brassage.is_option)


@dataclass(frozen=True, slots=True)
class PlanDivision:
    code: str
    niveau: Niveau
    mefs: tuple[str, ...]
    effectif: int


@dataclass(frozen=True, slots=True)
class PlanGroupe:
    code: str
    libelle: str
    brassage: Brassage
    mefs: tuple[str, ...]
    divisions: tuple[str, ...]
    effectif: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The structure of a school before anybody is named."""

    places: tuple[Place, ...]
    divisions: tuple[PlanDivision, ...]
    groupes: tuple[PlanGroupe, ...]


def make_plan(offre: Offre, rng: Random, echelle: float = 1.0) -> Plan:
    """Draw the structure of a school.

    Args:
        offre: what the school teaches.
        rng: the school's own source of chance.
        echelle: share of the normal size, for small examples.
    """
    style = Style.draw(rng)
    effectif = rng.randint(*offre.effectif) * echelle
    places = [
        place
        for niveau in offre.niveaux
        for place in _make_places(niveau, max(2, round(effectif * niveau.poids)), style, offre.part_ulis, rng)
    ]
    return Plan(
        places=tuple(places), divisions=tuple(_make_divisions(places)), groupes=tuple(_make_groupes(places, style))
    )


def _make_places(niveau: Niveau, effectif: int, style: Style, part_ulis: float, rng: Random) -> Iterator[Place]:
    nombre = ceil(effectif / niveau.taille)
    for rang in range(effectif):
        is_ulis = bool(niveau.mef_ulis) and rng.random() < part_ulis
        yield Place(
            niveau=niveau,
            mef=niveau.mef_ulis if is_ulis else niveau.mef,
            division=style.make_division(niveau, rang * nombre // effectif + 1),
            choix=tuple(_draw_choix(niveau, is_ulis, rng)),
        )


def _draw_choix(niveau: Niveau, is_ulis: bool, rng: Random) -> Iterator[Brassage]:
    """ULIS élèves join the others for what everybody does, not for optional teaching nor a second language."""
    for brassage in niveau.brassages:
        if brassage.taux == 1 or (not is_ulis and rng.random() < brassage.taux):
            yield brassage
    if is_ulis:
        return
    if niveau.langues:
        yield rng.choices(niveau.langues, [langue.taux for langue in niveau.langues])[0]
    restantes = list(niveau.specialites)
    for _ in range(niveau.nombre_specialites):
        choisie = rng.choices(restantes, [specialite.taux for specialite in restantes])[0]
        restantes.remove(choisie)
        yield choisie


def _make_divisions(places: Iterable[Place]) -> Iterator[PlanDivision]:
    par_division: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        par_division[place.division].append(place)
    for code, membres in par_division.items():
        yield PlanDivision(code, membres[0].niveau, _ordered(place.mef for place in membres), len(membres))


def _make_groupes(places: Iterable[Place], style: Style) -> Iterator[PlanGroupe]:
    """Cut every level and every division into groupes, and write their codes on the places."""
    par_debut: dict[tuple[str, Brassage, bool], list[Place]] = defaultdict(list)
    for place in places:
        for brassage in place.choix:
            par_debut[place.niveau.prefixe + brassage.sigle, brassage, False].append(place)
        for brassage in place.niveau.demis:
            par_debut[place.division.replace(" ", "") + brassage.sigle, brassage, True].append(place)
    for (debut, brassage, is_demi), membres in par_debut.items():
        nombre = min(2, len(membres)) if is_demi else ceil(len(membres) / brassage.taille)
        for numero in range(nombre):
            part = membres[numero * len(membres) // nombre : (numero + 1) * len(membres) // nombre]
            yield _make_groupe(style.make_groupe(debut, numero + 1), brassage, part)


def _make_groupe(code: str, brassage: Brassage, membres: list[Place]) -> PlanGroupe:
    for place in membres:
        place.groupes.append(code)
    return PlanGroupe(
        code=code,
        libelle=f"GROUPE {code}",
        brassage=brassage,
        mefs=_ordered(place.mef for place in membres),
        divisions=_ordered(place.division for place in membres),
        effectif=len(membres),
    )


def _ordered(valeurs: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(valeurs))

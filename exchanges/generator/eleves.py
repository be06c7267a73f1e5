"""The élèves of one school: placed, unplaced and gone, at the rates of a real export (``formats/siecle.md`` §2.1)."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from exchanges.generator.familles import Famille, Familles, draw_naissance
from exchanges.generator.identifiants import Numeros
from exchanges.generator.lieux import NATIONALITES
from exchanges.generator.noms import draw_prenom
from exchanges.generator.offre import Niveau
from exchanges.generator.partagees import Partagee
from exchanges.generator.structures import Plan
from exchanges.parsers.records import Eleve, Periode


PART_SANS_INE = 0.08
_PART_SORTIS = (0.10, 0.20)
_PART_SORTIS_AVEC_MEF = 0.10
_PART_NON_PLACES = (0.02, 0.05)
_PART_SANS_MEF = 0.6  # of the unplaced
_MOTIFS_SORTIE = ("10", "10", "10", "11", "12", "20", "24", "29", "44")


@dataclass(frozen=True, slots=True)
class Contexte:
    """What every élève of one school shares.

    ``mefs`` are those of the school: who was in another one last year was in ``uai_origine``.
    """

    uai: str
    uai_origine: str
    mefs: frozenset[str]
    code_commune: str
    annee: str
    periode: Periode
    export: datetime


class Fabrique:
    """Draws the élèves of one school; no two of them share name, first name and birth date.

    Args:
        contexte: the school and its year.
        familles: where responsables are found or made.
        numeros: the school's counters.
        rng: the school's own source of chance.
    """

    def __init__(self, contexte: Contexte, familles: Familles, numeros: Numeros, rng: Random):
        self._contexte = contexte
        self._familles = familles
        self._numeros = numeros
        self._rng = rng
        self._identites: set[tuple[str, str, date]] = set()

    def make_places(self, plan: Plan, partagees: Sequence[Partagee] = ()) -> list[Eleve]:
        """One élève for each place, in the order of the places. The BEE of a new year holds no groupe yet.

        Args:
            plan: the places.
            partagees: children of families shared with other schools; each takes a place of her age.
        """
        sieges = self._seat(plan, partagees)
        eleves = []
        for rang, place in enumerate(plan.places):
            scolarite = _Scolarite(mef=place.mef, division=place.division, options=place.options)
            eleves.append(self._make(place.niveau, scolarite, sieges.get(rang)))
        return eleves

    def _seat(self, plan: Plan, partagees: Sequence[Partagee]) -> dict[int, Partagee]:
        sieges: dict[int, Partagee] = {}
        for partagee in partagees:
            libres = (
                rang
                for rang, place in enumerate(plan.places)
                if place.niveau.age == partagee.age and rang not in sieges
            )
            sieges[self._rng.choice([*libres])] = partagee
        return sieges

    def make_non_places(self, niveaux: Sequence[Niveau], effectif: int) -> list[Eleve]:
        """Élèves who are there but not yet in a division, most of them without MEF."""
        nombre = round(effectif * self._rng.uniform(*_PART_NON_PLACES))
        eleves = []
        for _ in range(nombre):
            niveau = self._rng.choice(niveaux)
            mef = "" if self._rng.random() < _PART_SANS_MEF else niveau.mef
            eleves.append(self._make(niveau, _Scolarite(mef=mef)))
        return eleves

    def make_sortis(self, niveaux: Sequence[Niveau], effectif: int) -> list[Eleve]:
        """Leavers: a date inside the year, a motif, and for most of them no MEF any more."""
        part = self._rng.uniform(*_PART_SORTIS)
        nombre = round(effectif * part / (1 - part))
        delai = (self._contexte.export.date() - self._contexte.periode.debut).days
        eleves = []
        for _ in range(nombre):
            niveau = self._rng.choice(niveaux)
            scolarite = _Scolarite(
                mef=niveau.mef if self._rng.random() < _PART_SORTIS_AVEC_MEF else "",
                date_sortie=self._contexte.periode.debut + timedelta(days=self._rng.randint(0, delai)),
                motif_sortie=self._rng.choice(_MOTIFS_SORTIE),
            )
            eleves.append(self._make(niveau, scolarite))
        return eleves

    def _make(self, niveau: Niveau, scolarite: "_Scolarite", partagee: Partagee | None = None) -> Eleve:
        rng, contexte = self._rng, self._contexte
        sexe = rng.choice("12")
        is_redoublant = partagee is None and rng.random() < 0.04
        eleve_id = self._numeros.next_eleve_id()
        naissance, famille = self._find_famille(niveau.age + is_redoublant, partagee)
        prenom = self._draw_prenom(famille.nom, naissance, sexe)
        self._familles.welcome(famille, eleve_id, naissance)
        ine = "" if rng.random() < PART_SANS_INE else self._numeros.next_ine()
        is_etranger = rng.random() < 0.06
        pays = rng.choice(NATIONALITES) if is_etranger else "100"
        mef_an_dernier = niveau.mef if is_redoublant else niveau.mef_precedent
        return Eleve(
            eleve_id=eleve_id,
            nom_de_famille=famille.nom,
            prenom=prenom,
            date_naissance=naissance,
            elenoet=self._numeros.next_elenoet(),
            ine=ine,
            ine_rnie=ine,
            prenom2=draw_prenom(rng, sexe) if rng.random() < 0.18 else "",
            sexe=sexe,
            pays_naissance=pays,
            commune_naissance="" if is_etranger else contexte.code_commune,
            ville_naissance="VILLE LOINTAINE" if is_etranger else "",
            nationalite=pays if rng.random() < 0.5 else "100",
            regime=rng.choices(("0", "2", "3"), (0.3, 0.65, 0.05))[0],
            statut="ST",
            mef=scolarite.mef,
            date_entree=contexte.periode.debut,
            date_sortie=scolarite.date_sortie,
            motif_sortie=scolarite.motif_sortie,
            provenance="1",
            doublement="1" if is_redoublant else "0",
            rne_an_dernier=contexte.uai if mef_an_dernier in contexte.mefs else contexte.uai_origine,
            mef_an_dernier=mef_an_dernier,
            division=scolarite.division,
            options=scolarite.options,
        )

    def _find_famille(self, age: int, partagee: Partagee | None) -> tuple[date, Famille]:
        if partagee:
            return partagee.naissance, self._familles.adopt(partagee.famille)
        naissance = draw_naissance(self._contexte.annee, age, self._rng)
        return naissance, self._familles.find_or_make(naissance)

    def _draw_prenom(self, nom: str, naissance: date, sexe: str) -> str:
        """A first name that makes no homonym, accents and case apart."""
        while True:
            prenom = draw_prenom(self._rng, sexe)
            identite = (normalize(nom), normalize(prenom), naissance)
            if identite not in self._identites:
                self._identites.add(identite)
                return prenom


@dataclass(frozen=True, slots=True)
class _Scolarite:
    """Where the élève stands this year."""

    mef: str = ""
    division: str = ""
    options: tuple[str, ...] = ()
    date_sortie: date | None = None
    motif_sortie: str = ""


def normalize(texte: str) -> str:
    """The text in capitals without accents, to compare names."""
    decompose = unicodedata.normalize("NFD", texte)
    return "".join(lettre for lettre in decompose if not unicodedata.combining(lettre)).upper()

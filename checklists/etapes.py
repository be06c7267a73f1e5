"""The steps of the rentrée, read from ``etapes.toml``: one place for what they are, no fact of any school."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from checklists.enums import Acteur, Chemin, Logiciel, Periode, Variante


SOURCE = Path(__file__).with_name("etapes.toml")
NETSYNCHRO = "netsynchro"


@dataclass(frozen=True)
class Reglage:
    """What makes the steps of one school differ from those of another."""

    variante: Variante = Variante.COLLEGE
    logiciel: Logiciel = Logiciel.EDT
    has_netsynchro: bool = False

    @property
    def cles(self) -> tuple[str, ...]:
        """The keys of the tables of variants, the most particular first."""
        return (*((NETSYNCHRO,) if self.has_netsynchro else ()), self.logiciel, self.variante)


@dataclass(frozen=True)
class Etape:
    """One step.

    Attributes:
        numero: « 5a », its address too; ``principal`` is « 5 ».
        qui: who does it, the first one mainly.
        chemin, chemins: menu path, and those of other software or of NetSynchro.
        consignes, precisions: what to do, and what is added for a variant, a software or NetSynchro.
        duree: how long it takes, in words.
        prerequis: numbers of the steps without which it cannot begin.
        preuve: name of the function of ``preuves.PREUVES``; ``preuve_attendue`` says it in a sentence.
        ouverture, echeance: days from the first day of the élèves (negative: before).
        cout: what does not work in the ENT while it is not done; ``relais`` by which road it gets there.
        fichiers: what to hand in for the files to show it, or an empty text.
    """

    numero: str
    periode: Periode
    titre: str
    qui: tuple[Acteur, ...]
    application: str
    chemin: str
    duree: str
    preuve: str
    preuve_attendue: str
    ouverture: int
    echeance: int
    cout: str
    relais: Chemin
    consignes: tuple[str, ...]
    avertissements: tuple[str, ...] = ()
    prerequis: tuple[str, ...] = ()
    fichiers: str = ""
    chemins: Mapping[str, str] = field(default_factory=dict)
    precisions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def principal(self) -> str:
        """The number of the step that it is a part of: « 5 » for « 5a »."""
        return self.numero.rstrip("abcd")

    @property
    def qui_libelle(self) -> str:
        """Who does it, in words."""
        return ", ".join(acteur.libelle for acteur in self.qui)

    def chemin_for(self, reglage: Reglage) -> str:
        """The menu path for a school."""
        return next((self.chemins[cle] for cle in reglage.cles if cle in self.chemins), self.chemin)

    def consignes_for(self, reglage: Reglage) -> tuple[str, ...]:
        """What to do in a school: what everybody does, then what is particular to it."""
        return (*self.consignes, *(ligne for cle in reglage.cles for ligne in self.precisions.get(cle, ())))

    def opens_on(self, rentree: date) -> date:
        """The first day on which it makes sense."""
        return rentree + timedelta(days=self.ouverture)

    def due_on(self, rentree: date) -> date:
        """The last day on which it is in time."""
        return rentree + timedelta(days=self.echeance)


@cache
def read_etapes() -> tuple[Etape, ...]:
    """The steps, in order."""
    tables = tomllib.loads(SOURCE.read_text(encoding="utf-8"))["etape"]
    return tuple(_etape(table) for table in tables)


def _etape(table: dict[str, object]) -> Etape:
    listes = {cle: tuple(valeur) for cle, valeur in table.items() if isinstance(valeur, list)}
    precisions = table.get("precisions", {})
    assert isinstance(precisions, dict)  # noqa: S101 - a table of the data file
    return Etape(
        **table
        | listes
        | {
            "periode": Periode(str(table["periode"])),
            "qui": tuple(Acteur(acteur) for acteur in listes["qui"]),
            "relais": Chemin(str(table["relais"])),
            "precisions": {cle: tuple(lignes) for cle, lignes in precisions.items()},
        }
    )


def find_etape(numero: str) -> Etape | None:
    """The step of this number, if there is one."""
    return next((etape for etape in read_etapes() if etape.numero == numero), None)


def ouverture_de_la_saison(rentree: date) -> date:
    """The day on which the preparation of a rentrée begins: that of its first step."""
    return min(etape.opens_on(rentree) for etape in read_etapes())

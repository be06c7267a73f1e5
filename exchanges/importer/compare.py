"""Compare what is wanted with what holds now: the diff that every import is made of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from exchanges.importer.tables import Colonne, Table
from exchanges.models import Etablissement


Cle = tuple[Any, ...]
Valeurs = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class LigneCourante:
    """An open row: its primary key, since when it holds, its values."""

    pk: int
    depuis: datetime
    valeurs: Valeurs


@dataclass
class Changement:
    """What one table would go through; nothing is written here."""

    table: Table
    ouverts: dict[Cle, Valeurs] = field(default_factory=dict)
    modifies: dict[Cle, tuple[LigneCourante, Valeurs]] = field(default_factory=dict)
    clos: dict[Cle, LigneCourante] = field(default_factory=dict)
    inchanges: int = 0

    @property
    def is_vide(self) -> bool:
        """Nothing to write."""
        return not (self.ouverts or self.modifies or self.clos)

    @property
    def avant(self) -> int:
        """Number of rows that hold now."""
        return self.inchanges + len(self.modifies) + len(self.clos)

    @property
    def part_close(self) -> float:
        """Share (0 to 1) of the present rows that would be closed without a successor."""
        return len(self.clos) / self.avant if self.avant else 0.0

    def champs_modifies(self, cle: Cle) -> list[tuple[str, Any, Any]]:
        """For one modified key: (field, value before, value after) of each field that differs."""
        courante, apres = self.modifies[cle]
        return [
            (colonne.nom, avant, nouveau)
            for colonne, avant, nouveau in zip(self.table.valeurs, courante.valeurs, apres, strict=True)
            if avant != nouveau
        ]


def read_courants(table: Table, etablissement: Etablissement) -> dict[Cle, LigneCourante]:
    """Read the open rows of an établissement, keyed by natural key."""
    colonnes = (*table.cle, *table.valeurs)
    lookups = [lookup for colonne in colonnes for lookup in colonne.lookups]
    lignes = (
        table.modele.objects.courants()
        .filter(etablissement=etablissement, **table.constantes)
        .values_list("pk", "depuis", *lookups)
    )
    n_cle = len(table.cle)
    if len(lookups) == len(colonnes):
        return {ligne[2 : 2 + n_cle]: LigneCourante(ligne[0], ligne[1], ligne[2 + n_cle :]) for ligne in lignes}
    courants = {}
    for pk, depuis, *brut in lignes:
        naturels = tuple(_naturels(colonnes, brut))
        courants[naturels[:n_cle]] = LigneCourante(pk, depuis, naturels[n_cle:])
    return courants


def _naturels(colonnes: tuple[Colonne, ...], brut: list[Any]) -> Iterator[Any]:
    """Gather the fields of identities that have several into one tuple."""
    rang = 0
    for colonne in colonnes:
        largeur = len(colonne.lookups)
        yield brut[rang] if largeur == 1 else tuple(brut[rang : rang + largeur])
        rang += largeur


def compare(table: Table, courants: Mapping[Cle, LigneCourante], voulus: Mapping[Cle, Valeurs]) -> Changement:
    """Diff wanted rows against open ones, by key then by value."""
    changement = Changement(table)
    for cle, valeurs in voulus.items():
        courante = courants.get(cle)
        if courante is None:
            changement.ouverts[cle] = valeurs
        elif courante.valeurs != valeurs:
            changement.modifies[cle] = (courante, valeurs)
        else:
            changement.inchanges += 1
    changement.clos = {cle: ligne for cle, ligne in courants.items() if cle not in voulus}
    return changement

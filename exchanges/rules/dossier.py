"""The files of one school together, and how rules about them are applied.

A rule receives a ``Base`` and yields ``(eleve, objet, message)`` for every occurrence; a rule whose material is
missing (no ``sts_emp``, no ``Structures.xml``) yields nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from exchanges.parsers.records import (
    Eleve,
    Fichier,
    FichierCommun,
    FichierEDT,
    FichierElegroupe,
    FichierEleves,
    FichierEmploiDuTemps,
    FichierGeographique,
    FichierNomenclatures,
    FichierResponsables,
    FichierStructures,
    FichierSTS,
)
from exchanges.rules.base import Anomalie, regle_de


Constat = tuple[Eleve | None, str, str]


@dataclass(frozen=True)
class Base:
    """The files of a school that rules look at; ``None`` = not given."""

    eleves: FichierEleves | None = None
    responsables: FichierResponsables | None = None
    structures: FichierStructures | None = None
    commun: FichierCommun | None = None
    nomenclatures: FichierNomenclatures | None = None
    geographique: FichierGeographique | None = None
    sts: FichierSTS | None = None
    edt: FichierEDT | None = None
    emploi_du_temps: FichierEmploiDuTemps | None = None
    elegroupe: FichierElegroupe | None = None

    @property
    def scolarises(self) -> list[Eleve]:
        """Élèves who have not left."""
        return [eleve for eleve in self.eleves.eleves if eleve.date_sortie is None] if self.eleves else []


RegleDossier = Callable[[Base], Iterator[Constat]]

_PLACES: dict[type, str] = {
    FichierEleves: "eleves",
    FichierResponsables: "responsables",
    FichierStructures: "structures",
    FichierCommun: "commun",
    FichierNomenclatures: "nomenclatures",
    FichierGeographique: "geographique",
    FichierSTS: "sts",
    FichierEDT: "edt",
    FichierEmploiDuTemps: "emploi_du_temps",
    FichierElegroupe: "elegroupe",
}


def read_base(fichiers: Iterable[Fichier]) -> Base:
    """Sort parsed files into a ``Base``; of two files of one type, the last one counts."""
    return Base(**{_PLACES[type(f)]: f for f in fichiers if type(f) in _PLACES})  # type: ignore[arg-type]  # by type


def check_regles(regles: Iterable[RegleDossier], base: Base) -> list[Anomalie]:
    """Apply rules to the files given, in order."""
    return [
        Anomalie(
            regle=regle_de(regle),
            message=message,
            action=regle_de(regle).conseil,
            eleve_id=eleve.eleve_id if eleve else "",
            objet=objet,
            is_identifie=eleve is not None,
            nom=f"{eleve.nom_usage or eleve.nom_de_famille} {eleve.prenom}" if eleve else "",
            division=eleve.division if eleve else "",
        )
        for regle in regles
        for eleve, objet, message in regle(base)
    ]

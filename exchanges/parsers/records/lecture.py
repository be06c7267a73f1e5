"""What every file says of itself."""

from dataclasses import dataclass, field
from datetime import datetime

from exchanges.enums import TypeFichier


@dataclass(frozen=True, slots=True)
class Entete:
    """Who wrote the file, for which school and year.

    ``horodatage`` is HORODATAGE of a BEE export, DATE_EXPORT at midnight when only that is present,
    the timestamp of the file name for ELEGROUPE, ``None`` for ``sts_emp``.
    """

    type: TypeFichier
    uai: str
    annee: str
    version: str = ""
    horodatage: datetime | None = None
    logiciel: str = ""


@dataclass(frozen=True, slots=True)
class Remarque:
    """Something to say about how the file is written; ``code`` is stable, ``message`` is French."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Lecture:
    """What every file has beside its own rows.

    ``inconnus`` counts the elements that the parser does not know, by path: kept and counted, never fatal.
    ``remarques`` are the parser's own observations, ready to be shown (mojibake, BOM, schema 1.3…).
    """

    entete: Entete
    inconnus: dict[str, int] = field(default_factory=dict)
    remarques: tuple["Remarque", ...] = ()

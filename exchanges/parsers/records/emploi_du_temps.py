"""The timetable software's own view, in its export for ENTs (``sts_edt.md`` §4.2)."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ProfesseurEDT:
    """A Professeur of the ENT export; ``sts_id`` is the INDIVIDU's ID when EDT knows it."""

    ident: str
    nom: str
    prenom: str = ""
    sts_id: str = ""


@dataclass(frozen=True, slots=True)
class StructureEDT:
    """A Classe or a Groupe of the ENT export; names may be longer than what STS allows."""

    ident: str
    nom: str
    divisions: tuple[str, ...] = ()  # idents, of a Groupe
    parties: tuple[str, ...] = ()  # idents of PartieDeClasse


@dataclass(frozen=True, slots=True)
class EleveEDT:
    """An Eleve of the ENT export."""

    ident: str
    nom: str
    prenom: str = ""
    date_naissance: date | None = None
    ine: str = ""
    eleve_id: str = ""  # IDSconet
    divisions: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()

"""Cohortes of a Moodle and who is in them (``formats/aaf_ent.md`` §8)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CohorteMoodle:
    """A cohorte: ``idnumber`` is its key in the whole platform.

    Attributes:
        category_idnumber: the category of the school in Moodle (often its SIREN); ``""`` for the whole platform.
    """

    name: str
    idnumber: str
    description: str = ""
    category_idnumber: str = ""


@dataclass(frozen=True, slots=True)
class MembreMoodle:
    """A person and the ``idnumber`` of her cohortes; ``username`` is her identifiant in the ENT."""

    username: str
    firstname: str
    lastname: str
    email: str
    cohortes: tuple[str, ...] = ()

"""Cohortes of Moodle and who is in them, from the people that an ENT shows (``formats/aaf_ent.md`` §8.3).

Élèves are in the cohorte of their division and in those of their groupes, enseignants in those of their divisions and
in that of the school. A cohorte without anybody is not made, as ENTs purge theirs. Names are given by the writer.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

from exchanges.enums import TypeStructure
from exchanges.models import Etablissement
from exchanges.reports.aaf.portee import Portee
from exchanges.reports.aaf.titulaires import read_population
from exchanges.reports.comptes_ent import read_actifs
from exchanges.rules.eligibilite import ENSEIGNANT, EleveVu, PersonnelVu


class GenreCohorte(Enum):
    """Whom a cohorte gathers."""

    ELEVES_DIVISION = auto()
    PROFS_DIVISION = auto()
    ELEVES_GROUPE = auto()
    PROFS_ETABLISSEMENT = auto()


@dataclass(frozen=True, slots=True, order=True)
class Cohorte:
    """A cohorte of a school: ``code`` is that of the division or of the groupe; ``siren`` names its category."""

    uai: str
    rang: int
    code: str
    siren: str

    @property
    def genre(self) -> GenreCohorte:
        """Whom it gathers."""
        return GenreCohorte(self.rang)


@dataclass(slots=True)
class Membre:
    """A person and her cohortes."""

    login: str
    prenom: str
    nom: str
    cohortes: list[Cohorte] = field(default_factory=list)


def stream_membres(portee: Portee, ecole: Etablissement, instant: datetime) -> Iterator[Membre]:
    """Those of one school who have an active account and a cohorte.

    Args:
        portee: a reading of this school and of no other.
        instant: when the accounts are looked at.
    """
    population = read_population(portee, ecole.projet_ent.has_compte_personne_en_charge)
    jointures = [titulaire.jointure for titulaire in population.titulaires()]
    comptes = read_actifs(ecole.projet_ent, jointures, instant)
    personnes: Iterable[EleveVu | PersonnelVu] = (*population.eleves, *population.personnels)
    for personne in personnes:
        if personne.motif is None and personne.jointure in comptes:
            voulues = _of_eleve(personne) if isinstance(personne, EleveVu) else _of_personnel(personne)
            siennes = [Cohorte(ecole.uai, genre.value, code, ecole.siret[:9]) for genre, code in voulues]
            if siennes:
                yield Membre(comptes[personne.jointure].login, personne.prenom, personne.nom, siennes)


def _of_eleve(eleve: EleveVu) -> Iterator[tuple[GenreCohorte, str]]:
    if eleve.division:
        yield GenreCohorte.ELEVES_DIVISION, eleve.division
    for code in eleve.groupes:
        yield GenreCohorte.ELEVES_GROUPE, code


def _of_personnel(personnel: PersonnelVu) -> Iterator[tuple[GenreCohorte, str]]:
    divisions = {*personnel.structures(TypeStructure.DIVISION), *personnel.principal_de}
    for code in sorted(divisions):
        yield GenreCohorte.PROFS_DIVISION, code
    if personnel.fonction == ENSEIGNANT or personnel.services:
        yield GenreCohorte.PROFS_ETABLISSEMENT, ""


def merge_membres(membres: Iterable[Membre]) -> list[Membre]:
    """Each person once, with the cohortes of all her schools."""
    par_login: dict[str, Membre] = {}
    for membre in membres:
        connu = par_login.setdefault(membre.login, membre)
        if connu is not membre:
            connu.cohortes += membre.cohortes
    return list(par_login.values())


def list_cohortes(membres: Iterable[Membre]) -> list[Cohorte]:
    """The cohortes that have somebody, school by school."""
    return sorted({cohorte for membre in membres for cohorte in membre.cohortes})

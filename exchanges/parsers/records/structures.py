"""Divisions, groupes, services and who teaches them: BEE, STS-Web and the timetable software."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Cours:
    """A placed course of EDT_STS (``sts_edt.md`` §3). ``jour`` 1 is Monday; minutes since midnight, and long."""

    alternance: str
    jour: int
    debut: int
    duree: int
    salle: str = ""


@dataclass(frozen=True, slots=True)
class Enseignement:
    """One ``SERVICE/ENSEIGNANTS/ENSEIGNANT`` of STS."""

    individu_type: str  # epp or local
    individu_id: str
    heures: str = ""
    ponderation: str = ""
    cours: tuple["Cours", ...] = ()  # EDT_STS only


@dataclass(frozen=True, slots=True)
class Service:
    """A STS SERVICE: a matière given to a structure by somebody for some hours (``sts_edt.md`` §2.4)."""

    matiere: str
    modalite: str = "CG"
    heures: str = ""
    is_co_enseignement: bool = False
    enseignements: tuple[Enseignement, ...] = ()


@dataclass(frozen=True, slots=True)
class Division:
    """``DIVISION`` of ``Structures.xml`` or of ``sts_emp`` (services and effectifs: STS only)."""

    code: str
    libelle: str = ""
    mefs: tuple[str, ...] = ()
    effectif_prevu: int | None = None
    services: tuple[Service, ...] = ()
    effectif_calcule: int | None = None


@dataclass(frozen=True, slots=True)
class Groupe:
    """``GROUPE`` of ``Structures.xml`` or of ``sts_emp`` (services and effectifs: STS only)."""

    code: str
    libelle: str = ""
    mefs: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()
    effectif_prevu: int | None = None
    services: tuple[Service, ...] = ()
    effectif_calcule: int | None = None
    effectif_max: int | None = None  # EFFECTIF_MAX_EDT


@dataclass(frozen=True, slots=True)
class Principal:
    """One ``PROF_PRINC`` mandate of an INDIVIDU."""

    division: str
    date_debut: date | None = None
    date_fin: date | None = None


@dataclass(frozen=True, slots=True)
class Individu:
    """``INDIVIDU`` of ``sts_emp``; its key is (type, id) (``sts_edt.md`` §2.3)."""

    type: str  # epp, local; suppleant for a SUPPLEANT without TYPE
    id: str
    nom_usage: str = ""
    nom_patronymique: str = ""
    prenom: str = ""
    sexe: str = ""
    civilite: str = ""
    date_naissance: date | None = None
    fonction: str = ""
    grade: str = ""
    disciplines: tuple[str, ...] = ()
    principal_de: tuple[Principal, ...] = ()


@dataclass(frozen=True, slots=True)
class Alternance:
    """The weeks of a rhythm of EDT_STS: Mondays, whatever day the file gives (``sts_edt.md`` §3)."""

    code: str
    libelle: str = ""
    semaines: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Salle:
    """A SALLE_COURS of EDT_STS."""

    code: str
    groupe: str = ""
    localisation: str = ""


@dataclass(frozen=True, slots=True)
class Horaire:
    """Opening hours of one day (1 is Monday), in minutes since midnight."""

    jour: int
    debut: int
    fin: int


@dataclass(frozen=True, slots=True)
class IndividuEDT:
    """An INDIVIDU of EDT_STS: an identifier, no name; its PP indemnities and its AREs."""

    id: str
    indemnites: tuple[tuple[str, str], ...] = ()  # (CODE_STRUCTURE, MEFSTAT4)
    ares: tuple[tuple[str, str], ...] = ()  # (CODE_ARE, HEURES)

"""The records of a GAR export, second degree (``formats/aaf_ent.md`` §7): one entry of one document each.

Conventions: ``identifiant`` is the ENT's own (never a jointure nor an INE), every record names its school by ``uai``,
dates are ``datetime.date``, ``""`` and ``()`` are what is not sent. Every record is hashable.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date


DIVISION = "DIVISION"
GROUPE = "GROUPE"
STATUTS = (DIVISION, GROUPE)


@dataclass(frozen=True, slots=True)
class EtabGAR:
    """A school: ``GAREtab``. ``rattachement`` is the UAI of the school that runs a cité scolaire."""

    uai: str
    nom: str
    rattachement: str = ""
    contrat: str = ""
    telephone: str = ""
    mel: str = ""


@dataclass(frozen=True, slots=True)
class MefGAR:
    """A MEF of a school: ``GARMEF``."""

    uai: str
    code: str
    libelle: str
    rattachement: str = ""
    stat11: str = ""


@dataclass(frozen=True, slots=True)
class MatiereGAR:
    """A matière of a school: ``GARMatiere``."""

    uai: str
    code: str
    libelle: str


@dataclass(frozen=True, slots=True)
class EleveGAR:
    """An élève: ``GAREleve``.

    Attributes:
        profils: (UAI, profile) for each school; ``uais`` are the same schools.
        autres_prenoms: the usual one included.
        rattachement: UAI of the school of reference, ``""`` outside the perimeter.
    """

    identifiant: str
    nom: str
    prenom: str
    profils: tuple[tuple[str, str], ...]
    uais: tuple[str, ...]
    autres_prenoms: tuple[str, ...] = ()
    nom_patronymique: str = ""
    civilite: str = ""
    rattachement: str = ""
    date_naissance: date | None = None
    identifiant_secondaire: str = ""


@dataclass(frozen=True, slots=True)
class EnseignantGAR:
    """A member of the staff, not only who teaches: ``GAREnseignant``. See ``EleveGAR``.

    Attributes:
        disciplines: (UAI, codes of the postes held there) for each school where one is known.
    """

    identifiant: str
    nom: str
    prenom: str
    profils: tuple[tuple[str, str], ...]
    uais: tuple[str, ...]
    autres_prenoms: tuple[str, ...] = ()
    nom_patronymique: str = ""
    civilite: str = ""
    rattachement: str = ""
    date_naissance: date | None = None
    identifiant_secondaire: str = ""
    disciplines: tuple[tuple[str, tuple[str, ...]], ...] = ()
    mels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RespAffGAR:
    """Who gives the resources of a school to its people: ``GARRespAff``."""

    identifiant: str
    nom: str
    prenom: str
    mels: tuple[str, ...]
    uais: tuple[str, ...]
    civilite: str = ""


@dataclass(frozen=True, slots=True)
class PersonMefGAR:
    """A person in a MEF: ``GARPersonMEF``, in the document of the élèves or of the enseignants."""

    uai: str
    identifiant: str
    mef: str


@dataclass(frozen=True, slots=True)
class EleveEnseignementGAR:
    """A matière that an élève follows: ``GAREleveEnseignement``."""

    uai: str
    identifiant: str
    matiere: str


@dataclass(frozen=True, slots=True)
class GroupeGAR:
    """A division or a groupe: ``GARGroupe``. ``divisions`` are the codes a GROUPE draws its élèves from."""

    uai: str
    code: str
    libelle: str
    statut: str
    divisions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonGroupeGAR:
    """A person, élève or enseignant, in a division or a groupe: ``GARPersonGroupe``."""

    uai: str
    identifiant: str
    groupe: str


@dataclass(frozen=True, slots=True)
class EnsGroupeMatiereGAR:
    """The matières an enseignant teaches to a groupe: ``GAREnsGroupeMatiere``."""

    uai: str
    identifiant: str
    groupe: str
    matieres: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EnsDivisionMatiereGAR:
    """The matières an enseignant teaches to a division: ``GAREnsClasseMatiere``."""

    uai: str
    identifiant: str
    groupe: str
    matieres: tuple[str, ...]


EnregistrementGAR = (
    EtabGAR
    | MefGAR
    | MatiereGAR
    | EleveGAR
    | EnseignantGAR
    | RespAffGAR
    | PersonMefGAR
    | EleveEnseignementGAR
    | GroupeGAR
    | PersonGroupeGAR
    | EnsGroupeMatiereGAR
    | EnsDivisionMatiereGAR
)


@dataclass(frozen=True, slots=True)
class ExportGAR:
    """What one export holds, one school or a whole projet, in the order of the documents.

    The writer goes once over each field, in this order: anything iterable will do. The rules go over them several
    times: give them tuples (``freeze``).
    """

    etabs: Iterable[EtabGAR] = ()
    mefs: Iterable[MefGAR] = ()
    matieres: Iterable[MatiereGAR] = ()
    eleves: Iterable[EleveGAR] = ()
    eleves_mefs: Iterable[PersonMefGAR] = ()
    eleves_enseignements: Iterable[EleveEnseignementGAR] = ()
    enseignants: Iterable[EnseignantGAR] = ()
    enseignants_mefs: Iterable[PersonMefGAR] = ()
    groupes: Iterable[GroupeGAR] = ()
    personnes_groupes: Iterable[PersonGroupeGAR] = ()
    enseignants_groupes: Iterable[EnsGroupeMatiereGAR] = ()
    enseignants_divisions: Iterable[EnsDivisionMatiereGAR] = ()
    responsables_affectation: Iterable[RespAffGAR] = ()

    def freeze(self) -> "ExportGAR":
        """The same export, each kind as a tuple."""
        return ExportGAR(*(tuple(getattr(self, champ.name)) for champ in fields(self)))

"""One record per kind of file: its header, then its rows."""

from dataclasses import dataclass
from datetime import date

from exchanges.parsers.records.emploi_du_temps import EleveEDT, ProfesseurEDT, StructureEDT
from exchanges.parsers.records.lecture import Lecture
from exchanges.parsers.records.nomenclatures import EtablissementConnu, Lieu, Matiere, Mef, Periode
from exchanges.parsers.records.personnes import Eleve, EleveDepose, LienResponsable, Personne
from exchanges.parsers.records.structures import Alternance, Division, Groupe, Horaire, Individu, IndividuEDT, Salle


@dataclass(frozen=True, slots=True)
class FichierEleves(Lecture):
    """``ElevesSansAdresses.xml`` or ``ElevesAvecAdresses.xml``."""

    eleves: tuple[Eleve, ...] = ()


@dataclass(frozen=True, slots=True)
class FichierResponsables(Lecture):
    """``ResponsablesAvecAdresses.xml`` or ``ResponsablesSansAdresses.xml``."""

    personnes: tuple[Personne, ...] = ()
    liens: tuple[LienResponsable, ...] = ()


@dataclass(frozen=True, slots=True)
class FichierStructures(Lecture):
    """``Structures.xml`` of BEE."""

    divisions: tuple[Division, ...] = ()
    groupes: tuple[Groupe, ...] = ()


@dataclass(frozen=True, slots=True)
class FichierCommun(Lecture):
    """``Communs.xml`` of BEE."""

    denomination: str = ""  # DENOM_PRINC + DENOM_COMPL
    type_etab: str = ""  # CODE_TYPE_ETAB
    annee_eleves: Periode | None = None


@dataclass(frozen=True, slots=True)
class FichierNomenclatures(Lecture):
    """``Nomenclature.xml`` of BEE."""

    mefs: tuple[Mef, ...] = ()
    matieres: tuple[Matiere, ...] = ()


@dataclass(frozen=True, slots=True)
class FichierSTS(Lecture):
    """``sts_emp_<UAI>_<année>.xml``."""

    denomination: str = ""
    sigle: str = ""  # UAJ/SIGLE: CLG, LGT, LP
    academie_code: str = ""
    academie_libelle: str = ""
    mefs: tuple[Mef, ...] = ()
    matieres: tuple[Matiere, ...] = ()
    individus: tuple[Individu, ...] = ()  # SUPPLEANTS included, after the INDIVIDUS
    divisions: tuple[Division, ...] = ()
    groupes: tuple[Groupe, ...] = ()


@dataclass(frozen=True, slots=True)
class FichierGeographique(Lecture):
    """``Geographique.xml``; nesting not established (``formats/siecle.md`` §2.6): read by element name."""

    pays: tuple[Lieu, ...] = ()
    departements: tuple[Lieu, ...] = ()
    communes: tuple[Lieu, ...] = ()


@dataclass(frozen=True, slots=True)
class FichierEtablissements(Lecture):
    """``Etablissements.xml`` or ``EtablissementsEleves.xml``."""

    etablissements: tuple[EtablissementConnu, ...] = ()


@dataclass(frozen=True, slots=True)
class FichierEDT(Lecture):
    """``EDT_vers_STS_<UAI>_<année>.xml``: what the timetable software gives to STS-Web (``sts_edt.md`` §3)."""

    horaires: tuple[Horaire, ...] = ()
    alternances: tuple[Alternance, ...] = ()
    salles: tuple[Salle, ...] = ()
    individus: tuple[IndividuEDT, ...] = ()
    divisions: tuple[Division, ...] = ()
    groupes: tuple[Groupe, ...] = ()


@dataclass(frozen=True, slots=True)
class FichierEmploiDuTemps(Lecture):
    """The clear EDT → ENT export, ``ExportEmploiDuTemps`` (``sts_edt.md`` §4.2)."""

    matieres: tuple[Matiere, ...] = ()
    professeurs: tuple[ProfesseurEDT, ...] = ()
    divisions: tuple[StructureEDT, ...] = ()
    groupes: tuple[StructureEDT, ...] = ()
    eleves: tuple[EleveEDT, ...] = ()
    nombre_cours: int = 0


@dataclass(frozen=True, slots=True)
class FichierPrive(Lecture):
    """The full import of pupils by a private editor, ``<UAI>PRIVE…`` 2.0, 3.0 or 3.1 (``formats/siecle.md`` §4).

    Élèves carry their ID_PRV_ELE in ``id_prv_ele`` (``eleve_id`` is empty), personnes their ID_PRV_PER in
    ``personne_id``; a link's ``eleve_id`` is that ID_PRV_ELE.
    """

    personnes: tuple[Personne, ...] = ()
    eleves: tuple[Eleve, ...] = ()
    liens: tuple[LienResponsable, ...] = ()


@dataclass(frozen=True, slots=True)
class FichierElegroupe(Lecture):
    """The XML of an élève-groupe deposit."""

    date_import: date | None = None
    num_envoi: int | None = None
    eleves: tuple[EleveDepose, ...] = ()


Fichier = (
    FichierEleves
    | FichierResponsables
    | FichierStructures
    | FichierCommun
    | FichierNomenclatures
    | FichierSTS
    | FichierElegroupe
    | FichierGeographique
    | FichierEtablissements
    | FichierEDT
    | FichierEmploiDuTemps
    | FichierPrive
)

"""What the parsers read and the writers write: frozen values, without Django.

Conventions shared by every record:

* codes and identifiers are ``str`` and never cast to int (``formats/siecle.md`` §1.2);
* a missing element, an empty element and a blank one are all ``""`` (text) or ``None`` (dates, numbers);
* values are stripped at both ends; inner spaces of codes are kept (``"4 D"`` is legitimate);
* dates are ``datetime.date``, an export's horodatage is a naive ``datetime`` in the school's local time;
* tuples keep the order of the file.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

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
class Eleve:
    """``BEE_ELEVES/DONNEES/ELEVES/ELEVE`` joined with its OPTIONS and STRUCTURES blocks (§2.1)."""

    eleve_id: str
    nom_de_famille: str
    prenom: str
    date_naissance: date | None
    elenoet: str = ""
    ine: str = ""  # ID_NATIONAL, the INE in force
    ine_bea: str = ""
    ine_rnie: str = ""
    id_prv_ele: str = ""
    nom_usage: str = ""
    prenom2: str = ""
    prenom3: str = ""
    sexe: str = ""  # CODE_SEXE: 1 garçon, 2 fille
    pays_naissance: str = ""
    commune_naissance: str = ""  # CODE_COMMUNE_INSEE_NAISS
    ville_naissance: str = ""
    nationalite: str = ""  # CODE_PAYS_NAT
    regime: str = ""
    statut: str = ""
    mef: str = ""
    date_entree: date | None = None
    date_sortie: date | None = None
    motif_sortie: str = ""
    provenance: str = ""
    doublement: str = ""
    rne_an_dernier: str = ""  # SCOLARITE_AN_DERNIER/CODE_RNE
    mef_an_dernier: str = ""
    division: str = ""  # first STRUCTURE of type D
    groupes: tuple[str, ...] = ()  # STRUCTUREs of type G
    options: tuple[str, ...] = ()  # CODE_MATIERE, in NUM_OPTION order


@dataclass(frozen=True, slots=True)
class Personne:
    """``BEE_RESPONSABLES/…/PERSONNE`` (§2.2)."""

    personne_id: str
    nom_de_famille: str
    prenom: str = ""
    civilite: str = ""  # LC_CIVILITE
    nom_usage: str = ""
    tel_personnel: str = ""
    tel_portable: str = ""
    tel_professionnel: str = ""
    mel: str = ""
    accepte_sms: bool | None = None
    profession: str = ""
    code_postal: str = ""  # of the ADRESSE that ADRESSE_ID points at
    commune: str = ""  # LIBELLE_POSTAL of that ADRESSE
    adresse: tuple[str, ...] = ()  # its LIGNE1..4 that are not blank


@dataclass(frozen=True, slots=True)
class LienResponsable:
    """``RESPONSABLES/RESPONSABLE_ELEVE``, in the vocabulary of March 2018 (§2.2).

    A file from before is converted: RESP_LEGAL 1/2 → niveau 1, 0 → niveau 3; parenté 1 → 20, 2 → 10,
    3 → 50, 4 → 39, 5 → 51, 6 → 90, 7 → 70; RESP_FINANCIER → paie_frais_scolaires.
    """

    eleve_id: str
    personne_id: str
    niveau: str = ""  # 1 légal, 2 personne en charge, 3 contact
    parente: str = ""
    paie_frais_scolaires: bool | None = None
    percoit_aides: bool | None = None
    heberge_eleve: bool | None = None
    a_contacter_en_priorite: bool | None = None


@dataclass(frozen=True, slots=True)
class Enseignement:
    """One ``SERVICE/ENSEIGNANTS/ENSEIGNANT`` of STS."""

    individu_type: str  # epp or local
    individu_id: str
    heures: str = ""
    ponderation: str = ""
    cours: tuple["Cours", ...] = ()  # EDT_STS only


@dataclass(frozen=True, slots=True)
class Cours:
    """A placed course of EDT_STS (``sts_edt.md`` §3). ``jour`` 1 is Monday; minutes since midnight, and long."""

    alternance: str
    jour: int
    debut: int
    duree: int
    salle: str = ""


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
class Mef:
    """A MEF of ``Nomenclature.xml`` or of ``sts_emp`` (which has no selection flag: ``True``)."""

    code: str
    formation: str = ""
    libelle: str = ""
    is_selectionne: bool = True
    date_fermeture: date | None = None


@dataclass(frozen=True, slots=True)
class Matiere:
    """A MATIERE of ``Nomenclature.xml`` or of ``sts_emp``."""

    code: str
    code_gestion: str = ""
    libelle: str = ""
    is_etp: bool = False


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


@dataclass(frozen=True, slots=True)
class Lieu:
    """A country, a département or a commune of ``Geographique.xml``; ``parent`` is the département or académie."""

    code: str
    libelle: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class EtablissementConnu:
    """An ETABLISSEMENT of ``Etablissements.xml`` or ``EtablissementsEleves.xml``."""

    uai: str
    denomination: str = ""  # DENOM_PRINC + DENOM_COMPL
    sigle: str = ""
    nature: str = ""
    type_etab: str = ""
    secteur: str = ""  # PU, PR or **
    academie: str = ""
    code_postal: str = ""


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
    classes: tuple[str, ...] = ()  # idents, of a Groupe
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
    classes: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Periode:
    """The pupils' school year of the établissement (``BEE_COMMUN/ANNEE_SCOLAIRE``, §2.5)."""

    debut: date
    fin: date


@dataclass(frozen=True, slots=True)
class Inscription:
    """One GROUPE of an ELEVE of ELEGROUPE (§3.3)."""

    groupe: str
    date_debut: date | None = None
    date_fin: date | None = None


@dataclass(frozen=True, slots=True)
class EleveDepose:
    """One ELEVE of ELEGROUPE. Exactly one of ``eleve_id``, ``ine``, ``id_prv_ele`` is not empty."""

    nom_de_famille: str
    prenom: str
    date_naissance: date
    inscriptions: tuple[Inscription, ...]
    eleve_id: str = ""
    ine: str = ""
    id_prv_ele: str = ""
    nom_usage: str = ""
    prenom2: str = ""
    prenom3: str = ""

    @property
    def identifiant(self) -> str:
        """The identifier sent, whichever of the three it is."""
        return self.eleve_id or self.ine or self.id_prv_ele


@dataclass(frozen=True, slots=True)
class Lecture:
    """What every file has beside its own rows.

    ``inconnus`` counts the elements that the parser does not know, by path: kept and counted, never fatal.
    ``remarques`` are the parser's own observations, ready to be shown (mojibake, BOM, schema 1.3…).
    """

    entete: Entete
    inconnus: dict[str, int] = field(default_factory=dict)
    remarques: tuple["Remarque", ...] = ()


@dataclass(frozen=True, slots=True)
class Remarque:
    """Something to say about how the file is written; ``code`` is stable, ``message`` is French."""

    code: str
    message: str


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
    classes: tuple[StructureEDT, ...] = ()
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

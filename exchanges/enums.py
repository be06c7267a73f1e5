"""Closed vocabularies of the domain. Pure Python: no Django import here.

Each value is the word shown on screen or the code of the national applications, so that a row read in
the database, a JSON answer and a page say the same thing.
"""

from enum import StrEnum


class Gravite(StrEnum):
    """Severity, by its consequence for the data and nothing else (``style.md``)."""

    BLOQUANTE = "bloquante"  # the whole file is refused
    ERREUR = "erreur"  # this line is not imported
    AVERTISSEMENT = "avertissement"  # imported; somebody should look
    INFORMATION = "information"  # imported; nothing to do

    @property
    def libelle(self) -> str:
        """The word shown on screen."""
        return _GRAVITES[self]


_GRAVITES = {
    Gravite.BLOQUANTE: "Bloquante",
    Gravite.ERREUR: "Erreur",
    Gravite.AVERTISSEMENT: "Avertissement",
    Gravite.INFORMATION: "Information",
}


class TypeFichier(StrEnum):
    """What a file is, told by its root element, never by its name."""

    ELEGROUPE = "ELEGROUPE"
    ELEVES = "BEE_ELEVES"
    RESPONSABLES = "BEE_RESPONSABLES"
    STRUCTURES = "BEE_STRUCTURES"
    COMMUN = "BEE_COMMUN"
    NOMENCLATURES = "BEE_NOMENCLATURES"
    GEOGRAPHIQUE = "BEE_GEOGRAPHIQUE"
    ETABLISSEMENTS = "BEE_ETABLISSEMENTS"
    STS_EDT = "STS_EDT"
    EDT_STS = "EDT_STS"
    PRIVE = "PRIVE"
    EMPLOI_DU_TEMPS = "EXPORT_EMPLOI_DU_TEMPS"

    @property
    def libelle(self) -> str:
        """The export's name as a secretary knows it."""
        return _TYPES_FICHIER[self]


_TYPES_FICHIER = {
    TypeFichier.ELEGROUPE: "Liens élève-groupe (EDT, PRONOTE)",
    TypeFichier.ELEVES: "Élèves (SIECLE)",
    TypeFichier.RESPONSABLES: "Responsables (SIECLE)",
    TypeFichier.STRUCTURES: "Structures (SIECLE)",
    TypeFichier.COMMUN: "Exports communs (SIECLE)",
    TypeFichier.NOMENCLATURES: "Nomenclature (SIECLE)",
    TypeFichier.GEOGRAPHIQUE: "Géographique (SIECLE)",
    TypeFichier.ETABLISSEMENTS: "Établissements (SIECLE)",
    TypeFichier.STS_EDT: "Emploi du temps (STS-Web)",
    TypeFichier.EDT_STS: "EDT vers STS-Web",
    TypeFichier.PRIVE: "Import complet des élèves (logiciel privé)",
    TypeFichier.EMPLOI_DU_TEMPS: "Emploi du temps pour l'ENT (EDT, PRONOTE)",
}


class Couche(StrEnum):
    """A layer of the chain that has facts of its own."""

    STS = "STS"
    BEE = "BEE"


class TypeStructure(StrEnum):
    """STS and SIECLE's own letters (``formats/siecle.md`` §2.1)."""

    DIVISION = "D"
    GROUPE = "G"


class Relais(StrEnum):
    """One relay of the chain, in the order in which data goes through them."""

    SIECLE = "SIECLE"
    AAF = "AAF"
    ENT = "ENT"
    GAR = "GAR"
    MOODLE = "MOODLE"


class GenreAAF(StrEnum):
    """Two exports of the AAF, and the passages further down that carry them (``formats/aaf_ent.md`` §1.3)."""

    COMPLET = "complet"  # every record of the perimeter: an absence means a departure
    DELTA = "delta"  # what changed since the passage before

    @property
    def mot(self) -> str:
        """The word of the file names."""
        return self.value.capitalize()


class CategorieAAF(StrEnum):
    """The six kinds of records of the AAF, by the token of their file names."""

    ETAB = "EtabEducNat"
    MATIERE = "MatiereEducNat"
    MEF = "MefEducNat"
    ELEVE = "Eleve"
    RESPONSABLE = "PersRelEleve"
    PERSONNEL = "PersEducNat"


class OperationAAF(StrEnum):
    """What the AAF asks an ENT to do with a record, by the element that says so."""

    AJOUT = "addRequest"
    MODIFICATION = "modifyRequest"  # repeats every attribute
    SUPPRESSION = "deleteRequest"  # the identifier only


class EtatCompteENT(StrEnum):
    """What an ENT account is, from one day to another."""

    ACTIF = "actif"
    DESACTIVE = "desactive"  # gone from a complet: kept for the projet's delay
    SUPPRIME = "supprime"


class UsageJeton(StrEnum):
    """What a machine may do with its token."""

    DEPOT = "depot"  # hand in élève-groupe files for one school
    LECTURE = "lecture"  # read the figures of an académie


class Role(StrEnum):
    """What a person may do, and on which perimeter."""

    SECRETARIAT = "secretariat"
    DIRECTION = "direction"
    DANE = "dane"
    ADMIN = "admin"


class EtatDepot(StrEnum):
    """Life of an élève-groupe deposit, in the words of the screen."""

    CONTROLE = "controle"  # read and judged, not confirmed: nothing is deposited yet
    DEPOSE = "depose"  # confirmed, waits for the night
    REMPLACE = "remplace"  # a newer deposit took its place before the night
    ABANDONNE = "abandonne"  # given up by its author before the night
    IMPORTE = "importe"  # the night has run
    ECHEC = "echec"  # the night failed for a reason of ours; nothing was imported


class ModeDepot(StrEnum):
    """SIECLE's own column « mode »."""

    MANUEL = "manuel"
    AUTOMATIQUE = "automatique"


class EtatChargement(StrEnum):
    """Life of a batch of SIECLE and STS files."""

    CONTROLE = "controle"  # read and compared, not confirmed: nothing is changed yet
    APPLIQUE = "applique"
    ABANDONNE = "abandonne"


class NatureActe(StrEnum):
    """What made facts change, or what somebody did in a national application."""

    CHARGEMENT = "chargement"  # files of the school were loaded
    NUIT = "nuit"  # SIECLE's overnight import of a deposit
    EXPORT_STRUCTURE = "export_structure"  # STS-Web > Exports > Structure
    EXPORT_SERVICES = "export_services"  # STS-Web > Exports > Services
    REMPLACEMENT = "remplacement"  # REP: services moved to somebody whom STS knows
    SUPPLEANCE = "suppleance"  # SUP: services given to somebody typed in with dates


class OrigineActe(StrEnum):
    """How an act is known."""

    FAIT = "fait"  # it was done here: files loaded, a night, an export of a simulated académie
    DECLARE = "declare"  # somebody said so
    DEDUIT = "deduit"  # a file shows it


class PreuveActe(StrEnum):
    """What later files say of an act that was declared."""

    CONFIRME = "confirme"
    CONTREDIT = "contredit"


class EtatTache(StrEnum):
    """Life of a job in the table that is the queue of record."""

    ATTENTE = "attente"
    EN_COURS = "en_cours"
    FAIT = "fait"
    ABANDON = "abandon"  # attempts exhausted: somebody must look


class EtatPassage(StrEnum):
    """Outcome of one run of one relay."""

    PREVU = "prevu"
    FAIT = "fait"
    ECHEC = "echec"
    ANNULE = "annule"  # its deposit was replaced or given up
    RETENU = "retenu"  # it would remove too much: waits for a human
    SAUTE = "saute"  # it did not take place: the next one catches up


class Section(StrEnum):
    """The two sections of SIECLE's compte-rendu (``formats/siecle.md`` §3.7)."""

    REJET = "rejet"
    ANOMALIE = "anomalie"

"""Élèves and responsables, as BEE exports them and as a deposit names them."""

from dataclasses import dataclass
from datetime import date


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

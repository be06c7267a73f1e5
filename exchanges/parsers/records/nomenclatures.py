"""Codes and places."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Mef:
    """A MEF of ``Nomenclature.xml`` or of ``sts_emp`` (which has no selection flag: ``True``)."""

    code: str
    formation: str = ""
    libelle: str = ""
    is_selectionne: bool = True
    date_fermeture: date | None = None
    rattachement: str = ""  # MEF_RATTACHEMENT
    mefstat: str = ""  # CODE_MEFSTAT, the MEFSTAT11 of the AAF


@dataclass(frozen=True, slots=True)
class Matiere:
    """A MATIERE of ``Nomenclature.xml`` or of ``sts_emp``."""

    code: str
    code_gestion: str = ""
    libelle: str = ""
    is_etp: bool = False


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
class Periode:
    """The pupils' school year of the établissement (``BEE_COMMUN/ANNEE_SCOLAIRE``, §2.5)."""

    debut: date
    fin: date

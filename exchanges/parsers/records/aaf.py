"""The records of the annuaire académique fédérateur, as its files carry them (``formats/aaf_ent.md`` §2).

All meaning lies in attribute names and ``$``-separated values: a record is its number and, for each attribute of its
category, in the fixed order of the files, the values (``()`` for an empty attribute).
"""

from dataclasses import dataclass
from datetime import date

from exchanges.enums import CategorieAAF, GenreAAF, OperationAAF


Valeurs = tuple[str, ...]

# Order of §2 with the attributes of VE2407; left out: those whose syntax is not established (…Date, ENTPersonSTSId).
ATTRIBUTS: dict[CategorieAAF, tuple[str, ...]] = {
    CategorieAAF.ELEVE: (
        "ENTPersonJointure",
        "ENTEleveINE",
        "ENTEleveStructRattachId",
        "ENTPersonDateNaissance",
        "ENTPersonNomPatro",
        "sn",
        "givenName",
        "ENTPersonAutresPrenoms",
        "personalTitle",
        "ENTElevePersRelEleve",
        "ENTEleveBoursier",
        "ENTEleveRegime",
        "ENTEleveTransport",
        "ENTPersonAdresse",
        "ENTPersonCodePostal",
        "ENTPersonVille",
        "ENTPersonPays",
        "ENTEleveAdresseRel",
        "ENTEleveStatutEleve",
        "ENTEleveMEF",
        "ENTEleveLibelleMEF",
        "ENTEleveNivFormation",
        "ENTEleveFiliere",
        "ENTEleveEnseignements",
        "ENTEleveCodeEnseignements",
        "ENTPersonStructRattach",
        "ENTEleveDateEntreeClasses",
        "ENTEleveDateSortieClasses",
        "ENTEleveClasses",
        "ENTEleveGroupes",
    ),
    CategorieAAF.RESPONSABLE: (
        "ENTPersonJointure",
        "ENTPersonDateNaissance",
        "ENTPersonNomPatro",
        "sn",
        "givenName",
        "personalTitle",
        "ENTAuxPersRelEleveEleve",
        "homePhone",
        "telephoneNumber",
        "ENTPersonAdresse",
        "ENTPersonCodePostal",
        "ENTPersonVille",
        "ENTPersonPays",
        "ENTPersonAdresseDiffusion",
        "mobile",
        "mail",
        "ENTPersonMobileSMS",
    ),
    CategorieAAF.PERSONNEL: (
        "ENTPersonJointure",
        "ENTPersonDateNaissance",
        "ENTPersonNomPatro",
        "sn",
        "givenName",
        "ENTPersonAutresPrenoms",
        "personalTitle",
        "mail",
        "ENTPersonStructRattach",
        "ENTAuxEnsCategoDiscipline",
        "ENTAuxEnsDisciplinesPoste",
        "ENTAuxEnsMEF",
        "ENTAuxEnsMatiereEnseignEtab",
        "ENTAuxEnsClasses",
        "ENTAuxEnsGroupes",
        "ENTAuxEnsClassesMatieres",
        "ENTAuxEnsGroupesMatieres",
        "ENTAuxEnsClassesPrincipal",
        "ENTPersonFonctions",
        "ENTPersonCategorieEnseignant",
        "PersEducNatPresenceDevantEleves",
    ),
    CategorieAAF.ETAB: (
        "ENTStructureJointure",
        "ENTStructureUAI",
        "ENTEtablissementUAI",
        "ENTStructureSIREN",
        "ENTStructureNomCourant",
        "ENTStructureTypeStruct",
        "ENTStructureCodeTypeStruct",
        "ENTEtablissementMinistereTutelle",
        "ENTEtablissementCodeMinistereTutelle",
        "ENTEtablissementContrat",
        "postOfficeBox",
        "street",
        "postalCode",
        "l",
        "telephoneNumber",
        "facsimileTelephoneNumber",
        "ENTStructureMailSI",
        "ENTEtablissementStructRattachFctl",
        "ENTEtablissementBassin",
        "ENTServAcAcademie",
        "ENTServAcCodeAcademie",
        "ENTStructureClasses",
        "ENTStructureGroupes",
    ),
    CategorieAAF.MEF: (
        "ENTMefJointure",
        "ENTLibelleMef",
        "ENTMEFRattach",
        "ENTMEFSTAT11",
    ),
    CategorieAAF.MATIERE: ("ENTMatJointure", "ENTLibelleMatiere"),
}
# What an ENT compares as sets; the parallel lists of enseignements keep their order (§10).
LISTES_ORDONNEES = frozenset({"ENTEleveEnseignements", "ENTEleveCodeEnseignements"})
PERSONNES = (CategorieAAF.ELEVE, CategorieAAF.RESPONSABLE, CategorieAAF.PERSONNEL)
NUMEROTEES = (*PERSONNES, CategorieAAF.ETAB)
ORDRE = {categorie: rang for rang, categorie in enumerate(CategorieAAF)}  # that of the consumers (§6.1)
# The attribute and the value that name a category: MatEducNat is not the token of its file names (§1.2).
OPERATIONNELS = {
    CategorieAAF.ETAB: ("categorieStructure", "EtabEducNat"),
    CategorieAAF.MATIERE: ("categorieMatiere", "MatEducNat"),
    CategorieAAF.MEF: ("categorieMef", "MefEducNat"),
    CategorieAAF.ELEVE: ("categoriePersonne", "Eleve"),
    CategorieAAF.RESPONSABLE: ("categoriePersonne", "PersRelEleve"),
    CategorieAAF.PERSONNEL: ("categoriePersonne", "PersEducNat"),
}


@dataclass(frozen=True, slots=True)
class Enregistrement:
    """One record: ``identifiant`` is the jointure attribute too; ``valeurs`` follows ``ATTRIBUTS[categorie]``.

    A value is never ``""``: an attribute without value is ``()``, as the files cannot tell one from the other.
    Persons and schools are sorted by ``int(identifiant)``, MEFs and matières by the text.
    """

    categorie: CategorieAAF
    identifiant: str
    valeurs: tuple[Valeurs, ...]

    def get(self, attribut: str) -> Valeurs:
        """The values of an attribute.

        Raises:
            ValueError: the category has no such attribute.
        """
        return self.valeurs[ATTRIBUTS[self.categorie].index(attribut)]


@dataclass(frozen=True, slots=True)
class Operation:
    """One request of a file; ``enregistrement`` is ``None`` for a SUPPRESSION, which knows the number only."""

    nature: OperationAAF
    categorie: CategorieAAF
    identifiant: str
    enregistrement: Enregistrement | None = None


def add(enregistrement: Enregistrement) -> Operation:
    """The addRequest of a record: every record of a complet."""
    return Operation(OperationAAF.AJOUT, enregistrement.categorie, enregistrement.identifiant, enregistrement)


def modify(enregistrement: Enregistrement) -> Operation:
    """The modifyRequest that says the whole of a record again."""
    return Operation(OperationAAF.MODIFICATION, enregistrement.categorie, enregistrement.identifiant, enregistrement)


def delete(categorie: CategorieAAF, identifiant: str) -> Operation:
    """The deleteRequest of a number."""
    return Operation(OperationAAF.SUPPRESSION, categorie, identifiant)


def sort_key(categorie: CategorieAAF, identifiant: str) -> tuple[int, int | str]:
    """Where a record stands in an export: by category, then persons and schools by number, the others by text.

    Raises:
        ValueError: the identifier of a person or of a school is not a number.
    """
    numerique = categorie in NUMEROTEES
    return (ORDRE[categorie], int(identifiant) if numerique else identifiant)


@dataclass(frozen=True, slots=True)
class EnteteAAF:
    """What one export is, for its file names and its comments (§1.1, §1.2).

    Attributes:
        prefixe: the project's, agreed with the rectorat (``ENT2DVA``).
        portee: UAI of the one school, or a word for the whole projet; ``""`` when the names have none.
        academie: ``codeAcademieExport``, free text.
    """

    prefixe: str
    portee: str
    genre: GenreAAF
    jour: date
    academie: str = ""

"""STS, EDT and SIECLE files for the rules on a school's files, in one line each. Every name here is invented."""

from datetime import datetime

from exchanges.enums import TypeFichier
from exchanges.parsers.records import (
    Division,
    Enseignement,
    Entete,
    FichierCommun,
    FichierEDT,
    FichierNomenclatures,
    FichierStructures,
    FichierSTS,
    Groupe,
    Individu,
    Service,
)
from exchanges.rules.dossier import Base, check_regles
from tests.rules.makers import ANNEE, MEF, UAI


FRANCAIS = "020700"


def make_entete(type_fichier, annee="2026", horodatage=None):
    return Entete(type_fichier, UAI, annee, horodatage=horodatage)


def make_service(*ids, matiere=FRANCAIS, **champs):
    """A service given by these persons of the rectorat."""
    return Service(matiere, enseignements=tuple(Enseignement("epp", individu_id) for individu_id in ids), **champs)


def make_division(code="6A", **champs):
    """A sound division: one MEF, one service by 11."""
    return Division(code, **({"mefs": (MEF,), "services": (make_service("11"),)} | champs))


def make_groupe(code="6AGL1", **champs):
    """A sound groupe of 6A: one MEF, one service by 11."""
    return Groupe(code, **({"mefs": (MEF,), "divisions": ("6A",), "services": (make_service("11"),)} | champs))


def make_sts(divisions=None, groupes=None, annee="2026", **champs):
    """``sts_emp``: one sound division, one sound groupe, teacher 11."""
    return FichierSTS(
        entete=make_entete(TypeFichier.STS_EDT, annee),
        divisions=(make_division(),) if divisions is None else divisions,
        groupes=(make_groupe(),) if groupes is None else groupes,
        **({"individus": (Individu("epp", "11", "MODELE", prenom="Anne"),)} | champs),
    )


def make_edt(divisions=None, groupes=None, **champs):
    """``EDT_vers_STS``: the same structures and services as ``make_sts``, without the MEF that EDT never writes."""
    return FichierEDT(
        entete=make_entete(TypeFichier.EDT_STS),
        divisions=(make_division(mefs=()),) if divisions is None else divisions,
        groupes=(make_groupe(mefs=()),) if groupes is None else groupes,
        **champs,
    )


def make_structures(divisions=(), groupes=()):
    return FichierStructures(entete=make_entete(TypeFichier.STRUCTURES), divisions=divisions, groupes=groupes)


def make_commun(jour, annee="2026", periode=ANNEE):
    """``Communs.xml`` exported that day."""
    entete = make_entete(TypeFichier.COMMUN, annee, datetime.combine(jour, datetime.min.time()))
    return FichierCommun(entete=entete, annee_eleves=periode)


def make_nomenclatures(**champs):
    return FichierNomenclatures(entete=make_entete(TypeFichier.NOMENCLATURES), **champs)


def found(regles, **fichiers):
    """(code, objet) of every anomaly of these rules on these files."""
    return [(anomalie.code, anomalie.objet) for anomalie in check_regles(regles, Base(**fichiers))]


def messages(regle, **fichiers):
    """What one rule says of these files."""
    return [message for _, _, message in regle(Base(**fichiers))]

"""Records and referentiels for the rules, in one line each. Every name here is invented."""

from datetime import date

from exchanges.enums import TypeFichier
from exchanges.parsers.records import EleveDepose, Entete, FichierElegroupe, Inscription, Periode
from exchanges.rules.referentiel import EleveConnu, Referentiel
from exchanges.rules.verdict import Verdict, check_elegroupe


UAI = "0990001D"
MEF = "10010012110"
NAISSANCE = date(2014, 5, 17)
ANNEE = Periode(date(2026, 9, 1), date(2027, 7, 3))
SUD = Periode(date(2018, 2, 19), date(2018, 12, 14))  # domain.md: the year of New Caledonia in 2018


def make_connu(eleve_id="1001", **champs) -> EleveConnu:
    """An élève of BEE, in the MEF of the groupes below."""
    defauts = {
        "nom_de_famille": "MODELE",
        "prenom": "Maëlys",
        "date_naissance": NAISSANCE,
        "mef": MEF,
        "division": "6A",
    }
    return EleveConnu(eleve_id=eleve_id, **(defauts | champs))


def make_depose(*groupes, **champs) -> EleveDepose:
    """An ELEVE of the file; a groupe is a code or an ``Inscription``. Identified by ELEVE_ID 1001 by default."""
    inscriptions = tuple(g if isinstance(g, Inscription) else Inscription(g) for g in groupes or ("6AGL1",))
    defauts = {"nom_de_famille": "MODELE", "prenom": "Maëlys", "date_naissance": NAISSANCE}
    if not champs.keys() & {"eleve_id", "ine", "id_prv_ele"}:
        defauts["eleve_id"] = "1001"
    return EleveDepose(inscriptions=inscriptions, **(defauts | champs))


def make_fichier(*deposes) -> FichierElegroupe:
    """An élève-groupe file of these ELEVE."""
    return FichierElegroupe(entete=Entete(TypeFichier.ELEGROUPE, UAI, "2026"), eleves=deposes)


def make_referentiel(*connus, **champs) -> Referentiel:
    """What BEE knows: the élèves given (one by default), groupes 6AGL1 and 6ESP1 in their MEF."""
    groupes = {"6AGL1": frozenset({MEF}), "6ESP1": frozenset({MEF})}
    defauts = {"eleves": connus or (make_connu(),), "mefs_des_groupes": groupes, "periode": ANNEE}
    return Referentiel(**(defauts | champs))


def judge(*deposes, **champs) -> Verdict:
    """The verdict on these ELEVE; ``eleves`` and the other fields of the referentiel by keyword."""
    eleves = champs.pop("eleves", (make_connu(),))
    return check_elegroupe(make_fichier(*deposes), make_referentiel(*eleves, **champs))


def codes(verdict: Verdict) -> list[str]:
    """Codes of the anomalies, in the order of the file."""
    return [anomalie.code for anomalie in verdict.anomalies]

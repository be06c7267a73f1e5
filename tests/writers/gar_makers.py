"""A small export to the GAR, and one record of each kind. Every name here is invented."""

from dataclasses import replace
from datetime import date

from exchanges.parsers.records.gar import (
    EleveEnseignementGAR,
    EleveGAR,
    EnsDivisionMatiereGAR,
    EnseignantGAR,
    EnsGroupeMatiereGAR,
    EtabGAR,
    ExportGAR,
    GroupeGAR,
    MatiereGAR,
    MefGAR,
    PersonGroupeGAR,
    PersonMefGAR,
    RespAffGAR,
)


UAI = "0990001A"
MEF = "10310019110"


def make_eleve(identifiant="e-1", **champs) -> EleveGAR:
    """An élève of ``UAI``."""
    defauts = {
        "nom": "DUTEST",
        "prenom": "Chloé",
        "profils": ((UAI, "National_elv"),),
        "uais": (UAI,),
        "autres_prenoms": ("Chloé", "Anaïs"),
        "civilite": "Mme",
        "rattachement": UAI,
        "date_naissance": date(2012, 2, 6),
    }
    return EleveGAR(identifiant, **(defauts | champs))


def make_enseignant(identifiant="p-1", **champs) -> EnseignantGAR:
    """An enseignante of ``UAI``."""
    defauts = {
        "nom": "PROF",
        "prenom": "Amélie",
        "profils": ((UAI, "National_ens"),),
        "uais": (UAI,),
        "civilite": "Mme",
        "disciplines": ((UAI, ("L0426",)),),
        "mels": ("amelie.prof@ac-fictif.example",),
    }
    return EnseignantGAR(identifiant, **(defauts | champs))


def make_resp_aff(identifiant="p-2", **champs) -> RespAffGAR:
    """Who gives the resources of ``UAI``."""
    defauts = {"nom": "CHEF", "prenom": "Paul", "mels": ("paul.chef@ac-fictif.example",), "uais": (UAI,)}
    return RespAffGAR(identifiant, **(defauts | champs))


def make_export(**champs) -> ExportGAR:
    """A sound school: one élève, one enseignante, a division and a groupe; ``champs`` replace whole kinds."""
    export = ExportGAR(
        etabs=(EtabGAR(UAI, "COLLEGE FICTIF", contrat="PU", mel=f"ce.{UAI}@ac-fictif.example"),),
        mefs=(MefGAR(UAI, MEF, "3EME", MEF, "21110010012"),),
        matieres=(MatiereGAR(UAI, "030602", "ESPAGNOL LV2"),),
        eleves=(make_eleve(),),
        eleves_mefs=(PersonMefGAR(UAI, "e-1", MEF),),
        eleves_enseignements=(EleveEnseignementGAR(UAI, "e-1", "030602"),),
        enseignants=(make_enseignant(),),
        enseignants_mefs=(PersonMefGAR(UAI, "p-1", MEF),),
        groupes=(GroupeGAR(UAI, "3B", "3EME B", "DIVISION"), GroupeGAR(UAI, "3B ESP", "", "GROUPE", ("3B",))),
        personnes_groupes=(
            PersonGroupeGAR(UAI, "e-1", "3B"),
            PersonGroupeGAR(UAI, "e-1", "3B ESP"),
            PersonGroupeGAR(UAI, "p-1", "3B ESP"),
        ),
        enseignants_groupes=(EnsGroupeMatiereGAR(UAI, "p-1", "3B ESP", ("030602",)),),
        enseignants_divisions=(EnsDivisionMatiereGAR(UAI, "p-1", "3B", ("030602",)),),
        responsables_affectation=(make_resp_aff(),),
    )
    return replace(export, **champs)

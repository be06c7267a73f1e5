"""The digital twin of the chain, in tables."""

from exchanges.models.acces import Habilitation, Utilisateur
from exchanges.models.echanges import Acte, AnomalieDepot, Chargement, Depot, FichierCharge
from exchanges.models.etablissement import Academie, Etablissement, ProjetENT
from exchanges.models.personnes import (
    Eleve,
    FicheEleve,
    FicheIndividu,
    FicheResponsable,
    Individu,
    LienGroupe,
    LienPrincipal,
    LienResponsable,
    Responsable,
)
from exchanges.models.structure import (
    Division,
    FicheDivision,
    FicheGroupe,
    FicheMatiere,
    FicheMef,
    FicheService,
    Groupe,
    LienService,
    Service,
)
from exchanges.models.taches import Battement, Passage, Tache


__all__ = [
    "Academie",
    "Acte",
    "AnomalieDepot",
    "Battement",
    "Chargement",
    "Depot",
    "Division",
    "Eleve",
    "Etablissement",
    "FicheDivision",
    "FicheEleve",
    "FicheGroupe",
    "FicheIndividu",
    "FicheMatiere",
    "FicheMef",
    "FicheResponsable",
    "FicheService",
    "FichierCharge",
    "Groupe",
    "Habilitation",
    "Individu",
    "LienGroupe",
    "LienPrincipal",
    "LienResponsable",
    "LienService",
    "Passage",
    "ProjetENT",
    "Responsable",
    "Service",
    "Tache",
    "Utilisateur",
]

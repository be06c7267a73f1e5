"""The digital twin of the chain, in tables."""

from exchanges.models.acces import Decompte, Habilitation, Jeton, Utilisateur
from exchanges.models.annuaire import CompteENT, EtatCompte, Jointure
from exchanges.models.compteurs import Compteurs, ReleveHebdo
from exchanges.models.constats import Constat, SuiviConstats
from exchanges.models.echanges import Acte, AnomalieDepot, Chargement, Depot, FichierCharge, LigneJournal
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
    "CompteENT",
    "Compteurs",
    "Constat",
    "Decompte",
    "Depot",
    "Division",
    "Eleve",
    "Etablissement",
    "EtatCompte",
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
    "Jeton",
    "Jointure",
    "LienGroupe",
    "LienPrincipal",
    "LienResponsable",
    "LienService",
    "LigneJournal",
    "Passage",
    "ProjetENT",
    "ReleveHebdo",
    "Responsable",
    "Service",
    "SuiviConstats",
    "Tache",
    "Utilisateur",
]

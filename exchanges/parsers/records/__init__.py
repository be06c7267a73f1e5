"""What the parsers read and the writers write: frozen values, without Django.

Conventions shared by every record:

* codes and identifiers are ``str`` and never cast to int (``formats/siecle.md`` §1.2);
* a missing element, an empty element and a blank one are all ``""`` (text) or ``None`` (dates, numbers);
* values are stripped at both ends; inner spaces of codes are kept (``"4 D"`` is legitimate);
* dates are ``datetime.date``, an export's horodatage is a naive ``datetime`` in the school's local time;
* tuples keep the order of the file.
"""

from exchanges.parsers.records.emploi_du_temps import (
    EleveEDT,
    ProfesseurEDT,
    StructureEDT,
)
from exchanges.parsers.records.fichiers import (
    Fichier,
    FichierCommun,
    FichierEDT,
    FichierElegroupe,
    FichierEleves,
    FichierEmploiDuTemps,
    FichierEtablissements,
    FichierGeographique,
    FichierNomenclatures,
    FichierPrive,
    FichierResponsables,
    FichierStructures,
    FichierSTS,
)
from exchanges.parsers.records.lecture import (
    Entete,
    Lecture,
    Remarque,
)
from exchanges.parsers.records.nomenclatures import (
    EtablissementConnu,
    Lieu,
    Matiere,
    Mef,
    Periode,
)
from exchanges.parsers.records.personnes import (
    Eleve,
    EleveDepose,
    Inscription,
    LienResponsable,
    Personne,
)
from exchanges.parsers.records.structures import (
    Alternance,
    Cours,
    Division,
    Enseignement,
    Groupe,
    Horaire,
    Individu,
    IndividuEDT,
    Principal,
    Salle,
    Service,
)


__all__ = [
    "Alternance",
    "Cours",
    "Division",
    "Eleve",
    "EleveDepose",
    "EleveEDT",
    "Enseignement",
    "Entete",
    "EtablissementConnu",
    "Fichier",
    "FichierCommun",
    "FichierEDT",
    "FichierElegroupe",
    "FichierEleves",
    "FichierEmploiDuTemps",
    "FichierEtablissements",
    "FichierGeographique",
    "FichierNomenclatures",
    "FichierPrive",
    "FichierResponsables",
    "FichierSTS",
    "FichierStructures",
    "Groupe",
    "Horaire",
    "Individu",
    "IndividuEDT",
    "Inscription",
    "Lecture",
    "LienResponsable",
    "Lieu",
    "Matiere",
    "Mef",
    "Periode",
    "Personne",
    "Principal",
    "ProfesseurEDT",
    "Remarque",
    "Salle",
    "Service",
    "StructureEDT",
]

"""What the tests of STS need on top of ``tests.makers``: its files, and its services at a glance."""

from exchanges.enums import Couche, TypeFichier
from exchanges.models import Etablissement, FicheGroupe, LienService
from exchanges.parsers.records import (
    Division,
    Enseignement,
    Entete,
    FichierEDT,
    FichierStructures,
    FichierSTS,
    Groupe,
    Individu,
    Service,
)
from tests.makers import ANNEE, GROUPES, LUNDI, MEF, make_entete


ANGLAIS, ESPAGNOL = "030201", "030602"
DUPONT, MARTIN = ("epp", "7"), ("epp", "8")


def make_service(matiere: str = ANGLAIS, qui: tuple[str, str] | None = DUPONT, heures: str = "3.00") -> Service:
    """A service of one enseignant, or of nobody."""
    enseignements = (Enseignement(*qui, heures),) if qui else ()
    return Service(matiere, heures=heures, enseignements=enseignements)


def make_sts(etablissement: Etablissement, groupes=GROUPES, **champs) -> FichierSTS:
    """``sts_emp``: 6A and groupes, each with the anglais of epp 7; two enseignants."""
    defauts = {
        "individus": (
            Individu(*DUPONT, nom_usage="ESSAI", prenom="Lou", fonction="ENS", disciplines=("L0422",)),
            Individu(*MARTIN, nom_usage="AUTRE", prenom="Sam", fonction="ENS"),
        ),
        "divisions": (Division("6A", "SIXIEME A", mefs=(MEF,), services=(make_service(),)),),
        "groupes": tuple(
            Groupe(code, code, mefs=(MEF,), divisions=("6A",), services=(make_service(),)) for code in groupes
        ),
    }
    entete = Entete(TypeFichier.STS_EDT, etablissement.uai, ANNEE)
    return FichierSTS(entete=entete, **(defauts | champs))


def make_edt(etablissement: Etablissement, groupes=GROUPES, **champs) -> FichierEDT:
    """``EDT_vers_STS`` of the same school; a groupe given by its code alone has the anglais of epp 7."""
    defauts = {
        "divisions": (Division("6A", services=(make_service(),)),),
        "groupes": tuple(
            Groupe(groupe, divisions=("6A",), services=(make_service(),)) if isinstance(groupe, str) else groupe
            for groupe in groupes
        ),
    }
    entete = Entete(TypeFichier.EDT_STS, etablissement.uai, ANNEE, logiciel="EDT")
    return FichierEDT(entete=entete, **(defauts | champs))


def make_structures(etablissement: Etablissement, groupes=GROUPES, quand=LUNDI) -> FichierStructures:
    """``Structures.xml``: 6A and groupes."""
    return FichierStructures(
        entete=make_entete(etablissement, TypeFichier.STRUCTURES, quand, ANNEE),
        divisions=(Division("6A", "SIXIEME A", mefs=(MEF,)),),
        groupes=tuple(Groupe(code, code, mefs=(MEF,), divisions=("6A",)) for code in groupes),
    )


def held_groupes(etablissement: Etablissement, couche: Couche = Couche.STS) -> set[str]:
    """Codes of the groupes of a layer."""
    fiches = FicheGroupe.objects.courants().filter(etablissement=etablissement, couche=couche)
    return set(fiches.values_list("groupe__code", flat=True))


def held_services(etablissement: Etablissement) -> set[tuple[str, str, str]]:
    """(structure, matière, id of the individu) of the open services of STS."""
    liens = LienService.objects.courants().filter(etablissement=etablissement)
    return set(liens.values_list("service__structure", "service__matiere", "individu__sts_id"))

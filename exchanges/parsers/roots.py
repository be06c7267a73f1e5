"""Which root element is which file: the only way a file is recognised (``formats/siecle.md`` §1.1)."""

from collections.abc import Callable
from dataclasses import dataclass

from exchanges.parsers import edt, eleves, emploi_du_temps, lieux, referentiels, responsables, structures, sts
from exchanges.parsers.errors import Code, FichierRefuse
from exchanges.parsers.records import Fichier
from exchanges.parsers.refusals import page_html
from exchanges.parsers.shape import Node
from exchanges.parsers.xml import Content


IMPORT_ELEVES = "IMPORT_ELEVES"


@dataclass(frozen=True, slots=True)
class Format:
    """How to read what is under a root: the shape to follow, then how to make its Fichier, or to refuse it."""

    forme: Node
    make_fichier: Callable[[Content], Fichier]


FORMATS = {
    "BEE_ELEVES": Format(eleves.FORME, eleves.make_fichier),
    "BEE_RESPONSABLES": Format(responsables.FORME, responsables.make_fichier),
    "BEE_STRUCTURES": Format(structures.FORME, structures.make_fichier),
    "BEE_COMMUN": Format(referentiels.COMMUN, referentiels.make_commun),
    "BEE_COMMUNS": Format(referentiels.COMMUN, referentiels.make_commun),
    "BEE_NOMENCLATURES": Format(referentiels.NOMENCLATURES, referentiels.make_nomenclatures),
    "BEE_GEOGRAPHIQUE": Format(lieux.GEOGRAPHIQUE, lieux.make_geographique),
    "BEE_ETABLISSEMENTS": Format(lieux.ETABLISSEMENTS, lieux.make_etablissements),
    "STS_EDT": Format(sts.FORME, sts.make_fichier),
    "EDT_STS": Format(edt.FORME, edt.make_fichier),
    "ExportEmploiDuTemps": Format(emploi_du_temps.FORME, emploi_du_temps.make_fichier),
    "EXPORT_INDEX_EDUCATION": Format(emploi_du_temps.CONTENEUR, emploi_du_temps.refuse_conteneur),
}

_ENT = (
    "Déposez plutôt l'export des liens élève-groupe (ELEGROUPE) du logiciel d'emploi du temps, "
    "ou l'export « Emploi du temps » de STS-Web (sts_emp)."
)
_CONNUES = {
    "TABLE": ("c'est un export libre d'EDT (EXP_COURS)", _ENT),
    "ficAlimMENESR": (
        "c'est un fichier de l'annuaire académique (AAF), produit par l'académie pour l'ENT",
        "Déposez les exports de SIECLE et de STS-Web de l'établissement : l'AAF en est déduit.",
    ),
}


def find_format(racine: str, nom: str) -> Format:
    """The Format of a root element.

    Raises FichierRefuse: racine_autre_application when we know what the file is for, page_html,
    racine_inconnue otherwise.
    """
    if trouve := FORMATS.get(racine):
        return trouve
    if racine.lower() == "html":
        raise page_html(nom)
    if racine in _CONNUES:
        quoi, action = _CONNUES[racine]
        raise FichierRefuse(
            Code.RACINE_AUTRE_APPLICATION, f"Le fichier « {nom} » n'est pas attendu ici : {quoi}.", action
        )
    raise FichierRefuse(
        Code.RACINE_INCONNUE,
        f"Le fichier « {nom} » est un XML dont l'élément principal, « {racine} », n'est pas connu.",
        "Déposez un export XML de SIECLE, le fichier sts_emp de STS-Web ou le ZIP des liens élève-groupe.",
    )

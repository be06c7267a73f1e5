"""What to tell somebody who gave a file where another is wanted: files that are read, but have another use.

The two files of STS are mirror images and swapping them is the classic error (``formats/sts_edt.md`` §0).
"""

from exchanges.enums import TypeFichier
from exchanges.parsers.records import Entete


_RIEN = "Rien à faire : gardez-le de côté."
_PHRASES = {
    TypeFichier.STS_EDT: (
        "C'est le fichier « Emploi du temps » de STS-Web (sts_emp), qui va de STS-Web vers EDT ou PRONOTE, "
        "et non celui qui en revient (EDT vers STS).",
        "Dans EDT, menu Imports/Exports > Avec STS Web, produisez l'export vers STS, puis donnez ce fichier. "
        "Le fichier sts_emp, lui, se charge parmi les exports de l'établissement.",
    ),
    TypeFichier.EDT_STS: (
        "C'est le fichier qui va d'EDT vers STS-Web, et non l'export « Emploi du temps » qui vient de STS-Web.",
        "Dans STS-Web, menu Exports > Emploi du temps, produisez le fichier sts_emp et donnez-le à la place. "
        "Le fichier d'EDT, lui, se donne à STS-Web, menu Imports > Emploi du temps, et se charge ici de même.",
    ),
    TypeFichier.PRIVE: (
        "C'est l'import complet des élèves d'un logiciel privé (PRIVE) : il est lu, mais il n'y a rien à charger ici, "
        "car seul SIECLE dit ce qu'il en a retenu.",
        "Déposez-le dans SIECLE, puis chargez ici l'export ElevesSansAdresses.xml "
        "(menu Exportations > En XML) du lendemain.",
    ),
    TypeFichier.GEOGRAPHIQUE: ("C'est l'export « Géographique » de SIECLE : il est lu, sans rien à charger.", _RIEN),
    TypeFichier.ETABLISSEMENTS: (
        "C'est l'export « Établissements » de SIECLE : il est lu, sans rien à charger.",
        _RIEN,
    ),
    TypeFichier.EMPLOI_DU_TEMPS: (
        "C'est l'export d'emploi du temps d'EDT ou de PRONOTE destiné à un ENT : il est lu, "
        "mais il n'y a rien à charger ici.",
        "Chargez plutôt l'export « Emploi du temps » de STS-Web (sts_emp), "
        "ou déposez le ZIP des liens élève-groupe (ELEGROUPE) du même logiciel.",
    ),
    TypeFichier.ELEGROUPE: (
        "C'est un fichier de liens élève-groupe : il se dépose, il ne se charge pas.",
        "Donnez-le seul, sans autre fichier : vous verrez son verdict.",
    ),
}


def explain_swap(entete: Entete) -> tuple[str, str]:
    """Two French sentences about a file that was read but is not the one wanted: what it is, what to do.

    Args:
        entete: of the file given.

    Returns:
        The message and the action, worded for each type; the plain name of the export for the types that are
        loaded without more ado.
    """
    defaut = (
        f"C'est le fichier « {entete.type.libelle} » : ce n'est pas celui qui est attendu ici.",
        "Donnez-le parmi les exports de l'établissement, et ici le fichier demandé.",
    )
    return _PHRASES.get(entete.type, defaut)

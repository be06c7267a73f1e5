"""PARAMETRES of every format turned into an Entete, and the remarks that any file may deserve."""

from collections.abc import Iterable

from exchanges.enums import TypeFichier
from exchanges.parsers.errors import Code, FichierRefuse
from exchanges.parsers.records import Entete, Remarque
from exchanges.parsers.shape import Node, bloc, first, textes
from exchanges.parsers.values import parse_horodatage
from exchanges.parsers.xml import Content


PARAMETRES = bloc({**textes("UAJ ANNEE_SCOLAIRE DATE_EXPORT HORODATAGE")})


def document(donnees: dict[str, Node]) -> Node:
    """The shape of a BEE export: PARAMETRES and DONNEES, in any order (``formats/siecle.md`` §1.2)."""
    return bloc({"PARAMETRES": PARAMETRES, "DONNEES": bloc(donnees)})


def make_entete(content: Content, type_fichier: TypeFichier) -> Entete:
    """The Entete of a BEE export.

    Raises FichierRefuse entete_incomplete when UAJ or ANNEE_SCOLAIRE is missing.
    """
    parametres = first(content.racine, "PARAMETRES")
    uai, annee = parametres.get("UAJ", ""), parametres.get("ANNEE_SCOLAIRE", "")
    check_complete(type_fichier, uai, annee)
    return Entete(
        type=type_fichier,
        uai=uai,
        annee=annee,
        version=content.racine.get("@VERSION", ""),
        horodatage=parse_horodatage(parametres.get("HORODATAGE") or parametres.get("DATE_EXPORT", "")),
    )


def check_complete(type_fichier: TypeFichier, uai: str, annee: str) -> None:
    """Raise FichierRefuse entete_incomplete when the file does not say its school or its year."""
    manque = " ni ".join(
        [*(["d'UAI (UAJ)"] if not uai else []), *(["d'année scolaire (ANNEE_SCOLAIRE)"] if not annee else [])]
    )
    if manque:
        raise FichierRefuse(
            Code.ENTETE_INCOMPLETE,
            f"L'en-tête du fichier « {type_fichier.libelle} » ne contient pas {manque} : "
            "on ne peut pas savoir à quel établissement ou à quelle année il se rapporte.",
            "Refaites l'export dans l'application d'origine, puis déposez le fichier sans le modifier.",
        )


def make_remarques(content: Content, noms: Iterable[str] = ()) -> tuple[Remarque, ...]:
    """What is worth saying about how the file is written.

    Args:
        noms: the names of persons, searched for the ``?`` that SIECLE writes in place of a character it
            cannot write (``formats/siecle.md`` §1.2).
    """
    remarques = [*_about_bytes(content)]
    perdus = sum("?" in nom for nom in noms)
    if perdus:
        remarques.append(
            Remarque(
                "caractere_perdu",
                f"{_count(perdus, 'nom contient', 'noms contiennent')} un « ? » : "
                "SIECLE écrit ce signe à la place d'un caractère qu'il ne sait pas exporter.",
            )
        )
    illisibles = sum(content.dates_illisibles.values())
    if illisibles:
        balises = ", ".join(sorted(content.dates_illisibles))
        remarques.append(
            Remarque(
                "date_illisible",
                f"{_count(illisibles, 'date ou heure n’a pas pu être lue', 'dates ou heures n’ont pas pu être lues')} "
                f"({balises}).",
            )
        )
    return tuple(remarques)


def _about_bytes(content: Content) -> Iterable[Remarque]:
    if content.opening.has_bom:
        yield Remarque(
            "bom",
            "Le fichier commence par une marque d'encodage (BOM) : il a été ouvert puis enregistré "
            "par un éditeur de texte.",
        )
    if not content.opening.is_declare:
        yield Remarque("encodage_absent", f"Le fichier ne dit pas son encodage ; il a été lu en {content.encodage}.")
    if content.octets_utf8:
        yield Remarque(
            "mojibake",
            f"Le fichier se déclare en {content.encodage} mais il est écrit en UTF-8 : les accents sont abîmés "
            "(« Ã© » au lieu de « é »). Refaites l'export sans l'ouvrir dans un éditeur de texte.",
        )


def count_remarque(code: str, nombre: int, singulier: str, pluriel: str) -> tuple[Remarque, ...]:
    """One Remarque that counts, or none for zero. The sentences follow the number."""
    return (Remarque(code, f"{_count(nombre, singulier, pluriel)}"),) if nombre else ()


def _count(nombre: int, singulier: str, pluriel: str) -> str:
    return f"{nombre} {pluriel if nombre > 1 else singulier}"

"""The two CSV that Moodle reads: its cohortes, then who is in them (``formats/aaf_ent.md`` §8).

Names follow what ENTs do (§8.3). A cell never becomes a formula in a spreadsheet, as in ``reports/tableur.py``.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from exchanges.parsers.records.moodle import CohorteMoodle, MembreMoodle


TAILLE_MAX = 254
_DANGEREUX = ("=", "+", "-", "@", "\t", "\r")
_CONTROLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_TITRES_COHORTES = ("name", "idnumber", "description", "category_idnumber")
_TITRES_MEMBRES = ("username", "firstname", "lastname", "email")


def name_eleves_division(code: str) -> str:
    """The cohorte of the élèves of a division."""
    return f"Élèves de la classe {code}"


def name_profs_division(code: str) -> str:
    """The cohorte of the enseignants of a division."""
    return f"Profs de la classe {code}"


def name_eleves_groupe(code: str) -> str:
    """The cohorte of the élèves of a groupe."""
    return f"Élèves du groupe {code}"


def name_profs_etablissement(uai: str) -> str:
    """The cohorte of every enseignant of a school."""
    return f"Profs de l'établissement ({uai})"


def make_idnumber(uai: str, name: str) -> str:
    """A key for a cohorte of a school: two schools have a 6A each, and a number alone would be taken for an id."""
    return f"{uai} {name}"


def write_cohortes(cohortes: Iterable[CohorteMoodle], separateur: str = ";") -> bytes:
    """The CSV of *Administration > Cohortes > Déposer des cohortes*, UTF-8.

    Raises ValueError when Moodle would create nothing: a name or key empty or too long, a key twice or all digits.
    """
    lignes = [[_guard(texte) for texte in (c.name, c.idnumber, c.description, c.category_idnumber)] for c in cohortes]
    vus: set[str] = set()
    for name, idnumber, _, _ in lignes:
        _check_taille(name, "Le nom de cohorte")
        _check_idnumber(idnumber)
        if idnumber in vus:
            raise ValueError(
                f"L'identifiant de cohorte « {idnumber} » figure deux fois : Moodle ne créerait aucune cohorte. Le "
                "fichier n'a pas été écrit ; donnez à chaque cohorte un identifiant différent."
            )
        vus.add(idnumber)
    return _to_csv(_TITRES_COHORTES, lignes, separateur)


def write_membres(membres: Iterable[MembreMoodle], separateur: str = ";") -> bytes:
    """The CSV of *Importer des utilisateurs*, UTF-8, with as many columns ``cohortN`` as one person needs.

    Raises ValueError for a person without username or twice in the list, and for a key of cohorte that is wrong.
    """
    membres = list(membres)
    nombre = max((len(membre.cohortes) for membre in membres), default=0)
    titres = (*_TITRES_MEMBRES, *(f"cohort{rang}" for rang in range(1, nombre + 1)))
    return _to_csv(titres, _rows(membres, nombre), separateur)


def _rows(membres: Sequence[MembreMoodle], nombre: int) -> list[list[str]]:
    lignes = []
    vus: set[str] = set()
    for membre in membres:
        personne = [_guard(texte) for texte in (membre.username, membre.firstname, membre.lastname, membre.email)]
        username = personne[0]
        if not username or username in vus:
            quoi = (
                f"L'identifiant « {username} » figure deux fois" if username else "Une personne n'a pas d'identifiant"
            )
            raise ValueError(
                f"{quoi} : Moodle ne saurait pas à qui donner ses cohortes. Le fichier n'a pas été écrit ; "
                "vérifiez les comptes de l'ENT."
            )
        vus.add(username)
        cohortes = [_guard(idnumber) for idnumber in membre.cohortes]
        for idnumber in cohortes:
            _check_idnumber(idnumber)
        lignes.append([*personne, *cohortes, *[""] * (nombre - len(cohortes))])
    return lignes


def _check_idnumber(idnumber: str) -> None:
    _check_taille(idnumber, "L'identifiant de cohorte")
    if idnumber.strip().isdigit():
        raise ValueError(
            f"L'identifiant de cohorte « {idnumber} » n'a que des chiffres : Moodle le prendrait pour un numéro "
            "interne. Le fichier n'a pas été écrit ; ajoutez-lui l'UAI de l'établissement."
        )


def _check_taille(texte: str, quoi: str) -> None:
    if not texte.strip():
        raise ValueError(f"{quoi} est vide. Le fichier n'a pas été écrit ; Moodle l'exige pour chaque cohorte.")
    if len(texte) > TAILLE_MAX:
        raise ValueError(
            f"{quoi} « {texte[:40]}… » a {len(texte)} caractères, Moodle en accepte {TAILLE_MAX}. Le fichier n'a pas "
            "été écrit ; raccourcissez-le."
        )


def _guard(texte: str) -> str:
    """A cell that a spreadsheet shows as it is; the same text gives the same cell in both files."""
    propre = _CONTROLE.sub("", texte)
    return f"'{propre}" if propre.startswith(_DANGEREUX) else propre


def _to_csv(titres: Sequence[str], lignes: Iterable[Sequence[str]], separateur: str) -> bytes:
    if separateur not in (";", ","):
        raise ValueError(f"Le séparateur « {separateur} » ne convient pas : Moodle lit « ; » ou « , ».")
    sortie = io.StringIO()
    ecrivain = csv.writer(sortie, delimiter=separateur, lineterminator="\r\n")
    ecrivain.writerow(titres)
    ecrivain.writerows(lignes)
    return sortie.getvalue().encode()

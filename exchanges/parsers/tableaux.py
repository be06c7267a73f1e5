"""CSV files that people export from a portal or fill in a spreadsheet: columns are known by name.

Titles are compared without case, accents or punctuation, since the same file comes with ``Code_postal``,
``code_postal`` or « Code postal » according to the button that exported it.
"""

import codecs
import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO
from unicodedata import combining, normalize

from exchanges.parsers import limits
from exchanges.parsers.errors import Code, FichierRefuse
from exchanges.parsers.refusals import page_html


SEPARATEURS = ";,\t"
_PAS_UN_MOT = re.compile(r"[^a-z0-9]+")
_ACTION = "Exportez le tableau au format CSV (séparateur point-virgule, UTF-8), puis donnez le nouveau fichier."


@dataclass(frozen=True, slots=True)
class Ligne:
    """One line: its number in the file (the title is 1), and its values by normalised column."""

    numero: int
    valeurs: Mapping[str, str]

    def get(self, *colonnes: str) -> str:
        """The first value that is not empty among several names of one column."""
        return next((valeur for colonne in colonnes if (valeur := self.valeurs.get(colonne, ""))), "")


def normalise(titre: str) -> str:
    """``Identifiant de l'établissement`` → ``identifiant_de_l_etablissement``."""
    sans_accent = "".join(c for c in normalize("NFD", titre.casefold()) if not combining(c))
    return _PAS_UN_MOT.sub("_", sans_accent).strip("_")


def read_tableau(flux: BinaryIO, nom: str, obligatoires: Mapping[str, tuple[str, ...]]) -> Iterator[Ligne]:
    """Lines of a CSV, read as they come: UTF-8 (with or without BOM) or Windows, any usual separator.

    Args:
        flux: a seekable binary stream, left open.
        nom: the name of the file, for the sentences.
        obligatoires: title shown → normalised names accepted, for the columns that cannot be missing.

    Raises:
        FichierRefuse: fichier_vide, page_html, format_inattendu, entete_incomplete; those about the titles at
            once, one about a later line when it is reached.
    """
    encodage = _encoding(flux, nom)
    texte = _decode(flux, encodage)
    titres = next(texte, "")
    if titres.lstrip().lower().startswith(("<!doctype html", "<html")):
        raise page_html(nom)
    separateur = max(SEPARATEURS, key=titres.count)
    colonnes = [normalise(titre) for titre in titres.replace('"', "").split(separateur)]
    for titre, noms in obligatoires.items():
        if not set(noms) & set(colonnes):
            raise FichierRefuse(
                Code.ENTETE_INCOMPLETE,
                f"Le fichier « {nom} » n'a pas de colonne « {titre} » sur sa première ligne.",
                "Vérifiez que c'est bien le fichier attendu et que sa première ligne porte les titres des colonnes.",
            )
    return _lines(csv.reader(texte, delimiter=separateur), colonnes, nom)


def _decode(flux: BinaryIO, encodage: str) -> Iterator[str]:
    """Line by line, none longer than a block: csv refuses such a field anyway."""
    for octets in iter(lambda: flux.readline(limits.BLOC), b""):
        yield octets.decode(encodage, errors="replace")


def _encoding(flux: BinaryIO, nom: str) -> str:
    """UTF-8 when every byte agrees, Windows otherwise; the stream is left after the BOM. No text at all is refused."""
    decodeur = codecs.getincrementaldecoder("utf-8")()
    encodage, total = "utf-8", 0
    flux.seek(0)
    while bloc := flux.read(limits.BLOC):
        total += len(bloc)
        if b"\0" in bloc or bloc.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")):
            raise _not_csv(nom, "c'est un classeur ou un document, pas un fichier CSV")
        try:
            decodeur.decode(bloc)
        except UnicodeDecodeError:
            encodage = "cp1252"
        if total > limits.MAX_OCTETS:
            raise _not_csv(nom, "il est plus gros qu'aucun export réel")
    if not total:
        raise FichierRefuse(Code.FICHIER_VIDE, f"Le fichier « {nom} » est vide.", _ACTION)
    flux.seek(0)
    if flux.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
        flux.seek(0)
    return encodage


def _lines(lecteur: Iterator[list[str]], colonnes: list[str], nom: str) -> Iterator[Ligne]:
    numero = 1
    try:
        for numero, cellules in enumerate(lecteur, start=2):
            if numero > limits.MAX_FICHES:
                raise _not_csv(nom, f"il a plus de {limits.MAX_FICHES} lignes")
            if any(cellules):
                yield Ligne(numero, {c: v.strip() for c, v in zip(colonnes, cellules, strict=False)})
    except csv.Error as exc:
        raise _not_csv(nom, f"il ne se lit plus après la ligne {numero}") from exc


def _not_csv(nom: str, pourquoi: str) -> FichierRefuse:
    return FichierRefuse(Code.FORMAT_INATTENDU, f"Le fichier « {nom} » n'est pas lisible : {pourquoi}.", _ACTION)

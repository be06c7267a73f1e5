"""Write an export of the annuaire académique fédérateur (``formats/aaf_ent.md`` §1, §4).

    ENT2DVA_0990001A_Complet_20240916_Eleve_0000.xml     10 000 records at most, then _0001
    ficAlimMENESR.dtd                                    beside them: consumers fail without it

The bytes are ASCII: an accent is a decimal reference, so that no consumer can break on an encoding. Records go by one
at a time; text is joined by hand, several times faster than building elements (``bench/aaf_ecriture.py``).
"""

import gzip
import re
import shutil
import tarfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from exchanges.enums import CategorieAAF, OperationAAF
from exchanges.parsers.aaf import DTD
from exchanges.parsers.records.aaf import ATTRIBUTS, OPERATIONNELS, PERSONNES, EnteteAAF, Operation, Valeurs
from exchanges.writers.xml import french


PAR_FICHIER = 10_000  # records of one file; no consumer counts on a figure (§1.1)
Flux = Iterable[tuple[CategorieAAF, Iterable[Operation]]]
Opener = Callable[[str], AbstractContextManager[IO[bytes]]]

_PREFIXE = re.compile(r"[A-Za-z0-9_-]+")
_MOT = re.compile(r"[A-Za-z0-9-]*")
_FIN = b"</ficAlimMENESR>"
_MARQUES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&apos;"), ('"', "&quot;"))
_A_ECRIRE_AUTREMENT = re.compile(r"[^ !#-%(-;=?-~]").search
_INTERDITS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML has no way to say them
_DE_CONTROLE = re.compile("[\t\n\r\x7f]")


def file_name(entete: EnteteAAF, categorie: CategorieAAF, numero: int) -> str:
    """``ENT2DVA_0990001A_Complet_20240916_Eleve_0000.xml``; without portée, ``ENT2DVA_Complet_…``.

    Raises:
        ValueError: a part of the entete cannot be in a name, or the number has more than four digits.
    """
    if not 0 <= numero <= 9999:
        raise ValueError(f"Le fichier n° {numero} ne peut pas être nommé : un numéro compte quatre chiffres.")
    return f"{_stem(entete)}_{categorie.value}_{numero:04}.xml"


def archive_name(entete: EnteteAAF) -> str:
    """``Complet-0990001A-ENT2DVA.20240916.tgz``: prefix and day in the shape by which consumers choose archives.

    Raises:
        ValueError: as ``file_name``.
    """
    _stem(entete)
    mots = filter(None, (entete.genre.mot, entete.portee, entete.prefixe))
    return f"{'-'.join(mots)}.{entete.jour:%Y%m%d}.tgz"


def _stem(entete: EnteteAAF) -> str:
    if not _PREFIXE.fullmatch(entete.prefixe) or not _MOT.fullmatch(entete.portee):
        raise ValueError(
            f"Le préfixe « {entete.prefixe} » ou la portée « {entete.portee} » ne peut pas figurer dans un nom de "
            "fichier de l'AAF : lettres sans accent, chiffres et tirets seulement."
        )
    mots = filter(None, (entete.prefixe, entete.portee, entete.genre.mot, f"{entete.jour:%Y%m%d}"))
    return "_".join(mots)


def write_archive(entete: EnteteAAF, flux: Flux, sortie: IO[bytes], par_fichier: int = PAR_FICHIER) -> list[str]:
    """Write the ``.tgz`` of an export and return the names of the files inside, the DTD last.

    The same export gives the same bytes: nothing of the clock or of the machine goes in. One file at a time is held,
    on disk.

    Args:
        flux: each category once, with its operations in the order of the file; they may be generators.
        sortie: any writable stream.
        par_fichier: records of one file.

    Raises:
        ValueError: see ``write_directory``.
    """
    instant = int(datetime(entete.jour.year, entete.jour.month, entete.jour.day, tzinfo=UTC).timestamp())
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=sortie, mtime=instant) as comprime,
        tarfile.open(fileobj=comprime, mode="w") as archive,
    ):

        @contextmanager
        def open_member(nom: str) -> Iterator[IO[bytes]]:
            with TemporaryFile() as tampon:
                yield tampon
                membre = tarfile.TarInfo(nom)
                membre.size, membre.mtime = tampon.tell(), instant
                tampon.seek(0)
                archive.addfile(membre, tampon)

        return _write_all(entete, flux, open_member, par_fichier)


def write_directory(entete: EnteteAAF, flux: Flux, dossier: Path, par_fichier: int = PAR_FICHIER) -> list[Path]:
    """Write the files of an export in a directory, as the ENT that read no archive expect, and return their paths.

    Raises:
        ValueError: a category comes twice, an operation is of another category than its flux, or the entete cannot
            be written in a name.
    """
    noms = _write_all(entete, flux, lambda nom: (dossier / nom).open("wb"), par_fichier)
    return [dossier / nom for nom in noms]


def _write_all(entete: EnteteAAF, flux: Flux, opener: Opener, par_fichier: int) -> list[str]:
    noms: dict[str, None] = {}
    for categorie, operations in flux:
        for numero, morceau in enumerate(_cut(categorie, operations, par_fichier)):
            nom = file_name(entete, categorie, numero)
            if nom in noms:
                raise ValueError(f"La catégorie {categorie.value} est donnée deux fois dans le même export.")
            with opener(nom) as sortie:
                write_aaf(entete, categorie, morceau, sortie)
            noms[nom] = None
    with opener(DTD.name) as sortie, DTD.open("rb") as dtd:
        shutil.copyfileobj(dtd, sortie)
    return [*noms, DTD.name]


def _cut(categorie: CategorieAAF, operations: Iterable[Operation], taille: int) -> Iterator[Iterable[Operation]]:
    """One iterable for each file; persons have a file even when there is nobody to say something of."""
    reste = iter(operations)
    is_obligatoire = categorie in PERSONNES
    for premiere in reste:
        is_obligatoire = False
        yield chain((premiere,), islice(reste, taille - 1))
    if is_obligatoire:
        yield ()


def write_aaf(entete: EnteteAAF, categorie: CategorieAAF, operations: Iterable[Operation], sortie: IO[bytes]) -> None:
    """Write one file: header of VE2407, one attribute per line, ``<value/>`` for an empty one.

    A control character that XML cannot hold is left out (``aaf_caractere_interdit`` says so beforehand): one stray
    byte in one name must not keep an académie from its export. Tabs and line ends are written as references.

    Raises:
        ValueError: an operation is of another category, or has no record to write.
    """
    sortie.write(_header(entete))
    render = _make_renderer(categorie)
    for operation in operations:
        if operation.categorie != categorie:
            raise ValueError(f"Une opération {operation.categorie.value} ne va pas dans {categorie.value}.")
        sortie.write(render(operation).encode("ascii"))
    sortie.write(_FIN)


def _header(entete: EnteteAAF) -> bytes:
    if not _MOT.fullmatch(entete.academie):
        raise ValueError(f"Le code d'académie « {entete.academie} » ne peut pas être écrit dans un commentaire.")
    lignes = (
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<!DOCTYPE ficAlimMENESR SYSTEM "{DTD.name}">',
        "<ficAlimMENESR>",
        '<!-- versionAF="AAF-VE2407" -->',
        '<!-- versionSDET="Annexe 4bis version 6.4" -->',
        f'<!-- codeAcademieExport="{entete.academie}" -->',
        '<!-- degre="2D" -->',
        f'<!-- dateGenerationExport="{french(entete.jour)}" -->',
        "\n",
    )
    return "\n".join(lignes).encode("ascii")


def _make_renderer(categorie: CategorieAAF) -> Callable[[Operation], str]:
    """How to write the operations of one category: all that does not change is joined once."""
    attribut, valeur = OPERATIONNELS[categorie]
    tete = f'<operationalAttributes><attr name="{attribut}"><value>{valeur}</value></attr></operationalAttributes>'
    ouvertures = {nature: f"<{nature.value}>\n{tete}\n<identifier><id>" for nature in OperationAAF}
    fermetures = {nature: f"</{nature.value}>\n\n" for nature in OperationAAF}
    attributs = _Lignes(categorie, "attributes", "attr", "")
    modifications = _Lignes(categorie, "modifications", "modification", ' operation="replace"')

    def render(operation: Operation) -> str:
        nature, corps = operation.nature, ""
        if nature is not OperationAAF.SUPPRESSION:
            if operation.enregistrement is None:
                raise ValueError(f"L'opération sur {operation.identifiant} n'a rien à écrire.")
            lignes = attributs if nature is OperationAAF.AJOUT else modifications
            corps = lignes.render(operation.enregistrement.valeurs)
        return f"{ouvertures[nature]}{escape(operation.identifiant)}</id></identifier>\n{corps}{fermetures[nature]}"

    return render


class _Lignes:
    """The lines of the attributes of a category, in the words of an addRequest or of a modifyRequest."""

    def __init__(self, categorie: CategorieAAF, bloc: str, balise: str, suite: str):
        self._debuts = tuple(f'<{balise} name="{nom}"{suite}>' for nom in ATTRIBUTS[categorie])
        self._fin = f"</{balise}>\n"
        self._ouverture, self._fermeture = f"<{bloc}>\n", f"</{bloc}>\n"

    def render(self, valeurs: tuple[Valeurs, ...]) -> str:
        fin = self._fin
        morceaux = [self._ouverture]
        for debut, textes in zip(self._debuts, valeurs, strict=True):
            morceaux.append(debut)
            morceaux.append(_values(textes))
            morceaux.append(fin)
        morceaux.append(self._fermeture)
        return "".join(morceaux)


def _values(textes: Valeurs) -> str:
    if not textes:
        return "<value/>"
    if len(textes) == 1:
        return f"<value>{escape(textes[0])}</value>"
    texte = "</value><value>".join([escape(texte) for texte in textes])
    return f"<value>{texte}</value>"


def escape(texte: str) -> str:
    """The text in ASCII, as a value of the files: named references for the five signs of XML, decimal for the rest."""
    if not _A_ECRIRE_AUTREMENT(texte):
        return texte
    for signe, reference in _MARQUES:
        texte = texte.replace(signe, reference)
    if not texte.isprintable():
        texte = _DE_CONTROLE.sub(lambda trouve: f"&#{ord(trouve[0])};", _INTERDITS.sub("", texte))
    return texte.encode("ascii", "xmlcharrefreplace").decode("ascii")

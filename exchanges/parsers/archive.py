"""The one place where a ZIP is opened. Names inside are shown and compared, never used as paths.

Python 3.11's ``zipfile`` reads a central directory of any size and lets entries overlap (4 GB read from a
small file, ``ecosystem.md`` §3.4), so both are checked here before an entry is opened.
"""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from exchanges.parsers import limits
from exchanges.parsers.errors import Code, FichierRefuse


_DECLARATION = "Refaites l'export et déposez le fichier tel que le logiciel l'a produit."
_FIN_ANNUAIRE = b"PK\x05\x06"
_FIN_ANNUAIRE_64 = b"PK\x06\x07"
_METHODES = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BRUIT = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|\._|Thumbs\.db$|desktop\.ini$)")
_SUSPECT = re.compile(r"^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)|[\x00-\x1f\x7f]")


def looks_like_zip(bloc: bytes) -> bool:
    """Whether the first bytes are those of a ZIP, whatever the name says."""
    return bloc.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"))


class Archive:
    """A ZIP whose directory has been checked; ``entrees`` are its files, without the noise of macOS."""

    def __init__(self, flux: BinaryIO, nom: str):
        """Check everything that can be known without decompressing.

        Args:
            flux: a seekable binary stream.
            nom: the name to show.

        Raises FichierRefuse: zip_illisible, zip_trop_gros, zip_chiffre, zip_chemin_suspect, zip_vide,
        format_inattendu (an Office document is a ZIP too).
        """
        self.nom = nom
        _check_directory(flux, nom)
        flux.seek(0)
        try:
            self._zip = zipfile.ZipFile(flux)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as erreur:
            raise _unreadable(nom) from erreur
        infos = self._zip.infolist()
        _check_entries(infos, nom)
        _check_layout(infos, self._zip.start_dir, nom)
        self.entrees = [info for info in infos if not info.is_dir() and not _BRUIT.search(info.filename)]
        if not self.entrees:
            raise FichierRefuse(Code.ZIP_VIDE, f"Le ZIP « {nom} » ne contient aucun fichier.", _DECLARATION)

    @contextmanager
    def open(self, info: zipfile.ZipInfo) -> Iterator[BinaryIO]:
        """The decompressed bytes of an entry, to be read by blocks.

        Raises FichierRefuse zip_illisible when they are damaged, also while they are being read.
        """
        try:
            flux = self._zip.open(info)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError) as erreur:
            raise _unreadable(self.nom) from erreur
        try:
            with flux:
                yield cast(BinaryIO, flux)
        except (zipfile.BadZipFile, zlib.error, EOFError) as erreur:
            raise _unreadable(self.nom) from erreur


def _unreadable(nom: str) -> FichierRefuse:
    return FichierRefuse(
        Code.ZIP_ILLISIBLE,
        f"Le ZIP « {nom} » ne peut pas être ouvert : il est abîmé ou incomplet.",
        "Téléchargez-le ou produisez-le à nouveau, puis déposez-le sans le modifier.",
    )


def _too_big(nom: str, pourquoi: str) -> FichierRefuse:
    return FichierRefuse(
        Code.ZIP_TROP_GROS,
        f"Le ZIP « {nom} » ne ressemble à aucun export réel : {pourquoi}. Il est refusé par sécurité.",
        _DECLARATION,
    )


def _check_directory(flux: BinaryIO, nom: str) -> None:
    """Look at the end record before zipfile loads what it announces."""
    taille = flux.seek(0, 2)
    depuis = max(0, taille - 65535 - 22 - 20)
    flux.seek(depuis)
    fin = flux.read()
    position = fin.rfind(_FIN_ANNUAIRE)
    if position < 0 or len(fin) - position < 22:
        raise _unreadable(nom)
    record = fin[position : position + 22]
    nombre = int.from_bytes(record[10:12], "little")
    octets = int.from_bytes(record[12:16], "little")
    if nombre > limits.MAX_ENTREES:
        raise _too_big(nom, f"il annonce plus de {limits.MAX_ENTREES} fichiers")
    if octets > limits.MAX_ANNUAIRE or _FIN_ANNUAIRE_64 in fin[max(0, position - 20) : position]:
        raise _too_big(nom, "sa table des matières est démesurée")


def _check_entries(infos: list[zipfile.ZipInfo], nom: str) -> None:
    if len(infos) > limits.MAX_ENTREES:
        raise _too_big(nom, f"il contient plus de {limits.MAX_ENTREES} fichiers")
    if any(info.filename == "[Content_Types].xml" for info in infos):
        raise FichierRefuse(
            Code.FORMAT_INATTENDU,
            f"Le fichier « {nom} » est un document bureautique (Excel, Word, LibreOffice), pas un export XML.",
            "Déposez le fichier XML ou ZIP produit par l'application, sans l'ouvrir dans un tableur.",
        )
    if sum(info.file_size for info in infos) > limits.MAX_OCTETS:
        raise _too_big(nom, f"décompressé, il dépasse {limits.MAX_OCTETS // 1024 // 1024} Mo")
    for info in infos:
        _check_entry(info, nom)


def _check_entry(info: zipfile.ZipInfo, nom: str) -> None:
    if info.flag_bits & 0x1:
        raise FichierRefuse(
            Code.ZIP_CHIFFRE,
            f"Le ZIP « {nom} » est protégé par un mot de passe.",
            "Déposez le ZIP sans mot de passe, tel que le logiciel l'a produit.",
        )
    if not info.filename or stat.S_ISLNK(info.external_attr >> 16) or _SUSPECT.search(info.orig_filename):
        raise FichierRefuse(
            Code.ZIP_CHEMIN_SUSPECT,
            f"Le ZIP « {nom} » contient un nom de fichier qui sort de l'archive ou n'est pas un fichier ordinaire. "
            "Il est refusé par sécurité.",
            _DECLARATION,
        )
    if info.compress_type not in _METHODES:
        raise _unreadable(nom)
    if info.file_size > limits.PETITE_ENTREE and info.file_size > limits.MAX_RATIO * info.compress_size:
        raise _too_big(nom, f"un de ses fichiers est compressé plus de {limits.MAX_RATIO} fois")


def _check_layout(infos: list[zipfile.ZipInfo], debut_annuaire: int, nom: str) -> None:
    """Entries must lie one after the other: overlapping ones multiply the same compressed bytes."""
    fin_precedente = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < fin_precedente:
            raise _too_big(nom, "ses fichiers se chevauchent")
        fin_precedente = info.header_offset + 30 + len(info.orig_filename) + info.compress_size
    if fin_precedente > debut_annuaire:
        raise _too_big(nom, "ses fichiers se chevauchent")

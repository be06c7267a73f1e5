"""Files left beside a step: few kinds, small, outside the web root, under opaque names.

They may hold names: they are written whole, read back by their school only, and purged with their row.
"""

import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from checklists.models import PieceJointe


TAILLE_MAX = 5 * 1024 * 1024
CONSERVATION = timedelta(days=400)  # a whole rentrée, and the beginning of the next one
ORPHELINE = timedelta(days=1)
TYPES = {
    "pdf": ("application/pdf", b"%PDF-"),
    "png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "jpg": ("image/jpeg", b"\xff\xd8\xff"),
    "jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    "odt": ("application/vnd.oasis.opendocument.text", b"PK\x03\x04"),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet", b"PK\x03\x04"),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03\x04"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"),
}
TYPES_ACCEPTES = "PDF, image PNG ou JPEG, document ODT, ODS, DOCX ou XLSX"


class PieceRefusee(Exception):
    """The file is not kept; the argument says why, in French."""


def pieces_dir() -> Path:
    """Where the bytes lie."""
    return Path(settings.DATA_DIR) / "pieces"


def check_piece(fichier: UploadedFile) -> None:
    """Refuse what is empty, too big, or not of the kinds accepted, by its name and by its first bytes.

    Raises:
        PieceRefusee: with the sentence to show.
    """
    if not fichier.size:
        raise PieceRefusee("Ce fichier est vide. Rien n'a été ajouté.")
    if fichier.size > TAILLE_MAX:
        raise PieceRefusee("Ce fichier dépasse 5 Mo. Rien n'a été ajouté.")
    _, signature = TYPES.get(_extension(fichier.name), ("", b""))
    fichier.seek(0)
    if not signature or not fichier.read(len(signature)) == signature:
        raise PieceRefusee(f"Ce fichier n'est pas d'un type accepté ({TYPES_ACCEPTES}). Rien n'a été ajouté.")


def _extension(nom: str | None) -> str:
    return Path(nom or "").suffix.lower().removeprefix(".")


def type_mime(piece: PieceJointe) -> str:
    """The type under which a file is sent back."""
    return TYPES[_extension(piece.nom)][0]


def store_piece(fichier: UploadedFile) -> str:
    """Write the bytes and sync them.

    Returns:
        The name under ``pieces_dir``; it never derives from a name given by a user.

    Raises:
        OSError: the disk is full or read-only; nothing is left behind.
    """
    nom = uuid4().hex
    pieces_dir().mkdir(mode=0o700, parents=True, exist_ok=True)
    chemin = pieces_dir() / nom
    try:
        with chemin.open("xb") as sortie:
            for morceau in fichier.chunks():
                sortie.write(morceau)
            sortie.flush()
            os.fsync(sortie.fileno())
    except OSError:
        chemin.unlink(missing_ok=True)
        raise
    chemin.chmod(0o600)
    return nom


def open_piece(piece: PieceJointe) -> BinaryIO:
    """Open the bytes for reading.

    Raises:
        FileNotFoundError: they have been purged.
    """
    return (pieces_dir() / piece.chemin).open("rb")


def remove_bytes(chemins: Iterable[str]) -> None:
    """Delete stored bytes; deleting twice is harmless."""
    for chemin in chemins:
        (pieces_dir() / chemin).unlink(missing_ok=True)


def purge_pieces(maintenant: datetime) -> int:
    """Forget the files past their time, with their rows, and bytes left without a row.

    Args:
        maintenant: real time, aware: a file is judged by when it was written, its own date may be simulated.

    Returns:
        The number of files deleted. Purging twice deletes once.
    """
    if not pieces_dir().is_dir():
        return 0
    gardees = set(PieceJointe.objects.values_list("chemin", flat=True))
    perimes = []
    for chemin in pieces_dir().iterdir():
        age = timedelta(seconds=maintenant.timestamp() - chemin.stat().st_mtime)
        if age > (CONSERVATION if chemin.name in gardees else ORPHELINE):
            perimes.append(chemin.name)
    PieceJointe.objects.filter(chemin__in=perimes).delete()
    remove_bytes(perimes)
    return len(perimes)

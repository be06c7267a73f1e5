"""The bytes that people hand in: outside the web root, under opaque names, readable by their school only.

A file holds children's names. It is written whole and synced before its row is committed, so that
« fichier reçu » is never a lie, and removed when its row says so.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings

from exchanges.models import Etablissement


def store(flux: BinaryIO, etablissement: Etablissement) -> str:
    """Copy a stream from its beginning into the store.

    Returns:
        The path relative to ``settings.DEPOTS_DIR``; it never derives from a name given by a user.

    Raises:
        OSError: the disk is full or read-only; nothing is left behind.
    """
    relatif = f"{etablissement.uai}/{uuid4().hex}"
    chemin = Path(settings.DEPOTS_DIR) / relatif
    chemin.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flux.seek(0)
    try:
        with chemin.open("xb") as sortie:
            shutil.copyfileobj(flux, sortie)
            sortie.flush()
            os.fsync(sortie.fileno())
    except OSError:
        chemin.unlink(missing_ok=True)
        raise
    chemin.chmod(0o600)
    return relatif


@contextmanager
def storing(etablissement: Etablissement, flux: Iterable[BinaryIO]) -> Iterator[list[str]]:
    """Store streams for the rows that the block writes: when it fails, no byte is left without its row.

    Yields:
        The paths, in the order of the streams.

    Raises:
        OSError: the disk is full or read-only.
    """
    chemins: list[str] = []
    try:
        for un in flux:
            chemins.append(store(un, etablissement))
        yield chemins
    except BaseException:
        for chemin in chemins:
            remove(chemin)
        raise


def open_stored(relatif: str) -> BinaryIO:
    """Open a stored file for reading.

    Raises:
        FileNotFoundError: it has been purged.
    """
    return (Path(settings.DEPOTS_DIR) / relatif).open("rb")


def remove(relatif: str) -> None:
    """Delete a stored file; deleting twice is harmless."""
    (Path(settings.DEPOTS_DIR) / relatif).unlink(missing_ok=True)

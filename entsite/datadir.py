"""The data directory: everything the site writes lies below it, readable by its own user only.

========== ==========================================================================
depots/    the files handed in; children's names, hence outside the web root
televersements/  uploads in progress, on the same file system as ``depots/``
broker/    Celery messages when there is no Redis: ids only
courriels/ mails, when no mail server is configured
static/    collected static files
========== ==========================================================================
"""

import os
import tempfile
from pathlib import Path

from django.core.management.utils import get_random_secret_key


FOLDERS = ("depots", "televersements", "broker/messages", "broker/processed", "broker/control", "courriels", "static")


def prepare(data_dir: Path) -> None:
    """Create the directory and its folders, mode 0700. Safe to call twice, and by two processes at once."""
    for path in (data_dir, *(data_dir / name for name in FOLDERS)):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)


def read_secret_key(data_dir: Path) -> str:
    """The secret key kept in ``data_dir``, drawn the first time; the file has mode 0600 (``mkstemp``).

    A hard link publishes the new key: of two processes starting together one wins and both read the same key.
    """
    path = data_dir / "secret_key"
    if not path.exists():
        descriptor, draft = tempfile.mkstemp(dir=data_dir, prefix=".secret_key.")
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(get_random_secret_key())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            Path(draft).unlink()
    return path.read_text(encoding="ascii")

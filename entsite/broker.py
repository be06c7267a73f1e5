"""A Celery broker made of files, for the machine that has no Redis.

kombu's own filesystem transport writes a message in place, so that a reader may meet half of it: about 1.3 % of
messages were lost under concurrent writes (kombu#1551; ``ecosystem.md`` §2). Here a message appears under its
final name in one rename, and leaves the folder in one rename too.

Only POSIX: kombu's module asks for pywin32 on Windows.
"""

import logging
import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads


logger = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    """Folders in, folders out; ``processed_folder`` must lie on the same file system as ``data_folder_in``."""

    def _put(self, queue: str, payload: dict[str, Any], **_kwargs: Any) -> None:
        """Write ``payload`` (JSON-able) for ``queue``: whole, on the disk, or not at all."""
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
        folder = Path(self.data_folder_out)
        hidden = folder / f".{name}.part"
        with hidden.open("wb") as file:
            file.write(dumps(payload).encode())
            file.flush()
            os.fsync(file.fileno())
        hidden.rename(folder / name)

    def _get(self, queue: str) -> dict[str, Any]:
        """Take the oldest message of ``queue``; the rename decides between two readers. Raises ``Empty``."""
        for name in sorted(os.listdir(self.data_folder_in)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = Path(self.processed_folder) / name
            try:
                (Path(self.data_folder_in) / name).rename(taken)
            except FileNotFoundError:  # another reader was quicker
                continue
            content = taken.read_bytes()
            taken.unlink()
            try:
                return loads(content.decode())
            except ValueError:
                logger.warning("unreadable message %s thrown away; the job table will ring again", name)
        raise Empty


class Transport(filesystem.Transport):
    """kombu's filesystem transport with the channel above; ``folder://`` once the application is imported."""

    Channel = Channel

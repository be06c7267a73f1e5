"""Log lines that can be kept: what happened and where, never whose data it happened to.

The message of an exception may quote a row ("Key (ine)=(...) already exists"), so only its type and the place
are written.
"""

import logging
import traceback
from collections.abc import Mapping
from types import TracebackType
from typing import Any


class LineFormatter(logging.Formatter):
    """``2026-09-07 06:00:00 ERROR exchanges.tasks message``, then one indented line per frame of an exception."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%d %H:%M:%S")

    def formatException(self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | Any) -> str:
        """Type of the exception and its frames, without its message and without source lines."""
        kind, _, trace = ei
        frames = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
        return "\n".join([f"  {kind.__module__}.{kind.__qualname__}", *frames])


class NoExceptionText(logging.Filter):
    """For Celery's task log, which prints the ``repr`` of the exception and the arguments: keep neither."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true; the record keeps the name of the exception's class only."""
        if isinstance(record.args, Mapping) and "exc" in record.args:
            kind = record.exc_info[0] if record.exc_info else None
            record.args = {**record.args, "exc": kind.__name__ if kind else "", "args": "", "kwargs": ""}
        return True

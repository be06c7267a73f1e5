"""A private site for a benchmark, started by the import of this module: PostgreSQL, data folder, Django.

A child process that inherits the environment uses its parent's; everything goes with the parent.
"""

import atexit
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django
from django.core.management import call_command


sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests import servers


def start_site() -> None:
    """Start what is not started yet, set Django up, migrate."""
    is_new = "ENTSITE_BENCH" not in os.environ
    if is_new:
        donnees = tempfile.mkdtemp(prefix="entsite-bench-")
        atexit.register(shutil.rmtree, donnees, ignore_errors=True)
        os.environ |= {"ENTSITE_BENCH": donnees, "ENTSITE_DATA_DIR": donnees, "ENTSITE_LOG_LEVEL": "WARNING"}
        os.environ |= {"DATABASE_URL": servers.start_postgresql(), "DJANGO_SETTINGS_MODULE": "entsite.settings"}
    django.setup()
    if is_new:
        call_command("migrate", verbosity=0)


def clock(action: Callable[[], object]) -> float:
    """Seconds that an action takes, waits for the database included."""
    debut = time.perf_counter()
    action()
    return time.perf_counter() - debut


def say(quoi: str, nous: list[float], base: list[float], limite: str) -> None:
    """One figure in one line: medians, and the ratio measured in this run."""
    a, b = statistics.median(nous), statistics.median(base)
    print(f"{quoi} : {a * 1e3:.0f} ms contre {b * 1e3:.0f} ms, rapport {a / b:.2f} (objectif {limite})")


start_site()

"""Fixtures every test may use, and the run's own rules: what was not tested is said, loudly."""

import os
import subprocess
from collections.abc import Iterator

import pytest

from tests import servers


MISSING = {
    "postgresql": "this run is on SQLite: the tests marked postgresql are skipped",
    "redis": "redis-server is not installed: the tests marked redis are skipped",
    "navigateur": "Chromium is not installed: the tests marked navigateur are skipped",
}
CHROMIUM = next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if os.path.exists(path)), None)


def missing() -> dict[str, str]:
    """The markers that cannot run here, each with its reason."""
    is_here = {
        "postgresql": os.environ["ENTSITE_TEST_DB"] == "postgresql",
        "redis": servers.redis_server() is not None,
        "navigateur": CHROMIUM is not None,
    }
    return {marker: reason for marker, reason in MISSING.items() if not is_here[marker]}


def pytest_report_header() -> str:
    return f"database: {os.environ['ENTSITE_TEST_DB']}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for marker, reason in missing().items():
        for item in items:
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def redis_process() -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """A private Redis: its URL and its process, for tests that freeze or kill it."""
    url, process = servers.start_redis()
    yield url, process
    if process.poll() is None:
        process.terminate()
        process.wait(5)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the real browser, for Playwright's ``executable_path``."""
    assert CHROMIUM is not None
    return CHROMIUM

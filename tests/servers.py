"""Private PostgreSQL and Redis servers for one test run, on this machine only, gone with it.

PostgreSQL refuses to run as root; started by root it runs as the Debian user ``postgres``.
"""

import atexit
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from entsite.supervisor import die_with_parent


START_TIMEOUT = 20  # seconds


def postgresql_bin() -> Path | None:
    """The folder of the newest installed PostgreSQL's programs (Debian's layout, then the PATH), or None."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def redis_server() -> str | None:
    """The path of redis-server, or None."""
    return shutil.which("redis-server")


def free_port() -> int:
    """A TCP port of 127.0.0.1 that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_postgresql() -> str:
    """Start a cluster that never syncs to disk; return its DATABASE_URL. Stopped and erased at exit.

    Raises ``RuntimeError`` with the server's own words when it does not start.
    """
    binaries = postgresql_bin()
    if binaries is None:
        raise RuntimeError("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="entsite-pg-"))
    as_user: dict[str, Any] = {"cwd": folder}
    if os.geteuid() == 0:
        as_user |= {"user": "postgres", "group": "postgres", "extra_groups": []}
        shutil.chown(folder, "postgres", "postgres")
    initdb = [binaries / "initdb", "-D", folder / "data", "-U", "entsite", "-A", "trust", "-E", "UTF8"]
    subprocess.run([*initdb, "--no-sync", "--no-locale"], check=True, capture_output=True, **as_user)  # noqa: S603 - our own arguments
    port = free_port()
    options = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "60"}
    options |= {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": str(folder)}
    command = [binaries / "postgres", "-D", folder / "data", *(f"--{name}={value}" for name, value in options.items())]
    start(command, folder, lambda: is_answering(port), stop_signal=signal.SIGINT, **as_user)
    return f"postgres://entsite@127.0.0.1:{port}/postgres"


def start_redis() -> tuple[str, subprocess.Popen[bytes]]:
    """Start a Redis that keeps nothing on disk; return its URL and its process. Stopped at exit."""
    program = redis_server()
    if program is None:
        raise RuntimeError("Redis is not installed")
    folder = Path(tempfile.mkdtemp(prefix="entsite-redis-"))
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = start(command, folder, lambda: is_answering(port), stop_signal=signal.SIGTERM, cwd=folder)
    return f"redis://127.0.0.1:{port}/0", process


def start(
    command: list[Any], folder: Path, is_ready: Callable[[], bool], *, stop_signal: int, **options: Any
) -> subprocess.Popen[bytes]:
    """Run ``command`` until the tests exit, its output in ``folder``; return once ``is_ready`` says so."""
    log = folder / "output.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own arguments
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent,
            start_new_session=True,
            **options,
        )
    atexit.register(stop, process, folder, stop_signal)
    deadline = time.monotonic() + START_TIMEOUT
    while not is_ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{command[0]} did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)
    return process


def stop(process: subprocess.Popen[bytes], folder: Path, stop_signal: int) -> None:
    """Ask the server to stop, insist after five seconds, erase its folder."""
    if process.poll() is None:
        process.send_signal(stop_signal)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    shutil.rmtree(folder, ignore_errors=True)


def is_answering(port: int) -> bool:
    """Whether something listens on this port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0

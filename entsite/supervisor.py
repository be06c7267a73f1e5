"""Keep a few processes running: restart what dies, stop everything together.

One process per service, no threads but one reader per service. A child never outlives its supervisor, even one
killed with ``kill -9`` (PR_SET_PDEATHSIG, Linux only; elsewhere the children notice nothing).
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import IO


FIRST_PAUSE = 0.2  # seconds before the first restart
LAST_PAUSE = 10.0  # the pause doubles up to this
STEADY = 30.0  # a child that held this long is restarted at once again
GRACE = 6.0  # seconds a child has to stop by itself
PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """To be run in a child before exec: the kernel sends it SIGTERM when its parent is gone (prctl(2))."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One service: its name as shown before each line, its command, and its state."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    restart_at: float = 0.0
    restarts: int = field(default=0)


class Supervisor:
    """Runs ``commands`` (name → argument list) until SIGINT, SIGTERM or ``request_stop``.

    ``environ`` is the children's environment; their lines go to ``output``, prefixed by their name.
    """

    def __init__(
        self,
        commands: Mapping[str, Sequence[str]],
        *,
        environ: Mapping[str, str] | None = None,
        output: IO[str] = sys.stdout,
    ) -> None:
        self.children = [Child(name, command) for name, command in commands.items()]
        self.environ = dict(os.environ if environ is None else environ)
        self.output = output
        self._stopping = threading.Event()

    def run(self) -> None:
        """Start everything, restart what dies, return once everything is stopped.

        The signal handlers are set only when called from the main thread.
        """
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, self._on_signal)
        try:
            while not self._stopping.wait(0.1):
                for child in self.children:
                    self._watch(child, time.monotonic())
        finally:
            self.stop()

    def request_stop(self) -> None:
        """Make ``run`` return soon; callable from any thread or signal handler."""
        self._stopping.set()

    def stop(self) -> None:
        """Ask every child to stop, all at once, and kill those still there after the grace period."""
        running = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + GRACE
        for process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.request_stop()

    def _watch(self, child: Child, now: float) -> None:
        """One look at one child: start it when due, plan its restart when it has died."""
        if child.process is None:
            if now >= child.restart_at:
                self._start(child, now)
        elif (code := child.process.poll()) is not None:
            if now - child.started > STEADY:
                child.pause = FIRST_PAUSE
            self._say(child, f"arrêté (code {code}), relance dans {child.pause:.1f} s")
            child.process = None
            child.restart_at = now + child.pause
            child.pause = min(2 * child.pause, LAST_PAUSE)
            child.restarts += 1

    def _start(self, child: Child, now: float) -> None:
        # Its own session: a Ctrl-C in the terminal reaches the supervisor only, which stops the others in order.
        child.process = subprocess.Popen(  # noqa: S603 - commands written in this program
            child.command,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        child.started = now
        threading.Thread(target=self._copy, args=(child, child.process.stdout), daemon=True).start()

    def _copy(self, child: Child, lines: IO[str]) -> None:
        with lines:
            for line in lines:
                self._say(child, line.rstrip("\n"))

    def _say(self, child: Child, line: str) -> None:
        self.output.write(f"{child.name:<8} | {line}\n")
        self.output.flush()

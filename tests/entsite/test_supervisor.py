"""The supervisor, with children that live a few tenths of a second."""

import io
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import contextmanager

from entsite import supervisor
from entsite.supervisor import Supervisor


def python(code):
    return [sys.executable, "-u", "-c", textwrap.dedent(code)]


SLEEPER = python("import time; print('debout'); time.sleep(60)")
STUBBORN = python("import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('sourd'); time.sleep(60)")


@contextmanager
def running(commands):
    """A supervisor at work in a thread, and its output; stopped at the end."""
    output = io.StringIO()
    site = Supervisor(commands, output=output)
    thread = threading.Thread(target=site.run)
    thread.start()
    try:
        yield site, output
    finally:
        site.request_stop()
        thread.join(10)
    assert not thread.is_alive()


def wait_for(condition, timeout=5.0):
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0] != "Z"


def test_lines_of_a_child_carry_its_name():
    with running({"web": python("print('bonjour'); import time; time.sleep(60)")}) as (_, output):
        wait_for(lambda: "web      | bonjour\n" in output.getvalue())


def test_killed_child_is_restarted():
    with running({"travail": SLEEPER}) as (site, output):
        wait_for(lambda: output.getvalue().count("debout") == 1)
        first = site.children[0].process.pid
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: output.getvalue().count("debout") == 2)
        assert site.children[0].process.pid != first
        assert "arrêté (code -9), relance dans 0.2 s" in output.getvalue()


def test_pause_doubles_while_a_child_keeps_dying_and_the_others_are_left_alone(monkeypatch):
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.2)
    with running({"casse": python("raise SystemExit(3)"), "web": SLEEPER}) as (site, output):
        wait_for(lambda: "relance dans 0.8 s" in output.getvalue())
        assert "relance dans 0.2 s" in output.getvalue()
        assert "relance dans 0.4 s" in output.getvalue()
        assert site.children[1].restarts == 0


def test_stop_ends_every_child():
    with running({"web": SLEEPER, "travail": SLEEPER}) as (site, output):
        wait_for(lambda: output.getvalue().count("debout") == 2)
        pids = [child.process.pid for child in site.children]
    assert not any(is_alive(pid) for pid in pids)


def test_child_deaf_to_the_request_is_killed_after_the_grace_period(monkeypatch):
    monkeypatch.setattr(supervisor, "GRACE", 0.3)
    with running({"sourd": STUBBORN}) as (site, output):
        wait_for(lambda: "sourd" in output.getvalue())
        pid = site.children[0].process.pid
    assert not is_alive(pid)


PARENT = """
import sys
from entsite.supervisor import Supervisor
child = [sys.executable, "-u", "-c", "import os, time; print(os.getpid()); time.sleep(60)"]
Supervisor({"enfant": child}).run()
"""


@contextmanager
def parent_process():
    """A supervisor in a process of its own, and the pid of its child."""
    parent = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-u", "-c", PARENT], stdout=subprocess.PIPE, text=True
    )
    with parent:
        try:
            yield parent, int(parent.stdout.readline().rpartition("|")[2])
        finally:
            parent.kill()


def test_sigterm_stops_supervisor_and_child():
    with parent_process() as (parent, pid):
        parent.terminate()
        assert parent.wait(5) == 0
        assert not is_alive(pid)


def test_child_does_not_outlive_a_killed_supervisor():
    with parent_process() as (parent, pid):
        parent.kill()
        parent.wait(5)
        wait_for(lambda: not is_alive(pid))

"""``run_site``: the refusals, then the whole site for real, on the embedded database and broker."""

import fcntl
import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management.base import CommandError

from entsite.management.commands.run_site import Command, is_free, split_adresse
from entsite.processes import BEAT, WEB, WORKER
from tests.servers import free_port


@pytest.fixture
def taken_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_port_asked_for_and_taken_is_refused_with_another_to_try(taken_port):
    with pytest.raises(CommandError, match=rf"Le port {taken_port} est déjà pris.* --adresse 127.0.0.1:"):
        Command()._choose_adresse(f"127.0.0.1:{taken_port}")


def test_default_port_taken_gives_way_to_the_next_free_one_and_says_so(taken_port, monkeypatch, capsys):
    monkeypatch.setattr("entsite.management.commands.run_site.DEFAULT", f"127.0.0.1:{taken_port}")
    chosen = split_adresse(Command()._choose_adresse(None))
    assert taken_port < chosen[1] < taken_port + 10
    assert is_free(*chosen)
    assert f"Le port {taken_port} est déjà pris" in capsys.readouterr().out


@pytest.mark.parametrize("adresse", ["8000", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:70000", ":8000"])
def test_what_is_no_address_is_refused(adresse):
    with pytest.raises(CommandError, match="n'est pas une adresse"):
        split_adresse(adresse)


def test_compose_file_runs_the_same_commands():
    compose = re.sub(r"\s+", " ", (settings.BASE_DIR / "docker-compose.yml").read_text())
    for command in (WEB, WORKER, BEAT):
        assert " ".join(["python", *command]) in compose


# An établissement keeps the demonstration from loading its own; an account is there to be written to.
PREPARE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
from tests.makers import make_etablissement
make_etablissement()
from exchanges.models import Utilisateur
Utilisateur.objects.create_user("anne", email="anne@ac-essai.example")
"""


@contextmanager
def site(data_dir, *options, **variables):
    """A real site in its own processes on a free port: its address, its supervisor, its output."""
    adresse = f"127.0.0.1:{free_port()}"
    log = Path(data_dir, "output.log")
    environ = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL")
    }
    environ |= {
        "DJANGO_SETTINGS_MODULE": "entsite.settings",
        "ENTSITE_DATA_DIR": str(data_dir),
        "ENTSITE_SWEEP_SECONDS": "0.5",
        **variables,
    }
    with log.open("w") as output:
        command = [sys.executable, "manage.py", "run_site", "--adresse", adresse, *options]
        process = subprocess.Popen(  # noqa: S603 - our own command
            command, cwd=settings.BASE_DIR, env=environ, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield f"http://{adresse}", process, log
    finally:
        process.kill()
        process.wait()


def get(url):
    """Status and body of a GET; status 0 while nobody listens."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - our own address
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except OSError:
        return 0, ""


def wait_until_ready(adresse, log):
    deadline = time.monotonic() + 60
    while (answer := get(f"{adresse}/sante/pret/"))[0] != 200:
        assert time.monotonic() < deadline, f"{answer}\n{log.read_text()[-3000:]}"
        time.sleep(0.1)
    return json.loads(answer[1])


def children(pid):
    """Command line of each living child of a process, by pid."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == pid and fields[0] != "Z":
                found[int(stat.parent.name)] = (stat.parent / "cmdline").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def worker_pid(process):
    return next((pid for pid, command in children(process.pid).items() if "worker" in command), None)


def test_site_starts_serves_survives_a_kill_and_stops(tmp_path):
    with site(tmp_path) as (adresse, process, log):
        assert wait_until_ready(adresse, log)["base"] is True
        assert len(children(process.pid)) == 3

        status, page = get(f"{adresse}/connexion/")
        assert status == 200
        assert 'lang="fr"' in page
        style = re.search(r'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', page)
        assert style, "static files have no hashed name"
        assert get(adresse + style[1])[0] == 200

        killed = worker_pid(process)
        os.kill(killed, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while worker_pid(process) in (killed, None):
            assert time.monotonic() < deadline
            time.sleep(0.1)

        pids = children(process.pid)
        process.send_signal(signal.SIGINT)
        started = time.monotonic()
        assert process.wait(10) == 0
        assert time.monotonic() - started < 10
        assert not any(Path("/proc", str(pid)).exists() for pid in pids)

    text = log.read_text()
    assert f"Le site est à l'adresse {adresse}/" in text
    assert str(tmp_path) in text
    assert "Pour arrêter : Ctrl-C" in text
    assert "Le site est arrêté" in text


def test_demonstration_shows_its_mails_on_the_console(tmp_path):
    environ = os.environ | {"DJANGO_SETTINGS_MODULE": "entsite.settings", "ENTSITE_DATA_DIR": str(tmp_path)}
    environ = {nom: valeur for nom, valeur in environ.items() if nom not in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL")}
    prepare = [sys.executable, "-c", PREPARE]
    subprocess.run(prepare, cwd=settings.BASE_DIR, env=environ, check=True)  # noqa: S603 - our own command
    with site(tmp_path, "--demo") as (adresse, process, log):
        wait_until_ready(adresse, log)
        cookies = http.cookiejar.CookieJar()
        client = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
        client.open(f"{adresse}/mot-de-passe/oubli/").close()
        jeton = next(cookie.value for cookie in cookies if cookie.name == "csrftoken")
        corps = urllib.parse.urlencode({"email": "anne@ac-essai.example", "csrfmiddlewaretoken": jeton}).encode()
        client.open(f"{adresse}/mot-de-passe/oubli/", corps).close()
        deadline = time.monotonic() + 10
        while f"{adresse}/mot-de-passe/nouveau/" not in log.read_text():
            assert time.monotonic() < deadline, log.read_text()[-3000:]
            time.sleep(0.1)
        process.terminate()
        assert process.wait(10) == 0
    assert "Courriels : affichés ici même, non envoyés" in log.read_text()


@pytest.mark.redis
def test_site_works_with_redis_too(tmp_path, redis_process):
    with site(tmp_path, REDIS_URL=redis_process[0]) as (adresse, process, log):
        assert wait_until_ready(adresse, log)["etat"] == "ok"
        process.terminate()
        assert process.wait(10) == 0


def test_second_site_on_the_same_data_is_refused(tmp_path):
    with (tmp_path / "run_site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with site(tmp_path) as (_, process, log):
            assert process.wait(30) == 1
            assert "Le site tourne déjà sur les données de" in log.read_text()

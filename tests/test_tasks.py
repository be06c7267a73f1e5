"""Celery for real: a worker, a beat and a Redis of their own carry out a night, whatever dies on the way."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from entsite.celery import app
from entsite.processes import BEAT, WORKER
from entsite.supervisor import die_with_parent
from exchanges import tasks
from exchanges.enums import EtatDepot, EtatTache, NatureActe, Relais
from exchanges.models import Acte, Battement, Depot, Etablissement, LienGroupe, Tache
from tests import servers
from tests.makers import ELEVES, GROUPES, MARDI_2H, deposit, make_ecole, set_clock


HEURE = timedelta(hours=1)
JOUR = timedelta(days=1)
TOUS = dict.fromkeys(ELEVES, GROUPES)
BAIL = 3  # seconds, instead of five minutes
PATIENCE = 20  # seconds, for anything that takes two when the machine is not busy
WORKER_AU_BAIL_COURT = f"""
import sys
from datetime import timedelta
import django
django.setup()
from entsite.celery import app
from exchanges.pipeline import taches
taches.BAIL = timedelta(seconds={BAIL})
app.start(sys.argv[1:])
"""


def wait_for(condition: Callable[[], bool], quoi: str) -> None:
    """Until it is true; fails after ``PATIENCE``."""
    fin = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < fin, f"{quoi}: it never happened"
        time.sleep(0.1)


class Chaine:
    """Redis, worker and beat of one test, on the test's own database."""

    def __init__(self, dossier: Path):
        self.dossier = dossier
        self.port = servers.free_port()
        self.processus: list[subprocess.Popen[bytes]] = []
        base = connection.settings_dict
        url = f"postgres://{base['USER']}@{base['HOST']}:{base['PORT']}/{base['NAME']}"
        self.environ = os.environ | {
            "DATABASE_URL": url if connection.vendor == "postgresql" else f"sqlite:///{base['NAME']}",
            "DJANGO_SETTINGS_MODULE": "entsite.settings",
            "ENTSITE_DATA_DIR": str(settings.DATA_DIR),
            "ENTSITE_SWEEP_SECONDS": "0.5",
            "ENTSITE_WORKERS": "1",
            "REDIS_URL": f"redis://127.0.0.1:{self.port}/0",
        }

    def start_redis(self) -> subprocess.Popen[bytes]:
        """Start Redis on the port of this test, empty."""
        command = [servers.redis_server(), "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        process = self._start([*command, "--dir", str(self.dossier)])
        wait_for(lambda: servers.is_answering(self.port), "Redis")
        return process

    def start_worker(self) -> subprocess.Popen[bytes]:
        """Start the site's worker with a short lease, in its own session."""
        celery = WORKER[WORKER.index("celery") + 1 :]
        return self._start([sys.executable, "-c", WORKER_AU_BAIL_COURT, *celery])

    def start_beat(self) -> subprocess.Popen[bytes]:
        """Start the site's beat."""
        return self._start([sys.executable, *BEAT, "--schedule", str(self.dossier / "beat")])

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.dossier / "sortie.log").open("ab") as sortie:
            process = subprocess.Popen(  # noqa: S603 - our own arguments
                command,
                env=self.environ,
                stdout=sortie,
                stderr=sortie,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        self.processus.append(process)
        return process

    def stop(self) -> None:
        """Kill everything that was started and is still there."""
        for process in reversed(self.processus):
            kill_session(process)


def kill_session(process: subprocess.Popen[bytes]) -> None:
    """``kill -9`` a process and all that it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    finally:
        process.wait(5)


@pytest.fixture
def chaine(transactional_db: None) -> Iterator[Chaine]:
    """Redis is up, worker and beat are not yet."""
    with tempfile.TemporaryDirectory(prefix="entsite-celery-") as dossier:
        chaine = Chaine(Path(dossier))
        try:
            chaine.start_redis()
            yield chaine
        finally:
            chaine.stop()


def deposit_due(ecole: Etablissement, rang: int = 0) -> Depot:
    """A deposit whose night, the one of that day, is due right now."""
    jour = rang * JOUR
    set_clock(ecole.academie, MARDI_2H + jour - 8 * HEURE)
    depot = deposit(ecole, TOUS if rang % 2 == 0 else {"1001": ["6AGL1"]}, MARDI_2H + jour - 8 * HEURE)
    set_clock(ecole.academie, MARDI_2H + jour + HEURE)
    return depot


def is_imported(depot: Depot) -> bool:
    return Depot.objects.get(pk=depot.pk).etat == EtatDepot.IMPORTE


def night_of(depot: Depot) -> Tache:
    return Tache.objects.get(passage__depot=depot, passage__relais=Relais.SIECLE)


@contextmanager
def night_under_way(depot: Depot) -> Iterator[None]:
    """Hold the school's row, so that the worker stays in the middle of its job for the length of the block."""
    with transaction.atomic():
        Etablissement.objects.select_for_update().get(pk=depot.etablissement_id)
        wait_for(lambda: night_of(depot).etat == EtatTache.EN_COURS, "the claim")
        yield


@pytest.mark.redis
@pytest.mark.postgresql
def test_a_night_is_done_by_a_real_worker_and_again_after_redis_died(chaine):
    ecole = make_ecole()
    depot = deposit_due(ecole)
    chaine.start_worker()
    chaine.start_beat()
    wait_for(lambda: is_imported(depot), "the first night")
    assert LienGroupe.objects.courants().count() == 8
    assert Battement.objects.exists()

    kill_session(chaine.processus[0])
    second = deposit_due(ecole, rang=1)
    time.sleep(1)
    assert not is_imported(second)
    chaine.start_redis()
    wait_for(lambda: is_imported(second), "the night after Redis came back")
    assert LienGroupe.objects.courants().count() == 1
    assert Acte.objects.filter(nature=NatureActe.NUIT).count() == 2


@pytest.mark.redis
@pytest.mark.postgresql
@pytest.mark.parametrize("victime", ["worker", "child"])
def test_a_night_whose_worker_is_killed_is_done_by_the_next_once_the_lease_is_over(chaine, victime):
    depot = deposit_due(make_ecole())
    worker = chaine.start_worker()
    chaine.start_beat()
    with night_under_way(depot):
        if victime == "worker":
            kill_session(worker)
        else:
            enfants = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()
            os.kill(int(enfants[-1]), signal.SIGKILL)
        premier_jeton = night_of(depot).jeton
        assert not LienGroupe.objects.exists()
    if victime == "worker":
        chaine.start_worker()
    wait_for(lambda: is_imported(depot), "the night")
    tache = night_of(depot)
    assert (tache.etat, tache.tentatives) == (EtatTache.FAIT, 2)
    assert tache.jeton != premier_jeton
    assert LienGroupe.objects.courants().count() == 8
    assert Acte.objects.filter(nature=NatureActe.NUIT).count() == 1


@pytest.fixture
def file_broker() -> Iterator[None]:
    """The tests' own folder of messages, empty; kombu's memory of the queue, common to a process, goes with it."""
    published()
    yield
    with app.connection_for_write() as connexion:
        connexion.default_channel.queue_delete(settings.CELERY_TASK_DEFAULT_QUEUE)


def published() -> list[str]:
    """Names of the tasks that wait in the file broker of the tests, which are then forgotten."""
    noms = []
    with app.connection_for_read() as connexion:
        queue = connexion.SimpleQueue(settings.CELERY_TASK_DEFAULT_QUEUE)
        while queue.qsize():
            message = queue.get(block=False)
            noms.append(message.headers["task"].rpartition(".")[2])
            message.ack()
        queue.close()
    return noms


@pytest.mark.django_db(transaction=True)
def test_a_sweep_says_that_it_lives_and_publishes_the_ids_that_are_due(file_broker):
    depot = deposit_due(make_ecole())
    tasks.sweep()
    tasks.sweep()
    assert published() == ["run_tache", "run_tache"]
    assert Battement.objects.count() == 1
    tasks.run_tache(night_of(depot).pk)
    assert is_imported(depot)
    assert published() == ["sweep"]
    tasks.run_tache(night_of(depot).pk)
    assert published() == []


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_once_the_transaction_is_over_and_only_if_it_succeeds(file_broker):
    with transaction.atomic():
        tasks.ring()
        assert published() == []
    assert published() == ["sweep"]
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tasks.ring()
        raise ZeroDivisionError
    assert published() == []


def test_a_broker_that_does_not_answer_is_no_error_for_who_rings():
    """In a process of its own, since a Celery application keeps the broker it began with."""
    environ = os.environ | {
        "DJANGO_SETTINGS_MODULE": "entsite.settings",
        "ENTSITE_DATA_DIR": str(settings.DATA_DIR),
        "REDIS_URL": f"redis://127.0.0.1:{servers.free_port()}/0",
    }
    code = "import django; django.setup(); import entsite.celery; from exchanges import tasks; tasks.ring()"
    sortie = subprocess.run(  # noqa: S603 - our own arguments
        [sys.executable, "-c", code], env=environ, check=True, capture_output=True, text=True, timeout=PATIENCE
    )
    assert "the broker did not answer" in sortie.stderr

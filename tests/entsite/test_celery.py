"""What the worker promises, and what the web does when the broker is frozen."""

import os
import runpy
import signal
import subprocess
import sys
import time

import pytest
from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError

from entsite import settings as module
from entsite.celery import NICE, app


def test_messages_are_kept_until_the_job_is_done():
    conf = app.conf
    assert conf.task_acks_late is True
    assert conf.task_reject_on_worker_lost is True
    assert conf.worker_prefetch_multiplier == 1
    assert conf.task_ignore_result is True
    assert conf.accept_content == ["json"]
    assert conf.task_soft_time_limit < conf.task_time_limit < 900


def test_a_worker_lets_the_pages_go_first():
    programme = (
        "import os, entsite.celery\nfrom celery.signals import worker_init\nworker_init.send(None)\nprint(os.nice(0))"
    )
    vu = subprocess.run([sys.executable, "-c", programme], capture_output=True, text=True, check=True)  # noqa: S603
    assert int(vu.stdout) == os.nice(0) + NICE


def test_beat_rings_for_known_tasks():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)
    entry = app.conf.beat_schedule["sweep"]
    assert entry["task"] == "exchanges.tasks.sweep"
    assert entry["schedule"] == settings.SWEEP_SECONDS == 10
    assert app.conf.beat_schedule_filename.startswith(str(settings.DATA_DIR))


@pytest.mark.redis
def test_publishing_on_a_frozen_redis_gives_up_before_the_page_does(redis_process, monkeypatch):
    url, process = redis_process
    monkeypatch.setenv("REDIS_URL", url)
    options = runpy.run_path(module.__file__)
    site = Celery("frozen", set_as_current=False, broker=options["CELERY_BROKER_URL"])
    site.conf.broker_transport_options = options["CELERY_BROKER_TRANSPORT_OPTIONS"]
    site.send_task("exchanges.tasks.sweep", retry=False)
    process.send_signal(signal.SIGSTOP)
    try:
        started = time.monotonic()
        with pytest.raises(OperationalError):
            site.send_task("exchanges.tasks.sweep", retry=False)
        assert time.monotonic() - started < 4
    finally:
        process.send_signal(signal.SIGCONT)
        site.close()

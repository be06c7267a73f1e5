"""The Celery application: the doorbell of the job table, never its memory.

Everything it carries is an id; the database is the queue of record (``ecosystem.md`` §0.2, §2). The options
are the ``CELERY_*`` names of ``entsite.settings``.
"""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_init
from django.conf import settings
from kombu.transport import TRANSPORT_ALIASES


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entsite.settings")

# The scheme of the broker URL used when there is no Redis.
TRANSPORT_ALIASES["folder"] = "entsite.broker:Transport"

NICE = 10

app = Celery("entsite")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def use_site_logging(**_kwargs: Any) -> None:
    """Give worker and beat the site's own logging: Celery's would print the message of every exception."""
    logging.config.dictConfig(settings.LOGGING)


@worker_init.connect
def yield_to_the_web(**_kwargs: Any) -> None:
    """Let pages go first on a machine that does both: nobody waits for a night, somebody waits for a page."""
    os.nice(NICE)

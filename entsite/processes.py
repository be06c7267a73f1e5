"""The three processes of the site, written once: ``run_site`` starts them, docker-compose.yml repeats them.

The web serves from two processes of four threads (192 MB in all, ``ecosystem.md`` §1); the worker runs the
jobs; beat rings every few seconds so that whatever is due gets done.
"""

import sys


WEB = [
    *("-m", "gunicorn", "entsite.wsgi:application", "--workers", "2", "--threads", "4"),
    *("--timeout", "60", "--graceful-timeout", "4", "--log-level", "warning", "--no-control-socket"),
]
WORKER = [
    *("-m", "celery", "--quiet", "-A", "entsite.celery", "worker", "--loglevel", "WARNING"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
]
BEAT = ["-m", "celery", "--quiet", "-A", "entsite.celery", "beat", "--loglevel", "WARNING", "--pidfile="]


def site_commands(adresse: str) -> dict[str, list[str]]:
    """Name → command line of each process, the web listening on ``adresse`` (``host:port``)."""
    return {
        "web": [sys.executable, *WEB, "--bind", adresse],
        # Started by root, Celery would repeat its eight-line warning at every restart.
        "travail": [sys.executable, "-W", "ignore:You're running the worker", *WORKER],
        "horloge": [sys.executable, *BEAT],
    }

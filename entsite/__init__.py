"""The site: settings, addresses, Celery application, health. Nothing of the domain.

The Celery application is imported here so that ``@shared_task`` finds it in every process, web included.
"""

from entsite.celery import app as celery_app


__all__ = ["celery_app"]

"""Two public addresses for probes, without personal data.

``/sante/`` says that the process answers and touches nothing else: restarting a web process because the
database is down would help nobody. ``/sante/pret/`` says whether the night's work is being done.
"""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.db.models import Count, Max
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from exchanges.enums import EtatTache
from exchanges.models import Battement, Tache


# Six missed ticks of the sweep: the worker is dead or stuck (ecosystem.md §3.1, "worker not seen for 60 s").
SILENCE_MAX = timedelta(seconds=60)
WATCHED = (EtatTache.ATTENTE, EtatTache.EN_COURS, EtatTache.ABANDON)


@login_not_required
@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """200 ``{"etat": "ok"}`` as long as the process answers; no database."""
    return JsonResponse({"etat": "ok"})


@login_not_required
@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and a worker was seen less than a minute ago, else 503.

    JSON: ``base`` (bool), ``silence`` (whole seconds since the last sign of a worker, null if never) and
    ``taches`` (number of jobs per state: attente, en_cours, abandon).
    """
    try:
        vu_le = Battement.objects.aggregate(vu_le=Max("vu_le"))["vu_le"]
        counted = Tache.objects.filter(etat__in=WATCHED).order_by().values_list("etat").annotate(Count("pk"))
        taches = dict.fromkeys(WATCHED, 0) | dict(counted)
    except DatabaseError:
        return JsonResponse({"etat": "panne", "base": False, "silence": None, "taches": {}}, status=503)
    silence = timezone.now() - vu_le if vu_le else None
    is_pret = silence is not None and silence < SILENCE_MAX
    content = {
        "etat": "ok" if is_pret else "panne",
        "base": True,
        "silence": int(silence.total_seconds()) if silence is not None else None,
        "taches": taches,
    }
    return JsonResponse(content, status=200 if is_pret else 503)

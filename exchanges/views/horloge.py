"""« Passer à demain matin »: move a simulated clock, then show the night being carried out."""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_POST

from exchanges import tasks
from exchanges.enums import EtatTache, Relais
from exchanges.models import Academie, Battement, Depot, Tache
from exchanges.propagation.horloge import Horloge
from exchanges.views.context import show_horloge
from exchanges.views.fragments import render_page
from exchanges.views.perimetre import get_academie_simulee, visible_etablissements


FINIES = (EtatTache.FAIT, EtatTache.ABANDON)
ETAPES = {
    Relais.SIECLE: "SIECLE lit les fichiers déposés",
    Relais.AAF: "l'annuaire académique lit SIECLE",
    Relais.ENT: "l'ENT lit l'annuaire",
    Relais.MOODLE: "Moodle lit l'ENT",
}
STOP_POLLING = 286
SILENCE = timedelta(minutes=1)  # six ticks of the sweep


@require_POST
def horloge_advance(request: HttpRequest, code: str) -> HttpResponse:
    """Move the clock to the next morning, ring the bell, show the night."""
    horloge = Horloge(get_academie_simulee(request, code))
    depuis = horloge.maintenant
    horloge.advance(horloge.prochain_matin())
    tasks.ring()
    query = urlencode({"depuis": depuis.isoformat(), "retour": _safe(request, request.POST.get("next", ""))})
    return redirect(f"{reverse('exchanges:horloge_progress', args=[code])}?{query}")


def horloge_progress(request: HttpRequest, code: str) -> HttpResponse:
    """How far the jobs of the night are; htmx asks again every two seconds, a browser without it reloads."""
    academie = get_academie_simulee(request, code)
    horloge = show_horloge(request, academie)
    depuis = _instant(request.GET.get("depuis", "")) or horloge.maintenant
    taches = _taches(academie, depuis, horloge)
    faites = sum(etat in FINIES for etat, _ in taches)
    en_cours = next((relais for etat, relais in taches if etat not in FINIES), None)
    context = {
        "total": len(taches),
        "faites": faites,
        "etape": ETAPES.get(en_cours, ""),
        "is_fini": faites == len(taches),
        "echecs": sum(etat == EtatTache.ABANDON for etat, _ in taches),
        "is_endormi": not Battement.objects.filter(vu_le__gt=timezone.now() - SILENCE).exists(),
        "depots": _imported(request, academie, depuis, horloge),
        "retour": _safe(request, request.GET.get("retour", "")),
    }
    is_poll_end = context["is_fini"] and request.htmx
    return render_page(
        request,
        "exchanges/horloge_progress.html",
        "exchanges/_horloge_progress.html",
        context,
        status=STOP_POLLING if is_poll_end else 200,
    )


def _taches(academie: Academie, depuis: datetime, horloge: Horloge) -> list[tuple[str, str]]:
    taches = Tache.objects.filter(
        etablissement__academie=academie, prevu_le__gt=depuis, prevu_le__lte=horloge.maintenant
    )
    return list(taches.order_by("prevu_le", "pk").values_list("etat", "passage__relais"))


def _imported(request: HttpRequest, academie: Academie, depuis: datetime, horloge: Horloge) -> list[Depot]:
    """The comptes-rendus of that night that the user may read, ten at most."""
    return list(
        Depot.objects.filter(
            etablissement__in=visible_etablissements(request).filter(academie=academie),
            importe_le__gt=depuis,
            importe_le__lte=horloge.maintenant,
        ).select_related("etablissement")[:10]
    )


def _instant(texte: str) -> datetime | None:
    try:
        instant = parse_datetime(texte)
    except ValueError:
        return None
    return instant if instant and instant.tzinfo else None


def _safe(request: HttpRequest, url: str) -> str:
    """A path of this site, or the home page: never somebody else's address."""
    if url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        return url
    return resolve_url("exchanges:home")

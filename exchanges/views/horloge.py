"""Move a simulated clock forward and show the nights being carried out; put a demonstration back at its start."""

from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_POST

from exchanges import tasks
from exchanges.enums import EtatTache, Relais
from exchanges.models import Academie, Battement, Depot, Tache
from exchanges.pipeline.demonstration import ask_reset, is_reset_asked
from exchanges.propagation.calendrier import next_complet_of
from exchanges.propagation.horloge import MATIN, Horloge, next_occurrence
from exchanges.views.context import show_horloge
from exchanges.views.fragments import render_page
from exchanges.views.perimetre import get_academie_simulee, visible_etablissements


FINIES = (EtatTache.FAIT, EtatTache.ABANDON)
ETAPES = {
    Relais.SIECLE: "SIECLE lit les fichiers déposés",
    Relais.AAF: "l'annuaire académique lit SIECLE",
    Relais.ENT: "l'ENT lit l'annuaire",
    Relais.GAR: "le GAR lit l'ENT",
    Relais.MOODLE: "Moodle lit l'ENT",
}
STOP_POLLING = 286
SILENCE = timedelta(minutes=1)  # six ticks of the sweep


@require_POST
def horloge_advance(request: HttpRequest, code: str) -> HttpResponse:
    """Move the clock to the instant asked for (the next morning unless told), ring the bell, show the nights."""
    academie = get_academie_simulee(request, code)
    if is_reset_asked(academie):
        return redirect("exchanges:horloge_reset_progress", code)
    horloge = Horloge(academie)
    depuis = horloge.maintenant
    horloge.advance(CIBLES.get(request.POST.get("vers", ""), Horloge.prochain_matin)(horloge))
    tasks.ring()
    query = urlencode({"depuis": depuis.isoformat(), "retour": _safe(request, request.POST.get("next", ""))})
    return redirect(f"{reverse('exchanges:horloge_progress', args=[code])}?{query}")


def _after_complet(horloge: Horloge) -> datetime:
    """The morning that follows the next complet of the académie."""
    complet = next_complet_of(horloge.academie, horloge.maintenant)
    return next_occurrence(complet.astimezone(horloge.fuseau), MATIN)


CIBLES = {"semaine": Horloge.semaine_suivante, "complet": _after_complet}


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
        "is_longue": horloge.maintenant - depuis > timedelta(days=1),
        "echecs": sum(etat == EtatTache.ABANDON for etat, _ in taches),
        "is_endormi": _is_asleep(),
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


def horloge_reset(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for a confirmation, then for the scenario to begin again."""
    academie = _get_demonstration(request, code)
    if request.method == "POST" and request.POST.get("confirme"):
        ask_reset(academie)
        tasks.ring()
        return redirect("exchanges:horloge_reset_progress", code)
    context = {
        "academie": academie,
        "nombre": academie.etablissements.count(),
        "retour": _safe(request, request.GET.get("retour", "")),
        "is_oubli": request.method == "POST",
    }
    return render(request, "exchanges/horloge_reset.html", context, status=422 if context["is_oubli"] else 200)


def horloge_reset_progress(request: HttpRequest, code: str) -> HttpResponse:
    """Whether the scenario has begun again; htmx asks until it has."""
    is_fini = not is_reset_asked(_get_demonstration(request, code))
    context = {"is_fini": is_fini, "is_endormi": _is_asleep()}
    return render_page(
        request,
        "exchanges/horloge_reset_progress.html",
        "exchanges/_horloge_reset_progress.html",
        context,
        status=STOP_POLLING if is_fini and request.htmx else 200,
    )


def _get_demonstration(request: HttpRequest, code: str) -> Academie:
    academie = get_academie_simulee(request, code)
    if not show_horloge(request, academie).is_demonstration:
        raise Http404
    return academie


def _is_asleep() -> bool:
    """Whether the worker has not been heard for a while."""
    return not Battement.objects.filter(vu_le__gt=timezone.now() - SILENCE).exists()


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

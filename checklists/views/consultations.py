"""« Voir comme » a school: begin, leave, and what its people know of it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from checklists.middleware import SESSION
from checklists.pilotage.consultations import DUREE, open_consultation
from checklists.views.perimetre import require_follower
from checklists.views.suivi import get_followed
from exchanges.views.perimetre import get_etablissement


PAR_PAGE = 50


@require_POST
def consultation_start(request: HttpRequest, uai: str) -> HttpResponse:
    """Look at a school's pages as its people see them."""
    etablissement = get_followed(request, uai)
    consultation = open_consultation(etablissement, request.user, timezone.now())
    request.session[SESSION] = consultation.pk
    return redirect("exchanges:etablissement_detail", uai)


@require_POST
def consultation_end(request: HttpRequest) -> HttpResponse:
    """Be oneself again, on the page of that school; the middleware has written the end."""
    require_follower(request)
    request.session.pop(SESSION, None)
    consultation = request.consultation
    if consultation is None:
        return redirect("checklists:dashboard")
    messages.success(request, "Vous voyez à nouveau le site avec votre propre compte.")
    return redirect("checklists:school_detail", consultation.etablissement.uai)


def consultation_list(request: HttpRequest, uai: str) -> HttpResponse:
    """Who looked at the pages of a school as it sees them, for everybody who sees this school.

    The secrétariat reads it as the direction does: what was looked at is its daily work, a look is traced so that
    those who were looked at may know it, and the rows name agents of the DANE and instants, no élève. The DANE reads
    it too.
    """
    etablissement = get_etablissement(request, uai)
    lignes = etablissement.consultations.select_related("utilisateur")
    maintenant = timezone.now()
    page = Paginator(lignes, PAR_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lignes": [(consultation, consultation.fin > maintenant) for consultation in page.object_list],
        "minutes": DUREE.seconds // 60,
    }
    return render(request, "checklists/ecole_consultations.html", context)

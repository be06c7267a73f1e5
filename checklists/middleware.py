"""« Voir comme » a school, request after request: what it shows, and that nothing is written while it lasts."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from checklists.models import Consultation
from checklists.pilotage.consultations import close_consultation, find_consultation


SESSION = "consultation"  # key of the session: the row of what the user is looking at
LECTURES = ("GET", "HEAD", "OPTIONS")
SORTIES = ("logout", "checklists:consultation_end")
RECHERCHE = "exchanges:search"
FINIE = "Votre consultation « comme l'établissement » est finie : elle dure trente minutes au plus."


class ConsultationMiddleware:
    """Set ``request.consultation`` (None: nobody looks) and, on the school's own pages, ``request.vu_comme``.

    The pages of the académie and the other schools stay what they are for the user, but nothing can be written.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.consultation = request.vu_comme = None
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        """Refuse what writes; the way out and the sign-out end the consultation."""
        consultation = read_consultation(request)
        if consultation is None:
            return None
        request.consultation = consultation
        if request.method not in LECTURES:
            return _write(request, consultation)
        etablissement = consultation.etablissement
        is_academie = request.path.startswith(reverse("checklists:dashboard"))
        is_sienne = kwargs.get("uai") == etablissement.uai and not is_academie
        if is_sienne or request.resolver_match.view_name == RECHERCHE:
            request.vu_comme = etablissement
        return None


def _write(request: HttpRequest, consultation: Consultation) -> HttpResponse | None:
    if request.resolver_match.view_name in SORTIES:
        close_consultation(consultation, timezone.now())
        return None
    return render(request, "checklists/ecole_comme_refus.html", {"consultation": consultation}, status=403)


def read_consultation(request: HttpRequest) -> Consultation | None:
    """What the user is looking at; when its time is over she is told so, once."""
    pk = request.session.get(SESSION) if request.user.is_authenticated else None
    if pk is None:
        return None
    consultation = find_consultation(pk, request.user, timezone.now())
    if consultation is None:
        del request.session[SESSION]
        messages.info(request, FINIE)
    return consultation

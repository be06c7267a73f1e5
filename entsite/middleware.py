"""Three middlewares: the static content security policy, the size an upload may have, the way to the login page."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRedirect


Handler = Callable[[HttpRequest], HttpResponse]

CHUNK = 64 * 1024
# Unread bytes make the kernel reset the connection, and the browser then hides our answer behind an error page
# of its own. We read this many times the limit and throw it away; whoever sends more is not a misled person.
DRAINED_LIMITS = 4


class ContentSecurityPolicyMiddleware:
    """Everything from this site, nothing inline. htmx comes from our own static files, so no nonce is needed."""

    # data: images are the arrows and ticks drawn by the style sheet.
    policy = (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", self.policy)
        return response


class LoginMiddleware(LoginRequiredMiddleware):
    """Every page asks for a session; without one, a fragment sends the whole browser to the login page.

    A redirection would be followed by htmx itself, and the login page swapped into a panel. Restoring history is
    the exception: htmx takes that answer for a whole page, whatever its headers.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponse:
        """The login page; from there, back to the page where the user was."""
        if not request.htmx or request.htmx.history_restore_request:
            return super().handle_no_permission(request, view_func)
        redirection = redirect_to_login(
            self._page_of(request), self.get_login_url(view_func), self.get_redirect_field_name(view_func)
        )
        return HttpResponseClientRedirect(redirection.url)

    @staticmethod
    def _page_of(request: HttpRequest) -> str:
        """Where the fragment was asked from, on this site; where a boosted link led."""
        demandee = request.get_full_path() if request.method == "GET" else settings.LOGIN_REDIRECT_URL
        return demandee if request.htmx.boosted else request.htmx.current_url_abs_path or demandee


class UploadLimitMiddleware:
    """Answer 413, in French, to a request announced over ``ENTSITE_UPLOAD_MAX`` bytes or found to be over it.

    The announced size is judged before anything is read; ``entsite.uploads`` counts what really comes and marks
    the request. Memory stays bounded either way.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if announced_length(request) > settings.ENTSITE_UPLOAD_MAX:
            drain(request, DRAINED_LIMITS * settings.ENTSITE_UPLOAD_MAX)
            return refuse(request)
        response = self.get_response(request)
        return refuse(request) if getattr(request, "is_upload_too_large", False) else response


def announced_length(request: HttpRequest) -> int:
    """The Content-Length of the request in bytes; 0 when absent or not a number, as Django itself reads it."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def drain(request: HttpRequest, at_most: int) -> None:
    """Read and forget up to ``at_most`` bytes of the body; a connection already broken is no concern of ours."""
    try:
        while at_most > 0 and (chunk := request.read(min(CHUNK, at_most))):
            at_most -= len(chunk)
    except OSError:
        return


def refuse(request: HttpRequest) -> HttpResponse:
    """The 413 page, told the limit in mebibytes."""
    limite = settings.ENTSITE_UPLOAD_MAX // (1024 * 1024)
    return render(request, "413.html", {"limite": limite}, status=413)

"""One URL, one context, a page or its fragment; files to download."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from exchanges.reports.tableur import FORMATS


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page; going back in the history asks for the whole."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def render_page(
    request: HttpRequest, page: str, fragment: str, context: dict[str, object], status: int = 200
) -> HttpResponse:
    """Render ``page``, or only ``fragment`` when htmx asks for it; caches are told that they differ.

    Args:
        page, fragment: template names; the page includes the fragment, whose root carries the id.
        context: the same for both.
        status: HTTP status.
    """
    response = render(request, fragment if wants_fragment(request) else page, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def download(nom: str, extension: str, titres: list[str], lignes) -> HttpResponse:
    """A table as a CSV or XLSX attachment.

    Args:
        nom: file name without extension (ASCII).
        extension: a key of ``reports.tableur.FORMATS``.
        titres: column titles.
        lignes: iterable of rows.
    """
    forme = FORMATS[extension]
    response = HttpResponse(forme.write(titres, lignes), content_type=forme.type_mime)
    response["Content-Disposition"] = f'attachment; filename="{nom}.{extension}"'
    response["Cache-Control"] = "no-store"
    return response

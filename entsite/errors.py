"""The page of an unexpected error, and what it tells to the proxies and scripts in front."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.defaults import server_error


RETRY_AFTER = 30  # seconds; a database restart and a sweep fit in it


def unexpected_error(request: HttpRequest) -> HttpResponse:
    """The 500 page; with status 503 and ``Retry-After`` when it is the database that does not answer.

    Django calls it while the exception is being handled, which is how its kind is known here.
    """
    response = server_error(request)
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response.status_code = 503
        response["Retry-After"] = str(RETRY_AFTER)
    return response

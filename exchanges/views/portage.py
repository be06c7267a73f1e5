"""What a preview shows and its confirmation applies: carried by the page itself, signed for the person who saw it.

Nothing is kept on the server between the two, and what is applied is what was shown.
"""

from django.core import signing
from django.http import HttpRequest


DUREE = 3600  # seconds; afterwards the base may have changed too much: the file is given again


class PortagePerime(Exception):
    """The page is too old, or is not the one that was shown to this person."""


def pack(request: HttpRequest, usage: str, contenu: object) -> str:
    """A text for a hidden field; ``contenu`` is made of lists, dicts and texts."""
    return signing.dumps(contenu, salt=_salt(request, usage), compress=True)


def unpack(request: HttpRequest, usage: str):
    """The content of the posted field ``contenu``; raises PortagePerime."""
    try:
        return signing.loads(request.POST.get("contenu", ""), salt=_salt(request, usage), max_age=DUREE)
    except signing.BadSignature as exc:
        raise PortagePerime from exc


def _salt(request: HttpRequest, usage: str) -> str:
    return f"exchanges.portage.{usage}.{request.user.pk}"

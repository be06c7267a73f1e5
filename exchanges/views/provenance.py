"""Where a request comes from."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The address of the client, as its own reverse proxies wrote it; empty when nobody knows.

    ``ENTSITE_PROXIES`` proxies each add one address at the right of X-Forwarded-For: what stands further left is
    the client's own word. In IPv6 it is the network of 64 bits, which is what one customer is given.
    """
    texte = request.META.get("REMOTE_ADDR", "")
    if settings.ENTSITE_PROXIES:
        sauts = request.headers.get("X-Forwarded-For", "").split(",")
        texte = sauts[-settings.ENTSITE_PROXIES].strip() if len(sauts) >= settings.ENTSITE_PROXIES else ""
    try:
        adresse = ip_address(texte)
    except ValueError:
        return ""
    if isinstance(adresse, IPv6Address):
        return str(adresse.ipv4_mapped or ip_network((adresse, 64), strict=False))
    return str(adresse)

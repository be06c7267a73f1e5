"""Reading pages as a person does: their text, their addresses, what htmx would swap."""

import re
from html import unescape

from django.urls import reverse


def url(nom: str, etablissement, *args, query: str = "") -> str:
    """The address of a page of an établissement."""
    return reverse(f"exchanges:{nom}", args=[etablissement.uai, *args]) + (f"?{query}" if query else "")


def text(response) -> str:
    """The words of a page, on one line."""
    sans_balises = re.sub(r"<[^>]+>", " ", response.content.decode().replace("<wbr>", ""))
    return " ".join(unescape(sans_balises).split())


def htmx(client, adresse: str):
    """What htmx gets at an address."""
    return client.get(adresse, headers={"HX-Request": "true"})


def assert_fragment_is_part_of_page(client, adresse: str) -> None:
    """A swap shows what a reload would show."""
    page, fragment = client.get(adresse), htmx(client, adresse)
    assert fragment.status_code == page.status_code
    assert "<html" not in fragment.content.decode()
    assert text(fragment) in text(page)
    assert "HX-Request" in page["Vary"]
    assert "HX-Request" in fragment["Vary"]

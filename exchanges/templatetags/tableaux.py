"""What tables write many times: sorted headers and icons, in Python because a page has dozens of them."""

from functools import cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


register = template.Library()

_ENTETE = (
    '<th scope="col"{}><a class="sort-link" href="{}"{}>{}{}<span class="visually-hidden"> – trier par ordre {}</span>'
    "</a></th>"
)
_SORTS = {
    "": ("sort", mark_safe(""), "croissant"),
    "+": ("sort-up", mark_safe(' aria-sort="ascending"'), "décroissant"),
    "-": ("sort-down", mark_safe(' aria-sort="descending"'), "croissant"),
}


@register.simple_tag(takes_context=True)
def sort_header(context, libelle, champ, tri, cible=""):
    """Return a ``<th>`` whose link sorts the table; the other filters stay in the address, the page goes back to 1.

    Args:
        libelle: the title of the column.
        champ: the value of the parameter ``tri`` that sorts by it.
        tri: the current one (« nom », « -nom » or empty).
        cible: id of the fragment to swap with htmx; empty for a plain link.
    """
    request = context["request"]
    sens = "+" if tri == champ else "-" if tri == f"-{champ}" else ""
    query = request.GET.copy()
    query.pop("page", None)
    query["tri"] = f"-{champ}" if sens == "+" else champ
    lien = f"?{query.urlencode()}"
    swap = _swap(f"{request.path}{lien}", cible) if cible else ""
    nom, aria, ordre = _SORTS[sens]
    return format_html(_ENTETE, aria, lien, swap, libelle, icon(nom), ordre)


def _swap(adresse: str, cible: str) -> SafeString:
    gabarit = ' hx-get="{0}" hx-target="#{1}" hx-select="#{1}" hx-swap="outerHTML" hx-push-url="true"'
    return format_html(gabarit, adresse, cible)


@cache
def icon(nom: str) -> SafeString:
    """``components/icon.html``, rendered once."""
    return render_to_string("components/icon.html", {"nom": nom})

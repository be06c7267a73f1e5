"""What the pages of the académie write thousands of times: cells and badges, without one node of template for each.

A page of fifty schools has eight hundred cells; written by loops and includes they took longer than everything else.
"""

from functools import cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from checklists.pilotage.tableau import Colonne


register = template.Library()


@register.simple_tag
def cellules(ligne):
    """Return the ``<td>`` of a line of the dashboard: value, and its detail in small."""
    morceaux = []
    for colonne, cellule in ligne["cellules"]:
        detail = f" <small>{escape(cellule.detail)}</small>" if cellule.detail else ""
        morceaux.append(f"{_open(colonne)}{escape(cellule.texte)}{detail}</td>")
    return mark_safe("".join(morceaux))  # noqa: S308 - every value is escaped above


@cache
def _open(colonne: Colonne) -> SafeString:
    is_nombre = mark_safe(' class="number"') if colonne.is_nombre else ""
    return format_html('<td{} data-label="{}">', is_nombre, colonne.titre)


@register.simple_tag
def cases(ligne):
    """Return the ``<td>`` of a line of the heat map."""
    return mark_safe("".join(_case(**case) for case in ligne["cases"]))  # noqa: S308 - made by format_html


@cache
def _case(signe: str, couleur: str, libelle: str) -> SafeString:
    return format_html(
        '<td class="case case-{}"><span aria-hidden="true">{}</span><span class="visually-hidden">{}</span></td>',
        couleur,
        signe,
        libelle,
    )


@register.simple_tag
@cache
def badge(couleur: str, libelle: str) -> SafeString:
    """Return ``components/badge.html``, rendered once."""
    return render_to_string("components/badge.html", {"couleur": couleur, "libelle": libelle})

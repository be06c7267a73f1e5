"""What the pages of the académie write many times: lines, cells and badges, without one node of template for each.

A page of fifty schools has eight hundred cells; written by loops and includes they took longer than everything else.
"""

from functools import cache
from html import escape  # Django's own looks at each value four times more

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from checklists.etapes import read_etapes
from checklists.pilotage.tableau import Colonne


register = template.Library()


_LIGNE = (
    '<tr id="ligne-{uai}"><td class="select"><input type="checkbox" name="uai" value="{uai}" '
    'aria-label="Choisir {nom}"></td><th scope="row"><a href="{lien}" hx-get="{lien}" hx-target="#panneau" '
    'hx-swap="innerHTML show:#panneau:top">{nom}</a> <small class="muted">{uai} {ville}</small></th>'
    '<td data-label="État">{etat}</td>{cellules}</tr>'
)
ESSENTIELLES = {"rentree", "retards", "depot", "absents"}  # what a phone shows of a school before one asks for more
_SUITE = '<td class="suite"><details><summary>Tous ses chiffres</summary></details></td>'  # shown by phones only
_RAISONS = '<details class="raisons"><summary>{}</summary><ul>{}</ul></details>'


@register.simple_tag
def ligne_ecole(ligne, requete):
    """Return the ``<tr>`` of a school: its box to tick, its panel, its state and the reasons for it, its cells."""
    ecole = ligne["etablissement"]
    texte = _LIGNE.format(
        uai=escape(ecole.uai),
        nom=escape(ecole.denomination),
        ville=escape(ecole.ville),
        lien=escape(f"{reverse('checklists:school_panel', args=[ecole.uai])}?{requete}"),
        etat=_etat(ligne),
        cellules=_cellules(ligne["cellules"]),
    )
    return mark_safe(texte)  # noqa: S308 - every value is escaped above


def _etat(ligne) -> str:
    vu = badge(**ligne["badge"])
    if not ligne["raisons"]:
        return vu
    raisons = "".join(f"<li>{escape(raison.texte)}</li>" for raison in ligne["raisons"])
    return _RAISONS.format(vu, raisons)


def _cellules(cellules) -> str:
    morceaux = []
    for colonne, cellule in cellules:
        detail = f" <small>{escape(cellule.detail)}</small>" if cellule.detail else ""
        morceaux.append(f"{_open(colonne)}{escape(cellule.texte)}{detail}</td>")
    if any(_is_reste(colonne) for colonne, _ in cellules):
        morceaux.append(_SUITE)
    return "".join(morceaux)


@cache
def _open(colonne: Colonne) -> SafeString:
    noms = " ".join(["number"] * colonne.is_nombre + ["reste"] * _is_reste(colonne))
    attribut = format_html(' class="{}"', noms) if noms else ""
    return format_html('<td{} data-label="{}">', attribut, colonne.titre)


def _is_reste(colonne: Colonne) -> bool:
    """Whether a phone folds it: nobody asked for it, and it is not what a school is first known by."""
    return colonne.is_defaut and colonne.cle not in ESSENTIELLES


@register.simple_tag
def cases(ligne):
    """Return the ``<td>`` of a line of the heat map."""
    numeros = (etape.numero for etape in read_etapes())
    dessinees = (_case(numero, **case) for numero, case in zip(numeros, ligne["cases"], strict=True))
    return mark_safe("".join(dessinees))  # noqa: S308 - made by format_html


@cache
def _case(numero: str, signe: str, couleur: str, libelle: str) -> SafeString:
    return format_html(
        '<td class="case case-{}" data-label="{}"><span aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span></td>',
        couleur,
        numero,
        signe,
        libelle,
    )


@register.simple_tag
@cache
def badge(couleur: str, libelle: str) -> SafeString:
    """Return ``components/badge.html``, rendered once."""
    return render_to_string("components/badge.html", {"couleur": couleur, "libelle": libelle})

"""The rules as the help page shows them: read from the catalogue, so that the page cannot disagree with the code."""

from django import template

from exchanges.rules.base import regle_de
from exchanges.rules.catalogue import ELEGROUPE


register = template.Library()


@register.simple_tag
def regles_elegroupe():
    """Return the ``Regle`` cards of SIECLE's élève-groupe import (``formats/siecle.md`` §3.6), in its order."""
    return [regle_de(function) for function in ELEGROUPE]

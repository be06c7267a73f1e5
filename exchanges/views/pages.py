"""Pages that read nothing: help, rules, accessibility."""

from itertools import groupby

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from exchanges.rules.base import regle_de
from exchanges.rules.catalogue import ELEGROUPE, all_regles


def aide(request: HttpRequest) -> HttpResponse:
    """The guide."""
    return render(request, "pages/aide.html")


def regles(request: HttpRequest) -> HttpResponse:
    """Every rule of the catalogue, those of SIECLE first, then ours by family."""
    siecle = [regle_de(function) for function in ELEGROUPE]
    notres = [regle for regle in all_regles() if regle not in siecle]
    familles = [(famille, list(groupe)) for famille, groupe in groupby(notres, key=lambda regle: regle.famille)]
    return render(request, "exchanges/regles.html", {"siecle": siecle, "familles": familles})


@login_not_required
def accessibilite(request: HttpRequest) -> HttpResponse:
    """What is done for everybody to use the site, and what is not yet."""
    return render(request, "pages/accessibilite.html")

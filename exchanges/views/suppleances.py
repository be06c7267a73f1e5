"""« Nouvel enseignant »: one question, then a remplacement (REP) or a suppléance (SUP); those that are running."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from exchanges.forms_sts import AbsentForm, RemplacementForm, SuppleanceForm
from exchanges.models import Acte, Etablissement
from exchanges.pipeline.suppleances import (
    MOUVEMENTS,
    MouvementRefuse,
    Suppleant,
    add_suppleant,
    cancel_mouvement,
    replace_enseignant,
)
from exchanges.reports.suppleances import (
    list_absents,
    list_mouvements,
    list_remplacants,
    list_services,
    split_key,
)
from exchanges.views.exports import exports_context
from exchanges.views.perimetre import can_modify, get_etablissement, get_modifiable


def suppleance_list(request: HttpRequest, uai: str) -> HttpResponse:
    """The question that tells a remplacement from a suppléance, those that run, the exports that they wait for."""
    etablissement = get_etablissement(request, uai)
    context = {
        "mouvements": list_mouvements(etablissement, request.horloge.maintenant.date()),
        "has_services": bool(list_absents(etablissement)),
        "can_modify": can_modify(request, etablissement),
    } | exports_context(etablissement, "suppleance_list")
    return render(request, "exchanges/suppleance_list.html", context)


def remplacement_new(request: HttpRequest, uai: str) -> HttpResponse:
    """REP: the absent, then who takes which of her services."""

    def make_form(etablissement: Etablissement, absent: str, *donnees) -> forms.Form:
        services = list_services(etablissement, absent)
        return RemplacementForm(*donnees, services=services, remplacants=list_remplacants(etablissement, absent))

    def save(etablissement: Etablissement, absent: str, propre: dict[str, object]) -> Acte:
        return replace_enseignant(
            etablissement,
            split_key(absent),
            split_key(propre["remplacant"]),
            propre["services"],
            request.user,
            request.horloge.maintenant,
        )

    return _move(request, uai, False, make_form, save)


def suppleance_new(request: HttpRequest, uai: str) -> HttpResponse:
    """SUP: the absent, then who arrives, when, for which of her services."""

    def make_form(etablissement: Etablissement, absent: str, *donnees) -> forms.Form:
        return SuppleanceForm(*donnees, services=list_services(etablissement, absent))

    def save(etablissement: Etablissement, absent: str, propre: dict[str, object]) -> Acte:
        champs = ("nom", "prenom", "civilite", "date_naissance", "debut", "fin")
        suppleant = Suppleant(**{champ: propre[champ] for champ in champs})
        services = propre["services"]
        now = request.horloge.maintenant
        return add_suppleant(etablissement, split_key(absent), suppleant, services, request.user, now)

    return _move(request, uai, True, make_form, save)


def _move(
    request: HttpRequest,
    uai: str,
    is_suppleance: bool,
    make_form: Callable[..., forms.Form],
    save: Callable[[Etablissement, str, dict[str, object]], Acte],
) -> HttpResponse:
    """Choose the absent (GET), fill the form (GET), move the services (POST)."""
    etablissement = get_modifiable(request, uai) if request.method == "POST" else get_etablissement(request, uai)
    absents = list_absents(etablissement)
    choix = AbsentForm(request.GET or None, absents=absents)
    context = {"is_suppleance": is_suppleance, "choix": choix, "form": None, "nom": "", "refus": ""}
    context["can_modify"] = can_modify(request, etablissement)
    if choix.is_valid():
        absent = choix.cleaned_data["absent"]
        form = make_form(etablissement, absent, *([request.POST] if request.method == "POST" else []))
        context |= {"form": form, "nom": dict(absents)[absent]}
        if request.method == "POST" and form.is_valid():
            try:
                save(etablissement, absent, form.cleaned_data)
            except MouvementRefuse as exc:
                context["refus"] = str(exc)
            else:
                messages.success(request, "C'est fait dans STS. Il reste à faire : Export Structure, puis Services.")
                return redirect("exchanges:suppleance_list", uai)
    return render(request, "exchanges/suppleance_form.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def suppleance_cancel(request: HttpRequest, uai: str, pk: int) -> HttpResponse:
    """Undo a remplacement or a suppléance that no export has carried yet."""
    etablissement = get_modifiable(request, uai)
    acte = get_object_or_404(etablissement.actes, pk=pk, nature__in=MOUVEMENTS, detail__has_key="nouveau")
    try:
        cancel_mouvement(acte, request.user, request.horloge.maintenant)
    except MouvementRefuse as exc:
        messages.warning(request, str(exc))
    else:
        messages.success(request, "C'est annulé : les services sont revenus comme ils étaient dans STS.")
    return redirect("exchanges:suppleance_list", uai)

"""Élève-groupe deposits: the list, one deposit in each of its states, confirm it, give it up."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from exchanges.enums import EtatDepot, Relais
from exchanges.forms import ConfirmationDepotForm, DepotFiltre
from exchanges.models import Depot, Etablissement
from exchanges.parsers.errors import FichierRefuse
from exchanges.pipeline.depots import (
    ConfirmationRequise,
    DepotPerime,
    abandon_depot,
    confirm_depot,
    judge_depot,
    needs_confirmation,
)
from exchanges.propagation.calendrier import calendrier_de
from exchanges.views.comptes_rendus import show_compte_rendu
from exchanges.views.corrections import describe_correction
from exchanges.views.exports import describe_export
from exchanges.views.fragments import render_page
from exchanges.views.libelles import badge_depot
from exchanges.views.perimetre import can_modify, get_depot, get_etablissement, get_modifiable
from exchanges.views.verdicts import compare_with_previous, describe_verdict


PAR_PAGE = 50
RELAIS = {
    Relais.SIECLE: "SIECLE",
    Relais.AAF: "Annuaire (AAF)",
    Relais.ENT: "ENT",
    Relais.GAR: "GAR",
    Relais.MOODLE: "Moodle",
}
PERIME = "Ce dépôt a changé d'état entre-temps : rien n'a été modifié cette fois-ci."
PURGE = "Le fichier de ce dépôt a été effacé : déposez-le à nouveau. Rien n'a été modifié."


def depot_list(request: HttpRequest, uai: str) -> HttpResponse:
    """The Suivi des échanges."""
    etablissement = get_etablissement(request, uai)
    filtre = DepotFiltre(request.GET)
    depots = filtre.filter(etablissement.depots.annotate(nombre_anomalies=Count("anomalies")))
    page = Paginator(depots, PAR_PAGE).get_page(request.GET.get("page"))
    context = {
        "filtre": filtre,
        "tri": filtre.tri_courant,
        "page": page,
        "lignes": [(depot, badge_depot(depot.etat)) for depot in page.object_list],
    }
    return render_page(request, "exchanges/depot_list.html", "exchanges/_depot_list.html", context)


def depot_detail(request: HttpRequest, uai: str, pk: int) -> HttpResponse:
    """One deposit: its verdict, what it waits for, its compte-rendu, or what became of it."""
    etablissement = get_etablissement(request, uai)
    depot = get_depot(etablissement, pk)
    context = {
        "depot": depot,
        "badge": badge_depot(depot.etat),
        "can_modify": can_modify(request, etablissement),
    }
    if depot.etat == EtatDepot.IMPORTE:
        return show_compte_rendu(request, depot, context)
    if depot.etat in (EtatDepot.CONTROLE, EtatDepot.DEPOSE):
        return _show_verdict(request, etablissement, depot, context)
    context["remplacant"] = (
        etablissement.depots.filter(depose_le__gt=depot.depose_le).last() if depot.depose_le else None
    )
    return render(request, "exchanges/depot_clos.html", context)


def _show_verdict(request: HttpRequest, etablissement: Etablissement, depot: Depot, context) -> HttpResponse:
    try:
        jugement = judge_depot(depot)
    except (FileNotFoundError, FichierRefuse):
        return render(request, "exchanges/depot_purge.html", context)
    precedent, comparaison = compare_with_previous(depot, jugement.verdict)
    instant = depot.depose_le or request.horloge.maintenant
    echeances = calendrier_de(etablissement).announce(instant)
    context |= describe_verdict(jugement) | describe_correction(depot, jugement)
    context |= describe_export(etablissement, jugement.verdict)
    context |= {
        "is_depose": depot.etat == EtatDepot.DEPOSE,
        "is_change": any(depot.verdict.get(cle, n) != n for cle, n in jugement.verdict.chiffres().items()),
        "echeances": [(RELAIS[relais], quand) for relais, quand in echeances.items() if relais != Relais.AAF],
        "nuit": echeances[Relais.SIECLE],
        "jour_ent": echeances[Relais.ENT],
        "precedent": precedent,
        "comparaison": comparaison,
        "has_garde": needs_confirmation(jugement.verdict),
        "pourcentage": round(100 * jugement.verdict.part_close),
        "attente": etablissement.depots.filter(etat=EtatDepot.DEPOSE).exclude(pk=depot.pk).first(),
    }
    return render(request, "exchanges/depot_verdict.html", context)


@require_POST
def depot_confirm(request: HttpRequest, uai: str, pk: int) -> HttpResponse:
    """Deposit for the coming night, once SIECLE's warning, and the figure when there is one, are confirmed."""
    etablissement = get_modifiable(request, uai)
    depot = get_depot(etablissement, pk)
    form = ConfirmationDepotForm(request.POST)
    if not form.is_valid():
        messages.warning(request, next(iter(form.errors.values()))[0])
        return redirect("exchanges:depot_detail", uai, pk)
    try:
        confirm_depot(depot, request.user, request.horloge.maintenant, form.cleaned_data["suppressions"])
    except ConfirmationRequise as exc:
        context = {"depot": depot, "garde": exc, "pourcentage": round(100 * exc.suppressions / exc.avant)}
        return render(request, "exchanges/depot_confirm.html", context, status=422)
    except DepotPerime:
        messages.warning(request, PERIME)
    except (FileNotFoundError, FichierRefuse):
        messages.error(request, PURGE)
    else:
        messages.success(request, "Fichier déposé. SIECLE le lira cette nuit.")
    return redirect("exchanges:depot_detail", uai, pk)


@require_POST
def depot_abandon(request: HttpRequest, uai: str, pk: int) -> HttpResponse:
    """Give up a draft or a pending deposit."""
    etablissement = get_modifiable(request, uai)
    try:
        abandon_depot(get_depot(etablissement, pk))
    except DepotPerime:
        messages.warning(request, PERIME)
    else:
        messages.success(request, "Le dépôt est abandonné. Rien n'a été modifié.")
    return redirect("exchanges:depot_list", uai)

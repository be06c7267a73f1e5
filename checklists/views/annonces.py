"""Announcements: what the DANE shows on the pages of schools, for how long; a school closes them for itself."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from checklists.forms_dane import AnnonceFinForm, AnnonceForm
from checklists.models import Annonce
from checklists.pilotage.annonces import annonces_of, move_end, publish_annonce, tell_state, withdraw_annonce
from checklists.views.context import FERMEES
from checklists.views.perimetre import followed_academies, require_follower
from checklists.views.suivi import get_selection, show_only_horloge
from exchanges.propagation.horloge import Horloge
from exchanges.views.context import show_horloge
from exchanges.views.perimetre import get_etablissement


PAR_PAGE = 50


def followed_annonces(request: HttpRequest):
    """The announcements of the académies that the user follows."""
    require_follower(request)
    return Annonce.objects.filter(academie__in=followed_academies(request)).select_related("academie", "auteur")


def annonce_list(request: HttpRequest) -> HttpResponse:
    """Every announcement, the last ones first."""
    show_only_horloge(request)
    annonces = followed_annonces(request).annotate(combien=Count("etablissements")).order_by("-debut", "-pk")
    page = Paginator(annonces, PAR_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lignes": [
            (annonce, tell_state(annonce, Horloge(annonce.academie).maintenant.date())) for annonce in page.object_list
        ],
    }
    return render(request, "checklists/annonce_list.html", context)


def annonce_new(request: HttpRequest) -> HttpResponse:
    """Write an announcement for chosen schools."""
    is_post = request.method == "POST"
    selection, academie = get_selection(request, request.POST if is_post else request.GET)
    aujourd_hui = Horloge(academie).maintenant.date()
    initial = {"debut": aujourd_hui, "uais": selection.uais}
    form = AnnonceForm(request.POST if is_post else None, initial=initial, aujourd_hui=aujourd_hui)
    if is_post and form.is_valid():
        champs = {cle: form.cleaned_data[cle] for cle in ("titre", "texte", "debut", "fin")}
        publish_annonce(Annonce(academie=academie, auteur=request.user, **champs), selection.etablissements)
        messages.success(request, "L'annonce est publiée.")
        return redirect("checklists:annonce_list")
    context = {"form": form, "selection": selection}
    return render(request, "checklists/annonce_new.html", context, status=422 if form.errors else 200)


def annonce_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """An announcement, the schools that read it; on POST, another last day."""
    annonce = get_object_or_404(followed_annonces(request), pk=pk)
    aujourd_hui = show_horloge(request, annonce.academie).maintenant.date()
    form = AnnonceFinForm(
        request.POST if request.method == "POST" else None, instance=annonce, aujourd_hui=aujourd_hui
    )
    if request.method == "POST" and form.is_valid():
        if move_end(annonce, form.cleaned_data["fin"]):
            messages.success(request, f"L'annonce s'affiche jusqu'au {annonce.fin:%d/%m/%Y} compris.")
        else:
            messages.info(request, "Cette annonce est retirée. Rien n'a été modifié.")
        return redirect("checklists:annonce_detail", pk)
    annonce.refresh_from_db(fields=["fin"])  # a day that was refused is in the form, not on the page
    context = {
        "annonce": annonce,
        "badge": tell_state(annonce, aujourd_hui),
        "form": form,
        "page": Paginator(annonce.etablissements.all(), PAR_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "checklists/annonce_detail.html", context, status=422 if form.errors else 200)


@require_POST
def annonce_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an announcement no more."""
    annonce = get_object_or_404(followed_annonces(request), pk=pk)
    if withdraw_annonce(annonce):
        messages.success(request, f"L'annonce « {annonce.titre} » est retirée.")
    else:
        messages.info(request, "Cette annonce était déjà retirée. Rien n'a été modifié.")
    return redirect("checklists:annonce_list")


@require_POST
def annonce_dismiss(request: HttpRequest, uai: str, pk: int) -> HttpResponse:
    """Close an announcement for oneself, until the next sign-in."""
    etablissement = get_etablissement(request, uai)
    annonce = get_object_or_404(annonces_of(etablissement, request.horloge.maintenant.date()), pk=pk)
    request.session[FERMEES] = [*request.session.get(FERMEES, []), annonce.pk]
    retour = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(retour, {request.get_host()}, require_https=request.is_secure()):
        return redirect(retour)
    return redirect("exchanges:etablissement_detail", uai)

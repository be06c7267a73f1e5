"""A school as the DANE sees it: what the school sees, who its people are, its history, what the DANE noted."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from checklists.forms_dane import NoteForm
from checklists.models import NoteDane
from checklists.pilotage import ecole as lue
from checklists.pilotage.tableau import COLONNES, read_lignes
from checklists.tableau import build_tableau
from checklists.views.academie import show_ligne
from checklists.views.suivi import get_followed
from exchanges.models import Etablissement
from exchanges.pipeline.compteurs import monday_of
from exchanges.reports.accueil import build_chain
from exchanges.reports.exports import state_of_exports
from exchanges.reports.listes import count_listes
from exchanges.views.comptes import badge_compte, describe
from exchanges.views.fragments import render_page
from exchanges.views.frise import day_line
from exchanges.views.libelles import badge_chargement, badge_depot


PAR_PAGE = 20
COMPTES_RENDUS = 5


def school_detail(request: HttpRequest, uai: str) -> HttpResponse:
    """The page of a school; htmx asks for another page of its history only."""
    etablissement = get_followed(request, uai)
    return _render(request, etablissement, NoteForm(label_suffix=""))


def _render(request: HttpRequest, etablissement: Etablissement, form: NoteForm, status: int = 200) -> HttpResponse:
    maintenant = request.horloge.maintenant
    context = {
        "etablissement": etablissement,
        "ligne": show_ligne(next(read_lignes([etablissement])), COLONNES),
        "relais": build_chain(etablissement, maintenant),
        "tableau": build_tableau(etablissement, maintenant),
        "exports": state_of_exports(etablissement),
        "comptes_rendus": lue.read_comptes_rendus(etablissement, COMPTES_RENDUS),
        "listes": count_listes(etablissement),
        "comptes": lue.count_comptes(etablissement),
        "jours": day_line(etablissement, maintenant.date(), maintenant),
        "semaines": lue.read_semaines(etablissement, monday_of(maintenant.date())),
        "personnes": [
            describe(role) | {"compte": role.utilisateur, "badge_compte": badge_compte(role.utilisateur)}
            for role in lue.list_habilitations(etablissement)
        ],
        "notes": etablissement.notes_dane.select_related("auteur"),
        "form": form,
    }
    page, fragment = "checklists/ecole.html", "checklists/ecole_echanges.html"
    return render_page(request, page, fragment, context | _history(request, etablissement), status)


def _history(request: HttpRequest, etablissement: Etablissement) -> dict[str, object]:
    """A page of what was exchanged, in words."""
    page = Paginator(lue.list_echanges(etablissement), PAR_PAGE).get_page(request.GET.get("page"))
    return {"page": page, "lignes": [_show(e, etablissement) for e in lue.read_echanges(etablissement, list(page))]}


def _show(echange: lue.Echange, etablissement: Etablissement) -> dict[str, object]:
    objet = echange.objet
    ligne = {"quand": echange.quand, "par": objet.utilisateur, "badge": None, "url": ""}
    if echange.genre == lue.DEPOT:
        url = reverse("exchanges:depot_detail", args=[etablissement.uai, objet.pk])
        return ligne | {"titre": objet.nom, "detail": objet.mode, "badge": badge_depot(objet.etat), "url": url}
    if echange.genre == lue.CHARGEMENT:
        url = reverse("exchanges:chargement_detail", args=[etablissement.uai, objet.pk])
        detail = f"fichiers : {objet.nombre_fichiers}"
        return ligne | {"titre": "Chargement", "detail": detail, "badge": badge_chargement(objet.etat), "url": url}
    return ligne | {"titre": lue.NATURES.get(objet.nature, objet.nature), "detail": lue.ORIGINES[objet.origine]}


@require_POST
def note_add(request: HttpRequest, uai: str) -> HttpResponse:
    """Write a note about a school; it does not see it."""
    etablissement = get_followed(request, uai)
    form = NoteForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _render(request, etablissement, form, status=422)
    NoteDane.objects.create(
        etablissement=etablissement,
        auteur=request.user,
        texte=form.cleaned_data["texte"],
        ecrite_le=request.horloge.maintenant,
    )
    messages.success(request, "La note est ajoutée.")
    return redirect("checklists:school_detail", uai)


@require_POST
def note_delete(request: HttpRequest, uai: str, pk: int) -> HttpResponse:
    """Delete one of one's own notes."""
    etablissement = get_followed(request, uai)
    get_object_or_404(etablissement.notes_dane, pk=pk, auteur=request.user).delete()
    messages.success(request, "La note est supprimée.")
    return redirect("checklists:school_detail", uai)

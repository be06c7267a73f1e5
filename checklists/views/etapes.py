"""One step: how to do it, what proves it; say it is done, take it back, give it to a colleague, leave a word."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from checklists.actions import assign_etape, comment_etape, declare_etape, withdraw_etape
from checklists.etapes import read_etapes
from checklists.forms import AssignationForm, CommentaireForm, DeclarationForm
from checklists.libelles import badge_etape
from checklists.models import Commentaire, Declaration
from checklists.pieces import TAILLE_MAX, TYPES, TYPES_ACCEPTES
from checklists.tableau import Tableau, tell_retard
from checklists.views.perimetre import find_pieces, get_action, get_etape, get_known_tableau
from exchanges.views.perimetre import can_modify


def etape_detail(request: HttpRequest, uai: str, numero: str) -> HttpResponse:
    """Instructions, warnings, proof, what people said."""
    etape = get_etape(numero)
    tableau = get_known_tableau(request, uai)
    situation = tableau.find(numero)
    retard = next((r for r in tableau.retards if r.situation.etape == etape), None)
    assignation = tableau.assignations.get(numero)
    context = {
        "tableau": tableau,
        "rentree": tableau.rentree,
        "situation": situation,
        "etape": etape,
        "badge": badge_etape(situation.etat),
        "chemin": etape.chemin_for(tableau.rentree.reglage),
        "consignes": etape.consignes_for(tableau.rentree.reglage),
        "responsable": tableau.name_responsable(etape),
        "bloquees": tableau.find_blocked(etape),
        "cout": tell_retard(retard) if retard else etape.cout,
        "can_modify": can_modify(request, request.etablissement),
        "precedente": _neighbour(numero, -1),
        "suivante": _neighbour(numero, 1),
        "form_declaration": DeclarationForm(),
        "form_assignation": AssignationForm(
            etablissement=request.etablissement,
            initial={"collegue": assignation.utilisateur if assignation else None},
        ),
        "form_commentaire": CommentaireForm(),
    }
    return render(request, "checklists/etape_detail.html", context | _history(tableau, etape))


def _history(tableau: Tableau, etape) -> dict[str, object]:
    rentree = tableau.rentree
    cles = {"etablissement": rentree.etablissement, "annee": rentree.annee, "etape": etape.numero}
    return {
        "declaration": Declaration.objects.filter(**cles, retiree_le__isnull=True).first(),
        "retirees": Declaration.objects.filter(**cles, retiree_le__isnull=False).select_related(
            "utilisateur", "retiree_par"
        ),
        "commentaires": Commentaire.objects.filter(**cles).select_related("utilisateur"),
        "pieces": find_pieces(rentree, etape),
        "piece_max": TAILLE_MAX,
        "piece_types": TYPES_ACCEPTES,
        "piece_accept": ",".join(f".{extension}" for extension in TYPES),
    }


def _neighbour(numero: str, sens: int):
    etapes = read_etapes()
    rang = next(rang for rang, etape in enumerate(etapes) if etape.numero == numero) + sens
    return etapes[rang] if 0 <= rang < len(etapes) else None


@require_POST
def etape_declare(request: HttpRequest, uai: str, numero: str) -> HttpResponse:
    """Say that the step is done; the files keep the last word."""
    rentree, etape = get_action(request, uai, numero)
    form = DeclarationForm(request.POST)
    if not form.is_valid():
        messages.warning(request, form.errors["commentaire"][0])
    elif declare_etape(rentree, etape, request.user, request.horloge.maintenant, form.cleaned_data["commentaire"]):
        messages.success(request, "L'étape est déclarée faite. Les fichiers la prouveront, ou la contrediront.")
    else:
        messages.info(request, "Cette étape était déjà déclarée faite. Rien n'a été modifié.")
    return redirect("checklists:etape_detail", uai, numero)


@require_POST
def etape_withdraw(request: HttpRequest, uai: str, numero: str) -> HttpResponse:
    """Take back what was said."""
    rentree, etape = get_action(request, uai, numero)
    if withdraw_etape(rentree, etape, request.user, request.horloge.maintenant):
        messages.success(request, "La déclaration est retirée.")
    else:
        messages.info(request, "Aucune déclaration en cours. Rien n'a été modifié.")
    return redirect("checklists:etape_detail", uai, numero)


@require_POST
def etape_assign(request: HttpRequest, uai: str, numero: str) -> HttpResponse:
    """Give the step to a colleague of the same school."""
    rentree, etape = get_action(request, uai, numero)
    form = AssignationForm(request.POST, etablissement=rentree.etablissement)
    if form.is_valid():
        assign_etape(rentree, etape, form.cleaned_data["collegue"], request.user, request.horloge.maintenant)
        messages.success(request, "L'étape est confiée." if form.cleaned_data["collegue"] else "L'étape est libre.")
    else:
        messages.warning(request, form.errors["collegue"][0])
    return redirect("checklists:etape_detail", uai, numero)


@require_POST
def etape_comment(request: HttpRequest, uai: str, numero: str) -> HttpResponse:
    """Leave a word for the colleagues."""
    rentree, etape = get_action(request, uai, numero)
    form = CommentaireForm(request.POST)
    if form.is_valid():
        comment_etape(rentree, etape, request.user, request.horloge.maintenant, form.cleaned_data["texte"])
        messages.success(request, "Votre message est ajouté.")
    else:
        messages.warning(request, form.errors["texte"][0])
    return redirect("checklists:etape_detail", uai, numero)

"""What is done to an account with one button: roles, invitation, deactivation."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from exchanges.models import Utilisateur
from exchanges.pipeline.comptes_utilisateurs import (
    CompteRefuse,
    can_touch,
    comptes_visibles,
    give_roles,
    habilitations_visibles,
    note,
    set_actif,
    take_role,
)
from exchanges.views.comptes import invite, show_compte
from exchanges.views.formulaires_comptes import RoleForm
from exchanges.views.perimetre import get_compte


@require_POST
def compte_role_give(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role on one or several schools, or prolong it."""
    compte = get_compte(request, pk)
    form = RoleForm(request.POST, par=request.user)
    if not form.is_valid():
        return show_compte(request, compte, form)
    try:
        is_change = give_roles(compte, form.dons, request.user)
    except CompteRefuse as refus:
        form.add_error(None, str(refus))
        return show_compte(request, compte, form)
    messages.success(request, "Le rôle est donné." if is_change else "Rien ne change : ce rôle était déjà donné.")
    return redirect("exchanges:compte_detail", compte.pk)


@require_POST
def compte_role_take(request: HttpRequest, pk: int, role_pk: int) -> HttpResponse:
    """Take a role away, now."""
    compte = get_compte(request, pk)
    habilitation = get_object_or_404(habilitations_visibles(request.user).filter(utilisateur=compte), pk=role_pk)
    try:
        take_role(habilitation, request.user)
    except CompteRefuse as refus:
        messages.error(request, f"{refus} Rien n'a été modifié.")
    else:
        messages.success(request, "Le rôle est retiré, tout de suite.")
    return _back(request, compte)


def _back(request: HttpRequest, compte: Utilisateur) -> HttpResponse:
    """To the account while it is still in her charge, to the list otherwise."""
    if comptes_visibles(request.user).filter(pk=compte.pk).exists():
        return redirect("exchanges:compte_detail", compte.pk)
    return redirect("exchanges:compte_list")


@require_POST
def compte_activate(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a deactivated account again."""
    return _set_actif(request, pk, True, "Le compte est réactivé, avec les rôles qu'il avait.")


@require_POST
def compte_deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account: its sessions end, its roles are kept aside."""
    return _set_actif(request, pk, False, "Le compte est désactivé : cette personne ne peut plus se connecter.")


def _set_actif(request: HttpRequest, pk: int, is_actif: bool, message: str) -> HttpResponse:
    compte = get_compte(request, pk)
    try:
        set_actif(compte, is_actif, request.user)
    except CompteRefuse as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, message)
    return redirect("exchanges:compte_detail", compte.pk)


@require_POST
def compte_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the first-login link again."""
    compte = get_compte(request, pk)
    if not can_touch(request.user, compte):
        messages.error(request, "Ce compte a, ou a eu, des rôles qui ne dépendent pas de vous : rien n'est parti.")
    elif not compte.email:
        messages.error(request, "Ce compte n'a pas d'adresse électronique : donnez-lui-en une d'abord.")
    elif not compte.is_active:
        messages.error(request, "Ce compte est désactivé : réactivez-le d'abord. Rien n'est parti.")
    elif invite(request, compte):
        note(request.user, compte, "invitation envoyée")
    return redirect("exchanges:compte_detail", compte.pk)

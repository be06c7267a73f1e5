"""Accounts and roles in one's charge: the list, a person, a new one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from exchanges.models import Habilitation, Utilisateur
from exchanges.pipeline.comptes_utilisateurs import (
    LIBELLES,
    CompteRefuse,
    actes_visibles,
    can_touch,
    habilitations_visibles,
    has_roles_ailleurs,
    open_compte,
    rename_compte,
    today,
)
from exchanges.pipeline.invitations import send_invitations
from exchanges.views.formulaires_comptes import CompteFiltre, CompteForm, IdentiteForm, RoleForm
from exchanges.views.fragments import render_page
from exchanges.views.perimetre import get_compte, visible_comptes


PAR_PAGE = 50
ACTES_MONTRES = 50


def compte_list(request: HttpRequest) -> HttpResponse:
    """The accounts in the user's charge, with the roles that she may see."""
    visibles = habilitations_visibles(request.user)
    comptes = visible_comptes(request).order_by("last_name", "first_name", "username", "pk")
    filtre = CompteFiltre(request.GET)
    roles = Prefetch("habilitations", visibles.select_related("etablissement", "academie"), to_attr="roles_vus")
    trouves = filtre.filter(comptes, visibles).prefetch_related(roles)
    page = Paginator(trouves, PAR_PAGE).get_page(request.GET.get("page"))
    lignes = [
        {"compte": compte, "badge": badge_compte(compte), "roles": [describe(role) for role in compte.roles_vus]}
        for compte in page.object_list
    ]
    context = {"filtre": filtre, "page": page, "lignes": lignes}
    return render_page(request, "exchanges/compte_list.html", "exchanges/_compte_list.html", context)


def badge_compte(compte: Utilisateur) -> dict[str, str]:
    """``couleur`` and ``libelle`` of an account."""
    if not compte.is_active:
        return {"couleur": "neutre", "libelle": "Désactivé"}
    if compte.last_login is None:
        return {"couleur": "attention", "libelle": "Jamais connecté"}
    return {"couleur": "succes", "libelle": "Actif"}


def describe(habilitation: Habilitation) -> dict[str, object]:
    """A role in the words of the screen."""
    is_fini = habilitation.fin is not None and habilitation.fin < today()
    return {
        "habilitation": habilitation,
        "libelle": LIBELLES[habilitation.role],
        "cible": habilitation.etablissement or habilitation.academie or "tout le site",
        "is_fini": is_fini,
        "badge": {"couleur": "neutre", "libelle": "Terminé"}
        if is_fini
        else {"couleur": "succes", "libelle": "En cours"},
    }


def compte_create(request: HttpRequest) -> HttpResponse:
    """Open an account with its first role; its invitation leaves at once."""
    visible_comptes(request)
    form = CompteForm(request.POST or None, par=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            compte, is_nouveau, _ = open_compte(form.identite, form.dons, request.user)
        except CompteRefuse as refus:
            form.add_error(None, str(refus))
        else:
            tell_opening(request, compte, is_nouveau)
            return redirect("exchanges:compte_detail", compte.pk)
    return render(request, "exchanges/compte_form.html", {"form": form}, status=422 if form.errors else 200)


def tell_opening(request: HttpRequest, compte: Utilisateur, is_nouveau: bool) -> None:
    """Invite a new account and say what happened."""
    if is_nouveau:
        invite(request, compte, "Le compte est ouvert.")
    elif compte.is_active:
        messages.success(request, "Cette personne avait déjà un compte : le rôle lui est donné. Prévenez-la.")
    else:
        messages.warning(request, "Le rôle est donné, mais ce compte est désactivé : réactivez-le.")


def invite(request: HttpRequest, compte: Utilisateur, debut: str = "") -> bool:
    """Send the first-login link, say whether it left, and return the same."""
    is_parti = not send_invitations([compte], request.user, site_of(request))
    if is_parti:
        messages.success(request, f"{debut} Une invitation est partie à {compte.email}.".strip())
    else:
        texte = "Le message n'a pas pu partir : vérifiez l'adresse, puis renvoyez l'invitation dans un moment."
        messages.error(request, f"{debut} {texte}".strip())
    return is_parti


def site_of(request: HttpRequest) -> str:
    """The address of this site as the mails write it."""
    return request.build_absolute_uri("/").rstrip("/")


def compte_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A person: her roles, what may be done about them, what was done."""
    return show_compte(request, get_compte(request, pk), RoleForm(par=request.user))


def show_compte(request: HttpRequest, compte: Utilisateur, form: RoleForm) -> HttpResponse:
    """The page of an account around a form of role, refused or to be filled in."""
    gerables = set(
        Habilitation.objects.gerables_par(request.user).filter(utilisateur=compte).values_list("pk", flat=True)
    )
    vues = habilitations_visibles(request.user).filter(utilisateur=compte).select_related("etablissement", "academie")
    context = {
        "compte": compte,
        "badge": badge_compte(compte),
        "roles": [describe(role) | {"is_gerable": role.pk in gerables} for role in vues.order_by("role", "pk")],
        "has_ailleurs": has_roles_ailleurs(request.user, compte),
        "can_touch": can_touch(request.user, compte),
        "is_soi": compte == request.user,
        "form": form,
        "actes": actes_visibles(request.user, compte)[:ACTES_MONTRES],
    }
    return render(request, "exchanges/compte_detail.html", context, status=422 if form.errors else 200)


def compte_update(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend a name or an address."""
    compte = get_compte(request, pk)
    initial = {"mel": compte.email, "nom": compte.last_name, "prenom": compte.first_name}
    form = IdentiteForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            rename_compte(compte, form.identite, request.user)
        except CompteRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "Le nom et l'adresse sont enregistrés.")
            return redirect("exchanges:compte_detail", compte.pk)
    context = {"form": form, "compte": compte}
    return render(request, "exchanges/compte_update.html", context, status=422 if form.errors else 200)

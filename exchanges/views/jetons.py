"""« Dépôt automatique »: the tokens with which machines hand in files for a school."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from exchanges.forms import JetonForm
from exchanges.models import Academie, Etablissement, Jeton
from exchanges.pipeline.jetons import create_jeton, is_expire, list_utilisables, revoke_jeton
from exchanges.views.perimetre import can_modify, get_etablissement, get_jeton, get_modifiable


MONTRES = 50


@dataclass(frozen=True)
class Registre:
    """The tokens of an établissement or of an académie, and the page that shows them.

    Attributes:
        page: address of the page; ``revocation`` names that of a token, whose arguments begin with ``arguments``.
        adresse: where a machine calls.
        exemple: a name that one would give to a token.
        contexte: what the template needs besides.
    """

    perimetre: Etablissement | Academie
    gabarit: str
    page: str
    revocation: str
    arguments: tuple[str, ...]
    adresse: str
    exemple: str
    can_modify: bool = True
    contexte: dict[str, object] = field(default_factory=dict)


@never_cache
def jeton_list(request: HttpRequest, uai: str) -> HttpResponse:
    """The tokens of a school; on POST, a new one."""
    find = get_modifiable if request.method == "POST" else get_etablissement
    etablissement = find(request, uai)
    registre = Registre(
        perimetre=etablissement,
        gabarit="exchanges/jeton_list.html",
        page=reverse("exchanges:jeton_list", args=[uai]),
        revocation="exchanges:jeton_revoke",
        arguments=(uai,),
        adresse=reverse("exchanges:api_depot_receive", args=[uai]),
        exemple="EDT, poste de la vie scolaire",
        can_modify=can_modify(request, etablissement),
    )
    return manage_jetons(request, registre)


def manage_jetons(request: HttpRequest, registre: Registre) -> HttpResponse:
    """Show the tokens; on POST make one, shown in this answer and never again."""
    if request.method != "POST":
        return _show(request, registre, JetonForm(exemple=registre.exemple))
    now = timezone.now()
    noms = set(list_utilisables(registre.perimetre, now).values_list("nom", flat=True))
    form = JetonForm(request.POST, noms=noms, exemple=registre.exemple)
    if not form.is_valid():
        return _show(request, registre, form, status=422)
    duree = timedelta(days=form.cleaned_data["jours"])
    jeton, clair = create_jeton(form.cleaned_data["nom"], registre.perimetre, now, request.user, duree)
    return _show(request, registre, JetonForm(exemple=registre.exemple), nouveau=jeton, clair=clair)


def _show(
    request: HttpRequest,
    registre: Registre,
    form: JetonForm,
    nouveau: Jeton | None = None,
    clair: str = "",
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    jetons = registre.perimetre.jetons.select_related("cree_par")
    context = registre.contexte | {
        "form": form,
        "nouveau": nouveau,
        "clair": clair,
        "page_url": registre.page,
        "adresse": request.build_absolute_uri(registre.adresse),
        "can_modify": registre.can_modify,
        "lignes": [_line(jeton, registre, now) for jeton in jetons[:MONTRES]],
        "autres": max(0, jetons.count() - MONTRES),
    }
    return render(request, registre.gabarit, context, status=status)


def _line(jeton: Jeton, registre: Registre, now) -> tuple[Jeton, dict[str, str], str]:
    """A token, its state, and the address that revokes it, empty for one that no machine can use any more."""
    badge, is_utilisable = _badge(jeton, now)
    return jeton, badge, reverse(registre.revocation, args=[*registre.arguments, jeton.pk]) if is_utilisable else ""


def _badge(jeton: Jeton, now) -> tuple[dict[str, str], bool]:
    """The colour and word of its state; whether a machine can still use it."""
    if jeton.revoque_le:
        return {"couleur": "neutre", "libelle": "Révoqué"}, False
    if is_expire(jeton, now):
        return {"couleur": "attention", "libelle": "Expiré"}, False
    return {"couleur": "succes", "libelle": "En service"}, True


@require_POST
def jeton_revoke(request: HttpRequest, uai: str, pk: int) -> HttpResponse:
    """Make a token useless from now on."""
    say_revoked(request, get_jeton(get_modifiable(request, uai), pk))
    return redirect("exchanges:jeton_list", uai)


def say_revoked(request: HttpRequest, jeton: Jeton) -> None:
    """Revoke a token, and say whether it was not already."""
    if revoke_jeton(jeton, timezone.now()):
        messages.success(request, f"Le jeton « {jeton.nom} » est révoqué : aucune machine ne peut plus s'en servir.")
    else:
        messages.warning(request, f"Le jeton « {jeton.nom} » était déjà révoqué. Rien n'a été modifié.")

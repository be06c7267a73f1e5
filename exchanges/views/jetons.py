"""« Dépôt automatique »: the tokens with which machines hand in files for a school."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from exchanges.forms import JetonForm
from exchanges.models import Etablissement, Jeton
from exchanges.pipeline.jetons import create_jeton, is_expire, list_utilisables, revoke_jeton
from exchanges.views.perimetre import can_modify, get_etablissement, get_jeton, get_modifiable


MONTRES = 50


@never_cache
def jeton_list(request: HttpRequest, uai: str) -> HttpResponse:
    """The tokens of a school; on POST, a new one, shown in this answer and never again."""
    if request.method != "POST":
        return _show(request, get_etablissement(request, uai), JetonForm())
    etablissement = get_modifiable(request, uai)
    now = timezone.now()
    noms = set(list_utilisables(etablissement, now).values_list("nom", flat=True))
    form = JetonForm(request.POST, noms=noms)
    if not form.is_valid():
        return _show(request, etablissement, form, status=422)
    duree = timedelta(days=form.cleaned_data["jours"])
    jeton, clair = create_jeton(form.cleaned_data["nom"], etablissement, now, request.user, duree)
    return _show(request, etablissement, JetonForm(), nouveau=jeton, clair=clair)


def _show(
    request: HttpRequest,
    etablissement: Etablissement,
    form: JetonForm,
    nouveau: Jeton | None = None,
    clair: str = "",
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    adresse = reverse("exchanges:api_depot_receive", args=[etablissement.uai])
    jetons = etablissement.jetons.select_related("cree_par")
    context = {
        "form": form,
        "nouveau": nouveau,
        "clair": clair,
        "adresse": request.build_absolute_uri(adresse),
        "can_modify": can_modify(request, etablissement),
        "lignes": [(jeton, *_badge(jeton, now)) for jeton in jetons[:MONTRES]],
        "autres": max(0, jetons.count() - MONTRES),
    }
    return render(request, "exchanges/jeton_list.html", context, status=status)


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
    etablissement = get_modifiable(request, uai)
    jeton = get_jeton(etablissement, pk)
    if revoke_jeton(jeton, timezone.now()):
        messages.success(request, f"Le jeton « {jeton.nom} » est révoqué : aucune machine ne peut plus s'en servir.")
    else:
        messages.warning(request, f"Le jeton « {jeton.nom} » était déjà révoqué. Rien n'a été modifié.")
    return redirect("exchanges:jeton_list", uai)

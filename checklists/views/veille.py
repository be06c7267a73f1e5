"""The watch: what goes beyond the thresholds today, what was told, the thresholds themselves."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from checklists.forms_dane import VeilleForm
from checklists.models import ResumeVeille
from checklists.pilotage.constats import find_constats
from checklists.pilotage.veille import describe, find_destinataires, name_ecoles, veille_of
from checklists.views.perimetre import followed_academies, get_followed_academie, require_follower
from exchanges.models import Academie
from exchanges.views.context import show_horloge


PAR_PAGE = 30


def veille_list(request: HttpRequest) -> HttpResponse:
    """The only académie of the user, or the list of those she follows."""
    require_follower(request)
    academies = list(followed_academies(request))
    if not academies:
        raise Http404
    if len(academies) == 1:
        return redirect("checklists:veille_detail", academies[0].code)
    return render(request, "checklists/veille_list.html", {"academies": academies})


def veille_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Today's findings, the letters of the days before; on POST, other thresholds."""
    academie = get_followed_academie(request, code)
    horloge = show_horloge(request, academie)
    veille = veille_of(academie)
    form = VeilleForm(request.POST if request.method == "POST" else None, instance=veille, label_suffix="")
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Les seuils de la veille sont enregistrés.")
        return redirect("checklists:veille_detail", code)
    veille = veille_of(academie)
    constats = find_constats(academie, veille, horloge.maintenant)
    context = {
        "academie": academie,
        "form": form,
        "veille": veille,
        "aujourd_hui": horloge.maintenant,
        "groupes": describe(name_ecoles(academie, constats), constats),
        "destinataires": len(find_destinataires(academie)),
    }
    return render(
        request,
        "checklists/veille_detail.html",
        context | _history(request, academie),
        status=422 if form.errors else 200,
    )


def _history(request: HttpRequest, academie: Academie) -> dict[str, object]:
    """The days on which the watch looked, with what it found."""
    page = Paginator(academie.resumes.all(), PAR_PAGE).get_page(request.GET.get("page"))
    listes = [(resume, resume.constats["liste"]) for resume in page.object_list]
    noms = name_ecoles(academie, [constat for _, liste in listes for constat in liste])
    lignes = [(resume, _badge(resume), describe(noms, liste)) for resume, liste in listes]
    return {"page": page, "lignes": lignes}


def _badge(resume: ResumeVeille) -> dict[str, str]:
    if resume.envoye_le:
        return {"couleur": "info", "libelle": "Résumé envoyé"}
    if resume.bail_jusqua is None:
        return {"couleur": "neutre", "libelle": "Aucun résumé"}
    if resume.bail_jusqua < timezone.now():
        return {"couleur": "attention", "libelle": "Envoi interrompu, il reprendra tout seul"}
    return {"couleur": "info", "libelle": "Envoi en cours"}

"""The timeline of a school: its relays day by day, and the two decisions that a human may take about one of them."""

from datetime import date, datetime, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from exchanges.enums import EtatPassage, EtatTache, Relais, Role
from exchanges.forms import JourForm
from exchanges.forms_ent import MotifForm
from exchanges.models import Etablissement, Passage, Tache, Utilisateur
from exchanges.propagation.passages import release_passage, skip_passage
from exchanges.reports.frise import PassageVu, frise_of, passage_vu
from exchanges.templatetags.entsite import JOURS, jour_heure
from exchanges.views.fragments import render_page
from exchanges.views.libelles import badge_passage
from exchanges.views.perimetre import can_modify, get_droits, get_etablissement, get_modifiable


AUTOUR = timedelta(days=7)
TROP_TARD = "Ce passage n'est plus en attente : quelqu'un a décidé avant vous, ou il a eu lieu. Rien n'a été modifié."


def frise_detail(request: HttpRequest, uai: str) -> HttpResponse:
    """The passages of the week before and the week after a day."""
    etablissement = get_etablissement(request, uai)
    maintenant = request.horloge.maintenant
    jour = JourForm(request.GET).read(maintenant.date())["jour"]
    frise = frise_of(etablissement, jour - AUTOUR, jour + AUTOUR, maintenant)
    retenus = etablissement.passages.filter(etat=EtatPassage.RETENU, libere_le__isnull=True)
    context = {
        "jour": jour,
        "aujourd_hui": maintenant.date(),
        "jours": [(name_day(colonne), colonne) for colonne in frise.jours],
        "lignes": [(nom, [[_show(vu) for vu in case] for case in cases]) for nom, cases in frise.lignes],
        "passages": [_show(vu) for vu in frise.passages],
        "retenus": retenus.order_by("prevu_le"),
        "semaines": (jour - AUTOUR, jour + AUTOUR),
    }
    return render_page(request, "exchanges/frise_detail.html", "exchanges/_frise_detail.html", context)


def name_day(jour: date) -> str:
    """« lun. 7 »: what heads a column."""
    return f"{JOURS[jour.weekday()][:3]}. {jour.day}"


def day_line(etablissement: Etablissement, jour: date, maintenant: datetime) -> list[dict[str, object]]:
    """The days around one, each with the relays that run on it: what ``exchanges/_ligne_jours.html`` shows."""
    frise = frise_of(etablissement, jour - AUTOUR, jour + AUTOUR, maintenant)
    return [
        {
            "jour": colonne,
            "nom": name_day(colonne),
            "is_aujourd_hui": colonne == maintenant.date(),
            "marques": [_show(vu) for _, cases in frise.lignes for vu in cases[rang]],
        }
        for rang, colonne in enumerate(frise.jours)
    ]


def _show(vu: PassageVu) -> dict[str, object]:
    badge = badge_passage(vu.passage.etat)
    if vu.is_en_retard:
        badge = {"couleur": "attention", "libelle": "En retard"}
    return {"vu": vu, "passage": vu.passage, "badge": badge}


def passage_detail(request: HttpRequest, uai: str, pk: int) -> HttpResponse:
    """One passage: what it carried, what follows from it, and what may be decided about it."""
    etablissement = get_etablissement(request, uai)
    return _render_passage(request, etablissement, _get_passage(etablissement, pk), MotifForm(label_suffix=""))


def _render_passage(
    request: HttpRequest, etablissement: Etablissement, passage: Passage, form: MotifForm, status: int = 200
) -> HttpResponse:
    is_retenu = passage.etat == EtatPassage.RETENU and passage.libere_le is None
    is_en_attente = Tache.objects.filter(passage=passage, etat=EtatTache.ATTENTE).exists()
    context = _show(passage_vu(etablissement, passage, request.horloge.maintenant)) | {
        "form": form,
        "saute_par": _who_skipped(passage),
        "is_retenu": is_retenu,
        "can_release": is_retenu and can_modify(request, etablissement),
        "can_skip": is_en_attente and _can_skip(request, etablissement),
    }
    return render(request, "exchanges/passage_detail.html", context, status=status)


def _who_skipped(passage: Passage) -> str:
    auteur = Utilisateur.objects.filter(pk=passage.bilan.get("saute_par")).first()
    return (auteur.get_full_name() or auteur.get_username()) if auteur else ""


def _get_passage(etablissement: Etablissement, pk: int) -> Passage:
    passage = get_object_or_404(etablissement.passages.select_related("amont__amont", "depot", "libere_par"), pk=pk)
    passage.etablissement = etablissement
    return passage


def _can_skip(request: HttpRequest, etablissement: Etablissement) -> bool:
    """Whether the user may say that a relay does not take place: the DANE knows; in a simulated académie, all may.

    Whoever looks at the site « comme » a school is shown what its people are, whatever is hers elsewhere.
    """
    is_exercice = etablissement.academie.is_simulee and can_modify(request, etablissement)
    if is_exercice or getattr(request, "vu_comme", None) == etablissement:
        return is_exercice
    siens = [droit for droit in get_droits(request) if droit.academie_id in (None, etablissement.academie_id)]
    return request.user.is_superuser or any(droit.role in (Role.DANE, Role.ADMIN) for droit in siens)


@require_POST
def passage_release(request: HttpRequest, uai: str, pk: int) -> HttpResponse:
    """Let a held passage go."""
    etablissement = get_modifiable(request, uai)
    passage = _get_passage(etablissement, pk)
    if request.POST.get("confirme") != "1":
        messages.warning(request, "Cochez la case pour laisser passer. Rien n'a été modifié.")
    elif suivant := release_passage(passage, request.user, request.horloge.maintenant):
        messages.success(request, f"C'est noté. L'annuaire partira {jour_heure(suivant.prevu_le)}.")
    else:
        messages.warning(request, TROP_TARD)
    return redirect("exchanges:passage_detail", uai, pk)


@require_POST
def passage_skip(request: HttpRequest, uai: str, pk: int) -> HttpResponse:
    """Say that a planned passage does not take place, and why."""
    etablissement = get_etablissement(request, uai)
    passage = _get_passage(etablissement, pk)
    if not _can_skip(request, etablissement):
        raise PermissionDenied
    form = MotifForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _render_passage(request, etablissement, passage, form, status=422)
    if skip_passage(passage, form.cleaned_data["motif"], request.user):
        suite = "Le dépôt attend la nuit suivante." if passage.relais == Relais.SIECLE else "Le suivant rattrapera."
        messages.success(request, f"C'est noté : ce passage n'a pas eu lieu. {suite}")
    else:
        messages.warning(request, TROP_TARD)
    return redirect("exchanges:passage_detail", uai, pk)

"""NetSynchro: where the certificate is, the next moment of its life, its end."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from checklists.certificats import (
    ATTENTE,
    MOMENTS,
    DateImpossible,
    advance_certificat,
    find_certificat,
    find_ending,
    next_moment,
)
from checklists.forms import MomentForm
from exchanges.views.perimetre import can_modify, get_etablissement, get_modifiable


def certificat_detail(request: HttpRequest, uai: str) -> HttpResponse:
    """The moments of the certificate; on POST, the date of the next one."""
    if request.method == "POST":
        return _advance(request, uai)
    etablissement = get_etablissement(request, uai)
    aujourd_hui = request.horloge.maintenant.date()
    certificat = find_certificat(etablissement)
    prochain = next_moment(certificat)
    context = {
        "certificat": certificat,
        "prochain": prochain,
        "is_dernier": prochain is MOMENTS[-1],
        "rang": MOMENTS.index(prochain) + 1 if prochain else len(MOMENTS),
        "moments": [(moment, getattr(certificat, moment.champ) if certificat else None) for moment in MOMENTS],
        "pret_vers_le": certificat.demande_le + ATTENTE if certificat else None,
        "finissant": find_ending(etablissement, aujourd_hui),
        "aujourd_hui": aujourd_hui,
        "form": MomentForm(initial={"jour": aujourd_hui}, label_suffix=""),
        "can_modify": can_modify(request, etablissement),
    }
    return render(request, "checklists/certificat_detail.html", context)


def _advance(request: HttpRequest, uai: str) -> HttpResponse:
    etablissement = get_modifiable(request, uai)
    form = MomentForm(request.POST)
    if not form.is_valid():
        messages.warning(request, next(iter(form.errors.values()))[0])
        return redirect("checklists:certificat_detail", uai)
    try:
        advance_certificat(etablissement, form.cleaned_data["jour"], form.cleaned_data["expire_le"])
    except DateImpossible as exc:
        messages.warning(request, str(exc))
    else:
        messages.success(request, "C'est noté.")
    return redirect("checklists:certificat_detail", uai)

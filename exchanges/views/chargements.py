"""A batch of SIECLE and STS files: shown before it is applied, and what became of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from exchanges.enums import EtatChargement, Relais, TypeFichier
from exchanges.forms import RetraitsForm
from exchanges.models import Chargement, Etablissement
from exchanges.pipeline.chargements import (
    ChargementPerime,
    ConfirmationRetraits,
    abandon_chargement,
    apply_chargement,
    preview_chargement,
)
from exchanges.pipeline.lots import Refus
from exchanges.propagation.calendrier import calendrier_de
from exchanges.reports.suppleances import name_individus, name_services
from exchanges.views.apercus import describe_import, describe_tables, group_by_rule
from exchanges.views.libelles import badge_chargement
from exchanges.views.perimetre import can_modify, get_chargement, get_etablissement, get_modifiable


PERIME = "Ce chargement a déjà été appliqué ou abandonné : rien n'a été modifié cette fois-ci."
PURGE = "Les fichiers de ce chargement ont été effacés : donnez-les à nouveau. Rien n'a été modifié."


def chargement_detail(request: HttpRequest, uai: str, pk: int) -> HttpResponse:
    """The preview of a draft; for a finished batch, what it did."""
    etablissement = get_etablissement(request, uai)
    return _show(request, etablissement, get_chargement(etablissement, pk))


def _show(request: HttpRequest, etablissement: Etablissement, chargement: Chargement, **extra) -> HttpResponse:
    context = {
        "chargement": chargement,
        "badge": badge_chargement(chargement.etat),
        "fichiers": [(fichier, TypeFichier(fichier.type).libelle) for fichier in chargement.fichiers.all()],
        "refus": [Refus(*ligne) for ligne in chargement.resume.get("refus", [])],
        "can_modify": can_modify(request, etablissement),
        "is_refuse": False,
        **extra,
    }
    if chargement.etat != EtatChargement.CONTROLE:
        echeances = calendrier_de(etablissement).relais_after(chargement.applique_le) if chargement.applique_le else {}
        tables = [table | {"libelle": table["table"]} for table in chargement.resume.get("tables", [])]
        context |= {"tables": tables, "ent_le": echeances.get(Relais.ENT)}
        return render(request, "exchanges/chargement_resultat.html", context)
    try:
        apercu = preview_chargement(chargement)
    except FileNotFoundError:
        return render(request, "exchanges/chargement_resultat.html", context | {"tables": [], "ent_le": None})
    connus = name_individus(etablissement) | name_services(etablissement)
    context |= {
        "apercu": apercu,
        "tables": describe_tables(apercu, connus),
        "import_edt": describe_import(apercu, connus),
        "anomalies": group_by_rule(apercu.lot.anomalies),
        "massifs": [c.table.libelle for c in apercu.retraits_massifs],
        "ent_le": calendrier_de(etablissement).relais_after(request.horloge.maintenant)[Relais.ENT],
    }
    return render(request, "exchanges/chargement_detail.html", context, status=422 if context["is_refuse"] else 200)


@require_POST
def chargement_apply(request: HttpRequest, uai: str, pk: int) -> HttpResponse:
    """Apply a draft; a massive removal must have been ticked."""
    etablissement = get_modifiable(request, uai)
    chargement = get_chargement(etablissement, pk)
    form = RetraitsForm(request.POST)
    has_retraits = form.is_valid() and form.cleaned_data["retraits"]
    try:
        apercu = apply_chargement(chargement, request.user, request.horloge.maintenant, has_retraits)
    except ConfirmationRetraits:
        return _show(request, etablissement, chargement, is_refuse=True)
    except ChargementPerime:
        messages.warning(request, PERIME)
    except FileNotFoundError:
        messages.error(request, PURGE)
    else:
        messages.success(request, "Rien n'a changé." if apercu.is_vide else "Les fichiers ont été appliqués.")
    return redirect("exchanges:chargement_detail", uai, pk)


@require_POST
def chargement_abandon(request: HttpRequest, uai: str, pk: int) -> HttpResponse:
    """Give a draft up; its bytes go."""
    etablissement = get_modifiable(request, uai)
    try:
        abandon_chargement(get_chargement(etablissement, pk))
    except ChargementPerime:
        messages.warning(request, PERIME)
    else:
        messages.success(request, "Le chargement est abandonné. Rien n'a été modifié.")
    return redirect("exchanges:etablissement_detail", uai)

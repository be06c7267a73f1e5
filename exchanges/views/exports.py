"""Exports > Structure, then Services: done here in a simulated académie, declared in a real one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from exchanges.enums import NatureActe
from exchanges.forms_sts import DeclarationForm
from exchanges.models import Acte, Etablissement
from exchanges.pipeline.exports import ExportImpossible, declare, run_export_services, run_export_structure
from exchanges.reports.exports import state_of_exports
from exchanges.rules.verdict import Verdict
from exchanges.views.perimetre import get_modifiable


GROUPE_INCONNU = "GROUPE_A_01"
STRUCTURE, SERVICES = NatureActe.EXPORT_STRUCTURE, NatureActe.EXPORT_SERVICES
QUOI = {"structure": (STRUCTURE,), "services": (SERVICES,), "tout": (STRUCTURE, SERVICES)}
RETOURS = ("etablissement_detail", "suppleance_list")
_RUN = {STRUCTURE: run_export_structure, SERVICES: run_export_services}


def exports_context(etablissement: Etablissement, retour: str = RETOURS[0]) -> dict[str, object]:
    """What ``exchanges/_exports.html`` needs besides ``etablissement`` and ``can_modify``."""
    return {"exports": state_of_exports(etablissement), "exports_retour": retour}


def describe_export(etablissement: Etablissement, verdict: Verdict) -> dict[str, object]:
    """For the page of a verdict: the refused groupes that an Export Structure would mend, if it waits for one."""
    refuses = {anomalie.objet for anomalie in verdict.anomalies if anomalie.code == GROUPE_INCONNU}
    if not refuses:
        return {"exportables": []}
    etat = state_of_exports(etablissement)
    return {"exportables": sorted(refuses & set(etat.groupes_manquants)), "exports": etat}


@require_POST
def export_do(request: HttpRequest, uai: str, quoi: str) -> HttpResponse:
    """Do or declare Export Structure, Export Services or both, then go back to the page that asked."""
    etablissement = get_modifiable(request, uai)
    if quoi not in QUOI:
        raise Http404
    form = DeclarationForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "Le commentaire est trop long (200 caractères au plus). Rien n'a été modifié.")
    else:
        try:
            for nature in QUOI[quoi]:
                acte = _do(request, etablissement, nature, form.cleaned_data["commentaire"])
                messages.success(request, _tell(acte, etablissement))
        except ExportImpossible as exc:
            messages.error(request, str(exc))
    return _go_back(etablissement, form)


def _do(request: HttpRequest, etablissement: Etablissement, nature: NatureActe, commentaire: str) -> Acte:
    now = request.horloge.maintenant
    if etablissement.academie.is_simulee:
        return _RUN[nature](etablissement, request.user, now)
    return declare(etablissement, nature, request.user, now, commentaire)


def _tell(acte: Acte, etablissement: Etablissement) -> str:
    etat = state_of_exports(etablissement)
    if acte.nature == SERVICES:
        suite = (
            " Mais Export Structure reste à faire, puis Export Services à nouveau." if etat.is_ordre_inverse else ""
        )
        return ("Export Services fait." if etat.is_simulee else "Export Services : c'est noté.") + suite
    suite = "Il reste à faire : Export Services." if etat.is_services_perimes else ""
    if etat.is_simulee:
        return f"Export Structure fait : SIECLE connaît les divisions et les groupes de STS-Web. {suite}"
    return f"Export Structure : c'est noté. Le prochain Structures.xml de SIECLE le confirmera. {suite}"


def _go_back(etablissement: Etablissement, form: DeclarationForm) -> HttpResponse:
    propre = form.cleaned_data
    if depot := etablissement.depots.filter(pk=propre.get("depot")).first():
        return redirect("exchanges:depot_detail", etablissement.uai, depot.pk)
    retour = propre.get("retour")
    return redirect(f"exchanges:{retour if retour in RETOURS else RETOURS[0]}", etablissement.uai)

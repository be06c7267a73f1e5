"""Files of the chain handed in: an élève-groupe ZIP goes to its verdict, the others to their preview."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from exchanges.forms import FichiersForm
from exchanges.models import Etablissement
from exchanges.parsers.errors import FichierRefuse
from exchanges.pipeline.chargements import control_files
from exchanges.pipeline.depots import control_depot
from exchanges.pipeline.lots import Refus
from exchanges.views.perimetre import can_modify, get_etablissement, get_modifiable


# Refusal of ``read_lot``: not a fault, the file takes the other road.
ELEGROUPE = "elegroupe"


def upload_context(request: HttpRequest, etablissement: Etablissement) -> dict[str, object]:
    """What the drop zone needs, on this page and on the home page."""
    return {"max_octets": settings.ENTSITE_UPLOAD_MAX, "can_modify": can_modify(request, etablissement), "erreur": ""}


def file_upload(request: HttpRequest, uai: str) -> HttpResponse:
    """The drop zone; on POST, what was recognised in the files."""
    if request.method != "POST":
        etablissement = get_etablissement(request, uai)
        return render(request, "exchanges/file_upload.html", upload_context(request, etablissement) | {"refus": []})
    etablissement = get_modifiable(request, uai)
    form = FichiersForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refuse(request, etablissement, [], form.errors["fichiers"][0])
    fichiers = form.named_fichiers()
    return _control_files(request, etablissement, fichiers)


def _control_files(request: HttpRequest, etablissement: Etablissement, fichiers) -> HttpResponse:
    chargement, lot = control_files(etablissement, fichiers, request.user, request.horloge.maintenant)
    if chargement:
        return redirect("exchanges:chargement_detail", etablissement.uai, chargement.pk)
    if len(fichiers) == 1 and lot.refus[0].code == ELEGROUPE:
        return _control_depot(request, etablissement, *fichiers[0])
    return _refuse(request, etablissement, lot.refus)


def _control_depot(request: HttpRequest, etablissement: Etablissement, nom: str, fichier) -> HttpResponse:
    try:
        depot = control_depot(etablissement, fichier, nom, request.user, request.horloge.maintenant)
    except FichierRefuse as exc:
        return _refuse(request, etablissement, [Refus(nom, exc.code, exc.message, exc.action)])
    return redirect("exchanges:depot_detail", etablissement.uai, depot.pk)


def _refuse(request: HttpRequest, etablissement: Etablissement, refus: list[Refus], erreur: str = "") -> HttpResponse:
    context = upload_context(request, etablissement) | {"refus": refus, "erreur": erreur}
    return render(request, "exchanges/file_upload.html", context, status=422)

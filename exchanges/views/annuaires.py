"""Schools from a directory, for the administration of the site: what would change, then the same, written."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from exchanges.parsers.errors import FichierRefuse
from exchanges.pipeline.annuaire_national import (
    Apercu,
    Choix,
    Ignores,
    apply_annuaire,
    compare,
    find_inconnues,
    read_candidats,
)
from exchanges.pipeline.lots import Refus
from exchanges.templatetags.entsite import nombre, pluriel
from exchanges.views.formulaires_comptes import ChoixAnnuaireForm, FichierForm
from exchanges.views.perimetre import require_admin
from exchanges.views.portage import PortagePerime, pack, unpack


USAGE = "etablissements"
MONTRES = 200
PERIME = "Cet aperçu a plus d'une heure : donnez le fichier à nouveau. Rien n'a été modifié."


def annuaire_import(request: HttpRequest) -> HttpResponse:
    """Where the directory is handed in; on POST, what it would create and change."""
    require_admin(request)
    choix_form = ChoixAnnuaireForm(request.POST or None)
    if request.method != "POST":
        return _ask(request, choix_form)
    form = FichierForm(request.POST, request.FILES)
    if not form.is_valid():
        return _ask(request, choix_form, erreur=form.errors["fichier"][0])
    if not choix_form.is_valid():
        return _ask(request, choix_form, erreur="Choisissez l'académie et les projets ENT, puis redonnez le fichier.")
    fichier = form.cleaned_data["fichier"]
    try:
        candidats, ignores = read_candidats(fichier, fichier.name, choix_form.choix.academie)
    except FichierRefuse as exc:
        return _ask(request, choix_form, refus=Refus(fichier.name, exc.code, exc.message, exc.action))
    context = describe(compare(candidats, choix_form.choix, ignores), choix_form.choix, ignores)
    context["contenu"] = pack(request, USAGE, [{nom: request.POST[nom] for nom in choix_form.fields}, candidats])
    return render(request, "exchanges/annuaire_apercu.html", context)


def _ask(request: HttpRequest, form, erreur: str = "", refus: Refus | None = None) -> HttpResponse:
    context = {"form": form, "erreur": erreur, "refus": refus, "max_octets": settings.ENTSITE_UPLOAD_MAX}
    return render(request, "exchanges/annuaire_import.html", context, status=422 if erreur or refus else 200)


def describe(apercu: Apercu, choix: Choix, ignores: Ignores) -> dict[str, object]:
    """A preview, or what was done, for the page: figures, bounded lists."""
    return {
        "apercu": apercu,
        "choix": choix,
        "ignores": [
            {"raison": raison, "total": total, "exemples": ignores.exemples[raison]}
            for raison, total in ignores.comptes.most_common()
        ],
        "inconnues": find_inconnues(ignores),
        "crees": apercu.crees[:MONTRES],
        "crees_autres": max(0, len(apercu.crees) - MONTRES),
        "modifies": apercu.modifies[:MONTRES],
        "modifies_autres": max(0, len(apercu.modifies) - MONTRES),
        "valeurs": ignores.valeurs[:MONTRES],
        "valeurs_total": len(ignores.valeurs),
        "conclusion": _conclude(apercu, ignores) if apercu.is_vide else None,
        "tuiles": [
            {"valeur": len(apercu.crees), "libelle": "à créer", "couleur": "succes" if apercu.crees else "neutre"},
            {
                "valeur": len(apercu.modifies),
                "libelle": "à modifier",
                "couleur": "info" if apercu.modifies else "neutre",
            },
            {"valeur": apercu.inchanges, "libelle": "inchangés"},
            {"valeur": ignores.total, "libelle": "lignes laissées de côté"},
        ],
    }


def _conclude(apercu: Apercu, ignores: Ignores) -> dict[str, str]:
    """What to say of a file that changes nothing: known already, set aside, or empty; as components/alert.html."""
    cote = ignores.total + len(apercu.ailleurs)
    ecartees = (
        f"{nombre(cote)} {pluriel(cote, 'ligne est laissée,lignes sont laissées')} de côté, "
        f"pour {pluriel(cote, 'la raison qui précède,les raisons qui précèdent')}."
    )
    if not apercu.inchanges:
        texte = f"{ecartees} Vérifiez l'académie choisie et le fichier." if cote else "Il n'a aucune ligne."
        return {"niveau": "attention", "titre": "Aucun établissement de ce fichier n'est pris", "texte": texte}
    connus = (
        f"{nombre(apercu.inchanges)} "
        f"{pluriel(apercu.inchanges, 'établissement est déjà connu,établissements sont déjà connus')} ainsi."
    )
    if cote:
        return {"niveau": "info", "titre": "Rien ne change", "texte": f"{connus} {ecartees}"}
    return {"niveau": "succes", "titre": "Rien ne change", "texte": connus}


@require_POST
def annuaire_apply(request: HttpRequest) -> HttpResponse:
    """Write the schools that were shown, all or none."""
    require_admin(request)
    try:
        valeurs, candidats = unpack(request, USAGE)
    except PortagePerime:
        messages.error(request, PERIME)
        return redirect("exchanges:annuaire_import")
    form = ChoixAnnuaireForm(valeurs)
    if not form.is_valid():
        messages.error(request, "L'académie ou un projet ENT a été supprimé entre-temps. Rien n'a été modifié.")
        return redirect("exchanges:annuaire_import")
    apercu = apply_annuaire(candidats, form.choix, request.user)
    messages.success(
        request,
        f"Établissements créés : {len(apercu.crees)} ; modifiés : {len(apercu.modifies)} ; "
        f"inchangés : {apercu.inchanges}. Rien n'a été supprimé.",
    )
    return redirect("exchanges:home")

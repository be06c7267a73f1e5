"""Accounts from a table: what each line would do, then the same, done, with the invitations."""

from dataclasses import asdict

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from exchanges.parsers.comptes import LigneCompte, read_comptes
from exchanges.parsers.errors import FichierRefuse
from exchanges.pipeline.comptes_csv import LigneJugee, import_lignes
from exchanges.pipeline.invitations import send_invitations
from exchanges.pipeline.lots import Refus
from exchanges.views.comptes import site_of
from exchanges.views.formulaires_comptes import FichierForm
from exchanges.views.fragments import download
from exchanges.views.perimetre import visible_comptes
from exchanges.views.portage import PortagePerime, pack, unpack


USAGE = "comptes"
TITRES = ["email", "nom", "prénom", "rôle", "UAI", "académie", "fin"]
MODELE = [
    ["anne.modele@ac-essai.example", "MODÈLE", "Anne", "secrétariat", "0990001N", "", ""],
    ["paul.exemple@ac-essai.example", "EXEMPLE", "Paul", "direction", "0990001N 0990002P", "", "31/08/2027"],
    ["dane@ac-essai.example", "ESSAI", "Claude", "DANE", "", "99", ""],
]
PERIME = "Cet aperçu a plus d'une heure : donnez le fichier à nouveau. Rien n'a été modifié."


def compte_import(request: HttpRequest) -> HttpResponse:
    """Where the table is handed in; on POST, what each of its lines would do."""
    visible_comptes(request)
    if request.method != "POST":
        return _ask(request)
    form = FichierForm(request.POST, request.FILES)
    if not form.is_valid():
        return _ask(request, erreur=form.errors["fichier"][0])
    fichier = form.cleaned_data["fichier"]
    try:
        lignes = read_comptes(fichier, fichier.name)
    except FichierRefuse as exc:
        return _ask(request, refus=Refus(fichier.name, exc.code, exc.message, exc.action))
    jugees = import_lignes(lignes, request.user, is_essai=True)
    context = _counts(jugees) | {"contenu": pack(request, USAGE, [asdict(ligne) for ligne in lignes])}
    return render(request, "exchanges/compte_import_apercu.html", context)


def _ask(request: HttpRequest, erreur: str = "", refus: Refus | None = None) -> HttpResponse:
    context = {"erreur": erreur, "refus": refus, "max_octets": settings.ENTSITE_UPLOAD_MAX}
    return render(request, "exchanges/compte_import.html", context, status=422 if erreur or refus else 200)


def _counts(jugees: list[LigneJugee]) -> dict[str, object]:
    nouveaux = sum(jugee.is_nouveau for jugee in jugees)
    refuses = sum(jugee.compte is None for jugee in jugees)
    roles = sum(jugee.is_change and not jugee.is_nouveau for jugee in jugees)
    tuiles = [
        {"valeur": nouveaux, "libelle": "comptes ouverts", "couleur": "succes" if nouveaux else "neutre"},
        {"valeur": roles, "libelle": "rôles donnés à des comptes existants", "couleur": "info" if roles else "neutre"},
        {"valeur": len(jugees) - nouveaux - roles - refuses, "libelle": "lignes sans changement"},
        {"valeur": refuses, "libelle": "lignes refusées", "couleur": "erreur" if refuses else "neutre"},
    ]
    lignes = [{"jugee": jugee, "badge": _badge(jugee)} for jugee in jugees]
    return {"lignes": lignes, "tuiles": tuiles, "is_vide": not (nouveaux or roles), "nouveaux": nouveaux}


def _badge(jugee: LigneJugee) -> dict[str, str]:
    if jugee.compte is None:
        return {"couleur": "erreur", "libelle": "Refusée"}
    if jugee.is_nouveau:
        return {"couleur": "succes", "libelle": "Compte ouvert"}
    return (
        {"couleur": "info", "libelle": "Rôle donné"} if jugee.is_change else {"couleur": "neutre", "libelle": "Rien"}
    )


@require_POST
def compte_import_apply(request: HttpRequest) -> HttpResponse:
    """Open the accounts that were shown, and invite the new ones."""
    visible_comptes(request)
    try:
        lignes = [LigneCompte(**valeurs) for valeurs in unpack(request, USAGE)]
    except PortagePerime:
        messages.error(request, PERIME)
        return redirect("exchanges:compte_import")
    jugees = import_lignes(lignes, request.user, is_essai=False)
    nouveaux = [jugee.compte for jugee in jugees if jugee.is_nouveau]
    non_partis = send_invitations(nouveaux, request.user, site_of(request)) if nouveaux else []
    context = _counts(jugees) | {"non_partis": non_partis}
    return render(request, "exchanges/compte_import_resultat.html", context)


def compte_import_model(request: HttpRequest) -> HttpResponse:
    """A table to fill in, with three lines to replace."""
    visible_comptes(request)
    return download("modele-comptes", "csv", TITRES, MODELE)

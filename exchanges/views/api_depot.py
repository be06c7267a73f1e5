"""Automatic deposits: the road of timetable software and scripts (``docs/guide/depot-automatique.md``)."""

import logging
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from exchanges.enums import EtatDepot, EtatPassage, Relais, UsageJeton
from exchanges.forms import LIBELLES_DEPOT
from exchanges.models import AnomalieDepot, Depot
from exchanges.parsers.errors import FichierRefuse
from exchanges.pipeline.automatiques import Reception, receive_depot
from exchanges.propagation.calendrier import calendrier_de
from exchanges.rules.catalogue import find_regle
from exchanges.views.api import Refus, answer, api_view, authenticate
from exchanges.views.api_corps import open_zip
from exchanges.views.perimetre import get_depot, get_etablissement_of_jeton
from exchanges.views.verdicts import CHIFFRES


logger = logging.getLogger(__name__)

CONFIRMATION = "X-Suppressions-Confirmees"
PAR_PAGE = 500
SUITES = {
    EtatDepot.CONTROLE: "Ce fichier n'est pas déposé : une personne ou la requête doit confirmer les suppressions.",
    EtatDepot.DEPOSE: "SIECLE lira ce fichier pendant la prochaine nuit. Vous n'avez rien à faire d'ici là.",
    EtatDepot.IMPORTE: "SIECLE a lu ce fichier. Pour déposer à nouveau, refaites l'export : son nom sera nouveau.",
    EtatDepot.REMPLACE: "Un dépôt plus récent a pris la place de celui-ci. Il n'a rien modifié.",
    EtatDepot.ABANDONNE: "Une personne a abandonné ce dépôt. Pour déposer quand même, refaites l'export.",
    EtatDepot.ECHEC: "La nuit n'a pas pu être faite, rien n'a été modifié. Renvoyez le fichier.",
}


@api_view
@require_POST
def api_depot_receive(request: HttpRequest, uai: str) -> HttpResponse:
    """Check a ZIP and deposit it for the coming night; the same file again is the same deposit."""
    jeton = authenticate(request, UsageJeton.DEPOT)
    get_etablissement_of_jeton(request, jeton, uai)
    suppressions = _read_suppressions(request)
    with open_zip(request) as (nom, flux):
        try:
            reception = receive_depot(jeton, flux, nom, request.horloge.maintenant, suppressions)
        except FichierRefuse as exc:
            raise Refus(422, str(exc.code), f"{exc.message} Rien n'a été déposé.", exc.action) from exc
    adresse = _address(reception.depot)
    if reception.garde:
        raise _ask(request, reception, adresse)
    if reception.is_nouveau:
        logger.info("dépôt automatique %s, jeton %s", reception.depot.pk, jeton.pk)
    return answer(describe_depot(request, reception.depot), 202 if reception.is_nouveau else 200, adresse)


@api_view
@require_safe
def api_depot_detail(request: HttpRequest, uai: str, pk: int) -> HttpResponse:
    """The state of a deposit; once the night has run, its figures and its anomalies."""
    jeton = authenticate(request, UsageJeton.DEPOT)
    depot = get_depot(get_etablissement_of_jeton(request, jeton, uai), pk)
    contenu = describe_depot(request, depot)
    if depot.etat == EtatDepot.IMPORTE:
        contenu["compte_rendu"] = _describe_compte_rendu(depot, request.GET.get("page"))
    return answer(contenu)


def _read_suppressions(request: HttpRequest) -> int | None:
    texte = request.headers.get(CONFIRMATION, "").strip()
    if not texte:
        return None
    if not (texte.isascii() and texte.isdigit() and len(texte) < 10):
        raise Refus(
            400,
            "confirmation_illisible",
            f"L'en-tête « {CONFIRMATION} » n'est pas un nombre. Rien n'a été déposé.",
            "Envoyez le nombre de suppressions que la réponse 409 a donné, sans autre caractère.",
        )
    return int(texte)


def _ask(request: HttpRequest, reception: Reception, adresse: dict[str, str]) -> Refus:
    """The guard: too many links would go."""
    garde, page = reception.garde, _page(request, reception.depot)
    return Refus(
        409,
        "suppressions_a_confirmer",
        f"Ce dépôt supprimerait {garde.suppressions} liens sur {garde.avant} (plus de 10 %). Rien n'a été déposé.",
        f"Vérifiez que l'export porte sur toutes les classes. Si c'est voulu, renvoyez la même requête avec l'en-tête "
        f"« {CONFIRMATION}: {garde.suppressions} », ou confirmez sur la page {page}",
        adresse,
        suppressions=garde.suppressions,
        liens=garde.avant,
        depot=reception.depot.pk,
        page=page,
    )


def describe_depot(request: HttpRequest, depot: Depot) -> dict[str, Any]:
    """A deposit as a machine reads it; instants carry the offset of the académie."""
    etablissement = request.etablissement
    echeances = calendrier_de(etablissement).announce(depot.depose_le) if _is_vivant(depot) else {}
    chiffres = {cle: depot.verdict[cle] for cle, _ in CHIFFRES if cle in depot.verdict}
    return {
        "depot": depot.pk,
        "etablissement": etablissement.uai,
        "fichier": f"{depot.nom}.zip",
        "empreinte": depot.empreinte,
        "mode": depot.mode,
        "etat": depot.etat,
        "libelle": LIBELLES_DEPOT[EtatDepot(depot.etat)],
        "message": SUITES[EtatDepot(depot.etat)],
        "depose_le": _iso(depot.depose_le),
        "verdict": chiffres or None,
        "nuit": _iso(depot.importe_le or echeances.get(Relais.SIECLE)),
        "ent": _iso(_ent_done(depot) or echeances.get(Relais.ENT)),
        "page": _page(request, depot),
    }


def _is_vivant(depot: Depot) -> bool:
    return depot.etat in (EtatDepot.DEPOSE, EtatDepot.IMPORTE)


def _ent_done(depot: Depot) -> datetime | None:
    """When the ENT first showed this import, if it has."""
    if depot.etat != EtatDepot.IMPORTE:
        return None
    passages = depot.etablissement.passages.filter(
        relais=Relais.ENT, etat=EtatPassage.FAIT, source__gte=depot.importe_le
    )
    return passages.values_list("execute_le", flat=True).first()


def _describe_compte_rendu(depot: Depot, numero: str | None) -> dict[str, Any]:
    """The figures of the night and one page of its anomalies: identifiers and codes, never a name."""
    page = Paginator(depot.anomalies.all(), PAR_PAGE).get_page(numero)
    total = page.paginator.count
    return {
        "chiffres": {cle: getattr(depot, cle) if cle != "anomalies" else total for cle, _ in CHIFFRES},
        "page": page.number,
        "pages": page.paginator.num_pages,
        "anomalies": [_describe_anomalie(ligne) for ligne in page],
    }


def _describe_anomalie(ligne: AnomalieDepot) -> dict[str, Any]:
    """One line; SIECLE's own sentence quotes the élève, the title of the rule does not."""
    regle = find_regle(ligne.code)
    return {
        "section": ligne.section,
        "code": ligne.code,
        "gravite": ligne.gravite,
        "identifiants": ligne.identifiants,
        "groupe": ligne.objet,
        "message": regle.titre if regle else ligne.code,
        "action": ligne.action,
    }


def _address(depot: Depot) -> dict[str, str]:
    return {"Location": reverse("exchanges:api_depot_detail", args=[depot.etablissement.uai, depot.pk])}


def _page(request: HttpRequest, depot: Depot) -> str:
    """Where a person sees it."""
    return request.build_absolute_uri(reverse("exchanges:depot_detail", args=[depot.etablissement.uai, depot.pk]))


def _iso(instant: datetime | None) -> str | None:
    return timezone.localtime(instant).replace(microsecond=0).isoformat() if instant else None

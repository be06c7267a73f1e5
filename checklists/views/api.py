"""Reading for the académie's own tools (``docs/guide/api-lecture.md``): a token, GET only, JSON."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from checklists.enums import EtatEcole
from checklists.etapes import read_etapes
from checklists.pilotage import api
from checklists.pilotage.api import Contenu
from exchanges.enums import UsageJeton
from exchanges.models import Academie, Etablissement
from exchanges.rules.base import regle_de
from exchanges.rules.catalogue import ELEGROUPE
from exchanges.views.api import Refus, answer, api_view, authenticate
from exchanges.views.perimetre import get_academie_of_jeton


DESCRIPTION = settings.BASE_DIR / "docs" / "api-lecture.json"
PAR_PAGE_MAX = 200
FRAICHEUR = {"Cache-Control": "private, no-cache", "Vary": "Authorization"}


NUMEROS = tuple(etape.numero for etape in read_etapes())
CODES = tuple(sorted({regle_de(regle).code for regle in ELEGROUPE}))


@dataclass(frozen=True)
class Parametre:
    """What may be asked for in an address: its whole form, the same in words, the value it stands for."""

    motif: str
    attendu: str
    read: Callable[[str], Any] = str


PARAMETRES = {
    "page": Parametre(r"[1-9][0-9]{0,4}", "un nombre entier de 1 à 99999", int),
    "par_page": Parametre(r"[1-9][0-9]?|1[0-9]{2}|200", f"un nombre entier de 1 à {PAR_PAGE_MAX}", int),
    "type": Parametre(r"[A-Z0-9]{1,8}", "un type tel que CLG, LYC ou LP"),
    "departement": Parametre(r"[0-9A-Z]{1,3}", "un numéro de département tel que 013 ou 02A"),
    "bassin": Parametre(r"[^\x00-\x1f]{1,60}", "le nom d'un bassin"),
    "projet": Parametre(r"[1-9][0-9]{0,8}", "le numéro d'un projet ENT", int),
    "etat": Parametre("|".join(EtatEcole), f"un de ces états : {', '.join(EtatEcole)}"),
    "etape": Parametre("|".join(NUMEROS), f"le numéro d'une étape de la rentrée : {', '.join(NUMEROS)}"),
    "code": Parametre("|".join(CODES), f"un code d'anomalie : {', '.join(CODES)}"),
    "tri": Parametre(f"-?({'|'.join(api.TRIS)})", "une colonne, précédée de « - » pour l'ordre inverse"),
    "uai": Parametre(r"[0-9]{7}[A-Z]", "un UAI, sept chiffres et une lettre"),
    "depuis": Parametre(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "une date telle que 2026-09-01", date.fromisoformat),
    "jusqua": Parametre(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "une date telle que 2026-12-31", date.fromisoformat),
}
DEFAUTS: dict[str, object] = {"page": 1, "par_page": 50, "tri": "uai"}
_PAGES = ("page", "par_page")


def read_parametres(requete: QueryDict, permis: tuple[str, ...]) -> Contenu:
    """What the address asks for, with the defaults: nothing is ignored in silence.

    Raises:
        Refus: 400 a parameter that does not exist here, is repeated or cannot be read.
    """
    valeurs = {nom: DEFAUTS[nom] for nom in permis if nom in DEFAUTS}
    for nom, textes in requete.lists():
        if nom not in permis:
            raise Refus(
                400,
                "parametre_inconnu",
                f"Le paramètre « {nom[:40]} » n'existe pas à cette adresse. Rien n'a été fait.",
                f"Paramètres possibles : {', '.join(permis) or 'aucun'}.",
            )
        if len(textes) > 1:
            raise Refus(
                400,
                "parametre_repete",
                f"Le paramètre « {nom} » est donné {len(textes)} fois. Rien n'a été fait.",
                "Donnez-le une seule fois.",
            )
        valeurs[nom] = _read(nom, textes[0])
    return valeurs


def _read(nom: str, texte: str) -> object:
    parametre = PARAMETRES[nom]
    try:
        if re.fullmatch(parametre.motif, texte):
            return parametre.read(texte)
    except ValueError:  # a day that no calendar has
        pass
    raise Refus(
        400,
        "parametre_illisible",
        f"Le paramètre « {nom} » vaut « {texte[:40]} ». Rien n'a été fait.",
        f"Il faut {parametre.attendu}.",
    )


def reading_view(*permis: str) -> Callable[[Callable[..., Contenu]], Callable[..., HttpResponse]]:
    """For a view that answers a reading token: it receives the académie of the token and the parameters.

    Args:
        permis: the parameters that its address may bear.
    """

    def decorate(view: Callable[..., Contenu]) -> Callable[..., HttpResponse]:
        @api_view
        @require_safe
        @wraps(view)
        def call(request: HttpRequest, code: str, **kwargs: str) -> HttpResponse:
            academie = get_academie_of_jeton(authenticate(request, UsageJeton.LECTURE), code)
            contenu = view(academie, read_parametres(request.GET, permis), **kwargs)
            return answer_if_changed(request, answer(contenu, headers=FRAICHEUR))

        return call

    return decorate


def answer_if_changed(request: HttpRequest, reponse: HttpResponse) -> HttpResponse:
    """The answer with its ETag, or 304 when the caller says that it holds the same."""
    etag = quote_etag(sha256(reponse.content).hexdigest()[:32])
    reponse["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=reponse)


@reading_view("type", "departement", "bassin", "projet", "etat", "etape", "code", "tri", *_PAGES)
def api_etablissement_list(academie: Academie, parametres: Contenu) -> Contenu:
    """The dashboard of the académie."""
    return api.read_etablissements(academie, parametres)


@reading_view()
def api_etablissement_detail(academie: Academie, parametres: Contenu, uai: str) -> Contenu:
    """One school of the dashboard."""
    return api.read_etablissement(academie, _get_etablissement(academie, uai))


@reading_view(*_PAGES)
def api_echange_list(academie: Academie, parametres: Contenu, uai: str) -> Contenu:
    """What a school handed in, and what came of it."""
    return api.read_echanges(academie, _get_etablissement(academie, uai), parametres)


@reading_view(*_PAGES)
def api_passage_list(academie: Academie, parametres: Contenu, uai: str) -> Contenu:
    """The relays of a school, done and to come."""
    return api.read_passages(academie, _get_etablissement(academie, uai), parametres)


@reading_view("depuis", "jusqua", "uai", *_PAGES)
def api_releve_list(academie: Academie, parametres: Contenu) -> Contenu:
    """The weekly figures of the schools."""
    if "depuis" in parametres and "jusqua" in parametres and parametres["depuis"] > parametres["jusqua"]:
        raise Refus(
            400,
            "dates_inversees",
            "« depuis » vient après « jusqua » : aucune semaine n'est entre les deux. Rien n'a été fait.",
            "Échangez les deux dates.",
        )
    return api.read_releves(academie, parametres)


def _get_etablissement(academie: Academie, uai: str) -> Etablissement:
    etablissement = api.find_etablissement(academie, uai)
    if etablissement is None:
        raise Http404
    return etablissement


@login_not_required
@require_safe
def api_schema(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document of these addresses, for anybody: it says how to ask, nothing of what is answered."""
    reponse = HttpResponse(DESCRIPTION.read_bytes(), content_type="application/json", headers=FRAICHEUR)
    return answer_if_changed(request, reponse)

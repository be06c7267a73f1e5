"""What every address under /api/ shares: a token instead of a session, JSON instead of a page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from exchanges.enums import UsageJeton
from exchanges.models import Jeton
from exchanges.pipeline.decomptes import Solde
from exchanges.pipeline.jetons import (
    count_appel,
    count_inconnu,
    find_jeton,
    is_expire,
    read_inconnus,
    touch_jeton,
)
from exchanges.views.provenance import address_of


RETRY_AFTER = 60  # seconds
ROYAUME = 'Bearer realm="entsite"'
_PERIMETRES = {UsageJeton.DEPOT: "de l'établissement", UsageJeton.LECTURE: "de l'académie"}
_NOUVEAUX = {
    UsageJeton.DEPOT: "Créez un autre jeton sur la page « Dépôt automatique » de l'établissement.",
    UsageJeton.LECTURE: "Créez un autre jeton sur la page « Jetons de lecture » de l'académie.",
}
_RYTHMES = {
    UsageJeton.DEPOT: "un dépôt par jour suffit à SIECLE",
    UsageJeton.LECTURE: "la plupart des chiffres changent une fois par nuit",
}


class Refus(Exception):
    """An answer that stops a view.

    Args:
        status: HTTP status.
        code: stable identifier of the reason.
        message, action: French sentences: what is wrong and what was done, what to do.
        headers: HTTP headers of the answer.
        details: figures beside the sentences.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        action: str,
        headers: dict[str, str] | None = None,
        **details: Any,
    ):
        super().__init__(code)
        self.reponse = answer({"code": code, "message": message, "action": action} | details, status, headers)


def answer(contenu: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> JsonResponse:
    """A JSON answer that a person can read too: accents are written as they are."""
    return JsonResponse(contenu, status=status, headers=headers, json_dumps_params={"ensure_ascii": False})


def api_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a view that a machine calls: no session, hence no CSRF token; a ``Refus`` becomes its answer."""

    @wraps(view)
    def call(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refus as exc:
            return exc.reponse
        except OSError:
            return answer(
                {
                    "code": "indisponible",
                    "message": "Le fichier n'a pas pu être gardé : le problème vient de nous. Rien n'a été déposé.",
                    "action": "Renvoyez la même requête plus tard ; si cela recommence, prévenez l'assistance.",
                },
                503,
                {"Retry-After": str(RETRY_AFTER)},
            )

    return csrf_exempt(login_not_required(call))


def authenticate(request: HttpRequest, usage: UsageJeton) -> Jeton:
    """The token of the request, good for this usage; its use is counted and noted.

    Calls without a known token are counted by address. Where that quota is spent a known token still goes through,
    since a school has one address: 256 random bits are not guessed, the quota is there for who hammers.

    Raises:
        Refus: 401 without a token or with an unknown one, 403 when it is no longer or not good for this, 429 when
            it is used too often, or when too many unknown ones came from this address.
    """
    now = timezone.now()
    schema, _, clair = request.headers.get("Authorization", "").partition(" ")
    is_montre = schema.lower() == "bearer" and bool(clair.strip())
    jeton = find_jeton(clair.strip()) if is_montre else None
    if jeton is None:
        request.solde = count_inconnu(address_of(request), now)
        raise _refuse_inconnu(request.solde, usage, is_montre)
    request.solde = solde = count_appel(jeton, now)
    _check_usable(jeton, usage, now)
    if solde.is_depasse:
        raise Refus(
            429,
            "trop_d_appels",
            f"Ce jeton a servi plus de {solde.quota.fois} fois en une minute. Rien n'a été fait.",
            f"Attendez {solde.attente} secondes et renvoyez la requête ; {_RYTHMES[usage]}.",
            {"Retry-After": str(solde.attente)},
        )
    touch_jeton(jeton, now)
    return jeton


def _refuse_inconnu(solde: Solde, usage: UsageJeton, is_montre: bool) -> Refus:
    if solde.is_depasse:
        return Refus(
            429,
            "trop_d_essais",
            f"Plus de {solde.quota.fois} requêtes sans jeton connu sont venues de votre adresse en une minute. "
            "Rien n'a été fait.",
            f"Attendez {solde.attente} secondes, puis envoyez un jeton {_PERIMETRES[usage]}.",
            {"Retry-After": str(solde.attente)},
        )
    if is_montre:
        return Refus(
            401,
            "jeton_inconnu",
            "Ce jeton n'est pas connu. Rien n'a été fait.",
            f"Vérifiez qu'il a été copié en entier. {_NOUVEAUX[usage]}",
            {"WWW-Authenticate": f'{ROYAUME}, error="invalid_token"'},
        )
    return Refus(
        401,
        "jeton_absent",
        "Cette adresse demande un jeton. Rien n'a été fait.",
        f"Envoyez l'en-tête « Authorization: Bearer » suivi du jeton {_PERIMETRES[usage]}.",
        {"WWW-Authenticate": ROYAUME},
    )


def solde_of(request: HttpRequest) -> Solde:
    """What limits this caller: the calls of its token or, when none was looked at, those of its address."""
    solde: Solde | None = getattr(request, "solde", None)
    return solde or read_inconnus(address_of(request), timezone.now())


def _check_usable(jeton: Jeton, usage: UsageJeton, now) -> None:
    nouveau = _NOUVEAUX[usage]
    if jeton.revoque_le:
        quand = timezone.localtime(jeton.revoque_le)
        raise Refus(403, "jeton_revoque", f"Ce jeton a été révoqué le {quand:%d/%m/%Y}. Rien n'a été fait.", nouveau)
    if is_expire(jeton, now):
        quand = timezone.localtime(jeton.expire_le)
        raise Refus(403, "jeton_expire", f"Ce jeton a expiré le {quand:%d/%m/%Y}. Rien n'a été fait.", nouveau)
    if jeton.usage != usage:
        raise Refus(
            403,
            "jeton_autre_usage",
            f"Ce jeton est fait pour l'usage « {jeton.usage} », pas « {usage} ». Rien n'a été fait.",
            "Utilisez un jeton de cet usage ; demandez-le à l'établissement ou à l'administration du site.",
        )

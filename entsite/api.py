"""Under /api/, machines read: what goes wrong there, even before a view, is JSON with a French sentence."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from entsite.middleware import drain
from exchanges.views.api import RETRY_AFTER, answer, solde_of


Handler = Callable[[HttpRequest], HttpResponse]

PREFIXE = "/api/"
GARDES = ("Allow", "Retry-After")
ASSISTANCE = "Renvoyez la même requête plus tard ; si cela recommence, prévenez l'assistance."
ERREURS = {
    400: ("requete_illisible", "La requête n'a pas pu être lue.", "Vérifiez ses en-têtes et son corps."),
    403: ("interdit", "Cette action n'est pas permise.", "Vérifiez le jeton et l'établissement."),
    404: (
        "introuvable",
        "Il n'y a rien à cette adresse pour ce jeton.",
        "Vérifiez l'UAI, le code de l'académie et le numéro ; toutes les adresses se terminent par « / ».",
    ),
    405: ("methode_refusee", "Cette adresse n'accepte pas cette méthode.", "Voyez l'en-tête « Allow » de la réponse."),
    413: ("trop_gros", "La requête dépasse {limite} Mo.", "Envoyez le ZIP d'EDT ou de PRONOTE, sans rien y ajouter."),
    503: ("indisponible", "Le site ne répond pas pour l'instant : le problème vient de nous.", ASSISTANCE),
}
INATTENDUE = ("erreur_interne", "Une erreur inattendue s'est produite : le problème vient de nous.", ASSISTANCE)


class ApiErrorsMiddleware:
    """Turn the pages of errors, and the redirections, into JSON; let an answer be kept only when its view says how.

    Every answer says how many calls are left.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIXE):
            return self.get_response(request)
        response = self.get_response(request)
        if is_page(response):
            response = translate(response)
        if response.status_code >= 400:
            # Unread bytes would make the kernel reset the connection before the caller has read the reason.
            drain(request, settings.ENTSITE_UPLOAD_MAX)
        response.headers.setdefault("Cache-Control", "no-store")
        tell_limits(request, response)
        return response


def tell_limits(request: HttpRequest, response: HttpResponse) -> None:
    """Add the three fields of draft-ietf-httpapi-ratelimit-headers-06; none when the database does not answer."""
    try:
        solde = solde_of(request)
    except DatabaseError:
        return
    response["RateLimit-Limit"] = str(solde.quota.fois)
    response["RateLimit-Remaining"] = str(solde.reste)
    response["RateLimit-Reset"] = str(solde.attente)


def is_page(response: HttpResponse) -> bool:
    """Whether it is an error or a redirection written for a browser; « not modified » has nothing to translate."""
    is_autre = response.status_code >= 300 and response.status_code != HTTPStatus.NOT_MODIFIED
    return is_autre and response["Content-Type"] != "application/json"


def translate(response: HttpResponse) -> HttpResponse:
    """The same answer for a machine. A redirection (a missing last slash) would lose the body: it is a 404."""
    status = 404 if response.status_code < 400 else response.status_code
    code, message, action = ERREURS.get(status, ERREURS[400] if status < 500 else INATTENDUE)
    headers = {nom: response[nom] for nom in GARDES if nom in response}
    if status >= 500:
        headers.setdefault("Retry-After", str(RETRY_AFTER))
    contenu = {
        "code": code,
        "message": f"{message.format(limite=settings.ENTSITE_UPLOAD_MAX // (1024 * 1024))} Rien n'a été fait.",
        "action": action,
    }
    return answer(contenu, status, headers)

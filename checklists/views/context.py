"""What the bands above every page show: what is looked at « comme » a school, the announcements of its DANE."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from checklists.models import Annonce
from checklists.pilotage.annonces import annonces_of


FERMEES = "annonces_fermees"  # key of the session: what the user does not want to see any more


def bandeaux(request: HttpRequest) -> dict[str, object]:
    """``consultation`` (or None) and ``annonces``, read only by a page that shows them.

    While a school is looked at, the menu of the account is that of its people.
    """
    etablissement = getattr(request, "etablissement", None)
    context: dict[str, object] = {"consultation": getattr(request, "consultation", None), "annonces": []}
    if etablissement and getattr(request, "user", None) and request.user.is_authenticated:
        context["annonces"] = SimpleLazyObject(lambda: _annonces(request, etablissement))
    if getattr(request, "vu_comme", None):
        context |= {"gestion": [], "role_libelle": "DANE, comme l'établissement"}
    return context


def _annonces(request: HttpRequest, etablissement) -> list[Annonce]:
    fermees = request.session.get(FERMEES, [])
    return list(annonces_of(etablissement, request.horloge.maintenant.date()).exclude(pk__in=fermees))

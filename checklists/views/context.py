"""What surrounds every page: a look « comme » a school, the announcements of its DANE, the help of our own pages."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from checklists.diagnostic import Genre
from checklists.models import Annonce
from checklists.pilotage.annonces import annonces_of


FERMEES = "annonces_fermees"  # key of the session: what the user does not want to see any more
# URL name -> anchor of the help page that tells about it
AIDES = dict.fromkeys(("rentree_detail", "profil_edit", "etape_detail"), "rentree")
AIDES |= dict.fromkeys(("etape_declare", "etape_withdraw", "etape_assign", "etape_comment", "piece_add"), "rentree")
AIDES |= {"rappel_edit": "rappels", "certificat_detail": "netsynchro"}
AIDES |= dict.fromkeys(("parcours_list", "parcours_detail"), "parcours")
AIDES |= dict.fromkeys(("pourquoi", "pourquoi_enseignants", *(f"pourquoi_{genre}" for genre in Genre)), "pourquoi")
AIDES |= dict.fromkeys(("dashboard", "school_panel", "school_detail", "note_add"), "academie")
AIDES |= dict.fromkeys(("heatmap", "tendance"), "carte")
AIDES |= dict.fromkeys(("selection", "message_list", "message_new", "message_detail"), "agir")
AIDES |= dict.fromkeys(("annonce_list", "annonce_new", "annonce_detail"), "agir")
AIDES |= dict.fromkeys(("veille_list", "veille_detail"), "veille")
AIDES |= dict.fromkeys(("academie_jetons", "academie_jeton_list"), "lecture")
AIDES |= {"consultation_list": "voir-comme"}


def help_of_page(request: HttpRequest) -> dict[str, object]:
    """``aide`` for the pages of this application; nothing for the others, which ``exchanges`` has told already."""
    match = request.resolver_match
    return {"aide": AIDES.get(match.url_name, "")} if match and match.namespace == "checklists" else {}


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

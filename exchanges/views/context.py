"""What every page shows around its content: who, where, which year, which time, which menu."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from exchanges.enums import Role
from exchanges.propagation.horloge import Horloge
from exchanges.views.perimetre import get_droits


ROLES = {
    Role.ADMIN: "Administration du site",
    Role.DANE: "DANE",
    Role.DIRECTION: "Direction",
    Role.SECRETARIAT: "Secrétariat",
}
# URL name -> anchor of the help page that tells about it
AIDES = {
    "home": "accueil",
    "etablissement_detail": "accueil",
    "file_upload": "deposer",
    "chargement_detail": "charger",
    "chargement_apply": "charger",
    "depot_list": "suivi",
    "depot_detail": "compte-rendu",
    "depot_confirm": "verdict",
    "depot_eleve": "codes",
    "journal_list": "suivi",
    "journal_detail": "suivi",
    "suppleance_list": "accueil",
    "ent_detail": "ent",
    "frise_detail": "frise",
    "passage_detail": "frise",
    "individu_detail": "ent",
    "responsable_detail": "ent",
    "division_detail": "ent",
    "groupe_detail": "ent",
    "eleve_detail": "eleve",
    "liste_detail": "si",
    "doublon_detail": "si",
    "exemple_list": "horloge",
    "horloge_progress": "horloge",
}
_JOURNAL = ("journal_list", "journal_detail")
_ENSEIGNANTS = ("suppleance_list", "remplacement_new", "suppleance_new")
AIDES |= dict.fromkeys(("compte_list", "compte_create", "compte_detail", "compte_update", "compte_import"), "comptes")
AIDES |= {"compte_import_apply": "comptes", "annuaire_import": "annuaire"}
AIDES |= dict.fromkeys(("academie_list", "academie_create", "academie_edit"), "annuaire")
_TEMPS = (
    *("frise_detail", "passage_detail", "eleve_detail", "individu_detail", "responsable_detail"),
    *("division_detail", "groupe_detail"),
)
_ENTREES = (
    ("etablissement_detail", "Accueil", ("etablissement_detail", "liste_detail", "doublon_detail", *_ENSEIGNANTS)),
    ("file_upload", "Déposer des fichiers", ("file_upload", "chargement_detail", "chargement_apply")),
    (
        "depot_list",
        "Suivi des échanges",
        ("depot_list", "depot_detail", "depot_confirm", "depot_eleve", "jeton_list", *_JOURNAL),
    ),
    ("ent_detail", "L'ENT, tel jour", ("ent_detail", *_TEMPS)),
    ("exemple_list", "Fichiers d'exemple", ("exemple_list",)),
)


def page_context(request: HttpRequest) -> dict[str, object]:
    """``etablissement``, ``horloge``, ``role_libelle``, ``gestion``, ``menu`` and ``aide``: None or empty for none.

    The time zone of the établissement is that of the page; without one, the site's.
    """
    etablissement = getattr(request, "etablissement", None)
    horloge = getattr(request, "horloge", None)
    user = getattr(request, "user", None)
    match = request.resolver_match
    page = match.url_name if match and match.namespace == "exchanges" else ""
    if horloge:
        timezone.activate(horloge.fuseau)
    else:
        timezone.deactivate()
    is_connected = bool(user and user.is_authenticated)
    habilitations = get_droits(request) if is_connected else []
    return {
        "etablissement": etablissement,
        "horloge": horloge,
        "role_libelle": _role(user, habilitations, etablissement) if is_connected else "",
        "gestion": _gestion(user, habilitations) if is_connected else [],
        "menu": _menu(etablissement, page) if is_connected and etablissement else [],
        "aide": AIDES.get(page, ""),
    }


def show_horloge(request: HttpRequest, academie) -> Horloge:
    """Show the clock of an académie on a page that is about no établissement in particular."""
    request.horloge = Horloge(academie)
    timezone.activate(ZoneInfo(academie.fuseau))
    return request.horloge


def _role(user, habilitations, etablissement) -> str:
    """The user's role here: the narrowest of those that reach this établissement."""
    if user.is_superuser:
        return ROLES[Role.ADMIN]
    if etablissement:
        habilitations = sorted(
            habilitations, key=lambda h: (h.etablissement_id != etablissement.pk, h.academie_id is None)
        )
    return ROLES.get(habilitations[0].role, "") if habilitations else ""


def _gestion(user, habilitations) -> list[dict[str, str]]:
    """What she administers, for the menu of her account: accounts, projets ENT, then schools."""
    roles = {habilitation.role for habilitation in habilitations} | ({Role.ADMIN} if user.is_superuser else set())
    entrees = []
    if roles & {Role.ADMIN, Role.DANE}:
        entrees.append({"libelle": "L'académie", "url": reverse(settings.ENTSITE_ACCUEIL_DANE)})
    if roles & {Role.ADMIN, Role.DANE, Role.DIRECTION}:
        entrees.append({"libelle": "Comptes et rôles", "url": reverse("exchanges:compte_list")})
    if roles & {Role.ADMIN, Role.DANE}:
        entrees.append({"libelle": "Projets ENT", "url": reverse("exchanges:projet_list")})
    if Role.ADMIN in roles:
        entrees.append({"libelle": "Académies", "url": reverse("exchanges:academie_list")})
        entrees.append({"libelle": "Importer des établissements", "url": reverse("exchanges:annuaire_import")})
    return entrees


def _menu(etablissement, page: str) -> list[dict[str, object]]:
    return [
        {"libelle": libelle, "url": reverse(f"exchanges:{nom}", args=[etablissement.uai]), "courant": page in pages}
        for nom, libelle, pages in _ENTREES
        if nom != "exemple_list" or etablissement.academie.is_simulee
    ]

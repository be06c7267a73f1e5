"""Where one lands: the list of one's établissements, or the school and its next step."""

from dataclasses import replace

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from exchanges.enums import EtatDepot, EtatPassage, Role
from exchanges.forms import EtablissementFiltre
from exchanges.models import Chargement, Depot, Etablissement, Passage
from exchanges.propagation.horloge import Horloge
from exchanges.reports.accueil import build_chain, is_vide, next_step
from exchanges.reports.listes import count_listes
from exchanges.views.context import show_horloge
from exchanges.views.exports import exports_context
from exchanges.views.fichiers import upload_context
from exchanges.views.fragments import render_page
from exchanges.views.libelles import badge_chargement, badge_depot
from exchanges.views.perimetre import get_droits, get_etablissement, visible_etablissements


PAR_PAGE = 50
DERNIERS = 5
SANS_EFFET = (EtatDepot.CONTROLE, EtatDepot.ABANDONNE)  # nobody deposited them: they are not « the last deposit »


def home(request: HttpRequest) -> HttpResponse:
    """The only établissement of the user, the page of the académie for a DANE, or the list of those she sees."""
    roles = {droit.role for droit in get_droits(request)}
    if roles == {Role.DANE}:
        return redirect(settings.ENTSITE_ACCUEIL_DANE)
    etablissements = visible_etablissements(request)
    siens = list(etablissements[:2])
    if len(siens) == 1:
        return redirect("exchanges:etablissement_detail", siens[0].uai)
    if len({e.academie_id for e in siens}) == 1:
        show_horloge(request, siens[0].academie)
    filtre = EtablissementFiltre(request.GET)
    page = Paginator(filtre.filter(etablissements), PAR_PAGE).get_page(request.GET.get("page"))
    context = {"filtre": filtre, "page": page, "lignes": _lines(page.object_list), "has_aucun": not siens}
    return render_page(request, "exchanges/home.html", "exchanges/_home.html", context)


def _lines(etablissements) -> list[dict[str, object]]:
    """One line per school with its last deposit and its next relay: three queries, whatever their number."""
    pks = [etablissement.pk for etablissement in etablissements]
    dernier = Depot.objects.filter(etablissement=OuterRef("pk")).exclude(etat__in=SANS_EFFET).values("pk")[:1]
    derniers_pks = Etablissement.objects.filter(pk__in=pks).order_by().values(dernier=Subquery(dernier))
    depots = Depot.objects.filter(pk__in=derniers_pks).annotate(nombre_anomalies=Count("anomalies"))
    par_etablissement = {depot.etablissement_id: depot for depot in depots}
    prochains: dict[int, Passage] = {}
    for passage in Passage.objects.filter(etablissement__in=pks, etat=EtatPassage.PREVU).order_by("-prevu_le"):
        prochains[passage.etablissement_id] = passage
    return [
        {
            "etablissement": etablissement,
            "depot": (depot := par_etablissement.get(etablissement.pk)),
            "badge": badge_depot(depot.etat) if depot else {"couleur": "neutre", "libelle": "Jamais déposé"},
            "age": _age(etablissement, depot) if depot else None,
            "prochain": prochains.get(etablissement.pk),
        }
        for etablissement in etablissements
    ]


def _age(etablissement: Etablissement, depot: Depot) -> int:
    """Calendar days since a deposit, where the school is."""
    horloge = Horloge(etablissement.academie)
    return (horloge.maintenant.date() - depot.controle_le.astimezone(horloge.fuseau).date()).days


def etablissement_detail(request: HttpRequest, uai: str) -> HttpResponse:
    """The school: its next step, its chain, where to hand files in, its last exchanges, its work lists."""
    etablissement = get_etablissement(request, uai)
    context = upload_context(request, etablissement)
    if is_vide(etablissement):
        brouillon = etablissement.chargements.filter(etat="controle").first()
        return render(request, "exchanges/etablissement_vide.html", context | {"brouillon": brouillon})
    etape = next_step(etablissement)
    context |= exports_context(etablissement) | {
        "etape": etape,
        "etape_url": _url(etablissement, etape.cible),
        "relais": [
            _with_url(maillon, etablissement) for maillon in build_chain(etablissement, request.horloge.maintenant)
        ],
        "listes": count_listes(etablissement),
        "depots": [(depot, badge_depot(depot.etat)) for depot in etablissement.depots.all()[:DERNIERS]],
        "chargements": [
            (chargement, badge_chargement(chargement.etat))
            for chargement in etablissement.chargements.prefetch_related("fichiers")[:DERNIERS]
        ],
    }
    return render(request, "exchanges/etablissement_detail.html", context)


def _url(etablissement: Etablissement, cible: Depot | Chargement | None) -> str:
    if isinstance(cible, Depot):
        return reverse("exchanges:depot_detail", args=[etablissement.uai, cible.pk])
    if isinstance(cible, Chargement):
        return reverse("exchanges:chargement_detail", args=[etablissement.uai, cible.pk])
    return "#deposer"


def _with_url(maillon, etablissement: Etablissement):
    pages = {"EDT": "depot_list", "ENT": "ent_detail"}
    if maillon.nom not in pages:
        return maillon
    return replace(maillon, url=reverse(f"exchanges:{pages[maillon.nom]}", args=[etablissement.uai]))

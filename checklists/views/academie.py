"""The académie on one screen: the dashboard, its exports, its saved views, a school beside it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from checklists.enums import EtatEcole
from checklists.etapes import find_etape
from checklists.models import VueEnregistree
from checklists.pilotage.colonnes import COULEURS, Ligne, badge_ecole
from checklists.pilotage.etats import tell_raisons
from checklists.pilotage.filtre import (
    SANS_CHIFFRES,
    AcademieFiltre,
    Facettes,
    VueForm,
    clean_query,
    known_tri,
    read_facettes,
    way_back,
)
from checklists.pilotage.tableau import (
    COLONNES,
    TRI_PAR_DEFAUT,
    TRIS,
    Colonne,
    build_table,
    choose_columns,
    read_lignes,
    sort_etablissements,
)
from checklists.pilotage.tendances import SEMAINE, Repartition, count_etats
from checklists.views.perimetre import followed_etablissements, require_follower
from exchanges.models import Etablissement
from exchanges.pipeline.compteurs import monday_of
from exchanges.reports.tableur import FORMATS
from exchanges.rules.catalogue import find_regle
from exchanges.templatetags.entsite import nombre
from exchanges.views.context import show_horloge
from exchanges.views.fragments import download, render_page


PAR_PAGE = 50
VUES_MAX = 30
TUILES = (
    (EtatEcole.ORDRE, "en ordre", "en ordre"),
    (EtatEcole.SURVEILLER, "à surveiller", "à surveiller"),
    (EtatEcole.DIFFICULTE, "en difficulté", "en difficulté"),
    (EtatEcole.MUET, "muet", "muets"),
)


@dataclass(frozen=True)
class Ecran:
    """What the pages of an académie share: the schools that the user follows, those that she asks for, the day."""

    suivis: QuerySet
    facettes: Facettes
    filtre: AcademieFiltre
    jour: date
    requete: str

    @property
    def trouves(self) -> QuerySet:
        """The schools asked for, with their figures; ``read_lignes`` gives them the rest of what a line needs."""
        trouves = self.filtre.filter(self.suivis).select_related(None).select_related("compteurs")
        return trouves.defer("compteurs__listes")

    def read_lignes(self, etablissements: Iterable[Etablissement]) -> Iterator[Ligne]:
        """The lines of schools of ``trouves``."""
        return read_lignes(self.facettes.share(etablissements))

    @property
    def context(self) -> dict[str, object]:
        """What every one of these pages shows."""
        return {"filtre": self.filtre, "requete": self.requete, "has_aucun": not self.facettes.academies}


def open_ecran(request: HttpRequest) -> Ecran:
    """Read the perimeter and the filters; one académie gives its clock and its hours to the page.

    Raises:
        Http404: the user follows no académie.
    """
    suivis = followed_etablissements(request)
    facettes = read_facettes(suivis)
    if not facettes.academies:
        require_follower(request)
    filtre = AcademieFiltre(request.GET, facettes=facettes)
    code = filtre.valeurs.get("academie")
    academies = [academie for academie in facettes.academies if code in (None, academie.code)]
    jour = timezone.localdate()
    if len(academies) == 1:
        jour = show_horloge(request, academies[0]).maintenant.date()
    return Ecran(suivis, facettes, filtre, jour, clean_query(request.GET))


def paginate(request: HttpRequest, etablissements: QuerySet, combien: int) -> Page:
    """A page of schools already counted; all of them to be printed when the address says so."""
    par_page = max(combien, 1) if request.GET.get("lignes") == "toutes" else PAR_PAGE
    paginator = Paginator(etablissements, par_page)
    paginator.count = combien
    return paginator.get_page(request.GET.get("page"))


def dashboard(request: HttpRequest) -> HttpResponse:
    """Every school of the académie, one line each."""
    ecran = open_ecran(request)
    colonnes = choose_columns(request.GET.getlist("colonnes"))
    tri = request.GET.get("tri", "")
    repartition = count_etats(ecran.filtre.filter(ecran.suivis, sauf="etat"), monday_of(ecran.jour) - SEMAINE)
    etat = ecran.filtre.valeurs.get("etat", "")
    page = paginate(request, sort_etablissements(ecran.trouves, tri), repartition.count(etat))
    context = ecran.context | {
        "tuiles": _tiles(repartition, etat, ecran.requete),
        "inconnus": repartition.inconnus,
        "inconnus_url": "" if etat == SANS_CHIFFRES else _narrow(ecran.requete, SANS_CHIFFRES),
        "tri": known_tri(tri, TRIS, TRI_PAR_DEFAUT),
        "retour": way_back(request.GET),
        "colonnes": colonnes,
        "toutes_colonnes": [(colonne, colonne in colonnes) for colonne in COLONNES],
        "page": page,
        "lignes": [show_ligne(ligne, colonnes) for ligne in ecran.read_lignes(page.object_list)],
        "vues": [(vue, vue.requete == ecran.requete) for vue in request.user.vues.all()],
    }
    return render_page(request, "checklists/academie.html", "checklists/_academie.html", context)


def _tiles(repartition: Repartition, filtre: str, requete: str) -> list[dict[str, object]]:
    """The four figures: each narrows the list to its schools, or widens it again."""
    tuiles = []
    for etat, un, plusieurs in TUILES:
        combien = repartition.maintenant[etat]
        tuiles.append(
            {
                "valeur": combien,
                "libelle": f"{un if combien < 2 else plusieurs}{' (filtré)' if etat == filtre else ''}",
                "couleur": COULEURS[etat],
                "detail": _tell_trend(combien - repartition.avant[etat]) if repartition.avant else "",
                "url": _narrow(requete, "" if etat == filtre else etat.value),
            }
        )
    return tuiles


def _narrow(requete: str, etat: str) -> str:
    query = QueryDict(requete, mutable=True)
    query["etat"] = etat
    return f"?{clean_query(query)}"


def _tell_trend(ecart: int) -> str:
    if not ecart:
        return "comme la semaine dernière"
    return f"{'▲ +' if ecart > 0 else '▼ −'}{nombre(abs(ecart))} en une semaine"


def show_ligne(ligne: Ligne, colonnes: tuple[Colonne, ...]) -> dict[str, object]:
    """One school in words: its badge, its reasons, its cells."""
    compteurs = ligne.compteurs
    return {
        "etablissement": ligne.etablissement,
        "badge": badge_ecole(compteurs.etat if compteurs else ""),
        "raisons": tell_raisons(compteurs.raisons) if compteurs else [],
        "cellules": [(colonne, colonne.cell(ligne)) for colonne in colonnes],
    }


def dashboard_export(request: HttpRequest, extension: str) -> HttpResponse:
    """The filtered schools, all pages of them, with the chosen columns."""
    ecran = open_ecran(request)
    if extension not in FORMATS:
        raise Http404
    lignes = ecran.read_lignes(sort_etablissements(ecran.trouves, request.GET.get("tri", "")))
    titres, valeurs = build_table(lignes, choose_columns(request.GET.getlist("colonnes")))
    return download(f"etablissements-{ecran.jour:%Y-%m-%d}", extension, titres, valeurs)


def school_panel(request: HttpRequest, uai: str) -> HttpResponse:
    """One school beside the list: its state and why, every figure, where to go from there."""
    etablissement = get_object_or_404(followed_etablissements(request).select_related("compteurs"), uai=uai)
    show_horloge(request, etablissement.academie)
    ligne = show_ligne(next(read_lignes([etablissement])), COLONNES)
    compteurs = getattr(etablissement, "compteurs", None)
    relance = find_etape(compteurs.rentree_etape) if compteurs else None
    codes = sorted(compteurs.cr_codes.items(), key=lambda paire: (-paire[1], paire[0])) if compteurs else []
    context = {
        "ligne": ligne,
        "retour": way_back(request.GET),
        "relance": relance,
        "anomalies": [(code, combien, find_regle(code)) for code, combien in codes],
    }
    return render_page(request, "checklists/academie_panneau.html", "checklists/_academie_panneau.html", context)


@require_POST
def vue_save(request: HttpRequest) -> HttpResponse:
    """Keep a dashboard under a name; the same name again replaces it."""
    require_follower(request)
    form = VueForm(request.POST)
    if not form.is_valid():
        for erreurs in form.errors.values():
            messages.error(request, erreurs[0])
        return redirect(_address(clean_query(QueryDict(request.POST.get("requete", "")))))
    nom, requete = form.cleaned_data["nom"], form.cleaned_data["requete"]
    siennes = VueEnregistree.objects.filter(utilisateur=request.user)
    if siennes.exclude(nom=nom).count() >= VUES_MAX:
        messages.error(request, f"Vous avez déjà {VUES_MAX} vues : supprimez-en une. Rien n'a été enregistré.")
    else:
        siennes.update_or_create(utilisateur=request.user, nom=nom, defaults={"requete": requete})
        messages.success(request, f"La vue « {nom} » est enregistrée.")
    return redirect(_address(requete))


@require_POST
def vue_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one of one's own views."""
    require_follower(request)
    vue = get_object_or_404(VueEnregistree, pk=pk, utilisateur=request.user)
    vue.delete()
    messages.success(request, f"La vue « {vue.nom} » est supprimée.")
    return redirect(_address(vue.requete))


def _address(requete: str) -> str:
    return reverse("checklists:dashboard") + (f"?{requete}" if requete else "")

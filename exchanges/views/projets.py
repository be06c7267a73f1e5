"""Projets ENT: the rhythm in words, whom it concerns, and the form that changes it."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from exchanges.enums import Relais
from exchanges.models import ProjetENT
from exchanges.pipeline.comptes_utilisateurs import is_admin
from exchanges.propagation.calendrier import Calendrier
from exchanges.templatetags.entsite import JOURS, MOIS
from exchanges.views.perimetre import get_projet, require_admin, visible_etablissements, visible_projets
from exchanges.views.projet_form import ProjetENTForm


PAR_PAGE = 50
DEPOT_A = time(10, 0)
PREMIER_LUNDI = date(2026, 9, 7)
RELAIS = {Relais.SIECLE: "SIECLE", Relais.AAF: "AAF", Relais.ENT: "ENT", Relais.GAR: "GAR", Relais.MOODLE: "Moodle"}


def projet_list(request: HttpRequest) -> HttpResponse:
    """The projets of the user's perimeter, each with its rhythm in one line."""
    siennes = Count("etablissements", filter=Q(etablissements__in=visible_etablissements(request)))
    projets = visible_projets(request).annotate(nombre=siennes).order_by("nom")
    context = {
        "lignes": [(projet, _sentence(projet, _semaine_type(projet))) for projet in projets],
        "can_modify": is_admin(request.user),
    }
    return render(request, "exchanges/projet_list.html", context)


def projet_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One projet: what becomes of a deposit of each day, what is open when, the rules, its schools."""
    projet = get_projet(request, pk)
    lundi = _semaine_type(projet)
    etablissements = visible_etablissements(request).filter(projet_ent=projet)
    context = {
        "projet": projet,
        "phrase": _sentence(projet, lundi),
        "relais": [nom for relais, nom in RELAIS.items() if relais in _announce(projet, lundi)],
        "semaine": [_line(projet, lundi + timedelta(days=n)) for n in range(7)],
        "ouvertures": _opening_days(projet),
        "jours": JOURS,
        "gel": [_day(repere) for repere in (projet.gel_debut, projet.gel_fin) if repere],
        "page": Paginator(etablissements, PAR_PAGE).get_page(request.GET.get("page")),
        "can_modify": is_admin(request.user),
    }
    return render(request, "exchanges/projet_detail.html", context)


def projet_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a projet; what is planned already keeps its hour."""
    projet = get_projet(request, pk)
    require_admin(request)
    return _edit(request, projet, f"Modifier {projet.nom}", reverse("exchanges:projet_detail", args=[pk]))


def projet_create(request: HttpRequest) -> HttpResponse:
    """A new projet, with the usual delays to start from."""
    visible_projets(request)
    require_admin(request)
    return _edit(request, ProjetENT(), "Nouveau projet ENT", reverse("exchanges:projet_list"))


def _edit(request: HttpRequest, projet: ProjetENT, titre: str, retour: str) -> HttpResponse:
    form = ProjetENTForm(request.POST or None, instance=projet)
    if form.is_valid():
        form.save()
        messages.success(request, "Le projet est enregistré. Les prochains passages suivront ce rythme.")
        return redirect("exchanges:projet_detail", projet.pk)
    nombre = projet.etablissements.count() if projet.pk else 0
    context = {"form": form, "titre": titre, "retour": retour, "nombre": nombre}
    return render(request, "exchanges/projet_form.html", context, status=422 if form.is_bound else 200)


def _semaine_type(projet: ProjetENT) -> date:
    """A Monday whose deposits, and those of the week, meet no freeze."""
    calendrier = _calendrier(projet)
    lundis = (PREMIER_LUNDI + timedelta(weeks=n) for n in range(52))
    return next(
        (lundi for lundi in lundis if not any(calendrier.is_gele(lundi + timedelta(days=n)) for n in range(21))),
        PREMIER_LUNDI,
    )


def _calendrier(projet: ProjetENT) -> Calendrier:
    """Any zone does: a rhythm is told in hours on the wall."""
    return Calendrier(projet, ZoneInfo(settings.TIME_ZONE))


def _announce(projet: ProjetENT, jour: date) -> dict[Relais, datetime]:
    calendrier = _calendrier(projet)
    return calendrier.announce(datetime.combine(jour, DEPOT_A, calendrier.fuseau))


def _sentence(projet: ProjetENT, lundi: date) -> str:
    """« dépôt lundi 10 h → SIECLE mardi 2 h → ENT jeudi 6 h »."""
    etapes = [f"{RELAIS[r]} {_when(quand, lundi)}" for r, quand in _announce(projet, lundi).items() if r != Relais.AAF]
    return " → ".join(["dépôt lundi 10 h", *etapes])


def _line(projet: ProjetENT, jour: date) -> tuple[str, list[tuple[str, str]]]:
    return JOURS[jour.weekday()], [(RELAIS[r], _when(quand, jour)) for r, quand in _announce(projet, jour).items()]


def _when(quand: datetime, depart: date) -> str:
    """« jeudi 6 h », and the number of days when the week of the deposit is over."""
    minutes = f" {quand.minute:02d}" if quand.minute else ""
    jours = (quand.date() - depart).days
    suite = f" (+{jours} jours)" if jours >= 7 else ""
    return f"{JOURS[quand.weekday()]} {quand.hour} h{minutes}{suite}"


def _opening_days(projet: ProjetENT) -> list[tuple[str, list[str]]]:
    """For each relay that has open days, one word for each day of the week."""
    semaine = [str(n) for n in range(1, 8)]
    aaf = [
        "complet" if int(jour) == projet.jour_complet else "delta" if jour in projet.jours_aaf else ""
        for jour in semaine
    ]
    return [
        ("Nuit de SIECLE", ["oui" if jour in projet.jours_siecle else "" for jour in semaine]),
        ("Annuaire (AAF)", aaf),
        ("ENT", ["oui" if jour in projet.jours_ent else "" for jour in semaine]),
    ]


def _day(repere: str) -> str:
    """« 07-14 » as « 14 juillet »."""
    quantieme = int(repere[3:])
    return f"{'1er' if quantieme == 1 else quantieme} {MOIS[int(repere[:2]) - 1]}"

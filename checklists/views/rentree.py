"""The rentrée of a school: the page, its settings, the paper, the calendar, the reminders of each person."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from checklists.actions import save_profil
from checklists.agenda import write_agenda
from checklists.annees import default_variante, find_rentree
from checklists.certificats import find_ending
from checklists.enums import EtatEtape
from checklists.etapes import Reglage
from checklists.forms import EtapesFiltre, ProfilForm, RappelForm
from checklists.libelles import badge_etape
from checklists.models import PreferenceRappel
from checklists.papier import write_papier
from checklists.parcours import read_parcours
from checklists.tableau import Tableau, tell_retard
from checklists.views.perimetre import get_known_tableau, get_tableau
from exchanges.models import Etablissement
from exchanges.views.fragments import render_page
from exchanges.views.perimetre import can_modify, get_etablissement, get_modifiable


def rentree_detail(request: HttpRequest, uai: str) -> HttpResponse:
    """Where the school is, the next thing to do, the steps, who waits for whom, what lateness costs."""
    tableau = get_tableau(request, uai)
    etablissement = request.etablissement
    context = {"can_modify": can_modify(request, etablissement), "parcours": read_parcours()}
    if tableau is None:
        return render(request, "checklists/rentree_vide.html", context)
    filtre = EtapesFiltre(request.GET)
    context |= _next(tableau) | {
        "tableau": tableau,
        "rentree": tableau.rentree,
        "filtre": filtre,
        "contredites": [s for s in tableau.situations if s.etat == EtatEtape.CONTREDITE],
        "retards": [(retard, tell_retard(retard)) for retard in tableau.retards_ouverts],
        "attentes": tableau.attentes,
        "periodes": _periodes(tableau, filtre, request.user),
        "certificat": find_ending(etablissement, request.horloge.maintenant.date()),
    }
    return render_page(request, "checklists/rentree_detail.html", "checklists/_etapes.html", context)


def _next(tableau: Tableau) -> dict[str, object]:
    prochaine = tableau.prochaine
    ouverture = prochaine.etape.opens_on(tableau.rentree.jour) if prochaine else None
    is_trop_tot = ouverture is not None and ouverture > tableau.maintenant.date()
    return {"prochaine": prochaine, "ouverture": ouverture, "is_trop_tot": is_trop_tot}


def _periodes(tableau: Tableau, filtre: EtapesFiltre, utilisateur) -> list[tuple[str, str, list]]:
    periodes = []
    for nom, mois, situations in tableau.periodes:
        lignes = [
            (s, badge_etape(s.etat), tableau.name_responsable(s.etape))
            for s in situations
            if filtre.keeps(tableau, s, utilisateur)
        ]
        if lignes:
            periodes.append((nom, mois, lignes))
    return periodes


def rentree_pdf(request: HttpRequest, uai: str) -> HttpResponse:
    """The page for the direction meeting, on A4."""
    tableau = get_known_tableau(request, uai)
    return _attach(write_papier(tableau), "application/pdf", f"rentree-{tableau.rentree.annee}-{uai}.pdf")


def rentree_ics(request: HttpRequest, uai: str) -> HttpResponse:
    """The steps in an agenda."""
    tableau = get_known_tableau(request, uai)
    nom = f"rentree-{tableau.rentree.annee}-{uai}.ics"
    return _attach(write_agenda(tableau), "text/calendar; charset=utf-8", nom)


def _attach(octets: bytes, type_mime: str, nom: str) -> HttpResponse:
    response = HttpResponse(octets, content_type=type_mime)
    response["Content-Disposition"] = f'attachment; filename="{nom}"'
    response["Cache-Control"] = "no-store"
    return response


def profil_edit(request: HttpRequest, uai: str) -> HttpResponse:
    """The settings of the rentrée: kind of school, software, NetSynchro, date."""
    etablissement = get_modifiable(request, uai)
    rentree = find_rentree(etablissement, request.horloge.maintenant.date())
    initial = _initial(etablissement, rentree)
    form = ProfilForm(_data(request), initial=initial, jour_siecle=_jour_siecle(etablissement, rentree))
    if request.method == "POST" and form.is_valid():
        jour = form.cleaned_data["date_rentree"]
        annee = rentree.annee if rentree else etablissement.annee or str(jour.year)
        save_profil(etablissement, annee, form.reglage, jour)
        messages.success(request, "Les réglages de la rentrée sont enregistrés.")
        return redirect("checklists:rentree_detail", uai)
    status = 422 if request.method == "POST" else 200
    return render(request, "checklists/profil_edit.html", {"form": form, "rentree": rentree}, status=status)


def _data(request: HttpRequest):
    """What was sent, even when no box is ticked."""
    return request.POST if request.method == "POST" else None


def _initial(etablissement: Etablissement, rentree) -> dict[str, object]:
    reglage = rentree.reglage if rentree else Reglage(default_variante(etablissement))
    profil = etablissement.profils_rentree.filter(annee=rentree.annee).first() if rentree else None
    return {
        "variante": reglage.variante,
        "logiciel": reglage.logiciel,
        "has_netsynchro": reglage.has_netsynchro,
        "date_rentree": profil.date_rentree if profil else None,
    }


def _jour_siecle(etablissement: Etablissement, rentree):
    return rentree.jour if rentree and etablissement.debut_eleves else None


def rappel_edit(request: HttpRequest, uai: str) -> HttpResponse:
    """Which reminders this person wants, for all her schools."""
    get_etablissement(request, uai)
    preference = PreferenceRappel.objects.filter(utilisateur=request.user).first() or PreferenceRappel(
        utilisateur=request.user
    )
    form = RappelForm(_data(request), instance=preference, label_suffix="")
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Vos rappels sont enregistrés.")
        return redirect("checklists:rentree_detail", uai)
    return render(request, "checklists/rappel_edit.html", {"form": form})

"""Letters to schools: who is chosen, what is written, a look before it leaves, what became of each copy."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from checklists.forms_dane import MessageForm
from checklists.models import Envoi, MessageDane
from checklists.pilotage.colonnes import badge_ecole
from checklists.pilotage.filtre import clean_query, way_back
from checklists.pilotage.messages import (
    INTERROMPU,
    DejaEnvoye,
    DejaRelances,
    Lettre,
    create_message,
    envois_to_retry,
    find_destinations,
    retry_message,
    write_preview,
)
from checklists.pilotage.modeles import CHAMPS, blank_champs, find_modele, read_modeles
from checklists.pilotage.relances import LAISSE
from checklists.tasks import ring_message
from checklists.views.perimetre import followed_academies, require_follower
from checklists.views.suivi import Selection, read_selection, require_academie, show_only_horloge
from exchanges.enums import Role
from exchanges.models import Academie, Etablissement
from exchanges.templatetags.entsite import nombre, pluriel
from exchanges.views.context import show_horloge


PAR_PAGE = 50
REPRIS = "repris après une interruption : peut être arrivé deux fois"
REPREND = "L'envoi s'est arrêté en route ; il reprend tout seul."
_CONCERNES = ~Q(envois__erreur__startswith=LAISSE)
_COMPTES = {
    "total": Count("envois", filter=_CONCERNES),
    "partis": Count("envois", filter=Q(envois__envoye_le__isnull=False)),
    "echecs": Count("envois", filter=Q(envois__envoye_le__isnull=True) & ~Q(envois__erreur="") & _CONCERNES),
}


def selection(request: HttpRequest) -> HttpResponse:
    """The schools chosen on the dashboard, whom one can reach there, and what may be done."""
    choix = read_selection(request, request.GET)
    tableau_url = f"{reverse('checklists:dashboard')}?{way_back(request.GET)}"
    if not request.GET.keys() & {"uai", "uais", "tous"}:
        messages.warning(request, "Cochez au moins un établissement, ou « Tout ce qui est filtré ».")
        return redirect(tableau_url)
    destinations = find_destinations(choix.etablissements, (Role.DIRECTION, Role.SECRETARIAT))
    lignes = []
    for destination in destinations:
        compteurs = getattr(destination.etablissement, "compteurs", None)
        lignes.append((destination, badge_ecole(compteurs.etat if compteurs else "")))
    # The browser ticks again what is after « # »; the server is not told.
    coches = "" if request.GET.get("tous") else f"#choix={choix.uais.replace(' ', ',')}"
    context = {
        "selection": choix,
        "lignes": lignes,
        "requete": request.GET.urlencode(),
        "modeles": read_modeles(),
        "filtre": clean_query(request.GET),
        "tableau_url": tableau_url + coches,
    }
    return render(request, "checklists/message_selection.html", context)


def message_new(request: HttpRequest) -> HttpResponse:
    """Write a letter, look at what one school will read, send it."""
    is_post = request.method == "POST"
    choix = read_selection(request, request.POST if is_post else request.GET)
    if choix.ignores:
        return redirect(f"{reverse('checklists:selection')}?{request.GET.urlencode()}")
    academie = require_academie(choix)
    if not is_post:
        initial = _initial(request, choix)
        form = MessageForm(initial=initial, etablissements=choix.etablissements)
        return _render(request, form, choix)
    form = MessageForm(request.POST, etablissements=choix.etablissements)
    if not form.is_valid():
        return _render(request, form, choix, status=422)
    if request.POST.get("action") == "envoyer":
        return _send(request, form, choix, academie)
    return _render(request, form, choix, **_preview(form, choix, academie))


def _initial(request: HttpRequest, choix: Selection) -> dict[str, str]:
    modele = find_modele(request.GET.get("modele", "")) or find_modele("libre")
    return {
        "uais": choix.uais,
        "etape": modele.etape or request.GET.get("relance", ""),
        "sujet": modele.sujet,
        "corps": modele.corps,
    }


def _render(request: HttpRequest, form: MessageForm, choix: Selection, status: int = 200, **context) -> HttpResponse:
    context = {"is_apercu": False} | context | {"form": form, "selection": choix, "champs": CHAMPS}
    return render(request, "checklists/message_new.html", context, status=status)


def _lettre(form: MessageForm, academie: Academie) -> Lettre:
    return Lettre(academie, *(form.cleaned_data[champ] for champ in ("sujet", "corps", "etape")))


def _preview(form: MessageForm, choix: Selection, academie: Academie) -> dict[str, object]:
    """What one of the schools that are written to will read, who will receive the letter, which schools will not."""
    lettre = _lettre(form, academie)
    motifs = lettre.find_laisses(choix.etablissements)
    gardes = [ecole for ecole in choix.etablissements if ecole.pk not in motifs]
    destinations = find_destinations(gardes, form.roles)
    return {
        "is_apercu": True,
        "apercu": _read(lettre, gardes, form.cleaned_data["apercu"]),
        "destinations": [d for d in destinations if d.personnes],
        "injoignables": [d.etablissement for d in destinations if not d.personnes],
        "laisses": [
            (ecole, motifs[ecole.pk].removeprefix(LAISSE)) for ecole in choix.etablissements if ecole.pk in motifs
        ],
        "combien": sum(len(d.personnes) for d in destinations),
    }


def _read(lettre: Lettre, ecoles: Sequence[Etablissement], uai: str) -> dict[str, object] | None:
    """The letter as the school of this UAI will read it, as another does when it is not written to."""
    if not ecoles:
        return None
    ecole = next((e for e in ecoles if e.uai == uai), ecoles[0])
    sujet, texte = write_preview(lettre, ecole)
    return {"etablissement": ecole, "sujet": sujet, "texte": texte}


def _send(request: HttpRequest, form: MessageForm, choix: Selection, academie: Academie) -> HttpResponse:
    destinations = find_destinations(choix.etablissements, form.roles)
    apercu = _preview(form, choix, academie)
    if not apercu["combien"]:
        form.add_error(None, _tell_personne(bool(apercu["apercu"])))
        return _render(request, form, choix, 422, **apercu)
    try:
        message = create_message(
            _lettre(form, academie), destinations, request.user, request.POST.get("confirme") == "1"
        )
    except DejaRelances as deja:
        return _render(request, form, choix, 422, **apercu, deja=deja.etablissements)
    except DejaEnvoye:
        messages.info(request, "Vous venez d'envoyer ce message à ces établissements : il n'est pas parti deux fois.")
        return redirect("checklists:message_list")
    ring_message(message.pk)
    messages.success(request, _tell_depart(apercu["combien"], len(apercu["laisses"])))
    return redirect("checklists:message_detail", message.pk)


def _tell_personne(has_gardes: bool) -> str:
    if has_gardes:
        return "Personne à joindre dans ces établissements. Rien n'a été envoyé."
    return "Cette étape n'est plus à faire dans ces établissements. Rien n'a été envoyé."


def _tell_depart(combien: int, laisses: int) -> str:
    depart = f"Le message part vers {nombre(combien)} {pluriel(combien, 'personne')}"
    if not laisses:
        return f"{depart}."
    return f"{depart} ; {nombre(laisses)} {pluriel(laisses, 'établissement laissé,établissements laissés')} de côté."


def followed_messages(request: HttpRequest):
    """The letters of the académies that the user follows."""
    require_follower(request)
    return MessageDane.objects.filter(academie__in=followed_academies(request)).select_related("academie", "auteur")


def message_list(request: HttpRequest) -> HttpResponse:
    """The letters sent, the last ones first."""
    show_only_horloge(request)
    lettres = followed_messages(request).annotate(**_COMPTES).order_by("-cree_le", "-pk")
    page = Paginator(lettres, PAR_PAGE).get_page(request.GET.get("page"))
    lignes = [(message, blank_champs(message.sujet)) for message in page.object_list]
    return render(request, "checklists/message_list.html", {"page": page, "lignes": lignes})


def message_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter: who received it, who did not, and why."""
    message = get_object_or_404(followed_messages(request).annotate(**_COMPTES), pk=pk)
    show_horloge(request, message.academie)
    envois = message.envois.select_related("etablissement", "destinataire").order_by("etablissement", "pk")
    page = Paginator(envois, PAR_PAGE).get_page(request.GET.get("page"))
    titre, texte = blank_champs(message.sujet), blank_champs(message.corps)
    context = {
        "message": message,
        "titre": titre,
        "has_champs": (titre, texte) != (message.sujet, message.corps),
        "page": page,
        "lignes": [(envoi, *_tell(envoi)) for envoi in page.object_list],
        "restants": envois_to_retry(message).count(),
        "interrompus": message.envois.filter(bail_jusqua__lt=timezone.now()).count(),
    }
    return render(request, "checklists/message_detail.html", context)


def _tell(envoi: Envoi) -> tuple[dict[str, str], str]:
    """The badge of a copy, and what there is to add."""
    if envoi.envoye_le:
        return {"couleur": "succes", "libelle": "Envoyé"}, REPRIS if envoi.tentatives > 1 else ""
    if envoi.erreur.startswith(LAISSE):
        return {"couleur": "neutre", "libelle": "Laissé de côté"}, envoi.erreur.removeprefix(LAISSE).capitalize()
    if envoi.erreur:
        couleur = "attention" if envoi.erreur == INTERROMPU else "erreur"
        return {"couleur": couleur, "libelle": "Pas envoyé"}, envoi.erreur
    if envoi.bail_jusqua is None:
        return {"couleur": "info", "libelle": "En attente"}, ""
    if envoi.bail_jusqua < timezone.now():
        return {"couleur": "attention", "libelle": "Interrompu"}, REPREND
    return {"couleur": "info", "libelle": "En cours"}, ""


@require_POST
def message_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Send again the copies that did not leave."""
    message = get_object_or_404(followed_messages(request), pk=pk)
    if combien := retry_message(message):
        ring_message(message.pk)
        messages.success(request, f"{nombre(combien)} {pluriel(combien, 'envoi repart,envois repartent')}.")
    else:
        messages.info(request, "Il ne restait rien à envoyer. Rien n'a été modifié.")
    return redirect("checklists:message_detail", pk)

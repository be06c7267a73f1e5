"""Reminders by mail: each week of the season, the day before a date, before a certificate ends.

A mail is claimed by its ``Rappel`` row before it is sent, so that a task that runs twice sends once. When the mail
server refuses it the claim is given back, and the next run of the day tries again; so does it when a worker died with
the claim in its hands. Days and hours are the school's
own; a mail of a simulated académie bears the simulated date and never leaves for a real server.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from email.utils import format_datetime
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import Prefetch
from django.template.loader import render_to_string
from django.utils import timezone

from checklists.actions import find_collegues
from checklists.certificats import PREAVIS, find_ending
from checklists.enums import Acteur, GenreRappel
from checklists.etapes import ouverture_de_la_saison
from checklists.etats import Situation
from checklists.models import Certificat, PreferenceRappel, Rappel
from checklists.tableau import Tableau, build_tableau, tell_retard
from exchanges.enums import Role
from exchanges.models import Etablissement, Habilitation, Utilisateur
from exchanges.pipeline.courriers import open_connexion
from exchanges.pipeline.taches import BAIL
from exchanges.propagation.horloge import MATIN, Horloge


logger = logging.getLogger(__name__)

SUITE = timedelta(days=30)  # after the first day, what is left is no news any more
SEMAINE = timedelta(days=7)
DEMAIN = timedelta(days=1)


@dataclass(frozen=True)
class Envoi:
    """A mail to send to one person: why, for which day, about what."""

    utilisateur: Utilisateur
    genre: GenreRappel
    jour: date
    situations: tuple[Situation, ...] = ()
    certificat: Certificat | None = None


def remind_etablissement(etablissement: Etablissement) -> int:
    """Send what is due today to the people of a school; running twice sends once.

    Returns:
        The number of mails taken by the mail server.
    """
    horloge = Horloge(etablissement.academie)
    maintenant = horloge.maintenant
    destinataires = find_destinataires(etablissement)
    if maintenant.time() < MATIN or not destinataires:
        return 0
    tableau = build_tableau(etablissement, maintenant)
    if tableau is None:
        return 0
    with timezone.override(horloge.fuseau):
        return sum(_send_once(envoi, tableau) for envoi in find_envois(tableau, destinataires))


def find_destinataires(etablissement: Etablissement) -> list[Utilisateur]:
    """The people of a school who have an address, with their rights in force."""
    en_cours = Prefetch("habilitations", Habilitation.objects.en_cours())
    return list(find_collegues(etablissement).exclude(email="").prefetch_related(en_cours))


def find_envois(tableau: Tableau, destinataires: list[Utilisateur]) -> Iterator[Envoi]:
    """What each person should have received by now, whether or not it was sent."""
    refus = {p.utilisateur_id: p for p in PreferenceRappel.objects.filter(utilisateur__in=destinataires)}
    certificat = find_ending(tableau.rentree.etablissement, tableau.maintenant.date())
    for utilisateur in destinataires:
        preference = refus.get(utilisateur.pk, PreferenceRappel())
        siennes = _own(tableau, utilisateur)
        if preference.semaine:
            yield from _weekly(tableau, utilisateur, siennes)
        if preference.veille:
            yield from _eve(tableau, utilisateur, siennes)
            if certificat and _is_direction(tableau, utilisateur):
                yield Envoi(utilisateur, GenreRappel.CERTIFICAT, certificat.expire_le - PREAVIS, (), certificat)


def _own(tableau: Tableau, utilisateur: Utilisateur) -> list[Situation]:
    """The steps not done that are hers: given to her, or to nobody and of her office; all, for the direction."""
    restantes = [s for s in tableau.situations if not s.etat.is_acquise]
    if _is_direction(tableau, utilisateur):
        return restantes
    siennes = []
    for situation in restantes:
        assignation = tableau.assignations.get(situation.etape.numero)
        collegue = assignation.utilisateur_id if assignation else None
        if collegue == utilisateur.pk or (collegue is None and Acteur.SECRETARIAT in situation.etape.qui):
            siennes.append(situation)
    return siennes


def _is_direction(tableau: Tableau, utilisateur: Utilisateur) -> bool:
    return any(
        h.role == Role.DIRECTION and h.etablissement_id == tableau.rentree.etablissement.pk
        for h in utilisateur.habilitations.all()
    )


def _weekly(tableau: Tableau, utilisateur: Utilisateur, siennes: list[Situation]) -> Iterator[Envoi]:
    """Once in the week, from its Monday on: a week-end without a worker, or a night skipped, loses nothing."""
    aujourd_hui = tableau.maintenant.date()
    rentree = tableau.rentree.jour
    if not ouverture_de_la_saison(rentree) <= aujourd_hui <= rentree + SUITE:
        return
    utiles = tuple(s for s in siennes if s.is_en_retard or s.echeance < aujourd_hui + SEMAINE)
    if utiles:
        lundi = aujourd_hui - timedelta(days=aujourd_hui.weekday())
        yield Envoi(utilisateur, GenreRappel.SEMAINE, lundi, utiles)


def _eve(tableau: Tableau, utilisateur: Utilisateur, siennes: list[Situation]) -> Iterator[Envoi]:
    aujourd_hui = tableau.maintenant.date()
    demain = tuple(s for s in siennes if s.echeance == aujourd_hui + DEMAIN)
    if demain:
        yield Envoi(utilisateur, GenreRappel.VEILLE, aujourd_hui, demain)


def _send_once(envoi: Envoi, tableau: Tableau) -> bool:
    rappel = _claim(envoi, tableau)
    if rappel is None:
        return False
    try:
        _message(envoi, tableau).send()
    except (OSError, SMTPException) as exc:
        Rappel.objects.filter(pk=rappel.pk, envoye_le__isnull=True).delete()
        logger.warning("reminder %s not sent (%s); the next run tries again", rappel.pk, type(exc).__name__)
        return False
    Rappel.objects.filter(pk=rappel.pk).update(envoye_le=timezone.now())
    return True


def _claim(envoi: Envoi, tableau: Tableau) -> Rappel | None:
    """The row that says « this mail is mine », or ``None`` when another run has it."""
    cles = {"utilisateur": envoi.utilisateur, "genre": envoi.genre, "jour": envoi.jour}
    siens = Rappel.objects.filter(etablissement=tableau.rentree.etablissement, envoye_le__isnull=True, **cles)
    maintenant = timezone.now()
    if siens.filter(reserve_le__lt=maintenant - BAIL).update(reserve_le=maintenant):
        return siens.get()
    try:
        with transaction.atomic():
            return Rappel.objects.create(
                etablissement=tableau.rentree.etablissement,
                **cles,
                etapes=[situation.etape.numero for situation in envoi.situations],
                reserve_le=maintenant,
            )
    except IntegrityError:
        return None


def _message(envoi: Envoi, tableau: Tableau) -> EmailMessage:
    etablissement = tableau.rentree.etablissement
    context = {
        "envoi": envoi,
        "tableau": tableau,
        "etablissement": etablissement,
        "lignes": [(s, s.etape.chemin_for(tableau.rentree.reglage)) for s in envoi.situations],
        "retards": [(r, tell_retard(r)) for r in tableau.retards_ouverts if r.situation in envoi.situations],
        "prochaine": tableau.prochaine,
        "is_simulee": etablissement.academie.is_simulee,
    }
    sujet = render_to_string("checklists/rappel_sujet.txt", context)
    return EmailMessage(
        " ".join(sujet.split()),
        render_to_string("checklists/rappel.txt", context),
        to=[envoi.utilisateur.email],
        headers={"Date": format_datetime(tableau.maintenant)},
        connection=open_connexion(etablissement.academie),
    )

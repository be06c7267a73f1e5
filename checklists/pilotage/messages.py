"""Letters of the DANE to chosen schools: who receives them, written once, sent by a worker, what became of each.

``Envoi`` is the queue: a row without instant nor error waits. A worker takes it by one conditional UPDATE, for the
time of a lease, so that two workers never send it twice. When a worker dies the next one takes the row up again once
the lease is over; after ``TENTATIVES_MAX`` of them INTERROMPU stays there, and somebody decides whether to send again.
A row with its instant is never sent again by anybody.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException
from uuid import UUID, uuid4

from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from checklists.models import Envoi, MessageDane
from checklists.pilotage.courrier import TENTATIVES_MAX, make_courrier
from checklists.pilotage.modeles import fill, read_champs
from checklists.pilotage.relances import LAISSES, find_laisses
from exchanges.enums import Role
from exchanges.models import Academie, Etablissement, Habilitation, Utilisateur
from exchanges.pipeline.courriers import open_connexion
from exchanges.pipeline.taches import BAIL
from exchanges.propagation.horloge import Horloge


logger = logging.getLogger(__name__)

PERSONNE = "Personne à joindre : aucun compte actif avec une adresse."
INTERROMPU = "Envoi interrompu : on ne sait pas si le message est parti."
REFUSE = "Le serveur de courrier n'a pas pris le message."
ADRESSE = "Cette adresse n'est pas valable."
DOUBLE_CLIC = timedelta(minutes=2)
LOT = 100  # copies that one task sends, well within its time


class DejaEnvoye(Exception):
    """The same person has just sent the same letter; nothing was written."""


class DejaRelances(Exception):
    """Schools were reminded of this step today already; nothing was written."""

    def __init__(self, etablissements: list[Etablissement]):
        super().__init__()
        self.etablissements = etablissements


@dataclass(frozen=True)
class Lettre:
    """What is written to chosen schools of one académie, its fields not replaced."""

    academie: Academie
    sujet: str
    corps: str
    etape: str = ""

    def find_laisses(self, etablissements: Iterable[Etablissement]) -> dict[int, str]:
        """Those of these schools to which it does not go, as the step is done there: why, by primary key."""
        return find_laisses(self.sujet + self.corps, self.etape, etablissements)


@dataclass(frozen=True)
class Destination:
    """A school and those of its people who can be reached, one per address."""

    etablissement: Etablissement
    personnes: tuple[Utilisateur, ...]


def find_destinations(etablissements: Iterable[Etablissement], roles: Sequence[Role]) -> list[Destination]:
    """Who would receive a letter, school by school; schools where nobody can be reached are there too."""
    etablissements = list(etablissements)
    habilitations = (
        Habilitation.objects.en_cours()
        .filter(etablissement__in=etablissements, role__in=roles, utilisateur__is_active=True)
        .exclude(utilisateur__email="")
        .select_related("utilisateur")
        .order_by("utilisateur__last_name", "utilisateur__first_name", "utilisateur__pk")
    )
    personnes: dict[int | None, dict[str, Utilisateur]] = defaultdict(dict)
    for habilitation in habilitations:
        utilisateur = habilitation.utilisateur
        personnes[habilitation.etablissement_id].setdefault(utilisateur.email.casefold(), utilisateur)
    return [Destination(e, tuple(personnes[e.pk].values())) for e in etablissements]


def write_preview(lettre: Lettre, etablissement: Etablissement) -> tuple[str, str]:
    """The subject and the text that a school would read now."""
    valeurs = read_champs(etablissement, lettre.etape, Horloge(lettre.academie).maintenant)
    return fill(lettre.sujet, valeurs), fill(lettre.corps, valeurs)


def reminded_today(
    lettre: Lettre, etablissements: Iterable[Etablissement], maintenant: datetime
) -> list[Etablissement]:
    """The schools somebody of which was written to today about the step of this letter."""
    if not lettre.etape:
        return []
    minuit = maintenant.replace(hour=0, minute=0, second=0, microsecond=0)
    etablissements = list(etablissements)
    deja = set(
        Envoi.objects.filter(
            message__academie=lettre.academie,
            message__etape=lettre.etape,
            message__cree_le__gte=minuit,
            message__cree_le__lt=minuit + timedelta(days=1),
            etablissement__in=etablissements,
        )
        .exclude(adresse="")
        .values_list("etablissement", flat=True)
    )
    return [etablissement for etablissement in etablissements if etablissement.pk in deja]


@transaction.atomic
def create_message(
    lettre: Lettre, destinations: Sequence[Destination], auteur: Utilisateur, is_confirme: bool = False
) -> MessageDane:
    """Write a letter and the copies to send; a school where the step is done already has a row that says so.

    Args:
        is_confirme: remind schools even of what they were reminded of today.

    Raises:
        DejaRelances: some were, and nobody confirmed.
        DejaEnvoye: a button was pressed twice.
    """
    Academie.objects.select_for_update().get(pk=lettre.academie.pk)
    maintenant = Horloge(lettre.academie).maintenant
    meme = {"sujet": lettre.sujet, "corps": lettre.corps, "etape": lettre.etape, "auteur": auteur}
    recents = lettre.academie.messages_dane.filter(cree_le__gt=maintenant - DOUBLE_CLIC, **meme)
    ecoles = {destination.etablissement.pk for destination in destinations}
    if any(ecoles == set(recent.envois.values_list("etablissement", flat=True)) for recent in recents):
        raise DejaEnvoye
    laisses = lettre.find_laisses(d.etablissement for d in destinations)
    gardes = [d.etablissement for d in destinations if d.personnes and d.etablissement.pk not in laisses]
    deja = reminded_today(lettre, gardes, maintenant)
    if deja and not is_confirme:
        raise DejaRelances(deja)
    message = MessageDane.objects.create(academie=lettre.academie, cree_le=maintenant, **meme)
    Envoi.objects.bulk_create(
        envoi
        for destination in destinations
        for envoi in _copies(message, destination, laisses.get(destination.etablissement.pk, ""))
    )
    return message


def _copies(message: MessageDane, destination: Destination, motif: str) -> list[Envoi]:
    etablissement = destination.etablissement
    if motif or not destination.personnes:
        return [Envoi(message=message, etablissement=etablissement, erreur=motif or PERSONNE)]
    return [
        Envoi(message=message, etablissement=etablissement, destinataire=personne, adresse=personne.email)
        for personne in destination.personnes
    ]


def envois_en_attente() -> QuerySet[Envoi]:
    """The copies that nobody has taken, or whose lease is over before anybody said how it went."""
    libres = Q(bail_jusqua__isnull=True) | Q(bail_jusqua__lt=timezone.now())
    return Envoi.objects.filter(libres, envoye_le__isnull=True, erreur="").exclude(adresse="")


def messages_to_send() -> list[int]:
    """The letters some copies of which wait."""
    return list(envois_en_attente().order_by("message").values_list("message", flat=True).distinct())


def deliver_message(pk: int, lot: int = LOT) -> int:
    """Send copies of a letter that wait, ``lot`` at most; twice, or in two places, sends each once.

    When the mail server does not answer they keep waiting.

    Returns:
        How many the mail server took.
    """
    message = MessageDane.objects.select_related("academie", "auteur").get(pk=pk)
    envois = envois_en_attente().filter(message=message).order_by("etablissement", "pk")
    lus = list(envois.select_related("etablissement__academie", "etablissement__compteurs")[:lot])
    connexion = open_connexion(message.academie)
    try:
        connexion.open()
    except (OSError, SMTPException) as exc:
        logger.warning("letter %s waits: %s", pk, type(exc).__name__)
        return 0
    try:
        return sum(_deliver(message, envoi, connexion) for envoi in lus)
    finally:
        connexion.close()


def _deliver(message: MessageDane, envoi: Envoi, connexion: BaseEmailBackend) -> bool:
    jeton = _claim(envoi)
    if jeton is None:
        return False
    lettre = Lettre(message.academie, message.sujet, message.corps, message.etape)
    if motif := lettre.find_laisses([envoi.etablissement]).get(envoi.etablissement.pk):
        # Done since the letter was written: what it says is no longer true.
        Envoi.objects.filter(pk=envoi.pk, jeton=jeton).update(erreur=motif, bail_jusqua=None)
        return False
    repondre_a = [message.auteur.email] if message.auteur and message.auteur.email else []
    maintenant = Horloge(message.academie).maintenant
    with timezone.override(maintenant.tzinfo):
        sujet, texte = write_preview(lettre, envoi.etablissement)
    reference = f"envoi {envoi.pk} {message.cree_le.isoformat()}"
    courrier = make_courrier(
        message.academie, sujet, texte, envoi.adresse, maintenant, connexion, reference, repondre_a
    )
    try:
        courrier.send()
    except (OSError, SMTPException, ValueError) as exc:
        logger.warning("copy %s of a letter not sent: %s", envoi.pk, type(exc).__name__)
        erreur = ADRESSE if isinstance(exc, ValueError) else REFUSE
        Envoi.objects.filter(pk=envoi.pk, jeton=jeton, envoye_le__isnull=True).update(erreur=erreur, bail_jusqua=None)
        return False
    # It has left, whoever holds the lease by now.
    lu = {"sujet": sujet, "texte": texte}
    Envoi.objects.filter(pk=envoi.pk).update(envoye_le=maintenant, erreur="", bail_jusqua=None, **lu)
    return True


def _claim(envoi: Envoi) -> UUID | None:
    """Take a copy for the time of a lease; ``None`` when another has it, or when it killed too many workers."""
    jeton, en_attente = uuid4(), envois_en_attente().filter(pk=envoi.pk)
    if en_attente.filter(tentatives__lt=TENTATIVES_MAX).update(
        jeton=jeton, bail_jusqua=timezone.now() + BAIL, tentatives=F("tentatives") + 1
    ):
        return jeton
    if en_attente.filter(tentatives__gte=TENTATIVES_MAX).update(erreur=INTERROMPU, bail_jusqua=None):
        logger.error("copy %s of a letter given up: its worker died %s times", envoi.pk, TENTATIVES_MAX)
    return None


def envois_to_retry(message: MessageDane) -> QuerySet[Envoi]:
    """The copies that failed; not those of schools without anybody, nor of those where the step is done."""
    return message.envois.filter(envoye_le__isnull=True).exclude(adresse="").exclude(erreur="").exclude(LAISSES)


def retry_message(message: MessageDane) -> int:
    """Put the copies that failed back in the queue.

    Returns:
        How many.
    """
    return envois_to_retry(message).update(erreur="", tentatives=0)

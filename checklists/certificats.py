"""The life of a NetSynchro certificate: request, wait about a week, fetch, install with its password, renew."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F

from checklists.models import Certificat
from exchanges.models import Etablissement


ATTENTE = timedelta(days=7)
PREAVIS = timedelta(days=30)  # a new one takes a week, and a holiday may stand in between


@dataclass(frozen=True)
class Moment:
    """One moment of that life: the field that dates it, what to do, where."""

    champ: str
    titre: str
    consigne: str
    bouton: str


MOMENTS = (
    Moment(
        "demande_le",
        "Demander le certificat",
        "Dans ARENA : Scolarité du 2nd degré › Plateforme d'échanges › Gestion des certificats (GinWeb). "
        "C'est la direction qui fait la demande.",
        "La demande est faite",
    ),
    Moment(
        "disponible_le",
        "Attendre environ une semaine",
        "Un courriel prévient la direction quand le certificat est prêt dans GinWeb.",
        "Le courriel est arrivé",
    ),
    Moment(
        "recupere_le",
        "Récupérer le fichier du certificat",
        "Au même endroit, dans GinWeb. Notez son mot de passe : entsite ne le garde pas.",
        "Le fichier est récupéré",
    ),
    Moment(
        "installe_le",
        "Installer le certificat dans EDT",
        "Imports/Exports › SIECLE › Récupérer les données des élèves › Gérer le certificat pour NetSynchro : "
        "choisissez le fichier, saisissez le mot de passe, puis Importer le certificat.",
        "Le certificat est installé",
    ),
)


class DateImpossible(Exception):
    """A date before the one that comes first; the argument says it in French."""


def find_certificat(etablissement: Etablissement) -> Certificat | None:
    """The certificate in progress, or the last one installed."""
    return etablissement.certificats.order_by(F("installe_le").asc(nulls_last=True), "pk").last()


def next_moment(certificat: Certificat | None) -> Moment | None:
    """What remains to be done first; ``None`` once it is installed."""
    if certificat is None:
        return MOMENTS[0]
    return next((moment for moment in MOMENTS if getattr(certificat, moment.champ) is None), None)


def advance_certificat(etablissement: Etablissement, jour: date, expire_le: date | None) -> Certificat:
    """Date the next moment; once a certificate is installed, the next moment is the request of another.

    Raises:
        DateImpossible: nothing is written.
    """
    certificat = find_certificat(etablissement)
    moment = next_moment(certificat)
    if certificat is None or moment is None:
        return Certificat.objects.create(etablissement=etablissement, demande_le=jour)
    if jour < max(filter(None, (getattr(certificat, m.champ) for m in MOMENTS))):
        raise DateImpossible("Cette date est avant l'étape précédente. Rien n'a été modifié.")
    if moment is MOMENTS[-1]:
        if expire_le is None or expire_le <= jour:
            raise DateImpossible("Donnez la date de fin du certificat, après son installation. Rien n'a été modifié.")
        certificat.expire_le = expire_le
    setattr(certificat, moment.champ, jour)
    certificat.save(update_fields=[moment.champ, "expire_le"])
    return certificat


def find_ending(etablissement: Etablissement, aujourd_hui: date) -> Certificat | None:
    """The installed certificate that ends within the notice, or has ended, unless a new one is requested."""
    certificat = find_certificat(etablissement)
    if certificat is None or certificat.expire_le is None or certificat.expire_le - PREAVIS > aujourd_hui:
        return None
    return certificat

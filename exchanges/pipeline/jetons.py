"""What a machine shows to act without a person: made once, shown once, kept as a SHA-256 only.

A token says nothing of itself and holds 256 random bits, so its hash needs neither salt nor slowness.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.db.models import Q

from exchanges.enums import UsageJeton
from exchanges.models import Academie, Etablissement, Jeton, Utilisateur
from exchanges.pipeline.decomptes import Quota, Solde, count, make_cle, read_solde


PREFIXE = "entsite_"  # so that a token left in a script or a journal is recognised
DUREE = timedelta(days=365)
PAR_MINUTE = 30
INCONNUS_PAR_MINUTE = 20
_FENETRE = 60  # seconds
_TOUCHE = timedelta(minutes=1)


def create_jeton(
    nom: str,
    perimetre: Etablissement | Academie,
    now: datetime,
    cree_par: Utilisateur | None = None,
    duree: timedelta | None = DUREE,
) -> tuple[Jeton, str]:
    """Make a token: to hand in files for an établissement, or to read the figures of an académie.

    Args:
        now: real time, aware.
        duree: how long it is good for; ``None`` until somebody revokes it.

    Returns:
        Its row, and the token itself, which nobody will ever be able to read again.
    """
    clair = PREFIXE + secrets.token_urlsafe(32)
    is_ecole = isinstance(perimetre, Etablissement)
    jeton = Jeton.objects.create(
        nom=nom,
        usage=UsageJeton.DEPOT if is_ecole else UsageJeton.LECTURE,
        empreinte=hash_jeton(clair),
        etablissement=perimetre if is_ecole else None,
        academie=None if is_ecole else perimetre,
        cree_par=cree_par,
        cree_le=now,
        expire_le=now + duree if duree else None,
    )
    return jeton, clair


def hash_jeton(clair: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(clair.encode()).hexdigest()


def find_jeton(clair: str) -> Jeton | None:
    """The row of a token, whatever its state; ``None`` for a word that was never one.

    The database compares hashes, never the token, and the last comparison takes the same time for all.
    """
    empreinte = hash_jeton(clair)
    jeton = (
        Jeton.objects.select_related("etablissement__academie", "etablissement__projet_ent", "academie", "cree_par")
        .filter(empreinte=empreinte)
        .first()
    )
    return jeton if jeton and hmac.compare_digest(jeton.empreinte, empreinte) else None


def is_expire(jeton: Jeton, now: datetime) -> bool:
    """Whether its time is over."""
    return jeton.expire_le is not None and jeton.expire_le <= now


def list_utilisables(perimetre: Etablissement | Academie, now: datetime):
    """The tokens of a school or of an académie that a machine could still use."""
    return perimetre.jetons.filter(Q(expire_le__isnull=True) | Q(expire_le__gt=now), revoque_le__isnull=True)


def revoke_jeton(jeton: Jeton, now: datetime) -> bool:
    """Make a token useless from now on; returns whether it was not already."""
    return bool(Jeton.objects.filter(pk=jeton.pk, revoque_le__isnull=True).update(revoque_le=now))


def touch_jeton(jeton: Jeton, now: datetime) -> None:
    """Note that a token was used, to the minute: a script that asks often does not write each time."""
    if jeton.dernier_usage_le is None or now - jeton.dernier_usage_le >= _TOUCHE:
        Jeton.objects.filter(pk=jeton.pk).update(dernier_usage_le=now)


def count_appel(jeton: Jeton, now: datetime) -> Solde:
    """Count one more call of this minute."""
    return count(f"jeton:{jeton.pk}", Quota(PAR_MINUTE, _FENETRE), now)


def count_inconnu(adresse: str, now: datetime) -> Solde:
    """Count one more call without a known token from an address."""
    return count(make_cle("api", adresse), Quota(INCONNUS_PAR_MINUTE, _FENETRE), now)


def read_inconnus(adresse: str, now: datetime) -> Solde:
    """How many calls without a known token an address has left this minute."""
    return read_solde(make_cle("api", adresse), Quota(INCONNUS_PAR_MINUTE, _FENETRE), now)

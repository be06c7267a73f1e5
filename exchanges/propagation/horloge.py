"""The one place that decides what time it is: real for a real académie, shifted for a simulated one."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils import timezone

from exchanges.models import Academie


MATIN = time(7, 0)
DEMONSTRATION = "demo"  # code of the académie that the scenario of demonstration makes


class HorlogeReelle(Exception):
    """Somebody tried to move the clock of a real académie."""


class Horloge:
    """The clock of an académie."""

    def __init__(self, academie: Academie):
        self.academie = academie
        self.fuseau = ZoneInfo(academie.fuseau)

    @property
    def is_simulee(self) -> bool:
        """Whether this time may be moved."""
        return self.academie.is_simulee

    @property
    def is_demonstration(self) -> bool:
        """Whether a scenario made this académie, which may go back to its start."""
        return self.is_simulee and self.academie.code == DEMONSTRATION

    @property
    def maintenant(self) -> datetime:
        """The present instant, aware, in the académie's zone."""
        return (timezone.now() + self.academie.decalage).astimezone(self.fuseau)

    def localize(self, naif: datetime) -> datetime:
        """Give a naive local datetime (HORODATAGE of an export) the académie's zone."""
        return naif.replace(tzinfo=self.fuseau)

    def prochain_matin(self) -> datetime:
        """The next 7 o'clock strictly after now: when a secretary reads the compte-rendu."""
        return next_occurrence(self.maintenant, MATIN)

    def semaine_suivante(self) -> datetime:
        """The same hour on the wall, a week later."""
        maintenant = self.maintenant
        return at_hour(maintenant.date() + timedelta(days=7), maintenant.time(), self.fuseau)

    def advance(self, cible: datetime) -> timedelta:
        """Move a simulated clock forward to ``cible``; a past target changes nothing.

        Returns:
            By how much the clock moved.

        Raises:
            HorlogeReelle: the académie lives in real time.
        """
        if not self.is_simulee:
            raise HorlogeReelle
        avance = max(cible.astimezone(UTC) - timezone.now() - self.academie.decalage, timedelta(0))
        Academie.objects.filter(pk=self.academie.pk, is_simulee=True).update(decalage=F("decalage") + avance)
        self.academie.refresh_from_db(fields=["decalage"])
        return avance

    def rewind(self, instant: datetime) -> None:
        """Put a simulated clock at ``instant``, be it in the past, so that a scenario begins again.

        Time goes back for an académie whose facts are erased, and for no other reason: see ``demonstration``.

        Raises:
            HorlogeReelle: the académie lives in real time.
        """
        if not self.is_simulee:
            raise HorlogeReelle
        self.academie.decalage = instant.astimezone(UTC) - timezone.now()
        self.academie.save(update_fields=["decalage"])


def next_occurrence(instant: datetime, heure: time) -> datetime:
    """The first local ``heure`` strictly after ``instant`` (aware); right across daylight saving changes.

    Instants are compared, not what the clock on the wall shows: an hour may come twice in one night.
    """
    candidat = at_hour(instant.date(), heure, instant.tzinfo)
    if candidat.timestamp() <= instant.timestamp():
        candidat = at_hour(instant.date() + timedelta(days=1), heure, instant.tzinfo)
    return candidat


def at_hour(jour: date, heure: time, fuseau: tzinfo | None) -> datetime:
    """``heure`` on ``jour`` in a zone; an hour skipped that night is said as it is then: 03:00 for 02:00."""
    return datetime.combine(jour, heure, fuseau).astimezone(UTC).astimezone(fuseau)

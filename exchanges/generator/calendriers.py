"""The dates of a rentrée: the calendar belongs to the établissement, never to the code (``domain.md``)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from exchanges.parsers.records import Periode


@dataclass(frozen=True, slots=True)
class Calendrier:
    """How a school year sits in the calendar. Days are (month, day).

    Args:
        debut: first day of the élève year, in the year of the millésime.
        fin: last day of the élève year: the eve of the next rentrée, as in a real export (§2.5).
        fin_cours: the last day that the timetable software puts on its groupes.
        ans: 1 when ``fin`` and ``fin_cours`` fall in the following year, 0 in the same one.
    """

    debut: tuple[int, int]
    fin: tuple[int, int]
    fin_cours: tuple[int, int]
    ans: int

    def periode(self, annee: str) -> Periode:
        """The élève year, reference of the dates of an élève-groupe deposit."""
        return Periode(debut=date(int(annee), *self.debut), fin=date(int(annee) + self.ans, *self.fin))

    def cours(self, annee: str) -> Periode:
        """The dates written by the timetable software on each inscription, inside the élève year."""
        return Periode(debut=date(int(annee), *self.debut), fin=date(int(annee) + self.ans, *self.fin_cours))

    def draw_export(self, annee: str, rng: Random) -> datetime:
        """When the school exported BEE: the evening of the first days (exports open after 18:00, §1.1)."""
        jour = date(int(annee), *self.debut) + timedelta(days=rng.randint(1, 2))
        return _at(jour, 18, rng)

    def draw_depot(self, export: datetime, rng: Random) -> datetime:
        """When the timetable software wrote the élève-groupe file: some days after the export, in the morning."""
        return _at(export.date() + timedelta(days=rng.randint(4, 6)), 8, rng)


METROPOLE = Calendrier(debut=(9, 1), fin=(8, 31), fin_cours=(7, 3), ans=1)
NOUVELLE_CALEDONIE = Calendrier(debut=(2, 16), fin=(12, 18), fin_cours=(12, 18), ans=0)


def _at(jour: date, heure: int, rng: Random) -> datetime:
    minuit = datetime.fromordinal(jour.toordinal())
    return minuit + timedelta(hours=heure, minutes=rng.randint(0, 59), seconds=rng.randint(0, 59))

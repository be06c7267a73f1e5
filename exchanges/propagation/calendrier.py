"""When each relay will carry a change: the rhythm of the projet ENT, on the local calendar.

The guides count from the deposit, « temps 0 »: SIECLE +24 h, ENT +48 or +72 h, Moodle +96 h
(``domain.md``, Delays). Deposit on a Monday: SIECLE in the night to Tuesday, ENT on Thursday morning. What is due
on a day on which its relay is closed, or while the AAF is frozen, waits for the next open day, and what follows
waits with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from exchanges.enums import GenreAAF, Relais
from exchanges.models import Academie, Etablissement, ProjetENT
from exchanges.propagation.horloge import at_hour, next_occurrence


@dataclass(frozen=True)
class Calendrier:
    """The rhythm of one école: its projet's delays in its académie's zone."""

    projet: ProjetENT
    fuseau: ZoneInfo

    def night_after(self, instant: datetime) -> datetime:
        """When SIECLE's night will read a file deposited at ``instant``: the nights of ``jours_siecle`` end then."""
        nuit = next_occurrence(instant.astimezone(self.fuseau), self.projet.heure_siecle)
        due = nuit.date() + timedelta(days=self.projet.nuits_siecle - 1)
        return self._at(_first_day(due, self._is_ouvert(self.projet.jours_siecle)), self.projet.heure_siecle)

    def aaf_after(self, instant: datetime) -> datetime:
        """The first AAF passage strictly after ``instant``, delta or complet."""
        return self._aaf_after(instant, self._has_aaf)

    def aaf_from(self, jour: date) -> datetime:
        """The first AAF passage on ``jour`` or later."""
        return self._at(_first_day(jour, self._has_aaf), self.projet.heure_aaf)

    def next_complet(self, instant: datetime) -> datetime:
        """The first complet strictly after ``instant``."""
        return self._aaf_after(instant, lambda jour: self._has_aaf(jour) and self._is_complet(jour))

    def genre_of(self, aaf: datetime) -> GenreAAF:
        """What the AAF passage due at ``aaf`` exports."""
        return GenreAAF.COMPLET if self._is_complet(aaf.astimezone(self.fuseau).date()) else GenreAAF.DELTA

    def is_gele(self, jour: date) -> bool:
        """Whether nothing leaves the AAF on ``jour``; both ends of the freeze are in it."""
        debut, fin = self.projet.gel_debut, self.projet.gel_fin
        if not debut:
            return False
        repere = f"{jour:%m-%d}"
        return debut <= repere <= fin if debut <= fin else repere >= debut or repere <= fin

    def relais_from(self, aaf: datetime) -> dict[Relais, datetime]:
        """When each relay carries what the AAF passage due at ``aaf`` exports, that passage included."""
        jours_ent = self.projet.heures_ent // 24 - self.projet.nuits_siecle
        due = aaf.astimezone(self.fuseau).date() + timedelta(days=jours_ent)
        ent = _first_day(due, self._is_ouvert(self.projet.jours_ent))
        echeances = {Relais.AAF: aaf, Relais.ENT: self._at(ent, self.projet.heure_ent)}
        if self.projet.has_gar:
            echeances[Relais.GAR] = self._at(ent + timedelta(days=1), self.projet.heure_gar)
        if self.projet.heures_moodle is not None:
            jours_moodle = self.projet.heures_moodle // 24 - self.projet.heures_ent // 24
            echeances[Relais.MOODLE] = self._at(ent + timedelta(days=jours_moodle), self.projet.heure_moodle)
        return echeances

    def relais_after(self, instant: datetime) -> dict[Relais, datetime]:
        """When each relay further down will carry what BEE learnt at ``instant``: AAF, ENT, GAR and Moodle."""
        return self.relais_from(self.aaf_after(instant))

    def announce(self, depose_le: datetime) -> dict[Relais, datetime]:
        """What to tell somebody who deposits at ``depose_le``: SIECLE, AAF, ENT, GAR and Moodle."""
        nuit = self.night_after(depose_le)
        return {Relais.SIECLE: nuit, **self.relais_after(nuit)}

    def _aaf_after(self, instant: datetime, is_bon: Callable[[date], bool]) -> datetime:
        premier = next_occurrence(instant.astimezone(self.fuseau), self.projet.heure_aaf)
        return self._at(_first_day(premier.date(), is_bon), self.projet.heure_aaf)

    def _has_aaf(self, jour: date) -> bool:
        is_ouvert = self._is_complet(jour) or str(jour.isoweekday()) in self.projet.jours_aaf
        return is_ouvert and not self.is_gele(jour)

    def _is_complet(self, jour: date) -> bool:
        return jour.isoweekday() == self.projet.jour_complet

    def _is_ouvert(self, jours: str) -> Callable[[date], bool]:
        return lambda jour: str(jour.isoweekday()) in jours

    def _at(self, jour: date, heure: time) -> datetime:
        return at_hour(jour, heure, self.fuseau)


def _first_day(depart: date, is_bon: Callable[[date], bool]) -> date:
    """The first day from ``depart`` (included) that suits."""
    return next(jour for jour in (depart + timedelta(days=n) for n in count()) if is_bon(jour))


def calendrier_de(etablissement: Etablissement) -> Calendrier:
    """The rhythm of an établissement."""
    return Calendrier(etablissement.projet_ent, ZoneInfo(etablissement.academie.fuseau))


def next_complet_of(academie: Academie, instant: datetime) -> datetime:
    """The first complet, after ``instant``, of any school of an académie that has one at least."""
    fuseau = ZoneInfo(academie.fuseau)
    projets = ProjetENT.objects.filter(etablissements__academie=academie).distinct()
    return min(Calendrier(projet, fuseau).next_complet(instant) for projet in projets)

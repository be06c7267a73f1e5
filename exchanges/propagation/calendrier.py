"""When each relay will carry a change: delays of the projet ENT, on the local calendar.

The guides count from the deposit, « temps 0 »: SIECLE +24 h, ENT +48 or +72 h, Moodle +96 h
(``domain.md``, Delays). Deposit on a Monday: SIECLE in the night to Tuesday, ENT on Thursday morning.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from exchanges.enums import Relais
from exchanges.models import ProjetENT
from exchanges.propagation.horloge import at_hour, next_occurrence


@dataclass(frozen=True)
class Calendrier:
    """The rhythm of one école: its projet's delays in its académie's zone."""

    projet: ProjetENT
    fuseau: ZoneInfo

    def night_after(self, instant: datetime) -> datetime:
        """When SIECLE's night will read a file deposited at ``instant``."""
        nuit = next_occurrence(instant.astimezone(self.fuseau), self.projet.heure_siecle)
        return self._at(nuit.date() + timedelta(days=self.projet.nuits_siecle - 1), self.projet.heure_siecle)

    def relais_after(self, instant: datetime) -> dict[Relais, datetime]:
        """When each relay further down will carry what BEE learnt at ``instant``."""
        aaf = next_occurrence(instant.astimezone(self.fuseau), self.projet.heure_aaf)
        echeances = {Relais.AAF: aaf, Relais.ENT: self._later(aaf, self.projet.heures_ent, self.projet.heure_ent)}
        if self.projet.heures_moodle is not None:
            echeances[Relais.MOODLE] = self._later(aaf, self.projet.heures_moodle, self.projet.heure_moodle)
        return echeances

    def announce(self, depose_le: datetime) -> dict[Relais, datetime]:
        """What to tell somebody who deposits at ``depose_le``: SIECLE, AAF, ENT and Moodle."""
        nuit = self.night_after(depose_le)
        return {Relais.SIECLE: nuit, **self.relais_after(nuit)}

    def _later(self, aaf: datetime, heures: int, heure: time) -> datetime:
        jours = heures // 24 - self.projet.nuits_siecle
        return self._at(aaf.date() + timedelta(days=jours), heure)

    def _at(self, jour: date, heure: time) -> datetime:
        return at_hour(jour, heure, self.fuseau)


def calendrier_de(etablissement) -> Calendrier:
    """The rhythm of an établissement."""
    return Calendrier(etablissement.projet_ent, ZoneInfo(etablissement.academie.fuseau))

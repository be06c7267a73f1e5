"""What each step is today: proofs first, then what people said, then what blocks, then the calendar. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from checklists.enums import EtatEtape, Temoignage
from checklists.etapes import Etape, read_etapes
from checklists.faits import Faits
from checklists.preuves import PREUVES, Preuve


@dataclass(frozen=True)
class Parole:
    """Somebody said that a step was done."""

    par: str
    instant: datetime
    commentaire: str = ""


@dataclass(frozen=True)
class Situation:
    """One step today.

    Attributes:
        preuve: what the files say, whatever people said.
        parole: who said that it was done, if somebody did.
        bloquee_par: the earlier steps that are missing, whatever this one is.
        is_en_retard: its day is past and nothing shows or says that it is done.
    """

    etape: Etape
    etat: EtatEtape
    preuve: Preuve
    parole: Parole | None
    bloquee_par: tuple[Etape, ...]
    echeance: date
    is_en_retard: bool

    @property
    def is_plus_recente_que_les_fichiers(self) -> bool:
        """Whether a contradicted declaration is later than the file against it: today's files will tell."""
        is_contredite = self.etat == EtatEtape.CONTREDITE and self.parole is not None
        return is_contredite and self.preuve.date is not None and self.parole.instant > self.preuve.date

    @property
    def is_faisable(self) -> bool:
        """Whether somebody can do it now."""
        return not self.etat.is_acquise and self.etat != EtatEtape.BLOQUEE


def judge_etapes(
    faits: Faits, paroles: Mapping[str, Parole], etapes: Sequence[Etape] | None = None
) -> tuple[Situation, ...]:
    """The situation of every step, in order.

    A proof is the files' alone: a declaration never makes a step *prouvée*, and is *contredite* as soon as the files
    say otherwise, which lets nothing begin behind it.
    """
    situations: dict[str, Situation] = {}
    for etape in read_etapes() if etapes is None else etapes:
        situations[etape.numero] = _judge(etape, faits, paroles.get(etape.numero), situations)
    return tuple(situations.values())


def _judge(etape: Etape, faits: Faits, parole: Parole | None, avant: Mapping[str, Situation]) -> Situation:
    preuve = PREUVES[etape.preuve](faits)
    manquantes = tuple(avant[numero].etape for numero in etape.prerequis if not avant[numero].etat.is_acquise)
    echeance = etape.due_on(faits.rentree)
    is_passee = echeance < faits.maintenant.date()
    etat = _etat(preuve.temoignage, parole is not None, bool(manquantes), is_passee)
    return Situation(etape, etat, preuve, parole, manquantes, echeance, is_passee and not etat.is_acquise)


def _etat(temoignage: Temoignage, is_declaree: bool, is_bloquee: bool, is_passee: bool) -> EtatEtape:
    if temoignage == Temoignage.PROUVE:
        return EtatEtape.PROUVEE
    if is_declaree:
        return EtatEtape.CONTREDITE if temoignage == Temoignage.CONTREDIT else EtatEtape.DECLAREE
    if is_bloquee:
        return EtatEtape.BLOQUEE
    return EtatEtape.EN_RETARD if is_passee else EtatEtape.A_FAIRE

"""The words of a diagnosis: links of the chain, what breaks one, what repairs it. Plain values, no query."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class CoucheChaine(StrEnum):
    """The links of the chain, in order, by the word of the screen."""

    EDT = "EDT"
    STS = "STS"
    SIECLE = "SIECLE"
    AAF = "AAF"
    ENT = "ENT"
    GAR = "GAR"
    MOODLE = "Moodle"


COUCHES = tuple(CoucheChaine)


class EtatMaillon(StrEnum):
    """What a link is for the person or the structure asked about."""

    OK = "ok"
    RUPTURE = "rupture"
    EN_ATTENTE = "en_attente"
    SANS_OBJET = "sans_objet"


class Genre(StrEnum):
    """What one may ask about; the value is the word of the address."""

    ELEVE = "eleves"
    RESPONSABLE = "responsables"
    INDIVIDU = "enseignants"
    GROUPE = "groupes"
    DIVISION = "divisions"


class Route(StrEnum):
    """By which way a repair reaches the ENT."""

    DEPOT = "depot"  # a deposit is to be made again: a night of SIECLE, then the relays
    RELAIS = "relais"  # a change in SIECLE or STS: the relays alone
    COMPLET = "complet"  # only a complet of the AAF shows it
    RELANCE = "relance"  # the relay itself is to be let go: the next AAF passage
    AUCUNE = "aucune"  # nothing will change in the ENT


class Portee(StrEnum):
    """What a broken link costs, the worst first."""

    EXISTENCE = "0"  # no account, no structure
    PLACE = "1"  # the élèves are missing from the structure, or she from her groupes
    EQUIPE = "2"  # the enseignants are
    CONFORT = "3"  # it is there, and it is wrong


@dataclass(frozen=True)
class Cible:
    """Whom or what a diagnosis is about. ``cle`` is the ministry's key, ``pk`` our own row when there is one."""

    genre: Genre
    cle: str
    pk: int | None = None
    type: str = ""  # of an individu

    @property
    def nom_cle(self) -> str:
        """« epp 7 », « 6AGL1 »: the key as a person reads it."""
        return f"{self.type} {self.cle}".strip()


@dataclass(frozen=True)
class Cause:
    """Why a link is broken. ``code`` is that of a rule of the catalogue when one says it.

    Attributes:
        faire: what repairs it, with the menu.
        qui: who does it.
        page: name of the page of entsite where it is done, and what follows the UAI in its address.
        guichet: the desk to write to when the school alone cannot mend it.
    """

    code: str
    titre: str
    faire: str
    qui: str
    route: Route
    page: tuple[str, ...] = ()
    guichet: str = ""


@dataclass(frozen=True)
class Probleme:
    """One broken link: where, since when, the proof, and what one sees of it in the ENT.

    Attributes:
        faire: the repair that fits these data, when it is not that of the cause.
        attente: the change is on its way; nobody has anything to do.
    """

    couche: CoucheChaine
    code: str
    symptome: str
    preuve: str
    portee: Portee
    depuis: date | None = None
    faire: str = ""
    attente: date | None = None
    is_en_attente: bool = False


@dataclass(frozen=True)
class Maillon:
    """One link as the answer shows it."""

    couche: CoucheChaine
    etat: EtatMaillon
    preuve: str = ""
    depuis: date | None = None


@dataclass(frozen=True)
class Examen:
    """What was found about a target in the layers of the school, before the relays.

    Attributes:
        titre: how the page names it.
        problemes: every broken link found, in no order.
        preuves: the sentence and the day of each layer where all is well.
        voir: what the layers after SIECLE show of it once they carry the facts of an instant, as a value to compare.
        attendu: what ``voir`` gives for the present facts.
        compte: the ENT account and what became of it; ``None`` for a structure.
        identifiants: what an assistance desk needs to find it, by label.
        surveiller: sentences about what is not a broken link, by code.
    """

    titre: str
    problemes: tuple[Probleme, ...]
    preuves: Mapping[CoucheChaine, tuple[str, date | None]]
    voir: Callable[[datetime], Hashable]
    attendu: Hashable
    compte: "CompteVu | None" = None
    identifiants: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class CompteVu:
    """An account of the ENT on a day; ``etat`` is empty when there is none. ``suppression_le``: once deactivated."""

    login: str = ""
    etat: str = ""
    depuis: date | None = None
    suppression_le: date | None = None


@dataclass(frozen=True)
class Ticket:
    """An assistance request, ready to be copied."""

    guichet: str
    objet: str
    texte: str


@dataclass(frozen=True)
class Diagnostic:
    """The answer.

    Attributes:
        phrase: the answer in one sentence.
        rupture: the first broken link; ``None`` when there is none.
        cause: of the rupture, or of the wait.
        action: what to do, by whom; ``""`` when nothing is to be done.
        visible_le: the day on which the ENT will show it, if the repair is done on the day asked about.
        echeances: the same for each relay that follows.
        surveiller: what rules say of the target that does not break a link: (code, sentence).
        autres: the other broken links, behind the first.
    """

    cible: Cible
    titre: str
    jour: date
    phrase: str
    maillons: tuple[Maillon, ...]
    rupture: Maillon | None = None
    cause: Cause | None = None
    action: str = ""
    visible_le: date | None = None
    echeances: Mapping[str, datetime] = field(default_factory=dict)
    ticket: Ticket | None = None
    surveiller: tuple[tuple[str, str], ...] = ()
    autres: tuple[tuple[str, str], ...] = ()

    @property
    def is_correct(self) -> bool:
        """Whether every layer has it right."""
        return self.cause is None

    def as_json(self) -> dict[str, Any]:
        """The answer of ``explain --json``."""
        return {
            "cible": {"genre": str(self.cible.genre), "cle": self.cible.nom_cle},
            "jour": self.jour,
            "phrase": self.phrase,
            "maillons": [
                {"couche": str(m.couche), "etat": str(m.etat), "depuis": m.depuis, "preuve": m.preuve}
                for m in self.maillons
            ],
            "rupture": self.cause.code if self.rupture and self.cause else None,
            "cause": self.cause.code if self.cause else None,
            "action": self.action,
            "visible_le": self.visible_le,
            "surveiller": [{"code": code, "preuve": preuve} for code, preuve in self.surveiller],
            "ticket": {"guichet": self.ticket.guichet, "objet": self.ticket.objet, "texte": self.ticket.texte}
            if self.ticket
            else None,
        }

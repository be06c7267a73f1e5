"""What the files of a school say about one rentrée, as plain values: no Django, no judgement."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from checklists.etapes import Reglage
from exchanges.enums import EtatDepot, OrigineActe, PreuveActe, TypeFichier


@dataclass(frozen=True)
class Fichier:
    """A file of the year, loaded: ``date`` is that of the export, in the school's own time."""

    nom: str
    date: datetime
    charge_le: datetime


@dataclass(frozen=True)
class ExportSTS:
    """An Export Structure or Export Services of STS-Web, and how it is known."""

    instant: datetime
    origine: OrigineActe
    preuve: str = ""
    par: str = ""

    @property
    def is_prouve(self) -> bool:
        """Whether it is more than somebody's word."""
        if self.origine == OrigineActe.DECLARE:
            return self.preuve == PreuveActe.CONFIRME
        return self.preuve != PreuveActe.CONTREDIT


@dataclass(frozen=True)
class DepotVu:
    """An élève-groupe deposit of the year; ``refus`` counts its refusals that nothing has mended since."""

    nom: str
    etat: EtatDepot
    controle_le: datetime
    importe_le: datetime | None = None
    refus: int = 0
    nuit: datetime | None = None


@dataclass(frozen=True)
class PassageVu:
    """An ENT passage that carries the last import, done or to come, and the groupes that it leaves empty."""

    quand: datetime
    is_fait: bool
    groupes_vides: tuple[str, ...] = ()


@dataclass(frozen=True)
class Effectifs:
    """Counts of the élèves present; no name."""

    total: int = 0
    entrants: int = 0
    sans_mef: int = 0
    sans_division: int = 0
    sans_ine: int = 0
    sans_naissance: int = 0
    doublons: int = 0
    doublons_responsables: int = 0
    venus_de_l_academie: int = 0
    inscrits_ailleurs: int = 0


@dataclass(frozen=True)
class Faits:
    """Everything that the proofs look at. Rows count only under a file of the year that brought them."""

    annee: str
    rentree: date
    maintenant: datetime
    reglage: Reglage = field(default_factory=Reglage)
    fichiers: Mapping[TypeFichier, Fichier] = field(default_factory=dict)
    divisions_sts: frozenset[str] = frozenset()
    divisions_bee: frozenset[str] = frozenset()
    groupes_sts: frozenset[str] = frozenset()
    groupes_bee: frozenset[str] = frozenset()
    services: int = 0
    mefs: frozenset[str] = frozenset()
    mefs_utilises: frozenset[str] = frozenset()
    matieres: frozenset[str] = frozenset()
    matieres_utilisees: frozenset[str] = frozenset()
    has_etp: bool = False
    effectifs: Effectifs = field(default_factory=Effectifs)
    sts_modifie_le: datetime | None = None
    export_structure: ExportSTS | None = None
    export_services: ExportSTS | None = None
    dernier_depot: DepotVu | None = None
    dernier_import: DepotVu | None = None
    passage_ent: PassageVu | None = None

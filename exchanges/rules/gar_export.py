"""An export to the GAR as its rules look at it, and what they say of it. See ``gar.py``."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from exchanges.enums import Gravite
from exchanges.parsers.records.gar import (
    EleveGAR,
    EnregistrementGAR,
    EnsDivisionMatiereGAR,
    EnseignantGAR,
    EnsGroupeMatiereGAR,
    ExportGAR,
    GroupeGAR,
    RespAffGAR,
)
from exchanges.rules.base import Regle


# (record, what is sent in its place, UAI, objet, message)
Fait = tuple[EnregistrementGAR, EnregistrementGAR | None, str, str, str]
Personne = EleveGAR | EnseignantGAR


class Vue:
    """An export and what its rules look up in it, computed at the first need."""

    def __init__(self, export: ExportGAR):
        self.export = export.freeze()

    @cached_property
    def uais(self) -> set[str]:
        """Schools of the export."""
        return {etab.uai for etab in self.export.etabs}

    @cached_property
    def eleves(self) -> set[tuple[str, str]]:
        """(UAI, identifiant) of the élèves."""
        return {(uai, eleve.identifiant) for eleve in self.export.eleves for uai in eleve.uais}

    @cached_property
    def enseignants(self) -> set[tuple[str, str]]:
        """(UAI, identifiant) of the staff."""
        return {(uai, personne.identifiant) for personne in self.export.enseignants for uai in personne.uais}

    @cached_property
    def statuts(self) -> dict[tuple[str, str], set[str]]:
        """What a (UAI, code) is: a DIVISION, a GROUPE, or both by mistake."""
        statuts: dict[tuple[str, str], set[str]] = defaultdict(set)
        for groupe in self.export.groupes:
            statuts[groupe.uai, groupe.code].add(groupe.statut)
        return dict(statuts)

    @cached_property
    def mefs(self) -> set[tuple[str, str]]:
        """(UAI, code) of the MEFs."""
        return {(mef.uai, mef.code) for mef in self.export.mefs}

    @cached_property
    def matieres(self) -> set[tuple[str, str]]:
        """(UAI, code) of the matières."""
        return {(matiere.uai, matiere.code) for matiere in self.export.matieres}

    @property
    def personnes(self) -> Iterator[Personne]:
        """Élèves, then staff."""
        return chain(self.export.eleves, self.export.enseignants)

    @property
    def services(self) -> Iterator[EnsGroupeMatiereGAR | EnsDivisionMatiereGAR]:
        """Who teaches what, to groupes then to divisions."""
        return chain(self.export.enseignants_groupes, self.export.enseignants_divisions)


RegleGAR = Callable[[Vue], Iterator[Fait]]


@dataclass(frozen=True, slots=True)
class ConstatGAR:
    """One occurrence of a rule in an export; no name of a person in ``message``.

    Attributes:
        objet: identifiant, groupe, MEF or matière concerned.
        enregistrement: the record at fault.
        reste: what is sent in its place, ``None`` when nothing is.
    """

    regle: Regle
    uai: str
    objet: str
    message: str
    enregistrement: EnregistrementGAR
    reste: EnregistrementGAR | None

    @property
    def code(self) -> str:
        """The rule's code."""
        return self.regle.code

    @property
    def gravite(self) -> Gravite:
        """The rule's severity."""
        return self.regle.gravite

    @property
    def action(self) -> str:
        """What to do."""
        return self.regle.conseil


def key_of(enregistrement: EnregistrementGAR) -> tuple[str, ...]:
    """The unique key of §7.1; the statut too for a GroupeGAR, since ``gar_code_en_double`` speaks of the rest."""
    if isinstance(enregistrement, Personne | RespAffGAR):
        return (enregistrement.identifiant,)
    if isinstance(enregistrement, GroupeGAR):
        return enregistrement.uai, enregistrement.statut, enregistrement.code
    noms = ("uai", "identifiant", "groupe", "mef", "matiere", "code")
    return tuple(getattr(enregistrement, nom) for nom in noms if hasattr(enregistrement, nom))


def uai_of(enregistrement: EnregistrementGAR) -> str:
    if isinstance(enregistrement, Personne | RespAffGAR):
        return next(iter(enregistrement.uais), "")
    return enregistrement.uai


def uais_of(enregistrement: EnregistrementGAR) -> Iterable[str]:
    """Every school that a record names, once."""
    if isinstance(enregistrement, RespAffGAR):
        return dict.fromkeys(enregistrement.uais)
    if isinstance(enregistrement, Personne):
        profils = (uai for uai, _ in enregistrement.profils)
        rattachement = (enregistrement.rattachement,) if enregistrement.rattachement else ()
        disciplines = (uai for uai, _ in getattr(enregistrement, "disciplines", ()))
        return dict.fromkeys((*enregistrement.uais, *profils, *rattachement, *disciplines))
    return (enregistrement.uai,)


def restrict(enregistrement: EnregistrementGAR, connus: set[str]) -> EnregistrementGAR | None:
    """The record without the schools that are not in the export, ``None`` when it has no other."""
    if not isinstance(enregistrement, Personne | RespAffGAR):
        return None
    uais = tuple(uai for uai in enregistrement.uais if uai in connus)
    if not uais:
        return None
    if isinstance(enregistrement, RespAffGAR):
        return replace(enregistrement, uais=uais)
    profils = tuple((uai, profil) for uai, profil in enregistrement.profils if uai in connus)
    rattachement = enregistrement.rattachement if enregistrement.rattachement in connus else ""
    reste = replace(enregistrement, uais=uais, profils=profils, rattachement=rattachement)
    if isinstance(reste, EnseignantGAR):
        return replace(reste, disciplines=tuple((uai, codes) for uai, codes in reste.disciplines if uai in connus))
    return reste

"""Judge an export of the AAF while it is written: what an ENT would lose is known before it is sent.

controleur = Controleur(GenreAAF.COMPLET)
flux = ((categorie, controleur.watch(operations)) for categorie, operations in …)
write_archive(entete, flux, sortie)
controleur.finish()
controleur.constats, controleur.comptes
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from exchanges.enums import CategorieAAF, GenreAAF
from exchanges.parsers.records.aaf import ATTRIBUTS, Operation, Valeurs
from exchanges.rules import aaf_integrite, aaf_silence, aaf_valeurs
from exchanges.rules.aaf_etat import Etat, Fiche
from exchanges.rules.base import Regle, regle_de


INTEGRITE: tuple[Callable[..., object], ...] = aaf_integrite.REGLES
SILENCE: tuple[Callable[..., object], ...] = (*aaf_silence.REGLES, *aaf_valeurs.REGLES)

GARDES = 50  # constats kept of each rule
RegleFiche = Callable[[Fiche], Iterator[str]]
_PAR_CATEGORIE: dict[CategorieAAF, tuple[RegleFiche, ...]] = {
    categorie: (
        *aaf_integrite.PAR_CATEGORIE[categorie],
        *aaf_silence.PAR_CATEGORIE[categorie],
        *aaf_valeurs.PAR_CATEGORIE[categorie],
    )
    for categorie in CategorieAAF
}


@dataclass(frozen=True, slots=True)
class Constat:
    """One occurrence of a rule, about one record of an export; the message may quote a value, never a name."""

    regle: Regle
    categorie: CategorieAAF
    identifiant: str
    message: str
    action: str


class Controleur:
    """Judges the operations of one export as they go by, in the order of the files: the schools come first.

    For a delta, what refers to a record that is not in it is not judged, nor is the order.

    Attributes:
        constats: at most ``gardes`` of each rule, in the order in which they were found.
        comptes: how many times each rule was broken, by its code.
    """

    def __init__(self, genre: GenreAAF, gardes: int = GARDES):
        self.constats: list[Constat] = []
        self.comptes: Counter[str] = Counter()
        self._gardes = gardes
        self._etat = Etat(genre)

    def watch(self, operations: Iterable[Operation]) -> Iterator[Operation]:
        """The same operations, each judged as it goes by."""
        for operation in operations:
            self.judge(operation)
            yield operation

    def judge(self, operation: Operation) -> None:
        """Judge one operation, and keep what the next ones need to know of it."""
        categorie, identifiant = operation.categorie, operation.identifiant
        regles: tuple[RegleFiche, ...] = aaf_integrite.IDENTITE
        valeurs: dict[str, Valeurs] = {}
        if operation.enregistrement:
            regles = _PAR_CATEGORIE[categorie]
            valeurs = dict(zip(ATTRIBUTS[categorie], operation.enregistrement.valeurs, strict=True))
        fiche = Fiche(categorie, identifiant, valeurs, self._etat)
        for regle in regles:
            for message in regle(fiche):
                self._add(regle, categorie, identifiant, message)
        self._etat.note(fiche)

    def finish(self) -> None:
        """Judge the whole of a complet, once every record has gone by."""
        if not self._etat.is_complet:
            return
        for regle in aaf_integrite.FINALES:
            for categorie, identifiant, message in regle(self._etat):
                self._add(regle, categorie, identifiant, message)

    def _add(self, function: Callable[..., object], categorie: CategorieAAF, identifiant: str, message: str) -> None:
        regle = regle_de(function)
        self.comptes[regle.code] += 1
        if self.comptes[regle.code] <= self._gardes:
            self.constats.append(Constat(regle, categorie, identifiant, message, regle.conseil))

"""Who and what is still untouched in a school: a fault is only planted where no other one is."""

from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from typing import TypeVar

from exchanges.generator.ecoles import Ecole
from exchanges.generator.eleves import normalize
from exchanges.parsers.records import (
    Division,
    Eleve,
    EleveDepose,
    Groupe,
    LienResponsable,
    Personne,
    Service,
)


_T = TypeVar("_T")


class Terrain:
    """The sound part of a school.

    Args:
        ecole: the school with the faults it already bears.

    Attributes:
        membres: by groupe, the élèves of the deposit who are in it.
        deposes: the élèves of the deposit whom no fault touches, nor any of their groupes.
        fiches: their fiches.
        groupes: the groupes of BEE with at least two members, all of them untouched.
    """

    def __init__(self, ecole: Ecole):
        self._ecole = ecole
        self._touches = {cle for faute in ecole.fautes for cle in (*faute.objet.split(" / "), faute.eleve_id) if cle}
        self._nuances = self._touches | {fait.eleve_id for fait in ecole.faits}
        self._eleves = {eleve.eleve_id: eleve for eleve in ecole.eleves.eleves}
        self._identites = Counter(map(identify, ecole.elegroupe.eleves))
        self.membres: dict[str, list[EleveDepose]] = {}
        for depose in ecole.elegroupe.eleves:
            for inscription in depose.inscriptions:
                self.membres.setdefault(inscription.groupe, []).append(depose)
        self.groupes = [groupe for groupe in ecole.structures.groupes if self._is_free_groupe(groupe)]
        self.deposes = [depose for depose in ecole.elegroupe.eleves if self._is_free(depose)]

    def _is_sound(self, depose: EleveDepose) -> bool:
        return depose.identifiant not in self._touches and self._identites[identify(depose)] == 1

    def _is_free(self, depose: EleveDepose) -> bool:
        touched = any(inscription.groupe in self._touches for inscription in depose.inscriptions)
        return self._is_sound(depose) and depose.eleve_id in self._eleves and not touched

    def _is_free_groupe(self, groupe: Groupe) -> bool:
        membres = self.membres.get(groupe.code, [])
        is_libre = groupe.code not in self._touches and self._touches.isdisjoint(groupe.divisions)
        return is_libre and len(membres) >= 2 and all(map(self._is_sound, membres))

    def choose_groupe(self, rng: Random) -> Groupe:
        return rng.choice(at_least_one(self.groupes))

    def choose_division(self, rng: Random) -> Division:
        """A division untouched, none of whose groupes is."""
        pris = {
            d for groupe in self._ecole.structures.groupes if groupe.code in self._touches for d in groupe.divisions
        }
        libres = [d for d in self._ecole.structures.divisions if d.code not in self._touches | pris]
        return rng.choice(at_least_one(libres))

    def choose_depose(self, rng: Random) -> EleveDepose:
        return rng.choice(at_least_one(self.deposes))

    def choose_fiche(self, rng: Random, condition: Callable[[Eleve], bool] = bool) -> Eleve:
        """The fiche, without any fault or fact, of an élève who is in the deposit."""
        fiches = (self.fiche(depose) for depose in self.deposes)
        return rng.choice(at_least_one([f for f in fiches if f.eleve_id not in self._nuances and condition(f)]))

    def choose_sorti(self, rng: Random) -> Eleve:
        """The fiche of a leaver."""
        sortis = [e for e in self._eleves.values() if e.date_sortie and e.eleve_id not in self._touches]
        return rng.choice(at_least_one(sortis))

    def choose_en_attente(self, rng: Random) -> Eleve:
        """The fiche of somebody who has a MEF and waits for a division: nobody deposits her."""
        attentes = (e for e in self._eleves.values() if not e.date_sortie and e.mef and not e.division)
        return rng.choice(at_least_one([e for e in attentes if e.ine and e.eleve_id not in self._touches]))

    def choose_legal(self, rng: Random, condition: Callable[[Personne], bool] = bool) -> tuple[Personne, Eleve]:
        """A legal responsable of one child only, whom no fault touches; the child is sound and in the deposit."""
        libres = [
            (personne, enfants[0])
            for personne, enfants in self._list_legaux()
            if len(enfants) == 1 and condition(personne)
        ]
        return rng.choice(at_least_one(libres))

    def choose_fratrie(self, rng: Random) -> tuple[Personne, list[Eleve]]:
        """A legal responsable of several children, all of them sound and in the deposit."""
        return rng.choice(at_least_one([paire for paire in self._list_legaux() if len(paire[1]) > 1]))

    def _list_legaux(self) -> Iterator[tuple[Personne, list[Eleve]]]:
        fiches = {d.eleve_id: self.fiche(d) for d in self.deposes if d.eleve_id not in self._nuances}
        liens: dict[str, list[LienResponsable]] = {}
        for lien in self._ecole.responsables.liens:
            liens.setdefault(lien.personne_id, []).append(lien)
        for personne in self._ecole.responsables.personnes:
            siens = liens.get(personne.personne_id, [])
            is_libre = personne.personne_id not in self._touches and siens
            if is_libre and all(lien.niveau == "1" and lien.eleve_id in fiches for lien in siens):
                yield personne, [fiches[lien.eleve_id] for lien in siens]

    def choose_service(self, rng: Random) -> tuple[Groupe, Service]:
        """A groupe of BEE, in STS too and untouched, with its service there."""
        sts = {groupe.code: groupe for groupe in self._ecole.sts.groupes}
        codes = [groupe.code for groupe in self.groupes if groupe.code in sts and sts[groupe.code].services]
        groupe = sts[rng.choice(at_least_one(codes))]
        return groupe, groupe.services[0]

    def fiche(self, depose: EleveDepose) -> Eleve:
        return self._eleves[depose.eleve_id]


def identify(depose: EleveDepose) -> tuple[str, str, object]:
    """Name, first name and birth date, as they are compared."""
    return normalize(depose.nom_de_famille), normalize(depose.prenom), depose.date_naissance


def at_least_one(candidats: list[_T]) -> list[_T]:
    """The candidates.

    Raises:
        ValueError: there is none.
    """
    if not candidats:
        raise ValueError("Plus rien dans cette école ne peut porter cette faute.")
    return candidats

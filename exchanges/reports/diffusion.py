"""The mailing lists that an ENT derives from a classe or a groupe: its élèves, its équipe, its responsables."""

from dataclasses import dataclass

from exchanges.reports.annuaire import Annuaire, Membre


@dataclass(frozen=True)
class Diffusion:
    """How many people each list of one structure reaches."""

    eleves: int
    enseignants: int
    responsables: int

    @property
    def total(self) -> int:
        """Everybody, when the lists are joined."""
        return self.eleves + self.enseignants + self.responsables


def diffusion_of(annuaire: Annuaire, code: str, membres: list[Membre]) -> Diffusion:
    """The lists of a structure on a day; a responsable of two members is reached once."""
    ids = {membre.eleve_id for membre in membres}
    population = annuaire.population
    eleves = [eleve for eleve in population.eleves if eleve.eleve_id in ids] if population else []
    jointures = {eleve.jointure for eleve in eleves}
    responsables = population.responsables if population else []
    joints = [r for r in responsables if r.motif is None and not jointures.isdisjoint(r.enfants)]
    return Diffusion(len(membres), len(annuaire.equipes.get(code, ())), len(joints))

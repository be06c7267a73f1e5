"""Who has an account in the ENT, and who is kept out of it, with the reason."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from exchanges.enums import CategorieAAF, Couche
from exchanges.reports.aaf.flux import (
    Presents,
    Structures,
    stream_eleves,
    stream_personnels,
    stream_responsables,
)
from exchanges.reports.aaf.portee import Portee
from exchanges.rules.base import Regle
from exchanges.rules.eligibilite import EleveVu, PersonnelVu, ResponsableVu, motif_responsable


@dataclass(frozen=True, slots=True)
class Titulaire:
    """Somebody who has an account: what her login is made of."""

    jointure: int
    categorie: CategorieAAF
    prenom: str
    nom: str


@dataclass
class Population:
    """The persons of a reading, eligible or not; ``motif`` of each says why she has no account."""

    structures: Structures
    eleves: list[EleveVu] = field(default_factory=list)
    responsables: list[ResponsableVu] = field(default_factory=list)
    personnels: list[PersonnelVu] = field(default_factory=list)

    def titulaires(self) -> Iterator[Titulaire]:
        """Those who have an account, personnels first: of two namesakes, the login without number goes to them."""
        for personnel in self.personnels:
            if personnel.motif is None and personnel.jointure:
                yield Titulaire(personnel.jointure, CategorieAAF.PERSONNEL, personnel.prenom, personnel.nom)
        for eleve in self.eleves:
            if eleve.motif is None and eleve.jointure:
                yield Titulaire(eleve.jointure, CategorieAAF.ELEVE, eleve.prenom, eleve.nom)
        for responsable in self.responsables:
            if responsable.motif is None and responsable.jointure:
                yield Titulaire(responsable.jointure, CategorieAAF.RESPONSABLE, responsable.prenom, responsable.nom)

    def exclus(self) -> Iterator[tuple[EleveVu | ResponsableVu | PersonnelVu, Regle]]:
        """Those who have no account, with the reason."""
        for personne in (*self.eleves, *self.responsables, *self.personnels):
            if personne.motif:
                yield personne, personne.motif


def read_population(portee: Portee, has_compte_en_charge: bool, couche: Couche = Couche.BEE) -> Population:
    """Everybody in a reading of one school, or of a few persons.

    Args:
        has_compte_en_charge: whether the projet gives an account to a « personne en charge ».
        couche: whose divisions and groupes count.
    """
    population = Population(Structures(portee, couche))
    presents = Presents()
    for eleve in stream_eleves(portee, population.structures):
        population.eleves.append(eleve)
        if eleve.motif is None:
            presents.add(eleve.pk)
    for responsable in stream_responsables(portee, presents):
        responsable.motif = motif_responsable(responsable, has_compte_en_charge)
        population.responsables.append(responsable)
    population.personnels = list(stream_personnels(portee, population.structures))
    return population

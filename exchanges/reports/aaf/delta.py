"""What changed for the AAF between two readings, found from the intervals that began or ended meanwhile.

The time is that of what changed, not of what there is: only the persons whom a change may concern are read twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Model, Q

from exchanges.enums import CategorieAAF, Couche
from exchanges.models import (
    Eleve,
    FicheDivision,
    FicheEleve,
    FicheGroupe,
    FicheIndividu,
    FicheMatiere,
    FicheMef,
    FicheResponsable,
    Individu,
    LienGroupe,
    LienPrincipal,
    LienResponsable,
    LienService,
    Responsable,
)
from exchanges.parsers.records.aaf import Operation, add
from exchanges.reports.aaf.export import ExportAAF
from exchanges.reports.aaf.flux import find_multiples
from exchanges.reports.aaf.portee import Portee
from exchanges.rules.aaf_delta import diff


BEAUCOUP = 4000  # beyond that many persons, reading the schools whole costs less than naming them


@dataclass
class Candidats:
    """Persons whom a change may concern, by primary key."""

    eleves: set[int] = field(default_factory=set)
    responsables: set[int] = field(default_factory=set)
    individus: set[int] = field(default_factory=set)

    @property
    def nombre(self) -> int:
        """The longest of the three lists."""
        return max(map(len, (self.eleves, self.responsables, self.individus)))


class DeltaAAF:
    """The operations that lead from one reading to another; ``avant`` is ``None`` when there was nothing."""

    def __init__(self, avant: Portee | None, apres: Portee):
        self.portee = apres
        self._avant, self._apres = narrow(avant, apres)

    def flux(self) -> Iterator[tuple[CategorieAAF, Iterator[Operation]]]:
        """Every category with its operations: structures and nomenclatures whole, persons as differences (§1.3)."""
        nouveau = ExportAAF(self._apres)
        entier = nouveau if self._apres is self.portee else ExportAAF(self.portee)
        yield CategorieAAF.ETAB, map(add, entier.etablissements())
        yield CategorieAAF.MATIERE, map(add, entier.matieres())
        yield CategorieAAF.MEF, map(add, entier.mefs())
        ancien = ExportAAF(self._avant) if self._avant else None
        yield CategorieAAF.ELEVE, diff(ancien.eleves() if ancien else (), nouveau.eleves())
        yield CategorieAAF.RESPONSABLE, diff(ancien.responsables() if ancien else (), nouveau.responsables())
        yield CategorieAAF.PERSONNEL, diff(ancien.personnels() if ancien else (), nouveau.personnels())


def narrow(avant: Portee | None, apres: Portee) -> tuple[Portee | None, Portee]:
    """The two readings, kept to the persons whom a change may concern and to their schools.

    They are returned as they are when a school came or went, or when so many persons changed that naming them would
    cost more than reading everybody.
    """
    if avant is None or avant.instants.keys() != apres.instants.keys():
        return avant, apres
    candidats = find_candidats(avant, apres)
    if candidats.nombre > BEAUCOUP:
        return avant, apres
    ecoles = _schools(candidats)
    return _keep(avant, candidats, ecoles), _keep(apres, candidats, ecoles)


def _schools(candidats: Candidats) -> set[int]:
    ecoles: set[int] = set()
    for modele, pks in (
        (Eleve, candidats.eleves),
        (Responsable, candidats.responsables),
        (Individu, candidats.individus),
    ):
        ecoles.update(modele._default_manager.filter(pk__in=pks).values_list("etablissement_id", flat=True))
    return ecoles


def _keep(portee: Portee, candidats: Candidats, ecoles: set[int]) -> Portee:
    return replace(
        portee,
        instants={pk: instant for pk, instant in portee.instants.items() if pk in ecoles},
        services={pk: instant for pk, instant in portee.services.items() if pk in ecoles},
        eleves=frozenset(candidats.eleves),
        responsables=frozenset(candidats.responsables),
        individus=frozenset(candidats.individus),
        reference=portee.instant,
    )


def find_candidats(avant: Portee, apres: Portee) -> Candidats:
    """Everybody whose record may differ between two readings of the same schools."""
    trouves = Candidats()
    faits = {pk: (avant.instants[pk], i) for pk, i in apres.instants.items() if avant.instants[pk] != i}
    services = {pk: (avant.services.get(pk), i) for pk, i in apres.services.items() if avant.services.get(pk) != i}
    _find_in_facts(trouves, _between(faits))
    _find_in_services(trouves, _between(services))
    _find_by_date(trouves, avant, apres, faits)
    _find_multiples(trouves, avant, apres)
    _find_relatives(trouves)
    return trouves


Bornes = Mapping[int, tuple[datetime | None, datetime]]


def _between(bornes: Bornes) -> Q:
    """Rows that began or ended between two instants, the later one included, school by school."""
    ecoles = defaultdict(list)
    for pk, paire in bornes.items():
        ecoles[paire].append(pk)
    filtre = Q(pk__in=[])
    for (debut, fin), pks in ecoles.items():
        depuis, jusqua = Q(depuis__lte=fin), Q(jusqua__lte=fin)
        if debut is not None:
            depuis, jusqua = depuis & Q(depuis__gt=debut), jusqua & Q(jusqua__gt=debut)
        filtre |= Q(etablissement__in=pks) & (depuis | jusqua)
    return filtre


def _pks(modele: type[Model], filtre: Q, champ: str) -> set[int]:
    return set(modele._default_manager.filter(filtre).values_list(champ, flat=True))


def _find_in_facts(trouves: Candidats, faits: Q) -> None:
    for modele in (FicheEleve, LienGroupe, LienResponsable):
        trouves.eleves |= _pks(modele, faits, "eleve_id")
    for modele in (FicheResponsable, LienResponsable):
        trouves.responsables |= _pks(modele, faits, "responsable_id")
    trouves.individus |= _pks(FicheIndividu, faits, "individu_id")
    _find_by_structure(trouves, faits & Q(couche=Couche.BEE))
    for pk, mef in set(FicheMef.objects.filter(faits).values_list("etablissement_id", "code")):
        trouves.eleves |= _pks(FicheEleve, Q(etablissement=pk, mef=mef), "eleve_id")
        trouves.individus |= _pks(LienService, Q(etablissement=pk), "individu_id")
    for pk in set(FicheMatiere.objects.filter(faits).values_list("etablissement_id", flat=True)):
        trouves.eleves |= _pks(FicheEleve, Q(etablissement=pk), "eleve_id")
        trouves.individus |= _pks(LienService, Q(etablissement=pk), "individu_id")


def _find_by_structure(trouves: Candidats, faits: Q) -> None:
    """Those who are in a division or a groupe that BEE learnt, changed or forgot, or who teach there."""
    groupes = FicheGroupe.objects.filter(faits)
    trouves.eleves |= _pks(LienGroupe, Q(groupe__in=groupes.values("groupe")), "eleve_id")
    structures = set(groupes.values_list("etablissement_id", "groupe__code"))
    structures |= set(FicheDivision.objects.filter(faits).values_list("etablissement_id", "division__code"))
    for pk, code in structures:
        trouves.individus |= _pks(LienService, Q(etablissement=pk, service__structure=code), "individu_id")
        trouves.individus |= _pks(LienPrincipal, Q(etablissement=pk, division__code=code), "individu_id")


def _find_in_services(trouves: Candidats, services: Q) -> None:
    for modele in (LienService, LienPrincipal):
        trouves.individus |= _pks(modele, services, "individu_id")


def _find_by_date(trouves: Candidats, avant: Portee, apres: Portee, faits: Bornes) -> None:
    """Those whom a date written in their fiche makes leave, begin or end meanwhile."""
    jours = defaultdict(list)
    for pk in faits:
        jours[avant.jour(pk), apres.jour(pk)].append(pk)
    for (veille, jour), pks in jours.items():
        if veille == jour:
            continue
        ecoles = Q(etablissement__in=pks)
        partis = ecoles & Q(date_sortie__gt=veille, date_sortie__lte=jour)
        trouves.eleves |= _pks(FicheEleve, partis, "eleve_id")
        bornes = Q(date_debut__gt=veille, date_debut__lte=jour) | Q(date_fin__gte=veille, date_fin__lt=jour)
        for modele in (LienService, LienPrincipal):
            trouves.individus |= _pks(modele, ecoles & bornes, "individu_id")


def _find_multiples(trouves: Candidats, avant: Portee, apres: Portee) -> None:
    """Élèves whom an inscription opened or closed in another school, read or not, made vanish or come back."""
    ines = find_multiples(avant) ^ find_multiples(apres)
    if ines:
        trouves.eleves |= _pks(FicheEleve, Q(etablissement__in=apres.instants, ine__in=ines), "eleve_id")


def _find_relatives(trouves: Candidats) -> None:
    """Élèves of the same INE, then adults of the élèves, then the other children of those adults, then namesakes.

    Somebody whom several schools know has one record: all her rows are read.
    """
    ines = FicheEleve.objects.filter(eleve__in=trouves.eleves).exclude(ine="").values("ine")
    trouves.eleves |= _pks(FicheEleve, Q(ine__in=ines), "eleve_id")
    trouves.responsables |= _pks(LienResponsable, Q(eleve__in=trouves.eleves), "responsable_id")
    trouves.responsables |= _same(Responsable, trouves.responsables)
    trouves.eleves |= _pks(LienResponsable, Q(responsable__in=trouves.responsables), "eleve_id")
    trouves.individus |= _same(Individu, trouves.individus)


def _same(modele: type[Model], pks: Iterable[int]) -> set[int]:
    """The rows of other schools that bear the same jointures."""
    siennes = modele._default_manager.filter(pk__in=pks, jointure__isnull=False).values("jointure")
    return _pks(modele, Q(jointure__in=siennes), "pk")

"""The timetable of a school, as its software gives it to STS-Web (``sts_edt.md`` §3) and to an ENT (§4.2).

Everything follows from ``sts_emp``: the same structures, services and teachers, with courses placed on a grid of full
hours. Nobody teaches two courses at once, no room and no structure has two. Half an hour a week is one hour every
other week.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count, product
from random import Random

from exchanges.parsers.records import (
    Alternance,
    Cours,
    Division,
    Eleve,
    EleveDepose,
    EleveEDT,
    Enseignement,
    Entete,
    FichierEDT,
    FichierEmploiDuTemps,
    FichierSTS,
    Groupe,
    Horaire,
    Individu,
    IndividuEDT,
    Periode,
    ProfesseurEDT,
    Salle,
    Service,
    StructureEDT,
)


_JOURS = range(1, 6)
_OUVERTURE, _FERMETURE, _DUREE = 8 * 60, 18 * 60, 55
_HEURES = tuple(heure for heure in range(_OUVERTURE, _FERMETURE, 60) if heure != 12 * 60)
_GRILLE = tuple(product(_JOURS, _HEURES))
_CONGES = (8, 9, 17, 18, 24, 25, 32, 33)  # weeks without course, counted from the rentrée
_SPORT, _ARE_SPORT = "L1900", ("4112", "3.00")
_Creneau = tuple[int, int]


class _Grille:
    """Who and what is taken, slot by slot: the two halves of an every-other-week slot count as one."""

    def __init__(self) -> None:
        self._pris: defaultdict[object, set[_Creneau]] = defaultdict(set)
        self.salles: dict[str, None] = {}

    def place(self, alternance: str, depart: int, occupants: Iterable[object]) -> Cours:
        """The first slot from ``depart`` on where all the occupants are free, in the first room that is."""
        occupants = tuple(occupants)
        tour = (_GRILLE[(depart + pas) % len(_GRILLE)] for pas in range(len(_GRILLE)))
        creneau = next((c for c in tour if all(c not in self._pris[o] for o in occupants)), _GRILLE[depart])
        salle = next(code for code in map("S{:02d}".format, count(1)) if creneau not in self._pris["salle", code])
        self.salles[salle] = None
        for occupant in (*occupants, ("salle", salle)):
            self._pris[occupant].add(creneau)
        return Cours(alternance, *creneau, _DUREE, salle)


class _Planning:
    """Places the courses of every service of the school."""

    def __init__(self, rng: Random):
        self._rng = rng
        self.grille = _Grille()

    def place_services(self, structure: Division | Groupe) -> tuple[Service, ...]:
        return tuple(self._place_service(structure.code, service) for service in structure.services)

    def _place_service(self, code: str, service: Service) -> Service:
        """Teachers who share a service are placed together: the same course, once per teacher (§3)."""
        occupants = [code, *((e.individu_type, e.individu_id) for e in service.enseignements)]
        pleines, reste = divmod(Decimal(service.heures), 1)
        rythmes = ["H"] * int(pleines) + [self._rng.choice("AB")] * bool(reste)
        cours = tuple(self.grille.place(rythme, self._rng.randrange(len(_GRILLE)), occupants) for rythme in rythmes)
        return replace(service, enseignements=tuple(replace(e, cours=cours) for e in service.enseignements))


def make_edt(sts: FichierSTS, entete: Entete, cours: Periode, rng: Random) -> FichierEDT:
    """The ``EDT_vers_STS`` file of a school, coherent with its ``sts_emp``.

    Args:
        sts: structures, services and people.
        entete: whose type is EDT_STS.
        cours: first and last day of courses.
        rng: the school's own source of chance.
    """
    planning = _Planning(rng)
    divisions = tuple(Division(code=d.code, services=planning.place_services(d)) for d in sts.divisions)
    groupes = tuple(
        Groupe(
            code=groupe.code,
            libelle=groupe.libelle,
            divisions=groupe.divisions,
            effectif_prevu=groupe.effectif_prevu,
            effectif_max=groupe.effectif_max,
            services=planning.place_services(groupe),
        )
        for groupe in sts.groupes
    )
    mefs = {division.code: division.mefs[0] for division in sts.divisions}
    structures: tuple[Division | Groupe, ...] = (*divisions, *groupes)
    utiles = {enseignement.individu_id for enseignement in _list_enseignements(structures)}
    return FichierEDT(
        entete=entete,
        horaires=tuple(Horaire(jour, _OUVERTURE, _FERMETURE) for jour in _JOURS),
        alternances=tuple(_make_alternances(cours)),
        salles=tuple(Salle(code) for code in sorted(planning.grille.salles)),
        individus=tuple(_make_individu(i, mefs) for i in sts.individus if i.id in utiles),
        divisions=divisions,
        groupes=groupes,
    )


def _list_enseignements(structures: Iterable[Division | Groupe]) -> Iterator[Enseignement]:
    for structure in structures:
        for service in structure.services:
            yield from service.enseignements


def _make_alternances(cours: Periode) -> Iterator[Alternance]:
    """Every week, and the even and odd ones, holidays removed."""
    lundi = cours.debut - timedelta(days=cours.debut.weekday())
    toutes = tuple(_list_semaines(lundi, cours.fin))
    yield Alternance("H", "HEBDOMADAIRE", toutes)
    yield Alternance("A", "SEMAINE A", toutes[::2])
    yield Alternance("B", "SEMAINE B", toutes[1::2])


def _list_semaines(lundi: date, fin: date) -> Iterator[date]:
    for rang in range((fin - lundi).days // 7 + 1):
        if rang not in _CONGES:
            yield lundi + timedelta(weeks=rang)


def _make_individu(individu: Individu, mefs: dict[str, str]) -> IndividuEDT:
    """A teacher with the indemnities of professeur principal; MEFSTAT4 only has the right form."""
    return IndividuEDT(
        id=individu.id,
        indemnites=tuple((p.division, f"2{mefs[p.division][:3]}") for p in individu.principal_de),
        ares=(_ARE_SPORT,) if _SPORT in individu.disciplines else (),
    )


def make_emploi_du_temps(
    sts: FichierSTS, edt: FichierEDT, entete: Entete, eleves: Iterable[Eleve], deposes: Iterable[EleveDepose]
) -> FichierEmploiDuTemps:
    """The clear export of the same timetable for an ENT; idents are counted within each kind.

    Args:
        sts: matières and people.
        edt: the timetable.
        entete: whose type is EMPLOI_DU_TEMPS.
        eleves: the fiches of BEE.
        deposes: who is in which groupe.
    """
    idents = {division.code: str(rang) for rang, division in enumerate(sts.divisions, 1)}
    parties = {groupe.code: str(rang) for rang, groupe in enumerate(sts.groupes, 1)}
    fiches = {eleve.eleve_id: eleve for eleve in eleves}
    structures: tuple[Division | Groupe, ...] = (*edt.divisions, *edt.groupes)
    utiles = {(e.individu_type, e.individu_id) for e in _list_enseignements(structures)}
    enseignants = [individu for individu in sts.individus if (individu.type, individu.id) in utiles]
    return FichierEmploiDuTemps(
        entete=entete,
        matieres=sts.matieres,
        professeurs=tuple(
            ProfesseurEDT(str(rang), individu.nom_usage, individu.prenom, individu.id)
            for rang, individu in enumerate(enseignants, 1)
        ),
        divisions=tuple(StructureEDT(ident, code) for code, ident in idents.items()),
        groupes=tuple(
            StructureEDT(
                parties[g.code], g.code, tuple(idents[code] for code in g.divisions), parties=(parties[g.code],)
            )
            for g in sts.groupes
        ),
        eleves=tuple(
            EleveEDT(
                ident=str(rang),
                nom=depose.nom_de_famille,
                prenom=depose.prenom,
                date_naissance=depose.date_naissance,
                ine=fiches[depose.eleve_id].ine,
                eleve_id=depose.eleve_id,
                divisions=(idents[fiches[depose.eleve_id].division],),
                parties=tuple(parties[inscription.groupe] for inscription in depose.inscriptions),
            )
            for rang, depose in enumerate(deposes, 1)
        ),
        nombre_cours=sum(
            len(service.enseignements[0].cours) for s in structures for service in s.services if service.enseignements
        ),
    )

"""The STS side of a school: teachers, services, professeurs principaux (``sts_edt.md`` §2.3-2.4)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from random import Random

from exchanges.generator.identifiants import Numeros
from exchanges.generator.noms import draw_nom, draw_prenom
from exchanges.generator.offre import find_discipline
from exchanges.generator.structures import Plan
from exchanges.parsers.records import Division, Enseignement, Groupe, Individu, Principal, Service


_SERVICE_MAX = Decimal(18)
_PART_LOCAL = 0.06
_PART_CO_ENSEIGNEMENT = 0.03
_PART_REMPLACES = 0.05


@dataclass(slots=True)
class _Poste:
    """A teacher being given services until her week is full."""

    type: str
    id: str
    discipline: str
    heures: Decimal = Decimal(0)

    def enseigner(self, heures: str) -> Enseignement:
        self.heures += Decimal(heures)
        return Enseignement(individu_type=self.type, individu_id=self.id, heures=heures)


class _Equipe:
    """Everybody who teaches in the school; a discipline gets one more teacher when all its weeks are full."""

    def __init__(self, numeros: Numeros, rng: Random):
        self._numeros = numeros
        self._rng = rng
        self.postes: list[_Poste] = []

    def find(self, matiere: str, heures: str, autre_que: Enseignement | None = None) -> Enseignement:
        """Somebody of the discipline who still has these hours, for co-teaching somebody else than the first."""
        discipline = find_discipline(matiere)
        pris = (autre_que.individu_type, autre_que.individu_id) if autre_que else None
        libres = (
            poste
            for poste in self.postes
            if poste.discipline == discipline
            and poste.heures + Decimal(heures) <= _SERVICE_MAX
            and (poste.type, poste.id) != pris
        )
        poste = next(libres, None) or self._recruit(discipline)
        return poste.enseigner(heures)

    def make_service(self, matiere: str, heures: str) -> Service:
        """A service of one teacher, now and then of two together."""
        enseignements = [self.find(matiere, heures)]
        if self._rng.random() < _PART_CO_ENSEIGNEMENT:
            enseignements.append(self.find(matiere, heures, enseignements[0]))
        return Service(
            matiere=matiere,
            modalite="CG",
            heures=heures,
            is_co_enseignement=len(enseignements) > 1,
            enseignements=tuple(enseignements),
        )

    def _recruit(self, discipline: str) -> _Poste:
        type_individu = "local" if self._rng.random() < _PART_LOCAL else "epp"
        poste = _Poste(type_individu, self._numeros.next_individu_id(type_individu), discipline)
        self.postes.append(poste)
        return poste


@dataclass(frozen=True, slots=True)
class Personnels:
    """What the STS export of a school says beside its nomenclatures."""

    individus: tuple[Individu, ...]
    divisions: tuple[Division, ...]
    groupes: tuple[Groupe, ...]


def make_personnels(plan: Plan, annee: str, numeros: Numeros, rng: Random) -> Personnels:
    """Give every division and every groupe its services, and every service somebody; name some suppléants.

    Args:
        plan: the school's structure.
        annee: millésime of the school year, for the mandates of professeur principal.
        numeros: the school's counters.
        rng: the school's own source of chance.
    """
    equipe = _Equipe(numeros, rng)
    divisions = tuple(
        Division(
            code=division.code,
            libelle=f"DIVISION {division.code}",
            mefs=division.mefs,
            effectif_prevu=division.effectif,
            effectif_calcule=division.effectif,
            services=tuple(equipe.make_service(matiere, heures) for matiere, heures in division.niveau.tronc),
        )
        for division in plan.divisions
    )
    groupes = tuple(
        Groupe(
            code=groupe.code,
            libelle=groupe.libelle,
            mefs=groupe.mefs,
            divisions=groupe.divisions,
            effectif_prevu=groupe.effectif,
            effectif_calcule=groupe.effectif,
            effectif_max=groupe.brassage.taille,
            services=(equipe.make_service(groupe.brassage.matiere, groupe.brassage.heures),),
        )
        for groupe in plan.groupes
    )
    principaux = _appoint_principaux(divisions, annee, rng)
    enseignants = [_make_enseignant(poste, principaux, annee, rng) for poste in equipe.postes]
    suppleants = _make_suppleants(equipe.postes, annee, numeros, rng)
    individus = (*_make_direction(annee, numeros, rng), *enseignants, *suppleants)
    return Personnels(individus=individus, divisions=divisions, groupes=groupes)


def _appoint_principaux(
    divisions: Iterable[Division], annee: str, rng: Random
) -> dict[tuple[str, str], list[Principal]]:
    """One professeur principal by division, among its own teachers of the rectorat."""
    debut, fin = date(int(annee), 9, 1), date(int(annee) + 1, 8, 31)
    principaux: dict[tuple[str, str], list[Principal]] = {}
    for division in divisions:
        eligibles = [e for service in division.services for e in service.enseignements if e.individu_type == "epp"]
        if eligibles:
            elu = rng.choice(eligibles)
            mandat = Principal(division=division.code, date_debut=debut, date_fin=fin)
            principaux.setdefault((elu.individu_type, elu.individu_id), []).append(mandat)
    return principaux


def _make_enseignant(
    poste: _Poste, principaux: dict[tuple[str, str], list[Principal]], annee: str, rng: Random
) -> Individu:
    if poste.type == "local":
        return _make_local(poste, rng)
    return _make_agent(
        poste.id,
        annee,
        rng,
        fonction="ENS",
        grade=_draw_grade(poste.discipline, rng),
        disciplines=(poste.discipline,),
        principal_de=tuple(principaux.get((poste.type, poste.id), ())),
    )


def _make_local(poste: _Poste, rng: Random) -> Individu:
    """A person added by the school in STS: neither birth date, nor sex, nor function (§2.3)."""
    return Individu(type="local", id=poste.id, nom_usage=draw_nom(rng), prenom=draw_prenom(rng, rng.choice("12")))


def _draw_grade(discipline: str, rng: Random) -> str:
    if discipline.startswith("P"):
        return rng.choice(("PLP CL N", "PLP H CL"))
    return rng.choice(("CERT. CL N", "CERT. CL N", "CERT. H CL", "AGREGE CLN"))


def _make_agent(
    identifiant: str,
    annee: str,
    rng: Random,
    *,
    fonction: str,
    grade: str,
    disciplines: tuple[str, ...] = (),
    principal_de: tuple[Principal, ...] = (),
) -> Individu:
    sexe = rng.choice("122")
    nom = draw_nom(rng)
    patronymique = draw_nom(rng) if sexe == "2" and rng.random() < 0.25 else nom
    return Individu(
        type="epp",
        id=identifiant,
        nom_usage=nom,
        nom_patronymique=patronymique,
        prenom=draw_prenom(rng, sexe),
        sexe=sexe,
        civilite=sexe,
        date_naissance=date(int(annee) - rng.randint(25, 63), rng.randint(1, 12), rng.randint(1, 28)),
        fonction=fonction,
        grade=grade,
        disciplines=disciplines,
        principal_de=principal_de,
    )


def _make_direction(annee: str, numeros: Numeros, rng: Random) -> Iterator[Individu]:
    """Chef d'établissement and adjoint, CPE, documentaliste."""
    for fonction, grade, discipline in (
        ("DIR", "PERS DIR CL N", ""),
        ("DIR", "PERS DIR CL N", ""),
        ("EDU", "CPE CL N", ""),
        ("DOC", "CERT. CL N", "L0080"),
    ):
        yield _make_agent(
            numeros.next_individu_id("epp"),
            annee,
            rng,
            fonction=fonction,
            grade=grade,
            disciplines=(discipline,) if discipline else (),
        )


def _make_suppleants(postes: Iterable[_Poste], annee: str, numeros: Numeros, rng: Random) -> list[Individu]:
    """Who replaces a teacher on leave: a SUPPLEANT, named by no service (§2.3: the link to her is not known)."""
    remplaces = [poste for poste in postes if poste.type == "epp" and rng.random() < _PART_REMPLACES]
    return [
        replace(
            _make_agent(
                numeros.next_individu_id("epp"), annee, rng, fonction="ENS", grade="", disciplines=(poste.discipline,)
            ),
            type="suppleant",
        )
        for poste in remplaces
    ]

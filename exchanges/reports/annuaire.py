"""Any layer of the chain, on any day: structures, members, teaching teams, accounts.

Nothing is copied from layer to layer: AAF, ENT, GAR and Moodle are the facts of BEE and of exported services, as of
the source of the last passage of that relay, without those whom the AAF leaves out (``rules/eligibilite.py``).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from unicodedata import combining, normalize
from zoneinfo import ZoneInfo

from django.db.models.functions import Coalesce

from exchanges.enums import Couche, EtatPassage, Relais, TypeStructure
from exchanges.models import Depot, Etablissement, FicheDivision, FicheGroupe, Passage
from exchanges.reports.aaf.portee import Portee, make_portee
from exchanges.reports.aaf.titulaires import Population, read_population
from exchanges.rules.base import Regle, regle_de
from exchanges.rules.eligibilite import EleveVu, PersonnelVu, ResponsableVu, eleve_sorti


SORTI = regle_de(eleve_sorti)


@dataclass(frozen=True, slots=True)
class Membre:
    """An élève as a layer shows her."""

    eleve_id: str
    nom_complet: str
    division: str


@dataclass(frozen=True, slots=True)
class Enseignant:
    """Somebody of the équipe pédagogique of a division or a groupe: ``matieres`` are codes."""

    individu: str  # « epp 1234 », as STS identifies people
    nom_complet: str
    matieres: tuple[str, ...] = ()
    is_principal: bool = False


@dataclass(frozen=True)
class Difference:
    """What separates two days for one structure: who came, who went."""

    code: str
    arrives: tuple[Membre, ...]
    partis: tuple[Membre, ...]


@dataclass(frozen=True)
class Annuaire:
    """A layer on one day.

    Attributes:
        passage: the passage that the day shows; ``None`` when there has been none yet, or for STS and BEE.
        source: the instant of the facts shown; ``None`` when the layer shows nothing.
        is_prevision: whether it is yet to come.
        depot: the deposit, not imported yet, whose links are shown as if they were.
        equipes: teaching teams by structure, of the divisions and of the groupes that have one.
        sans_compte: élèves of BEE whom the layer does not show, with the rule that says why (leavers left out).
        population: everybody read, eligible or not.
    """

    jour: date
    passage: Passage | None = None
    source: datetime | None = None
    is_prevision: bool = False
    depot: Depot | None = None
    divisions: dict[str, list[Membre]] = field(default_factory=dict)
    groupes: dict[str, list[Membre]] = field(default_factory=dict)
    equipes: dict[str, list[Enseignant]] = field(default_factory=dict)
    sans_compte: list[tuple[Membre, Regle]] = field(default_factory=list)
    population: Population | None = None

    def differences(self, autre: "Annuaire") -> dict[str, list[Difference]]:
        """What changed from ``self`` to ``autre``, by « divisions » and « groupes »; unchanged ones left out."""
        return {
            "divisions": _differences(self.divisions, autre.divisions),
            "groupes": _differences(self.groupes, autre.groupes),
        }

    def membres(self, eleve_id: str) -> tuple[str, list[str]]:
        """The division of an élève (``""`` when she is not shown) and her groupes."""
        division = next((code for code, eleves in self.divisions.items() if _has(eleves, eleve_id)), "")
        return division, [code for code, eleves in self.groupes.items() if _has(eleves, eleve_id)]


def _has(membres: list[Membre], eleve_id: str) -> bool:
    return any(membre.eleve_id == eleve_id for membre in membres)


def _differences(avant: dict[str, list[Membre]], apres: dict[str, list[Membre]]) -> list[Difference]:
    differences = []
    for code in sorted(avant.keys() | apres.keys()):
        ids_avant = {membre.eleve_id for membre in avant.get(code, ())}
        ids_apres = {membre.eleve_id for membre in apres.get(code, ())}
        if ids_avant != ids_apres:
            differences.append(
                Difference(
                    code,
                    tuple(membre for membre in apres.get(code, ()) if membre.eleve_id not in ids_avant),
                    tuple(membre for membre in avant.get(code, ()) if membre.eleve_id not in ids_apres),
                )
            )
    return differences


def passage_of(etablissement: Etablissement, jour: date, relais: Relais = Relais.ENT) -> Passage | None:
    """The passage of a relay that ``jour`` shows: the last done, or for a day to come the last planned."""
    return (
        etablissement.passages.filter(relais=relais, etat__in=[EtatPassage.FAIT, EtatPassage.PREVU])
        .annotate(visible_le=Coalesce("execute_le", "prevu_le"))
        .filter(visible_le__lte=end_of(etablissement, jour))
        .select_related("amont__amont")
        .order_by("visible_le", "pk")
        .last()
    )


def end_of(etablissement: Etablissement, jour: date) -> datetime:
    """The last instant of a day where the school is."""
    return datetime.combine(jour, time.max, ZoneInfo(etablissement.academie.fuseau))


def annuaire_of(etablissement: Etablissement, jour: date, relais: Relais = Relais.ENT) -> Annuaire:
    """What a relay shows of an établissement on a day (after that day's passage)."""
    passage = passage_of(etablissement, jour, relais)
    if passage is None:
        return Annuaire(jour)
    is_prevision = passage.etat == EtatPassage.PREVU
    source = passage.find_source() if is_prevision else passage.source
    if source is None:
        return Annuaire(jour)
    annuaire = read_annuaire(etablissement, jour, source)
    return replace(annuaire, passage=passage, is_prevision=is_prevision)


def read_annuaire(
    etablissement: Etablissement,
    jour: date,
    source: datetime,
    liens: Mapping[int, tuple[str, ...]] | None = None,
) -> Annuaire:
    """What a relay shows of a school once it has read the facts of ``source``.

    Args:
        liens: groupes that each élève (primary key) will have by then; the stored links when ``None``.
    """
    portee = _portee(etablissement, source, liens)
    population = read_population(portee, etablissement.projet_ent.has_compte_personne_en_charge)
    presents = [eleve for eleve in population.eleves if eleve.motif is None]
    return _gather(etablissement, jour, source, population, presents)


def bee_of(etablissement: Etablissement, jour: date, liens: Mapping[int, tuple[str, ...]] | None = None) -> Annuaire:
    """BEE at the end of a day: every élève who has not left, whatever the AAF makes of her.

    Args:
        liens: groupes that each élève (primary key) will have by then; the stored links when ``None``.
    """
    source = end_of(etablissement, jour)
    population = read_population(_portee(etablissement, source, liens), has_compte_en_charge=True)
    presents = [eleve for eleve in population.eleves if eleve.motif is not SORTI]
    return _gather(etablissement, jour, source, population, presents)


def sts_of(etablissement: Etablissement, jour: date) -> Annuaire:
    """STS at the end of a day: structures and teaching teams; STS knows no élève."""
    source = end_of(etablissement, jour)
    portee = _portee(etablissement, source, None)
    portee = replace(portee, services={etablissement.pk: source})
    population = read_population(portee, has_compte_en_charge=False, couche=Couche.STS)
    sts = {"etablissement": etablissement, "couche": Couche.STS}
    divisions = FicheDivision.objects.as_of(source).filter(**sts).order_by("division__code")
    groupes = FicheGroupe.objects.as_of(source).filter(**sts).order_by("groupe__code")
    return Annuaire(
        jour,
        source=source,
        divisions={code: [] for code in divisions.values_list("division__code", flat=True)},
        groupes={code: [] for code in groupes.values_list("groupe__code", flat=True)},
        equipes=_teams(population.personnels),
        population=population,
    )


def _portee(etablissement: Etablissement, source: datetime, liens: Mapping[int, tuple[str, ...]] | None) -> Portee:
    academie = etablissement.academie
    portee = make_portee(academie.pk, ZoneInfo(academie.fuseau), {etablissement.pk: source}, is_tout=True)
    return portee if liens is None else replace(portee, liens={etablissement.pk: liens})


def _gather(
    etablissement: Etablissement, jour: date, source: datetime, population: Population, presents: list[EleveVu]
) -> Annuaire:
    presents = sorted(presents, key=sort_key)
    divisions = defaultdict(list, {code: [] for code in population.structures.divisions[etablissement.pk]})
    groupes = defaultdict(list, {code: [] for code in population.structures.groupes[etablissement.pk]})
    for eleve in presents:
        membre = Membre(eleve.eleve_id, eleve.nom_complet, eleve.division)
        if eleve.division:
            divisions[eleve.division].append(membre)
        for code in eleve.groupes:
            groupes[code].append(membre)
    exclus = sorted((e for e in population.eleves if e.motif and e.motif is not SORTI), key=sort_key)
    return Annuaire(
        jour,
        source=source,
        divisions=dict(sorted(divisions.items())),
        groupes=dict(sorted(groupes.items())),
        equipes=_teams([p for p in population.personnels if p.motif is None]),
        sans_compte=[(Membre(e.eleve_id, e.nom_complet, e.division), e.motif) for e in exclus if e.motif],
        population=population,
    )


def _teams(personnels: list[PersonnelVu]) -> dict[str, list[Enseignant]]:
    equipes: dict[str, list[Enseignant]] = defaultdict(list)
    for personnel in sorted(personnels, key=sort_key):
        codes = dict.fromkeys((*personnel.structures(TypeStructure.DIVISION), *personnel.principal_de))
        for code in (*codes, *personnel.structures(TypeStructure.GROUPE)):
            matieres = tuple(sorted({s.matiere for s in personnel.services if s.structure == code}))
            equipes[code].append(
                Enseignant(
                    f"{personnel.type} {personnel.sts_id}",
                    personnel.nom_complet,
                    matieres,
                    code in personnel.principal_de,
                )
            )
    return dict(sorted(equipes.items()))


def sort_key(personne: EleveVu | ResponsableVu | PersonnelVu) -> tuple[str, int]:
    """By name, accents aside."""
    return alphabetical(personne.nom_complet), personne.pk


def alphabetical(nom: str) -> str:
    """Sort key of a name: accents do not count, whatever the database thinks of them."""
    return "".join(lettre for lettre in normalize("NFD", nom) if not combining(lettre)).casefold()

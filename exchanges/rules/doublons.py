"""One person, two fiches; one élève, two schools (``formats/siecle.md`` §5.4 and §5.5, ``domain.md`` "Duplicates").

Nobody is compared with everybody: fiches meet in buckets (a name with a mobile, a name with a child...), so that the
time is linear in the number of fiches. In a bucket each fiche is paired with the first one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import chain

from exchanges.enums import Gravite
from exchanges.parsers.records import Eleve, FichierEleves, LienResponsable, Personne
from exchanges.rules.base import Anomalie, regle_de, rule
from exchanges.rules.dossier import Base, Constat, RegleDossier
from exchanges.rules.fiches import name_personne
from exchanges.rules.logins import fold_nom
from exchanges.rules.personnes import identites, join_ids, read_mobile


Identite = tuple[str, ...]


class Confiance(StrEnum):
    """How sure it is that two fiches are one person; the word is shown."""

    FORTE = "forte"
    MOYENNE = "moyenne"
    FAIBLE = "faible"


@dataclass(slots=True)
class Paire:
    """Two fiches of responsables that may be one person, with the evidence gathered so far."""

    premier: Personne
    second: Personne
    preuves: dict[str, int] = field(default_factory=dict)  # sentence → weight

    @property
    def ecart(self) -> str:
        """What differs in the names, in words; ``""`` when name and first name are the same."""
        premier, second = _fold(self.premier), _fold(self.second)
        if premier == second:
            return ""
        return (
            "nom et prénom inversés" if premier == second[::-1] else "nom d'usage de l'un, nom de famille de l'autre"
        )

    @property
    def confiance(self) -> Confiance:
        """The weight of the evidence; the same name and first name count for one more."""
        poids = sum(self.preuves.values()) + (not self.ecart)
        return Confiance.FORTE if poids >= 3 else Confiance.MOYENNE if poids == 2 else Confiance.FAIBLE

    def tell(self) -> str:
        """The evidence in words."""
        return ", ".join(filter(None, (self.ecart or "mêmes nom et prénom", *self.preuves)))


@dataclass(frozen=True, slots=True)
class PaireEleves:
    """Two fiches of élèves that may be one, with the evidence in words."""

    premier: Eleve
    second: Eleve
    preuves: str
    confiance: Confiance


def _fold(personne: Personne | Eleve) -> tuple[str, str]:
    return fold_nom(personne.nom_de_famille), fold_nom(personne.prenom)


@rule("eleve_en_double", "DOUBLONS", Gravite.AVERTISSEMENT)
def eleve_en_double(base: Base) -> Iterator[Constat]:
    """Deux fiches semblent être celles d'un même élève.

    L'élève aura deux comptes dans l'ENT, et un fichier élèves-groupes peut être rejeté faute de savoir laquelle
    choisir (REJELEGROUPE_02). Dans Base élèves, Fiches élèves > Recherche et MAJ, comparez les deux fiches, gardez
    celle qui porte l'INE et déscolarisez l'autre ; au mieux à la rentrée de septembre, jamais en cours d'année.
    """
    for paire in find_paires_eleves(base):
        yield (
            paire.second,
            join_ids((paire.premier, paire.second)),
            f"Les fiches {paire.premier.eleve_id} ({name_personne(paire.premier)}) et {paire.second.eleve_id} "
            f"({name_personne(paire.second)}) semblent être le même élève : {paire.preuves} "
            f"(confiance {paire.confiance}).",
        )


def find_paires_eleves(base: Base) -> Iterator[PaireEleves]:
    """Pairs of fiches that may be one élève; at least one of the two has not left."""
    vues: set[tuple[str, str]] = set()
    for premier, second in chain(_pairs_by_identite(base), _pairs_by_ine(base)):
        paire = (premier.eleve_id, second.eleve_id)
        if paire not in vues and (premier.date_sortie is None or second.date_sortie is None):
            vues.add(paire)
            yield PaireEleves(premier, second, *_weigh_eleves(premier, second))


def _pairs_by_identite(base: Base) -> Iterator[tuple[Eleve, Eleve]]:
    """Élèves of one birth date and one name, names swapped or usage name included."""
    premiers: dict[tuple[Identite, date], Eleve] = {}
    for eleve in base.eleves.eleves if base.eleves else ():
        if eleve.date_naissance:
            for identite in sorted(identites(eleve)):
                premier = premiers.setdefault((identite, eleve.date_naissance), eleve)
                if premier is not eleve:
                    yield premier, eleve


def _pairs_by_ine(base: Base) -> Iterator[tuple[Eleve, Eleve]]:
    """Élèves of one INE who have also a name, a first name or a birth date in common."""
    premiers: dict[str, Eleve] = {}
    for eleve in base.eleves.eleves if base.eleves else ():
        if eleve.ine:
            premier = premiers.setdefault(eleve.ine, eleve)
            if premier is not eleve and _is_proche(premier, eleve):
                yield premier, eleve


def _is_proche(premier: Eleve, second: Eleve) -> bool:
    if premier.date_naissance and premier.date_naissance == second.date_naissance:
        return True
    return any(un == autre for un, autre in zip(_fold(premier), _fold(second), strict=True))


def _weigh_eleves(premier: Eleve, second: Eleve) -> tuple[str, Confiance]:
    """The evidence in words, and what it is worth: two INE that differ speak for two people."""
    is_meme_nom = _fold(premier) == _fold(second)
    is_meme_ine = bool(premier.ine) and premier.ine == second.ine
    preuves = []
    if is_meme_nom:
        preuves.append("mêmes nom et prénom")
    elif not identites(premier).isdisjoint(identites(second)):
        preuves.append("noms inversés, ou nom d'usage de l'un")
    if premier.date_naissance and premier.date_naissance == second.date_naissance:
        preuves.append("même date de naissance")
    if is_meme_ine:
        return ", ".join((*preuves, "même INE")), Confiance.FORTE
    if premier.ine and second.ine:
        return ", ".join((*preuves, "mais deux INE différents")), Confiance.FAIBLE
    return ", ".join(preuves), Confiance.FORTE if is_meme_nom else Confiance.MOYENNE


def _liens_by_personne(base: Base) -> dict[str, list[LienResponsable]]:
    """The links of each PERSONNE_ID."""
    liens: dict[str, list[LienResponsable]] = defaultdict(list)
    for lien in base.responsables.liens if base.responsables else ():
        liens[lien.personne_id].append(lien)
    return liens


def _traces(personne: Personne, liens: Iterable[LienResponsable]) -> Iterator[tuple[str, str, int]]:
    """What a fiche may share with another: the sentence, the value, the weight."""
    if mobile := read_mobile(personne):
        yield "même mobile", mobile, 2
    if personne.mel:
        yield "même adresse électronique", personne.mel.lower(), 2
    for telephone in {personne.tel_personnel, personne.tel_professionnel} - {""}:
        yield "même téléphone", telephone, 1
    if personne.adresse:
        yield "même adresse postale", fold_nom(" ".join((*personne.adresse, personne.code_postal))), 1
    for lien in liens:  # a mother and a grandmother of one name are not the same person
        yield "même lien avec le même élève", f"{lien.eleve_id} {lien.parente}", 1


def _homonymes(base: Base) -> Iterator[list[Personne]]:
    """Fiches known under one name, where there are several."""
    groupes: dict[Identite, list[Personne]] = defaultdict(list)
    for personne in base.responsables.personnes if base.responsables else ():
        for identite in identites(personne):
            groupes[identite].append(personne)
    return (personnes for personnes in groupes.values() if len(personnes) > 1)


def find_paires(base: Base) -> list[Paire]:
    """Pairs of responsables known under one name who share a trace."""
    liens = _liens_by_personne(base)
    paires: dict[tuple[str, str], Paire] = {}
    for personnes in _homonymes(base):
        premiers: dict[tuple[str, str], Personne] = {}
        for personne in personnes:
            for preuve, valeur, poids in _traces(personne, liens.get(personne.personne_id, ())):
                premier = premiers.setdefault((preuve, valeur), personne)
                if premier is not personne:
                    cle = (premier.personne_id, personne.personne_id)
                    paires.setdefault(cle, Paire(premier, personne)).preuves[preuve] = poids
    return [*paires.values()]


@rule("responsable_en_double", "DOUBLONS", Gravite.AVERTISSEMENT)
def responsable_en_double(base: Base) -> Iterator[Constat]:
    """Deux fiches semblent être celles d'un même responsable.

    Il aura deux comptes dans l'ENT, chacun avec une partie de ses enfants. Dans Base élèves, Fiches élèves > Doublons
    responsables > Chercher, cochez le responsable à supprimer et celui qui le remplace ; faites-le en septembre : la
    suppression ferme son compte télé-services et en crée un autre.
    """
    for paire in find_paires(base):
        yield (
            None,
            join_ids((paire.premier, paire.second)),
            f"Les fiches {paire.premier.personne_id} ({name_personne(paire.premier)}) et {paire.second.personne_id} "
            f"({name_personne(paire.second)}) semblent être la même personne, qui aura deux comptes ENT : "
            f"{paire.tell()} (confiance {paire.confiance}).",
        )


@rule("fratrie_educonnect", "DOUBLONS", Gravite.AVERTISSEMENT)
def fratrie_educonnect(base: Base) -> Iterator[Constat]:
    """EduConnect ne regroupera pas les enfants de ce responsable.

    Il ne réunit une fratrie que si le nom, le prénom, le mobile et l'adresse électronique du parent sont exactement
    les mêmes sur ses fiches. Dans Base élèves, Fiches élèves > Doublons responsables > Chercher, ne gardez qu'une
    fiche ; sinon rendez-les identiques dans Fiches élèves > Recherche et MAJ, onglet Responsables.
    """
    liens = _liens_by_personne(base)
    for paire in find_paires(base):
        siens, autres = (
            {lien.eleve_id for lien in liens.get(personne.personne_id, ())}
            for personne in (paire.premier, paire.second)
        )
        ecarts = [*_differences(paire.premier, paire.second)]
        if siens and autres and siens != autres and ecarts:
            yield (
                None,
                join_ids((paire.premier, paire.second)),
                f"Les enfants de {name_personne(paire.premier)} sont répartis sur les fiches "
                f"{paire.premier.personne_id} et {paire.second.personne_id} : EduConnect ne les regroupera pas "
                f"({', '.join(ecarts)}).",
            )


def _differences(premier: Personne, second: Personne) -> Iterator[str]:
    """What EduConnect compares letter by letter and finds different."""
    if premier.nom_de_famille != second.nom_de_famille:
        yield "noms différents"
    if premier.prenom != second.prenom:
        yield "prénoms différents"
    if read_mobile(premier) != read_mobile(second):
        yield "mobiles différents"
    if premier.mel != second.mel:
        yield "adresses électroniques différentes"


@dataclass(frozen=True, slots=True)
class _Scolarite:
    """The little that is kept of an élève while the schools of an académie go by."""

    uai: str
    eleve_id: str
    nom: str
    division: str
    ine: str
    naissance: tuple[str, str]  # where: commune and country


@rule("multi_inscription", "DOUBLONS", Gravite.ERREUR)
def multi_inscription(ici: _Scolarite, ailleurs: _Scolarite) -> str:
    """L'élève est inscrit dans deux établissements à la fois.

    Il ne sort plus dans l'annuaire fédérateur (AAF) et disparaît de l'ENT. Base élèves le signale (Tableau de bord >
    Signalements académiques > Multi-inscription) : l'établissement où l'élève n'est pas ou n'est plus présent le
    déscolarise dans Fiches élèves > Recherche et MAJ, et l'élève revient dans l'ENT de l'autre.
    """
    preuve = "même INE" if ici.ine and ici.ine == ailleurs.ine else "mêmes nom, prénom, date et lieu de naissance"
    return (
        f"L'élève a une autre scolarité active, dans l'établissement {ailleurs.uai} ({preuve}) : il sort de l'AAF et "
        "disparaît de l'ENT."
    )


def find_multi_inscriptions(bases: Iterable[tuple[str, FichierEleves]]) -> dict[str, list[Anomalie]]:
    """Élèves active in two schools, by UAI of the school that is told; each is told the other's UAI only.

    Args:
        bases: UAI and Élèves export of each school, read one at a time; a school given twice counts as one.

    The same INE is enough. Without one on either side, the same name, first name, birth date and birthplace are
    asked for. Of three schools, the first is paired with each of the others.
    """
    premiers: dict[tuple[object, ...], _Scolarite] = {}
    paires: dict[tuple[str, str, str, str], tuple[_Scolarite, _Scolarite]] = {}
    for uai, fichier in bases:
        for eleve in fichier.eleves:
            if eleve.date_sortie is None:
                ici = _keep(uai, eleve)
                for cle in _cles(eleve):
                    autre = premiers.setdefault(cle, ici)
                    if autre.uai != uai and _is_meme(autre, ici):
                        paires[autre.uai, autre.eleve_id, uai, ici.eleve_id] = (autre, ici)
    anomalies: dict[str, list[Anomalie]] = defaultdict(list)
    for premier, second in paires.values():
        anomalies[premier.uai].append(_warn(premier, second))
        anomalies[second.uai].append(_warn(second, premier))
    return dict(anomalies)


def check_academie(bases: Iterable[tuple[str, FichierEleves]]) -> list[Anomalie]:
    """Every multi-inscription of an académie, school after school; ``objet`` is the UAI of the other school."""
    return [*chain.from_iterable(find_multi_inscriptions(bases).values())]


def _keep(uai: str, eleve: Eleve) -> _Scolarite:
    return _Scolarite(
        uai=uai,
        eleve_id=eleve.eleve_id,
        nom=name_personne(eleve),
        division=eleve.division,
        ine=eleve.ine,
        naissance=(eleve.commune_naissance or fold_nom(eleve.ville_naissance), eleve.pays_naissance),
    )


def _cles(eleve: Eleve) -> Iterator[tuple[object, ...]]:
    """Under what an élève may be met again in another school."""
    if eleve.ine:
        yield (eleve.ine,)
    if eleve.date_naissance:
        yield (*_fold(eleve), eleve.date_naissance, eleve.sexe)


def _is_meme(un: _Scolarite, autre: _Scolarite) -> bool:
    if un.ine and autre.ine:
        return un.ine == autre.ine
    return un.naissance == autre.naissance


def _warn(ici: _Scolarite, ailleurs: _Scolarite) -> Anomalie:
    regle = regle_de(multi_inscription)
    return Anomalie(
        regle=regle,
        message=multi_inscription(ici, ailleurs),
        action=regle.conseil,
        eleve_id=ici.eleve_id,
        objet=ailleurs.uai,
        is_identifie=True,
        nom=ici.nom,
        division=ici.division,
    )


REGLES: tuple[RegleDossier, ...] = (eleve_en_double, responsable_en_double, fratrie_educonnect)

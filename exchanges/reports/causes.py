"""Why a layer is not the same on two days: who appears, who vanishes, and the acts that made it so.

Each interval names the acts that opened and closed it: those between the instants of the facts that the two days show
explain what differs. What no act explains was made by a date written in the facts, or by another school.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Model, Q

from exchanges.enums import Couche, NatureActe, TypeFichier
from exchanges.models import (
    Acte,
    Depot,
    Etablissement,
    FicheDivision,
    FicheEleve,
    FicheGroupe,
    FicheIndividu,
    FicheResponsable,
    LienGroupe,
    LienPrincipal,
    LienResponsable,
    LienService,
)
from exchanges.reports.aaf.portee import services_of
from exchanges.reports.annuaire import Annuaire, Enseignant, Membre
from exchanges.templatetags.entsite import jour, jour_heure


@dataclass(frozen=True)
class Cause:
    """What made a difference: a sentence, and the act or the deposit that it is about."""

    texte: str
    acte: Acte | None = None
    depot: Depot | None = None


@dataclass(frozen=True)
class Mouvement:
    """Somebody who appears or vanishes. ``cle`` is what she is known by: ELEVE_ID, PERSONNE_ID, « epp 1234 »."""

    cle: str
    nom: str
    causes: tuple[Cause, ...]
    detail: str = ""


@dataclass(frozen=True)
class Ecart:
    """One structure, or one kind of persons, that is not the same.

    Attributes:
        nature: « division », « groupe », « equipe », « eleve », « responsable » or « personnel ».
        etat: « apparaît » or « disparaît » for a structure that only one of the days knows, with its ``causes``.
    """

    nature: str
    code: str
    arrives: tuple[Mouvement, ...] = ()
    partis: tuple[Mouvement, ...] = ()
    etat: str = ""
    causes: tuple[Cause, ...] = ()


def explain_differences(
    etablissement: Etablissement, avant: Annuaire, apres: Annuaire, couche: Couche = Couche.BEE
) -> list[Ecart]:
    """What changed from a day to a later one, classes then groupes, équipes and persons; unchanged ones left out.

    Args:
        couche: ``STS`` when the two days show STS, which knows no élève; every other layer comes from BEE.
    """
    enquete = _Enquete(etablissement, avant, apres, couche)
    ecarts = []
    for nature, anciennes, nouvelles in (
        ("division", avant.divisions, apres.divisions),
        ("groupe", avant.groupes, apres.groupes),
    ):
        for code in sorted(anciennes.keys() | nouvelles.keys()):
            ecarts.append(enquete.compare_structure(nature, code, anciennes.get(code), nouvelles.get(code)))
    for code in sorted(avant.equipes.keys() | apres.equipes.keys()):
        ecarts.append(enquete.compare_team(code, avant.equipes.get(code, []), apres.equipes.get(code, [])))
    ecarts += enquete.compare_persons()
    return [ecart for ecart in ecarts if ecart.arrives or ecart.partis or ecart.etat]


Actes = dict[tuple[str, ...], set[int]]


Bornes = tuple[datetime | None, datetime | None]


class _Enquete:
    """The acts between two readings, by what they touched."""

    def __init__(self, etablissement: Etablissement, avant: Annuaire, apres: Annuaire, couche: Couche):
        self.etablissement, self.avant, self.apres, self.couche = etablissement, avant, apres, couche
        self.depot = apres.depot or avant.depot
        faits = (avant.source, apres.source)
        services = faits if couche == Couche.STS else (self._services(avant.source), self._services(apres.source))
        individu = ("individu__type", "individu__sts_id")
        self.fiches = self._read(FicheEleve, faits, "eleve__eleve_id")
        self.liens = self._read(LienGroupe, faits, "eleve__eleve_id", "groupe__code")
        self.structures = {
            "division": self._read(FicheDivision, faits, "division__code", couche=couche),
            "groupe": self._read(FicheGroupe, faits, "groupe__code", couche=couche),
        }
        self.responsables = self._read(FicheResponsable, faits, "responsable__personne_id")
        self.parents = self._read(LienResponsable, faits, "responsable__personne_id")
        self.individus = self._read(FicheIndividu, faits, *individu)
        self.services = self._read(LienService, services, *individu, "service__structure")
        self.mandats = self._read(LienPrincipal, services, *individu, "division__code")
        pks = {pk for table in self._tables() for actes in table.values() for pk in actes}
        actes = etablissement.actes.filter(pk__in=pks).select_related("depot", "chargement")
        self.causes = {acte.pk: describe_acte(acte) for acte in actes.prefetch_related("chargement__fichiers")}
        self.exports = self._read_exports(services)
        self.dates = self._read_dates()

    def _services(self, source: datetime | None) -> datetime | None:
        return services_of({self.etablissement.pk: source}).get(self.etablissement.pk) if source else None

    def _read_exports(self, services: Bornes) -> tuple[Cause, ...]:
        """The Export Services that carried to SIECLE what STS had changed."""
        if self.couche == Couche.STS or services[0] == services[1]:
            return ()
        actes = self.etablissement.actes.filter(nature=NatureActe.EXPORT_SERVICES, instant=max(filter(None, services)))
        return tuple(describe_acte(acte) for acte in actes[:1])

    def _tables(self) -> Iterable[Actes]:
        yield from (self.fiches, self.liens, *self.structures.values(), self.responsables, self.parents)
        yield from (self.individus, self.services, self.mandats)

    def _read(self, modele: type[Model], bornes: Bornes, *cle: str, **filtres: str) -> Actes:
        """The acts that opened or closed rows between two instants, by key."""
        trouves: Actes = defaultdict(set)
        siennes = modele._default_manager.filter(etablissement=self.etablissement, **filtres)
        for champ, instant in (("ouvert_par", "depuis"), ("clos_par", "jusqua")):
            for *valeurs, acte in siennes.filter(_between(instant, bornes)).values_list(*cle, champ):
                trouves[tuple(valeurs)].add(acte)
        return trouves

    def _read_dates(self) -> dict[str, date]:
        """The leaving date of those who leave between the two days, by ELEVE_ID."""
        fiches = FicheEleve.objects.filter(
            etablissement=self.etablissement,
            date_sortie__gt=min(self.avant.jour, self.apres.jour),
            date_sortie__lte=max(self.avant.jour, self.apres.jour),
        )
        return dict(fiches.values_list("eleve__eleve_id", "date_sortie"))

    def _tell(self, *actes: Iterable[int]) -> tuple[Cause, ...]:
        """The causes of the first set that is not empty: it is the closest to what changed."""
        prises = next((ensemble for ensemble in map(set, actes) if ensemble), set())
        return tuple(self.causes[pk] for pk in sorted(prises) if pk in self.causes)

    def compare_structure(
        self, nature: str, code: str, anciens: list[Membre] | None, nouveaux: list[Membre] | None
    ) -> Ecart:
        """One division or groupe, ``None`` on a day that does not know it."""
        etat = "apparaît" if anciens is None else "disparaît" if nouveaux is None else ""
        arrives, partis = _split(anciens or [], nouveaux or [], lambda membre: membre.eleve_id)

        def move(membre: Membre) -> Mouvement:
            causes = self._membership(membre.eleve_id, nature, code)
            return Mouvement(membre.eleve_id, membre.nom_complet, causes)

        causes = self._tell(self.structures[nature][(code,)]) if etat else ()
        return Ecart(nature, code, tuple(map(move, arrives)), tuple(map(move, partis)), etat, causes)

    def _membership(self, eleve_id: str, nature: str, code: str) -> tuple[Cause, ...]:
        structure = self.structures[nature][(code,)]
        if nature == "division":
            return self._tell(self.fiches[(eleve_id,)], structure) or self._fallback(eleve_id)
        causes = self._tell(self.liens[eleve_id, code], structure)
        if not causes and self.depot:
            return (Cause(f"le dépôt {self.depot.nom}, qui n'est pas encore importé", depot=self.depot),)
        return causes or self._tell(self.fiches[(eleve_id,)]) or self._fallback(eleve_id)

    def _fallback(self, eleve_id: str) -> tuple[Cause, ...]:
        if sortie := self.dates.get(eleve_id):
            return (Cause(f"sa date de sortie, {jour(sortie)}"),)
        return (Cause("une inscription ouverte ou fermée dans un autre établissement"),)

    def compare_team(self, code: str, anciens: list[Enseignant], nouveaux: list[Enseignant]) -> Ecart:
        """The équipe pédagogique of one structure."""
        arrives, partis = _split(anciens, nouveaux, lambda enseignant: enseignant.individu)

        def move(enseignant: Enseignant) -> Mouvement:
            individu = tuple(enseignant.individu.split(" ", 1))
            structure = {pk for table in self.structures.values() for pk in table[(code,)]}
            services = self._tell(self.services[(*individu, code)] | self.mandats[(*individu, code)])
            causes = services + self.exports if services else self._tell(structure, self.individus[individu])
            return Mouvement(
                enseignant.individu,
                enseignant.nom_complet,
                causes or (Cause("une date de début ou de fin de service atteinte"),),
                ", ".join(enseignant.matieres),
            )

        return Ecart("equipe", code, tuple(map(move, arrives)), tuple(map(move, partis)))

    def compare_persons(self) -> list[Ecart]:
        """Who gets an account and who loses it, by kind of person."""
        personnels = self._compare_kind(
            "personnel", "personnels", lambda p: f"{p.type} {p.sts_id}", self._why_personnel
        )
        if self.couche == Couche.STS:
            return [personnels]
        return [
            self._compare_kind("eleve", "eleves", lambda p: p.eleve_id, self._why_eleve),
            self._compare_kind("responsable", "responsables", lambda p: p.personne_id, self._why_responsable),
            personnels,
        ]

    def _compare_kind(self, nature: str, liste: str, cle: Callable, why: Callable) -> Ecart:
        populations = [getattr(a.population, liste) if a.population else [] for a in (self.avant, self.apres)]
        anciens, nouveaux = ([p for p in population if p.motif is None] for population in populations)
        exclus = {cle(p): p.motif.titre for population in populations for p in population if p.motif}
        moves = (
            tuple(Mouvement(cle(p), p.nom_complet, why(cle(p)), exclus.get(cle(p), "")) for p in personnes)
            for personnes in _split(anciens, nouveaux, cle)
        )
        return Ecart(nature, "", *moves)

    def _why_eleve(self, eleve_id: str) -> tuple[Cause, ...]:
        return self._tell(self.fiches[(eleve_id,)]) or self._fallback(eleve_id)

    def _why_responsable(self, personne_id: str) -> tuple[Cause, ...]:
        actes = self.responsables[(personne_id,)] | self.parents[(personne_id,)]
        return self._tell(actes) or (Cause("l'arrivée ou le départ de ses enfants dans l'annuaire"),)

    def _why_personnel(self, individu: str) -> tuple[Cause, ...]:
        cle = tuple(individu.split(" ", 1))
        services = {pk for (*qui, _), actes in self.services.items() for pk in actes if tuple(qui) == cle}
        return self._tell(self.individus[cle], services) or (Cause("une date de début ou de fin de service atteinte"),)


def _between(champ: str, bornes: Bornes) -> Q:
    """Rows whose ``champ`` lies between two instants, the later included; no lower bound when one is missing."""
    instants = [instant for instant in bornes if instant is not None]
    if not instants:
        return Q(pk__in=[])
    filtre = Q(**{f"{champ}__lte": max(instants)})
    return filtre & Q(**{f"{champ}__gt": min(instants)}) if len(instants) > 1 else filtre


def _split(anciens: list, nouveaux: list, cle: Callable) -> tuple[list, list]:
    """Who is only in the second list, who is only in the first."""
    avant, apres = {cle(p) for p in anciens}, {cle(p) for p in nouveaux}
    return [p for p in nouveaux if cle(p) not in avant], [p for p in anciens if cle(p) not in apres]


def describe_acte(acte: Acte) -> Cause:
    """An act in words: « le dépôt du lundi 7 septembre, lu par SIECLE mardi 8 septembre »."""
    return Cause(_TEXTES[NatureActe(acte.nature)](acte), acte)


def _tell_nuit(acte: Acte) -> str:
    depose = f" du {jour(acte.depot.depose_le)}" if acte.depot else ""
    return f"le dépôt{depose}, lu par SIECLE {jour_heure(acte.instant)}"


def _tell_chargement(acte: Acte) -> str:
    types = [fichier.type for fichier in acte.chargement.fichiers.all()] if acte.chargement else []
    noms = ", ".join(dict.fromkeys(TypeFichier(t).libelle for t in types))
    return f"les fichiers chargés {jour_heure(acte.instant)}" + (f" : {noms}" if noms else "")


def _tell_suppleance(acte: Acte) -> str:
    if "annule" in acte.detail:
        return f"l'annulation d'une suppléance, {jour_heure(acte.instant)}"
    debut, fin = (date.fromisoformat(acte.detail[nom]) for nom in ("debut", "fin"))
    return f"la suppléance du {jour(debut)} au {jour(fin)}, saisie {jour_heure(acte.instant)}"


_TEXTES: dict[NatureActe, Callable[[Acte], str]] = {
    NatureActe.NUIT: _tell_nuit,
    NatureActe.CHARGEMENT: _tell_chargement,
    NatureActe.EXPORT_STRUCTURE: lambda acte: f"l'export Structure du {jour_heure(acte.instant)}",
    NatureActe.EXPORT_SERVICES: lambda acte: f"l'export Services du {jour_heure(acte.instant)}",
    NatureActe.REMPLACEMENT: lambda acte: f"le remplacement saisi {jour_heure(acte.instant)}",
    NatureActe.SUPPLEANCE: _tell_suppleance,
}

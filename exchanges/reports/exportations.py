"""Which export is asked for: the schools, the day, what the relay had read by then; and what the rules find in it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from unicodedata import combining, normalize

from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from exchanges.enums import CategorieAAF, EtatPassage, GenreAAF, Relais
from exchanges.models import (
    Academie,
    CompteENT,
    Etablissement,
    FicheEleve,
    FicheIndividu,
    FicheResponsable,
    Passage,
    ProjetENT,
)
from exchanges.parsers.records.aaf import EnteteAAF, Operation, add
from exchanges.reports.aaf.delta import DeltaAAF
from exchanges.reports.aaf.export import ExportAAF
from exchanges.reports.aaf.portee import Portee, portee_of
from exchanges.rules.aaf import GARDES, INTEGRITE, Controleur
from exchanges.rules.base import Regle, regle_de
from exchanges.rules.catalogue import find_regle


Flux = Iterable[tuple[CategorieAAF, Iterator[Operation]]]
JOUR = timedelta(days=1)
POSTCONDITIONS = frozenset(regle_de(regle).code for regle in INTEGRITE)
NOMS_RELAIS = {Relais.AAF: "de l'AAF", Relais.GAR: "vers le GAR", Relais.MOODLE: "vers Moodle"}


class RienAExporter(Exception):
    """Nothing can be exported for that day; the argument says why in French."""


@dataclass(frozen=True)
class Perimetre:
    """Schools of one projet and of one académie; ``mot`` names them in the files."""

    projet: ProjetENT
    academie: Academie
    etablissements: QuerySet[Etablissement]
    mot: str

    @property
    def ecoles(self) -> QuerySet[Etablissement]:
        """The schools with what an export says of them."""
        return self.etablissements.select_related("academie", "projet_ent").order_by("pk")


@dataclass
class Trouvailles:
    """What one rule finds in an export: how many times, and the first occurrences."""

    regle: Regle
    nombre: int = 0
    lignes: list[tuple[str, str, str]] = field(default_factory=list)  # kind of record, identifier, message

    @property
    def is_postcondition(self) -> bool:
        """Whether every real export respects it (``formats/aaf_ent.md`` §5.3)."""
        return self.regle.code in POSTCONDITIONS

    @property
    def autres(self) -> int:
        """How many occurrences are counted and not kept."""
        return self.nombre - len(self.lignes)


class Rapport:
    """What the rules find in an export, rule by rule; a list never grows beyond ``GARDES``."""

    def __init__(self) -> None:
        self.trouvailles: dict[str, Trouvailles] = {}

    def add(self, regle: Regle, categorie: str, identifiant: str, message: str) -> None:
        """Note one occurrence."""
        trouvees = self.trouvailles.setdefault(regle.code, Trouvailles(regle))
        trouvees.nombre += 1
        if len(trouvees.lignes) < GARDES:
            trouvees.lignes.append((categorie, identifiant, message))

    @property
    def comptes(self) -> dict[str, int]:
        """How many times each rule was broken, by its code."""
        return {code: trouvees.nombre for code, trouvees in sorted(self.trouvailles.items())}

    @property
    def has_rupture(self) -> bool:
        """Whether a post-condition does not hold: the export must not leave."""
        return any(trouvees.is_postcondition for trouvees in self.trouvailles.values())

    def __iter__(self) -> Iterator[Trouvailles]:
        return iter(sorted(self.trouvailles.values(), key=lambda t: (not t.is_postcondition, t.regle.code)))


def report_of(controleur: Controleur) -> Rapport:
    """What a controleur that has finished found."""
    rapport = Rapport()
    for constat in controleur.constats:
        rapport.add(constat.regle, constat.categorie.value, constat.identifiant, constat.message)
    for code, nombre in controleur.comptes.items():
        rapport.trouvailles[code].nombre = nombre
    return rapport


def perimetre_of(etablissement: Etablissement) -> Perimetre:
    """One school."""
    seule = Etablissement.objects.filter(pk=etablissement.pk)
    return Perimetre(etablissement.projet_ent, etablissement.academie, seule, etablissement.uai)


def perimetres_of(projet: ProjetENT, etablissements: QuerySet[Etablissement]) -> list[Perimetre]:
    """The schools of a projet among some, académie by académie: an AAF is that of one académie."""
    siens = etablissements.filter(projet_ent=projet)
    academies = list(Academie.objects.filter(pk__in=siens.order_by().values("academie")).order_by("code"))
    mot = make_mot(projet.nom)
    return [
        Perimetre(
            projet,
            academie,
            siens.filter(academie=academie),
            mot if len(academies) == 1 else f"{mot}-{make_mot(academie.code)}",
        )
        for academie in academies
    ]


def make_mot(texte: str) -> str:
    """A word that may stand in a file name: « ENT d'essai » gives ``ENT-D-ESSAI``."""
    lettres = (lettre for lettre in normalize("NFD", texte) if not combining(lettre))
    return re.sub(r"[^A-Z0-9]+", "-", "".join(lettres).upper()).strip("-")


def entete_of(perimetre: Perimetre, genre: GenreAAF, jour: date) -> EnteteAAF:
    """What the file names and the comments of an export say."""
    code = make_mot(perimetre.academie.code)
    return EnteteAAF(perimetre.projet.prefixe_aaf, perimetre.mot, genre, jour, code)


def read_portee(perimetre: Perimetre, relais: Relais, jour: date) -> Portee:
    """What a relay showed of the schools at the end of a day.

    Raises:
        RienAExporter: it had not run for any of them, or does not exist in this projet.
    """
    _check_relais(perimetre.projet, relais)
    portee = portee_of(perimetre.etablissements, jour, relais)
    if portee is None:
        raise RienAExporter(
            f"Aucun passage {NOMS_RELAIS[relais]} n'a encore eu lieu le {jour:%d/%m/%Y} : il n'y a rien à exporter. "
            "Choisissez un jour plus récent, ou attendez le prochain passage."
        )
    return portee


def _check_relais(projet: ProjetENT, relais: Relais) -> None:
    is_absent = {Relais.GAR: not projet.has_gar, Relais.MOODLE: projet.heures_moodle is None}
    if is_absent.get(relais):
        raise RienAExporter(
            f"Le projet « {projet.nom} » n'a pas de passage {NOMS_RELAIS[relais]} : il n'y a rien à exporter. "
            "Ce réglage appartient à l'administration du projet."
        )


def stream_aaf(perimetre: Perimetre, genre: GenreAAF, jour: date) -> Flux:
    """The export of a day, category after category: the state of that day, or what changed since the day before.

    Raises:
        RienAExporter: the AAF had not run for any school; for a delta, nor the day before.
    """
    apres = read_portee(perimetre, Relais.AAF, jour)
    if genre == GenreAAF.COMPLET:
        return complet_of(apres)
    avant = portee_of(perimetre.etablissements, jour - JOUR, Relais.AAF)
    if avant is None:
        raise RienAExporter(
            f"L'AAF n'avait encore rien lu la veille du {jour:%d/%m/%Y} : un delta n'a rien à quoi se comparer. "
            "Demandez un complet, ou un jour plus récent."
        )
    return DeltaAAF(avant, apres).flux()


def complet_of(portee: Portee) -> Flux:
    """Every record of a reading, as the requests of a complet."""
    return ((categorie, map(add, enregistrements)) for categorie, enregistrements in ExportAAF(portee).flux())


def judge(flux: Flux, genre: GenreAAF) -> Rapport:
    """What the rules find in an export that nobody writes."""
    controleur = Controleur(genre)
    for _, operations in flux:
        for operation in operations:
            controleur.judge(operation)
    controleur.finish()
    return report_of(controleur)


def restrict(portee: Portee, etablissement: int) -> Portee:
    """The same reading of one of its schools."""
    services = {pk: instant for pk, instant in portee.services.items() if pk == etablissement}
    return replace(portee, instants={etablissement: portee.instants[etablissement]}, services=services)


def read_noms(perimetre: Perimetre, rapport: Rapport) -> dict[str, str]:
    """Whom the identifiers of a report designate, in its schools: jointures of the AAF, identifiants of the ENT."""
    cites = {identifiant for trouvees in rapport for _, identifiant, _ in trouvees.lignes}
    comptes = CompteENT.objects.filter(projet=perimetre.projet, identifiant__in=cites)
    par_jointure = {int(identifiant): identifiant for identifiant in cites if identifiant.isdecimal()}
    par_jointure |= dict(comptes.values_list("jointure_id", "identifiant"))
    noms: dict[str, str] = {}
    for modele, champ, colonnes in _FICHES:
        fiches = modele._default_manager.filter(
            **{"etablissement__in": perimetre.etablissements, f"{champ}__jointure__in": par_jointure}
        )
        lignes = fiches.order_by("depuis").values_list(f"{champ}__jointure_id", "nom_usage", *colonnes)
        noms |= {par_jointure[pk]: f"{usage or nom} {prenom}".strip() for pk, usage, nom, prenom in lignes}
    return noms


_FICHES: tuple[tuple[type[Model], str, tuple[str, str]], ...] = (
    (FicheEleve, "eleve", ("nom_de_famille", "prenom")),
    (FicheResponsable, "responsable", ("nom_de_famille", "prenom")),
    (FicheIndividu, "individu", ("nom_patronymique", "prenom")),
)


def sum_constats(perimetre: Perimetre, fin: datetime) -> list[tuple[Regle, int, list[Etablissement]]]:
    """What the rules found in what the AAF sent, rule by rule: how many times, and in which schools.

    Each school counts by its last complet, by its last passage when it has none yet.
    """
    faits = Passage.objects.filter(
        etablissement=OuterRef("pk"), relais=Relais.AAF, etat=EtatPassage.FAIT, execute_le__lte=fin
    ).order_by("-execute_le", "-pk")
    derniers = Coalesce(
        Subquery(faits.filter(genre=GenreAAF.COMPLET).values("pk")[:1]), Subquery(faits.values("pk")[:1])
    )
    par_passage = {
        ecole.lu: ecole for ecole in perimetre.etablissements.annotate(lu=derniers).order_by("denomination")
    }
    bilans = dict(Passage.objects.filter(pk__in=par_passage.keys() - {None}).values_list("pk", "bilan"))
    sommes: dict[str, tuple[int, list[Etablissement]]] = {}
    for pk, ecole in par_passage.items():
        for code, nombre in bilans.get(pk, {}).get("constats", {}).items():
            total, ecoles = sommes.get(code, (0, []))
            sommes[code] = (total + nombre, [*ecoles, ecole])
    trouvees = ((find_regle(code), *somme) for code, somme in sommes.items())
    lignes = [(regle, total, ecoles) for regle, total, ecoles in trouvees if regle]
    return sorted(lignes, key=lambda ligne: (ligne[0].code not in POSTCONDITIONS, -ligne[1], ligne[0].code))

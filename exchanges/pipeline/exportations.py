"""From the state of a day to the files of a relay: AAF, GAR, Moodle, each judged while it is written.

A projet goes by without being held: records one at a time for the AAF, school after school for the GAR.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

from exchanges.enums import CategorieAAF, GenreAAF, Relais
from exchanges.models import Etablissement
from exchanges.parsers.records.aaf import Operation
from exchanges.parsers.records.gar import ExportGAR
from exchanges.parsers.records.moodle import CohorteMoodle, MembreMoodle
from exchanges.propagation.horloge import Horloge, at_hour
from exchanges.reports.aaf.portee import Portee
from exchanges.reports.exportations import (
    Flux,
    Perimetre,
    Rapport,
    RienAExporter,
    entete_of,
    judge,
    read_portee,
    report_of,
    restrict,
    stream_aaf,
)
from exchanges.reports.gar import find_partages, gather, make_gar
from exchanges.reports.moodle import Cohorte, GenreCohorte, Membre, list_cohortes, merge_membres, stream_membres
from exchanges.rules.aaf import Controleur
from exchanges.rules.gar import keep_conforme
from exchanges.writers import aaf, gar, moodle


Comptes = dict[str, int]


@dataclass
class Export:
    """What was written: names, figures, and what the rules found on the way.

    Attributes:
        comptes: records written by kind; for a delta, operations by kind and nature.
        ecartes: records that the rules of the GAR take out.
    """

    nom: str
    rapport: Rapport
    fichiers: list[str] = field(default_factory=list)
    comptes: Comptes = field(default_factory=dict)
    ecartes: int = 0
    md5: str = ""


def check_jour(perimetre: Perimetre, jour: date) -> None:
    """Raise RienAExporter for a day that is still to come."""
    if jour > Horloge(perimetre.academie).maintenant.date():
        raise RienAExporter(
            f"Le {jour:%d/%m/%Y} n'est pas encore venu : on n'exporte que ce qui a été transmis. "
            "Choisissez le jour même ou un jour passé."
        )


def write_aaf(perimetre: Perimetre, genre: GenreAAF, jour: date, sortie: IO[bytes]) -> Export:
    """Write the archive of an AAF export.

    Raises:
        RienAExporter: there is no such export.
        ValueError: the prefix of the projet cannot be in a file name.
    """
    suivi = _Suivi(genre)
    entete = entete_of(perimetre, genre, jour)
    noms = aaf.write_archive(entete, suivi.watch(_stream(perimetre, genre, jour)), sortie)
    return suivi.close(aaf.archive_name(entete), noms)


def write_aaf_directory(perimetre: Perimetre, genre: GenreAAF, jour: date, dossier: Path) -> Export:
    """Write the files of an AAF export in a directory. Raises as ``write_aaf``."""
    suivi = _Suivi(genre)
    entete = entete_of(perimetre, genre, jour)
    chemins = aaf.write_directory(entete, suivi.watch(_stream(perimetre, genre, jour)), dossier)
    return suivi.close(dossier.name, [chemin.name for chemin in chemins])


def judge_aaf(perimetre: Perimetre, genre: GenreAAF, jour: date) -> Rapport:
    """What an ENT would swallow without a word in an AAF export. Raises RienAExporter when there is none."""
    return judge(_stream(perimetre, genre, jour), genre)


def _stream(perimetre: Perimetre, genre: GenreAAF, jour: date) -> Flux:
    check_jour(perimetre, jour)
    return stream_aaf(perimetre, genre, jour)


class _Suivi:
    """Judges and counts the operations of an export on their way to its files."""

    def __init__(self, genre: GenreAAF):
        self._genre = genre
        self._controleur = Controleur(genre)
        self._comptes: Counter[str] = Counter()

    def watch(self, flux: Flux) -> Iterator[tuple[CategorieAAF, Iterator[Operation]]]:
        """The same flux."""
        for categorie, operations in flux:
            yield categorie, self._count(self._controleur.watch(operations))

    def _count(self, operations: Iterable[Operation]) -> Iterator[Operation]:
        for operation in operations:
            nature = "" if self._genre == GenreAAF.COMPLET else f" {operation.nature.value}"
            self._comptes[f"{operation.categorie.value}{nature}"] += 1
            yield operation

    def close(self, nom: str, fichiers: list[str]) -> Export:
        self._controleur.finish()
        return Export(nom, report_of(self._controleur), fichiers, dict(self._comptes))


def write_gar(perimetre: Perimetre, jour: date, sortie: IO[bytes]) -> Export:
    """Write the archive of the GAR without what its rules take out.

    Raises:
        RienAExporter: there is no such export.
        ValueError: a document is not what the schema of the GAR wants; the message names nobody.
    """
    portee, fin = _read(perimetre, Relais.GAR, jour)
    export = Export(name_gar(perimetre, jour), Rapport())
    with gather(_conformes(perimetre, portee, fin, export), find_partages(portee)) as complet:
        export.md5 = gar.send_archive(perimetre.projet.identifiant_gar, _hour_gar(perimetre, jour), complet, sortie)
    return export


def judge_gar(perimetre: Perimetre, jour: date) -> Export:
    """The same without the archive: figures, and what the rules found. Raises RienAExporter when there is none."""
    portee, fin = _read(perimetre, Relais.GAR, jour)
    export = Export(name_gar(perimetre, jour), Rapport())
    for _ in _conformes(perimetre, portee, fin, export):
        pass
    return export


def name_gar(perimetre: Perimetre, jour: date) -> str:
    """The name that the GAR expects of an archive: that of the day, at the hour of the projet."""
    return f"{gar.name_archive(perimetre.projet.identifiant_gar, _hour_gar(perimetre, jour))}.tar.gz"


def _hour_gar(perimetre: Perimetre, jour: date) -> datetime:
    return at_hour(jour, perimetre.projet.heure_gar, ZoneInfo(perimetre.academie.fuseau))


def _conformes(perimetre: Perimetre, portee: Portee, fin: datetime, export: Export) -> Iterator[ExportGAR]:
    """Each school as it can be sent; what was found is noted on ``export``."""
    for ecole in _schools(perimetre, portee):
        gardes, rapport, ecartes = keep_gar(make_gar(restrict(portee, ecole.pk), ecole, fin))
        export.ecartes += ecartes
        for nom, nombre in count_gar(gardes).items():
            export.comptes[nom] = export.comptes.get(nom, 0) + nombre
        for trouvees in rapport:
            for ligne in trouvees.lignes:
                export.rapport.add(trouvees.regle, *ligne)
            export.rapport.trouvailles[trouvees.regle.code].nombre += trouvees.autres
        yield gardes


def keep_gar(export: ExportGAR) -> tuple[ExportGAR, Rapport, int]:
    """An export as it can be sent, what the rules found, and how many records they took out."""
    entier = export.freeze()
    gardes, constats = keep_conforme(entier)
    rapport = Rapport()
    for constat in constats:
        genre = type(constat.enregistrement).__name__.removesuffix("GAR")
        rapport.add(constat.regle, genre, constat.objet, constat.message)
    return gardes, rapport, sum(count_gar(entier).values()) - sum(count_gar(gardes).values())


def count_gar(export: ExportGAR) -> Comptes:
    """How many records of each kind; the export must be frozen."""
    comptes: dict[str, Any] = {champ.name: getattr(export, champ.name) for champ in fields(export)}
    return {nom: len(enregistrements) for nom, enregistrements in comptes.items()}


@dataclass
class ExportMoodle(Export):
    """The two CSV of Moodle."""

    cohortes: bytes = b""
    membres: bytes = b""


def write_moodle(perimetre: Perimetre, jour: date) -> ExportMoodle:
    """The CSV of the cohortes and that of their members.

    Raises:
        RienAExporter: there is no such export.
        ValueError: Moodle would create nothing from these cohortes; the message says why.
    """
    portee, fin = _read(perimetre, Relais.MOODLE, jour)
    membres = merge_membres(
        membre
        for ecole in _schools(perimetre, portee)
        for membre in stream_membres(restrict(portee, ecole.pk), ecole, fin)
    )
    cohortes = list_cohortes(membres)
    return ExportMoodle(
        f"moodle_{perimetre.mot}_{jour:%Y%m%d}",
        Rapport(),
        [f"{quoi}_{perimetre.mot}_{jour:%Y%m%d}.csv" for quoi in ("cohortes", "membres")],
        {"cohortes": len(cohortes), "membres": len(membres)},
        cohortes=moodle.write_cohortes(map(_name_cohorte, cohortes)),
        membres=moodle.write_membres(map(_name_membre, membres)),
    )


def _name_cohorte(cohorte: Cohorte) -> CohorteMoodle:
    return CohorteMoodle(_name(cohorte), _key(cohorte), category_idnumber=cohorte.siren)


def _name_membre(membre: Membre) -> MembreMoodle:
    return MembreMoodle(membre.login, membre.prenom, membre.nom, "", tuple(map(_key, membre.cohortes)))


def _key(cohorte: Cohorte) -> str:
    return moodle.make_idnumber(cohorte.uai, _name(cohorte))


_NOMS = {
    GenreCohorte.ELEVES_DIVISION: moodle.name_eleves_division,
    GenreCohorte.PROFS_DIVISION: moodle.name_profs_division,
    GenreCohorte.ELEVES_GROUPE: moodle.name_eleves_groupe,
}


def _name(cohorte: Cohorte) -> str:
    if cohorte.genre == GenreCohorte.PROFS_ETABLISSEMENT:
        return moodle.name_profs_etablissement(cohorte.uai)
    return _NOMS[cohorte.genre](cohorte.code)


def explain_absence(perimetre: Perimetre, relais: Relais, jour: date) -> str:
    """Why a relay has nothing to export for a day; ``""`` when it has."""
    try:
        _read(perimetre, relais, jour)
    except RienAExporter as exc:
        return str(exc)
    return ""


def _read(perimetre: Perimetre, relais: Relais, jour: date) -> tuple[Portee, datetime]:
    """What a relay showed at the end of a day, and that instant."""
    check_jour(perimetre, jour)
    portee = read_portee(perimetre, relais, jour)
    return portee, datetime.combine(jour, time.max, ZoneInfo(perimetre.academie.fuseau))


def _schools(perimetre: Perimetre, portee: Portee) -> Iterator[Etablissement]:
    return (ecole for ecole in perimetre.ecoles if ecole.pk in portee.instants)

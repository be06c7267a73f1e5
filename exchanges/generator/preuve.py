"""The proof: a school is written, read back and judged by the whole catalogue; what is found is what was planted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO

from exchanges.generator.ecoles import Ecole
from exchanges.generator.faits import Faute
from exchanges.generator.files import render_ecole
from exchanges.parsers import read, read_depot
from exchanges.parsers.records import Fichier, FichierElegroupe
from exchanges.rules import catalogue
from exchanges.rules.base import Anomalie
from exchanges.rules.coherence import check_coherence
from exchanges.rules.dossier import check_regles, read_base
from exchanges.rules.lecture import check_lecture, check_materiel
from exchanges.rules.referentiel import referentiel_from_files
from exchanges.rules.verdict import check_elegroupe


@dataclass(frozen=True, slots=True)
class Bilan:
    """What was found in a school beside what was planted in it.

    Attributes:
        attendues: the planted faults, and their consequences, of which a rule speaks.
        manquees: those of them that no anomaly names.
        justes: anomalies that name a planted fault.
        en_trop: anomalies that name neither a planted fault nor a fact of the school.
    """

    attendues: tuple[Faute, ...]
    manquees: tuple[Faute, ...]
    justes: tuple[Anomalie, ...]
    en_trop: tuple[Anomalie, ...]


def read_back(ecole: Ecole) -> list[Fichier]:
    """Every file of a school, written as its applications do, then parsed."""
    fichiers: list[Fichier] = []
    for nom, octets in render_ecole(ecole):
        if nom.endswith(".zip"):
            fichiers.append(read_depot(BytesIO(octets), nom).fichier)
        else:
            fichiers += [source.fichier for source in read(BytesIO(octets), nom)]
    return fichiers


def judge(fichiers: Iterable[Fichier], uai: str, annee: str) -> list[Anomalie]:
    """Apply the whole catalogue to the files of one school.

    Args:
        fichiers: exports and at most one élève-groupe deposit.
        uai: the school.
        annee: millésime of its base.
    """
    fichiers = list(fichiers)
    referentiel = referentiel_from_files(fichiers)
    depots = (fichier for fichier in fichiers if isinstance(fichier, FichierElegroupe))
    return [
        *check_coherence(fichiers, uai, annee),
        *(anomalie for fichier in fichiers for anomalie in check_lecture(fichier)),
        *check_materiel(referentiel),
        *check_regles(catalogue.DOSSIER, read_base(fichiers)),
        *(anomalie for depot in depots for anomalie in check_elegroupe(depot, referentiel).anomalies),
    ]


def compare(ecole: Ecole, anomalies: Iterable[Anomalie]) -> Bilan:
    """Sort the anomalies of a school by what was planted in it.

    Args:
        ecole: the school as generated.
        anomalies: what ``judge`` found in its files.
    """
    anomalies = tuple(anomalies)
    connus = {regle.code for regle in catalogue.all_regles()} - {"multi_inscription"}
    attendues = tuple(faute for faute in ecole.fautes if faute.code in connus)
    justes = tuple(anomalie for anomalie in anomalies if _is_among(anomalie, attendues))
    faits = _by_code(ecole.faits)
    en_trop = (a for a in anomalies if not _is_among(a, attendues) and not _is_among(a, faits.get(a.code, ())))
    return Bilan(
        attendues=attendues,
        manquees=tuple(faute for faute in attendues if not any(_names(a, faute) for a in justes)),
        justes=justes,
        en_trop=tuple(en_trop),
    )


def prove(ecole: Ecole) -> Bilan:
    """Write, read back, judge and compare one school."""
    return compare(ecole, judge(read_back(ecole), ecole.uai, ecole.annee))


def _by_code(fautes: Iterable[Faute]) -> dict[str, list[Faute]]:
    par_code: dict[str, list[Faute]] = {}
    for faute in fautes:
        par_code.setdefault(faute.code, []).append(faute)
    return par_code


def _is_among(anomalie: Anomalie, fautes: Iterable[Faute]) -> bool:
    return any(_names(anomalie, faute) for faute in fautes)


def _names(anomalie: Anomalie, faute: Faute) -> bool:
    """Whether an anomaly is that fault: same code, same object and same élève where the fault says them."""
    return (
        anomalie.code == faute.code
        and faute.objet in ("", anomalie.objet)
        and faute.eleve_id in ("", anomalie.eleve_id)
    )


def list_ecarts(bilan: Bilan) -> Iterator[str]:
    """One line for each fault missed and each anomaly too many."""
    for faute in bilan.manquees:
        yield _tell("manquée", faute.code, faute.objet, faute.eleve_id, faute.detail)
    for anomalie in bilan.en_trop:
        yield _tell("en trop", anomalie.code, anomalie.objet, anomalie.eleve_id, anomalie.message)


def _tell(*mots: str) -> str:
    return " | ".join(filter(None, mots))

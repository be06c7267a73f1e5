"""The files of one school given to a command: read, sorted, and what there is to say of them. No database."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from exchanges.enums import Gravite, TypeFichier
from exchanges.parsers import FichierRefuse, Source, check_annee, check_uai, read, read_depot
from exchanges.parsers.records import Fichier, FichierElegroupe, FichierEleves
from exchanges.parsers.swaps import explain_swap
from exchanges.rules import coherence, lecture
from exchanges.rules.base import Anomalie


# What each file is needed for (``domain.md``: one guide exports seven files of SIECLE, another six).
POUR_LE_VERDICT = {
    TypeFichier.ELEVES: "identifier les élèves ; sans lui, seule la forme du dépôt est vérifiée",
    TypeFichier.STRUCTURES: "savoir quels groupes SIECLE connaît, et pour quels MEF (GROUPE_A_01, GROUPE_B_02)",
    TypeFichier.COMMUN: "comparer les dates à l'année scolaire (ELEGRP_A_02, ELEGRP_A_03)",
    TypeFichier.STS_EDT: "dire si un groupe inconnu de SIECLE existe dans STS, donc où le corriger",
}
POUR_LA_BASE = {
    TypeFichier.ELEVES: "contrôler les fiches des élèves",
    TypeFichier.RESPONSABLES: "contrôler les fiches des responsables",
    TypeFichier.STRUCTURES: "comparer les divisions et les groupes de SIECLE à ceux des élèves et de STS",
    TypeFichier.COMMUN: "connaître l'année scolaire de l'établissement",
    TypeFichier.NOMENCLATURES: "contrôler les MEF et les matières",
    TypeFichier.GEOGRAPHIQUE: "contrôler les pays et les communes",
    TypeFichier.ETABLISSEMENTS: "nommer les établissements d'origine ; EDT se contente des six autres exports",
    TypeFichier.STS_EDT: "contrôler les structures, les services et les enseignants de STS",
    TypeFichier.EDT_STS: "comparer EDT à STS avant le prochain import",
}
_DEBUTS = {"sts_emp": TypeFichier.STS_EDT, "edt_vers_sts": TypeFichier.EDT_STS}  # how these two are named


@dataclass
class Dossier:
    """Files read together.

    Attributes:
        sources: every file that could be read.
        refus: those that could not, and the deposit when it is of another school or year.
        uai, annee: those asked for, else those of most files.
        depot: the élève-groupe file that counts, if any.
        autres: the other files that count: of this school and year, one of each type.
        anomalies: about the writing of the files and about their coherence.
        avis: French sentences about the choice of the files.
    """

    sources: list[Source]
    refus: list[FichierRefuse]
    uai: str = ""
    annee: str = ""
    depot: FichierElegroupe | None = None
    autres: list[Fichier] = field(default_factory=list)
    anomalies: list[Anomalie] = field(default_factory=list)
    avis: list[str] = field(default_factory=list)

    @property
    def etablissements(self) -> dict[str, int]:
        """How many files each établissement has, those of the most files first."""
        return dict(Counter(_non_empty(s.fichier.entete.uai for s in self.sources)).most_common())

    @property
    def bases_eleves(self) -> list[tuple[str, FichierEleves]]:
        """The Élèves exports of every établissement for this year, to look for an élève in two of them."""
        fichiers = [source.fichier for source in self.sources]
        return [(f.entete.uai, f) for f in fichiers if isinstance(f, FichierEleves) and f.entete.annee == self.annee]

    @property
    def is_refuse(self) -> bool:
        """Whether a file was refused, by its reading or by a rule."""
        return bool(self.refus) or any(anomalie.gravite == Gravite.BLOQUANTE for anomalie in self.anomalies)

    @property
    def manques(self) -> dict[TypeFichier, str]:
        """The files that are missing, each with what it would be for."""
        presents = {fichier.entete.type for fichier in self.autres}
        utiles = POUR_LE_VERDICT if self.depot else POUR_LA_BASE
        return {type_fichier: pour for type_fichier, pour in utiles.items() if type_fichier not in presents}


def read_dossier(chemins: Iterable[str], uai: str = "", annee: str = "") -> Dossier:
    """Read files in any order; what cannot be used is kept as a refusal.

    Args:
        chemins: paths of ``.xml`` and ``.zip`` files.
        uai, annee: what the files should be of; by default what most of them are of.
    """
    dossier = Dossier(*_read_all(chemins))
    fichiers = [source.fichier for source in dossier.sources]
    depots = [fichier for fichier in fichiers if isinstance(fichier, FichierElegroupe)]
    autres = [fichier for fichier in fichiers if not isinstance(fichier, FichierElegroupe)]
    dossier.uai = uai.strip().upper() or _most(f.entete.uai for f in (*autres, *depots))
    siens = [f for f in (*autres, *depots) if f.entete.uai == dossier.uai]
    dossier.annee = annee or _most(f.entete.annee for f in siens or fichiers)
    dossier.avis = [*_about_etablissements(dossier), *_about_swaps(dossier.sources)]
    dossier.depot = _keep_latest(depots, dossier)
    if dossier.depot and (refus := _refus_du_depot(dossier.depot, dossier.uai, dossier.annee)):
        dossier.refus.append(refus)
    dossier.autres = _sort_out(autres, dossier)
    situes = [fichier for fichier in autres if fichier.entete.uai]
    dossier.anomalies = [anomalie for fichier in fichiers for anomalie in lecture.check_lecture(fichier)]
    dossier.anomalies += coherence.check_coherence(situes, dossier.uai, dossier.annee)
    return dossier


def count_rows(fichier: Fichier) -> dict[str, int]:
    """How many rows of each kind a file holds, by the name of its field; those that it has not are left out."""
    valeurs = {nom: getattr(fichier, nom) for nom in fichier.__dataclass_fields__ if nom != "remarques"}
    comptes = {nom: len(valeur) for nom, valeur in valeurs.items() if isinstance(valeur, tuple)}
    if "nombre_cours" in valeurs:
        comptes["cours"] = valeurs["nombre_cours"]
    return comptes


def _read_all(chemins: Iterable[str]) -> tuple[list[Source], list[FichierRefuse]]:
    sources: list[Source] = []
    refus: list[FichierRefuse] = []
    for chemin in map(Path, chemins):
        try:
            with chemin.open("rb") as flux:
                sources += _read_one(flux, chemin.name)
        except FichierRefuse as exc:
            refus.append(exc)
        except OSError:
            refus.append(
                FichierRefuse(
                    "fichier_introuvable", f"{chemin} ne peut pas être ouvert.", "Vérifiez le chemin du fichier."
                )
            )
    return sources, refus


def _read_one(flux: BinaryIO, nom: str) -> tuple[Source, ...]:
    """A bare élève-groupe XML cannot be deposited: SIECLE wants the ZIP."""
    sources = read(flux, nom)
    if any(s.fichier.entete.type == TypeFichier.ELEGROUPE for s in sources) and not nom.lower().endswith(".zip"):
        return (read_depot(flux, nom),)
    return sources


def _refus_du_depot(depot: FichierElegroupe, uai: str, annee: str) -> FichierRefuse | None:
    try:
        check_uai(uai, depot.entete)
        check_annee(annee, depot.entete)
    except FichierRefuse as exc:
        return exc
    return None


def _non_empty(valeurs: Iterable[str]) -> list[str]:
    return [valeur for valeur in valeurs if valeur]


def _most(valeurs: Iterable[str]) -> str:
    """The most frequent value, the first of those that are as frequent; ``""`` for none."""
    compte = Counter(_non_empty(valeurs)).most_common(1)
    return compte[0][0] if compte else ""


def _sort_out(autres: Sequence[Fichier], dossier: Dossier) -> list[Fichier]:
    """Of this school and year, the latest of each type. A file that does not say its school is taken at its word."""
    siens = [f for f in autres if f.entete.uai in ("", dossier.uai) and f.entete.annee in ("", dossier.annee)]
    par_type: dict[TypeFichier, list[Fichier]] = {}
    for fichier in siens:
        par_type.setdefault(fichier.entete.type, []).append(fichier)
    return [_keep_latest(groupe, dossier) for groupe in par_type.values()]


def _keep_latest(fichiers, dossier: Dossier):
    """The latest of several files of one type, said; ``None`` for none."""
    if not fichiers:
        return None
    garde = max(enumerate(fichiers), key=lambda paire: (str(paire[1].entete.horodatage or ""), paire[0]))[1]
    if len(fichiers) > 1:
        nom = next(source.nom for source in dossier.sources if source.fichier is garde)
        dossier.avis.append(
            f"{garde.entete.type.libelle} : {len(fichiers)} fichiers ont été donnés, « {nom} » a été retenu."
        )
    return garde


def _about_etablissements(dossier: Dossier) -> list[str]:
    if len(dossier.etablissements) < 2:
        return []
    noms = ", ".join(f"{uai} ({nombre})" for uai, nombre in dossier.etablissements.items())
    return [
        f"Des fichiers de {len(dossier.etablissements)} établissements ont été donnés : {noms}. Le contrôle porte sur "
        f"{dossier.uai} ; contrôlez les autres à part (choisissez avec --uai)."
    ]


def _about_swaps(sources: Sequence[Source]) -> list[str]:
    """STS_EDT and EDT_STS are mirror images: said when a name says one and the file is the other, or one is alone."""
    types = {source.fichier.entete.type for source in sources}
    is_seul = TypeFichier.EDT_STS in types and TypeFichier.STS_EDT not in types
    return [
        f"« {source.nom} » : {' '.join(explain_swap(source.fichier.entete))}"
        for source in sources
        if _is_misnamed(source) or (is_seul and source.fichier.entete.type == TypeFichier.EDT_STS)
    ]


def _is_misnamed(source: Source) -> bool:
    trouve = source.fichier.entete.type
    return any(
        source.nom.lower().startswith(debut) and trouve != attendu and trouve in _DEBUTS.values()
        for debut, attendu in _DEBUTS.items()
    )

"""Reading the files of a batch: which may be loaded for this school, which are refused, what there is to say.

Nothing is written here; ``chargements`` compares and applies what this module returns.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from exchanges.enums import EtatChargement, TypeFichier
from exchanges.importer.fichiers import find_oversize, is_loadable
from exchanges.models import Etablissement, FichierCharge
from exchanges.parsers import Source, explain_swap, read
from exchanges.parsers.errors import FichierRefuse
from exchanges.parsers.records import Fichier, FichierEDT
from exchanges.propagation.horloge import Horloge
from exchanges.rules import catalogue, coherence, lecture
from exchanges.rules.base import Anomalie, regle_de
from exchanges.rules.dossier import check_regles, read_base


ANNEE = re.compile(r"20\d\d", re.ASCII)


@dataclass(frozen=True)
class Refus:
    """A file that was refused, with the sentence and what to do."""

    nom: str
    code: str
    message: str
    action: str

    @property
    def is_sans_gravite(self) -> bool:
        """Whether nobody has anything to repair: the file is right, it only has nothing to load here."""
        return self.code in _SANS_GRAVITE


_SANS_GRAVITE = frozenset({"elegroupe", "sans_objet", "fichier_en_double"})
_SANS_OBJET = frozenset({TypeFichier.GEOGRAPHIQUE, TypeFichier.ETABLISSEMENTS})


@dataclass
class Lot:
    """Files read together: those that count, those that were refused, what there is to say."""

    sources: list[tuple[str, Source]] = field(default_factory=list)  # (name of the file handed in, what it holds)
    refus: list[Refus] = field(default_factory=list)
    anomalies: list[Anomalie] = field(default_factory=list)
    annee: str = ""

    @property
    def fichiers(self) -> list[Fichier]:
        """The records of the files that count."""
        return [source.fichier for _, source in self.sources]


def read_lot(etablissement: Etablissement, fichiers: Iterable[tuple[str, BinaryIO]]) -> Lot:
    """Read files handed in together and say which may be loaded for this school.

    A file that cannot be read, belongs to another school or another year, or is not of those that are loaded
    (an élève-groupe ZIP, a PRIVE…), is refused with its reason; the others go on.
    """
    lot = Lot()
    for nom, flux in fichiers:
        try:
            lot.sources += [(nom, source) for source in read(flux, nom)]
        except FichierRefuse as exc:
            lot.refus.append(Refus(nom, exc.code, exc.message, exc.action))
    lot.annee = _annee(etablissement, lot.fichiers)
    _refuse_strangers(lot, etablissement)
    _keep_latest(lot)
    lot.anomalies = [
        *(anomalie for f in lot.fichiers for anomalie in lecture.check_lecture(f)),
        *coherence.check_coherence(lot.fichiers, etablissement.uai, lot.annee),
        *_plus_anciens(etablissement, lot.fichiers),
        *check_regles(catalogue.DOSSIER, read_base(lot.fichiers)),
    ]
    return lot


def _annee(etablissement: Etablissement, fichiers: Sequence[Fichier]) -> str:
    """The batch's year: the base's own, unless all files agree on a later one (change of school year).

    EDT's file follows the year of the others: alone, it opens one only for a school that has none.
    """
    siens = [f for f in fichiers if is_loadable(f) and f.entete.uai == etablissement.uai]
    annees = {f.entete.annee for f in siens if not isinstance(f, FichierEDT) and ANNEE.fullmatch(f.entete.annee)}
    if not etablissement.annee:
        annees = annees or {f.entete.annee for f in siens if ANNEE.fullmatch(f.entete.annee)}
        return max(annees, default="")
    if len(annees) == 1 and max(annees) > etablissement.annee:
        return max(annees)
    return etablissement.annee


def _refuse_strangers(lot: Lot, etablissement: Etablissement) -> None:
    gardees = []
    for nom, source in lot.sources:
        refus = _refus(nom, source.fichier, etablissement, lot.annee)
        if refus:
            lot.refus.append(refus)
        else:
            gardees.append((nom, source))
    lot.sources = gardees


def _refus(nom: str, fichier: Fichier, etablissement: Etablissement, annee: str) -> Refus | None:
    entetes = [fichier.entete]
    if not is_loadable(fichier):
        return Refus(nom, _code_sans_chargement(fichier.entete.type), *explain_swap(fichier.entete))
    for regle, occurrences in (
        (
            coherence.fichier_autre_etablissement,
            coherence.fichier_autre_etablissement(entetes, etablissement.uai),
        ),
        (coherence.fichier_autre_annee, coherence.fichier_autre_annee(entetes, annee)),
    ):
        for _, message in occurrences:
            return Refus(nom, regle_de(regle).code, message, regle_de(regle).conseil)
    return _refus_oversize(nom, fichier)


def _refus_oversize(nom: str, fichier: Fichier) -> Refus | None:
    trouve = find_oversize(fichier)
    if trouve is None:
        return None
    champ, valeur, limite = trouve
    return Refus(
        nom,
        "valeur_trop_longue",
        f"{fichier.entete.type.libelle} : une valeur est plus longue que dans aucun export réel, "
        f"{champ} ({len(valeur)} caractères, {limite} au plus) : « {valeur[:40]}… ».",
        "Corrigez cette donnée dans l'application d'origine, puis refaites l'export.",
    )


def _code_sans_chargement(type_fichier: TypeFichier) -> str:
    if type_fichier == TypeFichier.ELEGROUPE:
        return "elegroupe"
    return "sans_objet" if type_fichier in _SANS_OBJET else "rien_a_charger"


def _keep_latest(lot: Lot) -> None:
    """Of several files of one type, the latest export counts; the others are said."""
    retenus: dict[TypeFichier, tuple[str, Source]] = {}
    dates = sorted(lot.sources, key=lambda paire: str(paire[1].fichier.entete.horodatage or ""))
    for nom, source in dates:
        entete = source.fichier.entete
        if entete.type in retenus:
            ecarte = retenus[entete.type][0]
            lot.refus.append(
                Refus(
                    ecarte,
                    "fichier_en_double",
                    f"{entete.type.libelle} : deux fichiers ont été donnés, « {nom} » a été retenu.",
                    "Rien à faire si c'est bien le plus récent.",
                )
            )
        retenus[entete.type] = (nom, source)
    lot.sources = list(retenus.values())


def _plus_anciens(etablissement: Etablissement, fichiers: Sequence[Fichier]) -> list[Anomalie]:
    horloge = Horloge(etablissement.academie)
    precedents = {
        type_fichier: horodatage.astimezone(horloge.fuseau).replace(tzinfo=None)
        for type_fichier, horodatage in FichierCharge.objects.filter(
            chargement__etablissement=etablissement,
            chargement__etat=EtatChargement.APPLIQUE,
            horodatage__isnull=False,
        )
        .order_by("horodatage")
        .values_list("type", "horodatage")
    }
    return coherence.check_anciennete([f.entete for f in fichiers], precedents)

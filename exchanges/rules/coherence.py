"""Do the files of one batch belong together? Same school, same year, same day (``formats/siecle.md`` §1.2)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from exchanges.enums import Gravite, TypeFichier
from exchanges.parsers.records import Entete, Fichier
from exchanges.rules.base import Anomalie, regle_de, rule


EXPORTS_BEE = frozenset(type_fichier for type_fichier in TypeFichier if type_fichier.startswith("BEE_"))
ECART_TOLERE = timedelta(days=1)


@rule("fichier_autre_etablissement", "FICHIERS", Gravite.BLOQUANTE)
def fichier_autre_etablissement(entetes: Sequence[Entete], uai: str) -> Iterator[tuple[Entete, str]]:
    """Le fichier vient d'un autre établissement.

    Il n'est pas pris en compte. Refaites l'export en étant connecté au bon établissement.
    """
    for entete in entetes:
        if entete.uai != uai:
            yield entete, f"{entete.type.libelle} : le fichier est celui de {entete.uai}, pas de {uai}."


@rule("fichier_autre_annee", "FICHIERS", Gravite.BLOQUANTE)
def fichier_autre_annee(entetes: Sequence[Entete], annee: str) -> Iterator[tuple[Entete, str]]:
    """Le fichier est d'une autre année scolaire.

    SIECLE tient deux bases à partir du mois de mai (année en cours et année en préparation). Choisissez la bonne
    année à la connexion, puis refaites l'export.
    """
    for entete in entetes:
        if entete.annee != annee:
            yield (
                entete,
                f"{entete.type.libelle} : le fichier est de l'année {entete.annee}, la base de l'année {annee}.",
            )


@rule("exports_de_dates_differentes", "FICHIERS", Gravite.AVERTISSEMENT)
def exports_de_dates_differentes(entetes: Sequence[Entete]) -> Iterator[tuple[Entete, str]]:
    """Les exports de SIECLE n'ont pas été faits le même jour.

    Un élève ou un groupe créé entre deux exports manque dans le plus ancien. Refaites tous les exports le même jour.
    """
    dates = {e.type: e.horodatage for e in entetes if e.type in EXPORTS_BEE and e.horodatage}
    if not dates:
        return
    dernier = max(dates.values())
    for entete in entetes:
        if entete.type in dates and entete.horodatage and dernier - entete.horodatage > ECART_TOLERE:
            yield (
                entete,
                f"{entete.type.libelle} : export du {entete.horodatage:%d/%m/%Y}, alors que le plus récent des autres "
                f"est du {dernier:%d/%m/%Y}.",
            )


@rule("export_plus_ancien", "FICHIERS", Gravite.AVERTISSEMENT)
def export_plus_ancien(entetes: Sequence[Entete], precedents: Mapping[str, datetime]) -> Iterator[tuple[Entete, str]]:
    """Le fichier est plus ancien que celui qui a déjà été chargé.

    Ce qui a changé entre les deux reviendrait en arrière. Refaites l'export dans SIECLE et chargez-le à la place.
    """
    for entete in entetes:
        precedent = precedents.get(entete.type)
        if precedent and entete.horodatage and entete.horodatage < precedent:
            yield (
                entete,
                f"{entete.type.libelle} : export du {entete.horodatage:%d/%m/%Y à %H:%M}, plus ancien que celui déjà "
                f"chargé ({precedent:%d/%m/%Y à %H:%M}).",
            )


def check_anciennete(entetes: Sequence[Entete], precedents: Mapping[str, datetime]) -> list[Anomalie]:
    """Which files are older than those already loaded.

    Args:
        entetes: headers of the batch.
        precedents: by file type, the latest HORODATAGE loaded (naive, local).
    """
    regle = regle_de(export_plus_ancien)
    return [
        Anomalie(regle=regle, message=message, action=regle.conseil, objet=entete.type)
        for entete, message in export_plus_ancien(entetes, precedents)
    ]


def check_coherence(fichiers: Sequence[Fichier], uai: str, annee: str) -> list[Anomalie]:
    """Judge a batch of parsed files together.

    Args:
        fichiers: the files of one batch.
        uai: the établissement they are loaded for.
        annee: millésime of its base.
    """
    entetes = [fichier.entete for fichier in fichiers]
    constats = (
        (fichier_autre_etablissement, fichier_autre_etablissement(entetes, uai)),
        (fichier_autre_annee, fichier_autre_annee(entetes, annee)),
        (exports_de_dates_differentes, exports_de_dates_differentes(entetes)),
    )
    return [
        Anomalie(regle=regle_de(regle), message=message, action=regle_de(regle).conseil, objet=entete.type)
        for regle, occurrences in constats
        for entete, message in occurrences
    ]

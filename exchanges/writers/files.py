"""Write a Fichier as the XML or the ZIP that the applications exchange."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import IO, Any

from exchanges.parsers.records import (
    Fichier,
    FichierCommun,
    FichierEDT,
    FichierElegroupe,
    FichierEleves,
    FichierEmploiDuTemps,
    FichierEtablissements,
    FichierGeographique,
    FichierNomenclatures,
    FichierPrive,
    FichierResponsables,
    FichierStructures,
    FichierSTS,
)
from exchanges.writers import bee, edt, elegroupe, emploi_du_temps, lieux, prive, sts
from exchanges.writers.xml import BEE, Document, open_document


_ECRIVAINS: dict[type, Callable[[Document, Any], None]] = {
    FichierEleves: bee.write_eleves,
    FichierResponsables: bee.write_responsables,
    FichierStructures: bee.write_structures,
    FichierCommun: bee.write_commun,
    FichierNomenclatures: bee.write_nomenclatures,
    FichierSTS: sts.write_sts,
    FichierEDT: edt.write_edt,
    FichierElegroupe: elegroupe.write_elegroupe,
    FichierGeographique: lieux.write_geographique,
    FichierEtablissements: lieux.write_etablissements,
    FichierEmploiDuTemps: emploi_du_temps.write_emploi_du_temps,
    FichierPrive: prive.write_prive,
}
_IMPORTS = (FichierElegroupe, FichierPrive)  # what private software gives to SIECLE


def write(fichier: Fichier, sortie: IO[bytes], encoding: str = "") -> None:
    """Write the XML of any Fichier, in the shape and, unless told otherwise, the encoding of the application.

    A character that ``encoding`` has not becomes ``?`` as SIECLE does, except in an ELEGROUPE or PRIVE file, where
    it is kept as a numeric reference: a name must not be damaged on its way in. What the records do not hold (unknown
    elements, remarks) is not written; an ELEGROUPE file is always written in schema 1.4, a PRIVE one in 3.1.

    Raises ValueError for a text that XML cannot hold (control characters), an ELEGROUPE file without élève.
    """
    encoding = encoding or ("UTF-8" if isinstance(fichier, FichierEmploiDuTemps) else BEE)
    remplace = not isinstance(fichier, _IMPORTS)
    with open_document(sortie, encoding, remplace) as document:
        _ECRIVAINS[type(fichier)](document, fichier)


def write_zip(nom_xml: str, fichier: Fichier) -> bytes:
    """The bytes of an ``ExportXML_<X>.zip`` holding exactly one XML called ``nom_xml``."""
    return _zip(nom_xml, fichier, fichier.entete.horodatage)


def write_depot(fichier: FichierElegroupe | FichierPrive, horodatage: datetime) -> tuple[str, bytes]:
    """A deposit ready for SIECLE: ``<UAI>ELEGROUPE<AAAA><AAMMJJhhmmss>.zip`` (or PRIVE) and its bytes.

    The XML inside has the same name; UAI and year come from the entete (``formats/siecle.md`` §3.1, §4).

    Raises ValueError when there is no date or no élève to write.
    """
    entete = fichier.entete
    flux = "PRIVE" if isinstance(fichier, FichierPrive) else "ELEGROUPE"
    racine = f"{entete.uai}{flux}{entete.annee}{horodatage:%y%m%d%H%M%S}"
    return f"{racine}.zip", _zip(f"{racine}.xml", fichier, horodatage)


def _zip(nom_xml: str, fichier: Fichier, quand: datetime | None) -> bytes:
    info = zipfile.ZipInfo(nom_xml, (quand or datetime(1980, 1, 1)).timetuple()[:6])  # noqa: DTZ001 - ZIP is local
    info.compress_type = zipfile.ZIP_DEFLATED
    memoire = io.BytesIO()
    with zipfile.ZipFile(memoire, "w") as archive, archive.open(info, "w") as sortie:
        write(fichier, sortie)
    return memoire.getvalue()

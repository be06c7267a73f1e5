"""What the two files that private software gives to SIECLE have in common: their name and their PARAMETRES.

``IMPORT_ELEVES`` is the root of both ELEGROUPE and PRIVE (``formats/siecle.md`` §3.1, §3.3, §4).
"""

import re
from dataclasses import dataclass
from datetime import datetime

from exchanges.enums import TypeFichier
from exchanges.parsers.headers import check_complete
from exchanges.parsers.records import Entete
from exchanges.parsers.shape import bloc, first, textes
from exchanges.parsers.xml import Content


PARAMETRES = bloc(textes("UAJ ANNEE_SCOLAIRE DATE_IMPORT NUM_ENVOI LOGICIEL"))
NOM = re.compile(r"(?P<uai>\d{7}[A-Z])(?P<flux>ELEGROUPE|PRIVE)(?P<annee>\d{4})(?P<horodatage>\d{12})", re.ASCII)
SUFFIXE_NAVIGATEUR = re.compile(r"[ _]?(\(\d+\)|- ?copie.*|copy.*)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NomDepot:
    """What the name of a deposit says. ``horodatage`` is ``None`` when its 12 digits are no date."""

    uai: str
    annee: str
    horodatage: datetime | None


def parse_nom(racine: str, flux: str = "ELEGROUPE") -> NomDepot | None:
    """Read ``<UAI>ELEGROUPE<AAAA><AAMMJJhhmmss>``, the name without extension; ``None`` if malformed (§3.1).

    Args:
        flux: ``PRIVE`` for the full import of pupils, named alike (§4).
    """
    trouve = NOM.fullmatch(racine)
    if not trouve or trouve["flux"] != flux:
        return None
    try:
        horodatage = datetime.strptime(trouve["horodatage"], "%y%m%d%H%M%S")  # noqa: DTZ007 - local time
    except ValueError:
        horodatage = None
    return NomDepot(trouve["uai"], trouve["annee"], horodatage)


def make_entete(content: Content, type_fichier: TypeFichier, nom: NomDepot | None) -> Entete:
    """The Entete of either file; ``nom`` is what the name says, ``None`` when it is not a deposit's name.

    Raises FichierRefuse entete_incomplete.
    """
    parametres = first(content.racine, "PARAMETRES")
    entete = Entete(
        type=type_fichier,
        uai=parametres.get("UAJ", ""),
        annee=parametres.get("ANNEE_SCOLAIRE", ""),
        version=content.racine.get("@VERSION", ""),
        horodatage=nom.horodatage if nom else None,
        logiciel=parametres.get("LOGICIEL", ""),
    )
    check_complete(entete.type, entete.uai, entete.annee)
    return entete

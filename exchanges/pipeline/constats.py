"""Keep the work lists true: judged once when facts change, inside the transaction that changes them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from exchanges.enums import EtatChargement, TypeFichier
from exchanges.models import Constat, Etablissement, FichierCharge, SuiviConstats
from exchanges.parsers import read
from exchanges.parsers.errors import FichierRefuse
from exchanges.parsers.records import Fichier, FichierResponsables
from exchanges.pipeline import stockage
from exchanges.pipeline.compteurs import refresh_compteurs
from exchanges.pipeline.depots import lock
from exchanges.reports.base import read_base, read_structures
from exchanges.reports.constats import (
    CODES_AVEC_RESPONSABLES,
    FICHES_A_COMPLETER,
    NOMS_DE_GROUPES,
    judge,
    judge_groupes,
)


_CLE = ("code", "eleve", "responsable", "autre", "objet")
_CONTENU = ("liste", "gravite", "nom", "autre_nom", "division", "login", "confiance", "message", "action")


@dataclass
class Ecart:
    """What separates the findings kept from those that the facts give now.

    ``has_responsables`` is false when the findings that need the Responsables export could not be judged again.
    """

    nouveaux: list[Constat] = field(default_factory=list)
    modifies: list[Constat] = field(default_factory=list)
    repares: list[Constat] = field(default_factory=list)
    has_responsables: bool = True

    @property
    def is_vide(self) -> bool:
        """The findings kept are right."""
        return not (self.nouveaux or self.modifies or self.repares)


def refresh_constats(etablissement: Etablissement, instant: datetime, fichiers: Sequence[Fichier] = ()) -> None:
    """Judge again what the facts may have changed, inside the caller's transaction.

    Args:
        etablissement: the school, locked, its version up to date.
        instant: since when a new finding holds.
        fichiers: the files just loaded: the Responsables export holds more than the database keeps of it.

    When no fact of the referentiel changed and no Responsables export is given (a night), only the names of groupes
    are judged again: the deposit brought new ones.
    """
    responsables = next((f for f in fichiers if isinstance(f, FichierResponsables)), None)
    is_a_jour = SuiviConstats.objects.filter(
        etablissement=etablissement, version_referentiel=etablissement.version_referentiel
    ).exists()
    if is_a_jour and responsables is None:
        connus = etablissement.constats.filter(liste=NOMS_DE_GROUPES)
        ecart = _compare(connus, judge_groupes(read_structures(etablissement)))
    else:
        ecart = _judge_all(etablissement, responsables)
    _write(etablissement, ecart, instant)


def find_ecart(etablissement: Etablissement) -> Ecart:
    """Judge everything again, from the database and the last Responsables export when it is still stored."""
    return _judge_all(etablissement, _read_responsables(etablissement))


def rebuild_constats(etablissement: Etablissement, instant: datetime) -> Ecart:
    """Make the findings right whatever they were, and say what was wrong."""
    with transaction.atomic():
        etablissement = lock(etablissement)
        ecart = find_ecart(etablissement)
        _write(etablissement, ecart, instant)
        refresh_compteurs(etablissement, instant)
    return ecart


def _judge_all(etablissement: Etablissement, responsables: FichierResponsables | None) -> Ecart:
    connus = list(etablissement.constats.all())
    base = read_base(etablissement, responsables)
    voulus = judge(etablissement, base, has_responsables=responsables is not None)
    if responsables is None:
        scolarises = {eleve.eleve_id for eleve in base.scolarises}
        connus = [constat for constat in connus if not _still_holds(constat, scolarises)]
    ecart = _compare(connus, voulus)
    ecart.has_responsables = responsables is not None
    return ecart


def _still_holds(constat: Constat, scolarises: set[str]) -> bool:
    """Whether a finding about responsables is kept as it is: it is not judged without their export."""
    if constat.code not in CODES_AVEC_RESPONSABLES:
        return False
    return constat.liste != FICHES_A_COMPLETER or constat.eleve in scolarises


def _compare(connus: Iterable[Constat], voulus: Iterable[Constat]) -> Ecart:
    """By key, then by content; a finding that still holds keeps its ``depuis``."""
    ecart = Ecart()
    restants = {_values(constat, _CLE): constat for constat in connus}
    for voulu in {_values(constat, _CLE): constat for constat in voulus}.values():
        connu = restants.pop(_values(voulu, _CLE), None)
        if connu is None:
            ecart.nouveaux.append(voulu)
        elif _values(connu, _CONTENU) != _values(voulu, _CONTENU):
            for champ in _CONTENU:
                setattr(connu, champ, getattr(voulu, champ))
            ecart.modifies.append(connu)
    ecart.repares = list(restants.values())
    return ecart


def _values(constat: Constat, champs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(getattr(constat, champ) for champ in champs)


def _write(etablissement: Etablissement, ecart: Ecart, instant: datetime) -> None:
    for constat in ecart.nouveaux:
        constat.etablissement, constat.depuis = etablissement, instant
    Constat.objects.filter(pk__in=[constat.pk for constat in ecart.repares]).delete()
    Constat.objects.bulk_update(ecart.modifies, _CONTENU, batch_size=500)
    Constat.objects.bulk_create(ecart.nouveaux, batch_size=500)
    SuiviConstats.objects.update_or_create(
        etablissement=etablissement, defaults={"version_referentiel": etablissement.version_referentiel}
    )


def _read_responsables(etablissement: Etablissement) -> FichierResponsables | None:
    """The Responsables export loaded last, from its stored bytes; ``None`` when they are purged."""
    charge = (
        FichierCharge.objects.filter(
            chargement__etablissement=etablissement,
            chargement__etat=EtatChargement.APPLIQUE,
            type=TypeFichier.RESPONSABLES,
        )
        .order_by("chargement__applique_le", "pk")
        .last()
    )
    if charge is None:
        return None
    try:
        with stockage.open_stored(charge.chemin) as flux:
            sources = read(flux, charge.nom)
    except (FileNotFoundError, FichierRefuse):
        return None
    fichiers = [source.fichier for source in sources]
    return next((f for f in fichiers if isinstance(f, FichierResponsables)), None)

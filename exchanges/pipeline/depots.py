"""An élève-groupe deposit, until the night: judge, confirm, replace, give up.

The synchronous checks raise ``FichierRefuse``; then nothing is stored and no row exists.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.db import transaction
from django.db.models import Max

from exchanges.enums import EtatDepot, ModeDepot
from exchanges.importer import tables
from exchanges.importer.compare import LigneCourante, read_courants
from exchanges.importer.referentiel import read_referentiel
from exchanges.models import Depot, Etablissement, FicheEleve, Utilisateur
from exchanges.parsers import check_annee, check_uai, read_depot
from exchanges.parsers.errors import FichierRefuse
from exchanges.parsers.records import FichierElegroupe
from exchanges.pipeline import stockage
from exchanges.pipeline.compteurs import refresh_compteurs
from exchanges.propagation.horloge import Horloge
from exchanges.propagation.passages import cancel_night, plan_night
from exchanges.rules.verdict import Verdict, check_elegroupe


SEUIL_SUPPRESSIONS = 0.10


class ConfirmationRequise(Exception):
    """The deposit closes more links than the guard allows; somebody must confirm the figure."""

    def __init__(self, suppressions: int, avant: int):
        super().__init__(f"{suppressions} / {avant}")
        self.suppressions = suppressions
        self.avant = avant


class DepotPerime(Exception):
    """The deposit is no longer in the state that the action needs (somebody acted before)."""


@dataclass(frozen=True)
class Jugement:
    """A verdict with what it was made from."""

    verdict: Verdict
    fichier: FichierElegroupe
    liens: dict[tuple[str, str], LigneCourante]


def control_depot(
    etablissement: Etablissement, flux: BinaryIO, nom: str, utilisateur: Utilisateur | None, now: datetime
) -> Depot:
    """Run SIECLE's synchronous checks and keep the file as a draft; nothing is deposited yet.

    Args:
        flux: the ZIP, seekable.
        nom: the name it had on the user's machine.
        now: present instant of the établissement's académie.

    Raises:
        FichierRefuse: the file cannot be deposited; nothing was stored.
    """
    source = read_depot(flux, nom)
    check_uai(etablissement.uai, source.fichier.entete)
    if not FicheEleve.objects.courants().filter(etablissement=etablissement).exists():
        raise FichierRefuse(
            "export_eleves_manquant",
            f"Aucun élève n'est chargé pour {etablissement.denomination} : "
            "le fichier ne peut pas être comparé à SIECLE.",
            "Faites d'abord dans SIECLE l'export « Élèves sans adresses » (Exportations > En XML) et chargez-le ici "
            "avec Structures et Exports communs, puis déposez à nouveau le ZIP.",
        )
    check_annee(etablissement.annee, source.fichier.entete)
    with stockage.storing(etablissement, [flux]) as (chemin,):
        return Depot.objects.create(
            etablissement=etablissement,
            utilisateur=utilisateur,
            nom=Path(source.nom).stem,
            empreinte=source.empreinte,
            logiciel=source.fichier.entete.logiciel,
            chemin=chemin,
            controle_le=now,
        )


def judge_depot(depot: Depot) -> Jugement:
    """Say what SIECLE would do with a deposit if the night were now. Nothing is written.

    Raises:
        FichierRefuse: the stored bytes are no longer what they were.
        FileNotFoundError: the file has been purged.
    """
    with stockage.open_stored(depot.chemin) as flux:
        fichier = read_depot(flux, f"{depot.nom}.zip").fichier
    return judge(depot.etablissement, fichier)


def judge(etablissement: Etablissement, fichier: FichierElegroupe) -> Jugement:
    """Apply the rules to a parsed file against what the database holds now."""
    liens = read_courants(tables.LIENS_GROUPE, etablissement)
    verdict = check_elegroupe(fichier, read_referentiel(etablissement, liens))
    return Jugement(verdict, fichier, liens)


def needs_confirmation(verdict: Verdict) -> bool:
    """Whether the deposit would close more than 10 % of the school's links."""
    return verdict.part_close > SEUIL_SUPPRESSIONS


def confirm_depot(
    depot: Depot,
    utilisateur: Utilisateur | None,
    now: datetime,
    suppressions_confirmees: int | None = None,
    mode: ModeDepot = ModeDepot.MANUEL,
) -> Depot:
    """Deposit for the coming night; a pending deposit of the same school is replaced.

    Args:
        suppressions_confirmees: the figure that the user confirmed, when she was asked to.

    Raises:
        ConfirmationRequise: more than 10 % of the links would go and that figure was not confirmed.
        DepotPerime: the deposit is not a draft any more.
    """
    verdict = judge_depot(depot).verdict
    if needs_confirmation(verdict) and suppressions_confirmees != len(verdict.clos):
        raise ConfirmationRequise(len(verdict.clos), len(verdict.avant))
    with transaction.atomic():
        etablissement = lock(depot.etablissement)
        for pending in etablissement.depots.filter(etat=EtatDepot.DEPOSE):
            pending.etat = EtatDepot.REMPLACE
            pending.save(update_fields=["etat"])
            cancel_night(pending)
        changed = Depot.objects.filter(pk=depot.pk, etat=EtatDepot.CONTROLE).update(
            etat=EtatDepot.DEPOSE,
            depose_le=now,
            utilisateur=utilisateur,
            mode=mode,
            verdict=verdict.chiffres() | {"version_referentiel": etablissement.version_referentiel},
        )
        if not changed:
            raise DepotPerime
        depot.refresh_from_db()
        plan_night(depot)
        refresh_compteurs(etablissement, now)
    return depot


def abandon_depot(depot: Depot) -> None:
    """Give up a draft or a pending deposit: its bytes go, its line stays.

    Raises:
        DepotPerime: the night has begun, or somebody gave it up already.
    """
    with transaction.atomic():
        etablissement = lock(depot.etablissement)
        changed = Depot.objects.filter(pk=depot.pk, etat__in=[EtatDepot.CONTROLE, EtatDepot.DEPOSE]).update(
            etat=EtatDepot.ABANDONNE
        )
        if not changed:
            raise DepotPerime
        cancel_night(depot)
        refresh_compteurs(etablissement, Horloge(etablissement.academie).maintenant)
        transaction.on_commit(lambda: stockage.remove(depot.chemin))


def lock(etablissement: Etablissement) -> Etablissement:
    """Serialise the writers of one school until the end of the transaction; returns fresh values."""
    return Etablissement.objects.select_for_update().get(pk=etablissement.pk)


def not_before(etablissement: Etablissement, instant: datetime) -> datetime:
    """``instant``, or that of the school's last act when it is later: history is never rewritten.

    What writes facts calls this once the school is locked: an instant read before waiting for the lock may be
    earlier than rows opened meanwhile, which would then be closed before they began.
    """
    dernier = etablissement.actes.aggregate(dernier=Max("instant"))["dernier"]
    return max(instant, dernier) if dernier else instant

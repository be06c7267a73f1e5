"""Loading a school from its SIECLE and STS files: show what would change, apply it in one transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from exchanges.enums import Couche, EtatChargement, NatureActe, TypeFichier
from exchanges.importer import tables
from exchanges.importer.apply import apply_changes
from exchanges.importer.compare import Changement
from exchanges.importer.edt import ImportEDT
from exchanges.importer.fichiers import check_edt, compare_fichiers
from exchanges.importer.suppleants import adopt
from exchanges.importer.tables import is_sts
from exchanges.models import Acte, Chargement, Etablissement, FichierCharge, LigneJournal, Utilisateur
from exchanges.parsers.records import Fichier, FichierCommun, FichierSTS
from exchanges.pipeline import stockage
from exchanges.pipeline.compteurs import refresh_with_voisins
from exchanges.pipeline.constats import refresh_constats
from exchanges.pipeline.depots import lock, not_before
from exchanges.pipeline.exports import after_actes, note_sts, prove
from exchanges.pipeline.jointures import assign_jointures, find_voisins
from exchanges.pipeline.lots import Lot, read_lot
from exchanges.propagation.horloge import Horloge
from exchanges.propagation.passages import plan_relais


SEUIL_RETRAITS = 0.10
TABLES_EDT = (tables.fiches_groupe(Couche.STS), tables.FICHES_SERVICE, tables.LIENS_SERVICE)


class ChargementPerime(Exception):
    """The batch is no longer a draft (somebody applied it or gave it up)."""


class ConfirmationRetraits(Exception):
    """The batch would remove more than 10 % of the rows of a table; somebody must confirm."""


@dataclass(frozen=True)
class Apercu:
    """What a batch would change, computed on what the database holds now.

    ``import_edt`` is what STS-Web keeps of the ``EDT_vers_STS`` file, when the batch has one.
    """

    lot: Lot
    changements: list[Changement]
    champs_etablissement: dict[str, object]
    has_liens_a_jour: bool
    import_edt: ImportEDT | None = None

    @property
    def ecrases(self) -> list[Changement]:
        """What STS holds and that the import of EDT's file would close or change."""
        if self.import_edt is None:
            return []
        return [c for c in self.changements if c.table in TABLES_EDT and (c.clos or c.modifies)]

    @property
    def is_vide(self) -> bool:
        """Nothing to write."""
        return not self.champs_etablissement and all(changement.is_vide for changement in self.changements)

    @property
    def retraits_massifs(self) -> list[Changement]:
        """Tables that would lose more than 10 % of their rows."""
        return [c for c in self.changements if c.part_close > SEUIL_RETRAITS]


def compare_lot(etablissement: Etablissement, lot: Lot) -> Apercu:
    """What the batch would change; nothing is written."""
    has_liens_a_jour = _has_liens_a_jour(etablissement, lot.fichiers)
    return Apercu(
        lot=lot,
        changements=compare_fichiers(etablissement, lot.fichiers, has_liens_a_jour),
        champs_etablissement=_champs_etablissement(etablissement, lot),
        has_liens_a_jour=has_liens_a_jour,
        import_edt=check_edt(etablissement, lot.fichiers),
    )


def _has_liens_a_jour(etablissement: Etablissement, fichiers: Sequence[Fichier]) -> bool:
    """Whether the Élèves export was made after the last night, so that it knows the night's links."""
    nuit = etablissement.actes.filter(nature=NatureActe.NUIT).order_by("-instant").first()
    if nuit is None:
        return True
    horloge = Horloge(etablissement.academie)
    dates = [f.entete.horodatage for f in fichiers if f.entete.type == TypeFichier.ELEVES and f.entete.horodatage]
    return any(horloge.localize(horodatage) > nuit.instant for horodatage in dates)


def _champs_etablissement(etablissement: Etablissement, lot: Lot) -> dict[str, object]:
    voulus: dict[str, object] = {"annee": lot.annee} if lot.fichiers else {}
    for fichier in lot.fichiers:
        if isinstance(fichier, FichierCommun) and fichier.annee_eleves:
            voulus |= {"debut_eleves": fichier.annee_eleves.debut, "fin_eleves": fichier.annee_eleves.fin}
    return {champ: valeur for champ, valeur in voulus.items() if getattr(etablissement, champ) != valeur}


def control_files(
    etablissement: Etablissement,
    fichiers: Sequence[tuple[str, BinaryIO]],
    utilisateur: Utilisateur | None,
    now: datetime,
) -> tuple[Chargement | None, Lot]:
    """Read files and keep the acceptable ones as a draft to be shown; no fact is changed.

    Returns:
        The draft, or ``None`` when no file can be loaded, and what was read.
    """
    fichiers = list(_name_apart(fichiers))
    lot = read_lot(etablissement, fichiers)
    if not lot.sources:
        return None, lot
    retenus = {nom for nom, _ in lot.sources}
    noms, flux = zip(*(paire for paire in fichiers if paire[0] in retenus), strict=True)
    with stockage.storing(etablissement, flux) as chemins, transaction.atomic():
        return _keep_draft(etablissement, lot, dict(zip(noms, chemins, strict=True)), utilisateur, now), lot


def _name_apart(fichiers: Sequence[tuple[str, BinaryIO]]) -> Iterator[tuple[str, BinaryIO]]:
    """Tell apart files handed in under one name: « export.xml », « export.xml (2) »."""
    pris: set[str] = set()
    for nom, flux in fichiers:
        libre, rang = nom, 1
        while libre in pris:
            rang += 1
            libre = f"{nom} ({rang})"
        pris.add(libre)
        yield libre, flux


def _keep_draft(
    etablissement: Etablissement,
    lot: Lot,
    chemins: Mapping[str, str],
    utilisateur: Utilisateur | None,
    now: datetime,
) -> Chargement:
    chargement = Chargement.objects.create(
        etablissement=etablissement,
        utilisateur=utilisateur,
        cree_le=now,
        resume={"refus": [[r.nom, r.code, r.message, r.action] for r in lot.refus]},
    )
    FichierCharge.objects.bulk_create(
        FichierCharge(
            chargement=chargement,
            nom=nom[-200:],
            type=source.fichier.entete.type,
            annee=source.fichier.entete.annee,
            horodatage=_localize(etablissement, source.fichier.entete.horodatage),
            empreinte=source.empreinte,
            chemin=chemins[nom],
        )
        for nom, source in lot.sources
    )
    return chargement


def _localize(etablissement: Etablissement, horodatage: datetime | None) -> datetime | None:
    return Horloge(etablissement.academie).localize(horodatage) if horodatage else None


def preview_chargement(chargement: Chargement) -> Apercu:
    """Compare a draft with what the database holds now.

    Raises:
        FileNotFoundError: its files have been purged.
    """
    par_chemin = {fichier.chemin: fichier.nom for fichier in chargement.fichiers.all()}
    flux = [(nom, stockage.open_stored(chemin)) for chemin, nom in par_chemin.items()]
    try:
        lot = read_lot(chargement.etablissement, flux)
    finally:
        for _, ouvert in flux:
            ouvert.close()
    return compare_lot(chargement.etablissement, lot)


def apply_chargement(
    chargement: Chargement, utilisateur: Utilisateur | None, now: datetime, has_retraits_confirmes: bool = False
) -> Apercu:
    """Apply a draft: one transaction, one ``Acte``, the relays that follow.

    Raises:
        ChargementPerime: it is not a draft any more.
        ConfirmationRetraits: more than 10 % of a table would go and that was not confirmed.
    """
    with transaction.atomic():
        etablissement = lock(chargement.etablissement)
        changed = Chargement.objects.filter(pk=chargement.pk, etat=EtatChargement.CONTROLE).update(
            etat=EtatChargement.APPLIQUE, applique_le=now, utilisateur=utilisateur
        )
        if not changed:
            raise ChargementPerime
        apercu = preview_chargement(chargement)
        if apercu.retraits_massifs and not has_retraits_confirmes:
            raise ConfirmationRetraits
        _write(apercu, chargement, etablissement, utilisateur, _find_instant(apercu, etablissement, now))
    chargement.refresh_from_db()
    return apercu


def _find_instant(apercu: Apercu, etablissement: Etablissement, now: datetime) -> datetime:
    has_sts = any(is_sts(c.table) and not c.is_vide for c in apercu.changements)
    return after_actes(etablissement, now) if has_sts else not_before(etablissement, now)


def _write(
    apercu: Apercu,
    chargement: Chargement,
    etablissement: Etablissement,
    utilisateur: Utilisateur | None,
    instant: datetime,
) -> None:
    resume = chargement.resume | {"tables": summarize(apercu.changements)}
    Chargement.objects.filter(pk=chargement.pk).update(resume=resume)
    if not apercu.is_vide or apercu.import_edt:
        acte = Acte.objects.create(
            etablissement=etablissement,
            nature=NatureActe.CHARGEMENT,
            instant=instant,
            utilisateur=utilisateur,
            chargement=chargement,
        )
        if apercu.import_edt:
            _keep_journal(apercu.import_edt, acte)
        if not apercu.is_vide:
            _apply(apercu, acte, etablissement)
    prove(etablissement, chargement, instant)
    refresh_constats(etablissement, instant, apercu.lot.fichiers)
    refresh_with_voisins(etablissement, lambda: find_voisins(etablissement, apercu.changements), instant)


def _keep_journal(recu: ImportEDT, acte: Acte) -> None:
    """What STS-Web says of an import of EDT's file, even when it changes nothing."""
    acte.detail = {"divisions": len(recu.divisions), "groupes": len(recu.groupes)}
    acte.save(update_fields=["detail"])
    LigneJournal.objects.bulk_create(
        LigneJournal(
            acte=acte,
            rang=rang,
            code=ligne.code,
            objet=ligne.objet[:60],
            retenu=ligne.retenu,
            message=ligne.message,
            action=ligne.action,
        )
        for rang, ligne in enumerate(recu.lignes)
    )


def _apply(apercu: Apercu, acte: Acte, etablissement: Etablissement) -> None:
    for fichier in apercu.lot.fichiers:
        if isinstance(fichier, FichierSTS):
            adopt(etablissement, fichier)
    apply_changes(apercu.changements, acte)
    for champ, valeur in apercu.champs_etablissement.items():
        setattr(etablissement, champ, valeur)
    note_sts(etablissement, apercu.changements, acte.instant)
    etablissement.version_referentiel += 1
    if any(not c.is_vide for c in apercu.changements if c.table is tables.LIENS_GROUPE):
        etablissement.version_liens += 1
    etablissement.save()
    assign_jointures(etablissement)
    plan_relais(etablissement, acte.instant)
    # A school that somebody writes to at this moment plans its own relays: waiting for it could wait for ever.
    for voisin in find_voisins(etablissement, apercu.changements).select_for_update(skip_locked=True, of=("self",)):
        plan_relais(voisin, acte.instant)


def summarize(changements: Iterable[Changement]) -> list[dict[str, object]]:
    """Figures of each table, for the page, the command and the history."""
    return [
        {
            "table": c.table.libelle,
            "ajoutes": len(c.ouverts),
            "modifies": len(c.modifies),
            "retires": len(c.clos),
            "inchanges": c.inchanges,
        }
        for c in changements
    ]


def abandon_chargement(chargement: Chargement) -> None:
    """Give up a draft: its bytes go, nothing was changed.

    Raises:
        ChargementPerime: it is not a draft any more.
    """
    changed = Chargement.objects.filter(pk=chargement.pk, etat=EtatChargement.CONTROLE).update(
        etat=EtatChargement.ABANDONNE
    )
    if not changed:
        raise ChargementPerime
    for chemin in set(chargement.fichiers.values_list("chemin", flat=True)):
        stockage.remove(chemin)

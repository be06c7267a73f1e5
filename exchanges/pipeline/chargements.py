"""Loading a school from its SIECLE and STS files: read, show what would change, apply in one transaction."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from exchanges.enums import EtatChargement, NatureActe, TypeFichier
from exchanges.importer import tables
from exchanges.importer.apply import apply_changes
from exchanges.importer.compare import Changement
from exchanges.importer.fichiers import compare_fichiers, find_oversize, is_loadable
from exchanges.models import Acte, Chargement, Etablissement, FichierCharge, Utilisateur
from exchanges.parsers import Source, explain_swap, read
from exchanges.parsers.errors import FichierRefuse
from exchanges.parsers.records import Fichier, FichierCommun
from exchanges.pipeline import stockage
from exchanges.pipeline.depots import lock, not_before
from exchanges.propagation.horloge import Horloge
from exchanges.propagation.passages import plan_relais
from exchanges.rules import catalogue, coherence, lecture
from exchanges.rules.base import Anomalie, regle_de
from exchanges.rules.dossier import check_regles, read_base


SEUIL_RETRAITS = 0.10
ANNEE = re.compile(r"20\d\d", re.ASCII)


class ChargementPerime(Exception):
    """The batch is no longer a draft (somebody applied it or gave it up)."""


class ConfirmationRetraits(Exception):
    """The batch would remove more than 10 % of the rows of a table; somebody must confirm."""


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


@dataclass(frozen=True)
class Apercu:
    """What a batch would change, computed on what the database holds now."""

    lot: Lot
    changements: list[Changement]
    champs_etablissement: dict[str, object]
    has_liens_a_jour: bool

    @property
    def is_vide(self) -> bool:
        """Nothing to write."""
        return not self.champs_etablissement and all(changement.is_vide for changement in self.changements)

    @property
    def retraits_massifs(self) -> list[Changement]:
        """Tables that would lose more than 10 % of their rows."""
        return [c for c in self.changements if c.part_close > SEUIL_RETRAITS]


def read_lot(etablissement: Etablissement, fichiers: Iterable[tuple[str, BinaryIO]]) -> Lot:
    """Read files handed in together and say which may be loaded for this school.

    A file that cannot be read, belongs to another school or another year, or is not of those that are loaded
    (an élève-groupe ZIP, EDT_STS…), is refused with its reason; the others go on.
    """
    lot = Lot()
    for nom, flux in fichiers:
        try:
            lot.sources += [(nom, source) for source in read(flux, nom)]
        except FichierRefuse as exc:
            lot.refus.append(Refus(nom, exc.code, exc.message, exc.action))
    lot.annee = _annee(etablissement, [fichier for fichier in lot.fichiers if is_loadable(fichier)])
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
    """The batch's year: the base's own, unless all files agree on a later one (change of school year)."""
    annees = {
        f.entete.annee for f in fichiers if f.entete.uai == etablissement.uai and ANNEE.fullmatch(f.entete.annee)
    }
    if not etablissement.annee:
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


def compare_lot(etablissement: Etablissement, lot: Lot) -> Apercu:
    """What the batch would change; nothing is written."""
    has_liens_a_jour = _has_liens_a_jour(etablissement, lot.fichiers)
    return Apercu(
        lot=lot,
        changements=compare_fichiers(etablissement, lot.fichiers, has_liens_a_jour),
        champs_etablissement=_champs_etablissement(etablissement, lot),
        has_liens_a_jour=has_liens_a_jour,
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
        _write(apercu, chargement, etablissement, utilisateur, not_before(etablissement, now))
    chargement.refresh_from_db()
    return apercu


def _write(
    apercu: Apercu,
    chargement: Chargement,
    etablissement: Etablissement,
    utilisateur: Utilisateur | None,
    instant: datetime,
) -> None:
    resume = chargement.resume | {"tables": summarize(apercu.changements)}
    Chargement.objects.filter(pk=chargement.pk).update(resume=resume)
    if apercu.is_vide:
        return
    acte = Acte.objects.create(
        etablissement=etablissement,
        nature=NatureActe.CHARGEMENT,
        instant=instant,
        utilisateur=utilisateur,
        chargement=chargement,
    )
    apply_changes(apercu.changements, acte)
    for champ, valeur in apercu.champs_etablissement.items():
        setattr(etablissement, champ, valeur)
    etablissement.version_referentiel += 1
    if any(not c.is_vide for c in apercu.changements if c.table is tables.LIENS_GROUPE):
        etablissement.version_liens += 1
    etablissement.save()
    plan_relais(etablissement, instant)


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

"""STS-Web > Exports > Structure, then Services: done here in a simulated académie, declared in a real one.

BEE has no row of services: what it knows of them is STS as of the last Export Services. The divisions and groupes of
BEE have rows of their own, which a simulated Export Structure writes; a declared one waits for a ``Structures.xml``.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from exchanges.enums import Couche, NatureActe, OrigineActe, PreuveActe, TypeFichier
from exchanges.importer.apply import apply_changes
from exchanges.importer.compare import Changement
from exchanges.importer.exports import compare_structure
from exchanges.importer.tables import is_sts
from exchanges.models import Acte, Chargement, Etablissement, FicheDivision, FicheGroupe, Utilisateur
from exchanges.pipeline.compteurs import refresh_compteurs
from exchanges.pipeline.constats import refresh_constats
from exchanges.pipeline.depots import lock, not_before
from exchanges.propagation.passages import plan_relais


SUPPOSE = "supposé fait avec l'export Structure"
VU = "déduit de Structures.xml : SIECLE connaît tout ce que STS tient"
EXPORTS = (NatureActe.EXPORT_STRUCTURE, NatureActe.EXPORT_SERVICES)


class ExportImpossible(Exception):
    """Nothing of STS is known, or this académie does not do the export here; the argument says it in French."""


def run_export_structure(etablissement: Etablissement, utilisateur: Utilisateur | None, now: datetime) -> Acte:
    """Carry the divisions and groupes of STS to BEE, in a simulated académie.

    Raises:
        ExportImpossible: the académie lives in real time, or no structure of STS is known.
    """
    with transaction.atomic():
        etablissement = _open(etablissement, is_simule=True)
        codes = _codes_sts(etablissement)
        acte = _note(etablissement, NatureActe.EXPORT_STRUCTURE, OrigineActe.FAIT, now, utilisateur)
        acte.detail = _figures(codes)
        acte.save(update_fields=["detail"])
        if apply_changes(compare_structure(etablissement), acte):
            etablissement.version_referentiel += 1
            etablissement.save(update_fields=["version_referentiel"])
            refresh_constats(etablissement, acte.instant)
        plan_relais(etablissement, acte.instant)
        refresh_compteurs(etablissement, acte.instant)
    return acte


def run_export_services(etablissement: Etablissement, utilisateur: Utilisateur | None, now: datetime) -> Acte:
    """Let BEE know the services as STS holds them, in a simulated académie.

    Raises:
        ExportImpossible: the académie lives in real time, or no structure of STS is known.
    """
    with transaction.atomic():
        etablissement = _open(etablissement, is_simule=True)
        acte = _note(etablissement, NatureActe.EXPORT_SERVICES, OrigineActe.FAIT, now, utilisateur)
        plan_relais(etablissement, acte.instant)
        refresh_compteurs(etablissement, acte.instant)
    return acte


def declare(
    etablissement: Etablissement,
    nature: NatureActe,
    utilisateur: Utilisateur | None,
    now: datetime,
    commentaire: str = "",
) -> Acte:
    """Note that somebody did an export in STS-Web: of a Structure the next ``Structures.xml`` will tell.

    Raises:
        ExportImpossible: the académie is simulated (the export is done here), or no structure of STS is known.
    """
    with transaction.atomic():
        etablissement = _open(etablissement, is_simule=False)
        acte = _note(etablissement, nature, OrigineActe.DECLARE, now, utilisateur, commentaire)
        if nature == NatureActe.EXPORT_STRUCTURE:
            acte.detail = _figures(_codes_sts(etablissement))
            acte.save(update_fields=["detail"])
        else:
            plan_relais(etablissement, acte.instant)
        refresh_compteurs(etablissement, acte.instant)
    return acte


def _open(etablissement: Etablissement, is_simule: bool) -> Etablissement:
    etablissement = lock(etablissement)
    if etablissement.academie.is_simulee != is_simule:
        raise ExportImpossible(
            "Cette académie est réelle : l'export se fait dans STS-Web, puis se déclare ici. Rien n'a été modifié."
            if is_simule
            else "Cette académie est simulée : l'export se fait ici, il ne se déclare pas. Rien n'a été modifié."
        )
    if not any(_codes_sts(etablissement)):
        raise ExportImpossible(
            "Aucune division de STS-Web n'est connue : chargez d'abord le fichier sts_emp (STS-Web, Exports > Emploi "
            "du temps). Rien n'a été modifié."
        )
    return etablissement


def _note(
    etablissement: Etablissement,
    nature: NatureActe,
    origine: OrigineActe,
    now: datetime,
    utilisateur: Utilisateur | None = None,
    commentaire: str = "",
) -> Acte:
    return Acte.objects.create(
        etablissement=etablissement,
        nature=nature,
        origine=origine,
        instant=not_before(etablissement, now),
        utilisateur=utilisateur,
        commentaire=commentaire,
    )


def _codes_sts(etablissement: Etablissement, instant: datetime | None = None) -> tuple[set[str], set[str]]:
    return _codes(etablissement, Couche.STS, instant)


def _codes(etablissement: Etablissement, couche: Couche, instant: datetime | None = None) -> tuple[set[str], set[str]]:
    """Codes of the divisions and of the groupes of a layer, now or as of an instant."""
    ensembles = []
    for modele, champ in ((FicheDivision, "division__code"), (FicheGroupe, "groupe__code")):
        fiches = modele.objects.as_of(instant) if instant else modele.objects.courants()
        fiches = fiches.filter(etablissement=etablissement, couche=couche)
        ensembles.append(set(fiches.values_list(champ, flat=True)))
    return ensembles[0], ensembles[1]


def _figures(codes: tuple[set[str], set[str]]) -> dict[str, object]:
    return {"divisions": len(codes[0]), "groupes": len(codes[1])}


def after_actes(etablissement: Etablissement, now: datetime, natures: Iterable[NatureActe] = EXPORTS) -> datetime:
    """The instant of a change of STS: strictly after the acts of these natures.

    An export carried what was before it: a change that bore its very instant would pass for exported.
    """
    instant = not_before(etablissement, now)
    dernier = etablissement.actes.filter(nature__in=natures).order_by("instant").last()
    return instant if dernier is None or dernier.instant < instant else instant + timedelta(microseconds=1)


def note_sts(etablissement: Etablissement, changements: Iterable[Changement], instant: datetime) -> None:
    """Set, on a locked établissement that the caller saves, when facts of STS last changed."""
    if any(is_sts(c.table) and not c.is_vide for c in changements):
        etablissement.sts_modifie_le = instant


def prove(etablissement: Etablissement, chargement: Chargement, instant: datetime) -> None:
    """Hold what STS exported against the ``Structures.xml`` of a batch that has just been applied at ``instant``.

    A declared Export Structure is confirmed or contradicted; one that nobody declared is deduced.
    """
    fichier = chargement.fichiers.filter(type=TypeFichier.STRUCTURES).order_by("horodatage").last()
    if fichier is None:
        return
    vu_le = fichier.horodatage or instant
    bee = set().union(*_codes(etablissement, Couche.BEE))
    sts = set().union(*_codes_sts(etablissement))
    _judge_declared(etablissement, chargement, vu_le, bee)
    if not sts:
        return
    commun = {"etablissement": etablissement, "instant": instant, "origine": OrigineActe.DEDUIT}
    commun |= {"prouve_par": chargement}
    if sts <= bee and _is_deducible(etablissement, vu_le, instant):
        detail = _figures(_codes_sts(etablissement))
        structure = commun | {"preuve": PreuveActe.CONFIRME, "commentaire": VU, "detail": detail}
        Acte.objects.create(**structure, nature=NatureActe.EXPORT_STRUCTURE)
    elif etablissement.actes.filter(nature=NatureActe.EXPORT_SERVICES).exists():
        return
    Acte.objects.create(**commun, nature=NatureActe.EXPORT_SERVICES, commentaire=SUPPOSE)
    plan_relais(etablissement, instant)


def _judge_declared(etablissement: Etablissement, chargement: Chargement, vu_le: datetime, bee: set[str]) -> None:
    """Confirm or contradict what was declared before the file was made; only the last one is contradicted."""
    declares = etablissement.actes.filter(
        nature=NatureActe.EXPORT_STRUCTURE, origine=OrigineActe.DECLARE, preuve="", instant__lte=vu_le
    ).order_by("-instant", "-pk")
    for rang, acte in enumerate(declares):
        manquants = set().union(*_codes_sts(etablissement, acte.instant)) - bee
        if manquants and rang:
            continue
        acte.preuve = PreuveActe.CONTREDIT if manquants else PreuveActe.CONFIRME
        acte.prouve_par = chargement
        acte.detail |= {"manquants": sorted(manquants)}
        acte.save(update_fields=["preuve", "prouve_par", "detail"])


def _is_deducible(etablissement: Etablissement, vu_le: datetime, instant: datetime) -> bool:
    """Whether agreement with ``Structures.xml`` tells that what STS last changed was exported.

    It tells nothing when the file is older than the change, unless both came together, nor of a remplacement or a
    suppléance, which changes no division and no groupe.
    """
    dernier = (
        etablissement.actes.filter(nature=NatureActe.EXPORT_STRUCTURE)
        .exclude(preuve=PreuveActe.CONTREDIT)
        .order_by("instant")
        .last()
    )
    if dernier is None:
        return True
    change = etablissement.sts_modifie_le
    if change is None or dernier.instant >= change or (vu_le < change and change != instant):
        return False
    mouvements = (NatureActe.REMPLACEMENT, NatureActe.SUPPLEANCE)
    return not etablissement.actes.filter(nature__in=mouvements, instant__gt=dernier.instant).exists()

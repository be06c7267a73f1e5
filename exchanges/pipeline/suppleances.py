"""Remplacement (REP) and suppléance (SUP): services moved or shared in STS-Web, until the exports carry them on.

A remplaçant is in STS Ressources: the services are moved to her (Services et ARE > Changement de support). A
suppléant is not: she is typed in with dates and attached to the services of the absent (Services suppléants > Saisie
rapide), who keeps them. The next ``sts_emp`` or ``EDT_vers_STS`` confirms or closes either, as it does everything.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.db import transaction

from exchanges.enums import NatureActe
from exchanges.importer import tables
from exchanges.importer.apply import apply_changes
from exchanges.importer.compare import Changement, Cle, Valeurs, compare, read_courants
from exchanges.importer.suppleants import PREFIXE, TYPE
from exchanges.importer.tables import Table
from exchanges.models import Acte, Etablissement, FicheIndividu, Individu, LienService, Utilisateur
from exchanges.pipeline.compteurs import refresh_compteurs
from exchanges.pipeline.depots import lock
from exchanges.pipeline.exports import after_actes, note_sts
from exchanges.pipeline.jointures import assign_jointures


ENSEIGNANT = "ENS"
MOUVEMENTS = (NatureActe.REMPLACEMENT, NatureActe.SUPPLEANCE)
SEXES = {"1": "1", "2": "2"}  # by civilité
CleIndividu = tuple[str, str]


class MouvementRefuse(Exception):
    """It cannot be done; the argument says in French why, and that nothing was changed."""


@dataclass(frozen=True)
class Suppleant:
    """Somebody who is not in STS Ressources, as typed in; ``civilite`` 1 (M.) or 2 (Mme)."""

    nom: str
    prenom: str
    civilite: str
    date_naissance: date
    debut: date
    fin: date


def replace_enseignant(
    etablissement: Etablissement,
    absent: CleIndividu,
    remplacant: CleIndividu,
    services: Iterable[int],
    utilisateur: Utilisateur | None,
    now: datetime,
) -> Acte:
    """REP: move services of ``absent`` to ``remplacant``, who is in STS Ressources.

    Args:
        services: primary keys of the ``Service`` moved, all or some of hers.

    Raises:
        MouvementRefuse: one of them is not hers any more, or the remplaçant is not in STS.
    """
    with transaction.atomic():
        etablissement = lock(etablissement)
        if absent == remplacant:
            raise MouvementRefuse("La même personne ne peut pas se remplacer elle-même. Rien n'a été modifié.")
        if not _known(etablissement, remplacant):
            raise MouvementRefuse(
                "Cette personne n'est plus dans les Ressources de STS : faites une suppléance. Rien n'a été modifié."
            )
        liens = _held(etablissement)
        cles = _keys(etablissement, absent, services)
        for cle in cles:
            heures = liens.pop((cle, absent))[0]
            deja = liens.get((cle, remplacant))
            liens[cle, remplacant] = (_sum(deja[0], heures), *deja[1:]) if deja else (heures, None, None)
        detail = _detail(absent, remplacant, cles)
        return _write(etablissement, NatureActe.REMPLACEMENT, {tables.LIENS_SERVICE: liens}, detail, utilisateur, now)


def add_suppleant(
    etablissement: Etablissement,
    absent: CleIndividu,
    suppleant: Suppleant,
    services: Iterable[int],
    utilisateur: Utilisateur | None,
    now: datetime,
) -> Acte:
    """SUP: attach somebody typed in, with dates, to services of ``absent``, who keeps them.

    Her disciplines are those of the absent until a ``sts_emp`` tells her own: it is what she is there to teach.

    Raises:
        MouvementRefuse: a service is not the absent's any more, the dates are in the wrong order, or she is in
            STS Ressources.
    """
    with transaction.atomic():
        etablissement = lock(etablissement)
        if suppleant.fin < suppleant.debut:
            raise MouvementRefuse("La suppléance finit avant de commencer. Rien n'a été modifié.")
        individu = _find_suppleant(etablissement, suppleant)
        fiches = {cle: ligne.valeurs for cle, ligne in read_courants(tables.FICHES_INDIVIDU, etablissement).items()}
        disciplines = fiches[(absent,)][-1] if (absent,) in fiches else []
        identite = (suppleant.nom, "", suppleant.prenom, SEXES.get(suppleant.civilite, ""), suppleant.civilite)
        fiches[(individu,)] = (*identite, suppleant.date_naissance, ENSEIGNANT, "", disciplines)
        liens = _held(etablissement)
        cles = _keys(etablissement, absent, services)
        for cle in cles:
            liens[cle, individu] = (liens[cle, absent][0], suppleant.debut, suppleant.fin)
        voulus = {tables.FICHES_INDIVIDU: fiches, tables.LIENS_SERVICE: liens}
        detail = _detail(absent, individu, cles)
        detail |= {"debut": suppleant.debut.isoformat(), "fin": suppleant.fin.isoformat()}
        return _write(etablissement, NatureActe.SUPPLEANCE, voulus, detail, utilisateur, now)


def _known(etablissement: Etablissement, cle: CleIndividu) -> bool:
    fiches = FicheIndividu.objects.courants().filter(etablissement=etablissement)
    return fiches.filter(individu__type=cle[0], individu__sts_id=cle[1]).exists()


def _held(etablissement: Etablissement) -> dict[Cle, Valeurs]:
    return {cle: ligne.valeurs for cle, ligne in read_courants(tables.LIENS_SERVICE, etablissement).items()}


def _keys(etablissement: Etablissement, absent: CleIndividu, services: Iterable[int]) -> list[Cle]:
    """Natural keys of services, all held by the absent."""
    choisis = set(services)
    liens = LienService.objects.courants().filter(
        etablissement=etablissement, individu__type=absent[0], individu__sts_id=absent[1], service__in=choisis
    )
    champs = (f"service__{champ}" for champ in tables.SERVICE.champs)
    cles = sorted(liens.values_list(*champs))
    if not choisis or len(cles) != len(choisis):
        raise MouvementRefuse(
            "Choisissez au moins un service de la personne absente ; STS a peut-être changé entre-temps. "
            "Rien n'a été modifié."
        )
    return cles


def _sum(un: str, autre: str) -> str:
    """« 3.00 » and « 1.50 » make « 4.50 »; what is not a number is left as it was."""
    try:
        return f"{Decimal(un) + Decimal(autre):.2f}"
    except InvalidOperation:
        return un or autre


def _find_suppleant(etablissement: Etablissement, suppleant: Suppleant) -> CleIndividu:
    """Her key if she was already a suppléant here, else a new one."""
    elle = {
        "etablissement": etablissement,
        "nom_usage__iexact": suppleant.nom,
        "prenom__iexact": suppleant.prenom,
        "date_naissance": suppleant.date_naissance,
    }
    if FicheIndividu.objects.courants().filter(**elle).exclude(individu__type=TYPE).exists():
        raise MouvementRefuse(
            "Cette personne est dans les Ressources de STS : c'est un remplacement (REP), pas une suppléance. "
            "Rien n'a été modifié."
        )
    connue = FicheIndividu.objects.filter(**elle, individu__type=TYPE).select_related("individu").last()
    if connue:
        return TYPE, connue.individu.sts_id
    siens = Individu.objects.filter(etablissement=etablissement, type=TYPE, sts_id__startswith=PREFIXE)
    numeros = (sts_id.removeprefix(PREFIXE) for sts_id in siens.values_list("sts_id", flat=True))
    return TYPE, f"{PREFIXE}{max((int(numero) for numero in numeros if numero.isdecimal()), default=0) + 1}"


def _detail(absent: CleIndividu, nouveau: CleIndividu, cles: list[Cle]) -> dict[str, object]:
    return {"absent": list(absent), "nouveau": list(nouveau), "services": [list(cle) for cle in cles]}


def _write(
    etablissement: Etablissement,
    nature: NatureActe,
    voulus: Mapping[Table, dict[Cle, Valeurs]],
    detail: dict[str, object],
    utilisateur: Utilisateur | None,
    now: datetime,
) -> Acte:
    """Compare and apply, with one act; the établissement is locked."""
    changements: list[Changement] = [
        compare(table, read_courants(table, etablissement), lignes) for table, lignes in voulus.items()
    ]
    acte = Acte.objects.create(
        etablissement=etablissement,
        nature=nature,
        instant=after_actes(etablissement, now, list(NatureActe)),
        utilisateur=utilisateur,
        detail=detail,
    )
    apply_changes(changements, acte)
    note_sts(etablissement, changements, acte.instant)
    etablissement.save(update_fields=["sts_modifie_le"])
    assign_jointures(etablissement)
    refresh_compteurs(etablissement, acte.instant)
    return acte


def is_exported(acte: Acte) -> bool:
    """Whether Export Services was done since a remplacement or a suppléance."""
    exports = Acte.objects.filter(etablissement=acte.etablissement_id, nature=NatureActe.EXPORT_SERVICES)
    return exports.filter(instant__gte=acte.instant).exists()


def cancel_mouvement(acte: Acte, utilisateur: Utilisateur | None, now: datetime) -> Acte:
    """Put the services back as they were, while nothing was exported.

    Raises:
        MouvementRefuse: Export Services was done since, or STS changed these services in the meantime.
    """
    with transaction.atomic():
        etablissement = lock(acte.etablissement)
        if is_exported(acte):
            raise MouvementRefuse(
                "Export Services a été fait depuis : on n'annule plus, on fait le mouvement inverse. "
                "Rien n'a été modifié."
            )
        ouverts = _rows(LienService.objects.filter(ouvert_par=acte))
        clos = _rows(LienService.objects.filter(clos_par=acte))
        liens = _held(etablissement)
        if not ouverts or any(liens.get(cle) != valeurs for cle, valeurs in ouverts.items()):
            raise MouvementRefuse(
                "STS a changé ces services depuis, ou c'est déjà annulé : il n'y a plus rien à annuler. "
                "Rien n'a été modifié."
            )
        for cle in ouverts:
            del liens[cle]
        voulus = {tables.LIENS_SERVICE: liens | clos}
        if acte.nature == NatureActe.SUPPLEANCE:
            voulus[tables.FICHES_INDIVIDU] = _without_her(etablissement, {individu for _, individu in ouverts}, liens)
        return _write(etablissement, NatureActe(acte.nature), voulus, {"annule": acte.pk}, utilisateur, now)


def _rows(liens: Iterable[LienService]) -> dict[Cle, Valeurs]:
    champs = [f"service__{champ}" for champ in tables.SERVICE.champs]
    individu = [f"individu__{champ}" for champ in tables.INDIVIDU.champs]
    lignes = liens.values_list(*champs, *individu, "heures", "date_debut", "date_fin")
    return {(ligne[:4], ligne[4:6]): ligne[6:] for ligne in lignes}


def _without_her(
    etablissement: Etablissement, elle: set[CleIndividu], liens: Mapping[Cle, Valeurs]
) -> dict[Cle, Valeurs]:
    """The individus of STS, but the suppléant who has no other service left."""
    fiches = {cle: ligne.valeurs for cle, ligne in read_courants(tables.FICHES_INDIVIDU, etablissement).items()}
    restants = {individu for _, individu in liens}
    return {cle: valeurs for cle, valeurs in fiches.items() if cle[0] not in elle - restants}

"""The journal « STS-Web – Structures »: each import of EDT's file and each Export Structure, with what was refused."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from exchanges.enums import NatureActe, TypeFichier
from exchanges.models import Acte, Etablissement, LigneJournal


def list_imports(etablissement: Etablissement) -> QuerySet[Acte]:
    """Acts of the journal, the latest first, each with ``nombre_lignes``."""
    return (
        etablissement.actes.filter(
            Q(nature=NatureActe.EXPORT_STRUCTURE) | Q(nature=NatureActe.CHARGEMENT, detail__has_key="groupes")
        )
        .select_related("utilisateur", "chargement")
        .prefetch_related("chargement__fichiers")
        .annotate(nombre_lignes=Count("journal"))
        .order_by("-instant", "-pk")
    )


def name_of(acte: Acte) -> str:
    """The file of an import, or what the export was."""
    if acte.nature == NatureActe.EXPORT_STRUCTURE:
        return "Export Structure vers SIECLE"
    fichiers = [f.nom for f in acte.chargement.fichiers.all() if f.type == TypeFichier.EDT_STS]
    return fichiers[0] if fichiers else "EDT vers STS-Web"


def find_resolved(acte: Acte, lignes: Iterable[LigneJournal]) -> dict[int, datetime]:
    """When each line stopped being true: the first later import without that name, by primary key of the line.

    A name that the last import refuses again is not resolved, whatever happened in between.
    """
    suivants = list(
        list_imports(acte.etablissement)
        .filter(nature=NatureActe.CHARGEMENT, instant__gt=acte.instant)
        .order_by("instant", "pk")
        .values_list("pk", "instant")
    )
    fautifs: dict[int, set[tuple[str, str]]] = {pk: set() for pk, _ in suivants}
    for pk, code, objet in LigneJournal.objects.filter(acte__in=fautifs).values_list("acte_id", "code", "objet"):
        fautifs[pk].add((code, objet))
    resolus = {}
    for ligne in lignes:
        depuis = None
        for pk, instant in suivants:
            depuis = None if (ligne.code, ligne.objet) in fautifs[pk] else depuis or instant
        if depuis:
            resolus[ligne.pk] = depuis
    return resolus

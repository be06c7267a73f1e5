"""Work lists of a school: who or what must be mended somewhere, what it costs and what mends it."""

from exchanges.models import Compteurs, Etablissement
from exchanges.reports.listes import constats, eleves, groupes
from exchanges.reports.listes.groupes import groupes_absents_de_siecle
from exchanges.reports.listes.liste import Colonne, Liste, cell


__all__ = ["LISTES", "LISTES_PAR_SLUG", "Colonne", "Liste", "cell", "count_listes", "groupes_absents_de_siecle"]

LISTES = (
    *constats.LISTES_FICHES,
    *constats.LISTES_DOUBLONS,
    *constats.LISTES_NOMS,
    *groupes.LISTES,
    *eleves.LISTES,
)
LISTES_PAR_SLUG = {liste.slug: liste for liste in LISTES}


def count_listes(etablissement: Etablissement) -> list[dict[str, object]]:
    """Each ``liste`` with its ``nombre`` of rows: as it is kept with the figures of the school, counted otherwise."""
    tenues = Compteurs.objects.filter(pk=etablissement.pk).values_list("listes", flat=True).first() or {}
    return [{"liste": liste, "nombre": liste.count(etablissement, tenues)} for liste in LISTES]

"""Write a diff: close the intervals that end, open those that begin. The only writer of temporal tables."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from exchanges.importer.bulk import batches, insert_rows
from exchanges.importer.compare import Changement, LigneCourante
from exchanges.importer.tables import Colonne, Identite
from exchanges.models import Acte, Etablissement


def apply_changes(changements: Iterable[Changement], acte: Acte) -> bool:
    """Write every change at ``acte.instant``, inside the caller's transaction.

    Identities (divisions, élèves…) that do not exist yet are created first.

    Returns:
        Whether anything was written.
    """
    has_ecrit = False
    identites = _Identites(acte.etablissement)
    for changement in changements:
        if not changement.is_vide:
            _close(changement, acte)
            _open(changement, acte, identites)
            has_ecrit = True
    return has_ecrit


def _close(changement: Changement, acte: Acte) -> None:
    """Close rows; one that began at this very instant never held and is deleted."""
    finissent = [*changement.clos.values(), *(courante for courante, _ in changement.modifies.values())]
    objets = changement.table.modele.objects
    for lot in batches([ligne.pk for ligne in finissent if _has_tenu(ligne, acte)]):
        objets.filter(pk__in=lot).update(jusqua=acte.instant, clos_par=acte)
    for lot in batches([ligne.pk for ligne in finissent if not _has_tenu(ligne, acte)]):
        objets.filter(pk__in=lot).delete()


def _has_tenu(ligne: LigneCourante, acte: Acte) -> bool:
    return ligne.depuis < acte.instant


def _open(changement: Changement, acte: Acte, identites: "_Identites") -> None:
    table = changement.table
    voulus = changement.ouverts | {cle: apres for cle, (_, apres) in changement.modifies.items()}
    colonnes = (*table.cle, *table.valeurs)
    naturels = [(*cle, *valeurs) for cle, valeurs in voulus.items()]
    for rang, colonne in enumerate(colonnes):
        if colonne.identite:
            identites.load(colonne.identite, {ligne[rang] for ligne in naturels if ligne[rang] is not None})
    commun = {"etablissement_id": acte.etablissement_id, "depuis": acte.instant, "ouvert_par_id": acte.pk}
    commun |= table.constantes
    insert_rows(
        table.modele,
        [*commun, *(colonne.attname for colonne in colonnes)],
        ((*commun.values(), *identites.resolve(colonnes, ligne)) for ligne in naturels),
    )


class _Identites:
    """Primary keys of identities by natural key, read once and completed when needed."""

    def __init__(self, etablissement: Etablissement):
        self.etablissement = etablissement
        self.cles: dict[type[Model], dict[Any, int]] = {}

    def load(self, identite: Identite, naturels: set[Any]) -> None:
        connus = self.cles.setdefault(identite.modele, {}) or self._read(identite)
        manquants = sorted(naturels - connus.keys())
        if manquants:
            insert_rows(
                identite.modele,
                ["etablissement_id", *identite.champs],
                ((self.etablissement.pk, *_as_tuple(identite, naturel)) for naturel in manquants),
            )
            connus = self._read(identite)
        self.cles[identite.modele] = connus

    def _read(self, identite: Identite) -> dict[Any, int]:
        lignes = identite.modele.objects.filter(etablissement=self.etablissement).values_list("pk", *identite.champs)
        return {(ligne[1] if len(identite.champs) == 1 else ligne[1:]): ligne[0] for ligne in lignes}

    def resolve(self, colonnes: tuple[Colonne, ...], ligne: tuple[Any, ...]) -> Iterable[Any]:
        for colonne, valeur in zip(colonnes, ligne, strict=True):
            if colonne.identite and valeur is not None:
                yield self.cles[colonne.identite.modele][valeur]
            else:
                yield valeur


def _as_tuple(identite: Identite, naturel: Any) -> tuple[Any, ...]:
    return (naturel,) if len(identite.champs) == 1 else naturel

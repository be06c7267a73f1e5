"""Many rows at once: COPY on PostgreSQL, ``executemany`` on SQLite (``ecosystem.md`` §4)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


LOT = 5000


def insert_rows(modele: type[models.Model], champs: Sequence[str], lignes: Iterable[Sequence[Any]]) -> int:
    """Insert rows without building model instances; defaults of other columns are the database's.

    Args:
        modele: the model; its primary key is left to the database.
        champs: names of the model's fields, foreign keys by ``attname`` (``eleve_id``).
        lignes: values in that order, as Python objects of the fields.

    Returns:
        The number of rows written, inside the caller's transaction.
    """
    par_attname = {champ.attname: champ for champ in modele._meta.concrete_fields}
    decrits = [par_attname[nom] for nom in champs]
    json = [rang for rang, champ in enumerate(decrits) if isinstance(champ, models.JSONField)]
    colonnes = [champ.column for champ in decrits]
    prepared = _prepare(decrits, json, lignes)
    if connection.vendor == "postgresql":
        return _copy(modele._meta.db_table, colonnes, prepared)
    return _executemany(modele._meta.db_table, colonnes, prepared)


def _prepare(champs, json, lignes):
    """Rows as the driver wants them: on SQLite every value goes through its field."""
    if connection.vendor == "postgresql":
        if not json:
            yield from lignes
            return
        for ligne in lignes:
            valeurs = list(ligne)
            for rang in json:
                valeurs[rang] = champs[rang].get_db_prep_save(valeurs[rang], connection)
            yield valeurs
        return
    for ligne in lignes:
        yield [champ.get_db_prep_save(valeur, connection) for champ, valeur in zip(champs, ligne, strict=True)]


def _copy(table, colonnes, lignes):
    quote = connection.ops.quote_name
    total = 0
    with connection.cursor() as cursor:
        ordre = f"COPY {quote(table)} ({', '.join(map(quote, colonnes))}) FROM STDIN"
        with connection.wrap_database_errors, cursor.copy(ordre) as copie:
            for ligne in lignes:
                copie.write_row(ligne)
                total += 1
    return total


def _executemany(table, colonnes, lignes):
    quote = connection.ops.quote_name
    marques = ", ".join(["%s"] * len(colonnes))
    ordre = f"INSERT INTO {quote(table)} ({', '.join(map(quote, colonnes))}) VALUES ({marques})"  # noqa: S608  # quoted names of our own models
    lignes = list(lignes)
    with connection.cursor() as cursor:
        for debut in range(0, len(lignes), LOT):
            cursor.executemany(ordre, lignes[debut : debut + LOT])
    return len(lignes)


def batches(valeurs: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """Cut a long list so that no statement has too many parameters."""
    for debut in range(0, len(valeurs), LOT):
        yield valeurs[debut : debut + LOT]

"""Tables for a spreadsheet: CSV as French Excel opens it, and XLSX. A cell never becomes a formula."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font


DANGEREUX = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"


@dataclass(frozen=True)
class Format:
    """How to write one kind of file: its bytes and its media type."""

    write: Callable[[Sequence[str], Iterable[Sequence[object]]], bytes]
    type_mime: str


def guard(valeur: object) -> object:
    """A cell that a spreadsheet shows as it is: a text that would be a formula gets a leading apostrophe.

    Numbers and dates are left alone; None becomes an empty text.
    """
    if valeur is None:
        return ""
    if isinstance(valeur, str):
        propre = ILLEGAL_CHARACTERS_RE.sub("", valeur)
        return f"'{propre}" if propre.startswith(DANGEREUX) else propre
    return valeur


def to_csv(titres: Sequence[str], lignes: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with BOM, semicolons, French dates: what Excel opens with a double click in France."""
    sortie = io.StringIO()
    ecrivain = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    ecrivain.writerow([guard(titre) for titre in titres])
    ecrivain.writerows([_french(guard(valeur)) for valeur in ligne] for ligne in lignes)
    return (BOM + sortie.getvalue()).encode()


def _french(valeur: object) -> object:
    if isinstance(valeur, datetime):
        return valeur.strftime("%d/%m/%Y %H:%M")
    if isinstance(valeur, date):
        return valeur.strftime("%d/%m/%Y")
    return valeur


def to_xlsx(titres: Sequence[str], lignes: Iterable[Sequence[object]]) -> bytes:
    """One sheet, bold titles that stay in view. Aware datetimes lose their zone, which the format cannot hold."""
    classeur = Workbook(write_only=True)
    feuille = classeur.create_sheet("entsite")
    feuille.freeze_panes = "A2"
    entetes = []
    for titre in titres:
        cellule = WriteOnlyCell(feuille, value=guard(titre))
        cellule.font = Font(bold=True)
        entetes.append(cellule)
    feuille.append(entetes)
    for ligne in lignes:
        feuille.append([_naive(guard(valeur)) for valeur in ligne])
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


def _naive(valeur: object) -> object:
    return valeur.replace(tzinfo=None) if isinstance(valeur, datetime) else valeur


FORMATS = {
    "csv": Format(to_csv, "text/csv; charset=utf-8"),
    "xlsx": Format(to_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}

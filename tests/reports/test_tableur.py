"""Tables for a spreadsheet."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from exchanges.reports.tableur import FORMATS, guard, to_csv, to_xlsx


@pytest.mark.parametrize("debut", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_would_be_a_formula_is_shown_as_text(debut):
    assert guard(f"{debut}1+1") == f"'{debut}1+1"


@pytest.mark.parametrize("valeur", ["6A", "a=b", 12, -3, date(2026, 9, 8), ""])
def test_anything_else_is_left_alone(valeur):
    assert guard(valeur) == valeur


def test_control_characters_are_dropped_and_nothing_is_an_empty_text():
    assert guard("a\x00b") == "ab"
    assert guard(None) == ""


def test_csv_opens_in_french_excel():
    octets = to_csv(["Élève", "Jour"], [["MODÈLE; Lou", date(2026, 9, 8)], ["=1", None]])
    assert octets.startswith(b"\xef\xbb\xbf")
    assert octets.decode("utf-8-sig") == 'Élève;Jour\r\n"MODÈLE; Lou";08/09/2026\r\n\'=1;\r\n'


def test_xlsx_keeps_dates_and_guards_formulas():
    instant = datetime(2026, 9, 8, 6, 0, tzinfo=UTC)
    feuille = load_workbook(BytesIO(to_xlsx(["=T", "B"], [["=1+1", instant]]))).active
    assert [[cellule.value for cellule in ligne] for ligne in feuille.rows] == [
        ["'=T", "B"],
        ["'=1+1", datetime(2026, 9, 8, 6, 0)],  # noqa: DTZ001 - a sheet has no zones
    ]
    assert feuille.freeze_panes == "A2"


def test_two_formats_are_offered():
    assert set(FORMATS) == {"csv", "xlsx"}

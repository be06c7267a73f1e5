"""The paper and the calendar."""

import re
import zlib
from base64 import a85decode
from datetime import date

import pytest
from icalendar import Calendar

from checklists.papier import write_papier
from checklists.tableau import build_tableau
from tests.checklists.makers import make_ecole_prete, url
from tests.makers import LUNDI


@pytest.fixture
def ecole(db):
    return make_ecole_prete(denomination="Collège Łódź & fils <b>")


def read_pdf(octets):
    """The words of a PDF of ours, spaces apart."""
    flux = re.findall(rb"stream\r?\n(.*?)endstream", octets, re.S)
    pages = b"".join(zlib.decompress(a85decode(f.strip().removesuffix(b"~>"))) for f in flux)
    lettres = b"".join(re.findall(rb"\((.*?)(?<!\\)\) Tj", pages))
    texte = re.sub(rb"\\(\d{3})", lambda m: bytes([int(m[1], 8)]), lettres)
    return re.sub(rb"\\([()\\])", rb"\1", texte).decode("cp1252").replace(" ", "")


def test_the_pdf_is_a4_and_says_what_the_page_says(chef, ecole):
    reponse = chef.get(url("rentree_pdf", ecole))
    assert reponse["Content-Type"] == "application/pdf"
    assert reponse["Content-Disposition"] == f'attachment; filename="rentree-2026-{ecole.uai}.pdf"'
    assert reponse.content.startswith(b"%PDF-")
    assert re.search(rb"/MediaBox \[ 0 0 595\.\d+ 841\.\d+ \]", reponse.content)
    texte = read_pdf(reponse.content)
    assert "9étapessur13prouvées,3enretard." in texte
    assert "Prochaineétape:11.Mettrelesélèvesdansleursgroupes" in texte
    assert "Bloquée,enretard" in texte
    for numero in ("1", "5d", "13"):
        assert numero in texte


def test_letters_that_the_fonts_lack_do_not_break_the_page(ecole):
    assert "Collège?ód?&fils<b>" in read_pdf(write_papier(build_tableau(ecole, LUNDI)))


def test_the_calendar_has_every_step_on_its_day(chef, ecole):
    reponse = chef.get(url("rentree_ics", ecole))
    assert reponse["Content-Type"] == "text/calendar; charset=utf-8"
    agenda = Calendar.from_ical(reponse.content)
    jours = {str(jour["uid"]): jour for jour in agenda.walk("VEVENT")}
    assert len(jours) == 16
    jour = jours[f"{ecole.uai}-2026-9@entsite"]
    assert jour.decoded("dtstart") == date(2026, 9, 1)
    assert jour["summary"] == "9. Envoyer la structure puis les services à SIECLE"
    assert "Structure, puis Services" in jour["description"]
    assert all(len(ligne) <= 75 for ligne in reponse.content.splitlines())

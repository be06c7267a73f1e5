"""From a new enseignant to the ENT, as a secretary does it in the browser; the pages of STS on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.functional.conftest import Site, sign_in


pytestmark = [pytest.mark.navigateur, pytest.mark.xdist_group("navigateur")]

ECOLE = "etablissements/0990004S/"


def test_a_remplacement_is_entered_then_exported(site: Site, page: Page):
    sign_in(page, site, "secretaire-difficulte")
    page.goto(f"{site.url}/{ECOLE}remplacements/")
    page.get_by_role("button", name="Oui : remplacement (REP)").click()
    page.get_by_label("Enseignant à remplacer").select_option(index=1)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Enseignant qui remplace").select_option(index=1)
    page.get_by_role("button", name="Enregistrer le remplacement").click()
    expect(page.get_by_text("À exporter")).to_be_visible()
    page.get_by_role("button", name="Faire Export Structure").click()
    page.get_by_role("button", name="Faire Export Services").click()
    expect(page.get_by_text("SIECLE a reçu tout ce que STS-Web tient.")).to_be_visible()


def test_the_pages_of_sts_break_no_accessibility_rule_nor_the_width_of_a_phone(site: Site, browser: Browser):
    contexte = browser.new_context(locale="fr-FR", viewport={"width": 360, "height": 780})
    page = contexte.new_page()
    sign_in(page, site, "secretaire-difficulte")
    page.goto(f"{site.url}/{ECOLE}remplacements/rep/")
    absent = page.get_by_label("Enseignant à remplacer").locator("option").nth(1).get_attribute("value")
    fautes = {}
    pages = ["", "journal-sts/", "remplacements/", "remplacements/rep/"]
    pages += [f"remplacements/{genre}/?absent={absent}" for genre in ("rep", "sup")]
    for chemin in pages:
        page.goto(f"{site.url}/{ECOLE}{chemin}")
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        largeur = page.evaluate("document.documentElement.scrollWidth")
        violations = [(v["id"], v["nodes"][0]["target"]) for v in Axe().run(page).response["violations"]]
        if violations or largeur > 360:
            fautes[chemin] = (violations, largeur)
    contexte.close()
    assert fautes == {}

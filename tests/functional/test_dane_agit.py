"""The DANE acts in the browser: a letter, an announcement, the site as a school sees it, the watch."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.functional.conftest import Site, find_faults, sign_in


pytestmark = [pytest.mark.navigateur, pytest.mark.xdist_group("navigateur")]

ECOLE = "0990004S"
PAGES = (
    f"academie/etablissements/{ECOLE}/",
    f"academie/selection/?uai={ECOLE}",
    f"academie/messages/nouveau/?uai={ECOLE}&modele=depot",
    "academie/messages/",
    f"academie/annonces/nouvelle/?uai={ECOLE}",
    "academie/annonces/",
    "academie/veille/",
    f"etablissements/{ECOLE}/consultations/",
)


def test_a_letter_is_looked_at_then_sent(site: Site, page: Page):
    sign_in(page, site, "dane")
    page.goto(f"{site.url}/academie/selection/?uai={ECOLE}")
    page.get_by_role("link", name="Relance : déposer le fichier élèves-groupes").click()
    page.get_by_role("button", name="Voir avant d'envoyer").click()
    expect(page.locator("#apercu")).to_contain_text("Dernier dépôt élèves-groupes de")
    expect(page.locator("#apercu")).not_to_contain_text("{")
    page.get_by_role("button", name="Envoyer à").click()
    expect(page.locator("#messages")).to_contain_text("Le message part vers")
    expect(page.get_by_role("heading", level=2, name="Qui l'a reçu")).to_be_visible()


def test_an_announcement_is_on_the_pages_of_the_school_until_it_is_closed(site: Site, page: Page):
    sign_in(page, site, "dane")
    page.goto(f"{site.url}/academie/annonces/nouvelle/?uai={ECOLE}")
    page.get_by_label("Titre").fill("SIECLE fermé vendredi")
    page.get_by_label("Au (compris)").fill("2030-12-31")
    page.get_by_role("button", name="Publier l'annonce").click()
    expect(page.locator("#messages")).to_contain_text("publiée")
    page.get_by_role("link", name="SIECLE fermé vendredi").click()
    page.get_by_label("Au (compris)").fill("2030-11-30")
    page.get_by_role("button", name="Changer le dernier jour").click()
    expect(page.locator("#messages")).to_contain_text("jusqu'au 30/11/2030 compris")
    page.goto(f"{site.url}/etablissements/{ECOLE}/")
    expect(page.get_by_role("region", name="Annonce de l'académie")).to_contain_text("SIECLE fermé vendredi")
    page.get_by_role("button", name="Ne plus afficher").click()
    expect(page.get_by_role("region", name="Annonce de l'académie")).to_have_count(0)


def test_the_site_as_the_school_sees_it_without_javascript(site: Site, browser: Browser):
    contexte = browser.new_context(locale="fr-FR", java_script_enabled=False)
    page = contexte.new_page()
    sign_in(page, site, "dane")
    page.goto(f"{site.url}/academie/etablissements/{ECOLE}/")
    page.get_by_role("button", name="Voir comme l'établissement").click()
    bande = page.get_by_role("region", name="Consultation")
    expect(bande).to_contain_text("Vous voyez le site comme")
    expect(page.locator("input[type=file]").first).to_be_visible()
    page.goto(f"{site.url}/etablissements/{ECOLE}/rentree/reglages/")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lecture seule")
    page.get_by_role("button", name="Quitter la consultation").click()
    expect(bande).to_have_count(0)
    contexte.close()


@pytest.mark.parametrize("largeur", [1280, 360])
def test_no_page_breaks_an_accessibility_rule_nor_scrolls_sideways(largeur, site: Site, page: Page):
    sign_in(page, site, "dane")
    assert find_faults(page, site, largeur, PAGES) == {}

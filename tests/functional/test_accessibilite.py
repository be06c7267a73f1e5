"""Every page of the journey: no axe violation, no sideways scroll on a phone, usable by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.functional.conftest import Site, imported, sign_in


pytestmark = [pytest.mark.navigateur, pytest.mark.xdist_group("navigateur")]


def visit(page: Page, site: Site, chemin: str) -> None:
    page.goto(f"{site.url}/{chemin}")
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


def list_pages(page: Page, site: Site) -> list[str]:
    """Paths of the school in trouble, those of its deposit included."""
    base = "etablissements/0990004S/"
    page.goto(f"{site.url}/{base}depots/")
    depot = imported(page).get_attribute("href").lstrip("/")
    page.goto(f"{site.url}/{depot}")
    eleve = page.locator("#compte-rendu tbody a").first.get_attribute("href").lstrip("/")
    page.goto(f"{site.url}/{base}")
    listes = [lien.get_attribute("href").lstrip("/") for lien in page.locator("a[href*='/listes/']").all()]
    return [
        base,
        f"{base}fichiers/",
        f"{base}depots/",
        depot,
        eleve,
        f"{base}ent/",
        f"{base}ent/?jour=2026-09-20",
        *listes,
        f"{base}exemples/",
        f"{base}jetons/",
        "recherche/?q=a",
        "aide/",
        "aide/regles/",
        "accessibilite/",
    ]


def test_no_page_breaks_an_accessibility_rule(site: Site, page: Page):
    page.goto(site.url)
    fautes = {"connexion": Axe().run(page).response["violations"]}
    sign_in(page, site, "secretaire-difficulte")
    for chemin in list_pages(page, site):
        visit(page, site, chemin)
        fautes[chemin] = Axe().run(page).response["violations"]
    trouvees = {
        chemin: [(v["id"], [noeud["target"] for noeud in v["nodes"]][:3]) for v in violations]
        for chemin, violations in fautes.items()
        if violations
    }
    assert trouvees == {}


def test_no_page_scrolls_sideways_on_a_phone(site: Site, browser: Browser):
    contexte = browser.new_context(locale="fr-FR", viewport={"width": 360, "height": 780})
    page = contexte.new_page()
    sign_in(page, site, "secretaire-difficulte")
    larges = []
    for chemin in list_pages(page, site):
        visit(page, site, chemin)
        if page.evaluate("document.documentElement.scrollWidth") > 360:
            larges.append(chemin)
    contexte.close()
    assert larges == []


def list_administration(page: Page, site: Site) -> list[str]:
    """Paths about accounts and schools, somebody's own page included."""
    page.goto(f"{site.url}/comptes/?texte=secretaire")
    compte = page.locator("#comptes tbody a").first.get_attribute("href").lstrip("/")
    return [
        "comptes/",
        compte,
        f"{compte}modifier/",
        "comptes/nouveau/",
        "comptes/importer/",
        "annuaires/etablissements/",
    ]


def test_administration_breaks_no_accessibility_rule_nor_the_width_of_a_phone(site: Site, browser: Browser):
    contexte = browser.new_context(locale="fr-FR", viewport={"width": 360, "height": 780})
    page = contexte.new_page()
    sign_in(page, site, "admin")
    fautes = {}
    for chemin in list_administration(page, site):
        visit(page, site, chemin)
        largeur = page.evaluate("document.documentElement.scrollWidth")
        violations = [v["id"] for v in Axe().run(page).response["violations"]]
        if violations or largeur > 360:
            fautes[chemin] = (violations, largeur)
    contexte.close()
    assert fautes == {}


def test_a_deposit_can_be_made_with_the_keyboard_alone(site: Site, page: Page):
    """From the first Tab (the skip link) to the verdict and its confirmation."""
    sign_in(page, site, "secretaire-difficulte")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_contain_text("contenu")
    page.goto(f"{site.url}/etablissements/0990004S/fichiers/")
    fichier = next(f for f in site.exemples("0990004S") if f.suffix == ".zip")
    page.set_input_files("input[type=file]", fichier)
    page.locator("input[type=file]").focus()
    press_until(page, "Lire les fichiers")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Verdict")
    case = page.locator("form#confirmer input[type=checkbox]")
    for _ in range(200):
        page.keyboard.press("Tab")
        if case.evaluate("e => e === document.activeElement"):
            break
    page.keyboard.press("Space")
    expect(case).to_be_checked()
    press_until(page, "Ne pas déposer ce fichier")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("bandonné")


def press_until(page: Page, texte: str) -> None:
    """Tab until the focused element says ``texte``."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if texte in page.locator(":focus").inner_text():
            return
    raise AssertionError(f"« {texte} » cannot be reached with the keyboard")

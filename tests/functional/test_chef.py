"""A chef opens the rentrée: what comes next, a word that the files contradict, the paper, the procedures."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.functional.conftest import Site, sign_in


pytestmark = [pytest.mark.navigateur, pytest.mark.xdist_group("navigateur")]

COLLEGE = "0990001N"
PAGES = (
    *("", "etapes/9/", "etapes/12/", "reglages/", "rappels/", "netsynchro/"),
    *("parcours/", "parcours/nouvel-enseignant/", "parcours/nouvel-eleve/?reponse=ailleurs"),
)


def open_rentree(page: Page, site: Site, identifiant: str = "principal") -> None:
    """Sign in and open the rentrée from the menu."""
    sign_in(page, site, identifiant)
    page.get_by_role("link", name="La rentrée").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("La rentrée 2026-2027")


def step(page: Page, numero: str):
    """The line of a step."""
    return page.locator("ol.steps > li", has=page.locator(f".step-number:text-is('{numero}')"))


def test_from_the_next_action_to_a_declared_step(site: Site, page: Page):
    """The chef reads where she is, opens the next step, gives it away, leaves a word, declares another."""
    open_rentree(page, site)
    expect(page.locator("#phrase")).to_contain_text("sur 13 prouvées")
    expect(step(page, "1")).to_contain_text("Prouvée")
    expect(step(page, "1")).to_contain_text("sts_emp")
    page.locator("#prochaine a").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mettre les élèves dans leurs groupes")
    page.select_option("select[name=collegue]", label="secretaire")
    page.click("text=Confier l'étape")
    expect(page.locator("#messages")).to_contain_text("L'étape est confiée.")
    page.click("text=Écrire un message")
    page.fill("textarea[name=texte]", "Pour jeudi, merci.")
    page.click("text=Ajouter le message")
    expect(page.locator("main")).to_contain_text("Pour jeudi, merci.")

    page.goto(f"{site.url}/etablissements/{COLLEGE}/rentree/etapes/5b/")
    page.fill("input[name=commentaire]", "La liste est vide")
    page.click("text=Déclarer l'étape faite")
    expect(page.locator("#messages")).to_contain_text("déclarée faite")
    page.get_by_label("Fil d'Ariane").get_by_role("link", name="La rentrée").click()
    expect(step(page, "5b")).to_contain_text("Déclarée")
    expect(page.locator("#prochaine")).to_contain_text("Mettre les élèves dans leurs groupes")
    expect(page.locator("section", has_text="Qui attend qui").last).to_contain_text("secretaire")


def test_a_word_that_the_files_contradict_stands_out(site: Site, page: Page):
    """Élèves without a division: saying that they are placed does not make it so."""
    open_rentree(page, site)
    page.goto(f"{site.url}/etablissements/{COLLEGE}/rentree/etapes/5c/")
    page.click("text=Déclarer l'étape faite")
    expect(page.locator("main")).to_contain_text("Les fichiers disent autre chose que la déclaration.")
    page.goto(f"{site.url}/etablissements/{COLLEGE}/rentree/")
    expect(step(page, "5c")).to_contain_text("Contredite")
    expect(page.locator("main")).to_contain_text("Déclaré fait, mais les fichiers disent autre chose")
    page.goto(f"{site.url}/etablissements/{COLLEGE}/rentree/etapes/5c/")
    page.click("text=Retirer la déclaration")
    expect(page.locator("main")).to_contain_text("retirée lundi 7 septembre")


def test_the_list_is_narrowed_without_leaving_the_page(site: Site, page: Page):
    open_rentree(page, site)
    page.select_option("select[name=montrer]", "reste")
    page.click("text=Filtrer")
    expect(page.locator("#etapes")).not_to_contain_text("Basculer STS-Web")
    expect(page).to_have_url(f"{site.url}/etablissements/{COLLEGE}/rentree/?montrer=reste")
    expect(step(page, "12")).to_be_visible()


def test_paper_and_calendar_for_the_meeting(site: Site, page: Page):
    open_rentree(page, site)
    with page.expect_download() as papier:
        page.click("text=PDF pour la réunion")
    assert papier.value.suggested_filename == f"rentree-2026-{COLLEGE}.pdf"
    assert papier.value.path().read_bytes().startswith(b"%PDF-")
    with page.expect_download() as agenda:
        page.click("text=Agenda (.ics)")
    assert agenda.value.path().read_bytes().count(b"BEGIN:VEVENT") == 16


def test_a_new_enseignant_without_javascript(site: Site, browser: Browser):
    contexte = browser.new_context(locale="fr-FR", java_script_enabled=False)
    page = contexte.new_page()
    open_rentree(page, site)
    page.click("text=Un enseignant arrive")
    page.click("text=Non, elle n'y est pas")
    expect(page.locator("#parcours")).to_contain_text("Services suppléants › Saisie rapide")
    page.click("text=C'est fait, continuer")
    expect(page.locator("#parcours")).to_contain_text("Exports › Structure, puis Exports › Services")
    contexte.close()


def test_no_page_breaks_an_accessibility_rule_nor_scrolls_sideways_on_a_phone(site: Site, page: Page):
    page.set_viewport_size({"width": 360, "height": 800})
    open_rentree(page, site)
    for adresse in PAGES:
        page.goto(f"{site.url}/etablissements/{COLLEGE}/rentree/{adresse}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, adresse
        violations = Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["target"]) for v in violations] == [], adresse

"""The DANE finds the schools that will miss the rentrée: filters, one school beside the list, a picture, a file."""

import csv
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.functional.conftest import Site, find_faults, sign_in


pytestmark = [pytest.mark.navigateur, pytest.mark.xdist_group("navigateur")]

EN_DIFFICULTE = "0990004S"
PAGES = (
    "academie/",
    "academie/?colonnes=projet&colonnes=absents&tri=-absents",
    "academie/?texte=introuvable",
    f"academie/etablissements/{EN_DIFFICULTE}/apercu/",
    "academie/carte/",
    "academie/tendance/",
)


def test_from_the_whole_academie_to_one_school_without_losing_the_filter(site: Site, page: Page):
    sign_in(page, site, "dane")
    expect(page).to_have_url(f"{site.url}/academie/")
    expect(page.locator("#academie caption")).to_contain_text("établissements")
    page.get_by_label("Nom, ville ou UAI").fill(EN_DIFFICULTE.lower())
    page.get_by_role("button", name="Filtrer").click()
    expect(page.locator("#academie tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(f"texte={EN_DIFFICULTE.lower()}"))
    filtree = page.url

    nom = page.locator("#academie tbody th a")
    nom.click()
    titre = page.locator("#panneau h2")
    expect(titre).to_be_focused()
    expect(page.locator("#panneau")).to_contain_text("Élèves en groupe (%)")
    assert page.url == filtree
    page.keyboard.press("Escape")
    expect(titre).to_have_count(0)
    expect(nom).to_be_focused()

    page.locator("#academie tbody .raisons summary").click()
    expect(page.locator("#academie tbody .raisons li").first).to_be_visible()
    page.get_by_role("link", name="Toute l'académie").click()
    expect(page.locator("#academie tbody tr").nth(1)).to_be_visible()


@pytest.mark.parametrize("chemin", ["academie/", "academie/carte/"])
def test_titles_and_names_stay_in_sight_when_the_table_scrolls(chemin, site: Site, page: Page):
    page.set_viewport_size({"width": 1000, "height": 420})
    sign_in(page, site, "dane")
    page.goto(f"{site.url}/{chemin}")
    boite = page.locator(".table-container")
    cadre = boite.evaluate("b => { b.scrollTo(150, 120); return [b.scrollTop, b.getBoundingClientRect().top] }")
    assert cadre[0] > 50
    assert abs(page.locator("thead th").nth(2).bounding_box()["y"] - cadre[1]) < 3
    nom = page.locator("tbody th").nth(2).bounding_box()
    assert 0 <= nom["x"] - boite.bounding_box()["x"] < 50
    page.locator(".skip-links a", has_text="Aller à la liste").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('tbody') !== null")


def test_the_table_fits_a_sheet_of_paper(site: Site, page: Page):
    sign_in(page, site, "dane")
    page.set_viewport_size({"width": 1047, "height": 718})  # A4 landscape without its margins
    page.emulate_media(media="print")
    page.goto(f"{site.url}/academie/?etat=muet&tri=-absents")
    expect(page.locator(".print-only")).to_have_text("Filtres : État : Muet. Tri : Absents, ordre décroissant.")
    page.goto(f"{site.url}/academie/")
    assert page.locator(".academie-table").evaluate("table => table.scrollWidth") <= 1047


def test_a_phone_shows_the_list_first_and_what_can_be_read(site: Site, page: Page):
    page.set_viewport_size({"width": 360, "height": 740})
    sign_in(page, site, "dane")
    recherche = page.get_by_label("Nom, ville ou UAI")
    expect(recherche).to_be_hidden()
    page.locator("summary", has_text="Filtrer et trier").click()
    recherche.fill(EN_DIFFICULTE)
    page.get_by_role("button", name="Filtrer").click()
    expect(page.locator("#academie tbody tr")).to_have_count(1)
    expect(recherche).to_be_hidden()
    doublons = page.locator("td[data-label=Doublons]")
    expect(doublons).to_be_hidden()
    page.locator("summary", has_text="Tous ses chiffres").click()
    expect(doublons).to_be_visible()

    page.goto(f"{site.url}/academie/carte/")
    for case in page.locator("#carte tbody tr").first.locator("td.case").all():
        boite = case.bounding_box()
        assert 0 <= boite["x"] <= 360 - boite["width"]
    page.goto(f"{site.url}/academie/tendance/")
    graphique = page.get_by_role("img", name="Établissements par état")
    echelle = graphique.evaluate("svg => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width")
    assert 12 * echelle >= 12
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(recherche).to_be_visible()


def test_a_view_is_named_found_again_and_forgotten(site: Site, page: Page):
    sign_in(page, site, "dane")
    page.get_by_role("link", name="Fiches bloquantes").click()
    expect(page.get_by_role("columnheader", name="Fiches bloquantes")).to_have_attribute("aria-sort", "ascending")
    page.locator("summary", has_text="Colonnes").click()
    page.get_by_role("checkbox", name="Projet ENT").check()
    page.get_by_role("checkbox", name="Absents", exact=True).uncheck()
    page.get_by_role("button", name="Montrer ces colonnes").click()
    expect(page.get_by_role("columnheader", name="Projet ENT")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Fiches bloquantes")).to_have_attribute("aria-sort", "ascending")
    page.locator("summary", has_text="Mes vues").click()
    page.get_by_label("Garder ce que je vois sous le nom").fill("Fiches par projet")
    page.get_by_role("button", name="Enregistrer la vue").click()
    expect(page.locator("#messages")).to_contain_text("est enregistrée")

    page.goto(f"{site.url}/academie/")
    expect(page.get_by_role("columnheader", name="Projet ENT")).to_have_count(0)
    page.locator("summary", has_text="Mes vues").click()
    page.get_by_role("link", name="Fiches par projet").click()
    expect(page.get_by_role("columnheader", name="Projet ENT")).to_be_visible()
    page.locator("summary", has_text="Mes vues").click()
    page.get_by_role("button", name="Supprimer la vue Fiches par projet").click()
    expect(page.locator("#messages")).to_contain_text("est supprimée")


def test_the_file_holds_what_is_on_screen(site: Site, page: Page):
    sign_in(page, site, "dane")
    page.goto(f"{site.url}/academie/?tri=ecole&colonnes=bloquantes")
    noms = page.locator("#academie tbody th a").all_inner_texts()
    with page.expect_download() as fichier:
        page.get_by_role("link", name="Exporter en CSV").click()
    lignes = list(csv.reader(fichier.value.path().read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert [ligne[1] for ligne in lignes[1:]] == noms
    assert lignes[0][-1] == "Fiches bloquantes"


def test_schools_are_chosen_to_act_on(site: Site, page: Page):
    sign_in(page, site, "dane")
    page.locator(f"#ligne-{EN_DIFFICULTE} input[type=checkbox]").check()
    expect(page.locator("[data-choice-count]")).to_have_text("1 établissement coché")
    page.get_by_role("button", name="Agir sur ces établissements").click()
    expect(page).to_have_url(re.compile(rf"/academie/selection/\?.*uai={EN_DIFFICULTE}"))


def test_ticks_outlive_a_filter_and_a_way_back(site: Site, page: Page):
    sign_in(page, site, "dane")
    compte = page.locator("[data-choice-count]")
    page.get_by_role("button", name="Agir sur ces établissements").click()
    expect(compte).to_contain_text("Cochez au moins un établissement")
    page.locator(f"#ligne-{EN_DIFFICULTE} input[type=checkbox]").check()
    page.get_by_label("Nom, ville ou UAI").fill("0990001N")
    page.get_by_role("button", name="Filtrer").click()
    expect(compte).to_have_text("1 établissement coché, dont 1 hors de cette page")
    page.locator("#ligne-0990001N input[type=checkbox]").check()
    page.get_by_role("button", name="Agir sur ces établissements").click()
    expect(page.locator("main tbody tr")).to_have_count(2)
    page.get_by_role("button", name="Revenir au tableau").click()
    expect(page).to_have_url(f"{site.url}/academie/?texte=0990001N")
    expect(compte).to_have_text("2 établissements cochés, dont 1 hors de cette page")
    page.get_by_role("button", name="Tout décocher").click()
    expect(page.locator("#ligne-0990001N input[type=checkbox]")).not_to_be_checked()


def test_the_picture_for_the_meeting_and_the_weeks(site: Site, page: Page):
    sign_in(page, site, "dane")
    page.get_by_role("link", name="Carte des étapes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Carte des étapes")
    ligne = page.locator("#carte tbody tr", has_text=EN_DIFFICULTE)
    expect(ligne.locator("td.case")).to_have_count(16)
    page.get_by_role("columnheader", name="12 –").get_by_role("link").click()
    expect(page).to_have_url(re.compile("tri=12"))
    page.get_by_role("link", name="Tendance").click()
    expect(page.get_by_role("img", name="Établissements par état")).to_be_visible()
    expect(page.get_by_role("region", name="Chiffres : Établissements par état")).to_contain_text("07/09/2026")
    expect(page.get_by_role("img", name="Élèves dans au moins un groupe")).to_contain_text("L'an dernier")
    page.get_by_label("Bassin").select_option("La Friche")
    page.get_by_role("button", name="Filtrer").click()
    expect(page).to_have_url(re.compile("bassin=La(%20|[+])Friche"))


def test_everything_is_there_without_javascript(site: Site, browser: Browser):
    contexte = browser.new_context(locale="fr-FR", java_script_enabled=False)
    page = contexte.new_page()
    sign_in(page, site, "dane")
    page.get_by_label("Nom, ville ou UAI").fill("lycee")
    page.get_by_role("button", name="Filtrer").click()
    noms = page.locator("#academie tbody th a")
    expect(noms.first).to_contain_text(re.compile("lyc", re.IGNORECASE))
    noms.first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("lyc", re.IGNORECASE))
    page.get_by_role("link", name="Revenir à la liste").click()
    expect(page).to_have_url(re.compile("texte=lycee"))
    page.get_by_role("columnheader", name="Âge du dépôt").get_by_role("link").click()
    expect(page).to_have_url(re.compile("texte=lycee.*tri=age"))
    contexte.close()


@pytest.mark.parametrize("largeur", [1280, 360])
def test_no_page_breaks_an_accessibility_rule_nor_scrolls_sideways(largeur, site: Site, page: Page):
    sign_in(page, site, "dane")
    assert find_faults(page, site, largeur, PAGES) == {}

"""From the DANE who opens an account to the person who enters with the password that she has chosen."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from exchanges.management.commands.load_demo import MOT_DE_PASSE
from tests.functional.conftest import Site, sign_in


pytestmark = [pytest.mark.navigateur, pytest.mark.xdist_group("navigateur")]

MEL, PHRASE = "anne.modele@ac-essai.example", "le chat dort sur le radiateur"


def test_person_invited_by_the_dane_chooses_her_password_and_sees_her_school(site: Site, page: Page, browser: Browser):
    sign_in(page, site, "dane")
    page.locator("details.account summary").click()
    page.get_by_role("link", name="Comptes et rôles").click()
    page.get_by_role("button", name="Ouvrir un compte").click()
    page.get_by_label("Adresse électronique").fill(MEL)
    page.get_by_label("Nom", exact=True).fill("MODÈLE")
    page.get_by_label("Établissements (UAI)").fill("0990004S")
    page.get_by_role("button", name="Ouvrir le compte et inviter").click()
    expect(page.get_by_text(f"Une invitation est partie à {MEL}")).to_be_visible()

    courriel = max((site.dossier / "courriels").iterdir(), key=lambda fichier: fichier.stat().st_mtime).read_text()
    lien = re.search(rf"{site.url}/mot-de-passe/nouveau/\S+", courriel)[0]
    sienne = browser.new_context(locale="fr-FR").new_page()
    sienne.goto(lien)
    for champ in sienne.locator("input[type=password]").all():
        champ.fill(PHRASE)
    sienne.get_by_role("button", name="Choisir ce mot de passe").click()
    sienne.get_by_role("button", name="Se connecter").click()
    sienne.locator("#id_username").fill(MEL.upper())
    sienne.locator("#id_password").fill(PHRASE)
    sienne.get_by_role("button", name="Se connecter").click()
    expect(sienne).to_have_url(re.compile("/etablissements/0990004S/"))

    page.locator("summary", has_text="Retirer").click()
    page.get_by_role("button", name="Retirer ce rôle").click()
    sienne.reload()
    expect(sienne.get_by_role("heading", level=1)).not_to_contain_text("0990004S")
    assert sienne.goto(f"{site.url}/etablissements/0990004S/").status == 404


def test_session_that_ended_under_a_filter_leads_to_the_login_page_and_back(site: Site, page: Page):
    sign_in(page, site, "dane")
    page.goto(f"{site.url}/comptes/?texte=a")
    page.context.clear_cookies()
    page.get_by_label("Nom, adresse, UAI ou établissement").fill("secretaire")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Connexion")
    expect(page).to_have_url(f"{site.url}/connexion/?next=/comptes/%3Ftexte%3Da")
    expect(page.locator("#messages")).to_have_count(1)
    page.fill("input[name=username]", "dane")
    page.fill("input[name=password]", MOT_DE_PASSE)
    page.click("main button[type=submit]")
    expect(page).to_have_url(f"{site.url}/comptes/?texte=a")

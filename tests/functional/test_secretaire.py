"""A secretary who has never seen the product: from her files to the ENT three days later, in a browser."""

import re
import zipfile

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.functional.conftest import Site, imported, sign_in


pytestmark = [pytest.mark.navigateur, pytest.mark.xdist_group("navigateur")]

NOUVEAU = "0990005T"
DIFFICULTE = "0990004S"


def next_morning(page: Page) -> None:
    """Let a night pass from the screen, and wait for the workers to have done it."""
    page.click("text=Passer à demain matin")
    expect(page.locator("text=La nuit est passée.")).to_be_visible(timeout=45_000)
    page.click("text=Revenir à la page")


def number(page: Page, libelle: str) -> int:
    """The figure of a tile, by its words."""
    tuile = page.locator("li, div", has_text=re.compile(rf"^\s*[\d\s\u202f]+\s*{libelle}")).last
    return int(re.sub(r"\D", "", tuile.inner_text().split("\n")[0]))


def submit(page: Page, site: Site, uai: str) -> tuple[str, int]:
    """Deposit the school's ZIP for the coming night: the address of its page, the links that it will create."""
    page.goto(f"{site.url}/etablissements/{uai}/fichiers/")
    page.set_input_files("input[type=file]", next(f for f in site.exemples(uai) if f.suffix == ".zip"))
    page.click("text=Lire les fichiers")
    expect(page.get_by_role("heading", level=1)).to_have_text("Verdict")
    expect(page.locator("main")).to_contain_text("Rien n'est encore déposé")
    crees = number(page, "liens créés")
    page.check("form#confirmer input[type=checkbox]")
    page.click("form#confirmer button[type=submit]")
    expect(page.locator("main")).to_contain_text("C'est au tour de SIECLE")
    return page.url, crees


def test_from_the_files_to_the_ent(site: Site, page: Page):
    """Load, deposit, read the verdict, let the nights run, read the compte-rendu, see the groupes in the ENT."""
    sign_in(page, site, "secretaire-nouveau")
    page.set_input_files("input[type=file]", [f for f in site.exemples(NOUVEAU) if f.suffix == ".xml"])
    page.click("text=Lire les fichiers")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce qui va changer")
    expect(page.locator("main")).to_contain_text("6 fichiers reconnus")
    page.click("form#appliquer button[type=submit]")
    depot, crees = submit(page, site, NOUVEAU)
    assert crees > 100
    suivi = f"{site.url}/etablissements/{NOUVEAU}/depots/"
    page.goto(suivi)
    expect(page.locator("table")).to_contain_text("En attente de la nuit")

    next_morning(page)
    page.goto(depot)
    expect(page.get_by_role("heading", level=1)).to_have_text("Compte-rendu")
    expect(page.locator("main")).to_contain_text("Liens élève-groupe rejetés")
    assert number(page, "liens créés") == crees
    page.goto(suivi)
    expect(page.locator("table")).to_contain_text("Importé")

    next_morning(page)
    next_morning(page)
    page.goto(f"{site.url}/etablissements/{NOUVEAU}/ent/")
    groupes = page.locator("section", has=page.get_by_role("heading", name="Groupes"))
    premier = groupes.get_by_role("link").first
    code = premier.inner_text()
    premier.click()
    expect(page).to_have_url(re.compile("groupe="))
    membres = page.locator("#membres")
    expect(membres.get_by_role("heading", level=2)).to_contain_text(code)
    membres.get_by_role("link").nth(1).click()
    expect(page.locator("main")).to_contain_text(code)


def test_a_deposit_and_its_night_need_no_javascript(site: Site, browser: Browser):
    contexte = browser.new_context(locale="fr-FR", java_script_enabled=False)
    page = contexte.new_page()
    sign_in(page, site, "secretaire")
    depot, crees = submit(page, site, "0990001N")
    page.click("text=Passer à demain matin")
    for _ in range(40):
        page.wait_for_timeout(1000)
        page.goto(depot)
        if page.get_by_role("heading", level=1).inner_text() == "Compte-rendu":
            break
    expect(page.get_by_role("heading", level=1)).to_have_text("Compte-rendu")
    assert number(page, "liens créés") == crees
    contexte.close()


def test_a_compte_rendu_says_how_to_repair_each_line(site: Site, page: Page):
    sign_in(page, site, "secretaire-difficulte")
    page.goto(f"{site.url}/etablissements/{DIFFICULTE}/depots/")
    imported(page).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Compte-rendu")
    expect(page.locator("main")).to_contain_text("Exports > Structure")
    lignes = page.locator("#compte-rendu tbody tr")
    toutes = lignes.count()
    page.select_option("#compte-rendu select[name=code]", "GROUPE_B_01")
    page.click("#compte-rendu >> text=Filtrer")
    expect(page).to_have_url(re.compile("code=GROUPE_B_01"))
    expect(lignes.first).to_contain_text("GROUPE_B_01")
    assert 0 < lignes.count() < toutes
    with page.expect_download() as telechargement:
        page.click("text=Exporter en CSV")
    texte = telechargement.value.path().read_text(encoding="utf-8-sig")
    assert "GROUPE_B_01" in texte
    assert "GROUPE_A_01" not in texte
    lignes.first.get_by_role("link").click()
    expect(page.locator("main")).to_contain_text("MEF")


def test_a_bad_file_gets_a_sentence_and_changes_nothing(site: Site, page: Page, tmp_path):
    sign_in(page, site, "secretaire-difficulte")
    faux = tmp_path / f"{DIFFICULTE}ELEGROUPE2026260907101010.zip"
    faux.write_bytes(b"ceci n'est pas une archive")
    page.goto(f"{site.url}/etablissements/{DIFFICULTE}/fichiers/")
    page.set_input_files("input[type=file]", faux)
    page.click("text=Lire les fichiers")
    expect(page.locator("main")).to_contain_text("Rien n'a été modifié")
    expect(page.locator("main")).to_contain_text(faux.name)


def test_closing_many_links_asks_twice(site: Site, page: Page, tmp_path):
    """Half of the school is missing from the file: the figure must be confirmed on a page of its own."""
    sign_in(page, site, "secretaire-lycee")
    uai = "0990002P"
    origine = next(f for f in site.exemples(uai) if f.suffix == ".zip")
    with zipfile.ZipFile(origine) as archive:
        texte = archive.read(archive.namelist()[0]).decode("iso-8859-15")
    tete, *eleves = texte.split("<ELEVE>")
    partiel = "<ELEVE>".join([tete, *eleves[: len(eleves) // 2 - 1], eleves[-1]])
    nom = f"{uai}ELEGROUPE2026260907111111"
    with zipfile.ZipFile(tmp_path / f"{nom}.zip", "w") as archive:
        archive.writestr(f"{nom}.xml", partiel.encode("iso-8859-15"))
    page.goto(f"{site.url}/etablissements/{uai}/fichiers/")
    page.set_input_files("input[type=file]", tmp_path / f"{nom}.zip")
    page.click("text=Lire les fichiers")
    expect(page.locator("main")).to_contain_text("perdront leurs groupes")
    page.check("form#confirmer input[type=checkbox]")
    page.click("form#confirmer button[type=submit]")
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirmer les suppressions")
    page.check("input[name=confirme]")
    page.click("text=Déposer malgré tout")
    expect(page.locator("main")).to_contain_text("C'est au tour de SIECLE")
    page.click("text=Abandonner ce dépôt")
    expect(page.locator("main")).to_contain_text("bandonné")

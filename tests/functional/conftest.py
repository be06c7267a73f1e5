"""The real site (web, worker, beat under their supervisor) and a real browser, for journeys.

Nothing is shared with the test process but files and a port: no ORM here, the pages are the only witness.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from exchanges.management.commands.load_demo import MOT_DE_PASSE
from tests import servers


ECHELLE = "0.15"
DEMARRAGE = 60  # seconds


@dataclass(frozen=True)
class Site:
    """A running site with the demo académie."""

    url: str
    dossier: Path

    def exemples(self, uai: str) -> list[Path]:
        """The files that a trainee of this school has on disk."""
        return sorted((self.dossier / "exemples" / uai).iterdir())


def start_site(environnement: dict[str, str]) -> Iterator[Site]:
    """Migrate, load a small demo, start the supervisor; stop it with Ctrl-C at the end."""
    dossier = Path(tempfile.mkdtemp(prefix="entsite-site-"))
    retires = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "ENTSITE_TEST_RUN")
    env = {nom: valeur for nom, valeur in os.environ.items() if nom not in retires}
    env |= {"ENTSITE_DATA_DIR": str(dossier), **environnement}
    options = {"cwd": settings.BASE_DIR, "env": env}
    for commande in (["migrate", "-v0"], ["load_demo", "--echelle", ECHELLE]):
        subprocess.run([sys.executable, "manage.py", *commande], check=True, capture_output=True, **options)  # noqa: S603
    port = servers.free_port()
    journal = (dossier / "site.log").open("wb")
    site = subprocess.Popen(  # noqa: S603
        [sys.executable, "manage.py", "run_site", "--adresse", f"127.0.0.1:{port}"],
        stdout=journal,
        stderr=subprocess.STDOUT,
        **options,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{url}/sante/", site, dossier / "site.log")
        yield Site(url, dossier)
    finally:
        site.send_signal(signal.SIGINT)
        assert site.wait(15) == 0, (dossier / "site.log").read_text()
        journal.close()


def wait_for(url: str, processus: "subprocess.Popen[bytes]", journal: Path) -> None:
    """Return once the page answers."""
    limite = time.monotonic() + DEMARRAGE
    while True:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own site
                return
        except OSError:
            if processus.poll() is not None or time.monotonic() > limite:
                raise RuntimeError(journal.read_text()) from None
            time.sleep(0.2)


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The embedded site, as ``make run`` starts it."""
    yield from start_site({})


@pytest.fixture(scope="module")
def browser(chromium) -> Iterator[Browser]:
    """One Chromium per module: Playwright's event loop must be gone before another module uses the ORM."""
    with sync_playwright() as playwright:
        navigateur = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
        )
        yield navigateur
        navigateur.close()


@pytest.fixture
def page(browser) -> Iterator[Page]:
    """A wide window, in French."""
    contexte = browser.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900})
    contexte.set_default_timeout(15_000)
    yield contexte.new_page()
    contexte.close()


def sign_in(page: Page, site: Site, identifiant: str) -> None:
    """Sign in as one of the demo's people."""
    page.goto(site.url)
    page.fill("input[name=username]", identifiant)
    page.fill("input[name=password]", MOT_DE_PASSE)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda adresse: "connexion" not in adresse)


def imported(page: Page) -> Locator:
    """In the suivi des échanges, the link to a deposit that a night has imported."""
    return page.locator("tbody tr", has_text="Importé").get_by_role("link").first


def find_faults(page: Page, site: Site, largeur: int, chemins: tuple[str, ...]) -> dict[str, tuple[list, int]]:
    """What breaks an accessibility rule, and how wide the page is when it scrolls sideways, by path."""
    page.set_viewport_size({"width": largeur, "height": 800})
    fautes = {}
    for chemin in chemins:
        page.goto(f"{site.url}/{chemin}")
        violations = [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in Axe().run(page).response["violations"]]
        largeur_page = page.evaluate("document.documentElement.scrollWidth")
        if violations or largeur_page > largeur:
            fautes[chemin] = (violations, largeur_page)
    return fautes

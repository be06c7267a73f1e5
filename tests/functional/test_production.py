"""The same site on PostgreSQL and Redis, by environment variables alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import servers
from tests.functional.conftest import Site, sign_in, start_site


pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.redis,
    pytest.mark.postgresql,
    pytest.mark.xdist_group("navigateur"),
]


@pytest.fixture(scope="module")
def site_de_production() -> Iterator[Site]:
    redis, _ = servers.start_redis()
    yield from start_site({"DATABASE_URL": servers.start_postgresql(), "REDIS_URL": redis})


def test_a_night_passes_on_postgresql_and_redis(site_de_production: Site, page: Page):
    site = site_de_production
    assert not list(Path(site.dossier).glob("*.sqlite3")), "the embedded database is not even created"
    sign_in(page, site, "secretaire")
    page.set_input_files("input[type=file]", next(f for f in site.exemples("0990001N") if f.suffix == ".zip"))
    page.click("text=Lire les fichiers")
    page.check("form#confirmer input[type=checkbox]")
    page.click("form#confirmer button[type=submit]")
    page.click("text=Passer à demain matin")
    expect(page.locator("text=La nuit est passée.")).to_be_visible(timeout=45_000)
    page.click("text=Lire le compte-rendu")
    expect(page.get_by_role("heading", level=1)).to_have_text("Compte-rendu")
    expect(page.locator("main")).to_contain_text("Tout est importé.")

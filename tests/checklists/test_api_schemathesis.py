"""schemathesis plays the OpenAPI document of the reading API against the running server, and judges every answer."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from exchanges.pipeline import jetons
from exchanges.pipeline.jetons import create_jeton
from exchanges.pipeline.nuits import run_until
from tests.makers import LUNDI, deposit, make_ecole, set_clock


# The school to ask about, or nearly every address made up would be a 404. Two valid dates may be in the wrong order.
REGLAGES = """
[parameters]
"path.code" = "{code}"
"path.uai" = "{uai}"

[[operations]]
include-operation-id = "releves"
checks.positive_data_acceptance.expected-statuses = ["2xx", "400"]
"""
LIMITE = 120  # seconds


@pytest.fixture
def ecole(transactional_db):
    """A school that has loaded, deposited, and whose relays have run."""
    ecole = make_ecole()
    deposit(ecole, {"1001": ["6AGL1"], "1002": ["INCONNU"]})
    jeudi = LUNDI + timedelta(days=3)
    set_clock(ecole.academie, jeudi)
    list(run_until(jeudi))
    return ecole


def test_running_server_does_what_its_document_says(ecole, live_server, monkeypatch, tmp_path):
    for quota in ("PAR_MINUTE", "INCONNUS_PAR_MINUTE"):
        monkeypatch.setattr(jetons, quota, 100_000)
    clair = create_jeton("schemathesis", ecole.academie, timezone.now())[1]
    reglages = tmp_path / "schemathesis.toml"
    reglages.write_text(REGLAGES.format(code=ecole.academie.code, uai=ecole.uai), encoding="utf-8")
    commande = [sys.executable, "-m", "schemathesis.cli", "--config-file", reglages, "run"]
    commande += [f"{live_server.url}/api/schema.json", "--header", f"Authorization: Bearer {clair}"]
    commande += ["--phases", "coverage,fuzzing", "--max-examples", "10", "--seed", "1", "--continue-on-failure"]
    env = {nom: valeur for nom, valeur in os.environ.items() if not nom.startswith(("PYTEST", "DJANGO"))}
    sortie = subprocess.run(  # noqa: S603 - our own arguments
        commande, check=False, capture_output=True, text=True, timeout=LIMITE, cwd=tmp_path, env=env
    )
    assert sortie.returncode == 0, sortie.stdout[-6000:] + sortie.stderr[-2000:]
    assert "5 selected" in sortie.stdout

"""The corrected file as a secretary gets it: from the verdict, from the compte-rendu."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest

from exchanges.parsers import read_depot
from exchanges.pipeline.nuits import run_until
from tests.makers import MARDI_2H, deposit, make_depot
from tests.pipeline.makers import stored_files
from tests.views.pages import text, url


LIENS = {"1001": ["6AGL1", "INCONNU"], "1002": ["6ESP1"], "9999": ["6AGL1"]}


@pytest.fixture
def depot(ecole):
    return make_depot(ecole, LIENS)


def test_verdict_lists_what_is_left_out_and_gives_the_file(secretaire, ecole, depot):
    reponse = secretaire.get(url("depot_detail", ecole, depot.pk))
    page = text(reponse)
    assert "Ce qui en a été retiré : 2 lignes" in page
    assert "Élève retiré" in page
    assert "Inscription retirée INCONNU" in page
    assert url("depot_corrected", ecole, depot.pk) in reponse.content.decode()


def test_sound_deposit_has_no_section(secretaire, ecole):
    depot = make_depot(ecole, {"1001": ["6AGL1"]})
    assert "Fichier corrigé" not in text(secretaire.get(url("depot_detail", ecole, depot.pk)))


def test_the_zip_is_a_deposit_under_a_new_name(secretaire, ecole, depot):
    reponse = secretaire.get(url("depot_corrected", ecole, depot.pk))
    nom = reponse["Content-Disposition"].partition('filename="')[2].rstrip('"')
    fichier = read_depot(BytesIO(reponse.content), nom).fichier
    assert [e.eleve_id for e in fichier.eleves] == ["1001", "1002"]
    assert nom != f"{depot.nom}.zip"
    assert (reponse["Content-Type"], reponse["Cache-Control"]) == ("application/zip", "no-store")


def test_the_list_opens_in_a_spreadsheet(secretaire, ecole, depot):
    reponse = secretaire.get(url("depot_corrected_list", ecole, depot.pk, "csv"))
    assert reponse["Content-Disposition"] == 'attachment; filename="corrige.csv"'
    lignes = list(csv.DictReader(StringIO(reponse.content.decode("utf-8-sig")), delimiter=";"))
    assert [(ligne["Identifiant"], ligne["Groupe"], ligne["Code"]) for ligne in lignes] == [
        ("1001", "INCONNU", "GROUPE_A_01"),
        ("9999", "", "REJELEGROUPE_01"),
    ]
    assert secretaire.get(url("depot_corrected_list", ecole, depot.pk, "pdf")).status_code == 404


def test_nothing_left_is_said_instead_of_an_empty_file(secretaire, ecole):
    depot = make_depot(ecole, {"1001": ["INCONNU"]})
    page = secretaire.get(url("depot_detail", ecole, depot.pk))
    assert "Il ne reste rien à déposer" in text(page)
    assert url("depot_corrected", ecole, depot.pk) not in page.content.decode()
    reponse = secretaire.get(url("depot_corrected", ecole, depot.pk), follow=True)
    assert "Il ne reste aucun élève dans le fichier corrigé" in text(reponse)


@pytest.mark.parametrize(("nom", "suite"), [("depot_corrected", []), ("depot_corrected_list", ["csv"])])
def test_a_purged_file_is_said(secretaire, ecole, depot, nom, suite):
    for chemin in stored_files():
        chemin.unlink()
    reponse = secretaire.get(url(nom, ecole, depot.pk, *suite), follow=True)
    assert "il ne peut plus être corrigé" in text(reponse)


def test_compte_rendu_gives_it_too_when_something_was_refused(secretaire, ecole):
    depots = [deposit(ecole, LIENS)]
    list(run_until(MARDI_2H + timedelta(hours=5)))
    page = secretaire.get(url("depot_detail", ecole, depots[0].pk)).content.decode()
    assert url("depot_corrected", ecole, depots[0].pk) in page
    assert secretaire.get(url("depot_corrected", ecole, depots[0].pk)).status_code == 200

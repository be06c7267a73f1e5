"""Suivi des échanges > STS-Web – Structures."""

from datetime import timedelta

import pytest

from exchanges.models import LigneJournal
from exchanges.pipeline import exports
from tests.makers import LUNDI, load
from tests.makers_sts import make_edt, make_sts
from tests.views.pages import assert_fragment_is_part_of_page, text, url


HEURE = timedelta(hours=1)
NOMS = ("6AGL1", "1ARA1STMG", "6é")


@pytest.fixture
def acte(ecole):
    """The import of a file with a long name and a refused one."""
    load(ecole, [make_sts(ecole)], LUNDI)
    return load(ecole, [make_edt(ecole, NOMS)], LUNDI + HEURE).acte


def test_the_lines_are_kept_with_the_act(acte):
    assert list(LigneJournal.objects.filter(acte=acte).values_list("rang", "code", "objet", "retenu")) == [
        (0, "NOM_TRONQUE", "1ARA1STMG", "1ARA1STM"),
        (1, "NOM_REFUSE", "6é", ""),
    ]
    assert acte.detail == {"divisions": 1, "groupes": 2}


def test_list_shows_imports_and_exports_and_is_reached_from_the_suivi(secretaire, ecole, acte):
    exports.run_export_structure(ecole, None, LUNDI + HEURE)
    assert url("journal_list", ecole) in secretaire.get(url("depot_list", ecole)).content.decode()
    lue = text(secretaire.get(url("journal_list", ecole)))
    assert "07/09/2026 11 h 00 EDT_STS.xml 1 2 2 lignes" in lue
    assert "Export Structure vers SIECLE" in lue
    assert "Aucune erreur" in lue
    assert_fragment_is_part_of_page(secretaire, url("journal_list", ecole))


def test_empty_journal_says_what_will_fill_it(secretaire, ecole):
    assert "Aucun import pour l'instant" in text(secretaire.get(url("journal_list", ecole)))


def test_detail_tells_each_name_what_happened_and_what_to_do(secretaire, ecole, acte):
    lue = text(secretaire.get(url("journal_detail", ecole, acte.pk)))
    assert "1ARA1STMG 1ARA1STM Le nom « 1ARA1STMG » dépasse 8 caractères" in lue
    assert "À faire : Renommez-le dans EDT, par exemple" in lue
    assert_fragment_is_part_of_page(secretaire, url("journal_detail", ecole, acte.pk, query="tri=-code"))


def test_filter_narrows_and_export_follows_it(secretaire, ecole, acte):
    adresse = url("journal_detail", ecole, acte.pk, query="code=NOM_REFUSE")
    assert "1ARA1STMG" not in text(secretaire.get(adresse))
    assert "Aucune ligne pour ce filtre" in text(
        secretaire.get(url("journal_detail", ecole, acte.pk, query="texte=zzz"))
    )
    csv = secretaire.get(url("journal_export", ecole, acte.pk, "csv", query="code=NOM_REFUSE")).content.decode()
    assert csv.splitlines()[1].startswith("6é;;Le groupe « 6é » est refusé")
    assert len(csv.splitlines()) == 2
    xlsx = secretaire.get(url("journal_export", ecole, acte.pk, "xlsx"))
    assert xlsx.content.startswith(b"PK")
    assert secretaire.get(url("journal_export", ecole, acte.pk, "pdf")).status_code == 404


def test_a_name_mended_later_is_resolved_since_that_import(secretaire, ecole, acte):
    load(ecole, [make_edt(ecole, ("6AGL1", "1ARASTMG", "6é"))], LUNDI + 26 * HEURE)
    lue = text(secretaire.get(url("journal_detail", ecole, acte.pk)))
    assert "Résolu depuis mardi 8 septembre. Le nom « 1ARA1STMG »" in lue
    assert lue.count("Résolu depuis") == 1


def test_a_name_refused_again_is_not_resolved(secretaire, ecole, acte):
    load(ecole, [make_edt(ecole, ("6AGL1",))], LUNDI + 26 * HEURE)
    load(ecole, [make_edt(ecole, ("6AGL1", "6é"))], LUNDI + 50 * HEURE)
    lue = text(secretaire.get(url("journal_detail", ecole, acte.pk)))
    assert lue.count("Résolu depuis") == 1
    assert "Résolu depuis mardi 8 septembre. Le nom « 1ARA1STMG »" in lue


def test_import_without_refusal_says_so(secretaire, ecole):
    load(ecole, [make_sts(ecole)], LUNDI)
    acte = load(ecole, [make_edt(ecole)], LUNDI + HEURE).acte
    assert "Aucune erreur" in text(secretaire.get(url("journal_detail", ecole, acte.pk)))


def test_the_same_file_again_is_one_more_import_that_changes_nothing(secretaire, ecole, acte):
    avant = (ecole.version_referentiel, ecole.sts_modifie_le)
    encore = load(ecole, [make_edt(ecole, NOMS)], LUNDI + 26 * HEURE).acte
    assert (ecole.version_referentiel, ecole.sts_modifie_le) == avant
    assert encore.journal.count() == 2
    assert "2 échanges" in text(secretaire.get(url("journal_list", ecole)))


def test_another_act_has_no_journal(secretaire, ecole):
    assert secretaire.get(url("journal_detail", ecole, ecole.actes.get().pk)).status_code == 404

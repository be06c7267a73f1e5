"""Work lists: who is on them, what to do, the export."""

import pytest

from exchanges.enums import TypeFichier
from exchanges.parsers.records import FichierSTS, Groupe
from exchanges.pipeline.nuits import run_until
from tests.makers import ELEVES, LUNDI, MARDI_2H, deposit, load, make_eleve, make_entete, make_fichiers
from tests.views.pages import assert_fragment_is_part_of_page, text, url


SLUGS = ("groupes-absents-de-siecle", "groupes-vides", "eleves-sans-groupe", "eleves-sans-ine", "eleves-sans-division")


def page_of(client, ecole, slug):
    return text(client.get(url("liste_detail", ecole, slug)))


def load_eleves(ecole, **champs):
    """The default élèves, the first of them changed."""
    eleves = [make_eleve("1001", **champs), *map(make_eleve, ELEVES[1:])]
    load(ecole, make_fichiers(ecole, eleves=eleves))


@pytest.mark.parametrize("slug", SLUGS)
def test_every_list_has_its_page_its_repair_and_its_exports(slug, secretaire, ecole):
    assert "À faire :" in page_of(secretaire, ecole, slug)
    assert_fragment_is_part_of_page(secretaire, url("liste_detail", ecole, slug))
    for extension in ("csv", "xlsx"):
        assert secretaire.get(url("liste_export", ecole, slug, extension)).status_code == 200


def test_unknown_list_and_unknown_export_are_not_found(secretaire, ecole):
    assert secretaire.get(url("liste_detail", ecole, "autre")).status_code == 404
    assert secretaire.get(url("liste_export", ecole, "autre", "csv")).status_code == 404
    assert secretaire.get(url("liste_export", ecole, SLUGS[0], "pdf")).status_code == 404


def test_empty_list_is_good_news(secretaire, ecole):
    assert "tout va bien de ce côté" in page_of(secretaire, ecole, "eleves-sans-ine")


def test_eleves_sans_ine(secretaire, ecole):
    load_eleves(ecole, ine="")
    assert "MODELE1001 Maëlys 6A 1001" in page_of(secretaire, ecole, "eleves-sans-ine")


def test_eleves_sans_division(secretaire, ecole):
    load_eleves(ecole, division="")
    assert "1 élève sans division" in page_of(secretaire, ecole, "eleves-sans-division")


def test_leavers_are_on_no_list(secretaire, ecole):
    load_eleves(ecole, ine="", division="", date_sortie=LUNDI.date())
    for slug in ("eleves-sans-ine", "eleves-sans-division", "eleves-sans-groupe"):
        assert "MODELE1001" not in page_of(secretaire, ecole, slug)


def test_groupes_vides_and_eleves_sans_groupe_follow_the_night(secretaire, ecole):
    deposit(ecole, {"1001": ["6AGL1"]})
    list(run_until(MARDI_2H))
    vides = page_of(secretaire, ecole, "groupes-vides")
    assert "6ESP1" in vides
    assert "6AGL1" not in vides
    assert "3 élèves sans groupe" in page_of(secretaire, ecole, "eleves-sans-groupe")


def test_groupes_absents_de_siecle(secretaire, ecole):
    entete = make_entete(ecole, TypeFichier.STS_EDT, LUNDI, "2026")
    load(ecole, [FichierSTS(entete=entete, groupes=(Groupe("NOUVEAU", "", divisions=("6A",)), Groupe("6AGL1", "")))])
    page = page_of(secretaire, ecole, "groupes-absents-de-siecle")
    assert "NOUVEAU 6A lundi 7 septembre 2026" in page
    assert "6AGL1" not in page


def test_list_is_paged_by_fifty_and_exported_whole(secretaire, ecole):
    load(ecole, make_fichiers(ecole, eleves=[make_eleve(str(n), ine="") for n in range(1001, 1061)]))
    assert "Lignes 1 à 50 sur 60" in page_of(secretaire, ecole, "eleves-sans-ine")
    export = secretaire.get(url("liste_export", ecole, "eleves-sans-ine", "csv")).content.decode("utf-8-sig")
    assert len(export.splitlines()) == 61


def test_list_asks_as_many_queries_for_ten_rows_as_for_one(secretaire, ecole, django_assert_max_num_queries):
    adresse = url("liste_detail", ecole, "eleves-sans-ine")
    load_eleves(ecole, ine="")
    with django_assert_max_num_queries(10) as avant:
        secretaire.get(adresse)
    load(ecole, make_fichiers(ecole, eleves=[make_eleve(str(n), ine="") for n in range(1001, 1011)]))
    with django_assert_max_num_queries(len(avant)):
        secretaire.get(adresse)

"""The compte-rendu: SIECLE's words, the repair beside each line, what happened since, the exports."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from exchanges.enums import TypeFichier
from exchanges.models import AnomalieDepot, Depot
from exchanges.parsers.records import Division, FichierSTS, Groupe
from exchanges.pipeline.nuits import run_until
from tests.makers import LUNDI, MARDI_2H, MEF, deposit, load, make_eleve, make_entete, make_fichiers
from tests.views.pages import assert_fragment_is_part_of_page, htmx, text, url


LIENS = {"1001": ["6AGL1"], "1002": ["NOUVEAU", "6AGL1"], "9999": ["6AGL1"]}
MATIN = MARDI_2H + timedelta(hours=5)


@pytest.fixture
def depot(ecole):
    """A night with one rejected élève, one unknown groupe, two absents."""
    depose = deposit(ecole, LIENS)
    list(run_until(MATIN))
    return Depot.objects.get(pk=depose.pk)


def fill(depot, nombre):
    """As many more lines as asked for."""
    AnomalieDepot.objects.bulk_create(
        AnomalieDepot(
            depot=depot,
            rang=100 + rang,
            section="anomalie",
            code="ELEGRP_A_03",
            regle="ELEGRP",
            gravite="avertissement",
            reference=str(3000 + rang),
            nom=f"RANG{rang:04d}",
            message="Date de fin.",
            action="Alignez les calendriers.",
        )
        for rang in range(nombre)
    )


def test_header_and_sections_keep_the_words_of_siecle(secretaire, ecole, depot):
    page = text(secretaire.get(url("depot_detail", ecole, depot.pk)))
    assert f"Import des liens élève-groupe du 08/09/2026 pour le fichier {depot.nom}. 3 élèves lus." in page
    assert "Liens élève-groupe rejetés" in page
    assert "Liens élève-groupe importés avec anomalies" in page
    assert "MODELE9999 Maëlys 9999 / 0" in page
    assert "Nombre de liens : 1" in page


def test_clean_night_says_that_nothing_was_found_twice(secretaire, ecole):
    propre = deposit(ecole, {"1001": ["6AGL1"]})
    list(run_until(MATIN))
    page = text(secretaire.get(url("depot_detail", ecole, propre.pk)))
    assert page.count("Aucun résultat trouvé.") == 2
    assert "Tout est importé. L'ENT montrera cet import jeudi 10 septembre à 6 h." in page


def test_refusals_say_whose_move_it_is(secretaire, ecole, depot):
    page = text(secretaire.get(url("depot_detail", ecole, depot.pk)))
    assert "2 lignes refusées à corriger, puis déposez à nouveau le fichier." in page


def test_ent_passage_is_told_once_done(secretaire, ecole, depot):
    list(run_until(MATIN + timedelta(days=3)))
    assert "L'ENT montre cet import depuis jeudi 10 septembre à 6 h" in text(
        secretaire.get(url("depot_detail", ecole, depot.pk))
    )


def test_absents_are_listed_by_division(secretaire, ecole, depot):
    page = text(secretaire.get(url("depot_detail", ecole, depot.pk)))
    assert "6A – 2 élèves MODELE1003 Maëlys MODELE1004 Maëlys" in page


def test_absents_show_the_groupes_they_lost(secretaire, ecole, depot):
    second = deposit(ecole, {"1001": ["6AGL1"]}, MATIN)
    list(run_until(MATIN + timedelta(days=1)))
    assert "MODELE1002 Maëlys – a perdu 6AGL1" in text(secretaire.get(url("depot_detail", ecole, second.pk)))


def test_repair_is_that_of_today(secretaire, ecole, depot):
    adresse = url("depot_detail", ecole, depot.pk)
    assert "Chargez sts_emp" in text(secretaire.get(adresse))
    sts = FichierSTS(
        entete=make_entete(ecole, TypeFichier.STS_EDT, LUNDI, "2026"),
        divisions=(Division("6A", "", mefs=(MEF,)),),
        groupes=(Groupe("NOUVEAU", "", divisions=("6A",)),),
    )
    load(ecole, [sts], now=MATIN)
    assert "existe dans STS mais pas dans SIECLE" in text(secretaire.get(adresse))
    load(ecole, make_fichiers(ecole, groupes=("6AGL1", "6ESP1", "NOUVEAU"), quand=MATIN), now=MATIN)
    page = text(secretaire.get(adresse))
    assert "Résolu depuis Le groupe est connu de SIECLE depuis le 08/09/2026." in page
    assert "Déposez à nouveau le fichier élèves-groupes." in page


def test_line_is_solved_once_the_eleve_is_in_the_groupe(secretaire, ecole, depot):
    apres = MATIN + timedelta(minutes=1)
    load(ecole, make_fichiers(ecole, groupes=("6AGL1", "6ESP1", "NOUVEAU"), quand=apres), now=apres)
    deposit(ecole, {"1002": ["NOUVEAU"]}, apres)
    list(run_until(MATIN + timedelta(days=1)))
    page = text(secretaire.get(url("depot_detail", ecole, depot.pk)))
    assert "Résolu depuis le 09/09/2026 : l'élève est dans le groupe." in page


def test_verdict_and_result_are_compared(secretaire, ecole, depot):
    adresse = url("depot_detail", ecole, depot.pk)
    assert "Le verdict annoncé et le résultat sont les mêmes" in text(secretaire.get(adresse))
    Depot.objects.filter(pk=depot.pk).update(verdict=depot.verdict | {"liens_crees": 99})
    page = text(secretaire.get(adresse))
    assert "Cette différence est un défaut d'entsite, pas le vôtre." in page
    assert "liens créés 99 2 différent" in page


def test_difference_after_a_loading_is_explained(secretaire, ecole):
    depose = deposit(ecole, LIENS)
    load(ecole, make_fichiers(ecole, groupes=("6AGL1", "6ESP1", "NOUVEAU")))
    list(run_until(MATIN))
    page = text(secretaire.get(url("depot_detail", ecole, depose.pk)))
    assert "Des fichiers de l'établissement ont été chargés entre le verdict et la nuit" in page


@pytest.mark.parametrize(
    ("query", "presents", "absents"),
    [
        ("code=GROUPE_A_01", ["MODELE1002"], ["MODELE9999"]),
        ("division=6A", ["MODELE1002"], ["MODELE9999"]),
        ("texte=9999", ["MODELE9999"], ["MODELE1002"]),
        ("texte=nouveau", ["MODELE1002"], ["MODELE9999"]),
        ("tri=-regle", ["MODELE1002", "MODELE9999"], []),
        ("tri=nimporte&code=nimporte&page=999", ["MODELE1002", "MODELE9999"], []),
    ],
)
def test_lines_are_filtered_and_sorted(query, presents, absents, secretaire, ecole, depot):
    fragment = text(htmx(secretaire, url("depot_detail", ecole, depot.pk, query=query)))
    assert [nom for nom in ("MODELE1002", "MODELE9999") if nom in fragment] == presents
    assert not [nom for nom in absents if nom in fragment]


def test_fifty_lines_a_page(secretaire, ecole, depot):
    fill(depot, 60)
    page = htmx(secretaire, url("depot_detail", ecole, depot.pk, query="page=2")).content.decode()
    assert page.count("<tr>") == 12 + 1
    assert "1 ligne sur une autre page." in page


def test_fragment_is_part_of_the_page(secretaire, ecole, depot):
    assert_fragment_is_part_of_page(secretaire, url("depot_detail", ecole, depot.pk, query="tri=-eleve"))


def test_going_back_in_the_history_gets_the_whole_page(secretaire, ecole, depot):
    entetes = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    page = secretaire.get(url("depot_detail", ecole, depot.pk), headers=entetes)
    assert "<html" in page.content.decode()
    assert "Élèves absents du fichier" in text(page)


def test_page_asks_as_many_queries_for_ten_lines_as_for_two(secretaire, ecole, depot, django_assert_max_num_queries):
    adresse = url("depot_detail", ecole, depot.pk)
    secretaire.get(adresse)
    with django_assert_max_num_queries(33) as avant:
        secretaire.get(adresse)
    fill(depot, 10)
    with django_assert_max_num_queries(len(avant)):
        secretaire.get(adresse)


def test_detail_of_one_eleve(secretaire, ecole, depot):
    page = text(secretaire.get(url("depot_eleve", ecole, depot.pk, "1002")))
    assert "Détail des anomalies : MODELE1002 Maëlys (1002 / 0)" in page
    assert "Ouvrir le parcours de cet élève" in page
    inconnu = text(secretaire.get(url("depot_eleve", ecole, depot.pk, "9999")))
    assert "Ouvrir le parcours" not in inconnu
    assert secretaire.get(url("depot_eleve", ecole, depot.pk, "1001")).status_code == 404


def test_csv_holds_every_line(secretaire, ecole, depot):
    fill(depot, 60)
    reponse = secretaire.get(url("depot_export", ecole, depot.pk, "csv"))
    lignes = reponse.content.decode("utf-8-sig").splitlines()
    assert len(lignes) == 1 + 62
    assert lignes[1].startswith("Liens élève-groupe rejetés;MODELE9999 Maëlys;;9999;")
    assert "attachment" in reponse["Content-Disposition"]


def test_export_follows_the_filters_and_guards_formulas(secretaire, ecole, depot):
    depot.anomalies.filter(code="GROUPE_A_01").update(nom="=CMD()")
    adresse = url("depot_export", ecole, depot.pk, "xlsx", query="code=GROUPE_A_01")
    feuille = load_workbook(BytesIO(secretaire.get(adresse).content)).active
    assert [ligne[1].value for ligne in feuille.rows] == ["Élève", "'=CMD()"]


def test_unknown_export_is_not_found(secretaire, ecole, depot):
    assert secretaire.get(url("depot_export", ecole, depot.pk, "pdf")).status_code == 404


def test_name_with_markup_is_shown_as_text(secretaire, ecole):
    load(ecole, make_fichiers(ecole, eleves=[make_eleve("1001", nom_de_famille="<b>MODELE</b>")]))
    depose = deposit(ecole, {"1001": ["NOUVEAU"]})
    list(run_until(MATIN))
    contenu = secretaire.get(url("depot_detail", ecole, depose.pk)).content.decode()
    assert "<b>MODELE" not in contenu
    assert "&lt;b&gt;MODELE" in contenu

"""The deposit as its secretary lives it: verdict, confirmation, waiting, giving up, the list."""

from datetime import date, timedelta

import pytest

from exchanges.enums import EtatDepot
from exchanges.models import Depot, LienGroupe
from exchanges.parsers.records import Inscription
from exchanges.pipeline import stockage
from exchanges.pipeline.nuits import run_until
from tests.makers import LUNDI, MARDI_2H, deposit, load, make_depot, make_fichiers, set_clock
from tests.views.pages import assert_fragment_is_part_of_page, text, url


TOUS = {"1001": ["6AGL1"], "1002": ["6AGL1"], "1003": ["6ESP1"], "1004": ["6ESP1"]}


def import_tous(ecole):
    """A first night, so that there are links to lose."""
    depot = deposit(ecole, TOUS)
    list(run_until(MARDI_2H + timedelta(hours=5)))
    return depot


def verdict_of(client, ecole, liens):
    return text(client.get(url("depot_detail", ecole, make_depot(ecole, liens).pk)))


def test_verdict_gives_the_four_figures_and_the_days(secretaire, ecole):
    page = verdict_of(secretaire, ecole, {"1001": ["6AGL1"], "1002": ["6AGL1", "INCONNU"]})
    assert "2 élèves lus" in page
    assert "0 lien inchangé 2 liens créés 0 lien supprimé 1 lien refusé" in page
    assert "SIECLE : mardi 8 septembre à 2 h" in page
    assert "ENT : jeudi 10 septembre à 6 h" in page
    assert "Moodle : vendredi 11 septembre à 6 h 30" in page
    assert not LienGroupe.objects.exists()


def test_refusals_are_grouped_by_repair_and_open_to_their_lines(secretaire, ecole):
    page = verdict_of(secretaire, ecole, {"1001": ["INCONNU1", "INCONNU2"], "1002": ["INCONNU1"]})
    assert page.count("GROUPE_A_01") == 1
    assert "3 lignes – Le groupe n'est pas connu de SIECLE." in page
    assert "« INCONNU1 », « INCONNU2 »" in page
    assert page.partition("Fichier corrigé")[0].count("MODELE1001") == 2


def test_date_brought_back_is_told_as_imported(secretaire, ecole):
    trop_tard = Inscription("6AGL1", None, date(2030, 1, 1))
    page = verdict_of(secretaire, ecole, {"1001": [trop_tard]})
    assert "ELEGRP_A_03" in page
    assert "Importé, pour information :" in page


def test_absents_are_listed_with_what_they_lose_and_emptied_groupes_are_named(secretaire, ecole):
    import_tous(ecole)
    page = verdict_of(secretaire, ecole, {"1001": ["6AGL1"], "1002": ["6AGL1"]})
    assert "2 élèves scolarisés absents du fichier" in page
    assert "2 perdront leurs groupes" in page
    assert "MODELE1003 Maëlys – perdra 6ESP1" in page
    assert "1 groupe sera vidé cette nuit 6ESP1" in page


def test_verdict_compares_with_the_previous_import(secretaire, ecole):
    import_tous(ecole)
    page = verdict_of(secretaire, ecole, TOUS)
    assert "Comparer avec le dépôt précédent (mardi 8 septembre)" in page
    assert "Aucun changement" in page


def test_confirming_deposits_for_the_night(secretaire, ecole):
    depot = make_depot(ecole, TOUS)
    reponse = secretaire.post(url("depot_confirm", ecole, depot.pk), {"confirme": "1"}, follow=True)
    depot.refresh_from_db()
    assert depot.etat == EtatDepot.DEPOSE
    assert depot.utilisateur.username == "secretaire"
    assert "C'est au tour de SIECLE." in text(reponse)


def test_warning_that_is_not_ticked_deposits_nothing(secretaire, ecole):
    depot = make_depot(ecole, TOUS)
    reponse = secretaire.post(url("depot_confirm", ecole, depot.pk), {}, follow=True)
    depot.refresh_from_db()
    assert depot.etat == EtatDepot.CONTROLE
    assert "Rien n'a été déposé." in text(reponse)


def test_many_removals_ask_for_their_figure(secretaire, ecole):
    import_tous(ecole)
    depot = make_depot(ecole, {"1001": ["6AGL1"]})
    adresse = url("depot_confirm", ecole, depot.pk)
    garde = secretaire.post(adresse, {"confirme": "1"})
    depot.refresh_from_db()
    assert (garde.status_code, depot.etat) == (422, EtatDepot.CONTROLE)
    assert "3 liens sur 4 seront supprimés (75 %)" in text(garde)
    secretaire.post(adresse, {"confirme": "1", "suppressions": "2"})
    depot.refresh_from_db()
    assert depot.etat == EtatDepot.CONTROLE
    secretaire.post(adresse, {"confirme": "1", "suppressions": "3"})
    depot.refresh_from_db()
    assert depot.etat == EtatDepot.DEPOSE


def test_second_deposit_replaces_the_first_which_says_so(secretaire, ecole):
    premier = deposit(ecole, TOUS)
    second = deposit(ecole, TOUS, LUNDI + timedelta(minutes=5))
    reponse = secretaire.get(url("depot_detail", ecole, premier.pk))
    assert "Un dépôt plus récent a pris sa place" in text(reponse)
    assert url("depot_detail", ecole, second.pk) in reponse.content.decode()


def test_confirming_twice_is_told_and_changes_nothing(secretaire, ecole):
    depot = deposit(ecole, TOUS)
    reponse = secretaire.post(url("depot_confirm", ecole, depot.pk), {"confirme": "1"}, follow=True)
    assert "rien n'a été modifié cette fois-ci" in text(reponse)


def test_pending_deposit_can_be_given_up(secretaire, ecole, django_capture_on_commit_callbacks):
    depot = deposit(ecole, TOUS)
    with django_capture_on_commit_callbacks(execute=True):
        secretaire.post(url("depot_abandon", ecole, depot.pk))
    depot.refresh_from_db()
    assert depot.etat == EtatDepot.ABANDONNE
    assert "Ce dépôt a été abandonné" in text(secretaire.get(url("depot_detail", ecole, depot.pk)))
    list(run_until(MARDI_2H + timedelta(hours=5)))
    assert not LienGroupe.objects.exists()


def test_giving_up_after_the_night_is_told(secretaire, ecole):
    depot = import_tous(ecole)
    reponse = secretaire.post(url("depot_abandon", ecole, depot.pk), follow=True)
    depot.refresh_from_db()
    assert depot.etat == EtatDepot.IMPORTE
    assert "Ce dépôt a changé d'état" in text(reponse)


def test_purged_file_is_told_without_a_failure(secretaire, ecole):
    depot = make_depot(ecole, TOUS)
    stockage.remove(depot.chemin)
    assert "Le fichier n'est plus là" in text(secretaire.get(url("depot_detail", ecole, depot.pk)))
    reponse = secretaire.post(url("depot_confirm", ecole, depot.pk), {"confirme": "1"}, follow=True)
    assert "Rien n'a été modifié." in text(reponse)


def test_failed_night_is_our_fault_and_says_so(secretaire, ecole):
    depot = deposit(ecole, TOUS)
    Depot.objects.filter(pk=depot.pk).update(etat=EtatDepot.ECHEC)
    assert "le problème vient de nous" in text(secretaire.get(url("depot_detail", ecole, depot.pk)))
    assert "le problème vient de nous" in text(secretaire.get(url("etablissement_detail", ecole)))


def test_pending_verdict_is_that_of_now(secretaire, ecole):
    depot = deposit(ecole, {"1001": ["NOUVEAU"]})
    adresse = url("depot_detail", ecole, depot.pk)
    assert "1 lien refusé" in text(secretaire.get(adresse))
    load(ecole, make_fichiers(ecole, groupes=("6AGL1", "6ESP1", "NOUVEAU")))
    page = text(secretaire.get(adresse))
    assert "0 lien refusé" in page
    assert "Le verdict a changé depuis le dépôt" in page


# The list


def test_list_has_the_columns_of_siecle_then_ours(secretaire, ecole):
    import_tous(ecole)
    page = text(secretaire.get(url("depot_list", ecole)))
    assert "manuel 4 0 4 0 0 Importé" in page
    assert "08/09/2026" in page


def test_empty_list_says_what_will_come(secretaire, ecole):
    assert "Aucun dépôt pour l'instant" in text(secretaire.get(url("depot_list", ecole)))


def test_list_is_filtered_by_state(secretaire, ecole):
    import_tous(ecole)
    make_depot(ecole, TOUS)
    assert "1 dépôt" in text(secretaire.get(url("depot_list", ecole, query="etat=controle")))
    assert "2 dépôts" in text(secretaire.get(url("depot_list", ecole, query="etat=nimporte")))


@pytest.mark.parametrize("tri", ["date", "-date", "fichier", "-anomalies", "nimporte"])
def test_list_accepts_any_sort(tri, secretaire, ecole):
    import_tous(ecole)
    assert secretaire.get(url("depot_list", ecole, query=f"tri={tri}")).status_code == 200


def test_list_fragment_is_part_of_its_page(secretaire, ecole):
    import_tous(ecole)
    assert_fragment_is_part_of_page(secretaire, url("depot_list", ecole))


def test_list_asks_as_many_queries_for_ten_deposits_as_for_one(secretaire, ecole, django_assert_num_queries):
    make_depot(ecole, TOUS)
    set_clock(ecole.academie, LUNDI)
    adresse = url("depot_list", ecole)
    secretaire.get(adresse)
    for attendu in (1, 10):
        while ecole.depots.count() < attendu:
            make_depot(ecole, TOUS)
        with django_assert_num_queries(7):
            secretaire.get(adresse)

"""Where one lands: the list of schools, the next step, the chain."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from exchanges.enums import EtatDepot, Relais, Role, TypeFichier
from exchanges.models import Depot, Passage
from exchanges.parsers.records import FichierSTS, Groupe
from exchanges.pipeline import chargements
from exchanges.pipeline.nuits import run_until
from tests.makers import (
    LUNDI,
    MARDI_2H,
    deposit,
    load,
    make_depot,
    make_ecole,
    make_entete,
    make_etablissement,
    make_fichiers,
    make_utilisateur,
    name_flux,
)
from tests.views.conftest import connect
from tests.views.pages import assert_fragment_is_part_of_page, text, url


MATIN = MARDI_2H + timedelta(hours=5)


@pytest.fixture
def admin(ecole):
    return connect(make_utilisateur("admin", Role.ADMIN))


def home_of(client, ecole):
    return text(client.get(url("etablissement_detail", ecole)))


# The list of schools


def test_person_of_one_school_lands_in_it(secretaire, ecole):
    assert secretaire.get("/")["Location"] == url("etablissement_detail", ecole)


def test_administrator_lands_on_the_list_of_schools(admin, ecole):
    make_etablissement(2, ville="Fleurville")
    depot = deposit(ecole, {"1001": ["INCONNU"]})
    list(run_until(MATIN))
    page = text(admin.get("/"))
    assert "2 établissements" in page
    assert f"{ecole.uai} ENT d'essai lundi 7 septembre hier Importé 1" in page
    assert "Jamais déposé" in page
    assert "ENT, jeudi 10 septembre à 6 h" in page or "AAF, mercredi 9" in page
    assert url("depot_detail", ecole, depot.pk) in admin.get("/").content.decode()


@pytest.mark.parametrize(("texte", "attendu"), [("fleur", 1), ("essai 2", 1), ("099", 2), ("rien", 0)])
def test_schools_are_searched_by_name_uai_and_town(texte, attendu, admin, ecole):
    make_etablissement(2, ville="Fleurville")
    contenu = admin.get("/", {"texte": texte}).content.decode()
    assert contenu.count('<th scope="row">') == attendu
    assert ("Aucun établissement ne correspond" in contenu) == (attendu == 0)


def test_list_of_schools_fragment_is_part_of_its_page(admin, ecole):
    make_etablissement(2)
    assert_fragment_is_part_of_page(admin, "/")


def test_person_without_school_is_told_whom_to_ask(db):
    client = connect(make_utilisateur("admin", Role.ADMIN))
    assert "Aucun établissement ne vous est confié" in text(client.get("/"))


def test_list_asks_as_many_queries_for_ten_schools_as_for_two(admin, ecole, django_assert_max_num_queries):
    make_ecole(2)
    with django_assert_max_num_queries(12) as avant:
        admin.get("/")
    for rang in range(3, 11):
        make_depot(make_ecole(rang), {"1001": ["6AGL1"]})
    with django_assert_max_num_queries(len(avant)):
        admin.get("/")


# The next step


def test_empty_school_is_told_what_to_export(db):
    vide = make_etablissement()
    client = connect(make_utilisateur("secretaire", Role.SECRETARIAT, etablissement=vide))
    page = home_of(client, vide)
    assert "Rien n'est encore chargé : trois étapes" in page
    assert "Exportations › En XML" in page
    chargements.control_files(vide, name_flux(make_fichiers(vide)), None, LUNDI)
    assert "Des fichiers attendent votre accord." in home_of(client, vide)


def test_loaded_school_is_asked_for_its_zip(secretaire, ecole):
    assert "Prochaine étape : le fichier élèves-groupes d'EDT." in home_of(secretaire, ecole)


def test_draft_of_exports_is_the_next_step(secretaire, ecole):
    chargements.control_files(ecole, name_flux(make_fichiers(ecole)), None, LUNDI)
    assert "Des fichiers attendent votre accord." in home_of(secretaire, ecole)


def test_judged_deposit_is_the_next_step(secretaire, ecole):
    depot = make_depot(ecole, {"1001": ["6AGL1"]})
    reponse = secretaire.get(url("etablissement_detail", ecole))
    assert "Un fichier est contrôlé, il n'est pas encore déposé." in text(reponse)
    assert url("depot_detail", ecole, depot.pk) in reponse.content.decode()


def test_pending_deposit_waits_for_the_morning(secretaire, ecole):
    deposit(ecole, {"1001": ["6AGL1"]})
    assert "le compte-rendu de la nuit, mardi 8 septembre, le matin à 7 h" in home_of(secretaire, ecole)


def test_clean_import_is_in_order_and_names_the_day_of_the_ent(secretaire, ecole):
    deposit(ecole, {"1001": ["6AGL1"]})
    list(run_until(MATIN))
    page = home_of(secretaire, ecole)
    assert "Tout est en ordre." in page
    assert "L'ENT le montrera jeudi 10 septembre à 6 h" in page
    list(run_until(MATIN + timedelta(days=3)))
    assert "L'ENT est à jour." in home_of(secretaire, ecole)  # though a complet is planned, as every week


def test_refusals_are_the_next_step_until_the_groupe_is_known(secretaire, ecole):
    deposit(ecole, {"1001": ["NOUVEAU"]})
    list(run_until(MATIN))
    assert "1 ligne refusée dans le dernier compte-rendu." in home_of(secretaire, ecole)
    load(ecole, make_fichiers(ecole, groupes=("6AGL1", "6ESP1", "NOUVEAU"), quand=MATIN), now=MATIN)
    page = home_of(secretaire, ecole)
    assert "SIECLE connaît maintenant les groupes qui avaient été refusés." in page
    assert "Déposer à nouveau le fichier" in page


# The chain and the work lists


def test_chain_shows_what_sts_knows_and_siecle_does_not(secretaire, ecole):
    assert "STS inconnu" in home_of(secretaire, ecole)
    entete = make_entete(ecole, TypeFichier.STS_EDT, LUNDI, "2026")
    load(ecole, [FichierSTS(entete=entete, groupes=(Groupe("NOUVEAU", ""), Groupe("6AGL1", "")))])
    page = home_of(secretaire, ecole)
    assert "à exporter" in page
    assert "1 groupe absent de SIECLE" in page
    assert "1 groupe de STS absent de SIECLE" in page


def test_chain_follows_the_ent(secretaire, ecole):
    assert "Aucun passage encore Prochain passage : jeudi 10 septembre à 6 h" in home_of(secretaire, ecole)
    list(run_until(MATIN + timedelta(days=3)))
    assert "à jour Alimenté jeudi 10 septembre à 6 h" in home_of(secretaire, ecole)
    Passage.objects.filter(relais=Relais.ENT).update(etat="echec", source=None)
    assert "passage manqué" in home_of(secretaire, ecole)


def test_work_lists_are_counted(secretaire, ecole):
    page = home_of(secretaire, ecole)
    assert "2 groupes vides" in page
    assert "4 élèves sans groupe" in page
    assert "0 élève sans INE" in page


def test_last_exchanges_are_shown(secretaire, ecole):
    depot = make_depot(ecole, {"1001": ["6AGL1"]})
    Depot.objects.filter(pk=depot.pk).update(etat=EtatDepot.ABANDONNE)
    page = home_of(secretaire, ecole)
    assert "lundi 7 septembre à 10 h Abandonné" in page
    assert "3 fichiers Appliqué" in page


# Around the page


def test_page_says_who_where_which_year_and_which_time(secretaire, ecole):
    page = home_of(secretaire, ecole)
    assert f"{ecole.uai} · Année scolaire 2026-2027" in page
    assert "Mon compte : secretaire Secrétariat" in page
    assert "Temps simulé — lundi 7 septembre 2026, 10 h 00" in page


def test_overseas_school_reads_its_own_hours_and_leaves_no_trace(admin, secretaire, ecole):
    ecole.academie.fuseau = "Pacific/Noumea"
    ecole.academie.save()
    assert "lundi 7 septembre 2026, 19 h 00" in home_of(secretaire, ecole)
    secretaire.get(reverse("exchanges:aide"))
    assert timezone.get_current_timezone_name() == "Europe/Paris"


def test_draft_does_not_hide_the_deposit_that_waits(secretaire, admin, ecole):
    attendu = deposit(ecole, {"1001": ["6AGL1"]})
    make_depot(ecole, {"1002": ["6AGL1"]}, LUNDI + timedelta(minutes=5))
    make_ecole(2)
    assert f"/depots/{attendu.pk}/" in admin.get("/").content.decode()
    assert "Le fichier est déposé." in text(secretaire.get(url("etablissement_detail", ecole)))

"""« L'ENT, tel jour »."""

from datetime import date, timedelta

import pytest

from exchanges.enums import EtatDepot
from exchanges.pipeline import exports, stockage
from exchanges.pipeline.nuits import run_until
from exchanges.propagation.passages import skip_passage
from tests.makers import ELEVES, LUNDI, MARDI_2H, deposit, load, make_depot, make_ecole, make_eleve, make_fichiers
from tests.makers_sts import make_sts
from tests.views.pages import assert_fragment_is_part_of_page, text, url


JEUDI = MARDI_2H + timedelta(days=2, hours=5)


def ent(client, ecole, query=""):
    return text(client.get(url("ent_detail", ecole, query=query)))


@pytest.fixture
def alimente(ecole):
    """A night imported, and the ENT fed on Thursday."""
    deposit(ecole, {"1001": ["6AGL1"], "1002": ["6AGL1"]})
    list(run_until(JEUDI))
    return ecole


def test_before_the_first_passage_the_page_says_when_it_comes(secretaire, ecole):
    page = ent(secretaire, ecole)
    assert "Ce jour-là, l'ENT n'a encore rien reçu" in page
    assert "Le premier passage est prévu jeudi 10 septembre à 6 h" in page


def test_day_to_come_is_a_forecast(secretaire, ecole):
    deposit(ecole, {"1001": ["6AGL1"]})
    page = ent(secretaire, ecole, "jour=2026-09-10")
    assert "Prévision : ce que l'ENT montrera jeudi 10 septembre à 6 h" in page
    assert "en comptant le dépôt qui attend la nuit" in page
    assert "6AGL1 1" in page
    assert "6A 4" in page


def test_fed_ent_shows_divisions_and_groupes_with_counts(secretaire, alimente):
    page = ent(secretaire, alimente)
    assert "6A 4" in page
    assert "6AGL1 2" in page
    assert "6ESP1 vide" in page
    assert "Groupes 2, dont 1 vide" in page


def test_opened_groupe_shows_its_members(secretaire, alimente):
    assert "Groupe 6AGL1 – 2 élèves Fermer MODELE1001 Maëlys 6A MODELE1002" in ent(
        secretaire, alimente, "groupe=6AGL1"
    )
    assert "Classe 6A – 4 élèves" in ent(secretaire, alimente, "division=6A")
    assert "Aucun élève ce jour-là" in ent(secretaire, alimente, "groupe=6ESP1")
    assert "L'ENT ne le connaît pas ce jour-là." in ent(secretaire, alimente, "groupe=NIMPORTE")


def test_empty_groupes_come_first_on_demand(secretaire, alimente):
    assert ent(secretaire, alimente).index("6AGL1") < ent(secretaire, alimente).index("6ESP1")
    page = ent(secretaire, alimente, "vides=on")
    assert page.index("6ESP1") < page.index("6AGL1")


def test_differences_with_today(secretaire, alimente):
    deposit(alimente, {"1001": ["6AGL1"], "1003": ["6ESP1"]}, JEUDI)
    list(run_until(JEUDI + timedelta(days=3)))
    page = ent(secretaire, alimente, "jour=2026-09-10&differences=on")
    cause = "le dépôt du jeudi 10 septembre, lu par SIECLE vendredi 11 septembre à 2 h"
    assert f"Groupe 6AGL1 – 0 arrivé, 1 parti − MODELE1002 Maëlys : {cause}" in page
    assert f"Groupe 6ESP1 – 1 arrivé, 0 parti + MODELE1003 Maëlys : {cause}" in page


def test_relays_of_the_fortnight_are_listed(secretaire, alimente):
    page = ent(secretaire, alimente)
    assert "mar. 8 mardi 8 septembre à 2 h : SIECLE Fait mardi 8 septembre à 4 h : Annuaire (AAF) Fait" in page
    assert "vendredi 11 septembre à 6 h 30 : Moodle Prévu" in page
    assert "jeu. 10" in page


def test_who_is_not_in_the_ent_and_why(secretaire, ecole):
    eleves = [make_eleve("1001", ine=""), *map(make_eleve, ELEVES[1:])]
    load(ecole, make_fichiers(ecole, eleves=eleves))
    list(run_until(JEUDI))
    page = ent(secretaire, ecole)
    assert "1 élève n'est pas dans l'ENT : pourquoi ?" in page
    assert "MODELE1001 Maëlys 6A – L'élève n'a pas d'INE." in page


def test_arrivals_and_departures_are_told_with_their_cause(secretaire, alimente):
    eleves = map(make_eleve, [*ELEVES[:3], "1009"])
    load(alimente, make_fichiers(alimente, eleves=eleves, groupes=["6AGL1", "6NEUF"], quand=JEUDI), now=JEUDI)
    page = ent(secretaire, alimente, "jour=2026-09-15&differences=on")
    cause = "les fichiers chargés jeudi 10 septembre à 7 h"
    assert "D'aujourd'hui au mardi 15 septembre" in page
    assert f"Classe 6A – 1 arrivé, 1 parti + MODELE1009 Maëlys : {cause}" in page
    assert f"Groupe 6NEUF apparaît – 0 arrivé, 0 parti {cause}" in page
    assert "Groupe 6ESP1 disparaît" in page
    assert f"Élèves – 1 arrivé, 1 parti + MODELE1009 Maëlys : {cause}" in page


def test_leaving_date_is_a_cause(secretaire, ecole):
    eleves = [make_eleve("1001", date_sortie=date(2026, 9, 14)), *map(make_eleve, ELEVES[1:])]
    load(ecole, make_fichiers(ecole, eleves=eleves))
    list(run_until(JEUDI))
    page = ent(secretaire, ecole, "jour=2026-09-18&differences=on")
    assert "Classe 6A – 0 arrivé, 1 parti − MODELE1001 Maëlys : sa date de sortie, lundi 14 septembre" in page


def test_teams_and_what_made_them(secretaire, ecole):
    load(ecole, [make_sts(ecole)], LUNDI)
    list(run_until(JEUDI))
    assert "Aucune : personne n'a de service exporté" in ent(secretaire, ecole)
    exports.run_export_services(ecole, None, JEUDI)
    page = ent(secretaire, ecole, "jour=2026-09-15&differences=on&groupe=6AGL1")
    assert "Équipe pédagogique de 6AGL1 – 1 arrivé, 0 parti + ESSAI Lou" in page
    assert "l'export Services du jeudi 10 septembre à 7 h" in page
    assert "0 élève, 1 enseignant, 0 responsable : 1 destinataire." in page


def test_layers_are_picked_one_by_one(secretaire, ecole):
    deposit(ecole, {"1001": ["6AGL1"]})
    list(run_until(MARDI_2H + timedelta(hours=3)))
    assert "6AGL1 1" in ent(secretaire, ecole, "couche=SIECLE")
    assert "6AGL1 1" in ent(secretaire, ecole, "couche=AAF")
    assert "GAR n'a encore rien reçu" in ent(secretaire, ecole, "couche=GAR")
    assert "STS à la fin de la journée" in ent(secretaire, ecole, "couche=STS")
    assert "Ce jour-là, l'ENT n'a encore rien reçu" in ent(secretaire, ecole, "couche=NIMPORTE")


def test_accounts_are_counted_listed_and_searched(secretaire, alimente):
    page = ent(secretaire, alimente)
    assert "Élèves 4 0 0 Responsables 0 0 0 Personnels 0 0 0" in page
    assert "maelys.modele1001" not in page
    page = ent(secretaire, alimente, "comptes=on")
    assert "MODELE1001 Maëlys maelys.modele1001 Élèves Actif jeudi 10 septembre à 6 h" in page
    assert "Aucun compte ne correspond" in ent(secretaire, alimente, "comptes=on&etat=desactive")
    page = ent(secretaire, alimente, "comptes=on&texte=modele1002")
    assert "1 compte" in page
    assert "maelys.modele1001" not in page


def test_what_a_file_would_change_is_shown_and_nothing_is_deposited(secretaire, alimente):
    brouillon = make_depot(alimente, {"1001": ["6AGL1"], "1003": ["6ESP1"]}, JEUDI)
    verdict = secretaire.get(url("depot_detail", alimente, brouillon.pk)).content.decode()
    lien = url("ent_detail", alimente, query=f"jour=2026-09-13&amp;depot={brouillon.pk}")
    assert lien in verdict
    page = ent(secretaire, alimente, f"jour=2026-09-13&depot={brouillon.pk}")
    assert "Essai : rien n'est déposé, rien n'est modifié" in page
    assert "Ce que ce fichier changerait" in page
    assert f"+ MODELE1003 Maëlys : le dépôt {brouillon.nom}, qui n'est pas encore importé" in page
    trop_tot = ent(secretaire, alimente, f"jour=2026-09-11&depot={brouillon.pk}")
    assert "Ce jour-là, ce n'est pas encore le cas." in trop_tot
    brouillon.refresh_from_db()
    assert brouillon.etat == EtatDepot.CONTROLE
    assert not brouillon.passages.exists()


def test_stopped_relay_is_told_on_the_days_that_it_leaves_as_they_were(secretaire, alimente):
    load(alimente, make_fichiers(alimente, groupes=["6AGL1"], quand=JEUDI), now=JEUDI)
    skip_passage(alimente.passages.get(relais="AAF", prevu_le__date="2026-09-11"), "maintenance", None)
    page = ent(secretaire, alimente, "jour=2026-09-13")
    assert "Le passage de dimanche 13 septembre à 6 h n'a rien apporté de neuf" in page
    assert "L'ENT ne recevra rien de neuf : le passage de l'annuaire du vendredi 11 septembre n'a pas eu lieu." in page
    assert "Sera rattrapé lundi 14 septembre à 6 h." in page
    assert "n'a rien apporté de neuf" not in ent(secretaire, alimente, "jour=2026-09-14")


def test_file_of_another_school_is_not_found(secretaire, alimente):
    autre = make_ecole(2)
    brouillon = make_depot(autre, {"1001": ["6AGL1"]})
    assert secretaire.get(url("ent_detail", alimente, query=f"depot={brouillon.pk}")).status_code == 404


def test_purged_file_is_left_out_and_this_is_said(secretaire, alimente):
    brouillon = make_depot(alimente, {"1001": ["6ESP1"]}, JEUDI)
    stockage.remove(brouillon.chemin)
    page = ent(secretaire, alimente, f"jour=2026-09-14&depot={brouillon.pk}")
    assert "Le fichier de ce dépôt ne peut plus être lu" in page
    assert "6AGL1 2" in page


@pytest.mark.parametrize("jour", ["hier", "2026-02-30", "", "0001-01-01", "9999-12-31"])
def test_any_day_can_be_asked_for(jour, secretaire, alimente):
    assert secretaire.get(url("ent_detail", alimente, query=f"jour={jour}")).status_code == 200


def test_fragment_is_part_of_the_page(secretaire, alimente):
    assert_fragment_is_part_of_page(secretaire, url("ent_detail", alimente, query="groupe=6AGL1&vides=on&comptes=on"))
    assert_fragment_is_part_of_page(secretaire, url("ent_detail", alimente, query="jour=2026-09-15&differences=on"))

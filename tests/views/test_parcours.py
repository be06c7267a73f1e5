"""The journeys of an élève, a responsable, an individu, a classe and a groupe."""

from datetime import timedelta

import pytest

from exchanges.enums import TypeFichier
from exchanges.parsers.records import FichierResponsables, LienResponsable, Personne
from exchanges.pipeline import exports
from exchanges.pipeline.nuits import run_until
from exchanges.propagation.passages import skip_passage
from tests.makers import ELEVES, LUNDI, MARDI_2H, deposit, load, make_ecole, make_eleve, make_entete, make_fichiers
from tests.makers_sts import make_sts
from tests.views.pages import text, url


JOUR = timedelta(days=1)
JEUDI = MARDI_2H + timedelta(days=2, hours=5)


def page(client, nom, ecole, *args):
    return text(client.get(url(nom, ecole, *args)))


def load_parent(ecole, niveau="1"):
    fichier = FichierResponsables(
        entete=make_entete(ecole, TypeFichier.RESPONSABLES, LUNDI, "2026"),
        personnes=(Personne("501", "MODELE", "Andrée", civilite="MME"),),
        liens=(LienResponsable("1001", "501", niveau=niveau, parente="10"),),
    )
    load(ecole, [fichier])


def test_eleve_is_announced_then_there_with_her_login(secretaire, ecole):
    avant = page(secretaire, "eleve_detail", ecole, "1001")
    assert "Dans SIECLE depuis lundi 7 septembre à 9 h, dans l'annuaire mardi 8 septembre à 4 h" in avant
    assert "ENT attendu Y sera jeudi 10 septembre à 6 h." in avant
    assert "STS sans objet" in avant
    list(run_until(JEUDI))
    apres = page(secretaire, "eleve_detail", ecole, "1001")
    assert "ENT présent Depuis jeudi 10 septembre à 6 h." in apres
    assert "Compte ENT d'essai : maelys.modele1001 , actif depuis jeudi 10 septembre à 6 h." in apres
    assert "GAR attendu Y sera vendredi 11 septembre à 6 h 15." in apres


def test_skipped_relay_moves_the_journey(secretaire, ecole):
    skip_passage(ecole.passages.get(relais="AAF", prevu_le__lte=MARDI_2H + JOUR), "maintenance", None)
    assert "ENT attendu Y sera vendredi 11 septembre à 6 h." in page(secretaire, "eleve_detail", ecole, "1001")


def test_eleve_left_out_is_told_why(secretaire, ecole):
    load(ecole, make_fichiers(ecole, eleves=[make_eleve("1001", ine=""), *map(make_eleve, ELEVES[1:])]))
    assert "ENT absent L'élève n'a pas d'INE." in page(secretaire, "eleve_detail", ecole, "1001")


def test_leaver_stays_in_the_ent_until_the_passage_that_follows_her_leaving_date(secretaire, ecole):
    partie = make_eleve("1001", date_sortie=(JEUDI + JOUR).date())
    load(ecole, make_fichiers(ecole, eleves=[partie, *map(make_eleve, ELEVES[1:])]))
    list(run_until(JEUDI + JOUR))
    assert "ENT présent Y est encore, jusqu'à dimanche 13 septembre à 6 h." in page(
        secretaire, "eleve_detail", ecole, "1001"
    )


def test_eleve_gone_from_siecle_leaves_the_ent_with_the_next_passage(secretaire, ecole):
    list(run_until(JEUDI))
    load(ecole, make_fichiers(ecole, eleves=map(make_eleve, ELEVES[1:]), quand=JEUDI), now=JEUDI)
    lue = page(secretaire, "eleve_detail", ecole, "1001")
    assert "SIECLE absent N'y est plus depuis jeudi 10 septembre à 7 h." in lue
    assert "ENT présent Y est encore, jusqu'à dimanche 13 septembre à 6 h." in lue
    list(run_until(JEUDI + 4 * JOUR))
    assert "ENT absent N'y est plus depuis dimanche 13 septembre à 6 h." in page(
        secretaire, "eleve_detail", ecole, "1001"
    )


def test_responsable_has_his_children_and_his_account(secretaire, ecole):
    load_parent(ecole)
    list(run_until(JEUDI))
    lue = page(secretaire, "responsable_detail", ecole, "501")
    assert "MME MODELE Andrée Responsable · PERSONNE_ID 501" in lue
    assert "MODELE1001 Maëlys 6A" in lue
    assert "andree.modele , actif" in lue
    assert "ENT présent" in lue
    assert (
        url("responsable_detail", ecole, "501") in secretaire.get(url("eleve_detail", ecole, "1001")).content.decode()
    )


def test_mere_contact_is_told_why_he_has_no_account(secretaire, ecole):
    load_parent(ecole, niveau="3")
    assert "ENT absent" in page(secretaire, "responsable_detail", ecole, "501")


def test_individu_waits_for_export_services(secretaire, ecole):
    load(ecole, [make_sts(ecole)], LUNDI)
    avant = page(secretaire, "individu_detail", ecole, "epp", "7")
    assert "ESSAI Lou" in avant
    assert "STS présent Connu de STS-Web depuis lundi 7 septembre à 10 h." in avant
    assert "SIECLE absent Aucun de ses services n'a été exporté" in avant
    exports.run_export_services(ecole, None, LUNDI)
    apres = page(secretaire, "individu_detail", ecole, "epp", "7")
    assert "3 services transmis par Export Services, depuis lundi 7 septembre à 10 h." in apres
    assert "Entrée : Service 6AGL1" in apres
    assert "les fichiers chargés lundi 7 septembre à 10 h" in apres


def test_groupe_shows_members_team_lists_and_history(secretaire, ecole):
    load(ecole, [make_sts(ecole)], LUNDI)
    exports.run_export_services(ecole, None, LUNDI)
    deposit(ecole, {"1001": ["6AGL1"], "1002": ["6AGL1"]})
    list(run_until(JEUDI))
    deposit(ecole, {"1001": ["6AGL1"]}, JEUDI)
    list(run_until(JEUDI + JOUR))
    lue = page(secretaire, "groupe_detail", ecole, "6AGL1")
    assert "1 élève dans SIECLE, 2 dans l'ENT aujourd'hui" in lue
    assert "MODELE1001 Maëlys depuis mardi 8 septembre" in lue
    assert "ESSAI Lou" in lue
    assert "2 élèves, 1 enseignant, 0 responsable : 3 destinataires." in lue
    assert "Sortie : MODELE1002 Maëlys le dépôt du jeudi 10 septembre, lu par SIECLE vendredi 11" in lue
    assert "1 inscrit par le fichier déposé jeudi 10 septembre." in lue


def test_groupe_of_sts_alone_says_what_to_do(secretaire, ecole):
    load(ecole, [make_sts(ecole, groupes=["6 NEUF"])], LUNDI)
    lue = page(secretaire, "groupe_detail", ecole, "6 NEUF")
    assert "STS présent" in lue
    assert "SIECLE absent Inconnu : faites Exports > Structure dans STS-Web" in lue
    assert "ENT absent N'y est pas." in lue


def test_division_shows_its_eleves(secretaire, ecole):
    lue = page(secretaire, "division_detail", ecole, "6A")
    assert "Classe 6A 4 élèves dans SIECLE" in lue
    assert "MODELE1004 Maëlys" in lue


@pytest.mark.parametrize(
    ("nom", "args"),
    [
        ("individu_detail", ("epp", "99")),
        ("responsable_detail", ("99",)),
        ("groupe_detail", ("RIEN",)),
        ("division_detail", ("RIEN",)),
    ],
)
def test_unknown_one_is_not_found(nom, args, secretaire, ecole):
    assert secretaire.get(url(nom, ecole, *args)).status_code == 404


def test_persons_of_another_school_are_not_found(secretaire, ecole):
    autre = make_ecole(2)
    load(autre, [make_sts(autre)], LUNDI)
    load_parent(autre)
    for nom, args in (("individu_detail", ("epp", "7")), ("responsable_detail", ("501",))):
        assert secretaire.get(url(nom, ecole, *args)).status_code == 404
        assert secretaire.get(url(nom, autre, *args)).status_code == 404

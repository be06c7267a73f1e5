"""The short procedures: a question, then one step at a time, without JavaScript nor memory."""

import pytest

from checklists.parcours import Pas, read_parcours
from checklists.views.parcours import _find_page
from tests.checklists.makers import url
from tests.views.pages import assert_fragment_is_part_of_page, text


def page(client, ecole, slug, query=""):
    return text(client.get(url("parcours_detail", ecole, slug, query=query)))


def test_the_list_leads_to_each(chef, ecole):
    contenu = chef.get(url("parcours_list", ecole)).content.decode()
    for parcours in read_parcours():
        assert url("parcours_detail", ecole, parcours.slug) in contenu


@pytest.mark.parametrize(
    ("reponse", "menu"),
    [("rep", "Services et ARE › Changement de support"), ("sup", "Services suppléants › Saisie rapide")],
)
def test_the_question_tells_rep_from_sup(chef, ecole, reponse, menu):
    question = page(chef, ecole, "nouvel-enseignant")
    assert "Voyez-vous cette personne dans STS-Web › Ressources ?" in question
    assert menu not in question
    assert menu in page(chef, ecole, "nouvel-enseignant", f"reponse={reponse}")
    suite = page(chef, ecole, "nouvel-enseignant", f"reponse={reponse}&pas=2")
    assert "Étape 2 sur 3 :" in suite
    assert "Exports › Structure, puis Exports › Services" in suite


def test_a_new_eleve_is_searched_before_being_created(chef, ecole):
    premier = page(chef, ecole, "nouvel-eleve", "reponse=ailleurs")
    assert "Le chercher avant tout" in premier
    assert "Chercher dans entsite" in premier
    assert "Créer sa fiche en entier" in page(chef, ecole, "nouvel-eleve", "reponse=ailleurs&pas=2")
    assert "demander le transfert" in page(chef, ecole, "nouvel-eleve", "reponse=academie&pas=2")


def test_a_procedure_without_question_begins_at_once(chef, ecole):
    assert "Étape 1 sur 2 :" in page(chef, ecole, "dossier-modifie")


@pytest.mark.parametrize("pas", ["0", "-1", "99", "999999", "x", "²", ""])
def test_any_step_asked_for_is_one_that_exists(chef, ecole, pas):
    assert "sur 2 :" in page(chef, ecole, "groupes-modifies", f"reponse=eleves&pas={pas}")


def test_unknown_answer_asks_again_and_unknown_procedure_is_not_found(chef, ecole):
    assert "Avez-vous créé" in page(chef, ecole, "groupes-modifies", "reponse=peut-etre")
    assert chef.get(url("parcours_detail", ecole, "autre")).status_code == 404


def test_a_swap_shows_what_a_reload_would(chef, ecole):
    for query in ("", "reponse=structure&pas=2"):
        assert_fragment_is_part_of_page(chef, url("parcours_detail", ecole, "groupes-modifies", query=query))


def test_a_page_that_the_site_does_not_have_gives_no_link(ecole):
    pas = Pas("Titre", "Qui", "Chemin", "Consigne", page="exchanges:inconnue", page_libelle="Lien")
    assert _find_page(ecole, pas) == ""

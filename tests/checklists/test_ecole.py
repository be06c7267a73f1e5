"""The page of a school for the DANE: what the school sees, its people, its history, the notes."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from checklists.models import NoteDane
from exchanges.enums import NatureActe, Role
from exchanges.models import Acte, Habilitation
from exchanges.pipeline.compteurs import refresh_compteurs
from tests.checklists.makers import make_chef, url
from tests.makers import LUNDI, make_academie, make_depot, make_etablissement, make_utilisateur
from tests.views.conftest import connect


def read(client, etablissement, query="", **entetes):
    return (
        client.get(url("school_detail", etablissement, query=query), **entetes).content.decode().replace("&#x27;", "'")
    )


def test_it_tells_what_the_school_sees(dane, ecole):
    page = read(dane, ecole)
    assert ecole.uai in page
    assert " sur 13 prouvée" in page
    assert "Exports de STS-Web" in page
    assert "élèves sans INE" in page or "élève sans INE" in page
    assert reverse("exchanges:frise_detail", args=[ecole.uai]) in page
    assert "Semaine après semaine" in page


def test_a_school_that_has_loaded_nothing_has_a_page_too(dane, ecole):
    page = read(dane, make_etablissement(2))
    assert "Aucun fichier ne donne encore la date de sa rentrée" in page
    assert "Aucun échange" in page
    assert "Personne n'a de rôle" in page


def test_its_people_with_the_end_of_their_delegation(dane, ecole):
    make_chef(ecole, "principal")
    adjointe = make_utilisateur("adjointe", Role.DIRECTION, etablissement=ecole)
    Habilitation.objects.filter(utilisateur=adjointe).update(fin=date(2099, 6, 30))
    page = read(dane, ecole)
    assert "principal@ecole.invalid" in page
    assert "30/06/2099" in page
    assert "Jamais connecté" in page


def test_the_history_holds_deposits_batches_and_acts_each_once(dane, ecole):
    make_depot(ecole, {"1001": ["6AGL1"]})
    Acte.objects.create(etablissement=ecole, nature=NatureActe.EXPORT_STRUCTURE, instant=LUNDI)
    page = read(dane, ecole)
    assert "3 échanges" in page
    assert page.index("Export Structure") < page.index("Chargement</a>")


def test_the_history_is_paged_and_its_fragment_is_that_of_the_page(dane, ecole):
    for rang in range(25):
        Acte.objects.create(
            etablissement=ecole, nature=NatureActe.EXPORT_SERVICES, instant=LUNDI + timedelta(minutes=rang)
        )
    page = read(dane, ecole, query="page=2")
    fragment = read(dane, ecole, query="page=2", headers={"HX-Request": "true"})
    assert "Lignes 21 à 26 sur 26" in page
    assert "<html" not in fragment
    assert fragment.strip() in page


def test_the_weeks_are_there_the_last_one_first(dane, ecole):
    releve = ecole.releves.get()
    ecole.releves.create(lundi=releve.lundi - timedelta(days=7), donnees=releve.donnees | {"rentree_retards": 11})
    page = read(dane, ecole)
    assert page.index("07/09/2026</th>") < page.index("31/08/2026</th>")
    assert 'data-label="En retard">11<' in page


def test_a_note_is_kept_for_the_dane_and_deleted_by_its_author(dane, chef, ecole):
    assert dane.post(url("note_add", ecole), {"texte": "Appelé la principale."}).status_code == 302
    note = NoteDane.objects.get()
    assert (note.auteur.username, note.etablissement) == ("dane", ecole)
    assert "Appelé la principale." in read(dane, ecole)
    assert "Appelé" not in chef.get(reverse("exchanges:etablissement_detail", args=[ecole.uai])).content.decode()
    collegue = connect(make_utilisateur("collegue", Role.DANE, academie=ecole.academie))
    assert "Appelé la principale." in read(collegue, ecole)
    assert collegue.post(url("note_delete", ecole, note.pk)).status_code == 404
    assert dane.post(url("note_delete", ecole, note.pk)).status_code == 302
    assert not NoteDane.objects.exists()


@pytest.mark.parametrize(("texte", "phrase"), [("", "Écrivez une note"), ("x" * 2001, "2 000 caractères au plus")])
def test_a_note_that_cannot_be_kept_is_told(dane, ecole, texte, phrase):
    reponse = dane.post(url("note_add", ecole), {"texte": texte})
    assert reponse.status_code == 422
    assert phrase in reponse.content.decode()
    assert not NoteDane.objects.exists()


def test_a_note_of_another_school_is_not_found_here(dane, ecole):
    dane.post(url("note_add", ecole), {"texte": "Ici."})
    voisine = make_etablissement(2)
    assert dane.post(url("note_delete", voisine, NoteDane.objects.get().pk)).status_code == 404
    assert NoteDane.objects.count() == 1


def test_the_page_is_that_of_its_own_academie_only(dane, chef, ecole):
    autre = make_etablissement(2, academie=make_academie("AC2"))
    assert dane.get(url("school_detail", autre)).status_code == 404
    assert dane.post(url("note_add", autre), {"texte": "Non."}).status_code == 404
    assert chef.get(url("school_detail", ecole)).status_code == 404


def test_figures_of_the_page_are_those_that_are_kept(dane, ecole):
    refresh_compteurs(ecole, LUNDI)
    page = read(dane, ecole)
    assert "Élèves en groupe" in page
    assert "0 sur 4" in page

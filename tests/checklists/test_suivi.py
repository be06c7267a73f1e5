"""The schools chosen by the DANE: no more than were asked for, and whatever is left out is said."""

import pytest
from django.urls import reverse

from checklists.models import Annonce
from exchanges.enums import Role
from tests.makers import make_academie, make_etablissement, make_utilisateur
from tests.views.conftest import connect
from tests.views.pages import text


SELECTION = reverse("checklists:selection")
NOUVEAU = reverse("checklists:message_new")


@pytest.fixture
def voisine(ecole):
    return make_etablissement(2)


@pytest.fixture
def autre(ecole):
    """A school of another académie."""
    return make_etablissement(3, academie=make_academie("AC2"))


def test_selection_takes_ticked_schools_or_all_that_the_filter_keeps(dane, ecole, voisine):
    page = text(dane.get(f"{SELECTION}?uai={ecole.uai}"))
    assert ecole.denomination in page
    assert voisine.denomination not in page
    page = text(dane.get(f"{SELECTION}?tous=1&texte={voisine.uai}&uai={ecole.uai}"))
    assert voisine.denomination in page
    assert ecole.denomination not in page
    assert "Aucun établissement choisi" in text(dane.get(f"{SELECTION}?uai=9999999Z"))


def test_a_filter_that_no_longer_exists_chooses_nobody(dane, ecole, voisine):
    """Left out, it would widen « tout ce qui est filtré » to the whole académie."""
    reponse = dane.get(f"{SELECTION}?tous=1&bassin=Disparu&type=CLG")
    page = text(reponse)
    assert "Un filtre de cette adresse n'existe plus : Bassin." in page
    assert "Aucun établissement n'a été choisi" in page
    assert ecole.denomination not in page
    assert "Agir" not in page
    for nom in ("message_new", "annonce_new"):
        suite = dane.get(f"{reverse(f'checklists:{nom}')}?tous=1&bassin=Disparu&modele=depot", follow=True)
        assert ecole.denomination not in text(suite)
    assert not Annonce.objects.exists()


def test_a_letter_to_a_filter_that_no_longer_exists_says_why_it_cannot_be_written(dane, ecole):
    reponse = dane.get(f"{NOUVEAU}?tous=1&bassin=Disparu&modele=depot", follow=True)
    assert "Un filtre de cette adresse n'existe plus : Bassin." in text(reponse)


def test_what_is_ticked_does_not_depend_on_a_filter(dane, ecole):
    assert ecole.denomination in text(dane.get(f"{SELECTION}?uai={ecole.uai}&bassin=Disparu"))


def test_schools_that_are_not_followed_are_named_and_left_out(dane, ecole, autre):
    page = text(dane.get(f"{SELECTION}?uai={ecole.uai}&uai={autre.uai}&uai=9999999Z"))
    assert f"Laissés de côté : {autre.uai}, 9999999Z." in page
    assert autre.denomination not in page
    assert dane.post(NOUVEAU, {"uais": autre.uai}).status_code == 404


@pytest.mark.parametrize("methode", ["get", "post"])
def test_a_letter_names_the_schools_that_it_leaves_out(methode, dane, ecole, autre):
    donnees = {"uais": f"{ecole.uai} {autre.uai}", "action": "apercu", "corps": "Bonjour", "sujet": "Sujet"}
    page = text(getattr(dane, methode)(NOUVEAU, donnees))
    assert f"Laissé de côté : {autre.uai}." in page
    assert "1 établissement choisi" in page


def test_an_administrator_writes_to_one_academie_at_a_time(ecole, autre):
    admin = connect(make_utilisateur("admin", Role.ADMIN))
    page = text(admin.get(f"{SELECTION}?uai={ecole.uai}&uai={autre.uai}"))
    assert "plusieurs académies" in page
    assert admin.get(f"{NOUVEAU}?uai={ecole.uai}&uai={autre.uai}").status_code == 404

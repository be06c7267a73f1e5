"""Who may open the pages about accounts and directories, and on whom; what an ended right opens."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from exchanges.enums import Role
from exchanges.models import Utilisateur
from exchanges.pipeline.comptes_utilisateurs import today
from tests.makers import make_academie, make_etablissement, make_utilisateur
from tests.views.conftest import connect
from tests.views.pages import text
from tests.views.test_acces import COMPTES


ACTIONS = {
    *("compte_role_give", "compte_role_take", "compte_activate", "compte_deactivate", "compte_invite"),
    *("compte_import_apply", "annuaire_apply"),
}
ADMIN = {"annuaire_import", "annuaire_apply"}
SUR_UN_COMPTE = {
    *("compte_detail", "compte_update", "compte_role_give", "compte_role_take"),
    *("compte_activate", "compte_deactivate", "compte_invite"),
}


class Monde:
    def __init__(self):
        self.nord, self.sud = make_academie("NORD"), make_academie("SUD")
        self.ecole = make_etablissement(1, academie=self.nord)
        self.lointaine = make_etablissement(2, academie=self.sud, denomination="Lycée lointain")
        self.dane = make_utilisateur("dane", Role.DANE, academie=self.nord)
        self.direction = make_utilisateur("direction", Role.DIRECTION, etablissement=self.ecole)
        self.secretaire = make_utilisateur("secretaire", Role.SECRETARIAT, etablissement=self.ecole)
        self.etranger = make_utilisateur("etranger", Role.SECRETARIAT, etablissement=self.lointaine)


@pytest.fixture
def monde(db):
    return Monde()


def address(nom, compte):
    if nom not in SUR_UN_COMPTE:
        return reverse(f"exchanges:{nom}")
    suite = [compte.habilitations.get().pk] if nom == "compte_role_take" else []
    return reverse(f"exchanges:{nom}", args=[compte.pk, *suite])


def open_as(client, nom, compte):
    adresse = address(nom, compte)
    return client.post(adresse) if nom in ACTIONS else client.get(adresse)


@pytest.mark.parametrize("nom", sorted(COMPTES))
def test_anonymous_visitor_is_sent_to_the_login_page(nom, monde):
    assert open_as(Client(), nom, monde.secretaire)["Location"].startswith("/connexion/")


@pytest.mark.parametrize("nom", sorted(COMPTES))
def test_secretariat_manages_nobody(nom, monde):
    reponse = open_as(connect(monde.secretaire), nom, monde.secretaire)
    assert reponse.status_code == 403
    assert "Rien n'a été modifié" in text(reponse)
    assert Utilisateur.objects.filter(is_active=True).count() == 4


@pytest.mark.parametrize("nom", sorted(COMPTES - ACTIONS - ADMIN))
def test_who_manages_opens_every_page_of_her_perimeter(nom, monde):
    admin = make_utilisateur("admin", Role.ADMIN)
    for personne in (monde.direction, monde.dane, admin):
        assert open_as(connect(personne), nom, monde.secretaire).status_code == 200


@pytest.mark.parametrize("nom", sorted(SUR_UN_COMPTE))
@pytest.mark.parametrize("qui", ["dane", "direction"])
def test_account_of_another_academie_does_not_exist(nom, qui, monde):
    assert open_as(connect(getattr(monde, qui)), nom, monde.etranger).status_code == 404
    monde.etranger.refresh_from_db()
    assert (monde.etranger.is_active, monde.etranger.habilitations.count()) == (True, 1)


@pytest.mark.parametrize("nom", sorted(ADMIN))
def test_schools_are_imported_by_the_administration_only(nom, monde):
    for personne in (monde.direction, monde.dane):
        assert open_as(connect(personne), nom, None).status_code == 403


@pytest.mark.parametrize("nom", sorted(ACTIONS))
def test_action_is_never_a_get(nom, monde):
    admin = connect(make_utilisateur("admin", Role.ADMIN))
    assert admin.get(address(nom, monde.secretaire)).status_code == 405


def test_dane_sees_no_name_of_another_academie(monde):
    client = connect(monde.dane)
    for page in (
        client.get(address("compte_list", None)),
        client.get(address("compte_list", None) + "?texte=etranger"),
    ):
        assert "secretaire" in text(page) or "Aucun compte ne correspond" in text(page)
        assert reverse("exchanges:compte_detail", args=[monde.etranger.pk]) not in page.content.decode()


def test_shared_account_shows_the_roles_of_ones_own_perimeter_only(monde):
    monde.etranger.habilitations.create(role=Role.SECRETARIAT, etablissement=monde.ecole)
    client = connect(monde.dane)
    page = client.get(address("compte_detail", monde.etranger))
    assert "des rôles hors de votre périmètre" in text(page)
    assert "Lycée lointain" not in text(page)
    assert address("compte_deactivate", monde.etranger) not in page.content.decode()
    etrangere = monde.etranger.habilitations.get(etablissement=monde.lointaine)
    adresse = reverse("exchanges:compte_role_take", args=[monde.etranger.pk, etrangere.pk])
    assert client.post(adresse).status_code == 404


def test_account_with_a_right_ended_elsewhere_offers_no_change_of_address(monde):
    monde.etranger.habilitations.update(fin=today() - timedelta(days=1))
    monde.etranger.habilitations.create(role=Role.SECRETARIAT, etablissement=monde.ecole)
    client = connect(monde.direction)
    page = client.get(address("compte_detail", monde.etranger))
    assert "a eu, des rôles hors de votre périmètre" in text(page)
    adresse = address("compte_update", monde.etranger)
    assert adresse not in page.content.decode()
    reponse = client.post(adresse, {"mel": "pris@ac-essai.example", "nom": "", "prenom": ""})
    assert reponse.status_code == 422
    monde.etranger.refresh_from_db()
    assert monde.etranger.email == ""


@pytest.mark.parametrize("nom", ["compte_deactivate", "compte_invite"])
def test_shared_account_is_left_alone(nom, monde, mailoutbox):
    monde.etranger.habilitations.create(role=Role.SECRETARIAT, etablissement=monde.ecole)
    reponse = connect(monde.dane).post(reverse(f"exchanges:{nom}", args=[monde.etranger.pk]), follow=True)
    assert "ne dépendent pas de vous" in text(reponse)
    monde.etranger.refresh_from_db()
    assert monde.etranger.is_active
    assert mailoutbox == []


def test_acts_about_other_schools_are_not_shown(monde):
    from exchanges.pipeline.comptes_utilisateurs import Don, give_role

    admin = make_utilisateur("admin", Role.ADMIN)
    give_role(monde.secretaire, Don(Role.SECRETARIAT, etablissement=monde.lointaine), admin)
    give_role(monde.secretaire, Don(Role.DIRECTION, etablissement=monde.ecole), admin)
    for personne, is_vu in ((monde.dane, False), (admin, True)):
        page = text(connect(personne).get(address_of(monde.secretaire)))
        assert f"rôle donné : direction, {monde.ecole}" in page
        assert ("Lycée lointain" in page) is is_vu


def address_of(compte):
    return reverse("exchanges:compte_detail", args=[compte.pk])


def test_delegation_opens_pages_until_its_last_day_and_not_after(monde):
    delegue = make_utilisateur("delegue", Role.DIRECTION, etablissement=monde.ecole)
    client = connect(delegue)
    ecole = reverse("exchanges:etablissement_detail", args=[monde.ecole.uai])
    delegue.habilitations.update(fin=today())
    assert [client.get(adresse).status_code for adresse in (ecole, address("compte_list", None))] == [200, 200]
    delegue.habilitations.update(fin=today() - timedelta(days=1))
    assert [client.get(adresse).status_code for adresse in (ecole, address("compte_list", None))] == [404, 403]


@pytest.mark.parametrize(
    ("qui", "vus"), [("secretaire", (False, False)), ("direction", (True, False)), ("dane", (True, False))]
)
def test_menu_of_the_account_offers_what_may_be_opened(qui, vus, monde):
    page = text(connect(getattr(monde, qui)).get(reverse("exchanges:search")))
    assert ("Comptes et rôles" in page, "Importer des établissements" in page) == vus


def test_menu_of_the_administration_offers_both(monde):
    page = text(connect(Utilisateur.objects.create_superuser("racine")).get(reverse("exchanges:search")))
    assert "Comptes et rôles" in page
    assert "Importer des établissements" in page

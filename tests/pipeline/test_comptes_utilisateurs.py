"""Who may give which role to whom: never more than one's own rights, nothing of another académie."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry

from exchanges.enums import Role
from exchanges.models import Habilitation, Utilisateur
from exchanges.pipeline.comptes_utilisateurs import (
    CompteRefuse,
    Don,
    Identite,
    actes_de,
    can_touch,
    comptes_visibles,
    etablissements_donnables,
    give_role,
    open_compte,
    rename_compte,
    roles_donnables,
    set_actif,
    take_role,
    today,
)
from tests.makers import make_academie, make_etablissement, make_utilisateur


pytestmark = pytest.mark.django_db
ANNE = Identite("Anne.Modele@ac-essai.example", "MODÈLE", "Anne")


class Monde:
    """Two académies, three schools, somebody of each role in the first one, a stranger in the second."""

    def __init__(self):
        self.nord, self.sud = make_academie("NORD"), make_academie("SUD")
        self.ecole, self.voisine = (make_etablissement(rang, academie=self.nord) for rang in (1, 2))
        self.lointaine = make_etablissement(3, academie=self.sud)
        self.admin = make_utilisateur("admin", Role.ADMIN)
        self.dane = make_utilisateur("dane", Role.DANE, academie=self.nord)
        self.direction = make_utilisateur("direction", Role.DIRECTION, etablissement=self.ecole)
        self.secretaire = make_utilisateur("secretaire", Role.SECRETARIAT, etablissement=self.ecole)
        self.etranger = make_utilisateur("etranger", Role.SECRETARIAT, etablissement=self.lointaine)
        self.dane_sud = make_utilisateur("dane-sud", Role.DANE, academie=self.sud)


@pytest.fixture
def monde():
    return Monde()


def in_days(jours):
    return today() + timedelta(days=jours)


def test_what_each_may_give(monde):
    donnables = {p.username: roles_donnables(p) for p in Utilisateur.objects.all()}
    assert donnables == {
        "admin": ["secretariat", "direction", "dane", "admin"],
        "dane": ["secretariat", "direction", "dane"],
        "dane-sud": ["secretariat", "direction", "dane"],
        "direction": ["secretariat", "direction"],
        "secretaire": [],
        "etranger": [],
    }
    assert set(etablissements_donnables(monde.dane)) == {monde.ecole, monde.voisine}
    assert set(etablissements_donnables(monde.direction)) == {monde.ecole}


def test_person_with_several_schools_gets_each_role(monde):
    dons = [Don(Role.SECRETARIAT, etablissement=e) for e in (monde.ecole, monde.voisine)]
    compte, is_nouveau, _ = open_compte(ANNE, dons, monde.dane)
    assert is_nouveau
    assert (compte.username, compte.email) == ("anne.modele@ac-essai.example",) * 2
    assert (compte.first_name, compte.last_name, compte.has_usable_password()) == ("Anne", "MODÈLE", False)
    assert {h.etablissement for h in compte.habilitations.all()} == {monde.ecole, monde.voisine}


def test_existing_account_gets_the_role_and_keeps_its_name(monde):
    premier, _, _ = open_compte(ANNE, [Don(Role.SECRETARIAT, etablissement=monde.lointaine)], monde.dane_sud)
    autre = Identite("ANNE.MODELE@ac-essai.example", "AUTRE", "Nom")
    compte, is_nouveau, is_change = open_compte(autre, [Don(Role.DIRECTION, etablissement=monde.ecole)], monde.dane)
    assert (compte, is_nouveau, is_change, compte.last_name) == (premier, False, True, "MODÈLE")
    assert compte.habilitations.count() == 2


@pytest.mark.parametrize(
    ("par", "don"),
    [
        ("direction", lambda m: Don(Role.DANE, academie=m.nord)),
        ("direction", lambda m: Don(Role.ADMIN)),
        ("direction", lambda m: Don(Role.SECRETARIAT, etablissement=m.voisine)),
        ("direction", lambda m: Don(Role.DIRECTION, etablissement=m.voisine, fin=in_days(3))),
        ("secretaire", lambda m: Don(Role.SECRETARIAT, etablissement=m.ecole)),
        ("dane", lambda m: Don(Role.ADMIN)),
        ("dane", lambda m: Don(Role.DANE, academie=m.sud)),
        ("dane", lambda m: Don(Role.SECRETARIAT, etablissement=m.lointaine)),
    ],
)
def test_nobody_gives_more_than_her_own_rights(monde, par, don):
    avant = Habilitation.objects.count()
    with pytest.raises(CompteRefuse, match="Vous ne pouvez pas donner ce rôle"):
        open_compte(ANNE, [don(monde)], getattr(monde, par))
    assert Habilitation.objects.count() == avant
    assert not Utilisateur.objects.filter(email__iexact=ANNE.mel).exists()


def test_direction_delegates_with_a_last_day_only(monde):
    with pytest.raises(CompteRefuse, match="Une délégation de direction a un dernier jour"):
        open_compte(ANNE, [Don(Role.DIRECTION, etablissement=monde.ecole)], monde.direction)
    compte, _, _ = open_compte(
        ANNE, [Don(Role.DIRECTION, etablissement=monde.ecole, fin=in_days(10))], monde.direction
    )
    assert compte.habilitations.get().fin == in_days(10)


def test_delegation_is_not_delegated_and_gives_nothing_after_its_last_day(monde):
    delegue = make_utilisateur("delegue", Role.DIRECTION, etablissement=monde.voisine)
    delegue.habilitations.update(fin=in_days(10))
    assert roles_donnables(delegue) == ["secretariat"]
    for don, phrase in (
        (Don(Role.DIRECTION, etablissement=monde.voisine, fin=in_days(3)), "Vous ne pouvez pas donner ce rôle"),
        (Don(Role.SECRETARIAT, etablissement=monde.voisine), "Votre propre droit s'arrête le"),
        (Don(Role.SECRETARIAT, etablissement=monde.voisine, fin=in_days(11)), "Votre propre droit s'arrête le"),
    ):
        with pytest.raises(CompteRefuse, match=phrase):
            open_compte(ANNE, [don], delegue)
    assert open_compte(ANNE, [Don(Role.SECRETARIAT, etablissement=monde.voisine, fin=in_days(10))], delegue)[1]


def test_dane_until_a_day_names_no_other_dane_and_ends_none(monde):
    pair = make_utilisateur("pair", Role.DANE, academie=monde.nord)
    monde.dane.habilitations.update(fin=in_days(10))
    assert roles_donnables(monde.dane) == ["secretariat", "direction"]
    with pytest.raises(CompteRefuse):
        open_compte(ANNE, [Don(Role.DANE, academie=monde.nord, fin=in_days(3))], monde.dane)
    with pytest.raises(CompteRefuse):
        take_role(pair.habilitations.get(), monde.dane)


def test_right_that_has_ended_gives_nothing(monde):
    monde.dane.habilitations.update(fin=in_days(-1))
    assert roles_donnables(monde.dane) == []
    assert not comptes_visibles(monde.dane).exists()
    with pytest.raises(CompteRefuse):
        give_role(monde.etranger, Don(Role.SECRETARIAT, etablissement=monde.ecole), monde.dane)


def test_last_day_already_past_is_refused(monde):
    with pytest.raises(CompteRefuse, match="est déjà passé"):
        open_compte(ANNE, [Don(Role.SECRETARIAT, etablissement=monde.ecole, fin=in_days(-1))], monde.admin)


def test_same_role_twice_changes_nothing_another_day_prolongs_it(monde):
    don = Don(Role.DIRECTION, etablissement=monde.ecole, fin=in_days(10))
    compte, _, _ = open_compte(ANNE, [don], monde.direction)
    assert give_role(compte, don, monde.direction) is False
    plus_tard = Don(Role.DIRECTION, etablissement=monde.ecole, fin=in_days(20))
    assert give_role(compte, plus_tard, monde.direction) is True
    assert compte.habilitations.get().fin == in_days(20)


def test_direction_cannot_end_another_direction_by_giving_it_a_last_day(monde):
    autre = make_utilisateur("adjoint", Role.DIRECTION, etablissement=monde.ecole)
    with pytest.raises(CompteRefuse, match="il n'est pas à vous de le changer"):
        give_role(autre, Don(Role.DIRECTION, etablissement=monde.ecole, fin=in_days(1)), monde.direction)
    assert autre.habilitations.get().fin is None


def test_nobody_changes_her_own_roles(monde):
    with pytest.raises(CompteRefuse, match="vos propres rôles"):
        give_role(monde.dane, Don(Role.DIRECTION, etablissement=monde.ecole), monde.dane)
    with pytest.raises(CompteRefuse):
        take_role(monde.dane.habilitations.get(), monde.dane)


def test_role_is_taken_away_by_who_may(monde):
    with pytest.raises(CompteRefuse):
        take_role(monde.direction.habilitations.get(), monde.secretaire)
    with pytest.raises(CompteRefuse):
        take_role(monde.secretaire.habilitations.get(), monde.dane_sud)
    take_role(monde.secretaire.habilitations.get(), monde.direction)
    assert not monde.secretaire.habilitations.exists()


def test_accounts_of_another_academie_are_neither_seen_nor_touched(monde):
    assert monde.etranger not in comptes_visibles(monde.dane)
    assert not can_touch(monde.dane, monde.etranger)
    for act in (
        lambda: set_actif(monde.etranger, False, monde.dane),
        lambda: rename_compte(monde.etranger, ANNE, monde.dane),
    ):
        with pytest.raises(CompteRefuse, match="ne dépendent pas de vous"):
            act()
    monde.etranger.refresh_from_db()
    assert (monde.etranger.is_active, monde.etranger.username) == (True, "etranger")


def test_account_shared_with_another_academie_is_seen_but_not_touched(monde):
    give_role(monde.etranger, Don(Role.SECRETARIAT, etablissement=monde.ecole), monde.dane)
    assert monde.etranger in comptes_visibles(monde.dane)
    assert not can_touch(monde.dane, monde.etranger)
    assert can_touch(monde.admin, monde.etranger)


@pytest.mark.parametrize("par", ["dane", "direction"])
def test_right_that_ended_elsewhere_keeps_the_account_out_of_reach(monde, par):
    """Its holder may get it again one day: whoever holds the account then holds that right too."""
    monde.dane_sud.habilitations.update(fin=in_days(-1))
    par = getattr(monde, par)
    give_role(monde.dane_sud, Don(Role.SECRETARIAT, etablissement=monde.ecole), par)
    assert monde.dane_sud in comptes_visibles(par)
    for act in (
        lambda: set_actif(monde.dane_sud, False, par),
        lambda: rename_compte(monde.dane_sud, ANNE, par),
    ):
        with pytest.raises(CompteRefuse, match="a, ou a eu, des rôles qui ne dépendent pas de vous"):
            act()
    monde.dane_sud.refresh_from_db()
    assert (monde.dane_sud.is_active, monde.dane_sud.username) == (True, "dane-sud")
    assert can_touch(monde.admin, monde.dane_sud)


@pytest.mark.parametrize(
    ("par", "don"),
    [
        ("dane", lambda m: Don(Role.DANE, academie=m.sud)),
        ("dane", lambda m: Don(Role.ADMIN)),
        ("direction", lambda m: Don(Role.DANE, academie=m.nord)),
        ("direction", lambda m: Don(Role.SECRETARIAT, etablissement=m.voisine)),
    ],
)
def test_right_taken_away_elsewhere_keeps_the_account_out_of_reach(monde, par, don):
    compte, _, _ = open_compte(ANNE, [don(monde)], monde.admin)
    take_role(compte.habilitations.get(), monde.admin)
    give_role(compte, Don(Role.SECRETARIAT, etablissement=monde.ecole), getattr(monde, par))
    assert not can_touch(getattr(monde, par), compte)


def test_right_that_ended_in_ones_own_charge_leaves_the_account_within_reach(monde):
    monde.secretaire.habilitations.update(fin=in_days(-1))
    assert can_touch(monde.direction, monde.secretaire)
    assert can_touch(monde.dane, monde.secretaire)


def test_academie_that_changes_its_name_keeps_its_accounts_within_reach(monde):
    compte, _, _ = open_compte(ANNE, [Don(Role.DANE, academie=monde.nord)], monde.dane)
    monde.nord.nom = "Autre nom"
    monde.nord.save()
    assert can_touch(monde.dane, compte)


def test_direction_touches_its_secretariat_not_its_peers_nor_herself(monde):
    pair = make_utilisateur("pair", Role.DIRECTION, etablissement=monde.ecole)
    touchables = {p for p in Utilisateur.objects.all() if can_touch(monde.direction, p)}
    assert touchables == {monde.secretaire}
    assert pair in comptes_visibles(monde.direction)


def test_superuser_is_out_of_reach_of_everybody_else(monde):
    racine = Utilisateur.objects.create_superuser("racine")
    racine.habilitations.create(role=Role.SECRETARIAT, etablissement=monde.ecole)
    assert not any(can_touch(p, racine) for p in (monde.admin, monde.dane, monde.direction))


def test_address_is_mended_with_what_she_signs_in_with(monde):
    compte, _, _ = open_compte(ANNE, [Don(Role.SECRETARIAT, etablissement=monde.ecole)], monde.direction)
    rename_compte(compte, Identite("a.modele@ac-essai.example", "MODÈLE", "Anna"), monde.direction)
    compte.refresh_from_db()
    assert (compte.username, compte.email, compte.first_name) == (*["a.modele@ac-essai.example"] * 2, "Anna")


def test_address_of_somebody_else_is_refused(monde):
    Utilisateur.objects.filter(pk=monde.etranger.pk).update(email="pris@ac-essai.example")
    with pytest.raises(CompteRefuse, match="déjà celle d'un autre compte"):
        rename_compte(monde.secretaire, Identite("PRIS@ac-essai.example", "", ""), monde.direction)


@pytest.mark.parametrize("mel", ["", "anne", "anne@", "a" * 150 + "@ac-essai.example"])
def test_what_is_no_address_opens_no_account(monde, mel):
    avant = Utilisateur.objects.count()
    with pytest.raises(CompteRefuse):
        open_compte(Identite(mel, "", ""), [Don(Role.ADMIN)], monde.admin)
    assert Utilisateur.objects.count() == avant


def test_address_of_two_accounts_is_said(monde):
    Utilisateur.objects.filter(pk__in=[monde.etranger.pk, monde.dane.pk]).update(email="double@ac-essai.example")
    with pytest.raises(CompteRefuse, match="Plusieurs comptes portent l'adresse"):
        open_compte(Identite("double@ac-essai.example", "", ""), [Don(Role.ADMIN)], monde.admin)


def test_each_act_says_who_did_what(monde):
    compte, _, _ = open_compte(ANNE, [Don(Role.SECRETARIAT, etablissement=monde.ecole)], monde.direction)
    set_actif(compte, False, monde.dane)
    set_actif(compte, True, monde.dane)
    take_role(compte.habilitations.get(), monde.admin)
    role = f"secrétariat, {monde.ecole}"
    assert [(a.user.username, a.change_message) for a in actes_de(compte).order_by("pk")] == [
        ("direction", "compte ouvert"),
        ("direction", f"rôle donné : {role}"),
        ("dane", "compte désactivé"),
        ("dane", "compte réactivé"),
        ("admin", f"rôle retiré : {role}"),
    ]
    assert LogEntry.objects.count() == 5

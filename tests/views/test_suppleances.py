"""« Nouvel enseignant »: the question, the two forms, what runs, what is undone."""

import pytest

from exchanges.enums import Role
from exchanges.models import FicheIndividu, LienService, Service
from exchanges.pipeline import exports
from tests.makers import LUNDI, load, make_utilisateur
from tests.makers_sts import ANGLAIS, held_services, make_sts
from tests.views.conftest import connect
from tests.views.pages import text, url


LEA = {
    "nom": "EXEMPLE",
    "prenom": "Léa",
    "civilite": "2",
    "date_naissance": "1990-03-04",
    "debut": "2026-09-14",
    "fin": "2026-12-18",
}


@pytest.fixture
def avec_sts(ecole):
    """The school with its STS, exported."""
    load(ecole, [make_sts(ecole)], LUNDI)
    exports.run_export_structure(ecole, None, LUNDI)
    exports.run_export_services(ecole, None, LUNDI)
    return ecole


def pk(structure):
    return Service.objects.get(structure=structure).pk


def replace_7(client, ecole, **champs):
    donnees = {"remplacant": "epp:8", "services": [pk("6A")]} | champs
    return client.post(url("remplacement_new", ecole, query="absent=epp:7"), donnees, follow=True)


def add_lea(client, ecole, **champs):
    donnees = LEA | {"services": [pk("6A"), pk("6AGL1")]} | champs
    return client.post(url("suppleance_new", ecole, query="absent=epp:7"), donnees, follow=True)


def test_one_question_leads_to_the_two_forms(secretaire, avec_sts):
    reponse = secretaire.get(url("suppleance_list", avec_sts))
    assert "est-elle dans STS-Web, dans la liste « Ressources » ?" in text(reponse).replace("Cette personne ", "")
    for nom in ("remplacement_new", "suppleance_new"):
        assert url(nom, avec_sts) in reponse.content.decode()


def test_without_sts_nothing_is_asked(secretaire, ecole):
    lue = text(secretaire.get(url("suppleance_list", ecole)))
    assert "Aucun service n'est connu" in lue
    assert "Oui : remplacement" not in lue


def test_first_the_absent_then_her_services_all_ticked(secretaire, avec_sts):
    lue = text(secretaire.get(url("remplacement_new", avec_sts)))
    assert "ESSAI Lou" in lue
    assert "AUTRE Sam" not in lue
    page = secretaire.get(url("remplacement_new", avec_sts, query="absent=epp:7"))
    assert "AUTRE Sam" in text(page)
    assert f"6AGL1 – {ANGLAIS} (CG), 3.00 h" in text(page)
    assert page.content.decode().count("checked") == 3


def test_an_absent_who_is_not_proposed_is_told(secretaire, avec_sts):
    lue = text(secretaire.get(url("remplacement_new", avec_sts, query="absent=epp:99")))
    assert "Cette personne n'est pas proposée. Rien n'a été modifié." in lue
    reponse = secretaire.post(url("remplacement_new", avec_sts, query="absent=epp:99"), {})
    assert reponse.status_code == 422


def test_remplacement_moves_the_service_and_ends_with_the_exports(secretaire, avec_sts):
    lue = text(replace_7(secretaire, avec_sts))
    assert ("6A", ANGLAIS, "8") in held_services(avec_sts)
    assert "Il reste à faire : Export Structure, puis Export Services." in lue
    assert "AUTRE Sam (REP) ESSAI Lou 6A – 030201 depuis lundi 7 septembre 2026 À exporter" in lue
    assert "Faire Export Structure" in lue


def test_suppleance_shows_its_dates_and_waits_for_the_exports(secretaire, avec_sts):
    lue = text(add_lea(secretaire, avec_sts))
    assert "EXEMPLE Léa (SUP) ESSAI Lou" in lue
    assert "du lundi 14 septembre 2026 au vendredi 18 décembre 2026" in lue
    assert LienService.objects.courants().filter(individu__type="suppleant").count() == 2


def test_exports_from_this_page_come_back_to_it_and_close_the_wait(secretaire, avec_sts):
    add_lea(secretaire, avec_sts)
    for quoi in ("structure", "services"):
        reponse = secretaire.post(url("export_do", avec_sts, quoi), {"retour": "suppleance_list"}, follow=True)
        assert reponse.redirect_chain[-1][0] == url("suppleance_list", avec_sts)
    lue = text(reponse)
    assert "Exporté" in lue
    assert "Annuler" not in lue


def test_wrong_answers_are_told_and_change_nothing(secretaire, avec_sts):
    avant = held_services(avec_sts)
    assert "Cochez au moins un service." in text(replace_7(secretaire, avec_sts, services=[]))
    assert "Choisissez une personne." in text(replace_7(secretaire, avec_sts, remplacant=""))
    assert "Donnez le nom de la personne." in text(add_lea(secretaire, avec_sts, nom=""))
    assert "n'existe pas ou n'est pas lisible" in text(add_lea(secretaire, avec_sts, debut="31/02/2026"))
    assert "finit avant de commencer" in text(add_lea(secretaire, avec_sts, fin="2026-09-01"))
    assert held_services(avec_sts) == avant


def test_cancelling_puts_the_services_back(secretaire, avec_sts):
    avant = held_services(avec_sts)
    add_lea(secretaire, avec_sts)
    acte = avec_sts.actes.get(nature="suppleance")
    lue = text(secretaire.post(url("suppleance_cancel", avec_sts, acte.pk), follow=True))
    assert "C'est annulé" in lue
    assert held_services(avec_sts) == avant
    assert not FicheIndividu.objects.courants().filter(individu__type="suppleant").exists()
    assert "déjà annulé" in text(secretaire.post(url("suppleance_cancel", avec_sts, acte.pk), follow=True))


def test_only_a_movement_of_this_school_is_undone(secretaire, avec_sts):
    autre = avec_sts.actes.filter(nature="chargement").first()
    assert secretaire.post(url("suppleance_cancel", avec_sts, autre.pk)).status_code == 404


def test_dane_reads_and_is_given_no_form(avec_sts):
    dane = connect(make_utilisateur("dane", Role.DANE, academie=avec_sts.academie))
    assert "Oui : remplacement" not in text(dane.get(url("suppleance_list", avec_sts)))
    assert "C'est au secrétariat" in text(dane.get(url("remplacement_new", avec_sts, query="absent=epp:7")))
    assert replace_7(dane, avec_sts).status_code == 403

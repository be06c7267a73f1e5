"""Export Structure and Export Services on the school's page and on a verdict."""

from datetime import timedelta

import pytest

from exchanges.enums import Couche, NatureActe, Role
from exchanges.models import Acte
from exchanges.pipeline import exports
from tests.makers import GROUPES, LUNDI, load, make_academie, make_depot, make_ecole, make_utilisateur, set_clock
from tests.makers_sts import held_groupes, make_edt, make_structures, make_sts
from tests.views.conftest import connect
from tests.views.pages import text, url


HEURE = timedelta(hours=1)
LATIN = (*GROUPES, "6LAT1")


@pytest.fixture
def avec_latin(ecole):
    """STS has a groupe that BEE has not."""
    load(ecole, [make_sts(ecole, LATIN)], LUNDI)
    set_clock(ecole.academie, LUNDI + HEURE)
    return ecole


@pytest.fixture
def reelle(db):
    """A school in real time with the same groupe, and its secretary's browser."""
    ecole = make_ecole(2, academie=make_academie("REEL", is_simulee=False))
    load(ecole, [make_sts(ecole), make_structures(ecole)], LUNDI)
    load(ecole, [make_edt(ecole, LATIN)], LUNDI + HEURE)
    return ecole, connect(make_utilisateur("reelle", Role.SECRETARIAT, etablissement=ecole))


def page(client, ecole):
    return text(client.get(url("etablissement_detail", ecole)))


def test_a_school_without_sts_is_told_what_to_load(secretaire, ecole):
    lue = page(secretaire, ecole)
    assert "STS-Web n'est pas encore connu." in lue
    assert "Faire Export Structure" not in lue


def test_the_page_says_what_waits_why_and_in_which_order(secretaire, avec_latin):
    lue = page(secretaire, avec_latin)
    assert "Il reste à faire : Export Structure, puis Export Services." in lue
    assert "STS-Web a changé lundi 7 septembre à 10 h et l'export n'a pas été refait" in lue
    assert "SIECLE apprendra 6LAT1." in lue
    assert "sinon SIECLE ignorera les services de 6LAT1" in lue
    assert "Toujours dans cet ordre" in lue


def test_simulated_exports_carry_the_groupe_then_leave_nothing_to_do(secretaire, avec_latin):
    reponse = secretaire.post(url("export_do", avec_latin, "structure"), follow=True)
    assert "Export Structure fait" in text(reponse)
    assert held_groupes(avec_latin, Couche.BEE) == set(LATIN)
    assert "Il reste à faire : Export Services." in page(secretaire, avec_latin)
    secretaire.post(url("export_do", avec_latin, "services"))
    assert "SIECLE a reçu tout ce que STS-Web tient." in page(secretaire, avec_latin)
    assert Acte.objects.filter(utilisateur__username="secretaire").count() == 2


def test_services_first_is_allowed_and_its_consequence_said(secretaire, avec_latin):
    reponse = secretaire.post(url("export_do", avec_latin, "services"), follow=True)
    assert "Mais Export Structure reste à faire, puis Export Services à nouveau." in text(reponse)
    assert "Il reste à faire : Export Structure, puis à nouveau Export Services." in page(secretaire, avec_latin)


def test_real_export_is_declared_with_a_comment_and_carries_nothing(reelle):
    ecole, client = reelle
    client.post(url("export_do", ecole, "structure"), {"commentaire": "avant midi"})
    acte = Acte.objects.filter(nature=NatureActe.EXPORT_STRUCTURE).latest("instant")
    assert (acte.origine, acte.commentaire, acte.utilisateur.username) == ("declare", "avant midi", "reelle")
    assert held_groupes(ecole, Couche.BEE) == set(GROUPES)
    lue = page(client, ecole)
    assert "par reelle – avant midi." in lue
    assert "Il reste à faire : Export Services." in lue


def test_an_endless_comment_is_refused(reelle):
    ecole, client = reelle
    avant = Acte.objects.count()
    reponse = client.post(url("export_do", ecole, "structure"), {"commentaire": "x" * 201}, follow=True)
    assert "Rien n'a été modifié" in text(reponse)
    assert Acte.objects.count() == avant


def test_export_without_sts_is_refused_in_plain_words(secretaire, ecole):
    reponse = secretaire.post(url("export_do", ecole, "structure"), follow=True)
    assert "chargez d'abord le fichier sts_emp" in text(reponse)
    assert held_groupes(ecole, Couche.BEE) == set(GROUPES)


def test_no_other_export_exists(secretaire, avec_latin):
    assert secretaire.post(url("export_do", avec_latin, "eleves")).status_code == 404


def test_verdict_offers_the_export_and_is_made_again(secretaire, avec_latin):
    depot = make_depot(avec_latin, {"1001": ["6LAT1"]}, LUNDI + HEURE)
    adresse = url("depot_detail", avec_latin, depot.pk)
    avant = text(secretaire.get(adresse))
    assert "6LAT1 : ce groupe est dans STS-Web, pas dans SIECLE." in avant
    assert "1 lien refusé" in avant
    reponse = secretaire.post(url("export_do", avec_latin, "tout"), {"depot": depot.pk}, follow=True)
    assert reponse.redirect_chain[-1][0] == adresse
    apres = text(reponse)
    assert "0 lien refusé" in apres
    assert "1 lien créé" in apres
    assert "ce groupe est dans STS-Web" not in apres


def test_verdict_of_a_real_school_takes_the_declaration_and_asks_for_the_proof(reelle):
    ecole, client = reelle
    depot = make_depot(ecole, {"1001": ["6LAT1"]}, LUNDI + HEURE)
    assert "J'ai fait l'export" in text(client.get(url("depot_detail", ecole, depot.pk)))
    lue = text(client.post(url("export_do", ecole, "tout"), {"depot": depot.pk}, follow=True))
    assert "Chargez maintenant Structures.xml" in lue
    assert "1 lien refusé" in lue


def test_a_groupe_that_sts_has_not_offers_no_export(secretaire, avec_latin):
    depot = make_depot(avec_latin, {"1001": ["INCONNU"]}, LUNDI + HEURE)
    assert "dans STS-Web, pas dans SIECLE" not in text(secretaire.get(url("depot_detail", avec_latin, depot.pk)))


def test_dane_sees_the_state_without_the_buttons(avec_latin):
    dane = connect(make_utilisateur("dane", Role.DANE, academie=avec_latin.academie))
    lue = page(dane, avec_latin)
    assert "Il reste à faire" in lue
    assert "Faire Export Structure" not in lue


def test_contradicted_declaration_is_said(reelle):
    ecole, client = reelle
    exports.declare(ecole, NatureActe.EXPORT_STRUCTURE, None, LUNDI + 2 * HEURE)
    load(ecole, [make_structures(ecole, quand=LUNDI + 3 * HEURE)], LUNDI + 3 * HEURE)
    assert "contredit par Structures.xml : SIECLE n'a pas 6LAT1." in page(client, ecole)

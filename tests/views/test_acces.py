"""Who may open what: every address of the product, for every kind of person."""

import pytest
from django.test import Client
from django.urls import reverse

from exchanges import urls
from exchanges.enums import Role
from exchanges.pipeline.jetons import create_jeton
from tests.makers import LUNDI, deposit, load, make_academie, make_depot, make_ecole, make_utilisateur
from tests.views.conftest import connect


PUBLIQUES = {"accessibilite"}
SANS_PERIMETRE = {"home", "search", "aide", "regles", *PUBLIQUES}
ACTIONS = {
    *("chargement_apply", "chargement_abandon", "depot_confirm", "depot_abandon", "horloge_advance"),
    *("jeton_revoke", "export_do", "suppleance_cancel"),
    *("passage_release", "passage_skip"),
}
# The DANE moves the clock of an exercise, and says which relay did not take place.
SES_ACTIONS = {"horloge_advance", "passage_skip"}
# Read by whom sees the school, posted by whom acts for it.
_FORMULAIRES = ("remplacement_new", "suppleance_new")
LECTURES = {
    *("etablissement_detail", "file_upload", "chargement_detail", "depot_list", "depot_detail", "liste_detail"),
    *("liste_export", "eleve_detail", "ent_detail", "exemple_list", "horloge_progress"),
    *("depot_corrected", "depot_corrected_list", "jeton_list"),
    *("journal_list", "suppleance_list", *_FORMULAIRES),
    *("frise_detail", "passage_detail", "division_detail", "groupe_detail"),
}
LECTURES.add("exportation_list")
# A token opens them, never a session: tests/views/test_api_depot.py.
MACHINES = {"api_depot_receive", "api_depot_detail"}
# About people and not about a school: tests/views/test_comptes_acces.py and test_annuaires.py.
COMPTES = {
    *("compte_list", "compte_create", "compte_detail", "compte_update", "compte_import", "compte_import_model"),
    *("compte_import_apply", "compte_role_give", "compte_role_take", "compte_activate", "compte_deactivate"),
    *("compte_invite", "annuaire_import", "annuaire_apply"),
}
# Their objects (an imported deposit, a sample file, a pair of fiches) are made by the tests of their own pages.
AILLEURS = {"depot_export", "depot_eleve", "exemple_download", "doublon_detail"}
AILLEURS |= {"journal_detail", "journal_export", "individu_detail", "responsable_detail"}
# A school that the relays have fed, a projet: tests/views/test_exportations.py.
AILLEURS |= {"exportation_download", "exportation_projet", "exportation_projet_download"}
# About a projet or the demonstration, not a school: tests/views/test_projets.py and test_horloge.py.
AILLEURS |= {"projet_list", "projet_detail", "projet_edit", "projet_create", "horloge_reset", "horloge_reset_progress"}
# For the administration of the site: tests/views/test_academies.py.
AILLEURS |= {"academie_list", "academie_create", "academie_edit"}


def names(motifs):
    for motif in motifs:
        if hasattr(motif, "url_patterns"):
            yield from names(motif.url_patterns)
        else:
            yield motif.name


def test_every_address_is_listed_here():
    assert set(names(urls.urlpatterns)) == SANS_PERIMETRE | ACTIONS | LECTURES | AILLEURS | MACHINES | COMPTES


def address(nom, etablissement):
    """An address of that name for this school, with objects of its own."""
    args = {
        "chargement": lambda: [etablissement.chargements.first().pk],
        "depot": lambda: [etablissement.depots.first().pk, *(["csv"] if nom == "depot_corrected_list" else [])],
        "eleve": lambda: ["1001"],
        "export": lambda: ["structure"],
        "suppleance": lambda: [1] if nom == "suppleance_cancel" else [],
        "jeton": lambda: [etablissement.jetons.first().pk],
        "division": lambda: ["6A"],
        "groupe": lambda: ["6AGL1"],
        "passage": lambda: [etablissement.passages.first().pk],
        "liste": lambda: ["eleves-sans-ine", *(["csv"] if nom == "liste_export" else [])],
    }
    if nom.startswith("horloge"):
        return reverse(f"exchanges:{nom}", args=[etablissement.academie.code])
    suite = args.get(nom.partition("_")[0], list)() if nom not in ("depot_list", "jeton_list") else []
    return reverse(f"exchanges:{nom}", args=[etablissement.uai, *suite])


@pytest.fixture
def autre(ecole):
    """A school of another académie, as full as the first one."""
    autre = make_ecole(2, academie=make_academie("AC2"))
    for etablissement in (ecole, autre):
        make_depot(etablissement, {"1001": ["6AGL1"]})
        create_jeton("EDT", etablissement, LUNDI)
    return autre


@pytest.mark.parametrize("nom", sorted(LECTURES | ACTIONS | SANS_PERIMETRE - PUBLIQUES))
def test_anonymous_visitor_is_sent_to_the_login_page(nom, ecole, autre):
    adresse = reverse(f"exchanges:{nom}") if nom in SANS_PERIMETRE else address(nom, ecole)
    reponse = Client().post(adresse) if nom in ACTIONS else Client().get(adresse)
    assert reponse.status_code == 302
    assert reponse["Location"].startswith("/connexion/")


@pytest.mark.parametrize("nom", sorted(PUBLIQUES))
def test_public_page_needs_no_login(nom, db):
    assert Client().get(reverse(f"exchanges:{nom}")).status_code == 200


@pytest.mark.parametrize("nom", sorted(SANS_PERIMETRE))
def test_page_without_perimeter_opens_for_anybody_signed_in(nom, ecole, autre):
    client = connect(make_utilisateur("dane", Role.DANE, academie=ecole.academie))
    assert client.get(reverse(f"exchanges:{nom}")).status_code in (200, 302)


@pytest.mark.parametrize("nom", sorted(LECTURES))
def test_reading_is_for_the_school_and_its_academie_only(nom, secretaire, ecole, autre):
    dane = connect(make_utilisateur("dane", Role.DANE, academie=ecole.academie))
    admin = connect(make_utilisateur("admin", Role.ADMIN))
    direction = connect(make_utilisateur("direction", Role.DIRECTION, etablissement=autre))
    assert [c.get(address(nom, ecole)).status_code for c in (secretaire, dane, admin, direction)] == [
        200,
        200,
        200,
        404,
    ]
    assert secretaire.get(address(nom, autre)).status_code == 404
    assert dane.get(address(nom, autre)).status_code == 404


@pytest.mark.parametrize("nom", sorted(ACTIONS))
def test_action_on_a_stranger_school_is_not_found(nom, secretaire, autre):
    assert secretaire.post(address(nom, autre), {"confirme": "1"}).status_code == 404


@pytest.mark.parametrize("nom", sorted(ACTIONS))
def test_action_is_never_a_get(nom, secretaire, ecole, autre):
    assert secretaire.get(address(nom, ecole)).status_code == 405


@pytest.mark.parametrize("nom", sorted(ACTIONS - SES_ACTIONS | {"file_upload", "jeton_list", *_FORMULAIRES}))
def test_dane_sees_but_does_not_act(nom, ecole, autre):
    dane = connect(make_utilisateur("dane", Role.DANE, academie=ecole.academie))
    reponse = dane.post(address(nom, ecole), {"confirme": "1"})
    assert reponse.status_code == 403
    assert "Rien n'a été modifié" in reponse.content.decode().replace("&#x27;", "'")
    assert ecole.depots.get().etat == "controle"


def test_deposit_of_another_school_is_not_found_under_ones_own_address(secretaire, ecole, autre):
    sien = autre.depots.get().pk
    adresses = [reverse(f"exchanges:{nom}", args=[ecole.uai, sien]) for nom in ("depot_detail", "depot_confirm")]
    assert secretaire.get(adresses[0]).status_code == 404
    assert secretaire.post(adresses[1], {"confirme": "1"}).status_code == 404


def test_batch_of_another_school_is_not_found_under_ones_own_address(secretaire, ecole, autre):
    etranger = load(autre)
    assert secretaire.get(reverse("exchanges:chargement_detail", args=[ecole.uai, etranger.pk])).status_code == 404


def test_dane_gets_no_button_to_deposit(ecole, autre):
    dane = connect(make_utilisateur("dane", Role.DANE, academie=ecole.academie))
    depot = deposit(ecole, {"1001": ["6AGL1"]})
    for nom, args in (("etablissement_detail", []), ("file_upload", []), ("depot_detail", [depot.pk])):
        page = dane.get(reverse(f"exchanges:{nom}", args=[ecole.uai, *args])).content.decode()
        assert "multipart/form-data" not in page
        assert "/abandonner/" not in page

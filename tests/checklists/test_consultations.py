"""« Voir comme » a school: its buttons are shown, nothing is written, it is traced and it ends."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from checklists.models import Consultation
from checklists.pilotage.consultations import DUREE, open_consultation
from exchanges.enums import EtatPassage, Relais, Role
from exchanges.models import Academie, Habilitation
from tests.checklists.makers import url
from tests.makers import make_academie, make_depot, make_ecole, make_etablissement, make_utilisateur
from tests.views.conftest import connect


QUITTER = reverse("checklists:consultation_end")


@pytest.fixture
def regarde(dane, ecole):
    """The browser of the DANE, looking at the school."""
    assert dane.post(url("consultation_start", ecole)).status_code == 302
    return dane


def read(client, adresse):
    return client.get(adresse).content.decode().replace("&#x27;", "'")


def accueil(etablissement):
    return reverse("exchanges:etablissement_detail", args=[etablissement.uai])


def test_its_buttons_are_shown_under_a_band(dane, ecole):
    depot = reverse("exchanges:depot_detail", args=[ecole.uai, make_depot(ecole, {"1001": ["6AGL1"]}).pk])
    assert "/abandonner/" not in read(dane, depot)
    assert "multipart/form-data" not in read(dane, accueil(ecole))
    dane.post(url("consultation_start", ecole))
    page = read(dane, accueil(ecole))
    assert "multipart/form-data" in page
    assert f"Vous voyez le site comme <strong>{ecole.denomination}</strong>" in page
    assert "Comptes et rôles" not in page
    assert "/abandonner/" in read(dane, depot)


def test_beside_a_simulated_time_its_hours_are_said_to_be_real(dane, ecole):
    dane.post(url("consultation_start", ecole))
    assert "(heure réelle, pas celle du temps simulé)" in read(dane, accueil(ecole))
    assert "Les heures sont réelles" in read(dane, url("consultation_list", ecole))
    Academie.objects.update(is_simulee=False, decalage=timedelta(0))
    assert "heure réelle" not in read(dane, accueil(ecole))
    assert "Les heures sont réelles" not in read(dane, url("consultation_list", ecole))


def test_a_passage_shows_the_decision_that_its_people_may_take_and_no_other(dane, ecole):
    secretaire = connect(make_utilisateur("secretaire", Role.SECRETARIAT, etablissement=ecole))
    attendu = ecole.passages.filter(relais=Relais.AAF, etat=EtatPassage.PREVU).first()
    adresse = reverse("exchanges:passage_detail", args=[ecole.uai, attendu.pk])
    declarer = reverse("exchanges:passage_skip", args=[ecole.uai, attendu.pk])
    dane.post(url("consultation_start", ecole))
    assert declarer in read(secretaire, adresse) and declarer in read(dane, adresse)
    Academie.objects.update(is_simulee=False, decalage=timedelta(0))
    assert declarer not in read(secretaire, adresse)
    assert declarer not in read(dane, adresse)
    dane.post(QUITTER)
    assert declarer in read(dane, adresse)


def test_nothing_is_written_while_it_lasts(regarde, ecole):
    depot = make_depot(ecole, {"1001": ["6AGL1"]})
    for adresse in (
        reverse("exchanges:depot_confirm", args=[ecole.uai, depot.pk]),
        reverse("exchanges:depot_abandon", args=[ecole.uai, depot.pk]),
        reverse("exchanges:file_upload", args=[ecole.uai]),
        reverse("password_change"),
        url("etape_declare", ecole, "8"),
        url("note_add", ecole),
        reverse("exchanges:horloge_advance", args=[ecole.academie.code]),
    ):
        reponse = regarde.post(adresse, {"confirme": "1", "texte": "note"})
        assert reponse.status_code == 403
        assert "Rien n'a été modifié" in reponse.content.decode().replace("&#x27;", "'")
    depot.refresh_from_db()
    assert depot.etat == "controle"
    assert not ecole.notes_dane.exists()


def test_the_pages_of_the_academie_stay_hers_without_their_writes(regarde, ecole):
    assert regarde.get(reverse("checklists:dashboard")).status_code == 200
    assert regarde.get(url("school_detail", ecole)).status_code == 200


def test_search_finds_what_the_school_finds(regarde, dane, ecole):
    voisine = make_etablissement(2, academie=ecole.academie)
    assert "essai 2" not in read(regarde, reverse("exchanges:search") + f"?q={voisine.uai}")
    regarde.post(QUITTER)
    assert "essai 2" in read(regarde, reverse("exchanges:search") + f"?q={voisine.uai}")


def test_leaving_gives_ones_own_pages_back_and_notes_when(regarde, ecole):
    reponse = regarde.post(QUITTER)
    assert reponse["Location"] == url("school_detail", ecole)
    consultation = Consultation.objects.get()
    assert consultation.utilisateur.username == "dane"
    assert consultation.fin <= timezone.now()
    assert "multipart/form-data" not in read(regarde, accueil(ecole))
    assert regarde.post(url("note_add", ecole), {"texte": "Vu."}).status_code == 302


def test_signing_out_ends_it(regarde):
    assert regarde.post(reverse("logout")).status_code == 200
    assert Consultation.objects.get().fin <= timezone.now()


def test_it_ends_by_itself_after_half_an_hour(regarde, ecole):
    consultation = Consultation.objects.get()
    assert consultation.fin - consultation.debut == DUREE == timedelta(minutes=30)
    Consultation.objects.update(debut=consultation.debut - DUREE, fin=consultation.fin - DUREE)
    page = read(regarde, accueil(ecole))
    assert "elle dure trente minutes au plus" in page
    assert "multipart/form-data" not in page
    assert "trente minutes" not in read(regarde, accueil(ecole))
    assert regarde.post(QUITTER)["Location"] == reverse("checklists:dashboard")


def test_looking_at_another_school_ends_the_first_look(ecole):
    dane = make_utilisateur("dane", Role.DANE, academie=ecole.academie)
    now = timezone.now()
    premiere = open_consultation(ecole, dane, now)
    open_consultation(make_etablissement(2), dane, now + timedelta(minutes=5))
    premiere.refresh_from_db()
    assert premiere.fin == now + timedelta(minutes=5)


def test_a_right_that_is_taken_away_closes_the_pages(regarde, ecole):
    Habilitation.objects.all().delete()
    assert regarde.get(accueil(ecole)).status_code == 404


@pytest.mark.parametrize("role", [Role.DIRECTION, Role.SECRETARIAT])
def test_the_people_of_the_school_see_who_looked_and_when_and_who_else_reads_it(role, regarde, ecole):
    client = connect(make_utilisateur("personne", role, etablissement=ecole))
    page = read(client, url("consultation_list", ecole))
    assert '<th scope="row">dane</th>' in page
    assert "En cours" in page
    assert "la direction, le secrétariat et la DANE lisent cette liste" in page
    assert url("consultation_list", ecole) in read(client, accueil(ecole))


def test_another_school_reads_nothing_of_it(regarde, ecole):
    voisin = make_utilisateur("voisin", Role.DIRECTION, etablissement=make_etablissement(2, academie=ecole.academie))
    assert connect(voisin).get(url("consultation_list", ecole)).status_code == 404


@pytest.mark.parametrize("role", [Role.DIRECTION, Role.SECRETARIAT])
def test_a_school_may_not_look_as_another_nor_as_itself(role, ecole):
    client = connect(make_utilisateur("personne", role, etablissement=ecole))
    assert client.post(url("consultation_start", ecole)).status_code == 404
    assert client.post(QUITTER).status_code == 404
    assert not Consultation.objects.exists()


def test_a_dane_may_not_look_as_a_school_of_another_academie(dane):
    autre = make_ecole(2, academie=make_academie("AC2"))
    assert dane.post(url("consultation_start", autre)).status_code == 404

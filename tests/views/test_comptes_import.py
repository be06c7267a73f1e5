"""A table of accounts on screen: shown first, applied as shown, invitations sent."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from exchanges.enums import Role
from exchanges.models import Utilisateur
from tests.makers import make_academie, make_etablissement, make_utilisateur
from tests.views.conftest import connect
from tests.views.pages import text


PAGE, APPLIQUER = "exchanges:compte_import", "exchanges:compte_import_apply"


@pytest.fixture
def etablissement(db):
    return make_etablissement(1, academie=make_academie("NORD"))


@pytest.fixture
def client(etablissement):
    return connect(make_utilisateur("dane", Role.DANE, academie=etablissement.academie))


def give(client, texte, nom="comptes.csv"):
    return client.post(reverse(PAGE), {"fichier": SimpleUploadedFile(nom, texte.encode())})


def make_table(etablissement):
    return (
        "email;nom;prénom;rôle;UAI;fin\n"
        f"anne@ac-essai.example;MODÈLE;Anne;secrétariat;{etablissement.uai};\n"
        "loin@ac-essai.example;AUTRE;Paul;direction;0999999Z;\n"
    )


def contenu(reponse):
    return reponse.context["contenu"]


def test_preview_says_what_each_line_does_and_writes_nothing(client, etablissement, mailoutbox):
    page = text(give(client, make_table(etablissement)))
    assert "2 anne@ac-essai.example Compte ouvert Compte ouvert : secrétariat," in page
    assert "3 loin@ac-essai.example Refusée L'établissement 0999999Z n'existe pas ici" in page
    assert "1 invitation part aussitôt" in page
    assert Utilisateur.objects.count() == 1
    assert mailoutbox == []


def test_confirmation_does_what_was_shown(client, etablissement, mailoutbox):
    apercu = give(client, make_table(etablissement))
    page = text(client.post(reverse(APPLIQUER), {"contenu": contenu(apercu)}))
    assert "C'est fait" in page
    assert Utilisateur.objects.get(username="anne@ac-essai.example").habilitations.get().role == Role.SECRETARIAT
    assert [message.to for message in mailoutbox] == [["anne@ac-essai.example"]]
    assert not Utilisateur.objects.filter(username="loin@ac-essai.example").exists()


def test_confirming_twice_opens_and_invites_once(client, etablissement, mailoutbox):
    apercu = give(client, make_table(etablissement))
    for _ in range(2):
        client.post(reverse(APPLIQUER), {"contenu": contenu(apercu)})
    assert Utilisateur.objects.count() == 2
    assert len(mailoutbox) == 1


def test_preview_of_somebody_else_is_worth_nothing(client, etablissement):
    apercu = give(connect(make_utilisateur("admin", Role.ADMIN)), make_table(etablissement))
    reponse = client.post(reverse(APPLIQUER), {"contenu": contenu(apercu)}, follow=True)
    assert "Cet aperçu a plus d'une heure" in text(reponse)
    assert not Utilisateur.objects.filter(username="anne@ac-essai.example").exists()


@pytest.mark.parametrize("faux", ["", "n'importe quoi", "a:b:c"])
def test_page_that_was_tampered_with_is_refused(client, faux):
    assert "Rien n'a été modifié" in text(client.post(reverse(APPLIQUER), {"contenu": faux}, follow=True))


def test_old_preview_is_refused(client, etablissement, monkeypatch):
    apercu = give(client, make_table(etablissement))
    monkeypatch.setattr("exchanges.views.portage.DUREE", -1)
    reponse = client.post(reverse(APPLIQUER), {"contenu": contenu(apercu)}, follow=True)
    assert "Rien n'a été modifié" in text(reponse)
    assert Utilisateur.objects.count() == 1


def test_rights_are_those_of_the_confirmation(client, etablissement):
    apercu = give(client, make_table(etablissement))
    Utilisateur.objects.get(username="dane").habilitations.update(academie=make_academie("SUD"))
    page = text(client.post(reverse(APPLIQUER), {"contenu": contenu(apercu)}))
    assert "n'est pas de votre périmètre" in page
    assert not Utilisateur.objects.filter(username="anne@ac-essai.example").exists()


def test_invitations_that_do_not_leave_are_listed(client, etablissement, monkeypatch):
    monkeypatch.setattr("exchanges.views.comptes_import.send_invitations", lambda comptes, *args: comptes)
    apercu = give(client, make_table(etablissement))
    page = text(client.post(reverse(APPLIQUER), {"contenu": contenu(apercu)}))
    assert "Des invitations n'ont pas pu partir" in page


def test_table_without_effect_offers_no_confirmation(client):
    page = give(client, "email;rôle\nanne;secrétariat\n")
    assert "Aucune ligne n'ouvre de compte" in text(page)
    assert "contenu" not in page.content.decode().partition("<main")[2].replace('id="contenu"', "")


@pytest.mark.parametrize(("texte", "phrase"), [("", "est vide"), ("nom;ville\nA;B\n", "n'a pas de colonne « email »")])
def test_what_is_no_table_is_refused(client, texte, phrase):
    reponse = give(client, texte)
    assert reponse.status_code == 422
    assert phrase in text(reponse)


def test_no_file_is_said(client):
    reponse = client.post(reverse(PAGE))
    assert reponse.status_code == 422
    assert "Choisissez un fichier. Rien n'a été modifié." in text(reponse)


def test_model_is_read_back(client):
    modele = client.get(reverse("exchanges:compte_import_model"))
    assert modele["Content-Disposition"] == 'attachment; filename="modele-comptes.csv"'
    page = text(client.post(reverse(PAGE), {"fichier": SimpleUploadedFile("modele.csv", modele.content)}))
    assert "3 lignes" in page
    assert "n'est pas connu" not in page

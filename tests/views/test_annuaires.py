"""Schools from a directory on screen: shown first, written as shown."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from exchanges.enums import Role
from exchanges.models import Academie, Etablissement, ProjetENT
from tests.makers import make_academie, make_etablissement, make_projet, make_uai, make_utilisateur
from tests.views.conftest import connect
from tests.views.pages import text


PAGE, APPLIQUER = "exchanges:annuaire_import", "exchanges:annuaire_apply"
ACADEMIES = "/academies/"
TEXTE = (
    "uai;nom_etablissement;code_nature;code_academie;nom_commune\n"
    f"{make_uai(1)};Collège A;340;09;Ville\n{make_uai(2)};Lycée B;300;09;Ville\n{make_uai(3)};École C;151;09;Ville\n"
)


@pytest.fixture
def client(db):
    make_academie("09", nom="Académie d'essai")
    make_projet("Collèges")
    make_projet("Lycées")
    return connect(make_utilisateur("admin", Role.ADMIN))


def give(client, texte=TEXTE, nom="annuaire.csv", **champs):
    projets = {p.nom: p.pk for p in ProjetENT.objects.all()}
    saisie = {"academie": "09", "projet_college": projets["Collèges"], "projet_lycee": projets["Lycées"]} | champs
    return client.post(reverse(PAGE), saisie | {"fichier": SimpleUploadedFile(nom, texte.encode())})


def test_page_asks_for_the_academie_and_the_projets(client):
    page = text(client.get(reverse(PAGE)))
    for mot in ("Académie d'essai", "Projet ENT des nouveaux collèges", "rien n'est jamais supprimé"):
        assert mot in page


def test_nothing_is_chosen_before_somebody_chooses(client):
    page = client.get(reverse(PAGE)).content.decode()
    assert " selected" not in page.replace('<option value="" selected>Choisissez…</option>', "")
    assert page.count('<option value="" selected>Choisissez…</option>') == 3


@pytest.mark.parametrize("champ", ["academie", "projet_college", "projet_lycee"])
def test_choice_not_made_is_asked_for(client, champ):
    reponse = give(client, **{champ: ""})
    assert reponse.status_code == 422
    assert "Choisissez l'académie et les projets ENT" in text(reponse)
    assert not Etablissement.objects.exists()


def test_known_school_that_has_closed_is_named(client):
    ferme = make_etablissement(1, academie=Academie.objects.get(code="09"), denomination="Collège ancien")
    entete = "uai;nom_etablissement;code_nature;code_academie;etat"
    reponse = give(client, f"{entete}\n{ferme.uai};A;340;09;FERME\n{make_uai(2)};Collège B;340;09;FERME\n")
    page = text(reponse)
    assert "1 établissement connu ici est fermé d'après ce fichier" in page
    assert f"Collège ancien ({ferme.uai}) : laissé tel quel" in page
    ferme.refresh_from_db()
    assert ferme.denomination == "Collège ancien"


def test_page_says_where_an_academie_is_made(client):
    assert f'href="{ACADEMIES}"' in client.get(reverse(PAGE)).content.decode()


def test_academie_that_the_site_does_not_know_is_named_with_the_page_that_makes_it(client):
    make_academie("11", nom="Connue")
    lignes = (
        f"{make_uai(4)};Lycée L;300;10;Lyon;Ville",
        f"{make_uai(5)};Collège L;340;10;Lyon;Ville",
        f"{make_uai(6)};École L;151;12;Nantes;Ville",
        f"{make_uai(7)};Collège C;340;11;Connue;Ville",
        f"{make_uai(8)};Collège S;340;;Sans code;Ville",
    )
    entete = "uai;nom_etablissement;code_nature;code_academie;libelle_academie;nom_commune"
    reponse = give(client, "\n".join((entete, *lignes)))
    page = text(reponse)
    assert "2 académies que le site ne connaît pas" in page
    assert "Lyon (10) : 2 établissements" in page
    assert "Sans code : 1 établissement" in page
    assert "Nantes" not in page
    assert "Connue (11)" not in page
    assert f'href="{ACADEMIES}"' in reponse.content.decode()


def test_academie_gone_since_the_page_was_opened_is_said(client):
    reponse = give(client, academie="99")
    assert "Le site n'a pas, ou n'a plus, cette académie." in text(reponse)
    assert f'href="{ACADEMIES}"' in reponse.content.decode()


def test_preview_shows_and_writes_nothing(client):
    page = text(give(client))
    assert f"Collège A ({make_uai(1)}), Ville – CLG, Collèges" in page
    assert f"Lycée B ({make_uai(2)}), Ville – LGT, Lycées" in page
    assert f"1 ligne laissée de côté : ni collège ni lycée ligne 4 : {make_uai(3)} École C" in page
    assert not Etablissement.objects.exists()


def test_confirmation_writes_what_was_shown(client):
    connu = make_etablissement(1, academie=make_academie("10"))
    connu.academie = type(connu.academie).objects.get(code="09")
    connu.save()
    apercu = give(client)
    assert "dénomination, « Collège d'essai 1 » → « Collège A »" in text(apercu)
    reponse = client.post(reverse(APPLIQUER), {"contenu": apercu.context["contenu"]}, follow=True)
    assert "Établissements créés : 1 ; modifiés : 1 ; inchangés : 0. Rien n'a été supprimé." in text(reponse)
    assert set(Etablissement.objects.values_list("denomination", flat=True)) == {"Collège A", "Lycée B"}
    assert LogEntry.objects.filter(user__username="admin").count() == 2


def test_second_time_nothing_is_left_to_do(client):
    client.post(reverse(APPLIQUER), {"contenu": give(client).context["contenu"]})
    page = give(client)
    assert "Rien ne change" in text(page)
    assert reverse(APPLIQUER) not in page.content.decode()


def preview_of(client, *lignes):
    """The page about these lines, under the titles of ``TEXTE``."""
    reponse = give(client, "\n".join((TEXTE.partition("\n")[0], *lignes)))
    assert reverse(APPLIQUER) not in reponse.content.decode()
    return text(reponse)


def test_file_of_which_nothing_is_taken_is_not_called_known(client):
    page = preview_of(client, "0990001A;Collège A;340;09;Ville", f"{make_uai(2)};Lycée B;300;10;Ville")
    assert "Attention : Aucun établissement de ce fichier n'est pris" in page
    assert "2 lignes sont laissées de côté, pour les raisons qui précèdent." in page
    assert "déjà connu" not in page


def test_file_without_a_line_says_so(client):
    assert "Attention : Aucun établissement de ce fichier n'est pris Il n'a aucune ligne." in preview_of(client)


def test_known_schools_beside_lines_set_aside_are_counted_apart(client):
    ligne = f"{make_uai(1)};Collège A;340;09;Ville"
    client.post(reverse(APPLIQUER), {"contenu": give(client).context["contenu"]})
    assert "Succès : Rien ne change 1 établissement est déjà connu ainsi." in preview_of(client, ligne)
    page = preview_of(client, ligne, f"{make_uai(3)};École C;151;09;Ville")
    assert "Information : Rien ne change 1 établissement est déjà connu ainsi. 1 ligne est laissée de côté" in page


def test_unreadable_value_is_not_counted_as_a_line(client):
    page = text(give(client, f"{TEXTE.partition(chr(10))[0]};mail\n{make_uai(1)};Collège A;340;09;Ville;illisible\n"))
    assert "1 valeur illisible non reprise" in page
    assert "0 lignes laissées de côté" in page


def test_projet_gone_since_the_preview_is_said(client):
    apercu = give(client)
    ProjetENT.objects.filter(nom="Lycées").delete()
    reponse = client.post(reverse(APPLIQUER), {"contenu": apercu.context["contenu"]}, follow=True)
    assert "Rien n'a été modifié" in text(reponse)
    assert not Etablissement.objects.exists()


def test_page_that_was_tampered_with_is_refused(client):
    assert "Rien n'a été modifié" in text(client.post(reverse(APPLIQUER), {"contenu": "faux"}, follow=True))


def test_list_of_schools_of_siecle_is_taken(client):
    with open("tests/parsers/data/etablissements.xml", "rb") as flux:
        page = give(client, flux.read().decode("iso-8859-15"), "Etablissements.xml")
    assert page.status_code == 422 or "laissée de côté" in text(page)


@pytest.mark.parametrize(
    ("texte", "champs", "phrase"),
    [
        ("", {}, "est vide"),
        ("nom;ville\n", {}, "n'a pas de colonne « Identifiant_de_l_etablissement »"),
        ("<html></html>", {}, "est une page web"),
        (TEXTE, {"academie": "99"}, "Choisissez l'académie et les projets ENT"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(client, texte, champs, phrase):
    reponse = give(client, texte, **champs)
    assert reponse.status_code == 422
    assert phrase in text(reponse)


def test_no_file_is_said(client):
    reponse = client.post(reverse(PAGE), {"academie": "09"})
    assert reponse.status_code == 422
    assert "Choisissez un fichier" in text(reponse)

"""Projets ENT: what a deposit becomes, in words; who reads it; what the form refuses."""

import pytest
from django.urls import reverse

from exchanges.enums import Role
from exchanges.models import ProjetENT
from exchanges.propagation.exemples import install_projets
from exchanges.views.projet_form import ProjetENTForm
from tests.makers import make_academie, make_etablissement, make_projet, make_utilisateur
from tests.views.conftest import connect
from tests.views.pages import text


pytestmark = pytest.mark.django_db


@pytest.fixture
def lycee():
    """A school of Atrium, in the académie of the DANE; the other example projets exist, without schools."""
    install_projets(is_update=False)
    return make_etablissement(1, projet_ent=ProjetENT.objects.get(nom="Atrium (lycées)"))


@pytest.fixture
def dane(lycee):
    return connect(make_utilisateur("dane", Role.DANE, academie=lycee.academie))


@pytest.fixture
def admin():
    return connect(make_utilisateur("admin", Role.ADMIN))


def address(nom, projet=None):
    return reverse(f"exchanges:projet_{nom}", args=[projet.pk] if projet else [])


def values(projet, **champs):
    """What a browser posts for a projet: its form as it is, with some values changed."""
    form = ProjetENTForm(instance=projet)
    poste = {nom: form[nom].value() for nom in form.fields}
    return {nom: valeur for nom, valeur in (poste | champs).items() if valeur is not None and valeur is not False}


def test_a_dane_reads_the_projets_of_its_schools_and_no_other(dane, lycee):
    page = text(dane.get(address("list")))
    assert "Atrium (lycées)" in page
    assert "dépôt lundi 10 h → SIECLE mardi 2 h → ENT jeudi 6 h → GAR vendredi 6 h 15 → Moodle vendredi 6 h 30" in page
    assert "ENTmip" not in page
    assert "Créer un projet ENT" not in page
    assert dane.get(address("detail", lycee.projet_ent)).status_code == 200
    assert dane.get(address("detail", ProjetENT.objects.get(nom="ENTmip"))).status_code == 404


def test_the_page_shows_the_schools_of_the_perimeter_only(dane, admin, lycee):
    make_etablissement(2, academie=make_academie("AC2"), projet_ent=lycee.projet_ent, denomination="Lycée d'ailleurs")
    assert "1 établissement de votre périmètre" in text(dane.get(address("detail", lycee.projet_ent)))
    assert "Lycée d'ailleurs" not in text(dane.get(address("detail", lycee.projet_ent)))
    assert "Lycée d'ailleurs" in text(admin.get(address("detail", lycee.projet_ent)))


def test_a_school_does_not_read_them_and_a_dane_does_not_change_them(dane, lycee):
    secretaire = connect(make_utilisateur("secretaire", Role.SECRETARIAT, etablissement=lycee))
    projet = lycee.projet_ent
    adresses = [address("list"), address("detail", projet), address("edit", projet), address("create")]
    assert [secretaire.get(adresse).status_code for adresse in adresses] == [404] * 4
    assert [dane.get(adresse).status_code for adresse in adresses] == [200, 200, 403, 403]
    assert dane.post(address("edit", projet), values(projet, heures_ent=48)).status_code == 403
    projet.refresh_from_db()
    assert projet.heures_ent == 72


def test_every_example_is_told_in_words(admin, lycee):
    for projet in ProjetENT.objects.all():
        assert admin.get(address("detail", projet)).status_code == 200
    sud = text(admin.get(address("detail", ProjetENT.objects.get(nom="Région Sud (collèges)"))))
    assert "vendredi samedi 2 h samedi 4 h lundi 6 h mardi 6 h 15" in sud
    assert "Pas de gel d'été" in sud
    assert "Moodle : non alimenté." in sud
    caledonie = text(admin.get(address("detail", ProjetENT.objects.get(nom__startswith="Nouvelle"))))
    assert "du 19 décembre au 10 février inclus, rien ne sort de l'annuaire" in caledonie
    assert "GAR : non alimenté." in caledonie
    assert "delta delta delta delta delta complet delta" in caledonie


def test_an_administrator_changes_the_rhythm_and_is_told_whom_it_concerns(admin, lycee):
    projet = lycee.projet_ent
    assert "1 établissement suit ce projet" in text(admin.get(address("edit", projet)))
    champs = {
        "heures_ent": 48,
        "jours_siecle": ["5", "1"],
        "gel_debut": "07-14",
        "gel_fin": "08-20",
        "jour_complet": 7,
    }
    reponse = admin.post(address("edit", projet), values(projet, **champs))
    assert reponse.status_code == 302
    projet.refresh_from_db()
    assert (projet.heures_ent, projet.jours_siecle, projet.gel_debut, projet.jour_complet) == (48, "15", "07-14", 7)


def test_an_administrator_creates_a_projet(admin, lycee):
    assert admin.get(address("create")).status_code == 200
    admin.post(address("create"), values(lycee.projet_ent, nom="ENT nouveau", heures_moodle=""))
    assert ProjetENT.objects.get(nom="ENT nouveau").heures_moodle is None


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({"heures_ent": 50}, "50 h n'est pas un nombre entier de jours : donnez un multiple de 24."),
        ({"heures_ent": 24, "nuits_siecle": 2}, "L'ENT ne peut pas être à jour avant SIECLE : donnez au moins 48 h."),
        ({"nuits_siecle": 0}, "SIECLE lit un dépôt la nuit suivante au plus tôt"),
        ({"heures_moodle": 48}, "Moodle est alimenté par l'ENT : donnez au moins 72 h, ou rien."),
        ({"heure_aaf": "01:00"}, "L'annuaire lit SIECLE après sa nuit"),
        ({"heure_ent": "03:00"}, "L'ENT lit l'annuaire après son export"),
        ({"heure_moodle": "05:00"}, "Moodle lit l'ENT après sa mise à jour"),
        ({"jours_aaf": []}, "Cochez au moins un jour d'export de l'annuaire."),
        ({"gel_debut": "07-14"}, "Un gel a un début et une fin"),
        ({"gel_debut": "02-30", "gel_fin": "03-10"}, "Donnez un mois et un jour qui existent"),
        ({"gel_debut": "14/07", "gel_fin": "08-20"}, "Donnez un mois et un jour qui existent"),
        ({"gel_debut": "01-01", "gel_fin": "12-31"}, "Le gel dure plus de 200 jours"),
        ({"gel_debut": "08-20", "gel_fin": "07-14"}, "Le gel dure plus de 200 jours"),
        ({"seuil_retraits": 0}, "Donnez une part entre 1 et 100 %."),
        ({"nom": "ENTmip"}, "Un projet ENT porte déjà ce nom."),
    ],
)
def test_a_rhythm_that_cannot_be_is_refused_with_what_to_change(champs, message, admin, lycee):
    avant = ProjetENT.objects.values().get(pk=lycee.projet_ent.pk)
    reponse = admin.post(address("edit", lycee.projet_ent), values(lycee.projet_ent, **champs))
    assert reponse.status_code == 422
    assert message in text(reponse)
    assert "Rien n'a été modifié." in text(reponse)
    assert "contrainte" not in text(reponse)
    assert ProjetENT.objects.values().get(pk=lycee.projet_ent.pk) == avant


def test_a_freeze_over_the_new_year_is_accepted(admin, lycee):
    admin.post(address("edit", lycee.projet_ent), values(lycee.projet_ent, gel_debut="12-19", gel_fin="02-10"))
    lycee.projet_ent.refresh_from_db()
    assert (lycee.projet_ent.gel_debut, lycee.projet_ent.gel_fin) == ("12-19", "02-10")


def test_the_administration_has_the_same_form_and_links_to_the_schools(lycee):
    racine = make_utilisateur("racine", Role.ADMIN)
    racine.is_staff = racine.is_superuser = True
    racine.save()
    client = connect(racine)
    vide = make_projet("sans établissement")
    liste = text(client.get(reverse("admin:exchanges_projetent_changelist")))
    assert "1 établissement" in liste
    adresse = reverse("admin:exchanges_projetent_change", args=[vide.pk])
    assert "Gel d'été" in text(client.get(adresse))
    refus = client.post(adresse, values(vide, heures_ent=50))
    assert "50 h n'est pas un nombre entier de jours" in text(refus)
    assert client.get(reverse("admin:exchanges_projetent_add")).status_code == 200

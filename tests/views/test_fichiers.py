"""Handing files in: recognised, refused with a sentence, or shown before anything changes."""

from datetime import timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile

from exchanges.enums import EtatChargement
from exchanges.models import Chargement, Depot, FicheEleve
from tests.makers import LUNDI, make_etablissement, make_fichiers, make_zip, name_flux
from tests.views.pages import text, url


def upload(client, ecole, *fichiers):
    """Hand files in: (name, stream) each."""
    envoi = [SimpleUploadedFile(nom, flux.read()) for nom, flux in fichiers]
    return client.post(url("file_upload", ecole), {"fichiers": envoi})


def test_elegroupe_zip_leads_to_its_verdict(secretaire, ecole):
    reponse = upload(secretaire, ecole, make_zip(ecole, {"1001": ["6AGL1"]}))
    depot = Depot.objects.get()
    assert reponse["Location"] == url("depot_detail", ecole, depot.pk)
    assert (depot.etat, depot.utilisateur.username) == ("controle", "secretaire")


def test_exports_lead_to_their_preview(secretaire, ecole):
    reponse = upload(secretaire, ecole, *name_flux(make_fichiers(ecole)))
    chargement = Chargement.objects.filter(etat=EtatChargement.CONTROLE).get()
    assert reponse["Location"] == url("chargement_detail", ecole, chargement.pk)
    assert chargement.fichiers.count() == 3


def test_zip_among_exports_is_explained_on_the_preview(secretaire, ecole):
    reponse = upload(secretaire, ecole, *name_flux(make_fichiers(ecole)), make_zip(ecole, {"1001": ["6AGL1"]}))
    page = text(secretaire.get(reponse["Location"]))
    assert "il se dépose, il ne se charge pas. À faire : Donnez-le seul" in page
    assert not Depot.objects.exists()


def test_two_files_of_one_name_are_both_read(secretaire, ecole):
    fichiers = name_flux(make_fichiers(ecole))[:2]
    upload(secretaire, ecole, *((f"export{rang // 9}.xml", flux) for rang, (_, flux) in enumerate(fichiers)))
    assert Chargement.objects.filter(etat=EtatChargement.CONTROLE).get().fichiers.count() == 2


def test_two_zips_at_once_are_asked_for_one_by_one(secretaire, ecole):
    zips = [make_zip(ecole, {"1001": ["6AGL1"]}), make_zip(ecole, {"1002": ["6AGL1"]}, LUNDI + timedelta(hours=1))]
    reponse = upload(secretaire, ecole, *zips)
    assert reponse.status_code == 422
    assert text(reponse).count("Donnez-le seul, sans autre fichier") == 2


def test_refused_file_is_told_on_a_normal_page(secretaire, ecole):
    reponse = upload(secretaire, ecole, ("notes.pdf", BytesIO(b"%PDF-1.7")))
    page = text(reponse)
    assert reponse.status_code == 422
    assert "notes.pdf" in page
    assert "À faire :" in page
    assert "Rien n'a été modifié." in page


def test_renamed_zip_says_which_name_is_expected(secretaire, ecole):
    nom, flux = make_zip(ecole, {"1001": ["6AGL1"]})
    page = text(upload(secretaire, ecole, ("export.zip", flux)))
    assert "Nom du fichier mal formaté !" in page
    assert not Depot.objects.exists()
    assert nom.endswith(".zip")


def test_empty_file_is_refused_in_the_words_of_the_parser(secretaire, ecole):
    assert "est vide" in text(upload(secretaire, ecole, ("Structures.xml", BytesIO(b""))))


def test_file_of_another_school_is_refused(secretaire, ecole):
    autre = make_etablissement(2)
    page = text(upload(secretaire, ecole, make_zip(autre, {"1001": ["6AGL1"]})))
    assert "Établissement du fichier différent" in page


def test_no_file_at_all_is_told(secretaire, ecole):
    reponse = secretaire.post(url("file_upload", ecole), {})
    assert reponse.status_code == 422
    assert "Choisissez au moins un fichier." in text(reponse)


def test_handing_in_changes_no_fact(secretaire, ecole):
    avant = list(FicheEleve.objects.values_list("pk", "jusqua"))
    upload(secretaire, ecole, *name_flux(make_fichiers(ecole, eleves=[])[1:]))
    assert list(FicheEleve.objects.values_list("pk", "jusqua")) == avant

"""The page of a step: what it says, and what people do there."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from checklists.models import Assignation, Commentaire, Declaration, PieceJointe
from checklists.pieces import TAILLE_MAX, pieces_dir
from exchanges.enums import Role
from tests.checklists.makers import make_chef, make_ecole_prete, url
from tests.makers import make_etablissement, make_utilisateur
from tests.views.pages import text


PDF = b"%PDF-1.7 ceci est une page d'essai"


@pytest.fixture
def ecole(db):
    return make_ecole_prete()


def page(client, etablissement, numero):
    return text(client.get(url("etape_detail", etablissement, numero)))


def act(client, nom, etablissement, numero, donnees=None):
    """POST, then what the page says."""
    return text(client.post(url(nom, etablissement, numero), donnees or {}, follow=True))


def make_upload(nom="note.pdf", octets=PDF):
    return SimpleUploadedFile(nom, octets)


def test_the_page_tells_how_warns_and_shows_the_proof(chef, ecole):
    lue = page(chef, ecole, "9")
    assert "STS-Web › Exports › Structure, puis Exports › Services" in lue
    assert "Structure, puis Services : dans cet ordre" in lue
    assert "2 groupes de STS-Web, tous dans SIECLE" in lue or "Structure lundi 7 septembre" in lue
    assert "8. Rapporter l'emploi du temps" in lue
    assert "Les fichiers le prouvent : rien à déclarer." in lue


def test_a_blocked_step_leads_to_what_blocks_it(chef, ecole):
    assert "D'abord : 11. Mettre les élèves dans leurs groupes" in page(chef, ecole, "12")


def test_unknown_step_is_not_found(chef, ecole):
    assert chef.get(url("etape_detail", ecole, "14")).status_code == 404


def test_declare_then_withdraw(chef, ecole):
    lue = act(chef, "etape_declare", ecole, "5b", {"commentaire": "La liste est vide"})
    assert "L'étape est déclarée faite." in lue
    assert "faite, par chef, lundi 7 septembre à 10 h : « La liste est vide »" in lue
    assert "était déjà déclarée" in act(chef, "etape_declare", ecole, "5b")
    assert Declaration.objects.count() == 1
    assert "La déclaration est retirée." in act(chef, "etape_withdraw", ecole, "5b")
    assert "retirée lundi 7 septembre à 10 h par chef" in page(chef, ecole, "5b")
    assert "Rien n'a été modifié" in act(chef, "etape_withdraw", ecole, "5b")
    assert Declaration.objects.get().retiree_par.username == "chef"


def test_a_long_comment_is_refused(chef, ecole):
    assert "300 caractères au plus" in act(chef, "etape_declare", ecole, "5b", {"commentaire": "x" * 301})
    assert not Declaration.objects.exists()


def test_assign_to_a_colleague_of_the_same_school_only(chef, ecole):
    collegue = make_utilisateur("secretaire", Role.SECRETARIAT, etablissement=ecole)
    etrangere = make_chef(make_etablissement(2), "etrangere")
    assert "L'étape est confiée." in act(chef, "etape_assign", ecole, "11", {"collegue": collegue.pk})
    assert Assignation.objects.get().utilisateur == collegue
    assert "n'est pas de l'établissement" in act(chef, "etape_assign", ecole, "11", {"collegue": etrangere.pk})
    assert Assignation.objects.get().utilisateur == collegue
    assert "etrangere" not in page(chef, ecole, "11")
    assert "L'étape est libre." in act(chef, "etape_assign", ecole, "11", {"collegue": ""})
    assert not Assignation.objects.exists()


def test_comment(chef, ecole):
    lue = act(chef, "etape_comment", ecole, "8", {"texte": "Import prévu jeudi <b>"})
    assert "Import prévu jeudi <b>" in lue
    assert "Écrivez un message" in act(chef, "etape_comment", ecole, "8", {"texte": " "})
    assert Commentaire.objects.count() == 1


def test_attach_read_and_delete_a_file(chef, ecole):
    assert "Le fichier est ajouté." in act(chef, "piece_add", ecole, "8", {"fichier": make_upload()})
    piece = PieceJointe.objects.get()
    reponse = chef.get(url("piece_download", ecole, "8", piece.pk))
    assert b"".join(reponse.streaming_content) == PDF
    assert reponse["Content-Disposition"] == 'attachment; filename="note.pdf"'
    assert reponse["Content-Type"] == "application/pdf"
    chemin = pieces_dir() / piece.chemin
    assert chemin.stat().st_mode & 0o077 == 0
    assert chef.get(url("piece_download", ecole, "9", piece.pk)).status_code == 404
    chef.post(url("piece_delete", ecole, "8", piece.pk))
    assert not PieceJointe.objects.exists()
    assert not chemin.exists()


@pytest.mark.parametrize(
    ("nom", "octets", "phrase"),
    [
        ("note.pdf", b"", "Ce fichier est vide"),
        ("note.exe", b"MZ", "n'est pas d'un type accepté"),
        ("page.pdf", b"<html>", "n'est pas d'un type accepté"),
        ("note.pdf", b"%PDF-" + b"x" * TAILLE_MAX, "dépasse 5 Mo"),
    ],
)
def test_other_files_are_refused_with_a_sentence(chef, ecole, nom, octets, phrase):
    lue = act(chef, "piece_add", ecole, "8", {"fichier": make_upload(nom, octets)})
    assert phrase in lue
    assert not PieceJointe.objects.exists()


def test_no_file_chosen(chef, ecole):
    assert "Choisissez un fichier" in act(chef, "piece_add", ecole, "8")


def test_a_purged_file_is_not_found(chef, ecole):
    act(chef, "piece_add", ecole, "8", {"fichier": make_upload()})
    piece = PieceJointe.objects.get()
    (pieces_dir() / piece.chemin).unlink()
    assert chef.get(url("piece_download", ecole, "8", piece.pk)).status_code == 404


def test_a_full_disk_keeps_nothing_and_says_so(chef, ecole, monkeypatch):
    def fail(_):
        raise OSError("disk full")

    monkeypatch.setattr("checklists.pieces.os.fsync", fail)
    avant = set(pieces_dir().iterdir()) if pieces_dir().is_dir() else set()
    assert "n'a pas pu être gardé" in act(chef, "piece_add", ecole, "8", {"fichier": make_upload()})
    assert not PieceJointe.objects.exists()
    assert set(pieces_dir().iterdir()) == avant


def test_a_dane_gets_no_form(dane, ecole):
    contenu = dane.get(url("etape_detail", ecole, "8")).content.decode()
    assert contenu.count('method="post"') == contenu.split("<main")[0].count('method="post"')

"""What becomes of attached files: forgotten with their rows, orphans too, drafts of the minute kept."""

import os
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from checklists import tasks
from checklists.actions import attach_piece
from checklists.etapes import find_etape
from checklists.models import PieceJointe
from checklists.pieces import CONSERVATION, ORPHELINE, pieces_dir, purge_pieces
from tests.checklists.makers import find, make_chef
from tests.makers import LUNDI


HEURE = timedelta(hours=1)


@pytest.fixture(autouse=True)
def dossier(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def piece(ecole):
    fichier = SimpleUploadedFile("note.pdf", b"%PDF-1.7")
    return attach_piece(find(ecole), find_etape("8"), make_chef(ecole), LUNDI, fichier)


def age(chemin, duree):
    """Make bytes look as if they had been written ``duree`` ago."""
    quand = timezone.now().timestamp() - duree.total_seconds()
    os.utime(chemin, (quand, quand))


def test_a_file_past_its_time_goes_with_its_row(piece):
    chemin = pieces_dir() / piece.chemin
    age(chemin, CONSERVATION - HEURE)
    assert purge_pieces(timezone.now()) == 0
    age(chemin, CONSERVATION + HEURE)
    assert purge_pieces(timezone.now()) == 1
    assert purge_pieces(timezone.now()) == 0
    assert not PieceJointe.objects.exists()


def test_bytes_without_a_row_go_after_a_day(piece):
    orpheline = pieces_dir() / "orpheline"
    orpheline.write_bytes(b"reste")
    assert purge_pieces(timezone.now()) == 0
    age(orpheline, ORPHELINE + HEURE)
    tasks.purge()
    assert not orpheline.exists()
    assert PieceJointe.objects.exists()


def test_no_folder_nothing_to_purge(db):
    assert purge_pieces(timezone.now()) == 0

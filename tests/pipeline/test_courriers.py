"""The letters of the chain: who reads them, and that those of a simulated académie stay here."""

from datetime import timedelta

import pytest
from django.core import mail

from exchanges.enums import EtatPassage, Relais, Role
from exchanges.models import Passage
from exchanges.pipeline.comptes_utilisateurs import today
from exchanges.pipeline.courriers import SMTP, warn_held
from tests.makers import LUNDI, make_academie, make_etablissement, make_utilisateur, set_clock


pytestmark = pytest.mark.django_db
HIER = timedelta(days=-1)


@pytest.fixture
def retenu():
    """A relay of a school that waits for a decision."""
    ecole = make_etablissement(academie=make_academie(is_simulee=False))
    return Passage(
        etablissement=ecole,
        relais=Relais.AAF,
        etat=EtatPassage.RETENU,
        prevu_le=LUNDI,
        motif="Ce passage retirerait 6 élèves sur 12 (50 %) : il attend votre accord.",
    )


def make_lecteur(username, role, fin=None, **perimetre):
    lecteur = make_utilisateur(username, role, **perimetre)
    lecteur.email = f"{username}@ac-essai.example"
    lecteur.save()
    lecteur.habilitations.update(fin=fin)
    return lecteur


def readers(passage, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        warn_held(passage)
    return [message.to for message in mail.outbox]


def test_school_and_its_dane_are_told(retenu, django_capture_on_commit_callbacks):
    ecole = retenu.etablissement
    make_lecteur("secretaire", Role.SECRETARIAT, etablissement=ecole)
    make_lecteur("dane", Role.DANE, academie=ecole.academie)
    make_lecteur("etranger", Role.SECRETARIAT, etablissement=make_etablissement(2))
    assert readers(retenu, django_capture_on_commit_callbacks) == [
        ["dane@ac-essai.example"],
        ["secretaire@ac-essai.example"],
    ]
    assert "6 élèves sur 12" in mail.outbox[0].body
    assert mail.outbox[0].subject == "Collège d'essai 1 : l'alimentation de l'annuaire est retenue"


def test_right_that_has_ended_gets_no_letter(retenu, django_capture_on_commit_callbacks):
    ecole = retenu.etablissement
    make_lecteur("finie", Role.DANE, fin=today() + HIER, academie=ecole.academie)
    make_lecteur("partie", Role.DIRECTION, fin=today() + HIER, etablissement=ecole)
    make_lecteur("deleguee", Role.DIRECTION, fin=today(), etablissement=ecole)
    assert readers(retenu, django_capture_on_commit_callbacks) == [["deleguee@ac-essai.example"]]


def test_letter_of_a_simulated_academie_stays_in_the_data_folder(
    retenu, settings, tmp_path, django_capture_on_commit_callbacks
):
    academie = retenu.etablissement.academie
    academie.is_simulee = True
    academie.save()
    set_clock(academie, LUNDI)
    make_lecteur("dane", Role.DANE, academie=academie)
    settings.DATA_DIR, settings.EMAIL_BACKEND = tmp_path, SMTP
    assert readers(retenu, django_capture_on_commit_callbacks) == []
    [fichier] = (tmp_path / "courriels").iterdir()
    assert "Date: Mon, 07 Sep 2026 10:00:0" in fichier.read_text()
    assert "=5BAcad=C3=A9mie_simul=C3=A9e=5D" in fichier.read_text()

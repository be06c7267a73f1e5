"""Reminders: who gets which mail, when, once; what it says; how to be left alone."""

from datetime import date, timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.utils import timezone

from checklists import rappels, tasks
from checklists.actions import assign_etape, declare_etape
from checklists.etapes import find_etape
from checklists.models import Certificat, PreferenceRappel, Rappel
from checklists.rappels import remind_etablissement
from exchanges.enums import Role
from exchanges.pipeline.courriers import SMTP
from exchanges.pipeline.taches import BAIL
from tests.checklists.makers import find, make_chef, make_ecole_prete, url
from tests.makers import LUNDI, make_academie, make_etablissement, make_utilisateur, set_clock
from tests.views.conftest import connect
from tests.views.pages import text


VEILLE = LUNDI.replace(day=2)  # the day before the date of steps 12
JOUR = timedelta(days=1)


@pytest.fixture
def ecole(db):
    return make_ecole_prete()


@pytest.fixture
def principal(ecole):
    return make_chef(ecole, "principal")


def make_secretaire(ecole, username="secretaire"):
    secretaire = make_utilisateur(username, Role.SECRETARIAT, etablissement=ecole)
    secretaire.email = f"{username}@ecole.invalid"
    secretaire.save()
    return secretaire


def remind(ecole, quand):
    set_clock(ecole.academie, quand)
    return remind_etablissement(ecole)


def test_weekly_mail_says_where_we_are_and_what_to_do(ecole, principal):
    assert remind(ecole, LUNDI) == 1
    message = mail.outbox[0]
    assert message.to == ["principal@ecole.invalid"]
    assert message.subject.startswith("[Académie simulée] Rentrée 2026-2027 : 9 étapes sur 13 prouvées, 3 en retard.")
    assert "- 11. Mettre les élèves dans leurs groupes" in message.body
    assert "au plus tard mercredi 2 septembre : en retard" in message.body
    assert "au plus tôt jeudi 10 septembre, au lieu du samedi 5 septembre" in message.body
    assert "&" not in message.body
    assert message.extra_headers["Date"].startswith("Mon, 07 Sep 2026 10:00")


def test_twice_is_once(ecole, principal):
    assert remind(ecole, LUNDI) == 1
    assert remind(ecole, LUNDI) == 0
    assert remind(ecole, LUNDI + 3 * JOUR) == 0
    assert remind(ecole, LUNDI + 7 * JOUR) == 1
    assert [(r.genre, r.jour) for r in Rappel.objects.order_by("jour")] == [
        ("semaine", date(2026, 9, 7)),
        ("semaine", date(2026, 9, 14)),
    ]


def test_a_skipped_monday_is_made_up_for(ecole, principal):
    assert remind(ecole, LUNDI + 2 * JOUR) == 1
    assert Rappel.objects.get().jour == date(2026, 9, 7)


def test_nothing_before_seven_in_the_morning(ecole, principal):
    assert remind(ecole, LUNDI.replace(hour=6)) == 0


def test_the_day_before_a_date(ecole, principal):
    assert remind(ecole, VEILLE) == 2
    veille = next(m for m in mail.outbox if "Pour demain" in m.subject)
    assert "Pour demain : Déposer les liens élèves-groupes" in veille.subject
    assert "À faire pour demain" in veille.body
    assert "Attend l'étape 11." in veille.body
    assert Rappel.objects.get(genre="veille").etapes == ["12"]


def test_what_is_done_is_not_asked_for(ecole, principal):
    for numero in ("5b", "11", "12", "13"):
        declare_etape(find(ecole), find_etape(numero), principal, LUNDI)
    assert remind(ecole, LUNDI) == 0


def test_out_of_season_nothing_is_sent(ecole, principal):
    assert remind(ecole, LUNDI + 60 * JOUR) == 0


def test_each_gets_what_is_hers(ecole):
    """Step 11 is not the secretary's work, until it is given to her; what is given to another is not hers."""
    secretaire = make_secretaire(ecole)
    remind(ecole, LUNDI)
    assert Rappel.objects.get().etapes == ["5b", "12"]
    rentree = find(ecole)
    assign_etape(rentree, find_etape("11"), secretaire, secretaire, LUNDI)
    assign_etape(rentree, find_etape("5b"), make_chef(ecole, "autre", email=""), secretaire, LUNDI)
    remind(ecole, LUNDI + 7 * JOUR)
    assert Rappel.objects.get(jour=date(2026, 9, 14)).etapes == ["11", "12"]


def test_a_person_turns_them_off(ecole, principal):
    client = connect(principal)
    assert client.post(url("rappel_edit", ecole), {}).status_code == 302
    preference = PreferenceRappel.objects.get()
    assert (preference.semaine, preference.veille) == (False, False)
    assert remind(ecole, VEILLE) == 0
    client.post(url("rappel_edit", ecole), {"semaine": "on"})
    assert remind(ecole, VEILLE) == 1


def test_no_address_no_mail(ecole):
    make_chef(ecole, email="")
    assert remind(ecole, LUNDI) == 0


def test_an_ended_habilitation_gets_nothing(ecole, principal):
    principal.habilitations.update(fin=date(2020, 1, 1))
    assert remind(ecole, LUNDI) == 0


def test_an_ended_direction_is_reminded_of_her_own_office_only(ecole):
    adjoint = make_secretaire(ecole, "adjoint")
    adjoint.habilitations.create(role=Role.DIRECTION, etablissement=ecole, fin=date(2020, 1, 1))
    remind(ecole, LUNDI)
    assert Rappel.objects.get().etapes == ["5b", "12"]


def test_the_page_says_that_a_simulated_academie_sends_nothing(ecole, principal):
    phrase = "aucun courriel ne part"
    assert phrase in text(connect(principal).get(url("rappel_edit", ecole)))
    ecole.academie.decalage = timedelta(0)
    ecole.academie.is_simulee = False
    ecole.academie.save()
    assert phrase not in text(connect(principal).get(url("rappel_edit", ecole)))


def test_a_refusal_of_the_mail_server_is_tried_again(ecole, principal, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise SMTPServerDisconnected

    with monkeypatch.context() as patch:
        patch.setattr(rappels.EmailMessage, "send", refuse)
        assert remind(ecole, LUNDI) == 0
    assert not Rappel.objects.exists()
    assert remind(ecole, LUNDI) == 1
    assert Rappel.objects.get().envoye_le is not None


def test_a_reminder_whose_worker_died_is_sent_once_its_lease_is_over(ecole, principal):
    assert remind(ecole, LUNDI) == 1
    Rappel.objects.update(envoye_le=None)
    assert remind(ecole, LUNDI) == 0
    Rappel.objects.update(reserve_le=timezone.now() - BAIL - timedelta(seconds=1))
    assert remind(ecole, LUNDI) == 1
    assert remind(ecole, LUNDI) == 0
    assert Rappel.objects.get().envoye_le


def test_a_simulated_academie_never_writes_to_a_real_server(ecole, principal, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.EMAIL_BACKEND = SMTP
    assert remind(ecole, LUNDI) == 1
    [fichier] = (tmp_path / "courriels").iterdir()
    assert "Date: Mon, 07 Sep 2026 10:00:0" in fichier.read_text()


def test_a_certificate_about_to_end_is_said_once_to_the_direction(ecole, principal):
    make_secretaire(ecole)
    Certificat.objects.create(
        etablissement=ecole, demande_le=date(2023, 9, 1), installe_le=date(2023, 9, 10), expire_le=date(2026, 10, 1)
    )
    remind(ecole, LUNDI)
    remind(ecole, LUNDI + JOUR)
    messages = [m for m in mail.outbox if "NetSynchro" in m.subject]
    assert [m.to for m in messages] == [["principal@ecole.invalid"]]
    assert "jeudi 1er octobre 2026" in messages[0].body


def test_the_beat_goes_from_school_to_school(ecole, principal, monkeypatch):
    autre = make_etablissement(2, academie=make_academie("AC2"))
    make_chef(autre, "autre")
    make_chef(make_etablissement(3), "muette", email="")
    demandes = []
    monkeypatch.setattr(tasks.remind_school, "delay", demandes.append)
    tasks.remind()
    assert sorted(demandes) == sorted([ecole.pk, autre.pk])
    for pk in demandes:
        tasks.remind_school(pk)
    assert len(mail.outbox) == 1

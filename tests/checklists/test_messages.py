"""Letters of the DANE: whom they reach, what each school reads, sent once, reminded once a day."""

from datetime import timedelta
from smtplib import SMTPException

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from django.utils import timezone

from checklists import tasks
from checklists.models import Envoi, MessageDane
from checklists.pilotage.messages import INTERROMPU, PERSONNE, REFUSE, deliver_message, messages_to_send
from checklists.pilotage.modeles import CHAMPS, read_modeles, unknown_champs
from exchanges.enums import Role
from exchanges.models import Habilitation
from exchanges.pipeline.compteurs import refresh_compteurs
from tests.checklists.makers import make_chef, url
from tests.makers import LUNDI, make_academie, make_etablissement, make_utilisateur, set_clock
from tests.views.conftest import connect


NOUVEAU = reverse("checklists:message_new")
LISTE = reverse("checklists:message_list")


@pytest.fixture
def principal(ecole):
    return make_chef(ecole, "principal")


@pytest.fixture
def voisine(ecole):
    """A school of the same académie with a secretary who has an address."""
    voisine = make_etablissement(2)
    secretaire = make_utilisateur("secretaire", Role.SECRETARIAT, etablissement=voisine)
    secretaire.email = "secretaire@ecole.invalid"
    secretaire.save()
    refresh_compteurs(voisine, LUNDI)
    return voisine


def post(client, *ecoles, action="envoyer", **champs):
    defauts = {"sujet": "{etablissement} : à faire", "corps": "Étape {etape}.", "destinataires": "tous", "etape": ""}
    donnees = defauts | {"apercu": ecoles[0].uai, "uais": " ".join(e.uai for e in ecoles), "action": action}
    return client.post(NOUVEAU, donnees | champs)


def content(reponse):
    return reponse.content.decode().replace("&#x27;", "'")


def deliver():
    return sum(deliver_message(pk) for pk in messages_to_send())


def refuse_mail(monkeypatch, erreur=SMTPException):
    def send(self, messages):
        raise erreur("no")

    monkeypatch.setattr(EmailBackend, "send_messages", send)


def test_each_person_reads_the_figures_of_her_own_school(dane, ecole, voisine, principal):
    assert post(dane, ecole, voisine, etape="12").status_code == 302
    assert deliver() == 2
    lus = {message.to[0]: message for message in mail.outbox}
    assert set(lus) == {"principal@ecole.invalid", "secretaire@ecole.invalid"}
    lettre = lus["principal@ecole.invalid"]
    assert lettre.subject == f"[Académie simulée] {ecole.denomination} : à faire"
    assert lettre.body.startswith("Étape 12, ")
    assert lettre.extra_headers["Date"].startswith("Mon, 07 Sep 2026 10:00")
    assert voisine.denomination in lus["secretaire@ecole.invalid"].subject
    assert set(Envoi.objects.values_list("adresse", "erreur")) == {(adresse, "") for adresse in lus}
    assert not Envoi.objects.filter(envoye_le__isnull=True).exists()


def test_the_page_of_a_letter_shows_the_text_that_each_school_got(dane, ecole, voisine, principal):
    post(dane, ecole, voisine, etape="12")
    adresse = reverse("checklists:message_detail", args=[MessageDane.objects.get().pk])
    assert "Ce qui a été envoyé" not in content(dane.get(adresse))
    deliver()
    for envoi, lettre in zip(Envoi.objects.order_by("adresse"), sorted(mail.outbox, key=lambda m: m.to), strict=True):
        assert (f"[Académie simulée] {envoi.sujet}", envoi.texte) == (lettre.subject, lettre.body)
    page = content(dane.get(adresse))
    assert page.count("Ce qui a été envoyé") == 2
    assert f"<strong>{voisine.denomination} : à faire</strong></p><p>Étape 12, " in page
    assert "<h1>… : à faire</h1>" in page
    assert "… : à faire</a>" in content(dane.get(LISTE))


def test_a_letter_without_fields_is_shown_as_it_is(dane, ecole, principal):
    post(dane, ecole, sujet="SIECLE fermé", corps="Vendredi.")
    deliver()
    page = content(dane.get(reverse("checklists:message_detail", args=[MessageDane.objects.get().pk])))
    assert "<h1>SIECLE fermé</h1>" in page
    assert page.count("Vendredi.") == 1


def test_looking_at_a_letter_lands_on_what_will_be_read(dane, ecole, principal):
    page = content(post(dane, ecole, action="apercu"))
    assert f'value="apercu" formaction="{NOUVEAU}#apercu"' in page
    assert 'id="apercu" tabindex="-1"' in page


def test_a_simulated_academie_says_that_no_letter_leaves(dane, ecole, principal):
    assert "aucun courriel ne quittera le serveur" in content(post(dane, ecole, action="apercu"))
    ecole.academie.is_simulee, ecole.academie.decalage = False, timedelta()
    ecole.academie.save()
    assert "aucun courriel ne quittera le serveur" not in content(post(dane, ecole, action="apercu"))


def test_running_twice_sends_once(dane, ecole, principal):
    post(dane, ecole)
    message = MessageDane.objects.get()
    assert deliver_message(message.pk) == 1
    assert deliver_message(message.pk) == 0
    assert messages_to_send() == []
    assert len(mail.outbox) == 1


def test_the_worker_is_rung_once_the_letter_is_written(
    dane, ecole, principal, django_capture_on_commit_callbacks, monkeypatch
):
    rung = []
    monkeypatch.setattr(tasks.send_message, "apply_async", lambda args, **_: rung.append(args))
    with django_capture_on_commit_callbacks(execute=True):
        post(dane, ecole)
    assert rung == [[MessageDane.objects.get().pk]]
    assert mail.outbox == []


def test_a_broker_that_is_away_loses_nothing(dane, ecole, principal, django_capture_on_commit_callbacks, monkeypatch):
    def fail(*_args, **_options):
        raise OSError("no broker")

    monkeypatch.setattr(tasks.send_message, "apply_async", fail)
    with django_capture_on_commit_callbacks(execute=True):
        assert post(dane, ecole).status_code == 302
    monkeypatch.setattr(tasks.send_message, "delay", tasks.send_message)
    tasks.send_messages()
    assert len(mail.outbox) == 1


def test_a_long_letter_is_sent_lot_by_lot(dane, ecole, voisine, principal, monkeypatch):
    post(dane, ecole, voisine)
    pk = MessageDane.objects.get().pk
    monkeypatch.setattr(tasks, "deliver_message", lambda pk: deliver_message(pk, lot=1))
    monkeypatch.setattr(tasks.send_message, "delay", tasks.send_message)
    tasks.send_message(pk)
    assert len(mail.outbox) == 2


def test_a_server_that_does_not_answer_is_waited_for(dane, ecole, principal, monkeypatch):
    def fail(self):
        raise OSError("no server")

    post(dane, ecole)
    with monkeypatch.context() as panne:
        panne.setattr(EmailBackend, "open", fail)
        assert deliver() == 0
    assert Envoi.objects.get().erreur == ""
    assert deliver() == 1


def die(monkeypatch, avant=None):
    """Send as a worker does that is killed before it can write what became of the letter."""

    def send(self, messages):
        if avant:
            avant(self, messages)
        raise SystemExit

    with monkeypatch.context() as mort:
        mort.setattr(EmailBackend, "send_messages", send)
        with pytest.raises(SystemExit):
            deliver()


def end_leases():
    Envoi.objects.filter(bail_jusqua__isnull=False).update(bail_jusqua=timezone.now() - timedelta(seconds=1))


def detail(dane):
    return content(dane.get(reverse("checklists:message_detail", args=[MessageDane.objects.get().pk])))


def test_a_copy_whose_worker_died_is_taken_up_again_once_its_lease_is_over(dane, ecole, principal, monkeypatch):
    post(dane, ecole)
    die(monkeypatch)
    assert deliver() == 0
    assert "En cours" in detail(dane)
    end_leases()
    page = detail(dane)
    assert "1 envoi s'est arrêté en route : il reprend tout seul" in page
    assert "Renvoyer" not in page
    monkeypatch.setattr(tasks.send_message, "delay", tasks.send_message)
    tasks.send_messages()
    assert [message.to for message in mail.outbox] == [["principal@ecole.invalid"]]
    assert Envoi.objects.get().envoye_le is not None
    assert "repris après une interruption : peut être arrivé deux fois" in detail(dane)
    end_leases()
    assert deliver() == 0


def test_a_worker_that_dies_keeps_nobody_else_waiting_and_sends_nobody_a_second_copy(
    dane, ecole, voisine, principal, monkeypatch
):
    post(dane, ecole, voisine)
    pk = MessageDane.objects.get().pk
    assert deliver_message(pk, lot=1) == 1
    die(monkeypatch)
    end_leases()
    assert deliver() == 1
    assert sorted(message.to[0] for message in mail.outbox) == ["principal@ecole.invalid", "secretaire@ecole.invalid"]


def test_what_may_arrive_twice_bears_the_same_reference(dane, ecole, voisine, principal, monkeypatch):
    post(dane, ecole, voisine)
    die(monkeypatch, avant=EmailBackend.send_messages)
    end_leases()
    assert deliver() == 2
    references = [(message.to[0], message.extra_headers["Message-ID"]) for message in mail.outbox]
    assert len(references) == 3
    assert len(set(references)) == len({reference for _, reference in references}) == 2


def test_a_copy_that_kills_three_workers_waits_for_somebody(dane, ecole, principal, monkeypatch):
    post(dane, ecole)
    for _ in range(3):
        die(monkeypatch)
        end_leases()
    assert deliver() == 0
    assert Envoi.objects.get().erreur == INTERROMPU
    assert messages_to_send() == []
    assert "on ne sait pas si le message est parti" in detail(dane)
    dane.post(reverse("checklists:message_retry", args=[MessageDane.objects.get().pk]))
    assert deliver() == 1


def test_a_slow_worker_does_not_undo_what_the_next_one_sent(dane, ecole, principal, monkeypatch):
    post(dane, ecole)
    with monkeypatch.context() as lent:

        def send_late(self, messages):
            lent.undo()
            end_leases()
            assert deliver() == 1
            raise SMTPException("no")

        lent.setattr(EmailBackend, "send_messages", send_late)
        assert deliver() == 0
    envoi = Envoi.objects.get()
    assert (envoi.envoye_le is not None, envoi.erreur, envoi.bail_jusqua) == (True, "", None)


def test_a_refusal_is_kept_and_may_be_tried_again(dane, ecole, principal, monkeypatch):
    post(dane, ecole)
    with monkeypatch.context() as panne:
        refuse_mail(panne)
        assert deliver() == 0
    assert Envoi.objects.get().erreur == REFUSE
    assert messages_to_send() == []
    adresse = reverse("checklists:message_retry", args=[MessageDane.objects.get().pk])
    assert dane.post(adresse).status_code == 302
    assert deliver() == 1
    assert Envoi.objects.get().envoye_le is not None
    assert "Il ne restait rien" in content(dane.post(adresse, follow=True))


@pytest.mark.parametrize(("choix", "attendus"), [("tous", 2), ("direction", 1), ("secretariat", 1)])
def test_the_choice_of_people(dane, ecole, voisine, principal, choix, attendus):
    post(dane, ecole, voisine, destinataires=choix)
    assert deliver() == attendus


def test_one_person_with_two_roles_receives_one_copy(dane, ecole, principal):
    Habilitation.objects.create(utilisateur=principal, role=Role.SECRETARIAT, etablissement=ecole)
    post(dane, ecole)
    assert Envoi.objects.count() == 1


def test_past_roles_and_closed_accounts_receive_nothing(dane, ecole, voisine, principal):
    Habilitation.objects.filter(utilisateur=principal).update(fin="2020-01-01")
    post(dane, ecole, voisine)
    assert [e.adresse for e in Envoi.objects.exclude(adresse="")] == ["secretaire@ecole.invalid"]


def test_schools_where_nobody_can_be_reached_are_listed_before_and_after(dane, ecole, voisine):
    page = content(post(dane, ecole, voisine, action="apercu"))
    assert "1 personne dans 1 établissement" in page
    assert "Personne à joindre" in page
    assert not MessageDane.objects.exists()
    post(dane, ecole, voisine)
    assert Envoi.objects.get(etablissement=ecole).erreur == PERSONNE
    assert PERSONNE in content(dane.get(reverse("checklists:message_detail", args=[MessageDane.objects.get().pk])))


def test_nobody_at_all_is_said_and_nothing_is_written(dane, ecole):
    reponse = post(dane, ecole)
    assert reponse.status_code == 422
    assert "Personne à joindre dans ces établissements. Rien n'a été envoyé." in content(reponse)
    assert not MessageDane.objects.exists()


def test_the_preview_is_what_one_school_reads(dane, ecole, voisine, principal):
    page = content(post(dane, ecole, voisine, action="apercu", etape="12", apercu=voisine.uai))
    assert f"Ce que lira {voisine.denomination}" in page
    assert f"{voisine.denomination} : à faire" in page
    assert "Étape 12, " in page
    assert "Envoyer à 2 personnes" in page


def test_a_step_is_not_reminded_of_twice_on_one_day_without_a_tick(dane, ecole, voisine, principal):
    post(dane, ecole, etape="12")
    reponse = post(dane, ecole, voisine, etape="12", corps="Encore.")
    assert reponse.status_code == 422
    page = content(reponse)
    assert "Déjà relancés aujourd'hui sur cette étape. Rien n'a été envoyé." in page
    assert f"<li>{ecole}</li>" in page
    assert MessageDane.objects.count() == 1
    assert post(dane, ecole, voisine, etape="12", corps="Encore.", confirme="1").status_code == 302
    assert MessageDane.objects.count() == 2


def test_another_step_another_school_or_another_day_needs_no_tick(dane, ecole, voisine, principal):
    post(dane, ecole, etape="12")
    assert post(dane, ecole, etape="9").status_code == 302
    assert post(dane, voisine, etape="12").status_code == 302
    set_clock(ecole.academie, LUNDI.replace(day=8, hour=0, minute=1))
    assert post(dane, ecole, etape="12").status_code == 302


def test_a_button_pressed_twice_sends_one_letter(dane, ecole, principal):
    post(dane, ecole)
    reponse = dane.post(
        NOUVEAU,
        {
            "sujet": "{etablissement} : à faire",
            "corps": "Étape {etape}.",
            "action": "envoyer",
            "destinataires": "tous",
            "uais": ecole.uai,
            "etape": "",
            "apercu": ecole.uai,
        },
        follow=True,
    )
    assert "il n'est pas parti deux fois" in content(reponse)
    assert MessageDane.objects.count() == 1


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"corps": "Bonjour {prenom}"}, "Champ inconnu : {prenom}."),
        ({"sujet": "{Etape}"}, "Champ inconnu : {Etape}."),
        ({"sujet": ""}, "Donnez un sujet"),
        ({"corps": "x" * 5001}, "5 000 caractères au plus"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_leaves(dane, ecole, principal, champs, phrase):
    reponse = post(dane, ecole, **champs)
    assert reponse.status_code == 422
    assert phrase in content(reponse)
    assert not MessageDane.objects.exists()


@pytest.mark.parametrize("modele", read_modeles(), ids=lambda modele: modele.code)
def test_every_template_quotes_known_fields_and_fills_the_form(dane, ecole, principal, modele):
    assert unknown_champs(modele.sujet + modele.corps) == []
    page = content(dane.get(f"{NOUVEAU}?uai={ecole.uai}&modele={modele.code}"))
    assert modele.corps.split("\n")[0] in page
    reponse = post(dane, ecole, action="apercu", sujet=modele.sujet or "Sujet", corps=modele.corps, etape=modele.etape)
    apercu = content(reponse).partition('id="apercu"')[2]
    assert reponse.status_code == 200
    assert not [champ for champ in CHAMPS if f"{{{champ}}}" in apercu]


def test_the_history_counts_what_left(dane, ecole, voisine, principal):
    post(dane, ecole, voisine)
    deliver()
    page = content(dane.get(LISTE))
    assert 'data-label="Partis">2<' in page
    autre = make_utilisateur("autre", Role.DANE, academie=make_academie("AC2"))
    assert "Aucun message pour l'instant" in content(connect(autre).get(LISTE))
    message = MessageDane.objects.get()
    for nom in ("message_detail", "message_retry"):
        adresse = reverse(f"checklists:{nom}", args=[message.pk])
        reponse = connect(autre).post(adresse) if nom == "message_retry" else connect(autre).get(adresse)
        assert reponse.status_code == 404


def test_a_school_user_finds_none_of_it(chef, ecole):
    for adresse in (LISTE, f"{NOUVEAU}?uai={ecole.uai}", reverse("checklists:selection"), url("school_detail", ecole)):
        assert chef.get(adresse).status_code == 404

"""The watch: what goes beyond its thresholds, one digest a day, only on change."""

from datetime import date, timedelta
from smtplib import SMTPException

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from django.utils import timezone

from checklists import tasks
from checklists.models import ProfilRentree, ResumeVeille, Veille
from checklists.pilotage.constats import find_constats
from checklists.pilotage.veille import veille_of, watch_academie
from exchanges.enums import EtatPassage, Relais, Role
from exchanges.models import Compteurs, Passage
from exchanges.pipeline.compteurs import refresh_compteurs
from exchanges.propagation.horloge import Horloge
from tests.makers import LUNDI, make_academie, make_ecole, make_etablissement, make_utilisateur, set_clock
from tests.views.conftest import connect


JOUR = timedelta(days=1)
ONZE = LUNDI.replace(day=11)  # ten days after the first day of the élèves


@pytest.fixture
def academie(ecole):
    return ecole.academie


@pytest.fixture
def dane(academie):
    """Somebody of the DANE, with an address."""
    dane = make_utilisateur("dane", Role.DANE, academie=academie)
    dane.email = "dane@academie.invalid"
    dane.save()
    return dane


def constats(academie, quand):
    return find_constats(academie, veille_of(academie), quand)


def keys(academie, quand):
    return [constat["cle"] for constat in constats(academie, quand)]


def watch(academie, quand):
    set_clock(academie, quand)
    return watch_academie(academie)


def set_figures(ecole, **champs):
    """The figures of a school as they would be after some nights."""
    Compteurs.objects.update_or_create(etablissement=ecole, defaults={"maj_le": LUNDI} | champs)


def make_manque(ecole, etat=EtatPassage.RETENU, quand=LUNDI):
    return Passage.objects.create(etablissement=ecole, relais=Relais.AAF, prevu_le=quand, etat=etat)


def test_a_school_without_deposit_is_told_from_the_tenth_day_of_its_own_year(academie, ecole):
    assert keys(academie, ONZE - JOUR) == []
    assert constats(academie, ONZE) == [
        {"cle": f"sans_depot:{ecole.uai}", "regle": "sans_depot", "uai": ecole.uai, "jours": 10}
    ]
    assert keys(academie, ONZE + 20 * JOUR) == [f"sans_depot:{ecole.uai}"]
    assert keys(academie, ONZE + 21 * JOUR) == []


def test_its_own_year_may_begin_in_february(academie, ecole):
    ecole.debut_eleves = date(2026, 2, 16)
    ecole.save()
    assert keys(academie, ONZE) == []
    assert keys(academie, ONZE.replace(month=2, day=26)) == [f"sans_depot:{ecole.uai}"]


def test_days_are_counted_since_the_last_deposit_of_the_month(academie, ecole):
    set_figures(ecole, depot_le=LUNDI, depot_etat="importe")
    assert keys(academie, ONZE) == []
    assert keys(academie, LUNDI + 10 * JOUR) == [f"sans_depot:{ecole.uai}"]


def test_a_school_that_nobody_dated_is_not_judged_a_dated_one_is(academie, ecole):
    vide = make_etablissement(2)
    assert f"sans_depot:{vide.uai}" not in keys(academie, ONZE)
    ProfilRentree.objects.create(etablissement=vide, annee="2026", date_rentree=date(2026, 9, 1))
    assert f"sans_depot:{vide.uai}" in keys(academie, ONZE)


@pytest.mark.parametrize(("absents", "is_dit"), [(24, False), (26, True)])
def test_absents_that_jump_from_one_compte_rendu_to_the_next(academie, ecole, absents, is_dit):
    precedent = {"absents": 10, "lus": 90}
    set_figures(ecole, depot_le=LUNDI, cr_le=LUNDI, cr_lus=100 - absents, cr_absents=absents, cr_precedent=precedent)
    trouves = constats(academie, LUNDI)
    assert bool(trouves) is is_dit
    if is_dit:
        assert (trouves[0]["part"], trouves[0]["hausse"]) == (26, 16)


def test_a_relay_that_failed_or_is_held_until_a_later_one_makes_up_for_it(academie, ecole):
    retenu = make_manque(ecole)
    echec = make_manque(ecole, EtatPassage.ECHEC, LUNDI + JOUR)
    make_manque(ecole, EtatPassage.SAUTE, LUNDI + JOUR)
    assert keys(academie, LUNDI) == [f"relais:{ecole.uai}:{retenu.pk}", f"relais:{ecole.uai}:{echec.pk}"]
    Passage.objects.create(
        etablissement=ecole,
        relais=Relais.AAF,
        prevu_le=LUNDI + 2 * JOUR,
        etat=EtatPassage.FAIT,
        execute_le=LUNDI,
        source=LUNDI,
    )
    assert keys(academie, LUNDI) == []


def test_thresholds_are_those_of_the_academie(academie, ecole):
    make_manque(ecole)
    Veille.objects.create(academie=academie, jours_sans_depot=12, has_relais_en_echec=False)
    assert keys(academie, ONZE) == []
    assert keys(academie, ONZE + 2 * JOUR) == [f"sans_depot:{ecole.uai}"]


def test_another_academie_is_another_watch(academie, ecole):
    autre = make_ecole(2, academie=make_academie("AC2"))
    assert keys(academie, ONZE) == [f"sans_depot:{ecole.uai}"]
    assert keys(autre.academie, ONZE) == [f"sans_depot:{autre.uai}"]


def test_the_digest_says_what_is_new_once_and_then_only_what_changed(academie, ecole, dane):
    assert watch(academie, ONZE) == 1
    lettre = mail.outbox[0]
    assert lettre.to == ["dane@academie.invalid"]
    assert lettre.subject == "[Académie simulée] Veille de l'académie : 1 nouveau constat"
    assert f"- {ecole.denomination} ({ecole.uai}) : aucun dépôt depuis 10 jours" in lettre.body
    assert watch(academie, ONZE + timedelta(hours=1)) == 0
    assert watch(academie, ONZE + JOUR) == 0
    make_manque(ecole)
    assert watch(academie, ONZE + 2 * JOUR) == 1
    assert "NOUVEAU\n\nRelais en échec ou retenu" in mail.outbox[1].body
    assert "TOUJOURS\n\nSans dépôt élèves-groupes" in mail.outbox[1].body
    assert [(r.jour.day, r.envoye_le is not None) for r in ResumeVeille.objects.order_by("jour")] == [
        (11, True),
        (12, False),
        (13, True),
    ]


def test_what_is_over_is_told_too(academie, ecole, dane):
    passage = make_manque(ecole)
    assert watch(academie, LUNDI) == 1
    passage.delete()
    assert watch(academie, LUNDI + JOUR) == 1
    assert "RÉGLÉ" in mail.outbox[1].body
    assert "des constats sont réglés" in mail.outbox[1].subject
    assert watch(academie, LUNDI + 2 * JOUR) == 0


def test_nothing_to_tell_is_not_told(academie, dane):
    assert watch(academie, LUNDI) == 0
    assert ResumeVeille.objects.get().constats["liste"] == []


def test_nothing_before_seven_nor_when_it_is_stopped(academie, ecole, dane):
    assert watch(academie, ONZE.replace(hour=6)) == 0
    Veille.objects.create(academie=academie, is_active=False)
    assert watch(academie, ONZE) == 0
    assert not ResumeVeille.objects.exists()


def test_a_mail_server_that_refuses_is_asked_again_the_same_day(academie, ecole, dane, monkeypatch):
    def refuse(self, messages):
        raise SMTPException("no")

    with monkeypatch.context() as panne:
        panne.setattr(EmailBackend, "send_messages", refuse)
        assert watch(academie, ONZE) == 0
    assert watch(academie, ONZE + timedelta(minutes=10)) == 1


def test_a_letter_that_reached_nobody_is_told_to_whom_comes_later(academie, ecole):
    assert watch(academie, ONZE) == 0
    dane = make_utilisateur("nouvelle", Role.DANE, academie=academie)
    dane.email = "nouvelle@academie.invalid"
    dane.save()
    assert watch(academie, ONZE + JOUR) == 1


def test_two_workers_write_one_digest(academie, ecole, dane, monkeypatch):
    ResumeVeille.objects.create(academie=academie, jour=ONZE.date(), constats={"liste": []})
    monkeypatch.setattr(type(academie.resumes), "filter", lambda *_args, **_filtres: ResumeVeille.objects.none())
    assert watch(academie, ONZE) == 0
    assert mail.outbox == []


def write_to_two(academie, monkeypatch, morts=1):
    """A digest for two people, whose worker is killed after the first of them each time."""
    autre = make_utilisateur("zoe", Role.DANE, academie=academie)
    autre.email = "zoe@academie.invalid"
    autre.save()
    envoyer = EmailBackend.send_messages

    def send(self, messages):
        if messages[0].to == [autre.email]:
            raise SystemExit
        return envoyer(self, messages)

    with monkeypatch.context() as mort:
        mort.setattr(EmailBackend, "send_messages", send)
        for _ in range(morts):
            with pytest.raises(SystemExit):
                watch(academie, ONZE)
            ResumeVeille.objects.update(bail_jusqua=timezone.now() - timedelta(seconds=1))


def test_a_digest_whose_worker_died_goes_to_those_who_do_not_have_it(academie, ecole, dane, monkeypatch):
    write_to_two(academie, monkeypatch)
    assert "Envoi interrompu, il reprendra tout seul" in page(connect(dane), academie)[1]
    make_manque(ecole)
    assert watch(academie, ONZE + timedelta(minutes=10)) == 1
    assert [lettre.to[0] for lettre in mail.outbox] == ["dane@academie.invalid", "zoe@academie.invalid"]
    assert mail.outbox[0].body == mail.outbox[1].body
    resume = ResumeVeille.objects.get()
    assert resume.envoye_le is not None and resume.bail_jusqua is None
    assert watch(academie, ONZE + timedelta(minutes=20)) == 0


def test_a_digest_is_left_alone_as_long_as_its_worker_may_live(academie, ecole, dane, monkeypatch):
    write_to_two(academie, monkeypatch)
    ResumeVeille.objects.update(bail_jusqua=timezone.now() + timedelta(minutes=1))
    assert watch(academie, ONZE + timedelta(minutes=10)) == 0
    assert len(mail.outbox) == 1
    assert "Envoi en cours" in page(connect(dane), academie)[1]


def test_a_digest_that_kills_three_workers_is_told_the_next_day(academie, ecole, dane, monkeypatch):
    write_to_two(academie, monkeypatch, morts=3)
    assert watch(academie, ONZE + timedelta(minutes=10)) == 0
    assert len(mail.outbox) == 1
    assert watch(academie, ONZE + JOUR) == 2


def test_the_task_looks_at_every_academie(academie, ecole, dane, monkeypatch):
    set_clock(academie, ONZE)
    monkeypatch.setattr(tasks.watch_one, "delay", tasks.watch_one)
    tasks.watch()
    assert len(mail.outbox) == 1


def test_questions_to_the_database_do_not_grow_with_the_schools(academie, ecole, django_assert_max_num_queries):
    for rang in (2, 3, 4, 5):
        refresh_compteurs(make_etablissement(rang), LUNDI)
    veille = veille_of(academie)
    with django_assert_max_num_queries(4):
        find_constats(academie, veille, ONZE)


def page(client, academie, **donnees):
    adresse = reverse("checklists:veille_detail", args=[academie.code])
    reponse = client.post(adresse, donnees) if donnees else client.get(adresse)
    return reponse.status_code, reponse.content.decode().replace("&#x27;", "'")


def test_the_page_shows_today_and_the_days_before(academie, ecole, dane):
    watch(academie, ONZE)
    _, texte = page(connect(dane), academie)
    assert "aucun dépôt depuis 10 jours" in texte
    assert "Résumé envoyé" in texte
    assert "résumé du jour à 1 personne" in texte
    assert "ils ne sont plus suivis, même sans dépôt" in texte
    assert reverse("checklists:school_detail", args=[ecole.uai]) in texte


def test_the_dane_changes_its_thresholds(academie, ecole, dane):
    seuils = {"is_active": "on", "jours_sans_depot": "5", "hausse_absents": "20"}
    assert page(connect(dane), academie, **seuils)[0] == 302
    veille = Veille.objects.get()
    assert (veille.jours_sans_depot, veille.hausse_absents, veille.has_relais_en_echec) == (5, 20, False)
    status, texte = page(connect(dane), academie, **(seuils | {"jours_sans_depot": "0"}))
    assert status == 422
    assert "supérieure ou égale à 1" in texte
    assert Veille.objects.get().jours_sans_depot == 5


def test_the_watch_of_another_academie_does_not_exist(dane, academie):
    autre = make_academie("AC2")
    assert page(connect(dane), autre)[0] == 404
    reponse = connect(dane).get(reverse("checklists:veille_list"))
    assert reponse["Location"] == reverse("checklists:veille_detail", args=[academie.code])
    admin = connect(make_utilisateur("admin", Role.ADMIN))
    assert autre.nom in admin.get(reverse("checklists:veille_list")).content.decode()


def test_the_clock_of_the_page_is_that_of_the_academie(academie, dane):
    set_clock(academie, ONZE)
    assert Horloge(academie).maintenant.date() == ONZE.date()
    assert "Maintenant, vendredi 11 septembre" in page(connect(dane), academie)[1]

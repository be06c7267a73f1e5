"""The relays after SIECLE, and the ENT as it is on any day."""

from datetime import date, timedelta

import pytest

from exchanges.enums import EtatPassage, EtatTache, Relais
from exchanges.models import Passage, Tache
from exchanges.pipeline import taches
from exchanges.pipeline.taches import TENTATIVES_MAX
from exchanges.propagation.passages import plan_relais
from exchanges.reports.annuaire import annuaire_of
from tests.makers import (
    ELEVES,
    GROUPES,
    LUNDI,
    MARDI_2H,
    PARIS,
    deposit,
    load,
    make_ecole,
    make_eleve,
    make_fichiers,
    make_projet,
)
from tests.pipeline.makers import end_leases, pass_time


pytestmark = pytest.mark.django_db

HEURE = timedelta(hours=1)
JOUR = timedelta(days=1)
SAMEDI_4H = LUNDI.replace(day=12, hour=4)  # the first complet
TOUS = dict.fromkeys(ELEVES, GROUPES)


@pytest.fixture
def ecole():
    return make_ecole()


def planned(ecole):
    """Relays and their local due instants, before the first complet of the school."""
    passages = Passage.objects.filter(etablissement=ecole, prevu_le__lt=SAMEDI_4H)
    return [(p.relais, f"{p.prevu_le.astimezone(PARIS):%d/%m %H:%M}", p.etat) for p in passages]


def groupes_on(ecole, jour):
    """ELEVE_ID by groupe in the ENT of a day."""
    return {code: {m.eleve_id for m in membres} for code, membres in annuaire_of(ecole, jour).groupes.items()}


def break_relay(monkeypatch, *casses):
    """Make these relays fail, whatever the attempt."""

    def fail(passage, instant):
        raise RuntimeError

    for relais in casses:
        monkeypatch.setitem(taches._EXECUTANTS, relais, fail)


def exhaust(ecole, until):
    """Let time pass, every lease running out, until nothing more can be tried."""
    for _ in range(TENTATIVES_MAX + 1):
        pass_time(ecole, until)
        end_leases()


def test_loading_files_plans_the_relays_each_feeding_the_next(ecole):
    assert planned(ecole) == [
        ("AAF", "08/09 04:00", "prevu"),
        ("ENT", "10/09 06:00", "prevu"),
        ("GAR", "11/09 06:15", "prevu"),
        ("MOODLE", "11/09 06:30", "prevu"),
    ]
    aaf, ent, gar, moodle = Passage.objects.filter(prevu_le__lt=SAMEDI_4H)
    assert (aaf.amont, ent.amont, gar.amont, moodle.amont) == (None, aaf, ent, ent)
    assert set(Tache.objects.values_list("etat", flat=True)) == {EtatTache.ATTENTE}


def test_planning_twice_plans_once(ecole):
    avant = planned(ecole)
    passages = plan_relais(ecole, LUNDI)
    assert planned(ecole) == avant
    assert [passage.relais for passage in passages] == ["AAF", "ENT", "GAR", "MOODLE"]


def test_a_projet_without_gar_nor_moodle_plans_none():
    ecole = make_ecole(2, projet_ent=make_projet("sans Moodle", heures_moodle=None, has_gar=False))
    assert {relais for relais, _, _ in planned(ecole)} == {"AAF", "ENT"}


def test_a_deposit_and_a_load_of_one_day_share_their_relays(ecole):
    deposit(ecole, TOUS)
    pass_time(ecole, MARDI_2H + HEURE)
    assert [ligne[0] for ligne in planned(ecole)] == ["SIECLE", "AAF", "ENT", "GAR", "MOODLE"]


def test_each_relay_carries_the_source_of_the_one_before(ecole):
    deposit(ecole, TOUS)
    pass_time(ecole, LUNDI + 5 * JOUR)
    sources = dict(Passage.objects.filter(prevu_le__lt=SAMEDI_4H).values_list("relais", "source"))
    aaf = MARDI_2H + 2 * HEURE
    assert sources == {"SIECLE": MARDI_2H, "AAF": aaf, "ENT": aaf, "GAR": aaf, "MOODLE": aaf}


def test_the_ent_shows_a_deposit_on_the_announced_day_and_not_before(ecole):
    deposit(ecole, TOUS)
    pass_time(ecole, LUNDI + 5 * JOUR)
    plein = {code: set(ELEVES) for code in GROUPES}
    jours = {date(2026, 9, jour): groupes_on(ecole, date(2026, 9, jour)) for jour in range(7, 12)}
    assert jours == {
        date(2026, 9, 7): {},
        date(2026, 9, 8): {},
        date(2026, 9, 9): {},
        date(2026, 9, 10): plein,
        date(2026, 9, 11): plein,
    }


def test_the_ent_keeps_showing_the_former_day_until_the_next_passage(ecole):
    deposit(ecole, TOUS)
    pass_time(ecole, LUNDI + 5 * JOUR)
    samedi = LUNDI + 5 * JOUR
    deposit(ecole, {"1001": ["6AGL1"]}, samedi)
    pass_time(ecole, samedi + 5 * JOUR)
    membres = [len(groupes_on(ecole, date(2026, 9, jour))["6AGL1"]) for jour in range(10, 17)]
    assert membres == [4, 4, 4, 4, 4, 1, 1]
    avant, apres = annuaire_of(ecole, date(2026, 9, 14)), annuaire_of(ecole, date(2026, 9, 15))
    differences = {d.code: [m.eleve_id for m in d.partis] for d in avant.differences(apres)["groupes"]}
    assert differences == {"6AGL1": ["1002", "1003", "1004"], "6ESP1": list(ELEVES)}
    assert avant.differences(apres)["divisions"] == []


def test_a_day_to_come_is_a_forecast_of_what_is_known_today(ecole):
    deposit(ecole, TOUS)
    pass_time(ecole, MARDI_2H + 6 * HEURE)
    jeudi = annuaire_of(ecole, date(2026, 9, 10))
    assert jeudi.is_prevision
    assert {membre.eleve_id for membre in jeudi.groupes["6AGL1"]} == set(ELEVES)
    pass_time(ecole, LUNDI + 5 * JOUR)
    assert annuaire_of(ecole, date(2026, 9, 10)).groupes == jeudi.groupes


def test_the_ent_does_not_show_who_has_no_ine_nor_who_has_left(ecole):
    eleves = [
        make_eleve("1001"),
        make_eleve("1002", ine=""),
        make_eleve("1003", date_sortie=date(2026, 9, 10), motif_sortie="11"),
        make_eleve("1004", date_sortie=date(2026, 9, 12)),
    ]
    load(ecole, make_fichiers(ecole, eleves=eleves, quand=LUNDI), LUNDI)
    pass_time(ecole, LUNDI + 7 * JOUR)
    jeudi, samedi = annuaire_of(ecole, date(2026, 9, 10)), annuaire_of(ecole, date(2026, 9, 12))
    assert [membre.eleve_id for membre in jeudi.divisions["6A"]] == ["1001", "1003", "1004"]
    # She left on Thursday: the AAF of that night knows it, the ENT two days later.
    assert [membre.eleve_id for membre in samedi.divisions["6A"]] == ["1001", "1004"]
    assert [membre.eleve_id for membre, _ in jeudi.sans_compte] == ["1002"]


def test_a_failed_aaf_is_seen_downstream_then_caught_up_by_the_next(ecole, monkeypatch):
    deposit(ecole, TOUS)
    pass_time(ecole, LUNDI + 5 * JOUR)
    vendredi = LUNDI + 11 * JOUR
    deposit(ecole, {"1001": ["6AGL1"]}, vendredi)
    with monkeypatch.context() as panne:
        break_relay(panne, Relais.AAF)
        exhaust(ecole, vendredi + 20 * HEURE)  # Saturday 06:00: the AAF of 04:00 was tried five times
    etats = list(Passage.objects.filter(relais=Relais.AAF).values_list("etat", flat=True))
    assert etats == [EtatPassage.FAIT] * 2 + [EtatPassage.ECHEC] + [EtatPassage.PREVU] * 2  # the last: a complet
    pass_time(ecole, vendredi + 7 * JOUR)
    membres = {jour: len(groupes_on(ecole, date(2026, 9, jour))["6AGL1"]) for jour in (20, 21, 22)}
    assert membres == {20: 4, 21: 4, 22: 1}  # one day later than without the failure


def test_a_failed_ent_is_caught_up_too(ecole, monkeypatch):
    deposit(ecole, TOUS)
    with monkeypatch.context() as panne:
        break_relay(panne, Relais.ENT)
        exhaust(ecole, LUNDI.replace(day=10, hour=8))
    assert Passage.objects.filter(relais=Relais.ENT).values_list("etat", flat=True)[0] == EtatPassage.ECHEC
    assert groupes_on(ecole, date(2026, 9, 10)) == {}
    pass_time(ecole, LUNDI + 10 * JOUR)
    assert groupes_on(ecole, date(2026, 9, 16))["6AGL1"] == set(ELEVES)


def test_moodle_after_an_ent_that_failed_for_the_first_time_has_nothing_to_carry(ecole, monkeypatch):
    with monkeypatch.context() as panne:
        break_relay(panne, Relais.ENT)
        exhaust(ecole, LUNDI.replace(day=11, hour=8))
    moodle = Passage.objects.filter(relais=Relais.MOODLE).first()
    assert (moodle.etat, moodle.source) == (EtatPassage.ECHEC, None)


def test_an_ent_whose_aaf_failed_carries_the_last_that_succeeded(ecole, monkeypatch):
    pass_time(ecole, LUNDI + 5 * JOUR)
    deposit(ecole, TOUS, LUNDI + 5 * JOUR)
    with monkeypatch.context() as panne:
        break_relay(panne, Relais.AAF)
        exhaust(ecole, LUNDI + 6 * JOUR)
    pass_time(ecole, LUNDI + 8 * JOUR)
    ent = Passage.objects.get(relais=Relais.ENT, amont__etat=EtatPassage.ECHEC)
    assert (ent.etat, ent.source) == (EtatPassage.FAIT, SAMEDI_4H)


def test_the_forecast_of_an_ent_whose_aaf_failed_is_what_it_will_really_show(ecole, monkeypatch):
    pass_time(ecole, LUNDI + 5 * JOUR)
    deposit(ecole, TOUS, LUNDI + 5 * JOUR)
    with monkeypatch.context() as panne:
        break_relay(panne, Relais.AAF)
        exhaust(ecole, LUNDI + 6 * JOUR)
    ent = Passage.objects.get(relais=Relais.ENT, amont__etat=EtatPassage.ECHEC)
    jour = ent.prevu_le.astimezone(PARIS).date()
    prevu = groupes_on(ecole, jour)
    assert annuaire_of(ecole, jour).is_prevision
    pass_time(ecole, ent.prevu_le + HEURE)
    assert groupes_on(ecole, jour) == prevu

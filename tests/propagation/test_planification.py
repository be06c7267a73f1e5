"""Waves planned ahead: the weekly complet, dates written in the facts, what is skipped, held, let go."""

from datetime import date, timedelta

import pytest

from exchanges.enums import EtatDepot, EtatPassage, EtatTache, GenreAAF, Relais, Role
from exchanges.models import Passage, ProjetENT, Tache
from exchanges.propagation.passages import (
    plan_complet,
    plan_limites,
    plan_night,
    plan_relais,
    release_passage,
    skip_passage,
)
from tests.makers import ELEVES, GROUPES, LUNDI, MARDI_2H, PARIS, deposit, make_ecole, make_utilisateur, set_clock
from tests.pipeline.makers import held_links, pass_time


pytestmark = pytest.mark.django_db

HEURE = timedelta(hours=1)
JOUR = timedelta(days=1)
MARDI_4H = MARDI_2H + 2 * HEURE
SAMEDI_4H = LUNDI.replace(day=12, hour=4)
TOUS = dict.fromkeys(ELEVES, GROUPES)


@pytest.fixture
def ecole():
    return make_ecole()


def due(etat=EtatPassage.PREVU, **filtres):
    """Relays, local due instants and genres of the passages in a state."""
    return [
        (p.relais, f"{p.prevu_le.astimezone(PARIS):%d/%m %H:%M}", p.genre)
        for p in Passage.objects.filter(etat=etat, **filtres)
    ]


def get_aaf(instant):
    return Passage.objects.get(relais=Relais.AAF, prevu_le=instant)


def set_projet(**champs):
    ProjetENT.objects.update(**champs)


def test_first_facts_plan_a_delta_and_the_next_complet_each_with_its_wave(ecole):
    delta, complet = GenreAAF.DELTA, GenreAAF.COMPLET
    assert due() == [
        ("AAF", "08/09 04:00", delta),
        ("ENT", "10/09 06:00", delta),
        ("GAR", "11/09 06:15", delta),
        ("MOODLE", "11/09 06:30", delta),
        ("AAF", "12/09 04:00", complet),
        ("ENT", "14/09 06:00", complet),
        ("GAR", "15/09 06:15", complet),
        ("MOODLE", "15/09 06:30", complet),
    ]


def test_facts_of_the_eve_of_a_complet_leave_with_it():
    ecole = make_ecole(now=LUNDI.replace(day=11))
    assert due(relais=Relais.AAF) == [("AAF", "12/09 04:00", GenreAAF.COMPLET)]
    assert due(relais=Relais.GAR) == [("GAR", "15/09 06:15", GenreAAF.COMPLET)]
    assert {t.etablissement_id for t in Tache.objects.all()} == {ecole.pk}


def test_the_night_of_a_deposit_has_no_genre(ecole):
    deposit(ecole, TOUS)
    assert Passage.objects.get(relais=Relais.SIECLE).genre == ""


def test_planning_the_complet_twice_plans_once(ecole):
    avant = due()
    assert [p.relais for p in plan_complet(ecole, LUNDI)] == ["AAF", "ENT", "GAR", "MOODLE"]
    assert due() == avant
    plan_complet(ecole, SAMEDI_4H)
    assert due(relais=Relais.AAF)[-1] == ("AAF", "19/09 04:00", GenreAAF.COMPLET)


def test_a_delta_that_has_not_run_becomes_the_complet_of_that_day(ecole):
    set_projet(jour_complet=2)
    plan_complet(make_fresh(ecole), LUNDI)
    assert due(prevu_le__lt=SAMEDI_4H) == [
        ("AAF", "08/09 04:00", GenreAAF.COMPLET),
        ("ENT", "10/09 06:00", GenreAAF.COMPLET),
        ("GAR", "11/09 06:15", GenreAAF.COMPLET),
        ("MOODLE", "11/09 06:30", GenreAAF.COMPLET),
    ]


def test_a_delta_that_has_run_stays_a_delta(ecole):
    pass_time(ecole, MARDI_4H)
    set_projet(jour_complet=2)
    plan_complet(make_fresh(ecole), LUNDI)
    assert due(EtatPassage.FAIT) == [("AAF", "08/09 04:00", GenreAAF.DELTA)]


def make_fresh(ecole):
    """The school as a writer reads it once it holds the lock."""
    return type(ecole).objects.get(pk=ecole.pk)


def test_passages_planned_before_genres_existed_take_one(ecole):
    Passage.objects.update(genre="")
    plan_relais(make_fresh(ecole), LUNDI)
    assert {genre for _, _, genre in due(prevu_le__lt=SAMEDI_4H)} == {GenreAAF.DELTA}


def test_two_waves_that_reach_the_ent_on_one_day_share_a_passage_that_carries_the_later(ecole):
    """An ENT open on Mondays only: Tuesday's delta waits for it, and so does Saturday's complet."""
    Passage.objects.all().delete()
    set_projet(jours_ent="1")
    plan_relais(make_fresh(ecole), LUNDI)
    plan_relais(make_fresh(ecole), LUNDI + 2 * JOUR)
    assert due(relais=Relais.ENT) == [("ENT", "14/09 06:00", GenreAAF.COMPLET)]
    pass_time(ecole, LUNDI + 7 * JOUR)
    ent = Passage.objects.get(relais=Relais.ENT, etat=EtatPassage.FAIT)
    assert (ent.amont.prevu_le, ent.source) == (SAMEDI_4H, SAMEDI_4H)


def test_an_earlier_wave_does_not_take_a_shared_passage_back(ecole):
    Passage.objects.all().delete()
    set_projet(jours_ent="1")
    plan_complet(make_fresh(ecole), LUNDI)
    plan_relais(make_fresh(ecole), LUNDI)
    ent = Passage.objects.get(relais=Relais.ENT)
    assert (ent.amont.prevu_le, ent.genre) == (SAMEDI_4H, GenreAAF.COMPLET)


def test_months_that_jump_go_through_every_weekly_complet(ecole):
    pass_time(ecole, SAMEDI_4H + 12 * 7 * JOUR + HEURE)
    complets = Passage.objects.filter(relais=Relais.AAF, genre=GenreAAF.COMPLET, etat=EtatPassage.FAIT)
    jours = [p.prevu_le.astimezone(PARIS) for p in complets]
    assert len(jours) == 13
    assert {(j.isoweekday(), f"{j:%H:%M}") for j in jours} == {(6, "04:00")}
    assert due(relais=Relais.AAF) == [("AAF", "12/12 04:00", GenreAAF.COMPLET)]


def test_dates_to_come_plan_a_wave_each_and_past_ones_none(ecole):
    jours = [date(2026, 9, 7), date(2026, 9, 1), date(2026, 12, 18), date(2026, 12, 18), date(2026, 10, 3)]
    passages = plan_limites(ecole, LUNDI, jours)
    assert [(f"{p.prevu_le:%d/%m %H:%M}", p.genre) for p in passages] == [
        ("03/10 04:00", GenreAAF.COMPLET),
        ("18/12 04:00", GenreAAF.DELTA),
    ]
    assert due(relais=Relais.ENT)[-1] == ("ENT", "20/12 06:00", GenreAAF.DELTA)
    avant = Passage.objects.count()
    plan_limites(ecole, LUNDI, jours)
    assert Passage.objects.count() == avant


def test_dates_of_a_closed_day_or_of_the_freeze_share_the_first_open_day(ecole):
    set_projet(jours_aaf="12345", gel_debut="07-10", gel_fin="08-20")
    passages = plan_limites(make_fresh(ecole), LUNDI, [date(2027, 7, 10), date(2027, 8, 1), date(2026, 9, 13)])
    assert [f"{p.prevu_le:%d/%m/%Y}" for p in passages] == ["14/09/2026", "21/08/2027"]


def test_a_night_that_does_not_take_place_leaves_its_deposit_waiting_for_the_next(ecole):
    depot = deposit(ecole, TOUS)
    nuit = depot.passages.get()
    assert skip_passage(nuit, "Maintenance de SIECLE.", None)
    nuit.refresh_from_db()
    assert (nuit.etat, nuit.motif, nuit.tache.etat) == (EtatPassage.SAUTE, "Maintenance de SIECLE.", EtatTache.FAIT)
    depot.refresh_from_db()
    assert depot.etat == EtatDepot.DEPOSE
    pass_time(ecole, MARDI_2H + HEURE)
    assert held_links(ecole) == set()
    pass_time(ecole, MARDI_2H + JOUR + HEURE)
    assert held_links(ecole) == {(eleve, groupe) for eleve in ELEVES for groupe in GROUPES}
    assert depot.passages.filter(relais=Relais.SIECLE).last().prevu_le == MARDI_2H + JOUR


def test_two_nights_in_a_row_may_not_take_place(ecole):
    depot = deposit(ecole, TOUS)
    for _ in range(2):
        skip_passage(depot.passages.get(etat=EtatPassage.PREVU), "Panne.", None)
    assert due(relais=Relais.SIECLE) == [("SIECLE", "10/09 02:00", "")]


def test_the_night_of_a_deposit_that_was_replaced_plans_nothing(ecole):
    depot = deposit(ecole, TOUS)
    nuit = depot.passages.get()
    deposit(ecole, {"1001": ["6AGL1"]}, LUNDI + HEURE)
    assert skip_passage(nuit, "Panne.", None) is False
    assert Passage.objects.filter(relais=Relais.SIECLE, etat=EtatPassage.PREVU).count() == 1
    assert plan_night(depot).etat == EtatPassage.ANNULE


def test_an_aaf_that_does_not_take_place_is_caught_up_by_the_next_night(ecole):
    aaf = get_aaf(MARDI_4H)
    directrice = make_utilisateur("directrice", Role.DIRECTION, etablissement=ecole)
    assert skip_passage(aaf, "L'annuaire n'a pas été exporté.", directrice)
    aaf.refresh_from_db()
    assert (aaf.etat, aaf.bilan) == (EtatPassage.SAUTE, {"saute_par": directrice.pk})
    assert ("AAF", "09/09 04:00", GenreAAF.DELTA) in due()
    pass_time(ecole, LUNDI + 4 * JOUR)
    sources = Passage.objects.filter(relais=Relais.ENT, etat=EtatPassage.FAIT).values_list("source", flat=True)
    assert list(sources) == [MARDI_4H + JOUR]


@pytest.mark.parametrize("relais", [Relais.ENT, Relais.GAR, Relais.MOODLE])
def test_a_relay_further_down_that_does_not_take_place_is_caught_up_by_a_later_wave(ecole, relais):
    passage = Passage.objects.filter(relais=relais).first()
    assert skip_passage(passage, "Panne.", None)
    suivant = Passage.objects.filter(relais=relais, etat=EtatPassage.PREVU).first()
    assert suivant.prevu_le > passage.prevu_le
    assert Passage.objects.filter(relais=Relais.AAF, etat=EtatPassage.PREVU, prevu_le__gt=passage.prevu_le).exists()


def test_a_complet_that_does_not_take_place_plans_the_next(ecole):
    skip_passage(get_aaf(SAMEDI_4H), "Panne.", None)
    assert due(relais=Relais.AAF, prevu_le__gte=SAMEDI_4H) == [
        ("AAF", "13/09 04:00", GenreAAF.DELTA),
        ("AAF", "19/09 04:00", GenreAAF.COMPLET),
    ]


def test_a_passage_in_the_past_is_caught_up_from_now_on(ecole):
    set_clock(ecole.academie, LUNDI + 3 * JOUR)
    skip_passage(get_aaf(MARDI_4H), "Panne.", None)
    assert ("AAF", "11/09 04:00", GenreAAF.DELTA) in due()


def test_what_was_done_or_is_being_done_cannot_be_skipped(ecole):
    aaf = get_aaf(MARDI_4H)
    assert [skip_passage(aaf, "Panne.", None) for _ in range(2)] == [True, False]
    pass_time(ecole, LUNDI + 4 * JOUR)
    fait = Passage.objects.filter(etat=EtatPassage.FAIT).first()
    assert skip_passage(fait, "Panne.", None) is False
    fait.refresh_from_db()
    assert (fait.etat, fait.motif) == (EtatPassage.FAIT, "")


def hold(passage):
    """Hold an AAF passage as the guard does."""
    Passage.objects.filter(pk=passage.pk).update(etat=EtatPassage.RETENU, execute_le=passage.prevu_le, motif="Trop.")
    Tache.objects.filter(passage=passage).update(etat=EtatTache.FAIT)


def test_a_held_passage_that_is_let_go_comes_back_with_its_genre_at_the_next_aaf_hour(ecole):
    hold(get_aaf(SAMEDI_4H))
    directrice = make_utilisateur("directrice", Role.DIRECTION, etablissement=ecole)
    instant = SAMEDI_4H + 5 * HEURE
    nouveau = release_passage(get_aaf(SAMEDI_4H), directrice, instant)
    assert (nouveau.prevu_le, nouveau.genre, nouveau.etat) == (SAMEDI_4H + JOUR, GenreAAF.COMPLET, EtatPassage.PREVU)
    assert (nouveau.libere_par, nouveau.libere_le) == (directrice, instant)
    assert {p.genre for p in Passage.objects.filter(amont=nouveau)} == {GenreAAF.COMPLET}
    retenu = get_aaf(SAMEDI_4H)
    assert (retenu.etat, retenu.libere_par, retenu.libere_le) == (EtatPassage.RETENU, directrice, instant)


def test_letting_go_twice_lets_go_once(ecole):
    hold(get_aaf(SAMEDI_4H))
    directrice = make_utilisateur("directrice", Role.DIRECTION, etablissement=ecole)
    release_passage(get_aaf(SAMEDI_4H), directrice, SAMEDI_4H + HEURE)
    avant = Passage.objects.count()
    assert release_passage(get_aaf(SAMEDI_4H), directrice, SAMEDI_4H + 30 * HEURE) is None
    assert Passage.objects.count() == avant
    assert release_passage(get_aaf(MARDI_4H), directrice, LUNDI) is None


def test_letting_go_goes_past_an_aaf_that_is_known_not_to_take_place(ecole):
    hold(get_aaf(MARDI_4H))
    plan_relais(ecole, MARDI_4H)
    skip_passage(get_aaf(MARDI_4H + JOUR), "Panne.", None)
    nouveau = release_passage(get_aaf(MARDI_4H), make_utilisateur("admin", Role.ADMIN), MARDI_4H + HEURE)
    assert (nouveau.prevu_le, nouveau.genre) == (MARDI_4H + 2 * JOUR, GenreAAF.DELTA)

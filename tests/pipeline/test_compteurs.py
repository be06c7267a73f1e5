"""The figures of a school: what each one counts, when it is counted again, the rows of weeks."""

from datetime import date, timedelta

import pytest

from exchanges import tasks
from exchanges.enums import EtatPassage, EtatTache, Relais, Role
from exchanges.models import Compteurs, Passage, ReleveHebdo, Tache
from exchanges.pipeline import compteurs as module
from exchanges.pipeline.compteurs import find_ecarts, find_stale, refresh_compteurs, refresh_stale
from exchanges.pipeline.depots import abandon_depot
from exchanges.pipeline.exports import run_export_services, run_export_structure
from exchanges.pipeline.taches import run_tache
from exchanges.propagation.horloge import Horloge
from exchanges.propagation.passages import release_passage, skip_passage
from exchanges.reports.compteurs import _prochain, _sources
from exchanges.reports.listes import LISTES, count_listes
from tests.makers import (
    LUNDI,
    deposit,
    load,
    make_ecole,
    make_eleve,
    make_etablissement,
    make_fichiers,
    make_uai,
    make_utilisateur,
    set_clock,
)
from tests.makers_sts import make_sts
from tests.pipeline.makers import pass_time


pytestmark = pytest.mark.django_db
JOUR = timedelta(days=1)
LIENS = {"1001": ["6AGL1"], "1002": ["6AGL1"], "1003": ["INCONNU"]}


@pytest.fixture
def ecole():
    """The default school, loaded, on Monday at ten."""
    return make_ecole()


def figures(ecole):
    return Compteurs.objects.get(pk=ecole.pk)


def test_a_load_counts_the_eleves_and_what_comes_next(ecole):
    lus = figures(ecole)
    assert (lus.eleves, lus.eleves_en_groupe, lus.groupes_ent, lus.depot_le, lus.cr_le) == (4, 0, 0, None, None)
    assert (lus.prochain_relais, lus.prochain_le.date()) == (Relais.AAF, date(2026, 9, 8))
    assert lus.prochain_effet == {"fiches": 4, "structures": 3}


def test_a_deposit_is_seen_at_once_and_its_withdrawal_too(ecole):
    depot = deposit(ecole, LIENS)
    lus = figures(ecole)
    assert (lus.depot_le, lus.depot_etat) == (LUNDI, "depose")
    assert (lus.prochain_relais, lus.prochain_effet) == (Relais.SIECLE, {"liens": 2})
    abandon_depot(depot)
    assert (figures(ecole).depot_le, figures(ecole).prochain_relais) == (None, Relais.AAF)


def next_of(ecole):
    lus = figures(ecole)
    return lus.prochain_relais, f"{lus.prochain_le:%d/%m}", lus.prochain_effet


def test_what_comes_next_is_the_next_relay_that_changes_something(ecole):
    """The chain of one deposit: SIECLE, AAF, then the ENT, whatever else is planned in between."""
    effet = {"liens": 2, "fiches": 4, "structures": 3}
    deposit(ecole, LIENS)
    assert next_of(ecole) == (Relais.SIECLE, "08/09", {"liens": 2})
    pass_time(ecole, LUNDI.replace(day=8, hour=3))
    assert next_of(ecole) == (Relais.AAF, "08/09", effet)
    pass_time(ecole, LUNDI.replace(day=8, hour=12))
    assert next_of(ecole) == (Relais.ENT, "10/09", effet)
    assert ecole.passages.filter(etat=EtatPassage.PREVU, prevu_le__lt=figures(ecole).prochain_le).count() == 0


def test_a_relay_that_changes_nothing_does_not_hide_the_ent(ecole):
    """Everything has arrived: the GAR comes first, with nothing; the ENT is what is waited for."""
    pass_time(ecole, LUNDI.replace(day=14, hour=12))
    assert ecole.passages.filter(etat=EtatPassage.PREVU).first().relais == Relais.GAR
    assert next_of(ecole) == (Relais.ENT, "21/09", {})
    assert find_ecarts(ecole) == []


def test_a_relay_carries_what_the_aaf_before_it_knew(ecole):
    """A load of Sunday is in no passage that Saturday's AAF feeds: its own AAF comes first."""
    pass_time(ecole, LUNDI.replace(day=13))
    load(ecole, make_fichiers(ecole, eleves=[make_eleve("1001")], quand=LUNDI.replace(day=13)), LUNDI.replace(day=13))
    suivants = ecole.passages.filter(etat=EtatPassage.PREVU).order_by("prevu_le")
    assert [passage.relais for passage in suivants[:2]] == [Relais.AAF, Relais.ENT]
    pass_time(ecole, LUNDI.replace(day=14, hour=5))
    assert next_of(ecole) == (Relais.ENT, "16/09", {"fiches": 3})


def test_a_relay_that_has_nothing_to_carry_changes_nothing(ecole):
    """No AAF was ever made: the ENT of its wave will fail, it will not bring the whole school."""
    ecole.passages.filter(relais=Relais.AAF).update(etat=EtatPassage.ECHEC)
    refresh_compteurs(ecole, LUNDI)
    assert next_of(ecole) == (Relais.ENT, "10/09", {})


def test_a_quiet_night_asks_once_whatever_is_planned(ecole, django_assert_max_num_queries):
    pass_time(ecole, LUNDI.replace(day=13))
    assert len(set(_sources(ecole).values())) == 2
    assert ecole.passages.filter(etat=EtatPassage.PREVU).count() >= 6
    sources = _sources(ecole)
    with django_assert_max_num_queries(6):
        _prochain(ecole, sources)


def test_the_night_brings_the_compte_rendu_and_the_next_night_its_trend(ecole):
    deposit(ecole, LIENS)
    pass_time(ecole, LUNDI + JOUR)
    lus = figures(ecole)
    assert (lus.depot_etat, lus.cr_lus, lus.cr_absents, lus.cr_rejets, lus.cr_anomalies) == ("importe", 3, 1, 0, 1)
    assert (lus.cr_codes, lus.cr_precedent, lus.eleves_en_groupe) == ({"GROUPE_A_01": 1}, {}, 2)
    deposit(ecole, {"1001": ["6AGL1", "6ESP1"], "1002": ["6AGL1"], "1003": ["6ESP1"], "1004": ["6ESP1"]}, LUNDI + JOUR)
    pass_time(ecole, LUNDI + 2 * JOUR)
    lus = figures(ecole)
    assert (lus.cr_absents, lus.cr_rejets, lus.cr_codes) == (0, 0, {})
    assert {cle: lus.cr_precedent[cle] for cle in ("lus", "absents", "anomalies", "codes")} == {
        "lus": 3,
        "absents": 1,
        "anomalies": 1,
        "codes": {"GROUPE_A_01": 1},
    }


def test_an_empty_groupe_is_counted_once_the_ent_shows_it(ecole):
    deposit(ecole, LIENS)
    pass_time(ecole, LUNDI + 4 * JOUR)
    lus = figures(ecole)
    assert (lus.groupes_ent, lus.groupes_vides_ent) == (2, 1)


def test_a_groupe_whose_only_member_is_not_shown_is_empty_in_the_ent(ecole):
    sans_ine = [make_eleve("1001", ine=""), make_eleve("1002"), make_eleve("1003")]
    load(ecole, make_fichiers(ecole, eleves=sans_ine, quand=LUNDI), LUNDI)
    deposit(ecole, {"1001": ["6AGL1"], "1002": ["6ESP1"], "1003": []})
    pass_time(ecole, LUNDI + 4 * JOUR)
    assert (figures(ecole).groupes_ent, figures(ecole).groupes_vides_ent) == (2, 1)


def test_sts_is_to_be_exported_until_both_exports_are_done(ecole):
    load(ecole, [make_sts(ecole, ("6AGL1", "6ESP1", "6NEUF"))], LUNDI)
    assert figures(ecole).is_sts_a_exporter
    run_export_structure(ecole, None, LUNDI)
    assert figures(ecole).is_sts_a_exporter
    run_export_services(ecole, None, LUNDI)
    assert not figures(ecole).is_sts_a_exporter


def test_fiches_and_pairs_to_mend_are_counted(ecole):
    double = {"nom_de_famille": "MODELE1002", "ine": ""}
    eleves = [make_eleve("1001", nationalite=""), make_eleve("1002"), make_eleve("1009", **double)]
    load(ecole, make_fichiers(ecole, eleves=eleves, quand=LUNDI), LUNDI)
    assert (figures(ecole).fiches_bloquantes, figures(ecole).doublons) == (1, 1)


def test_the_lengths_of_the_work_lists_are_kept(ecole):
    eleves = [make_eleve("1001", nom_de_famille="MME MODELE", nationalite=""), make_eleve("1002", ine="", division="")]
    load(ecole, make_fichiers(ecole, eleves=eleves, quand=LUNDI), LUNDI)
    comptes = {entree["liste"].slug: entree["nombre"] for entree in count_listes(ecole)}
    assert comptes == {liste.slug: liste.lignes(ecole).count() for liste in LISTES}
    assert sum(combien > 0 for combien in comptes.values()) >= 5
    assert figures(ecole).listes.keys() == comptes.keys() - {"identifiants-figes"}


def test_an_eleve_in_two_schools_is_counted_in_both_and_gone_from_both(ecole):
    Compteurs.objects.filter(pk=ecole.pk).update(maj_le=LUNDI - JOUR)
    autre = make_etablissement(2)
    load(autre, make_fichiers(autre, eleves=[make_eleve("1001"), make_eleve("5001")]), LUNDI)
    assert (figures(ecole).multi_inscriptions, figures(autre).multi_inscriptions) == (1, 1)
    load(autre, make_fichiers(autre, eleves=[make_eleve("5001")], quand=LUNDI), LUNDI)
    assert (figures(ecole).multi_inscriptions, figures(autre).multi_inscriptions) == (0, 0)
    assert find_ecarts(ecole) == find_ecarts(autre) == []


def test_a_passage_that_failed_counts_until_a_later_one_of_its_relay(ecole):
    tache = Tache.objects.filter(passage__relais=Relais.AAF).first()
    assert skip_passage(tache.passage, "Panne de l'académie.", None)
    assert figures(ecole).relais_en_echec == 1
    assert figures(ecole).prochain_le == tache.prevu_le + JOUR
    pass_time(ecole, LUNDI + 6 * JOUR)
    assert Passage.objects.filter(relais=Relais.AAF, etat=EtatPassage.FAIT).exists()
    assert figures(ecole).relais_en_echec == 0


def test_a_released_passage_is_counted_at_once(ecole):
    pass_time(ecole, LUNDI + JOUR)
    retenu = Passage.objects.filter(relais=Relais.AAF, etat=EtatPassage.FAIT).first()
    Passage.objects.filter(pk=retenu.pk).update(etat=EtatPassage.RETENU)
    dane = make_utilisateur("dane", Role.DANE, academie=ecole.academie)
    refresh_compteurs(ecole, LUNDI + JOUR)
    assert figures(ecole).relais_en_echec == 1
    assert release_passage(retenu, dane, LUNDI + JOUR) is not None
    assert find_ecarts(ecole) == []


def test_a_job_given_up_is_counted(ecole, monkeypatch):
    deposit(ecole, LIENS)
    tache = Tache.objects.get(passage__relais=Relais.SIECLE)
    set_clock(ecole.academie, tache.prevu_le)
    Tache.objects.filter(pk=tache.pk).update(tentatives=5)
    assert not run_tache(tache.pk)
    assert Tache.objects.get(pk=tache.pk).etat == EtatTache.ABANDON
    assert (figures(ecole).depot_etat, figures(ecole).relais_en_echec) == ("echec", 1)


def test_the_figures_are_in_the_transaction_of_the_job(ecole, monkeypatch):
    deposit(ecole, LIENS)
    avant = figures(ecole)
    tache = Tache.objects.get(passage__relais=Relais.SIECLE)
    set_clock(ecole.academie, tache.prevu_le)
    monkeypatch.setattr("exchanges.pipeline.taches._EXECUTANTS", {Relais.SIECLE: lambda *_: 1 / 0})
    with pytest.raises(ZeroDivisionError):
        run_tache(tache.pk)
    assert figures(ecole).depot_etat == avant.depot_etat == "depose"


def test_each_week_keeps_its_last_figures(ecole):
    deposit(ecole, LIENS)
    pass_time(ecole, LUNDI + 9 * JOUR)
    semaines = dict(ReleveHebdo.objects.filter(etablissement=ecole).values_list("lundi", "donnees"))
    assert list(semaines) == [date(2026, 9, 7), date(2026, 9, 14)]
    assert semaines[date(2026, 9, 7)]["cr_anomalies"] == 1
    assert semaines[date(2026, 9, 7)]["eleves"] == 4
    assert semaines[date(2026, 9, 14)]["depot_le"].startswith("2026-09-07T")
    assert not {"raisons", "prochain_relais", "maj_le"} & semaines[date(2026, 9, 14)].keys()


def test_a_new_day_makes_every_school_of_its_academie_judged_once(ecole):
    make_etablissement(3)
    academie = ecole.academie
    assert list(find_stale(academie).values_list("uai", flat=True)) == [make_uai(3)]
    assert not refresh_stale(academie)
    assert not find_stale(academie).exists()
    set_clock(academie, LUNDI + 30 * JOUR)
    tasks.judge_day.run()
    tasks.judge_academie.run(academie.pk)
    assert not find_stale(academie).exists()
    assert figures(ecole).maj_le.date() == Horloge(academie).maintenant.date()
    assert ReleveHebdo.objects.filter(etablissement=ecole, lundi=date(2026, 10, 5)).exists()


def test_one_school_that_cannot_be_judged_does_not_stop_the_others(ecole, monkeypatch):
    autre = make_ecole(2)
    set_clock(ecole.academie, LUNDI + 30 * JOUR)
    vraie = module.read_figures
    monkeypatch.setattr(module, "read_figures", lambda e: vraie(e) if e.pk == autre.pk else 1 / 0)
    assert not refresh_stale(ecole.academie)
    assert list(find_stale(ecole.academie)) == [ecole]

"""The night: what SIECLE does with a deposit, in rows."""

from datetime import date, timedelta

import pytest

from exchanges.enums import EtatDepot, EtatPassage, NatureActe, Relais, Section
from exchanges.models import Acte, AnomalieDepot, LienGroupe, Passage
from exchanges.parsers.records import Inscription
from exchanges.pipeline import depots, nuit
from tests.makers import (
    ELEVES,
    GROUPES,
    LUNDI,
    MARDI_2H,
    PERIODE,
    deposit,
    load,
    make_ecole,
    make_eleve,
    make_fichiers,
    make_zip,
)
from tests.pipeline.makers import end_leases, held_links, pass_time


pytestmark = pytest.mark.django_db

HEURE = timedelta(hours=1)
JOUR = timedelta(days=1)
MARDI = MARDI_2H + HEURE
TOUS = dict.fromkeys(ELEVES, GROUPES)
CHIFFRES = ("eleves_lus", "absents", "absents_sortis", "liens_crees", "liens_clos", "liens_inchanges")


@pytest.fixture
def ecole():
    return make_ecole()


def figures(depot):
    depot.refresh_from_db()
    return {champ: getattr(depot, champ) for champ in CHIFFRES}


def test_nothing_happens_before_the_night(ecole):
    depot = deposit(ecole, TOUS)
    assert pass_time(ecole, MARDI_2H - timedelta(seconds=5)) == []
    depot.refresh_from_db()
    assert (depot.etat, held_links(ecole)) == (EtatDepot.DEPOSE, set())


def test_the_night_writes_the_links_the_figures_and_the_relays(ecole):
    depot = deposit(ecole, {"1001": GROUPES, "1002": [Inscription("6AGL1", PERIODE.debut, date(2027, 8, 1))]})
    assert pass_time(ecole, MARDI) == [(Relais.SIECLE, True)]
    assert figures(depot) == dict(zip(CHIFFRES, (2, 2, 0, 3, 0, 0), strict=True))
    assert (depot.etat, depot.importe_le, depot.absents_ids) == (EtatDepot.IMPORTE, MARDI_2H, ["1003", "1004"])
    assert held_links(ecole) == {("1001", "6AGL1"), ("1001", "6ESP1"), ("1002", "6AGL1")}
    dates = LienGroupe.objects.get(eleve__eleve_id="1002")
    assert (dates.date_debut, dates.date_fin, dates.depuis) == (PERIODE.debut, PERIODE.fin, MARDI_2H)
    acte = Acte.objects.get(nature=NatureActe.NUIT)
    assert (acte.depot, acte.instant) == (depot, MARDI_2H)
    siecle = Passage.objects.get(relais=Relais.SIECLE)
    assert (siecle.etat, siecle.source, siecle.execute_le) == (EtatPassage.FAIT, MARDI_2H, MARDI_2H)


def test_the_night_does_what_was_announced(ecole):
    depot = deposit(ecole, {"1001": ["6AGL1", "6ZZZ"], "9999": ["6AGL1"], "1002": ["6ESP1"]})
    pass_time(ecole, MARDI)
    announced = depot.verdict
    assert {champ: announced[champ] for champ in CHIFFRES} == figures(depot)
    assert announced["anomalies"] == depot.anomalies.count() == 2


def test_every_anomaly_is_a_line_of_the_report_with_its_eleve_when_known(ecole):
    depot = deposit(ecole, {"1001": ["6AGL1", "6ZZZ"], "9999": ["6AGL1"]})
    pass_time(ecole, MARDI)
    champs = ("rang", "section", "code", "regle", "eleve__eleve_id", "reference", "nom", "division", "objet")
    assert list(depot.anomalies.values_list(*champs)) == [
        (0, Section.ANOMALIE, "GROUPE_A_01", "GROUPE", "1001", "1001", "MODELE1001 Maëlys", "6A", "6ZZZ"),
        (1, Section.REJET, "REJELEGROUPE_01", "REJEL_ELEGROUPE", None, "9999", "MODELE9999 Maëlys", "", ""),
    ]


def test_the_second_deposit_replaces_links_and_leaves_unchanged_ones_alone(ecole):
    deposit(ecole, TOUS)
    pass_time(ecole, MARDI)
    restant = LienGroupe.objects.get(eleve__eleve_id="1001", groupe__code="6AGL1")
    depot = deposit(ecole, {"1001": ["6AGL1"], "1002": GROUPES}, MARDI_2H + 8 * HEURE)
    pass_time(ecole, MARDI + JOUR)
    assert figures(depot) == dict(zip(CHIFFRES, (2, 2, 0, 0, 5, 3), strict=True))
    assert LienGroupe.objects.courants().get(eleve__eleve_id="1001") == restant
    assert len(held_links(ecole)) == 3
    assert len(held_links(ecole, MARDI_2H + HEURE)) == 8
    clos = LienGroupe.objects.filter(jusqua__isnull=False)
    assert set(clos.values_list("jusqua", "clos_par__depot")) == {(MARDI_2H + JOUR, depot.pk)}


def test_a_change_of_dates_alone_closes_and_opens_the_link(ecole):
    deposit(ecole, {"1001": ["6AGL1"]})
    pass_time(ecole, MARDI)
    depot = deposit(ecole, {"1001": [Inscription("6AGL1", PERIODE.debut)]}, MARDI_2H + 8 * HEURE)
    pass_time(ecole, MARDI + JOUR)
    assert figures(depot)["liens_inchanges"] == 1
    assert list(LienGroupe.objects.order_by("depuis").values_list("date_debut", "jusqua")) == [
        (None, MARDI_2H + JOUR),
        (PERIODE.debut, None),
    ]
    ecole.refresh_from_db()
    assert ecole.version_liens == 2


def deposit_again(ecole, liens, now):
    """The same bytes under the same name, as a secretary deposits them again."""
    nom, flux = make_zip(ecole, liens, LUNDI)
    depot = depots.control_depot(ecole, flux, nom, None, now)
    return depots.confirm_depot(depot, None, now)


def test_the_same_file_again_gives_the_same_report_without_being_judged(ecole, monkeypatch):
    liens = TOUS | {"1001": ["6AGL1", "6ZZZ"], "9999": ["6AGL1"]}
    premier = deposit(ecole, liens)
    pass_time(ecole, MARDI)
    second = deposit_again(ecole, liens, MARDI_2H + 8 * HEURE)
    lignes = list(LienGroupe.objects.values())
    monkeypatch.setattr(nuit, "judge_depot", lambda depot: pytest.fail("it was judged again"))
    pass_time(ecole, MARDI + JOUR)
    avant, apres = figures(premier), figures(second)
    assert apres == avant | {"liens_crees": 0, "liens_inchanges": avant["liens_crees"]}
    assert (second.etat, second.absents_ids) == (EtatDepot.IMPORTE, premier.absents_ids)
    champs = [c.attname for c in AnomalieDepot._meta.concrete_fields if c.attname not in ("id", "depot_id")]
    assert list(second.anomalies.values_list(*champs)) == list(premier.anomalies.values_list(*champs))
    assert second.anomalies.count() == 2
    assert list(LienGroupe.objects.values()) == lignes
    assert Acte.objects.filter(nature=NatureActe.NUIT).count() == 1


def test_the_figures_taken_over_are_those_that_judging_would_give(ecole):
    deposit(ecole, TOUS)
    pass_time(ecole, MARDI)
    second = deposit_again(ecole, TOUS, MARDI_2H + 8 * HEURE)
    announced = {champ: second.verdict[champ] for champ in CHIFFRES}
    pass_time(ecole, MARDI + JOUR)
    assert figures(second) == announced


@pytest.mark.parametrize("change", ["referentiel", "liens"])
def test_the_same_file_is_judged_again_when_something_changed_in_between(ecole, change):
    liens = {"1001": GROUPES, "1005": GROUPES}
    premier = deposit(ecole, liens)
    pass_time(ecole, MARDI)
    assert figures(premier)["liens_crees"] == 2
    eleves = [make_eleve(eleve_id) for eleve_id in (*ELEVES, "1005")]
    if change == "liens":
        eleves = [make_eleve("1001", groupes=("6AGL1",)), *eleves[1:4]]
    load(ecole, make_fichiers(ecole, eleves=eleves, quand=MARDI + 6 * HEURE), MARDI + 6 * HEURE)
    second = deposit_again(ecole, liens, MARDI + 7 * HEURE)
    pass_time(ecole, MARDI + JOUR)
    attendu = {"referentiel": (4, 0), "liens": (1, 1)}[change]  # a fresh export that names no link closes them
    assert (figures(second)["liens_crees"], second.anomalies.count()) == attendu


def test_versions_are_those_once_the_night_has_run(ecole):
    depot = deposit(ecole, TOUS)
    pass_time(ecole, MARDI)
    depot.refresh_from_db()
    assert (depot.version_referentiel, depot.version_liens) == (1, 1)
    ecole.refresh_from_db()
    assert (ecole.version_referentiel, ecole.version_liens) == (1, 1)


def test_a_night_that_changes_nothing_leaves_the_version_of_links(ecole):
    eleves = [make_eleve(groupes=GROUPES)]
    load(ecole, make_fichiers(ecole, eleves=eleves, quand=LUNDI), LUNDI)
    ecole.refresh_from_db()
    avant = ecole.version_liens
    depot = deposit(ecole, {"1001": GROUPES})
    pass_time(ecole, MARDI)
    ecole.refresh_from_db()
    assert figures(depot)["liens_inchanges"] == 2
    assert ecole.version_liens == avant == 1


def test_only_the_last_of_two_deposits_is_imported(ecole):
    deposit(ecole, {"1001": GROUPES})
    deposit(ecole, {"1002": ["6AGL1"]}, LUNDI + HEURE)
    assert pass_time(ecole, MARDI) == [(Relais.SIECLE, True)]
    assert held_links(ecole) == {("1002", "6AGL1")}


def test_a_deposit_given_up_is_not_imported(ecole):
    depots.abandon_depot(deposit(ecole, TOUS))
    assert pass_time(ecole, MARDI) == []
    assert held_links(ecole) == set()


def test_what_the_school_loads_in_the_evening_counts_at_night(ecole):
    """The verdict shown in the morning is a forecast: the night judges with what is known then."""
    depot = deposit(ecole, {"1001": ["6NEUF"]})
    assert depot.verdict["anomalies"] == 1
    load(ecole, make_fichiers(ecole, groupes=(*GROUPES, "6NEUF"), quand=LUNDI + HEURE), LUNDI + 8 * HEURE)
    pass_time(ecole, MARDI)
    assert (figures(depot)["liens_crees"], depot.anomalies.count()) == (1, 0)


def test_a_crash_after_the_links_are_written_leaves_nothing_half_done(ecole, monkeypatch):
    depot = deposit(ecole, TOUS)

    def crash(*arguments):
        assert LienGroupe.objects.count() == 8
        raise MemoryError

    with monkeypatch.context() as panne:
        panne.setattr(nuit, "_keep_anomalies", crash)
        assert pass_time(ecole, MARDI) == [(Relais.SIECLE, False)]
    depot.refresh_from_db()
    ecole.refresh_from_db()
    assert (depot.etat, depot.eleves_lus, ecole.version_liens) == (EtatDepot.DEPOSE, None, 0)
    assert not LienGroupe.objects.exists()
    assert not Acte.objects.filter(nature=NatureActe.NUIT).exists()
    assert pass_time(ecole, MARDI) == []  # its lease has not run out
    end_leases()
    assert pass_time(ecole, MARDI) == [(Relais.SIECLE, True)]
    assert len(held_links(ecole)) == 8


def test_two_nights_and_a_load_leave_every_day_readable(ecole):
    deposit(ecole, {"1001": ["6AGL1"]})
    pass_time(ecole, MARDI)
    load(ecole, make_fichiers(ecole, quand=MARDI + 6 * HEURE), MARDI + 7 * HEURE)
    deposit(ecole, {"1001": ["6ESP1"]}, MARDI + 8 * HEURE)
    pass_time(ecole, MARDI + JOUR)
    jours = [held_links(ecole, instant) for instant in (LUNDI, MARDI, MARDI + 7 * HEURE, MARDI + JOUR)]
    assert jours == [set(), {("1001", "6AGL1")}, set(), {("1001", "6ESP1")}]


def test_an_identifier_written_with_many_zeros_does_not_stop_the_night(ecole):
    """xs:unsignedInt bounds the value, not the number of its digits."""
    depot = deposit(ecole, {"0" * 40 + "9999": ["6AGL1"], "1001": ["6AGL1"]})
    assert pass_time(ecole, MARDI) == [(Relais.SIECLE, True)]
    anomalie = depot.anomalies.get()
    assert (anomalie.code, anomalie.eleve, len(anomalie.reference)) == ("REJELEGROUPE_01", None, 20)
    assert held_links(ecole) == {("1001", "6AGL1")}

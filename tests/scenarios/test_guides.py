"""The year as the guides tell it (seeds 000 to 003): files and clicks on one side, what the ENT shows on the other."""

from datetime import date, timedelta

import pytest

from exchanges.enums import EtatCompteENT, EtatPassage, GenreAAF, Relais
from exchanges.models import Etablissement, LienService
from exchanges.pipeline import exports
from exchanges.pipeline.suppleances import Suppleant, add_suppleant
from exchanges.propagation.passages import release_passage
from exchanges.reports.annuaire import annuaire_of
from exchanges.rules.logins import FormeLogin
from tests.makers import (
    ELEVES,
    LUNDI,
    deposit,
    load,
    make_academie,
    make_eleve,
    make_etablissement,
    make_fichiers,
    make_projet,
    make_utilisateur,
)
from tests.makers_sts import DUPONT, make_edt, make_sts
from tests.scenarios.makers import JOUR, SEMAINE, ent_groupes, logins, make_fed, make_responsables, run_days


pytestmark = pytest.mark.django_db

ACTIF, DESACTIVE, SUPPRIME = EtatCompteENT.ACTIF, EtatCompteENT.DESACTIVE, EtatCompteENT.SUPPRIME


@pytest.fixture
def ecole() -> Etablissement:
    """A lycée of Atrium: SIECLE the next night, ENT 72 hours after the deposit."""
    return make_etablissement(projet_ent=make_projet("Atrium"))


def test_groupe_renamed_in_edt_on_monday_is_in_atrium_before_friday(ecole):
    make_fed(ecole)
    deposit(ecole, {"1001": ["6AGL1"], "1002": ["6AGL1"]}, LUNDI)
    lundi = LUNDI + SEMAINE
    run_days(ecole, lundi)
    assert ent_groupes(ecole, lundi.date())["6AGL1"] == ["1001", "1002"]

    load(ecole, [make_edt(ecole, ("6ANG1", "6ESP1"))], lundi)
    exports.run_export_structure(ecole, None, lundi)
    exports.run_export_services(ecole, None, lundi)
    deposit(ecole, {"1001": ["6ANG1"], "1002": ["6ANG1"]}, lundi + timedelta(hours=4))
    run_days(ecole, lundi + 4 * JOUR)

    mercredi, jeudi, vendredi = (annuaire_of(ecole, (lundi + n * JOUR).date()) for n in (2, 3, 4))
    # The groupe itself left STS on Monday: it comes with the AAF of that night, its élèves with the next one.
    assert [m.eleve_id for m in mercredi.groupes.get("6ANG1", [])] == []
    assert [m.eleve_id for m in jeudi.groupes["6ANG1"]] == ["1001", "1002"]
    assert "6AGL1" not in vendredi.groupes
    assert vendredi.groupes == jeudi.groupes
    assert [e.nom_complet for e in vendredi.equipes["6ANG1"]] == ["ESSAI Lou"]


def test_structure_export_forgotten_leaves_the_groupe_out_of_the_ent(ecole):
    make_fed(ecole)
    load(ecole, [make_edt(ecole, ("6ANG1", "6ESP1"))], LUNDI)
    depot = deposit(ecole, {"1001": ["6ANG1"]}, LUNDI)
    run_days(ecole, LUNDI + SEMAINE)
    assert "6ANG1" not in ent_groupes(ecole, (LUNDI + SEMAINE).date())
    assert list(depot.anomalies.values_list("code", flat=True)) == ["GROUPE_A_01"]

    exports.run_export_structure(ecole, None, LUNDI + SEMAINE)
    deposit(ecole, {"1001": ["6ANG1"]}, LUNDI + SEMAINE)
    run_days(ecole, LUNDI + SEMAINE + 4 * JOUR)
    assert ent_groupes(ecole, (LUNDI + SEMAINE + 4 * JOUR).date())["6ANG1"] == ["1001"]


def test_suppleant_forgotten_then_repaired(ecole):
    make_fed(ecole)
    services = LienService.objects.courants().filter(individu__sts_id="7").values_list("service", flat=True)
    # The suppléance begins next Monday and lasts three weeks.
    debut = (LUNDI + SEMAINE).date()
    paul = Suppleant("RENFORT", "Paul", "1", date(1990, 1, 1), debut, debut + timedelta(days=20))
    add_suppleant(ecole, DUPONT, paul, list(services), None, LUNDI)

    run_days(ecole, LUNDI + 2 * SEMAINE)
    assert "paul.renfort" not in logins(ACTIF, LUNDI + 2 * SEMAINE)
    oublie = annuaire_of(ecole, (LUNDI + 2 * SEMAINE).date()).population
    assert [p.motif.code for p in oublie.personnels if p.nom == "RENFORT"] == ["suppleant_sans_services_exportes"]

    exports.run_export_structure(ecole, None, LUNDI + 2 * SEMAINE)
    exports.run_export_services(ecole, None, LUNDI + 2 * SEMAINE)
    run_days(ecole, LUNDI + 2 * SEMAINE + 4 * JOUR)
    assert "paul.renfort" in logins(ACTIF, LUNDI + 2 * SEMAINE + 4 * JOUR)
    repare = annuaire_of(ecole, (LUNDI + 2 * SEMAINE + 4 * JOUR).date())
    assert [e.nom_complet for e in repare.equipes["6AGL1"]] == ["ESSAI Lou", "RENFORT Paul"]

    # It ends by itself: the groupe is the titulaire's again without anybody doing anything.
    run_days(ecole, LUNDI + 6 * SEMAINE)
    fini = annuaire_of(ecole, (LUNDI + 6 * SEMAINE).date())
    assert [e.nom_complet for e in fini.equipes["6AGL1"]] == ["ESSAI Lou"]
    assert "paul.renfort" in logins(DESACTIVE, LUNDI + 6 * SEMAINE)


def test_duplicate_responsable_merged_in_september(ecole):
    marie = [("90001", "EXEMPLE", "Marie", "1001"), ("90002", "EXEMPLE", "Marie", "1002")]
    make_fed(ecole, make_responsables(ecole, *marie))
    assert {"marie.exemple", "marie.exemple2"} <= logins(ACTIF, LUNDI)

    reunie = [("90001", "EXEMPLE", "Marie", "1001"), ("90001", "EXEMPLE", "Marie", "1002")]
    load(ecole, [make_responsables(ecole, *reunie, quand=LUNDI)], LUNDI)
    run_days(ecole, LUNDI + 4 * JOUR)
    assert "marie.exemple2" in logins(ACTIF, LUNDI + 4 * JOUR), "a delta never deactivates"
    run_days(ecole, LUNDI + SEMAINE)
    assert "marie.exemple2" in logins(DESACTIVE, LUNDI + SEMAINE)
    assert "marie.exemple" in logins(ACTIF, LUNDI + SEMAINE)
    run_days(ecole, LUNDI + 10 * SEMAINE)
    assert "marie.exemple2" in logins(SUPPRIME, LUNDI + 10 * SEMAINE)
    assert "marie.exemple2" in logins(DESACTIVE, LUNDI + 2 * SEMAINE), "the past is still what it was"


def test_logins_of_the_guides_to_the_letter_and_never_corrected(ecole):
    fautifs = [
        ("90001", "M. MME MANENTE", "Guy Et Yvette", "1001"),
        ("90002", "BATTISTUTA", "Tino & Suzanne", "1002"),
        ("90003", "DESINIERES", "René Et Suzanne", "1003"),
    ]
    attendus = {"guy_et_yvette.m._mme_manente", "tino_-_suzanne.battistuta", "rene_et_suzanne.desinieres"}
    make_fed(ecole, make_responsables(ecole, *fautifs))
    assert attendus <= logins(ACTIF, LUNDI)

    corriges = [("90001", "MANENTE", "Guy", "1001"), *fautifs[1:]]
    load(ecole, [make_responsables(ecole, *corriges, quand=LUNDI)], LUNDI)
    run_days(ecole, LUNDI + 2 * SEMAINE)
    assert attendus <= logins(ACTIF, LUNDI + 2 * SEMAINE)
    assert "guy.manente" not in logins(ACTIF, LUNDI + 2 * SEMAINE)


def test_school_moved_to_another_projet(ecole):
    make_fed(ecole)
    ancien = ecole.projet_ent
    avant = logins(ACTIF, LUNDI, projet=ancien)
    ecole.projet_ent = make_projet("eCollège31", forme_login=FormeLogin.COMPACTE, heures_ent=48)
    ecole.save(update_fields=["projet_ent"])

    run_days(ecole, LUNDI + SEMAINE)
    assert len(logins(ACTIF, LUNDI + SEMAINE, projet=ecole.projet_ent)) == len(avant)
    assert logins(ACTIF, LUNDI + SEMAINE, projet=ancien) == set()
    assert logins(DESACTIVE, LUNDI + SEMAINE, projet=ancien) == avant
    run_days(ecole, LUNDI + 10 * SEMAINE)
    assert logins(SUPPRIME, LUNDI + 10 * SEMAINE, projet=ancien) == avant


def test_eleve_inscribed_twice_is_nowhere_until_one_school_closes(ecole):
    make_fed(ecole)
    autre = make_etablissement(2, academie=ecole.academie, projet_ent=ecole.projet_ent)
    load(autre, make_fichiers(autre, eleves=[make_eleve("1001"), make_eleve("2002")]), LUNDI)
    run_days(ecole, LUNDI + 4 * JOUR)
    ici, la = (annuaire_of(e, (LUNDI + 4 * JOUR).date()) for e in (ecole, autre))
    assert [(m.eleve_id, motif.code) for m, motif in ici.sans_compte] == [("1001", "eleve_multi_inscrit")]
    assert [(m.eleve_id, motif.code) for m, motif in la.sans_compte] == [("1001", "eleve_multi_inscrit")]

    # The school that no longer has her closes the inscription: she comes back in the other one by itself.
    partie = make_eleve("1001", date_sortie=LUNDI.date(), motif_sortie="11")
    eleves = [partie, *map(make_eleve, ELEVES[1:])]
    load(ecole, make_fichiers(ecole, eleves=eleves, quand=LUNDI + 4 * JOUR), LUNDI + 4 * JOUR)
    run_days(ecole, LUNDI + SEMAINE)
    jour = (LUNDI + SEMAINE).date()
    assert [m.eleve_id for m in annuaire_of(autre, jour).divisions["6A"]] == ["1001", "2002"]
    assert "1001" not in [m.eleve_id for m in annuaire_of(ecole, jour).divisions["6A"]]


def test_relay_that_would_empty_the_school_waits_for_a_human(ecole, mailoutbox, django_capture_on_commit_callbacks):
    nombreux = [make_eleve(str(pk)) for pk in range(1001, 1041)]
    make_fed(ecole)
    load(ecole, make_fichiers(ecole, eleves=nombreux), LUNDI)
    direction = make_utilisateur("chef", "direction", etablissement=ecole)
    direction.email = "chef@exemple.test"
    direction.save()
    run_days(ecole, LUNDI + SEMAINE)
    load(ecole, make_fichiers(ecole, eleves=nombreux[:30], quand=LUNDI + SEMAINE), LUNDI + SEMAINE)
    with django_capture_on_commit_callbacks(execute=True):
        run_days(ecole, LUNDI + SEMAINE + 4 * JOUR)

    retenu = ecole.passages.get(relais=Relais.AAF, etat=EtatPassage.RETENU)
    assert retenu.motif == "Ce passage retirerait 10 élèves sur 40 (25 %) : il attend votre accord."
    assert [courrier.to for courrier in mailoutbox] == [["chef@exemple.test"]]
    jour = (LUNDI + SEMAINE + 4 * JOUR).date()
    assert len(annuaire_of(ecole, jour).divisions["6A"]) == 40, "the ENT keeps what it had"

    release_passage(retenu, direction, LUNDI + SEMAINE + 4 * JOUR)
    run_days(ecole, LUNDI + 2 * SEMAINE)
    assert len(annuaire_of(ecole, (LUNDI + 2 * SEMAINE).date()).divisions["6A"]) == 30


def test_complet_comes_every_week_by_itself(ecole):
    make_fed(ecole)
    run_days(ecole, LUNDI + 4 * SEMAINE)
    complets = ecole.passages.filter(relais=Relais.AAF, genre=GenreAAF.COMPLET, etat=EtatPassage.FAIT)
    samedis = [passage.prevu_le.date() for passage in complets]
    assert samedis == [date(2026, 9, 5) + n * timedelta(days=7) for n in range(len(samedis))]
    assert len(samedis) == 5


def test_real_academie_declares_its_exports():
    reelle = make_etablissement(academie=make_academie("REEL", is_simulee=False))
    load(reelle, [*make_fichiers(reelle), make_sts(reelle)], LUNDI)
    with pytest.raises(exports.ExportImpossible):
        exports.run_export_structure(reelle, None, LUNDI)

"""A deposit until the night: judged, confirmed, replaced, given up."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from exchanges.enums import EtatDepot, EtatPassage, EtatTache, ModeDepot, Relais
from exchanges.models import Depot, LienGroupe, Passage, Tache
from exchanges.parsers import FichierRefuse
from exchanges.pipeline import depots, stockage
from exchanges.pipeline.depots import ConfirmationRequise, DepotPerime
from tests.makers import (
    ANNEE,
    ELEVES,
    GROUPES,
    LUNDI,
    MARDI_2H,
    deposit,
    make_depot,
    make_ecole,
    make_etablissement,
    make_zip,
)
from tests.pipeline.makers import stored_files


pytestmark = pytest.mark.django_db

HEURE = timedelta(hours=1)
TOUS = dict.fromkeys(ELEVES, GROUPES)


@pytest.fixture
def ecole():
    return make_ecole()


def test_a_judged_file_is_a_draft_that_plans_nothing(ecole):
    nom, flux = make_zip(ecole, TOUS)
    depot = depots.control_depot(ecole, flux, nom, None, LUNDI)
    assert (depot.etat, depot.nom, depot.controle_le, depot.depose_le) == (
        *(EtatDepot.CONTROLE, nom.removesuffix(".zip")),
        *(LUNDI, None),
    )
    assert depot.logiciel == "ESSAI"
    with stockage.open_stored(depot.chemin) as garde:
        assert garde.read() == flux.getvalue()
    assert not Tache.objects.filter(passage__relais=Relais.SIECLE).exists()
    assert not LienGroupe.objects.exists()


def test_the_verdict_is_known_before_the_night_and_writes_nothing(ecole):
    jugement = depots.judge_depot(make_depot(ecole, {"1001": ["6AGL1", "6ZZZ"], "9999": ["6AGL1"]}))
    assert jugement.verdict.liens.keys() == {("1001", "6AGL1")}
    assert [anomalie.code for anomalie in jugement.verdict.anomalies] == ["GROUPE_A_01", "REJELEGROUPE_01"]
    assert [eleve.eleve_id for eleve in jugement.verdict.absents] == ["1002", "1003", "1004"]
    assert not LienGroupe.objects.exists()


def test_confirming_plans_the_coming_night_and_keeps_the_figures_announced(ecole):
    depot = depots.confirm_depot(make_depot(ecole, TOUS), None, LUNDI, mode=ModeDepot.AUTOMATIQUE)
    assert (depot.etat, depot.depose_le, depot.mode) == (EtatDepot.DEPOSE, LUNDI, ModeDepot.AUTOMATIQUE)
    assert depot.verdict["liens_crees"] == 8
    assert depot.verdict["version_referentiel"] == ecole.version_referentiel
    passage = Passage.objects.get(relais=Relais.SIECLE)
    assert (passage.depot, passage.prevu_le, passage.tache.etat) == (depot, MARDI_2H, EtatTache.ATTENTE)


def test_a_second_deposit_replaces_the_first_and_its_night(ecole):
    premier = deposit(ecole, TOUS)
    second = deposit(ecole, {"1001": ["6AGL1"]}, LUNDI + HEURE)
    premier.refresh_from_db()
    assert (premier.etat, second.etat) == (EtatDepot.REMPLACE, EtatDepot.DEPOSE)
    etats = Passage.objects.filter(relais=Relais.SIECLE).values_list("depot", "etat", "tache__etat")
    assert set(etats) == {
        (premier.pk, EtatPassage.ANNULE, EtatTache.FAIT),
        (second.pk, EtatPassage.PREVU, EtatTache.ATTENTE),
    }


def test_confirming_twice_deposits_once(ecole):
    depot = deposit(ecole, TOUS)
    with pytest.raises(DepotPerime):
        depots.confirm_depot(Depot.objects.get(pk=depot.pk), None, LUNDI + HEURE)
    depot.refresh_from_db()
    assert (depot.etat, depot.depose_le) == (EtatDepot.DEPOSE, LUNDI)
    assert Passage.objects.get(relais=Relais.SIECLE).etat == EtatPassage.PREVU


def test_giving_up_a_draft_removes_its_bytes_and_keeps_its_line(ecole, django_capture_on_commit_callbacks):
    depot = make_depot(ecole, TOUS)
    with django_capture_on_commit_callbacks(execute=True):
        depots.abandon_depot(depot)
    depot.refresh_from_db()
    assert depot.etat == EtatDepot.ABANDONNE
    with pytest.raises(FileNotFoundError):
        stockage.open_stored(depot.chemin)
    with pytest.raises(FileNotFoundError):
        depots.judge_depot(depot)


def test_giving_up_a_pending_deposit_withdraws_its_night(ecole, django_capture_on_commit_callbacks):
    depot = deposit(ecole, TOUS)
    with django_capture_on_commit_callbacks(execute=True):
        depots.abandon_depot(depot)
    passage = Passage.objects.get(relais=Relais.SIECLE)
    assert (passage.etat, passage.tache.etat) == (EtatPassage.ANNULE, EtatTache.FAIT)
    with pytest.raises(DepotPerime):
        depots.abandon_depot(depot)
    with pytest.raises(DepotPerime):
        depots.abandon_depot(Depot.objects.get(pk=depot.pk))


def has_links(ecole, count):
    """Give the school ten links, then a draft that closes ``count`` of them."""
    acte = ecole.actes.create(nature="nuit", instant=LUNDI - HEURE)
    eleve = ecole.eleves.get(eleve_id="1001")
    for rang in range(10):
        groupe = ecole.groupes.get_or_create(code=GROUPES[rang] if rang < 2 else f"6X{rang}")[0]
        LienGroupe.objects.create(
            etablissement=ecole, eleve=eleve, groupe=groupe, depuis=LUNDI - HEURE, ouvert_par=acte
        )
    FicheGroupe = type(ecole.groupes.get(code="6AGL1").fiches.get())
    modele = FicheGroupe.objects.get(groupe__code="6AGL1")
    for groupe in ecole.groupes.filter(code__startswith="6X"):
        modele.pk, modele.groupe = None, groupe
        modele.save(force_insert=True)
    gardes = list(ecole.groupes.values_list("code", flat=True))[count:]
    return make_depot(ecole, {"1001": gardes})


def test_closing_a_tenth_of_the_links_needs_no_confirmation(ecole):
    depot = has_links(ecole, 1)
    assert not depots.needs_confirmation(depots.judge_depot(depot).verdict)
    assert depots.confirm_depot(depot, None, LUNDI).etat == EtatDepot.DEPOSE


def test_closing_more_than_a_tenth_is_held_until_that_very_figure_is_confirmed(ecole):
    depot = has_links(ecole, 2)
    for figure in (None, 1, 3):
        with pytest.raises(ConfirmationRequise) as exc:
            depots.confirm_depot(depot, None, LUNDI, suppressions_confirmees=figure)
        assert (exc.value.suppressions, exc.value.avant) == (2, 10)
    depot.refresh_from_db()
    assert depot.etat == EtatDepot.CONTROLE
    assert not Passage.objects.filter(relais=Relais.SIECLE).exists()
    assert depots.confirm_depot(depot, None, LUNDI, suppressions_confirmees=2).etat == EtatDepot.DEPOSE


@pytest.mark.parametrize(
    ("abime", "code"),
    [
        (lambda nom, octets: (nom, octets[:-30]), "zip_illisible"),
        (lambda nom, octets: ("liens.zip", octets), "nom_mal_forme"),
        (lambda nom, octets: (nom, b""), "fichier_vide"),
        (lambda nom, octets: (nom.replace("ELEGROUPE2026", "ELEGROUPE2025"), octets), "nom_different"),
    ],
)
def test_a_refused_file_leaves_no_row_and_no_byte(ecole, abime, code):
    avant = stored_files()
    nom, flux = make_zip(ecole, TOUS)
    nom, octets = abime(nom, flux.getvalue())
    with pytest.raises(FichierRefuse) as exc:
        depots.control_depot(ecole, BytesIO(octets), nom, None, LUNDI)
    assert exc.value.code == code
    assert not Depot.objects.exists()
    assert stored_files() == avant


def test_the_file_of_another_school_or_another_year_is_refused(ecole):
    autre = make_etablissement(2)
    for nom, flux, code in (
        (*make_zip(autre, TOUS), "uai_different"),
        (*make_zip(ecole, TOUS, annee="2025"), "annee_differente"),
    ):
        with pytest.raises(FichierRefuse) as exc:
            depots.control_depot(ecole, flux, nom, None, LUNDI)
        assert exc.value.code == code
    assert not Depot.objects.exists()


def test_a_school_without_eleves_is_told_to_load_them_first():
    etablissement = make_etablissement(annee=ANNEE)
    nom, flux = make_zip(etablissement, TOUS)
    with pytest.raises(FichierRefuse) as exc:
        depots.control_depot(etablissement, flux, nom, None, LUNDI)
    assert exc.value.code == "export_eleves_manquant"


def test_a_full_disk_leaves_no_row_and_no_byte(ecole, monkeypatch):
    avant = stored_files()
    nom, flux = make_zip(ecole, TOUS)

    def fail(descripteur):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        depots.control_depot(ecole, flux, nom, None, LUNDI)
    assert not Depot.objects.exists()
    assert stored_files() == avant


def test_a_row_that_cannot_be_written_leaves_no_byte(ecole, monkeypatch):
    avant = stored_files()
    nom, flux = make_zip(ecole, TOUS)

    def fail(**champs):
        raise RuntimeError

    monkeypatch.setattr(Depot.objects, "create", fail)
    with pytest.raises(RuntimeError):
        depots.control_depot(ecole, flux, nom, None, LUNDI)
    assert stored_files() == avant


def test_an_extension_in_capitals_inside_the_zip_is_no_obstacle(ecole):
    nom, flux = make_zip(ecole, TOUS)
    racine = nom.removesuffix(".zip")
    with ZipFile(flux) as origine:
        xml = origine.read(f"{racine}.xml")
    renomme = BytesIO()
    with ZipFile(renomme, "w") as archive:
        archive.writestr(f"{racine}.XML", xml)
    depot = depots.control_depot(ecole, renomme, nom, None, LUNDI)
    assert depot.nom == racine
    assert len(depots.judge_depot(depot).verdict.liens) == 8


def test_stored_bytes_lie_under_an_opaque_name_readable_by_the_site_only(ecole, settings):
    depot = make_depot(ecole, TOUS)
    chemin = Path(settings.DEPOTS_DIR) / depot.chemin
    assert "ELEGROUPE" not in depot.chemin
    assert chemin.stat().st_mode & 0o077 == 0
    assert chemin.parent.stat().st_mode & 0o077 == 0
    stockage.remove(depot.chemin)
    stockage.remove(depot.chemin)

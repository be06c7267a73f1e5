"""Loading a school from its exports: refused files, drafts, guards, versions, stale links."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from exchanges.enums import EtatChargement, NatureActe, Relais, Role, TypeFichier
from exchanges.models import Acte, Chargement, FicheEleve, FichierCharge, Passage
from exchanges.parsers import records
from exchanges.pipeline import chargements, lots, stockage
from exchanges.pipeline.chargements import ChargementPerime, ConfirmationRetraits
from tests.makers import (
    ELEVES,
    GROUPES,
    LUNDI,
    PERIODE,
    deposit,
    load,
    make_eleve,
    make_etablissement,
    make_fichier_eleves,
    make_fichiers,
    make_flux,
    make_utilisateur,
    make_zip,
    name_flux,
    set_clock,
)
from tests.pipeline.makers import held_links, pass_time, stored_files


pytestmark = pytest.mark.django_db

HEURE = timedelta(hours=1)
JOUR = timedelta(days=1)
MATIN = LUNDI + 22 * HEURE  # Tuesday, eight o'clock, after the night


@pytest.fixture
def etablissement():
    etablissement = make_etablissement()
    set_clock(etablissement.academie, LUNDI)
    return etablissement


def control(etablissement, flux, now=LUNDI):
    return chargements.control_files(etablissement, flux, None, now)


def refusals(lot):
    return [(refus.nom, refus.code) for refus in lot.refus]


def test_a_draft_shows_what_would_change_and_changes_nothing(etablissement):
    chargement, lot = control(etablissement, name_flux(make_fichiers(etablissement)))
    assert (chargement.etat, lot.annee, lot.refus) == (EtatChargement.CONTROLE, "2026", [])
    assert {f.type: f.annee for f in chargement.fichiers.all()} == dict.fromkeys(
        ("BEE_ELEVES", "BEE_STRUCTURES", "BEE_COMMUN"), "2026"
    )
    apercu = chargements.preview_chargement(chargement)
    assert {c.table.libelle: len(c.ouverts) for c in apercu.changements} == {
        "élèves": 4,
        "liens élève-groupe": 0,
        "divisions (BEE)": 1,
        "groupes (BEE)": 2,
    }
    assert apercu.champs_etablissement == {"annee": "2026", "debut_eleves": PERIODE.debut, "fin_eleves": PERIODE.fin}
    etablissement.refresh_from_db()
    assert (etablissement.annee, etablissement.version_referentiel) == ("", 0)
    assert not FicheEleve.objects.exists()


def test_applying_writes_the_rows_the_year_one_act_and_the_relays(etablissement):
    chargement = load(etablissement)
    assert (chargement.etat, chargement.applique_le) == (EtatChargement.APPLIQUE, LUNDI)
    assert FicheEleve.objects.courants().count() == 4
    assert (etablissement.annee, etablissement.debut_eleves) == ("2026", PERIODE.debut)
    assert (etablissement.version_referentiel, etablissement.version_liens) == (1, 0)
    acte = Acte.objects.get()
    assert (acte.nature, acte.instant, acte.chargement) == (NatureActe.CHARGEMENT, LUNDI, chargement)
    assert set(Passage.objects.values_list("relais", flat=True)) == {Relais.AAF, Relais.ENT, Relais.GAR, Relais.MOODLE}
    assert chargement.resume["tables"][0] == {
        **{"table": "élèves", "ajoutes": 4, "modifies": 0},
        **{"retires": 0, "inchanges": 0},
    }


def test_the_same_files_again_write_no_fact_no_act_and_no_version(etablissement):
    load(etablissement)
    lignes = list(FicheEleve.objects.values())
    second = load(etablissement, make_fichiers(etablissement), LUNDI + HEURE)
    assert second.etat == EtatChargement.APPLIQUE
    assert second.resume["tables"][0]["inchanges"] == 4
    assert list(FicheEleve.objects.values()) == lignes
    assert (etablissement.version_referentiel, Acte.objects.count()) == (1, 1)


def test_the_act_names_who_applied_not_who_prepared(etablissement):
    prepare, applique = (
        make_utilisateur(nom, Role.SECRETARIAT, etablissement=etablissement) for nom in ("prepare", "applique")
    )
    flux = name_flux(make_fichiers(etablissement))
    chargement, _ = chargements.control_files(etablissement, flux, prepare, LUNDI)
    assert chargement.utilisateur == prepare
    chargements.apply_chargement(chargement, applique, LUNDI)
    assert Acte.objects.get().utilisateur == chargement.utilisateur == applique


def test_applying_or_giving_up_twice_is_refused(etablissement):
    chargement = load(etablissement)
    with pytest.raises(ChargementPerime):
        chargements.apply_chargement(chargement, None, LUNDI)
    with pytest.raises(ChargementPerime):
        chargements.abandon_chargement(chargement)
    assert Acte.objects.count() == 1


def test_giving_up_removes_the_bytes_and_changes_nothing(etablissement):
    avant = stored_files()
    chargement, _ = control(etablissement, name_flux(make_fichiers(etablissement)))
    assert len(stored_files() - avant) == 3
    chargements.abandon_chargement(chargement)
    chargement.refresh_from_db()
    assert chargement.etat == EtatChargement.ABANDONNE
    assert stored_files() == avant
    assert not FicheEleve.objects.exists()
    with pytest.raises(FileNotFoundError):
        chargements.preview_chargement(chargement)


def test_files_of_another_school_or_year_and_deposits_are_refused_and_the_others_go_on(etablissement):
    load(etablissement)
    autre = make_etablissement(2)
    flux = [
        ("autre.xml", make_flux(make_fichier_eleves(autre, [make_eleve()]))),
        ("vieux.xml", make_flux(make_fichier_eleves(etablissement, [make_eleve()], annee="2025"))),
        ("abime.xml", BytesIO(b"<BEE_ELEVES>")),
        make_zip(etablissement, {"1001": GROUPES}),
        ("bon.xml", make_flux(make_fichiers(etablissement)[1])),
    ]
    chargement, lot = control(etablissement, flux, LUNDI + HEURE)
    assert refusals(lot) == [
        ("abime.xml", "xml_mal_forme"),
        ("autre.xml", "fichier_autre_etablissement"),
        ("vieux.xml", "fichier_autre_annee"),
        (flux[3][0], "elegroupe"),
    ]
    assert [fichier.nom for fichier in chargement.fichiers.all()] == ["bon.xml"]
    assert [ligne[1] for ligne in chargement.resume["refus"]] == [code for _, code in refusals(lot)]


@pytest.mark.parametrize(
    ("modele", "type_fichier", "code", "dit"),
    [
        (records.FichierPrive, TypeFichier.PRIVE, "rien_a_charger", "PRIVE"),
        (records.FichierGeographique, TypeFichier.GEOGRAPHIQUE, "sans_objet", "Géographique"),
        (records.FichierEtablissements, TypeFichier.ETABLISSEMENTS, "sans_objet", "Établissements"),
        (records.FichierEmploiDuTemps, TypeFichier.EMPLOI_DU_TEMPS, "rien_a_charger", "ENT"),
    ],
)
def test_a_file_that_is_read_but_has_nothing_to_load_says_what_to_do(etablissement, modele, type_fichier, code, dit):
    """Even of a later year: it never opens that year by itself."""
    fichier = modele(records.Entete(type_fichier, etablissement.uai, "2030"))
    chargement, lot = control(etablissement, [("autre.xml", make_flux(fichier))])
    assert chargement is None
    assert refusals(lot) == [("autre.xml", code)]
    assert lot.refus[0].is_sans_gravite == (code == "sans_objet")
    assert lot.annee == etablissement.annee
    assert dit in lot.refus[0].message
    assert lot.refus[0].action


def test_nothing_is_stored_when_every_file_is_refused(etablissement):
    avant = stored_files()
    chargement, lot = control(etablissement, [("vide.xml", BytesIO(b"")), ("page.xml", BytesIO(b"<html></html>"))])
    assert chargement is None
    assert refusals(lot) == [("vide.xml", "fichier_vide"), ("page.xml", "page_html")]
    assert stored_files() == avant
    assert not Chargement.objects.exists()


def test_a_full_disk_at_the_second_file_leaves_no_row_and_no_byte(etablissement, monkeypatch):
    avant = stored_files()
    ranges = []

    def store(flux, ecole, store=stockage.store):
        if ranges:
            raise OSError(28, "No space left on device")
        ranges.append(store(flux, ecole))
        return ranges[0]

    monkeypatch.setattr(stockage, "store", store)
    with pytest.raises(OSError, match="No space left"):
        control(etablissement, name_flux(make_fichiers(etablissement)))
    assert ranges
    assert stored_files() == avant
    assert not Chargement.objects.exists()


def test_two_files_handed_in_under_one_name_are_both_loaded(etablissement):
    flux = [("export.xml", make_flux(fichier)) for fichier in make_fichiers(etablissement)]
    chargement, lot = control(etablissement, flux)
    assert lot.refus == []
    assert len({fichier.chemin for fichier in chargement.fichiers.all()}) == 3
    chargements.apply_chargement(chargement, None, LUNDI)
    assert FicheEleve.objects.courants().count() == 4
    etablissement.refresh_from_db()
    assert etablissement.debut_eleves == PERIODE.debut


def test_several_exports_in_one_zip_share_their_bytes(etablissement):
    memoire = BytesIO()
    with ZipFile(memoire, "w") as archive:
        for nom, flux in name_flux(make_fichiers(etablissement)):
            archive.writestr(nom, flux.read())
    chargement, _ = control(etablissement, [("tout.zip", memoire)])
    assert set(chargement.fichiers.values_list("nom", flat=True)) == {"tout.zip"}
    assert len(set(chargement.fichiers.values_list("chemin", flat=True))) == 1
    chargements.apply_chargement(chargement, None, LUNDI)
    assert FicheEleve.objects.courants().count() == 4


def test_of_two_exports_of_one_type_the_latest_counts_and_the_other_is_said(etablissement):
    vieux = make_fichier_eleves(etablissement, [make_eleve("1009")], LUNDI - JOUR)
    flux = [("neuf.xml", make_flux(make_fichiers(etablissement)[0])), ("vieux.xml", make_flux(vieux))]
    chargement, lot = control(etablissement, flux)
    assert refusals(lot) == [("vieux.xml", "fichier_en_double")]
    chargements.apply_chargement(chargement, None, LUNDI)
    assert set(FicheEleve.objects.values_list("eleve__eleve_id", flat=True)) == set(ELEVES)


def test_an_export_older_than_the_one_loaded_is_said(etablissement):
    load(etablissement, make_fichiers(etablissement, quand=LUNDI))
    vieux = make_fichiers(etablissement, quand=LUNDI - HEURE)
    lot = lots.read_lot(etablissement, name_flux(vieux))
    assert [a.objet for a in lot.anomalies if a.code == "export_plus_ancien"] == [
        "BEE_ELEVES",
        "BEE_STRUCTURES",
        "BEE_COMMUN",
    ]
    assert not lots.read_lot(etablissement, name_flux(make_fichiers(etablissement, quand=LUNDI))).anomalies


def test_a_whole_batch_of_the_next_year_opens_that_year(etablissement):
    load(etablissement)
    load(etablissement, make_fichiers(etablissement, annee="2027", quand=LUNDI + HEURE), LUNDI + HEURE)
    assert etablissement.annee == "2027"
    lot = lots.read_lot(etablissement, name_flux(make_fichiers(etablissement, annee="2026")))
    assert {code for _, code in refusals(lot)} == {"fichier_autre_annee"}


def test_removing_more_than_a_tenth_of_a_table_must_be_confirmed(etablissement):
    dix = [make_eleve(str(numero)) for numero in range(1001, 1011)]
    load(etablissement, make_fichiers(etablissement, eleves=dix))
    neuf, _ = control(etablissement, name_flux([make_fichier_eleves(etablissement, dix[1:])]))
    chargements.apply_chargement(neuf, None, LUNDI + HEURE)
    assert FicheEleve.objects.courants().count() == 9
    sept, _ = control(etablissement, name_flux([make_fichier_eleves(etablissement, dix[3:])]))
    assert [c.table.libelle for c in chargements.preview_chargement(sept).retraits_massifs] == ["élèves"]
    with pytest.raises(ConfirmationRetraits):
        chargements.apply_chargement(sept, None, LUNDI + 2 * HEURE)
    sept.refresh_from_db()
    assert (sept.etat, FicheEleve.objects.courants().count()) == (EtatChargement.CONTROLE, 9)
    chargements.apply_chargement(sept, None, LUNDI + 2 * HEURE, has_retraits_confirmes=True)
    assert FicheEleve.objects.courants().count() == 7


def test_an_export_from_before_the_night_does_not_undo_its_links(etablissement):
    ecole = etablissement
    load(ecole, now=LUNDI - HEURE)
    deposit(ecole, dict.fromkeys(ELEVES, GROUPES))
    pass_time(ecole, MATIN)
    nuit = held_links(ecole)
    assert len(nuit) == 8
    sans_liens = make_fichier_eleves(ecole, map(make_eleve, ELEVES), LUNDI + HEURE)
    load(ecole, [sans_liens], MATIN)
    assert held_links(ecole) == nuit
    ecole.refresh_from_db()
    assert ecole.version_liens == 1


def test_an_export_from_after_the_night_replaces_its_links(etablissement):
    load(etablissement, now=LUNDI - HEURE)
    deposit(etablissement, dict.fromkeys(ELEVES, GROUPES))
    pass_time(etablissement, MATIN)
    eleves = [make_eleve(eleve_id, groupes=("6AGL1",)) for eleve_id in ELEVES]
    load(etablissement, [make_fichier_eleves(etablissement, eleves, MATIN)], MATIN + HEURE)
    assert held_links(etablissement) == {(eleve_id, "6AGL1") for eleve_id in ELEVES}
    assert len(held_links(etablissement, MATIN)) == 8
    assert etablissement.version_liens == 2


def test_a_batch_that_waited_while_another_was_applied_never_goes_back_in_time(etablissement):
    """Its instant was read before the lock: rows opened meanwhile must be closed, not lost."""
    eleves = make_fichiers(etablissement)
    load(etablissement, eleves, LUNDI + HEURE)
    changes = [make_eleve(eleve_id, division="6B") for eleve_id in ELEVES]
    load(etablissement, [make_fichier_eleves(etablissement, changes, LUNDI + HEURE)], LUNDI)
    instants = list(Acte.objects.order_by("pk").values_list("instant", flat=True))
    assert instants == sorted(instants)
    fiches = FicheEleve.objects.filter(eleve__eleve_id="1001").order_by("depuis")
    assert [fiche.division.code for fiche in fiches if fiche.jusqua is None] == ["6B"]
    assert all(fiche.depuis >= LUNDI + HEURE for fiche in fiches)


def test_files_are_remembered_with_their_type_date_and_fingerprint(etablissement):
    load(etablissement, make_fichiers(etablissement, quand=LUNDI))
    fichier = FichierCharge.objects.get(type=TypeFichier.ELEVES)
    assert (fichier.horodatage, len(fichier.empreinte)) == (LUNDI, 64)


@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        ({"nom_usage": "A" * 101}, "nom_usage (101 caractères, 100 au plus)"),
        ({"eleve_id": "1" * 13, "ine": ""}, "eleve_id (13 caractères, 12 au plus)"),
        ({"division": "D" * 21}, "code (21 caractères, 20 au plus)"),
    ],
)
def test_a_value_that_no_real_export_holds_refuses_its_file_and_not_the_others(etablissement, champs, dit):
    eleves, structures, communs = make_fichiers(etablissement, eleves=[make_eleve(**({"eleve_id": "1001"} | champs))])
    chargement, lot = control(etablissement, name_flux([eleves, structures, communs]))
    (refus,) = lot.refus
    assert (refus.nom, refus.code) == ("BEE_ELEVES.xml", "valeur_trop_longue")
    assert dit in refus.message
    chargements.apply_chargement(chargement, None, LUNDI)
    assert not FicheEleve.objects.exists()
    assert etablissement.groupes.count() == 2


@pytest.mark.parametrize("annee", ["abcd", "20266", "2026-2027"])
def test_a_year_that_is_no_year_never_becomes_that_of_the_school(etablissement, annee):
    chargement, lot = control(etablissement, name_flux(make_fichiers(etablissement, annee=annee)))
    assert chargement is None
    assert {code for _, code in refusals(lot)} == {"fichier_autre_annee"}


def test_edt_alone_never_opens_a_later_year(etablissement):
    load(etablissement)
    fichier = records.FichierEDT(records.Entete(TypeFichier.EDT_STS, etablissement.uai, "2030"))
    chargement, lot = control(etablissement, name_flux([fichier]))
    assert chargement is None
    assert refusals(lot) == [("EDT_STS.xml", "fichier_autre_annee")]


def test_edt_alone_gives_its_year_to_a_school_that_has_none(etablissement):
    fichier = records.FichierEDT(records.Entete(TypeFichier.EDT_STS, etablissement.uai, "2026"))
    load(etablissement, [fichier])
    assert etablissement.annee == "2026"

"""A batch of exports: what it would change, applying it, giving it up."""

from datetime import timedelta

from exchanges.enums import EtatChargement
from exchanges.models import FicheEleve
from exchanges.pipeline import chargements, stockage
from exchanges.pipeline.nuits import run_until
from tests.makers import ELEVES, LUNDI, MARDI_2H, deposit, load, make_eleve, make_fichiers, name_flux
from tests.makers_sts import make_edt, make_sts
from tests.views.pages import text, url


def make_brouillon(ecole, fichiers=None):
    """A draft of these exports."""
    flux = name_flux(fichiers or make_fichiers(ecole))
    return chargements.control_files(ecole, flux, None, LUNDI)[0]


def with_eleves(ecole, *eleves):
    return make_fichiers(ecole, eleves=eleves)


def test_identical_files_change_nothing_and_say_so(secretaire, ecole):
    page = text(secretaire.get(url("chargement_detail", ecole, make_brouillon(ecole).pk)))
    assert "Rien ne change" in page
    assert "Élèves 0 0 0 4" in page


def test_preview_shows_files_figures_and_samples(secretaire, ecole):
    autres = [make_eleve(e) for e in ELEVES[1:]]
    modifie = make_eleve("1001", prenom="Lou")
    nouveau = make_eleve("1009")
    brouillon = make_brouillon(ecole, with_eleves(ecole, modifie, nouveau, *autres))
    page = text(secretaire.get(url("chargement_detail", ecole, brouillon.pk)))
    assert "Élèves (SIECLE) 2026 lundi 7 septembre à 10 h" in page
    assert "Élèves 1 1 0 3" in page
    assert "MODELE1009" in page
    assert "prénom : Maëlys → Lou" in page
    assert not FicheEleve.objects.filter(eleve__eleve_id="1009").exists()


def test_samples_are_bounded(secretaire, ecole):
    eleves = [*map(make_eleve, ELEVES), *(make_eleve(str(numero)) for numero in range(2000, 2025))]
    page = text(secretaire.get(url("chargement_detail", ecole, make_brouillon(ecole, with_eleves(ecole, *eleves)).pk)))
    assert "et 15 autres" in page
    assert page.count("MODELE20") == 10


def test_anomalies_are_grouped_by_rule_with_their_repair(secretaire, ecole):
    eleves = [make_eleve(eleve_id, ine="") for eleve_id in ELEVES]
    page = text(secretaire.get(url("chargement_detail", ecole, make_brouillon(ecole, with_eleves(ecole, *eleves)).pk)))
    assert "4 – L'élève n'a pas d'INE." in page
    assert "ouvrez un dossier d'assistance SIECLE-BEE" in page


def test_applying_changes_the_facts_and_tells_when_the_ent_will_show_it(secretaire, ecole):
    brouillon = make_brouillon(ecole, with_eleves(ecole, *map(make_eleve, (*ELEVES, "1009"))))
    reponse = secretaire.post(url("chargement_apply", ecole, brouillon.pk), follow=True)
    assert FicheEleve.objects.courants().filter(eleve__eleve_id="1009").exists()
    assert "L'ENT montrera ces données" in text(reponse)
    brouillon.refresh_from_db()
    assert brouillon.utilisateur.username == "secretaire"


def test_massive_removal_needs_its_box(secretaire, ecole):
    brouillon = make_brouillon(ecole, with_eleves(ecole, make_eleve("1001")))
    adresse = url("chargement_apply", ecole, brouillon.pk)
    refus = secretaire.post(adresse)
    assert refus.status_code == 422
    assert "Rien n'a été appliqué" in text(refus)
    assert "Retraits importants" in text(refus)
    assert FicheEleve.objects.courants().count() == 4
    secretaire.post(adresse, {"retraits": "1"})
    assert FicheEleve.objects.courants().count() == 1


def test_applying_twice_is_told(secretaire, ecole):
    brouillon = make_brouillon(ecole)
    adresse = url("chargement_apply", ecole, brouillon.pk)
    secretaire.post(adresse)
    assert "rien n'a été modifié cette fois-ci" in text(secretaire.post(adresse, follow=True))


def test_giving_up_changes_nothing(secretaire, ecole):
    brouillon = make_brouillon(ecole, with_eleves(ecole, make_eleve("1001")))
    secretaire.post(url("chargement_abandon", ecole, brouillon.pk))
    brouillon.refresh_from_db()
    assert brouillon.etat == EtatChargement.ABANDONNE
    assert FicheEleve.objects.courants().count() == 4
    assert "Abandonné" in text(secretaire.get(url("chargement_detail", ecole, brouillon.pk)))
    assert "déjà été" in text(secretaire.post(url("chargement_abandon", ecole, brouillon.pk), follow=True))


def test_purged_files_are_told_without_a_failure(secretaire, ecole):
    brouillon = make_brouillon(ecole)
    for fichier in brouillon.fichiers.all():
        stockage.remove(fichier.chemin)
    assert "Les fichiers ne sont plus là" in text(secretaire.get(url("chargement_detail", ecole, brouillon.pk)))
    reponse = secretaire.post(url("chargement_apply", ecole, brouillon.pk), follow=True)
    assert "Rien n'a été modifié." in text(reponse)


def test_export_older_than_the_night_leaves_the_links_alone_and_says_so(secretaire, ecole):
    deposit(ecole, {"1001": ["6AGL1"]})
    list(run_until(MARDI_2H + timedelta(hours=5)))
    brouillon = make_brouillon(ecole, make_fichiers(ecole, quand=LUNDI - timedelta(hours=1)))
    page = text(secretaire.get(url("chargement_detail", ecole, brouillon.pk)))
    assert "Les liens élève-groupe sont laissés comme ils sont" in page


def test_edt_preview_shows_first_what_sts_loses_and_what_it_refuses(secretaire, ecole):
    load(ecole, [make_sts(ecole)])
    page = text(secretaire.get(url("chargement_detail", ecole, make_brouillon(ecole, [make_edt(ecole, ["6é"])]).pk)))
    assert page.index("l'import d'EDT annule et remplace") < page.index("Fichiers Fichier")
    assert "Groupes (STS) – retirés 6AGL1" in page
    assert "6AGL1 – 030201 (CG) – ESSAI Lou" in page
    assert "conserver les services … ? », répondez Non" in page
    assert "Le groupe « 6é » est refusé" in page


def test_edt_preview_reassures_when_nothing_is_lost(secretaire, ecole):
    load(ecole, [make_sts(ecole)])
    page = text(secretaire.get(url("chargement_detail", ecole, make_brouillon(ecole, [make_edt(ecole)]).pk)))
    assert "Rien n'est écrasé" in page


def test_other_files_say_nothing_of_an_import_into_sts(secretaire, ecole):
    assert "annule et remplace" not in text(secretaire.get(url("chargement_detail", ecole, make_brouillon(ecole).pk)))

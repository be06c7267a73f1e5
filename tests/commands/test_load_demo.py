"""The demonstration: an académie with a past, in simulated time."""

from datetime import date

import pytest

from exchanges.models import Academie, Depot, Etablissement, FicheEleve, ProjetENT, Utilisateur
from exchanges.propagation.exemples import EXEMPLES
from exchanges.propagation.horloge import Horloge
from exchanges.reports.annuaire import annuaire_of
from tests.commands.conftest import run_json


pytestmark = pytest.mark.django_db


def test_the_demo_has_schools_people_files_and_a_past(settings):
    reponse = run_json("load_demo", "--echelle", "0.1")
    horloge = Horloge(Academie.objects.get())
    assert (horloge.is_simulee, horloge.maintenant.date()) == (True, date(2026, 9, 7))
    assert set(Utilisateur.objects.values_list("username", flat=True)) == set(reponse["comptes"])
    assert Depot.objects.filter(etat="importe").count() == 3
    deposes = set(Depot.objects.values_list("etablissement", flat=True))
    for etablissement in Etablissement.objects.select_related("academie", "projet_ent"):
        annuaire = annuaire_of(etablissement, date(2026, 9, 7))
        assert any(annuaire.groupes.values()) == (etablissement.pk in deposes)
        zips = list((settings.DATA_DIR / "exemples" / etablissement.uai).glob("*ELEGROUPE*.zip"))
        assert len(zips) == 1
        attendu = "Région Sud (collèges)" if etablissement.type == "CLG" else "Atrium (lycées)"
        assert etablissement.projet_ent.nom == attendu
    vides = [e for e in Etablissement.objects.all() if not FicheEleve.objects.filter(etablissement=e).exists()]
    assert len(vides) == 1, "one school is left to be loaded by the trainee"


def test_loading_the_demo_twice_changes_nothing():
    run_json("load_demo", "--echelle", "0.1")
    avant = FicheEleve.objects.count()
    run_json("load_demo", "--echelle", "0.1")
    assert FicheEleve.objects.count() == avant


def test_the_example_projets_are_installed_once_then_put_right():
    noms = {exemple.nom for exemple in EXEMPLES}
    assert run_json("load_projets")["projets"] == dict.fromkeys(noms, "créé")
    assert run_json("load_projets")["projets"] == dict.fromkeys(noms, "inchangé")
    ProjetENT.objects.filter(nom="eCollège31").update(jours_conservation=3, seuil_retraits=50)
    assert run_json("load_projets")["projets"]["eCollège31"] == "mis à jour"
    projet = ProjetENT.objects.get(nom="eCollège31")
    assert (projet.jours_conservation, projet.seuil_retraits) == (42, 50)


def test_the_example_projets_are_those_of_the_guides_and_pass_every_check():
    run_json("load_projets")
    delais = {p.nom: (p.heures_ent, p.heures_moodle, p.jours_conservation) for p in ProjetENT.objects.all()}
    assert delais["Atrium (lycées)"] == (72, 96, 56)
    assert delais["Région Sud (collèges)"][:2] == (48, None)
    assert (delais["eCollège31"][2], delais["ENTmip"][2]) == (42, 56)
    assert ProjetENT.objects.get(nom="Lycée Connecté").has_gar
    for projet in ProjetENT.objects.all():
        projet.full_clean()


def test_the_demo_leaves_a_projet_that_was_set_by_hand_as_it_is():
    run_json("load_projets")
    ProjetENT.objects.filter(nom="Atrium (lycées)").update(heures_ent=48)
    run_json("load_demo", "--echelle", "0.1")
    assert ProjetENT.objects.get(nom="Atrium (lycées)").heures_ent == 48

"""The demonstration: an académie with a past, in simulated time."""

from datetime import date

import pytest

from exchanges.models import Academie, Depot, Etablissement, FicheEleve, Utilisateur
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
    vides = [e for e in Etablissement.objects.all() if not FicheEleve.objects.filter(etablissement=e).exists()]
    assert len(vides) == 1, "one school is left to be loaded by the trainee"


def test_loading_the_demo_twice_changes_nothing():
    run_json("load_demo", "--echelle", "0.1")
    avant = FicheEleve.objects.count()
    run_json("load_demo", "--echelle", "0.1")
    assert FicheEleve.objects.count() == avant

"""The findings follow the files: they come, stay with their date, and go by themselves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from exchanges.enums import TypeFichier
from exchanges.models import Constat
from exchanges.parsers.records import FichierResponsables, LienResponsable, Personne
from exchanges.pipeline import constats
from exchanges.pipeline.constats import find_ecart, rebuild_constats
from exchanges.pipeline.nuits import run_until
from exchanges.pipeline.stockage import remove
from tests.makers import ELEVES, LUNDI, MARDI_2H, deposit, load, make_ecole, make_eleve, make_entete, make_fichiers


pytestmark = pytest.mark.django_db

MARDI = LUNDI + timedelta(days=1)
ZOE = Personne("501", "GALET", "Zoé", tel_portable="+33639980001", mel="zoe@example.org", profession="37")
ZOE = replace(ZOE, adresse=("1 RUE DU LAVOIR",), code_postal="99001", commune="FLEURVILLE")
DOUBLE = replace(ZOE, personne_id="502", mel="")


@pytest.fixture
def ecole():
    return make_ecole()


def load_eleves(ecole, quand=LUNDI, **champs):
    """The default élèves, the first of them changed."""
    load(ecole, make_fichiers(ecole, eleves=[make_eleve("1001", **champs), *map(make_eleve, ELEVES[1:])], quand=quand))


def load_responsables(ecole, *personnes, quand=LUNDI):
    """Each person answers for one élève of the default school, from the first on."""
    liens = [LienResponsable(eleve, p.personne_id, "1", "10") for eleve, p in zip(ELEVES, personnes, strict=False)]
    entete = make_entete(ecole, TypeFichier.RESPONSABLES, quand, "2026")
    load(ecole, [FichierResponsables(entete, personnes=personnes, liens=tuple(liens))], quand)


def held(ecole, code):
    return list(ecole.constats.filter(code=code).values_list("eleve", "responsable", "autre", "objet"))


def test_a_finding_comes_with_the_file_and_goes_with_the_repair(ecole):
    load_eleves(ecole, nationalite="")
    (constat,) = ecole.constats.filter(liste="fiches-bloquantes")
    assert (constat.eleve, constat.nom, constat.division, constat.depuis) == ("1001", "MODELE1001 Maëlys", "6A", LUNDI)
    assert "la nationalité" in constat.message
    load_eleves(ecole, quand=MARDI)
    assert not ecole.constats.filter(liste="fiches-bloquantes").exists()


def test_a_finding_that_still_holds_keeps_its_date_and_tells_what_is_left(ecole):
    load_eleves(ecole, nationalite="", regime="")
    avant = ecole.constats.get(liste="fiches-bloquantes")
    load_eleves(ecole, quand=MARDI, nationalite="")
    apres = ecole.constats.get(liste="fiches-bloquantes")
    assert (apres.pk, apres.depuis) == (avant.pk, LUNDI)
    assert "le régime" in avant.message
    assert "le régime" not in apres.message


def test_one_eleve_has_one_line_in_a_list_whatever_is_wrong(ecole):
    load_eleves(ecole, mef="123", nationalite="")
    (constat,) = ecole.constats.filter(liste="fiches-bloquantes")
    assert "la nationalité" in constat.message
    assert "« 123 »" in constat.message


def test_what_the_base_does_not_keep_is_judged_with_its_file_and_kept_without_it(ecole):
    load_responsables(ecole, replace(ZOE, profession=""))
    assert held(ecole, "fiche_a_completer") == [("1001", "", "", "")]
    load_eleves(ecole, quand=MARDI, regime="1")
    assert held(ecole, "fiche_a_completer") == [("1001", "", "", "")]
    load_responsables(ecole, ZOE, quand=MARDI)
    assert held(ecole, "fiche_a_completer") == []


def test_the_repair_is_seen_even_when_no_kept_fact_changed(ecole):
    """The profession is not kept: loading it changes no row, and no version."""
    load_responsables(ecole, replace(ZOE, profession=""))
    version = ecole.version_referentiel
    load_responsables(ecole, ZOE, quand=MARDI)
    assert (ecole.version_referentiel, held(ecole, "fiche_a_completer")) == (version, [])


def test_an_eleve_who_left_has_no_fiche_to_complete(ecole):
    load_responsables(ecole, replace(ZOE, profession=""))
    load_eleves(ecole, quand=MARDI, date_sortie=MARDI.date(), motif_sortie="10")
    assert held(ecole, "fiche_a_completer") == []


def test_a_pair_of_responsables_tells_its_evidence_and_stays_until_their_next_file(ecole):
    load_responsables(ecole, ZOE, DOUBLE)
    (constat,) = ecole.constats.filter(liste="responsables-en-double")
    assert (constat.responsable, constat.autre, constat.confiance) == ("501", "502", "forte")
    assert "même adresse postale" in constat.message
    load_eleves(ecole, quand=MARDI, regime="1")
    assert ecole.constats.get(pk=constat.pk).message == constat.message
    load_responsables(ecole, ZOE, quand=MARDI)
    assert held(ecole, "responsable_en_double") == []


def test_the_login_is_that_of_the_projet(ecole):
    adulte = replace(ZOE, nom_de_famille="M. MME MANENTE", prenom="Guy Et Yvette")
    load_responsables(ecole, adulte)
    constat = ecole.constats.get(liste="identifiants")
    assert (constat.responsable, constat.login) == ("501", "guy_et_yvette.m._mme_manente")
    assert "civilité" in constat.message and "deux personnes" in constat.message
    ecole.projet_ent.forme_login = "compacte"
    ecole.projet_ent.save()
    assert not find_ecart(ecole).is_vide
    rebuild_constats(ecole, MARDI)
    constat.refresh_from_db()
    assert (constat.login, constat.depuis) == ("guyetyvette.mmmemanente", LUNDI)


def test_the_night_brings_names_of_groupes_and_judges_nothing_else(ecole, monkeypatch):
    monkeypatch.setattr(constats, "judge", None)  # not to be called: no fact of the referentiel changes
    deposit(ecole, {"1001": ["LAT/GREC"]})
    list(run_until(MARDI_2H))
    (constat,) = ecole.constats.filter(liste="noms-de-groupes")
    assert (constat.objet, constat.depuis) == ("LAT/GREC", MARDI_2H)
    assert "Nom proposé" in constat.message
    deposit(ecole, {"1001": ["6AGL1"]}, now=MARDI)
    list(run_until(MARDI_2H + timedelta(days=1)))
    assert not ecole.constats.exists()


def test_the_findings_of_another_school_are_left_alone(ecole):
    autre = make_ecole(2)
    load_eleves(autre, nationalite="")
    load_eleves(ecole, nationalite="")
    load_eleves(ecole, quand=MARDI)
    assert autre.constats.count() == 1


def test_rebuilding_proves_or_mends(ecole):
    load_responsables(ecole, ZOE, DOUBLE)
    load_eleves(ecole, nationalite="")
    assert find_ecart(ecole).is_vide
    Constat.objects.filter(liste="fiches-bloquantes").delete()
    ecole.constats.filter(liste="responsables-en-double").update(confiance="faible")
    faux = find_ecart(ecole)
    assert (len(faux.nouveaux), len(faux.modifies), len(faux.repares)) == (1, 1, 0)
    rebuild_constats(ecole, MARDI)
    assert find_ecart(ecole).is_vide
    assert ecole.constats.get(liste="responsables-en-double").confiance == "forte"


def test_without_the_bytes_of_the_responsables_what_they_gave_is_kept(ecole):
    load_responsables(ecole, ZOE, DOUBLE)
    for fichier in ecole.chargements.latest("pk").fichiers.all():
        remove(fichier.chemin)
    ecart = rebuild_constats(ecole, MARDI)
    assert (ecart.is_vide, ecart.has_responsables) == (True, False)
    assert held(ecole, "responsable_en_double") == [("", "501", "502", "")]

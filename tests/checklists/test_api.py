"""The reading API: what a tool of the académie receives, and what it is refused."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from checklists.enums import EtatEcole
from exchanges.enums import EtatPassage, Relais, Role
from exchanges.models import Compteurs, Depot, Jeton, Passage, ReleveHebdo
from exchanges.pipeline import jetons
from exchanges.pipeline.chargements import control_files
from exchanges.pipeline.compteurs import CHAMPS, refresh_compteurs
from exchanges.pipeline.jetons import create_jeton, revoke_jeton
from exchanges.pipeline.nuits import run_until
from tests.makers import (
    LUNDI,
    deposit,
    make_academie,
    make_etablissement,
    make_fichiers,
    make_flux,
    make_projet,
    make_utilisateur,
    set_clock,
)
from tests.views.machines import get


@pytest.fixture
def jeton(ecole):
    """The token of the académie, as its tool holds it."""
    return create_jeton("Tableau de bord", ecole.academie, timezone.now())[1]


def adresse(nom, academie, *args, **requete):
    return reverse(f"checklists:api_{nom}", args=[academie.code, *args], query=requete or None)


def read(jeton, nom, academie, *args, **requete):
    """The JSON of an answer that succeeds."""
    reponse = get(adresse(nom, academie, *args, **requete), jeton)
    assert reponse.status_code == 200, reponse.content
    return reponse.json()


def run_the_night(ecole, jours=2):
    fin = LUNDI + timedelta(days=jours)
    set_clock(ecole.academie, fin)
    list(run_until(fin))


# The dashboard


def test_dashboard_tells_every_figure_kept_of_a_school(ecole, jeton):
    deposit(ecole, {"1001": ["6AGL1"], "1002": ["INCONNU"]})
    run_the_night(ecole)
    corps = read(jeton, "etablissement_list", ecole.academie)
    assert {cle: corps[cle] for cle in ("academie", "jour", "page", "pages", "par_page", "total")} == {
        "academie": "AC1",
        "jour": "2026-09-09",
        "page": 1,
        "pages": 1,
        "par_page": 50,
        "total": 1,
    }
    [decrit] = corps["etablissements"]
    assert (decrit["uai"], decrit["denomination"], decrit["annee"]) == (ecole.uai, ecole.denomination, "2026")
    assert decrit["projet"] == {"id": ecole.projet_ent_id, "nom": ecole.projet_ent.nom}
    compteurs = Compteurs.objects.get()
    assert set(decrit["compteurs"]) == set(CHAMPS)
    assert decrit["compteurs"]["depot_le"] == "2026-09-07T10:00:00+02:00"
    for champ in ("cr_codes", "cr_lus", "eleves", "is_sts_a_exporter", "etat", "raisons", "rentree_etats"):
        assert decrit["compteurs"][champ] == getattr(compteurs, champ)
    seul = read(jeton, "etablissement_detail", ecole.academie, ecole.uai)
    assert seul == {"academie": "AC1", "jour": "2026-09-09"} | decrit


def test_school_without_figures_yet_is_there(ecole, jeton):
    vide = make_etablissement(2)
    assert read(jeton, "etablissement_detail", ecole.academie, vide.uai)["compteurs"] is None


@pytest.fixture
def trois(ecole):
    """Three schools of one académie that differ in everything."""
    for rang, champs in ((2, {"type": "LYC", "departement": "013"}), (3, {"type": "LP", "bassin": "Étang"})):
        etablissement = make_etablissement(rang, projet_ent=make_projet(f"projet {rang}"), **champs)
        refresh_compteurs(etablissement, LUNDI)
        Compteurs.objects.filter(pk=etablissement.pk).update(etat=EtatEcole.MUET, doublons=rang)
    Compteurs.objects.filter(pk=etablissement.pk).update(rentree_etape="5b", cr_codes={"GROUPE_A_01": 2})
    Compteurs.objects.filter(pk=ecole.pk).update(etat=EtatEcole.ORDRE, doublons=0)
    return ecole.academie


def uais(corps):
    return [int(etablissement["uai"][3:7]) for etablissement in corps["etablissements"]]


@pytest.mark.parametrize(
    ("requete", "attendus"),
    [
        ({}, [1, 2, 3]),
        ({"type": "LYC"}, [2]),
        ({"departement": "013"}, [2]),
        ({"bassin": "Étang"}, [3]),
        ({"etat": "muet"}, [2, 3]),
        ({"etat": "muet", "type": "LP"}, [3]),
        ({"etape": "5b"}, [3]),
        ({"code": "GROUPE_A_01"}, [3]),
        ({"tri": "-doublons"}, [3, 2, 1]),
        ({"tri": "etat"}, [2, 3, 1]),
        ({"tri": "-uai", "par_page": "2"}, [3, 2]),
        ({"tri": "-uai", "par_page": "2", "page": "2"}, [1]),
        ({"par_page": "2", "page": "3"}, []),
        ({"type": "CLG", "departement": "999"}, []),
    ],
)
def test_dashboard_is_filtered_sorted_and_paged(trois, jeton, requete, attendus):
    corps = read(jeton, "etablissement_list", trois, **requete)
    assert uais(corps) == attendus
    assert corps["pages"] == (2 if "par_page" in requete else 1)


def test_dashboard_is_filtered_by_projet(trois, jeton):
    projet = trois.etablissements.get(type="LP").projet_ent_id
    assert uais(read(jeton, "etablissement_list", trois, projet=str(projet))) == [3]


# Exchanges, relays, weeks


def test_deposits_tell_figures_and_anomalies_by_code_and_nobody(ecole, jeton):
    deposit(ecole, {"1001": ["6AGL1"], "1002": ["INCONNU"], "1003": ["INCONNU"]})
    Depot.objects.update(utilisateur=make_utilisateur("Camille Modèle", Role.SECRETARIAT, etablissement=ecole))
    run_the_night(ecole)
    reponse = get(adresse("echange_list", ecole.academie, ecole.uai), jeton)
    depot, chargement = reponse.json()["echanges"]
    assert (depot["genre"], depot["etat"], depot["mode"]) == ("depot", "importe", "manuel")
    assert (depot["chiffres"]["eleves_lus"], depot["chiffres"]["absents"]) == (3, 1)
    assert depot["annonce"]["eleves_lus"] == 3
    assert [(a["section"], a["code"], a["nombre"]) for a in depot["anomalies"]] == [("anomalie", "GROUPE_A_01", 2)]
    assert depot["anomalies"][0]["titre"]
    assert (depot["controle_le"], depot["importe_le"]) == ("2026-09-07T10:00:00+02:00", "2026-09-08T02:00:00+02:00")
    assert (chargement["genre"], chargement["etat"]) == ("chargement", "applique")
    assert {fichier["type"] for fichier in chargement["fichiers"]} == {"BEE_ELEVES", "BEE_STRUCTURES", "BEE_COMMUN"}
    assert any(table["ajoutes"] == 4 for table in chargement["changements"])
    texte = reponse.content.decode()
    for secret in ("MODELE", "Modèle", "Maëlys", "1001", "1002", "6A", "INCONNU"):
        assert secret not in texte


def test_deposit_that_waits_has_no_figures_of_the_night(ecole, jeton):
    deposit(ecole, {"1001": ["6AGL1"]})
    depot = read(jeton, "echange_list", ecole.academie, ecole.uai)["echanges"][0]
    assert (depot["etat"], depot["chiffres"], depot["anomalies"]) == ("depose", None, [])
    assert depot["annonce"]["liens_crees"] == 1


def test_refused_files_are_counted_by_code_without_their_names(ecole, jeton):
    [eleves, *_] = make_fichiers(ecole, quand=LUNDI)
    flux = [("Dupont Zoé.xml", make_flux(eleves)), ("MARTIN.xml", make_flux(make_fichiers(make_etablissement(2))[0]))]
    control_files(ecole, flux, None, LUNDI)
    reponse = get(adresse("echange_list", ecole.academie, ecole.uai), jeton)
    assert reponse.json()["echanges"][0]["refus"] == {"fichier_autre_etablissement": 1}
    assert "Dupont" not in reponse.content.decode()
    assert "MARTIN" not in reponse.content.decode()


def test_exchanges_are_paged_newest_first(ecole, jeton):
    deposit(ecole, {"1001": ["6AGL1"]})
    pages = [
        read(jeton, "echange_list", ecole.academie, ecole.uai, par_page="1", page=str(page)) for page in (1, 2, 3)
    ]
    assert [[echange["genre"] for echange in page["echanges"]] for page in pages] == [["depot"], ["chargement"], []]
    assert {(page["total"], page["pages"]) for page in pages} == {(2, 2)}


def test_passages_tell_what_ran_and_what_will(ecole, jeton):
    deposit(ecole, {"1001": ["6AGL1"]})
    run_the_night(ecole)
    passages = read(jeton, "passage_list", ecole.academie, ecole.uai, par_page="200")["passages"]
    assert [p["prevu_le"] for p in passages] == sorted((p["prevu_le"] for p in passages), reverse=True)
    faits = {p["relais"]: p for p in passages if p["etat"] == EtatPassage.FAIT}
    assert faits[Relais.SIECLE]["depot"] == Depot.objects.get().pk
    assert faits[Relais.AAF]["bilan"]["aaf"]
    assert EtatPassage.PREVU in {p["etat"] for p in passages}


def test_reason_typed_by_somebody_is_not_told(ecole, jeton):
    deposit(ecole, {"1001": ["6AGL1"]})
    pks = list(Passage.objects.values_list("pk", flat=True)[:2])
    Passage.objects.filter(pk=pks[0]).update(etat=EtatPassage.SAUTE, motif="Zoé était absente", bilan={"saute_par": 1})
    Passage.objects.filter(pk=pks[1]).update(etat=EtatPassage.ECHEC, motif="L'ENT n'a encore rien chargé.")
    passages = {p["id"]: p for p in read(jeton, "passage_list", ecole.academie, ecole.uai)["passages"]}
    assert (passages[pks[0]]["motif"], passages[pks[0]]["bilan"]) == (None, {})
    assert passages[pks[1]]["motif"] == "L'ENT n'a encore rien chargé."


def test_weeks_are_those_between_two_mondays(ecole, jeton):
    ReleveHebdo.objects.all().delete()
    for jour in (7, 14, 21):
        ReleveHebdo.objects.create(etablissement=ecole, lundi=date(2026, 9, jour), donnees={"eleves": jour})
    autre = make_etablissement(2)
    ReleveHebdo.objects.create(etablissement=autre, lundi=date(2026, 9, 14), donnees={"eleves": 1})

    def weeks(**requete):
        releves = read(jeton, "releve_list", ecole.academie, **requete)["releves"]
        return [(r["lundi"], r["uai"], r["donnees"]["eleves"]) for r in releves]

    assert weeks(depuis="2026-09-14", jusqua="2026-09-20") == [
        ("2026-09-14", ecole.uai, 14),
        ("2026-09-14", autre.uai, 1),
    ]
    assert [eleves for *_, eleves in weeks(uai=ecole.uai)] == [7, 14, 21]
    assert [eleves for *_, eleves in weeks(uai=ecole.uai, depuis="2026-09-21")] == [21]


# Queries


def test_ten_schools_and_ten_deposits_cost_as_many_queries_as_one(ecole, jeton, monkeypatch):
    monkeypatch.setattr(jetons, "PAR_MINUTE", 100)
    deposit(ecole, {"1001": ["INCONNU"]})
    run_the_night(ecole)
    Jeton.objects.update(dernier_usage_le=timezone.now() + timedelta(hours=1))  # noted once a minute, not in this test
    avant = count_queries(ecole, jeton)
    for rang in range(2, 11):
        refresh_compteurs(make_etablissement(rang), LUNDI)
        deposit(ecole, {"1001": ["INCONNU", f"AUTRE{rang}"]}, LUNDI + timedelta(days=2, minutes=rang))
    assert count_queries(ecole, jeton) == avant
    assert max(avant) <= 9


def count_queries(ecole, jeton):
    nombres = []
    for nom, args in (
        ("etablissement_list", []),
        ("etablissement_detail", [ecole.uai]),
        ("echange_list", [ecole.uai]),
        ("passage_list", [ecole.uai]),
        ("releve_list", []),
    ):
        with CaptureQueriesContext(connection) as requetes:
            read(jeton, nom, ecole.academie, *args)
        nombres.append(len(requetes))
    return nombres


# What has not changed is not sent again


def test_same_answer_is_not_sent_twice(ecole, jeton):
    chemin = adresse("etablissement_list", ecole.academie)
    etag = get(chemin, jeton)["ETag"]
    entetes = {"Authorization": f"Bearer {jeton}", "If-None-Match": etag}
    encore = Client().get(chemin, headers=entetes)
    assert (encore.status_code, encore.content, encore["ETag"]) == (304, b"", etag)
    assert encore["Cache-Control"] == "private, no-cache"
    Compteurs.objects.update(doublons=12)
    assert Client().get(chemin, headers=entetes).status_code == 200


# Refused


ADRESSES = ("etablissement_list", "etablissement_detail", "echange_list", "passage_list", "releve_list")


def chemin(nom, academie, uai):
    return adresse(nom, academie, *([] if nom.endswith("ent_list") or nom == "releve_list" else [uai]))


def assert_refused(reponse, status, code):
    assert (reponse.status_code, reponse.json()["code"]) == (status, code), reponse.content
    assert "Rien n'a été fait." in reponse.json()["message"]
    assert reponse.json()["action"]
    assert not reponse.cookies


@pytest.mark.parametrize("nom", ADRESSES)
def test_a_reading_token_of_the_academie_opens_and_nothing_else(ecole, jeton, dane, nom):
    academie = ecole.academie
    ouverte = chemin(nom, academie, ecole.uai)
    assert get(ouverte, jeton).status_code == 200
    assert_refused(Client().get(ouverte), 401, "jeton_absent")
    assert_refused(dane.get(ouverte), 401, "jeton_absent")
    assert_refused(get(ouverte, "entsite_inconnu"), 401, "jeton_inconnu")
    assert_refused(get(ouverte, create_jeton("EDT", ecole, timezone.now())[1]), 403, "jeton_autre_usage")
    autre = make_academie("AC2")
    etranger = make_etablissement(2, academie=autre)
    assert_refused(get(chemin(nom, autre, etranger.uai), jeton), 404, "introuvable")
    assert_refused(get(ouverte, create_jeton("AC2", autre, timezone.now())[1]), 404, "introuvable")
    if ecole.uai in ouverte:
        assert_refused(get(chemin(nom, academie, etranger.uai), jeton), 404, "introuvable")


@pytest.mark.parametrize("methode", ["post", "put", "patch", "delete", "options"])
def test_nothing_is_written(ecole, jeton, methode):
    for nom in ADRESSES:
        cible = chemin(nom, ecole.academie, ecole.uai)
        reponse = getattr(Client(), methode)(cible, headers={"Authorization": f"Bearer {jeton}"})
        assert_refused(reponse, 405, "methode_refusee")
        assert reponse["Allow"] == "GET, HEAD"


def test_spent_tokens_are_told_where_to_make_another(ecole, jeton, monkeypatch):
    cible = adresse("etablissement_list", ecole.academie)
    monkeypatch.setattr(jetons, "PAR_MINUTE", 1)
    moment = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: moment)
    assert get(cible, jeton).status_code == 200
    trop = get(cible, jeton)
    assert_refused(trop, 429, "trop_d_appels")
    assert 0 < int(trop["Retry-After"]) <= 60
    revoke_jeton(Jeton.objects.get(), moment)
    assert_refused(get(cible, jeton), 403, "jeton_revoque")
    assert "« Jetons de lecture »" in get(cible, jeton).json()["action"]


@pytest.mark.parametrize(
    ("nom", "requete", "code"),
    [
        ("etablissement_list", "couleur=bleu", "parametre_inconnu"),
        ("etablissement_detail", "page=1", "parametre_inconnu"),
        ("etablissement_list", "page=1&page=2", "parametre_repete"),
        ("etablissement_list", "page=0", "parametre_illisible"),
        ("etablissement_list", "page=", "parametre_illisible"),
        ("etablissement_list", "page=%D9%A3", "parametre_illisible"),
        ("etablissement_list", "par_page=201", "parametre_illisible"),
        ("etablissement_list", "etat=parfait", "parametre_illisible"),
        ("etablissement_list", "tri=mot_de_passe", "parametre_illisible"),
        ("etablissement_list", "bassin=%00", "parametre_illisible"),
        ("etablissement_list", "type=CLG%0A", "parametre_illisible"),
        ("releve_list", "depuis=lundi", "parametre_illisible"),
        ("releve_list", "depuis=2026-02-30", "parametre_illisible"),
        ("releve_list", "depuis=2026-09-14&jusqua=2026-09-07", "dates_inversees"),
    ],
)
def test_what_is_asked_for_badly_is_said(ecole, jeton, nom, requete, code):
    assert_refused(get(f"{chemin(nom, ecole.academie, ecole.uai)}?{requete}", jeton), 400, code)

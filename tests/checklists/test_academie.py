"""The dashboard of the DANE: what it shows, how it is narrowed, sorted, kept, exported, and for whom."""

import csv
import io
import re
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from checklists.models import VueEnregistree
from checklists.pilotage.tableau import COLONNES
from exchanges.enums import Role
from exchanges.models import Utilisateur
from tests.checklists.makers_academie import (
    CETTE_SEMAINE,
    SEMAINE_D_AVANT,
    listed,
    make_releve,
    make_suivi,
    uais,
    url,
)
from tests.makers import (
    LUNDI,
    make_etablissement,
    make_uai,
    make_utilisateur,
)
from tests.views.conftest import connect
from tests.views.pages import assert_fragment_is_part_of_page, text


@pytest.fixture
def dane(academie):
    return connect(make_utilisateur("dane", Role.DANE, academie=academie))


# One line per school


def test_a_school_is_one_line_with_every_figure(dane, academie):
    make_suivi(
        1,
        {"ville": "Fleurville"},
        etat="difficulte",
        raisons=[{"code": "retards_nombreux", "chiffres": {"retards": 4}}],
        cr_rejets=7,
        cr_anomalies=2,
        cr_codes={"GROUPE_A_01": 7, "ELEGRP_A_03": 2},
        cr_precedent={"lus": 180, "absents": 20, "rejets": 9, "anomalies": 2, "codes": {"GROUPE_A_01": 9}},
        groupes_vides_ent=3,
        is_sts_a_exporter=True,
        fiches_bloquantes=5,
        doublons=6,
        multi_inscriptions=1,
        prochain_relais="ENT",
        prochain_le=LUNDI + timedelta(days=3, hours=-4),
        prochain_effet={"liens": 12, "fiches": 1},
        relais_en_echec=2,
        rentree_retards=4,
        rentree_etats={"9": "en_retard", "12": "en_retard"},
    )
    page = text(dane.get(url("dashboard")))
    assert "Collège d'essai 1 0990001N Fleurville En difficulté" in page
    assert "Étapes de la rentrée en retard : 4." in page
    for attendu in (
        "8 sur 13",
        "4 n° 9, 12",
        "03/09/2026 Importé",
        "4 jours",
        "150 −30",
        "50 +30",
        "7 −2",
        "2 =",
        "GROUPE_A_01 : 7 (−2), ELEGRP_A_03 : 2 (+2)",
        "75 % 150 sur 200",
        "3 sur 20",
        "Oui",
        "ENT 10/09 à 6 h",
        "12 liens, 1 fiche",
    ):
        assert attendu in page, attendu


def test_a_school_without_figures_says_so(dane, academie):
    make_etablissement(1)
    page = text(dane.get(url("dashboard", query="colonnes=projet&colonnes=absents")))
    assert "1 établissement n'a pas encore de chiffres" in page
    assert "Pas encore de chiffres ENT d'essai –" in page


def test_schools_without_figures_are_listed_by_the_filter(dane, academie):
    make_suivi(1)
    make_suivi(2, etat="")
    make_etablissement(3)
    assert listed(dane, "etat=inconnu&tri=ecole") == uais(2, 3)
    contenu = dane.get(url("dashboard", query="tri=ecole")).content.decode()
    assert '<a href="?etat=inconnu&amp;tri=ecole">2 établissements' in contenu
    filtree = dane.get(url("dashboard", query="etat=inconnu"))
    assert "Lignes 1 à 2 sur 2" in text(filtree)
    assert "?etat=inconnu&amp;tri" not in filtree.content.decode().partition("<table")[0]


def test_the_whole_academie_keeps_sort_and_columns(dane, academie):
    make_suivi(1)
    attendu = 'href="?tri=-age&amp;colonnes=age&amp;colonnes=lus"'
    for texte in ("essai", "introuvable"):
        query = f"etat=en_ordre&texte={texte}&tri=-age&colonnes=age&colonnes=lus"
        contenu = dane.get(url("dashboard", query=query)).content.decode()
        assert f"<a {attendu}>Toute l'académie" in contenu
        assert contenu.count(attendu) == (2 if texte == "introuvable" else 1)


@pytest.mark.parametrize("tri", ["", "inconnu"])
@pytest.mark.parametrize("nom", ["dashboard", "heatmap"])
def test_the_usual_sort_is_told_by_its_column(nom, tri, dane, academie):
    make_suivi(1)
    contenu = dane.get(url(nom, query=f"tri={tri}")).content.decode()
    (entete,) = re.findall(r'<th scope="col" aria-sort="ascending"><a[^>]*>(\w+)', contenu)
    assert entete == "État"
    assert "tri=-etat" in contenu


def test_an_academie_without_school_says_who_brings_them(dane):
    for nom in ("dashboard", "heatmap", "tendance"):
        assert "Aucun établissement dans votre académie" in text(dane.get(url(nom)))


def test_the_four_figures_narrow_the_list_and_tell_the_week(dane, academie):
    etats = ("en_ordre", "a_surveiller", "difficulte", "muet", "muet")
    for rang, etat in enumerate(etats, start=1):
        ecole = make_suivi(rang, etat=etat)
        make_releve(ecole, SEMAINE_D_AVANT, etat="a_surveiller" if rang == 4 else etat)
    page = text(dane.get(url("dashboard")))
    assert "1 en ordre comme la semaine dernière" in page
    assert "1 à surveiller ▼ −1 en une semaine" in page
    assert "2 muets ▲ +1 en une semaine" in page
    assert listed(dane, "etat=muet") == uais(4, 5)
    assert "2 muets (filtré)" in text(dane.get(url("dashboard", query="etat=muet")))
    assert "1 en difficulté" in text(dane.get(url("dashboard", query="etat=muet")))


@pytest.mark.parametrize("query", ["", "texte=introuvable"])
@pytest.mark.parametrize("nom", ["dashboard", "heatmap"])
def test_a_skip_link_leads_to_the_list_whatever_it_holds(nom, query, dane, academie):
    make_suivi(1)
    contenu = dane.get(url(nom, query=query)).content.decode()
    assert contenu.index('href="#liste"') < contenu.index("<header")
    assert contenu.count('id="liste" tabindex="-1"') == 1


# Columns, saved views


def test_the_columns_of_the_address_are_shown_and_kept_by_every_link(dane, academie):
    make_suivi(1, {"bassin": "Nord"})
    contenu = dane.get(url("dashboard", query="colonnes=bassin&colonnes=age&colonnes=inconnue")).content.decode()
    assert re.findall(r'data-label="([^"]+)"', contenu) == ["État", "Bassin", "Âge du dépôt"]
    liens = re.findall(r'class="sort-link" href="([^"]+)"', contenu)
    assert all("colonnes=bassin&amp;colonnes=age" in lien for lien in liens)


def test_a_view_is_kept_under_a_name_replaced_and_deleted(dane, academie):
    make_suivi(1, etat="muet")
    requete = "etat=muet&tri=-absents&colonnes=age&page=2&texte=&intrus=1"
    reponse = dane.post(url("vue_save"), {"nom": "Muets", "requete": requete})
    vue = VueEnregistree.objects.get()
    assert vue.requete == "etat=muet&tri=-absents&colonnes=age"
    assert reponse["Location"] == url("dashboard", query=vue.requete)
    assert "Muets" in text(dane.get(reponse["Location"]))
    dane.post(url("vue_save"), {"nom": "Muets", "requete": "etat=muet"})
    assert VueEnregistree.objects.get().requete == "etat=muet"
    dane.post(url("vue_delete", VueEnregistree.objects.get().pk))
    assert not VueEnregistree.objects.exists()


@pytest.mark.parametrize(
    ("nom", "requete", "attendu"),
    [("", "etat=muet", "Donnez un nom à la vue."), ("Longue", "texte=" + "x" * 1200, "Cette vue est trop longue")],
)
def test_a_view_that_cannot_be_kept_is_refused_in_words(nom, requete, attendu, dane, academie):
    reponse = dane.post(url("vue_save"), {"nom": nom, "requete": requete}, follow=True)
    assert attendu in text(reponse)
    assert not VueEnregistree.objects.exists()


def test_a_person_has_thirty_views_at_most(dane, academie):
    personne = Utilisateur.objects.get(username="dane")
    VueEnregistree.objects.bulk_create(VueEnregistree(utilisateur=personne, nom=f"Vue {n}") for n in range(30))
    assert "supprimez-en une" in text(dane.post(url("vue_save"), {"nom": "De trop"}, follow=True))
    dane.post(url("vue_save"), {"nom": "Vue 3", "requete": "etat=muet"})
    assert VueEnregistree.objects.count() == 30
    assert VueEnregistree.objects.get(nom="Vue 3").requete == "etat=muet"


def test_nobody_deletes_the_view_of_somebody_else(dane, academie):
    autre = make_utilisateur("collegue", Role.DANE, academie=academie)
    vue = VueEnregistree.objects.create(utilisateur=autre, nom="La sienne")
    assert dane.post(url("vue_delete", vue.pk)).status_code == 404
    assert dane.get(url("vue_delete", vue.pk)).status_code == 405
    assert VueEnregistree.objects.filter(pk=vue.pk).exists()


# Exports


def test_csv_holds_exactly_what_is_filtered_all_pages_chosen_columns(dane, academie):
    for rang in range(1, 53):
        make_suivi(rang, etat="muet" if rang > 1 else "en_ordre", cr_absents=rang)
    query = "etat=muet&tri=-absents&colonnes=absents&colonnes=depot&page=2"
    reponse = dane.get(url("dashboard_export", "csv", query=query))
    lignes = list(csv.reader(io.StringIO(reponse.content.decode("utf-8-sig")), delimiter=";"))
    assert lignes[0] == ["UAI", "Établissement", "Ville", "État", "Dernier dépôt", "Absents"]
    assert lignes[1] == [make_uai(52), "Collège d'essai 52", "", "Muet", "03/09/2026 09:00", "52"]
    assert len(lignes) == 52
    assert 'filename="etablissements-2026-09-07.csv"' in reponse["Content-Disposition"]


def test_xlsx_holds_every_column(dane, academie):
    make_suivi(1, prochain_relais="ENT", prochain_le=LUNDI, cr_codes={"GROUPE_A_01": 2})
    make_etablissement(2)
    query = "&".join(f"colonnes={colonne.cle}" for colonne in COLONNES)
    feuille = load_workbook(io.BytesIO(dane.get(url("dashboard_export", "xlsx", query=query)).content)).active
    lignes = list(feuille.iter_rows(values_only=True))
    assert len(lignes[0]) == 4 + len(COLONNES)
    ligne = dict(zip(lignes[0], lignes[1], strict=True))
    assert (ligne["Âge du dépôt"], ligne["Part des absents (%)"], ligne["Par code"]) == (4, 25, "GROUPE_A_01 : 2")
    assert lignes[2][3] == "Pas encore de chiffres"
    assert dane.get(url("dashboard_export", "pdf")).status_code == 404


# A school beside the list


def test_a_school_opens_beside_the_list_with_its_reasons(dane, academie):
    ecole = make_suivi(1, etat="muet", raisons=[{"code": "rien_prouve", "chiffres": {"total": 13}}])
    page = dane.get(url("school_panel", ecole.uai, query="etat=muet"))
    assert "Aucune des étapes de cette rentrée n'est prouvée (13 étapes)." in text(page)
    assert "Appelez la direction" in text(page)
    assert f"{url('dashboard')}?etat=muet#ligne-{ecole.uai}" in page.content.decode()
    assert_fragment_is_part_of_page(dane, url("school_panel", ecole.uai))
    liste = dane.get(url("dashboard", query="etat=muet")).content.decode()
    assert f'hx-get="{url("school_panel", ecole.uai, query="etat=muet")}"' in liste


def test_chosen_schools_or_all_that_is_filtered_go_to_what_may_be_done(dane, academie):
    make_suivi(1, etat="muet")
    make_suivi(2)
    contenu = dane.get(url("dashboard", query="etat=muet&tri=-absents&page=1")).content.decode()
    formulaire = contenu[contenu.index('<form id="selection"') :]
    formulaire = formulaire[: formulaire.index("</form>")]
    assert f'method="get" action="{url("selection")}"' in formulaire
    caches = [("etat", "muet"), ("tri", "-absents"), ("page", "1")]
    assert re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', formulaire) == caches
    assert re.findall(r'name="uai" value="(\w+)"', formulaire) == uais(1)
    assert 'name="tous" value="1"' in formulaire


def test_the_way_back_keeps_the_filter_the_sort_the_page_and_the_ticks(dane, academie):
    make_suivi(1, etat="muet")
    query = f"etat=muet&tri=-absents&colonnes=age&page=2&lignes=toutes&uai={make_uai(1)}"
    contenu = dane.get(url("selection", query=query)).content.decode()
    retour = url("dashboard", query="etat=muet&tri=-absents&colonnes=age&page=2&lignes=toutes")
    assert contenu.count(f'href="{retour.replace("&", "&amp;")}#choix={make_uai(1)}"') == 2
    tous = dane.get(url("selection", query="etat=muet&tous=1")).content.decode()
    assert f'href="{url("dashboard", query="etat=muet")}"' in tous


def test_acting_on_nothing_comes_back_with_the_filter_and_says_so(dane, academie):
    make_suivi(1)
    reponse = dane.get(url("selection", query="etat=en_ordre&tri=-absents&page=1"), follow=True)
    assert reponse.redirect_chain[0][0] == url("dashboard", query="etat=en_ordre&tri=-absents&page=1")
    assert "Cochez au moins un établissement" in text(reponse)


def test_the_panel_closes_at_its_top_and_leads_to_a_letter(dane, academie):
    ecole = make_suivi(1, rentree_etape="12")
    contenu = dane.get(url("school_panel", ecole.uai, query="tri=-absents&page=2")).content.decode()
    retour = f'href="{url("dashboard")}?tri=-absents&amp;page=2#ligne-{ecole.uai}" data-close-panel'
    assert contenu.index(retour) < contenu.index("Ses chiffres") < contenu.rindex(retour)
    nouveau = f'href="{url("message_new")}?uai={ecole.uai}'
    assert f'{nouveau}">Écrire un message' in contenu
    assert f"{nouveau}&amp;modele=etape&amp;relance=12" in contenu
    finie = make_suivi(2, rentree_etape="")
    assert "relance=" not in dane.get(url("school_panel", finie.uai)).content.decode()


def test_the_code_of_an_anomaly_is_said_in_words_and_leads_to_its_rule(dane, academie):
    ecole = make_suivi(1, cr_codes={"GROUPE_B_01": 2, "GROUPE_A_01": 1200})
    contenu = dane.get(url("school_panel", ecole.uai)).content.decode()
    premier, second = (f'href="/aide/regles/#{code}">{code}</a>' for code in ("GROUPE_A_01", "GROUPE_B_01"))
    assert contenu.index(premier) < contenu.index(second)
    assert "GROUPE_B_01 : 2. L'élève n'a pas de MEF dans SIECLE." in text(dane.get(url("school_panel", ecole.uai)))
    assert 'id="GROUPE_B_01"' in dane.get("/aide/regles/").content.decode()
    assert "GROUPE_B_01 – L'élève n'a pas de MEF dans SIECLE." in text(dane.get(url("dashboard")))


# Swaps, queries


def test_the_fragment_is_part_of_the_page(dane, academie):
    make_suivi(1)
    for query in ("", "tri=-absents&colonnes=absents", "texte=rien"):
        assert_fragment_is_part_of_page(dane, url("dashboard", query=query))


def test_eight_queries_whatever_the_number_of_schools(dane, academie, django_assert_max_num_queries):
    make_suivi(1)
    make_releve(make_suivi(2), SEMAINE_D_AVANT)
    query = "etat=en_ordre&texte=essai&tri=-effet"
    with django_assert_max_num_queries(8) as avant:
        dane.get(url("dashboard", query=query))
    for rang in range(3, 61):
        make_releve(make_suivi(rang, {"bassin": f"Bassin {rang}"}), CETTE_SEMAINE)
    with django_assert_max_num_queries(len(avant)):
        assert len(listed(dane, query)) == 50
    with django_assert_max_num_queries(8):
        dane.get(url("dashboard_export", "csv"))

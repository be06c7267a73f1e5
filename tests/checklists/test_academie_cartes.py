"""The heat map, the weeks of the rentrée, and the lines that draw them."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest

from checklists.etapes import read_etapes
from checklists.pilotage.graphiques import ECART_NOMS, ETROIT, LARGE, Courbe, draw, round_up, spread
from checklists.pilotage.tendances import UN_AN
from exchanges.enums import Role
from tests.checklists.makers_academie import CETTE_SEMAINE, SEMAINE_D_AVANT, make_releve, make_suivi, url
from tests.makers import LUNDI, make_academie, make_etablissement, make_uai, make_utilisateur, set_clock
from tests.views.conftest import connect
from tests.views.pages import assert_fragment_is_part_of_page, text


@pytest.fixture
def academie(db):
    academie = make_academie()
    set_clock(academie, LUNDI)
    return academie


@pytest.fixture
def dane(academie):
    return connect(make_utilisateur("dane", Role.DANE, academie=academie))


def rows(client, query=""):
    """The UAI of the lines of the heat map, in order."""
    return re.findall(
        r'<th scope="row">.*?<small class="muted">(\w+)<', client.get(url("heatmap", query=query)).content.decode()
    )


# Heat map


def test_each_cell_says_its_state_by_a_sign_and_a_word(dane, academie):
    etats = ("prouvee", "declaree", "contredite", "bloquee", "en_retard", "a_faire")
    numeros = [etape.numero for etape in read_etapes()]
    make_suivi(1, rentree_etats=dict(zip(numeros, etats, strict=False)))
    page = dane.get(url("heatmap"))
    assert "✔ Prouvée D Déclarée ✖ Contredite B Bloquée R En retard · À faire inconnue" in text(page)
    contenu = page.content.decode()
    assert re.findall(r'<td class="case[^>]*data-label="([^"]+)"', contenu) == numeros
    assert contenu.count('<th scope="col"') == len(numeros) + 2
    assert 'aria-label="Légende"' in contenu


def test_schools_are_sorted_by_any_step_the_gravest_first(dane, academie):
    for rang, (neuf, dix) in enumerate((("prouvee", "a_faire"), ("en_retard", "prouvee"), ("bloquee", "bloquee")), 1):
        make_suivi(rang, rentree_etats={"9": neuf, "10": dix})
    make_etablissement(4)
    assert rows(dane, "tri=9") == [make_uai(rang) for rang in (2, 3, 1, 4)]
    assert rows(dane, "tri=-9") == [make_uai(rang) for rang in (1, 3, 2, 4)]
    assert rows(dane, "tri=10") == [make_uai(rang) for rang in (3, 1, 2, 4)]
    assert rows(dane, "tri=-ecole&texte=essai") == [make_uai(rang) for rang in (4, 3, 2, 1)]


def test_the_whole_map_fits_one_page_to_be_printed(dane, academie, django_assert_max_num_queries):
    for rang in range(1, 53):
        make_suivi(rang)
    assert len(rows(dane)) == 50
    with django_assert_max_num_queries(8):
        assert len(rows(dane, "lignes=toutes")) == 52


def test_the_filter_goes_from_a_page_to_the_others(dane, academie):
    make_suivi(1, etat="muet")
    for nom in ("dashboard", "heatmap", "tendance"):
        contenu = dane.get(url(nom, query="etat=muet")).content.decode()
        assert f'href="{url("heatmap", query="etat=muet")}"' in contenu
        assert f'href="{url("tendance", query="etat=muet")}"' in contenu
        assert_fragment_is_part_of_page(dane, url(nom, query="etat=muet"))


# Weeks


def test_each_week_is_added_up_and_stands_beside_that_of_last_year(dane, academie):
    un, deux = make_suivi(1), make_suivi(2)
    chiffres = {"rentree_prouvees": 6, "rentree_total": 13, "eleves": 100, "eleves_en_groupe": 90}
    chiffres |= {"cr_lus": 90, "cr_absents": 10, "cr_rejets": 3, "cr_anomalies": 1}
    make_releve(un, CETTE_SEMAINE, **chiffres)
    make_releve(deux, CETTE_SEMAINE, **chiffres | {"etat": "muet", "eleves": 300, "eleves_en_groupe": 30})
    make_releve(un, CETTE_SEMAINE - UN_AN, **chiffres | {"eleves_en_groupe": 50})
    page = text(dane.get(url("tendance")))
    assert "Semaine du Muet En difficulté À surveiller En ordre 07/09/2026 1 0 0 1 31/08/2026 – – – –" in page
    assert "Semaine du Cette année L'an dernier 07/09/2026 30 % 50 %" in page  # élèves en groupe: 120 of 400
    assert "07/09/2026 46 % 46 %" in page
    assert "07/09/2026 10 % 10 %" in page
    assert "07/09/2026 8 4" in page


def test_the_weeks_are_those_of_the_filtered_schools(dane, academie):
    un, deux = make_suivi(1, {"bassin": "Nord"}), make_suivi(2, {"bassin": "Sud"})
    make_releve(un, CETTE_SEMAINE, eleves=100, eleves_en_groupe=10)
    make_releve(deux, CETTE_SEMAINE, eleves=100, eleves_en_groupe=90)
    assert "07/09/2026 50 % –" in text(dane.get(url("tendance")))
    assert "07/09/2026 90 % –" in text(dane.get(url("tendance", query="bassin=Sud")))


def test_as_many_weeks_as_asked_for_in_few_queries(dane, academie, django_assert_max_num_queries):
    ecole = make_suivi(1)
    for rang in range(20):
        make_releve(ecole, SEMAINE_D_AVANT - timedelta(weeks=rang), eleves=10, eleves_en_groupe=5)
    with django_assert_max_num_queries(6):
        page = dane.get(url("tendance", query="semaines=8")).content.decode()
    assert "20/07/2026" in page
    assert "13/07/2026" not in page
    assert "13/07/2026" in dane.get(url("tendance", query="semaines=intrus")).content.decode()


def test_without_any_week_the_page_says_when_there_will_be(dane, academie):
    make_suivi(1)
    assert "Pas encore de semaine à montrer" in text(dane.get(url("tendance")))


def test_the_charts_carry_neither_inline_style_nor_localized_number(dane, academie):
    ecole = make_suivi(1)
    for rang in range(3):
        make_releve(ecole, CETTE_SEMAINE - timedelta(weeks=rang), eleves=7, eleves_en_groupe=rang)
    contenu = dane.get(url("tendance")).content.decode()
    assert "style=" not in contenu
    points = re.findall(r'<polyline points="([^"]+)"', contenu)
    assert points
    assert all(re.fullmatch(r"[\d.]+,[\d.]+( [\d.]+,[\d.]+)*", ligne) for ligne in points)


# Geometry


def test_a_line_goes_from_the_first_to_the_last_place_and_up_to_the_top():
    dessin = draw([Courbe("Part", (0, 50, 100))], ["a", "b", "c"], is_part=True)
    milieu = f"{(LARGE.gauche + LARGE.droite) // 2},{(LARGE.bas + LARGE.haut) // 2}"
    assert dessin.traces[0].lignes == (f"{LARGE.gauche},{LARGE.bas} {milieu} {LARGE.droite},{LARGE.haut}",)
    assert [palier.texte for palier in dessin.ordonnees] == ["0 %", "25 %", "50 %", "75 %", "100 %"]
    assert [nom.texte for nom in dessin.abscisses] == ["a", "b", "c"]


def test_a_hole_breaks_the_line_and_leaves_no_mark():
    trace = draw([Courbe("Muets", (1, None, 3, 4))], list("abcd")).traces[0]
    assert [len(ligne.split()) for ligne in trace.lignes] == [1, 2]
    assert trace.marques.count("M") == 3


def test_a_line_of_which_nothing_is_known_is_not_named():
    traces = draw([Courbe("Avant", (None, None)), Courbe("Après", (1, 2))], ["a", "b"]).traces
    assert [(trace.rang, trace.nom) for trace in traces] == [(2, "Après")]


def test_four_lines_differ_by_their_marks():
    traces = draw([Courbe(str(n), (5,)) for n in range(4)], ["a"]).traces
    assert len({trace.marques for trace in traces}) == 4
    assert len({trace.nom_y for trace in traces}) == 4


def test_a_long_axis_names_the_present_week_and_not_every_other():
    noms = [str(n) for n in range(52)]
    nommes = [nom.texte for nom in draw([Courbe("x", (0,) * 52)], noms).abscisses]
    assert nommes[-1] == "51"
    assert len(nommes) <= 8


def test_a_narrow_chart_names_its_lines_above_them_and_marks_fewer_weeks():
    noms = [str(n) for n in range(52)]
    dessin = draw([Courbe(str(n), (5,) * 52) for n in range(4)], noms, cadre=ETROIT)
    assert dessin.boite == "0 0 280 260"
    assert all(float(trace.nom_y) < ETROIT.haut - 10 for trace in dessin.traces)
    assert len({(trace.nom_x, trace.nom_y) for trace in dessin.traces}) == 4
    assert {trace.marques.count("M") for trace in dessin.traces} == {18}
    assert len(dessin.abscisses) == 4


def test_a_week_alone_is_marked_however_narrow_the_chart():
    valeurs = (*(None,) * 24, 3, *(None,) * 27)
    (trace,) = draw([Courbe("x", valeurs)], [str(n) for n in range(52)], cadre=ETROIT).traces
    assert trace.marques.count("M") == 1


@pytest.mark.parametrize(
    ("valeur", "sommet"), [(0, 4), (4, 4), (5, 8), (11, 20), (23, 40), (41, 80), (81, 100), (600, 800)]
)
def test_the_top_of_an_axis_is_a_round_number(valeur, sommet):
    assert round_up(valeur) == sommet


@pytest.mark.parametrize("hauteurs", [[100] * 4, [LARGE.bas] * 4, [LARGE.haut] * 4, [50, 200]])
def test_names_never_overlap_nor_leave_the_chart(hauteurs):
    places = sorted(spread(hauteurs))
    assert all(b - a >= ECART_NOMS for a, b in pairwise(places))
    assert LARGE.haut <= places[0] <= places[-1] <= LARGE.bas

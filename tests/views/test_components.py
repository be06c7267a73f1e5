"""Template tags and components: what a reader, a screen reader or a keyboard meets."""

from datetime import UTC, date, datetime

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from exchanges.rules.catalogue import ELEGROUPE
from exchanges.templatetags import entsite as tags
from exchanges.templatetags.tableaux import sort_header


def render(source, **context):
    return Template("{% load entsite %}" + source).render(Context(context))


def include(nom, **context):
    return render_to_string(f"components/{nom}.html", context)


def get(query=""):
    return RequestFactory().get(f"/depots/{query}")


# Words, dates, numbers


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2026, 9, 8), "mardi 8 septembre"),
        (date(2026, 2, 1), "dimanche 1er février"),
        (None, ""),
    ],
)
def test_jour_writes_the_day_as_the_screens_do(value, expected):
    assert tags.jour(value) == expected


@pytest.mark.parametrize(
    ("hour", "minute", "expected"),
    [(4, 0, "mardi 8 septembre à 6 h"), (12, 5, "mardi 8 septembre à 14 h 05")],
)
def test_jour_heure_is_in_the_current_time_zone(hour, minute, expected):
    with timezone.override("Europe/Paris"):
        assert tags.jour_heure(datetime(2026, 9, 8, hour, minute, tzinfo=UTC)) == expected


def test_an_overseas_school_reads_its_own_day():
    with timezone.override("Pacific/Noumea"):
        assert tags.jour_heure(datetime(2026, 9, 7, 19, 0, tzinfo=UTC)) == "mardi 8 septembre à 6 h"


def test_jour_heure_of_a_date_has_no_hour():
    assert tags.jour_heure(date(2026, 9, 8)) == "mardi 8 septembre"


def test_the_band_writes_the_year_and_the_minutes():
    with timezone.override("Europe/Paris"):
        instant = datetime(2026, 9, 7, 7, 0, tzinfo=UTC)
        assert (tags.jour_annee(instant), tags.heure(instant)) == ("lundi 7 septembre 2026", "9 h 00")


def test_nombre_separates_thousands_with_a_narrow_no_break_space():
    assert tags.nombre(6912) == "6\u202f912"
    assert tags.nombre(0) == "0"
    assert tags.nombre(None) == ""


@pytest.mark.parametrize(
    ("value", "forms", "expected"),
    [
        (0, "élève", "élève"),
        (1, "élève lu", "élève lu"),
        (2, "élève lu", "élèves lus"),
        (3, "réseau,réseaux", "réseaux"),
    ],
)
def test_pluriel_counts_as_french_does(value, forms, expected):
    assert tags.pluriel(value, forms) == expected


@pytest.mark.parametrize(("octets", "expected"), [(67108864, "64 Mo"), (1572864, "1,5 Mo"), (870400, "850 ko")])
def test_taille_is_written_as_file_managers_do(octets, expected):
    assert tags.taille(octets) == expected


# The query string


def test_query_replace_changes_one_parameter_and_keeps_the_others():
    html = render('{% query_replace tri="nom" page=None %}', request=get("?q=4A&page=3&tri=-nom"))
    assert html == "?q=4A&amp;tri=nom"


def test_query_without_repeats_the_other_filters_escaped():
    html = render('{% query_without "jour" %}', request=get('?jour=2026-09-08&q="><b>'))
    assert 'name="jour"' not in html
    assert '<input type="hidden" name="q" value="&quot;&gt;&lt;b&gt;">' in html


def test_shift_day_crosses_months():
    assert tags.shift_day(date(2026, 9, 1), -1) == date(2026, 8, 31)


# Components


@pytest.mark.parametrize(
    ("niveau", "mot"),
    [("info", "Information"), ("succes", "Succès"), ("attention", "Attention"), ("erreur", "Erreur")],
)
def test_an_alert_says_its_level_in_a_word(niveau, mot):
    html = include("alert", niveau=niveau, titre="Titre", texte="Texte")
    assert f"{mot} : " in html
    assert f"icons.svg#{niveau}" in html


def test_a_badge_is_never_colour_alone():
    html = include("badge", couleur="erreur", libelle="Refusé")
    assert "Refusé" in html
    assert "icons.svg#erreur" in html


def test_the_chain_reads_in_order_as_text():
    relais = [
        {"nom": nom, "etat": "à jour", "couleur": "succes", "quand": "", "detail": ""}
        for nom in ("EDT", "STS", "SIECLE", "ENT")
    ]
    html = include("chain", relais=relais)
    assert html.index("EDT") < html.index("STS") < html.index("SIECLE") < html.index(">ENT<")
    assert html.strip().startswith("<ol")


@pytest.mark.parametrize(
    ("tri", "aria", "suivant"),
    [
        ("nom", 'aria-sort="ascending"', "?q=4A&amp;tri=-nom"),
        ("-nom", 'aria-sort="descending"', "?q=4A&amp;tri=nom"),
        ("", "", "?q=4A&amp;tri=nom"),
    ],
)
def test_a_sort_header_tells_the_order_and_offers_the_other(tri, aria, suivant):
    html = sort_header({"request": get("?q=4A&page=2")}, "Nom", "nom", tri)
    assert aria in html
    assert ("aria-sort" in html) == bool(aria)
    assert f'href="{suivant}"' in html
    assert "hx-get" not in html


def test_a_sort_header_with_a_target_is_also_a_plain_link():
    html = sort_header({"request": get()}, "Nom", "nom", "", "liste")
    assert 'href="?tri=nom"' in html
    assert 'hx-get="/depots/?tri=nom"' in html
    assert 'hx-target="#liste"' in html


def test_pagination_keeps_the_filters_and_marks_the_current_page():
    page = Paginator(range(1240), 50).page(3)
    html = include("pagination", page=page, request=get("?q=4A&page=3"), cible="")
    assert "Lignes 101 à 150 sur 1\u202f240" in html
    assert 'href="?q=4A&amp;page=2"' in html
    assert html.count('aria-current="page"') == 1


def test_an_empty_list_has_no_pagination():
    assert include("pagination", page=Paginator([], 50).page(1), request=get(), cible="").strip() == ""


def test_the_error_of_a_file_field_is_tied_to_it():
    html = include(
        "file_field",
        champ="fichier",
        libelle="ZIP élèves-groupes",
        aide="Un fichier .zip.",
        accept=".zip",
        max_octets=67108864,
        multiple=False,
        erreur="Rien n'a été déposé.",
    )
    assert 'aria-describedby="fichier-aide fichier-erreur"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="fichier-erreur"' in html
    assert "64 Mo" in html


def test_progress_is_announced_and_asks_again_only_when_told():
    still = include("progress", id="p", libelle="Lecture", valeur=1, max=3, detail="", url="")
    assert 'aria-live="polite"' in still
    assert "hx-get" not in still
    assert 'hx-get="/p/"' in include("progress", id="p", libelle="Lecture", valeur=1, max=3, detail="", url="/p/")


def test_the_stepper_reads_as_a_sentence():
    html = include("stepper", etape=2, total=4, titre="Lire le verdict", suivante="Déposer")
    assert "Étape 2 sur 4 : " in html
    assert "Étape suivante :" in html


def test_the_day_picker_offers_the_neighbours_within_its_bounds():
    html = include(
        "day_picker",
        jour=date(2026, 9, 8),
        libelle="Voir l'ENT le",
        min=date(2026, 9, 8),
        max=None,
        request=get("?groupe=4AGL1"),
        cible="",
    )
    assert "jour=2026-09-07" not in html
    assert 'href="?groupe=4AGL1&amp;jour=2026-09-09"' in html
    assert '<input type="hidden" name="groupe" value="4AGL1">' in html


def test_confirm_carries_its_csrf_token_through_only():
    html = render(
        '{% include "components/confirm.html" with niveau="attention" titre="Déposer ?" texte="T" case="Fait" '
        'champ="confirme" action="/a/" bouton="Déposer" annuler_url="/b/" csrf_token=csrf_token only %}',
        csrf_token="jeton",
    )
    assert 'name="csrfmiddlewaretoken" value="jeton"' in html
    assert 'name="confirme" value="1" required' in html


# Pages


def test_the_guide_explains_every_code_of_siecle():
    html = render_to_string("pages/_aide_compte_rendu.html", {})
    assert len(ELEGROUPE) == 9
    for function in ELEGROUPE:
        assert f'id="{function.regle.code}"' in html
        assert function.regle.titre.replace("'", "&#x27;") in html


@pytest.mark.parametrize("nom", ["400", "403", "403_csrf", "404", "500"])
def test_an_error_page_needs_no_context_and_offers_a_way_back(nom):
    html = render_to_string(f"{nom}.html")
    assert 'href="/"' in html
    assert html.count("<h1>") == 1


def test_the_upload_limit_page_names_the_limit():
    html = render_to_string("413.html", {"limite": 64})
    assert "64 Mo" in html
    assert "Rien n'a été déposé." in html

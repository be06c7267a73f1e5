"""What surrounds the pages of this application: the link to their help."""

import re

import pytest
from django.urls import reverse

from checklists.urls import urlpatterns
from checklists.views.context import AIDES
from exchanges.enums import Role
from tests.checklists.makers import url
from tests.makers import make_utilisateur
from tests.views.conftest import connect


# What answers with a file, with JSON, or with another page whatever happens.
SANS_PAGE = {
    *("rentree_pdf", "rentree_ics", "piece_download", "piece_delete", "dashboard_export"),
    *("vue_save", "vue_delete", "note_delete", "consultation_start", "consultation_end", "message_retry"),
    *("annonce_withdraw", "annonce_dismiss", "academie_jeton_revoke"),
}


def names(patterns):
    for pattern in patterns:
        yield from names(pattern.url_patterns) if hasattr(pattern, "url_patterns") else [pattern.name]


def read_aide(client, adresse):
    found = re.search(r'class="page-help"[^>]*><a href="/aide/#([a-z-]+)"', client.get(adresse).content.decode())
    return found.group(1) if found else None


def test_every_page_has_its_chapter_of_the_guide(chef):
    guide = chef.get(reverse("exchanges:aide")).content.decode()
    assert [ancre for ancre in set(AIDES.values()) if f'id="{ancre}"' not in guide] == []
    sans_ligne_au_sommaire = {ancre for ancre in AIDES.values() if f'href="#{ancre}"' not in guide}
    assert sans_ligne_au_sommaire == {"rappels", "parcours", "netsynchro"}


def test_no_page_is_left_without_help():
    pages = {nom for nom in names(urlpatterns) if not nom.startswith("api_")} - SANS_PAGE
    assert pages == AIDES.keys()


@pytest.mark.parametrize(
    ("nom", "ancre"),
    [
        *(("dashboard", "academie"), ("heatmap", "carte"), ("tendance", "carte")),
        *(("message_list", "agir"), ("annonce_list", "agir")),
    ],
)
def test_pages_of_the_academie_lead_to_what_the_dane_does_there(dane, nom, ancre):
    assert read_aide(dane, reverse(f"checklists:{nom}")) == ancre


def test_pages_of_one_academie_and_of_one_school_do_too(dane, ecole):
    assert read_aide(dane, f"{reverse('checklists:selection')}?uai={ecole.uai}") == "agir"
    code = ecole.academie.code
    assert read_aide(dane, reverse("checklists:veille_detail", args=[code])) == "veille"
    assert read_aide(dane, reverse("checklists:academie_jeton_list", args=[code])) == "lecture"
    assert read_aide(dane, url("school_detail", ecole)) == "academie"
    assert read_aide(dane, url("consultation_list", ecole)) == "voir-comme"


def test_pages_of_the_rentree_lead_to_its_own_chapters(chef, ecole):
    attendus = {"rentree_detail": "rentree", "rappel_edit": "rappels", "parcours_list": "parcours"}
    for nom, ancre in (attendus | {"certificat_detail": "netsynchro", "pourquoi": "pourquoi"}).items():
        assert read_aide(chef, url(nom, ecole)) == ancre


def test_pages_of_exchanges_keep_theirs(ecole):
    secretaire = connect(make_utilisateur("secretaire", Role.SECRETARIAT, etablissement=ecole))
    assert read_aide(secretaire, reverse("exchanges:depot_list", args=[ecole.uai])) == "suivi"

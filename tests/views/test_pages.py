"""Help, rules, accessibility."""

from django.urls import reverse

from exchanges.rules.catalogue import all_regles
from exchanges.views.context import AIDES
from tests.views.pages import text


def test_rules_page_shows_every_rule_of_the_catalogue(secretaire):
    contenu = secretaire.get(reverse("exchanges:regles")).content.decode()
    for regle in all_regles():
        assert f'id="{regle.code}"' in contenu


def test_every_page_leads_to_a_chapter_of_the_guide(secretaire):
    guide = secretaire.get(reverse("exchanges:aide")).content.decode()
    assert [ancre for ancre in set(AIDES.values()) if f'id="{ancre}"' not in guide] == []


def test_accessibility_page_says_what_is_not_done(client, db):
    assert "Ce qui ne l'est pas encore" in text(client.get(reverse("exchanges:accessibilite")))

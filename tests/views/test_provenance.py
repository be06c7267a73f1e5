"""Whose request it is: the address that our own proxies wrote, never the client's word."""

import pytest
from django.test import RequestFactory

from exchanges.views.provenance import address_of


@pytest.mark.parametrize(
    ("proxies", "connexion", "sauts", "adresse"),
    [
        (0, "192.0.2.7", "", "192.0.2.7"),
        (0, "192.0.2.7", "203.0.113.1", "192.0.2.7"),
        (1, "127.0.0.1", "192.0.2.7", "192.0.2.7"),
        (1, "127.0.0.1", "203.0.113.1, 192.0.2.7", "192.0.2.7"),
        (2, "127.0.0.1", "203.0.113.1, 192.0.2.7, 198.51.100.1", "192.0.2.7"),
        (2, "127.0.0.1", "192.0.2.7", ""),
        (1, "127.0.0.1", "", ""),
        (1, "127.0.0.1", "inconnue", ""),
        (0, "", "", ""),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        (0, "::ffff:192.0.2.7", "", "192.0.2.7"),
    ],
)
def test_address_is_the_one_that_our_proxies_saw(settings, proxies, connexion, sauts, adresse):
    settings.ENTSITE_PROXIES = proxies
    entetes = {"X-Forwarded-For": sauts} if sauts else {}
    assert address_of(RequestFactory().get("/", REMOTE_ADDR=connexion, headers=entetes)) == adresse

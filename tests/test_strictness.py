"""The suite's own severity: what it must refuse, it refuses."""

import socket
import warnings

import pytest
from django.template import Context, Template


def test_unknown_template_variable_is_a_failure():
    with pytest.raises(LookupError, match="inconnue"):
        Template("{{ inconnue|default:'' }}").render(Context())


def test_unknown_variable_in_a_condition_is_allowed():
    assert Template("{% if inconnue %}oui{% endif %}").render(Context()) == ""


def test_the_rest_of_the_world_is_out_of_reach():
    with socket.socket() as outside, pytest.raises(UserWarning, match=r"192\.0\.2\.1"):
        outside.connect(("192.0.2.1", 80))


def test_warning_is_an_error():
    with pytest.raises(DeprecationWarning):
        warnings.warn("old", DeprecationWarning, stacklevel=1)

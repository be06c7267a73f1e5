"""Security headers, the way to the login page, and the door closed to what is too big."""

import io
import os

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpResponse, JsonResponse
from django.test import RequestFactory
from django.urls import path

from entsite.middleware import UploadLimitMiddleware, drain


@login_not_required
def receive(request):
    """Says what arrived: for each file its size, whether it is on disk and its mode."""
    return JsonResponse(
        {
            name: [
                file.size,
                isinstance(file, TemporaryUploadedFile),
                os.path.dirname(file.temporary_file_path()),
            ]
            for name, file in request.FILES.items()
        }
    )


def private(request):
    return HttpResponse("secret")


urlpatterns = [
    path("recevoir/", receive),
    path("prive/", private),
    path("connexion/", login_not_required(lambda request: HttpResponse("connexion")), name="login"),
]

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def small_limit(settings):
    settings.ENTSITE_UPLOAD_MAX = 1024 * 1024
    return settings.ENTSITE_UPLOAD_MAX


def test_every_answer_carries_a_policy_without_inline_code(client):
    response = client.get("/recevoir/")
    policy = response["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"


def test_a_view_that_says_nothing_is_private(client):
    response = client.get("/prive/")
    assert response.status_code == 302
    assert response["Location"] == "/connexion/?next=/prive/"


ICI = "http://testserver/prive/?page=2"


def ask(client, methode="get", **entetes):
    return getattr(client, methode)("/prive/?texte=a", headers={"HX-Request": "true"} | entetes)


@pytest.mark.parametrize("methode", ["get", "post"])
def test_fragment_asked_for_without_a_session_leads_the_browser_to_the_login_page(client, methode):
    response = ask(client, methode, **{"HX-Current-URL": ICI})
    assert (response.status_code, response.content) == (200, b"")
    assert response["HX-Redirect"] == "/connexion/?next=/prive/%3Fpage%3D2"


@pytest.mark.parametrize(
    "ailleurs", ["http://ailleurs.example/prive/", "//ailleurs.example/", "javascript:alert(1)", ""]
)
def test_login_comes_back_to_no_other_site(client, ailleurs):
    entetes = {"HX-Current-URL": ailleurs} if ailleurs else {}
    assert ask(client, **entetes)["HX-Redirect"] == "/connexion/?next=/prive/%3Ftexte%3Da"
    assert ask(client, "post", **entetes)["HX-Redirect"] == "/connexion/?next=/"


def test_boosted_link_comes_back_to_where_it_led(client):
    response = ask(client, **{"HX-Current-URL": ICI, "HX-Boosted": "true"})
    assert response["HX-Redirect"] == "/connexion/?next=/prive/%3Ftexte%3Da"


def test_page_restored_by_the_back_button_is_a_whole_page(client):
    """htmx swaps that answer into the body whatever its headers say."""
    response = ask(client, **{"HX-Current-URL": ICI, "HX-History-Restore-Request": "true"})
    assert (response.status_code, response["Location"]) == (302, "/connexion/?next=/prive/%3Ftexte%3Da")


def test_file_below_the_limit_lands_on_disk_in_the_data_directory(client, settings):
    response = client.post("/recevoir/", {"fichier": io.BytesIO(b"x" * 10)})
    assert response.json() == {"fichier": [10, True, str(settings.FILE_UPLOAD_TEMP_DIR)]}
    assert os.listdir(settings.FILE_UPLOAD_TEMP_DIR) == []


def test_announced_excess_is_refused_in_french_with_the_limit(client, small_limit):
    response = client.post("/recevoir/", {"fichier": io.BytesIO(b"x" * (small_limit + 1))})
    assert response.status_code == 413
    text = response.content.decode()
    assert "1 Mio" in text or "1 Mo" in text
    assert 'lang="fr"' in text


def test_excess_that_was_not_announced_is_refused_too_and_leaves_no_file(client, settings, small_limit, monkeypatch):
    monkeypatch.setattr("entsite.middleware.announced_length", lambda request: 0)
    files = {"un": io.BytesIO(b"x" * 700_000), "deux": io.BytesIO(b"x" * 700_000)}
    assert client.post("/recevoir/", files).status_code == 413
    assert os.listdir(settings.FILE_UPLOAD_TEMP_DIR) == []


def test_refused_body_is_read_so_that_the_browser_sees_the_answer_but_not_for_ever(small_limit):
    body = io.BytesIO(b"x" * (10 * small_limit))
    request = RequestFactory().generic("POST", "/recevoir/")
    request.META["CONTENT_LENGTH"] = str(10 * small_limit)
    request._stream = body
    drain(request, 4 * small_limit)
    assert body.tell() == 4 * small_limit


def test_length_that_is_no_number_counts_as_none():
    request = RequestFactory().get("/recevoir/", CONTENT_LENGTH="beaucoup")
    assert UploadLimitMiddleware(lambda request: HttpResponse("ok"))(request).content == b"ok"

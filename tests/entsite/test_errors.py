"""Error pages: French, calm, with a way back; and nothing of the error itself."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.test import Client
from django.urls import include, path


def raising(exception):
    @login_not_required
    def view(request):
        if request.method == "POST":
            return HttpResponse("fait")
        raise exception

    return view


urlpatterns = [
    path("400/", raising(SuspiciousOperation("0123456789A"))),
    path("403/", raising(PermissionDenied("0123456789A"))),
    path("404/", raising(Http404("0123456789A"))),
    path("500/", raising(ValueError("0123456789A"))),
    path("503/", raising(OperationalError("0123456789A"))),
    path("", include("entsite.urls")),
]

handler500 = "entsite.errors.unexpected_error"

pytestmark = pytest.mark.urls(__name__)


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
def test_error_page_is_french_offers_a_way_back_and_tells_no_detail(status):
    response = Client(raise_request_exception=False).get(f"/{status}/")
    text = response.content.decode()
    assert response.status_code == status
    assert 'lang="fr"' in text
    assert 'href="/' in text
    assert "0123456789A" not in text
    assert ("Retry-After" in response) is (status == 503)


def test_expired_form_is_explained_in_french():
    response = Client(enforce_csrf_checks=True).post("/404/")
    assert response.status_code == 403
    assert 'lang="fr"' in response.content.decode()


@pytest.mark.django_db
def test_password_page_of_a_stranger_leads_to_the_login(client):
    response = client.get("/mot-de-passe/")
    assert response["Location"] == "/connexion/?next=/mot-de-passe/"

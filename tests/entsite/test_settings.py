"""What each environment variable changes, and what a laptop gets without any."""

import runpy
import stat

import pytest
from django.core.exceptions import ImproperlyConfigured

from entsite import settings as module


VARIABLES = (
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "ENTSITE_SECRET_KEY",
    "ENTSITE_DEBUG",
    "ENTSITE_HTTPS",
    "ENTSITE_CSRF_TRUSTED_ORIGINS",
    "ENTSITE_ALLOWED_HOSTS",
    "OIDC_RP_CLIENT_ID",
)


@pytest.fixture
def read(monkeypatch, tmp_path):
    """The settings as a fresh process would read them with these variables only."""

    def read(**variables):
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("ENTSITE_DATA_DIR", str(tmp_path / "var"))
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(module.__file__)

    return read


def test_without_variables_everything_is_in_the_data_directory(read, tmp_path):
    settings = read()
    assert settings["DEBUG"] is False
    assert settings["DATABASES"]["default"]["NAME"] == str(tmp_path / "var" / "entsite.sqlite3")
    assert settings["CELERY_BROKER_URL"] == "folder://localhost"
    assert settings["CELERY_WORKER_POOL"] == "solo"
    assert settings["EMAIL_FILE_PATH"] == str(tmp_path / "var" / "courriels")
    assert len(settings["SECRET_KEY"]) >= 50
    assert stat.S_IMODE(settings["DEPOTS_DIR"].stat().st_mode) == 0o700
    assert settings["DEPOTS_DIR"].parent == tmp_path / "var"


def test_deposited_files_are_outside_every_served_directory(read):
    settings = read()
    for served in (settings["STATIC_ROOT"], *settings["STATICFILES_DIRS"]):
        assert not settings["DEPOTS_DIR"].is_relative_to(served)
        assert not settings["FILE_UPLOAD_TEMP_DIR"].is_relative_to(served)
    assert "MEDIA_URL" not in settings


def test_given_secret_key_is_not_written_down(read, tmp_path):
    assert read(ENTSITE_SECRET_KEY="x" * 50)["SECRET_KEY"] == "x" * 50
    assert not (tmp_path / "var" / "secret_key").exists()


def test_postgresql_and_redis_by_their_addresses(read):
    settings = read(DATABASE_URL="postgres://u:p@db:5433/site", REDIS_URL="redis://cache:6379/2")
    database = settings["DATABASES"]["default"]
    assert (database["ENGINE"], database["HOST"], database["PORT"]) == ("django.db.backends.postgresql", "db", 5433)
    assert database["CONN_HEALTH_CHECKS"] is True
    assert "transaction_mode" not in database.get("OPTIONS", {})
    assert settings["CELERY_BROKER_URL"] == "redis://cache:6379/2"
    assert settings["CELERY_WORKER_POOL"] == "prefork"
    assert settings["CELERY_BROKER_TRANSPORT_OPTIONS"]["visibility_timeout"] == 900


@pytest.mark.parametrize("is_https", [True, False])
def test_cookies_and_redirection_follow_https(read, is_https):
    origin = "https://suivi.example" if is_https else "http://suivi.example"
    settings = read(ENTSITE_CSRF_TRUSTED_ORIGINS=origin, ENTSITE_ALLOWED_HOSTS="suivi.example")
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"):
        assert settings[name] is is_https
    assert bool(settings["SECURE_HSTS_SECONDS"]) is is_https
    assert settings["ALLOWED_HOSTS"] == ["suivi.example"]


def test_mail_server_by_its_address(read):
    settings = read(EMAIL_URL="smtp+tls://site:secret@mail.example:587")
    assert (settings["EMAIL_HOST"], settings["EMAIL_PORT"], settings["EMAIL_USE_TLS"]) == ("mail.example", 587, True)


def test_identity_provider_is_off_without_its_client(read):
    settings = read()
    assert settings["OIDC_RP_CLIENT_ID"] == ""
    assert settings["AUTHENTICATION_BACKENDS"] == ["django.contrib.auth.backends.ModelBackend"]


def test_identity_provider_by_its_addresses(read):
    addresses = {
        f"OIDC_OP_{nom}": f"https://identite.example/{nom.lower()}"
        for nom in ("ISSUER", "AUTHORIZATION_ENDPOINT", "TOKEN_ENDPOINT", "USER_ENDPOINT", "JWKS_ENDPOINT")
    }
    settings = read(OIDC_RP_CLIENT_ID="entsite", OIDC_RP_CLIENT_SECRET="secret", OIDC_NAME="Essai", **addresses)
    assert settings["AUTHENTICATION_BACKENDS"][-1] == "entsite.oidc.ExistingAccountBackend"
    assert {nom: settings[nom] for nom in addresses} == addresses
    assert (settings["OIDC_NAME"], settings["OIDC_RP_SIGN_ALGO"]) == ("Essai", "RS256")
    assert (settings["OIDC_CREATE_USER"], settings["OIDC_USE_PKCE"]) == (False, True)


def test_identity_provider_half_configured_is_refused_at_start(read):
    with pytest.raises(ImproperlyConfigured, match="OIDC_RP_CLIENT_SECRET"):
        read(OIDC_RP_CLIENT_ID="entsite")


def test_links_of_mails_live_as_long_as_asked(read):
    assert read()["PASSWORD_RESET_TIMEOUT"] == 3 * 24 * 3600
    assert read(ENTSITE_LINK_HOURS="24")["PASSWORD_RESET_TIMEOUT"] == 24 * 3600


def test_language_and_time_are_french(read):
    settings = read()
    assert (settings["LANGUAGE_CODE"], settings["TIME_ZONE"], settings["USE_TZ"]) == ("fr", "Europe/Paris", True)


@pytest.mark.django_db
def test_embedded_database_has_the_measured_pragmas(django_db_blocker):
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("SQLite only")
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert cursor.execute("PRAGMA synchronous").fetchone()[0] == 1

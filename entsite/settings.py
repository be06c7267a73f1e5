"""Settings of the site: one file, everything by environment, sensible on a laptop with no variable at all.

Without variables: embedded SQLite, a broker made of files and mails written to files, all in ``./var``. With
``DATABASE_URL`` and ``REDIS_URL``: PostgreSQL and Redis. See README.md for the list of variables.
"""

from pathlib import Path

import environ
from celery.schedules import crontab

from entsite import datadir


env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("ENTSITE_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
datadir.prepare(DATA_DIR)

DEBUG = env.bool("ENTSITE_DEBUG", default=False)
SECRET_KEY = env.str("ENTSITE_SECRET_KEY", default="") or datadir.read_secret_key(DATA_DIR)
ALLOWED_HOSTS = env.list("ENTSITE_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("ENTSITE_CSRF_TRUSTED_ORIGINS", default=[])

# Application

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "entsite",
    "exchanges",
    "checklists",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "entsite.middleware.ContentSecurityPolicyMiddleware",
    "entsite.api.ApiErrorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "entsite.middleware.UploadLimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "entsite.middleware.LoginMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "checklists.middleware.ConsultationMiddleware",
]
ROOT_URLCONF = "entsite.urls"
WSGI_APPLICATION = "entsite.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "exchanges.views.context.page_context",
                "checklists.views.context.bandeaux",
                "checklists.views.context.help_of_page",
            ],
        },
    },
]

# Accounts

AUTH_USER_MODEL = "exchanges.Utilisateur"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "entsite.comptes.DevinableValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
# Where somebody of a DANE lands: a page above exchanges, which only knows its name.
ENTSITE_ACCUEIL_DANE = "checklists:dashboard"
SESSION_COOKIE_AGE = 12 * 3600
# Of the links of invitations and of forgotten passwords alike.
PASSWORD_RESET_TIMEOUT = env.int("ENTSITE_LINK_HOURS", default=72) * 3600

# An identity provider beside local accounts (entsite.oidc): only when its client is given

OIDC_RP_CLIENT_ID = env.str("OIDC_RP_CLIENT_ID", default="")
OIDC_NAME = env.str("OIDC_NAME", default="le compte académique")
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
if OIDC_RP_CLIENT_ID:
    AUTHENTICATION_BACKENDS += ["entsite.oidc.ExistingAccountBackend"]
    OIDC_RP_CLIENT_SECRET = env.str("OIDC_RP_CLIENT_SECRET")
    OIDC_OP_ISSUER = env.str("OIDC_OP_ISSUER")
    OIDC_OP_AUTHORIZATION_ENDPOINT = env.str("OIDC_OP_AUTHORIZATION_ENDPOINT")
    OIDC_OP_TOKEN_ENDPOINT = env.str("OIDC_OP_TOKEN_ENDPOINT")
    OIDC_OP_USER_ENDPOINT = env.str("OIDC_OP_USER_ENDPOINT")
    OIDC_OP_JWKS_ENDPOINT = env.str("OIDC_OP_JWKS_ENDPOINT")
    OIDC_RP_SIGN_ALGO = env.str("OIDC_RP_SIGN_ALGO", default="RS256")
    OIDC_CREATE_USER = False
    OIDC_USE_PKCE = True
    OIDC_TIMEOUT = 10

# Language and time

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True

# Database

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'entsite.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Measured: 0 "database is locked" with these four, 2 to 29 without (ecosystem.md §2).
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        timeout=20,
        init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    )
else:
    DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)

# Files handed in: never below a served directory, readable by the site's user only

DEPOTS_DIR = DATA_DIR / "depots"
ENTSITE_PURGE_DAYS = env.int("ENTSITE_PURGE_DAYS", default=30)
ENTSITE_UPLOAD_MAX = env.int("ENTSITE_UPLOAD_MAX", default=64 * 1024 * 1024)
FILE_UPLOAD_HANDLERS = ["entsite.uploads.LimitedUploadHandler"]
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "televersements"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# Static files: hashed names, collected by run_site; straight from the sources when debugging

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DEPOTS_DIR}},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# Security

HTTPS = env.bool("ENTSITE_HTTPS", default=any(origin.startswith("https://") for origin in CSRF_TRUSTED_ORIGINS))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
# The reverse proxy ends TLS and sets this header itself; probes come from inside, over plain HTTP.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# Each adds the address that it sees to X-Forwarded-For; 0: the address of the connection is the client's.
ENTSITE_PROXIES = env.int("ENTSITE_PROXIES", default=1 if HTTPS else 0)
SECURE_REDIRECT_EXEMPT = [r"^sante/"]
# The site is one host of somebody else's domain: HSTS binds neither its neighbours nor the preload lists.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Mail: to files unless a server is given, so that a laptop never writes to anybody

vars().update(env.email_url("EMAIL_URL", default=f"filemail:///{DATA_DIR / 'courriels'}"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("ENTSITE_MAIL_FROM", default="entsite@localhost")
EMAIL_TIMEOUT = 10

# Celery: carries ids, loses nothing that matters (ecosystem.md §2, §3.1)

REDIS_URL = env.str("REDIS_URL", default="")
SWEEP_SECONDS = env.float("ENTSITE_SWEEP_SECONDS", default=10.0)

CELERY_BROKER_URL = REDIS_URL or "folder://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "visibility_timeout": 900,
        # How long a page that publishes to a frozen Redis waits: 2.0 s measured (6.3 s on its first connection),
        # against 10 s with 5 and retry_on_timeout. Above 1, the time a worker's BRPOP may take.
        "socket_timeout": 2,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 10,
    }
    if REDIS_URL
    else {
        "data_folder_in": str(DATA_DIR / "broker/messages"),
        "data_folder_out": str(DATA_DIR / "broker/messages"),
        "processed_folder": str(DATA_DIR / "broker/processed"),
        "control_folder": DATA_DIR / "broker/control",
        "polling_interval": 0.2,
    }
)
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}
CELERY_TASK_DEFAULT_QUEUE = "entsite"
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
# prefork on the file broker wedges for good once a child is killed; solo restarts whole (ecosystem.md §2).
CELERY_WORKER_POOL = "prefork" if REDIS_URL else "solo"
CELERY_WORKER_CONCURRENCY = env.int("ENTSITE_WORKERS", default=2) if REDIS_URL else 1
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # KiB
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_ENABLE_REMOTE_CONTROL = bool(REDIS_URL)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    # A tick that waited longer than the next one is worth nothing.
    "sweep": {
        "task": "exchanges.tasks.sweep",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": 3 * SWEEP_SECONDS},
    },
    "judge_day": {"task": "exchanges.tasks.judge_day", "schedule": 60, "options": {"expires": 60}},
    "purge": {"task": "exchanges.tasks.purge", "schedule": crontab(hour=3, minute=30)},
    "remind": {"task": "checklists.tasks.remind", "schedule": crontab(minute=5)},
    "purge_pieces": {"task": "checklists.tasks.purge", "schedule": crontab(hour=3, minute=40)},
    "send_messages": {"task": "checklists.tasks.send_messages", "schedule": 60, "options": {"expires": 60}},
    "watch": {"task": "checklists.tasks.watch", "schedule": crontab(minute="*/10")},
}

# Logs: one line per event, no request body, no exception message (entsite.logs)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_exception_text": {"()": "entsite.logs.NoExceptionText"}},
    "formatters": {"line": {"()": "entsite.logs.LineFormatter"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_exception_text"]},
    },
    "root": {"handlers": ["console"], "level": env.str("ENTSITE_LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "celery": {
            "level": env.str("ENTSITE_LOG_LEVEL", default="WARNING")
        },  # else a tick every 10 s, four lines each
    },
}

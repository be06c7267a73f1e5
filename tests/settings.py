"""The site's settings, hardened for tests: private database, private data directory, strict templates.

``ENTSITE_TEST_DB`` chooses ``postgresql`` (the default where it is installed) or ``sqlite``. Everything is started
here, once, by the first process that imports this module: xdist's workers inherit the environment.
"""

import atexit
import os
import shutil
import tempfile

from tests import servers


if "ENTSITE_TEST_RUN" not in os.environ:
    os.environ["ENTSITE_TEST_RUN"] = data_dir = tempfile.mkdtemp(prefix="entsite-tests-")
    atexit.register(shutil.rmtree, data_dir, ignore_errors=True)
    os.environ.setdefault("ENTSITE_TEST_DB", "postgresql" if servers.postgresql_bin() else "sqlite")
    for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "ENTSITE_DEBUG", "ENTSITE_CSRF_TRUSTED_ORIGINS"):
        os.environ.pop(name, None)
    if os.environ["ENTSITE_TEST_DB"] == "postgresql":
        os.environ["DATABASE_URL"] = servers.start_postgresql()
os.environ["ENTSITE_DATA_DIR"] = os.path.join(
    os.environ["ENTSITE_TEST_RUN"], os.environ.get("PYTEST_XDIST_WORKER", "main")
)
os.environ.pop("ENTSITE_SECRET_KEY", None)

from entsite.settings import *  # noqa: F403 - the environment above must come first
from entsite.settings import DATA_DIR, DATABASES, STORAGES, TEMPLATES


class UnknownVariable(str):
    """What a template shows for a variable it does not know: an exception, so that a typing error is a failure."""

    def __contains__(self, item: object) -> bool:
        return item == "%s"

    def __mod__(self, variable: object) -> str:
        raise LookupError(f"unknown template variable: {variable}")


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UnknownVariable("%s")

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file and not memory: the concurrency tests open it from several threads, as the site does.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

"""One settings file for the demo, the tests and production; only the environment differs.

Every name read from the environment is listed, with its meaning, in the README's table.
"""

import contextlib
import hashlib
import logging
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.log import CallbackFilter
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_DIR = Path(env("SIGNPOST_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
DEMO = env.bool("SIGNPOST_DEMO", default=False)
DEBUG = False


ORIGIN = env("SIGNPOST_ORIGIN", default="http://127.0.0.1:8000").rstrip("/")
HTTPS = ORIGIN.startswith("https://")


def secret_key() -> str:
    """From the environment; on one's own machine a random one, kept in the data folder."""
    key = env("SIGNPOST_SECRET_KEY", default="")
    if key:
        return key
    if HTTPS:
        raise ImproperlyConfigured("Set SIGNPOST_SECRET_KEY to a long random text.")
    kept = DATA_DIR / "secret-key"
    made = secrets.token_urlsafe(60)
    if not kept.exists():
        # A folder that cannot be written still serves commands that keep nothing.
        with contextlib.suppress(OSError):
            keep_whole(kept, made)
    return kept.read_text().strip() if kept.exists() else made


def keep_whole(place: Path, text: str) -> None:
    """Written whole or not at all, readable by its owner alone; who was first stays."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=place.parent) as file:
        file.write(text)
        file.flush()
        os.link(file.name, place)


SECRET_KEY = secret_key()
ALLOWED_HOSTS = env.list("SIGNPOST_ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = [ORIGIN]

INSTALLED_APPS = [
    "ledger",
    "accounts",
    "files",
    "standards",
    "portfolio",
    "assessments",
    "reports",
    "demo",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "accounts.middleware.ReadableMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.CentreMiddleware",
    "accounts.middleware.RefusalMiddleware",
    "files.middleware.NotReachableMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# Database -----------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# SQLite too: closing the last connection writes the whole log back, 50 ms at each request's end.
DATABASES["default"]["CONN_MAX_AGE"] = 60

# Tasks --------------------------------------------------------------------------------------


def broker_socket() -> Path:
    """Where the embedded broker listens; a unix socket's path may not exceed about 100 bytes."""
    place = DATA_DIR / "broker.sock"
    if len(str(place).encode()) < 100:
        return place
    short = hashlib.sha256(str(place).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"signpost-{short}" / "broker.sock"


def cache_at(url: str) -> dict[str, Any]:
    """Shared by all processes where a Redis is named, else each one's own; see ADR 0031."""
    if url.startswith(("redis://", "rediss://", "redis+socket://")):
        # Celery has words of its own for a socket and the number of a database behind it.
        place = url.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
        return {
            "BACKEND": "accounts.shared_cache.SharedCache",
            "LOCATION": [place],  # as a list: a password may hold a comma
            "KEY_PREFIX": "signpost",
        }
    return {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }


BROKER_SOCKET = broker_socket()
CELERY_BROKER_URL = env("REDIS_URL", default=f"redis+socket://{BROKER_SOCKET}")
CACHES = {"default": cache_at(env("REDIS_URL", default=""))}
CELERY_TASK_IGNORE_RESULT = True  # the row is the truth; nothing reads a result
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A request must not hang because the broker is down: it fails fast and beat re-sends later.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    # Without these the first message to a broker that is down takes six seconds to fail.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "send-what-was-never-started": {
        "task": "reports.tasks.resend_stuck",
        "schedule": 15.0,
        "options": {"expires": 15},  # behind a long export one of them is enough
    },
    "prepare-files-not-prepared-yet": {
        "task": "files.tasks.remake_stuck_previews",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "send-invitations-not-sent-yet": {"task": "accounts.tasks.send_unsent", "schedule": 60.0},
    "mail-notices-that-are-due": {
        "task": "accounts.tasks.mail_notices",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "tell-what-is-overdue": {
        "task": "assessments.tasks.tell_what_is_overdue",
        "schedule": 3 * 60 * 60.0,
    },
    "mail-notices-once-a-day": {"task": "accounts.tasks.mail_daily_notices", "schedule": 15 * 60.0},
    "ask-witnesses-not-asked-yet": {
        "task": "portfolio.tasks.send_unsent_to_witnesses",
        "schedule": 60.0,
    },
    "hide-what-is-not-hidden-yet": {
        "task": "portfolio.tasks.resend_redactions",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "compare-what-was-not-compared-yet": {
        "task": "portfolio.likeness.tasks.compare_what_waits",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "trim-printed-parts": {
        "task": "reports.tasks.trim_printed_parts",
        "schedule": 5 * 60.0,
        "options": {"expires": 5 * 60},
    },
    "remove-what-killed-uploads-left": {"task": "files.tasks.sweep", "schedule": 24 * 60 * 60.0},
}
# In kB. Celery looks when a task has ended, and replaces a worker that has ever held more.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = env.int("SIGNPOST_WORKER_MEMORY_MB", default=400) * 1024
REPORT_QUIET_AFTER = 60  # seconds without a heartbeat, and a report is taken from its worker
REPORT_SEND_AGAIN_AFTER = 30  # seconds in the queue without having been started
REPORT_ATTEMPTS = 3
REPORT_HANDS = env.int("SIGNPOST_EXPORT_PROCESSES", default=2)  # that one export lays out with
# Printed parts, so that an export prints only what changed since the last one.
REPORT_PARTS_DIR = DATA_DIR / "printed-parts"
REPORT_PARTS_MB = env.int("SIGNPOST_EXPORT_PARTS_MB", default=2000)
REPORT_PARTS_DAYS = 30  # what no export used for so long is removed
EXPORT_DAYS = env.int("SIGNPOST_EXPORT_DAYS", default=90)  # a PDF is handed out; 0: for ever
REDACTION_QUIET_AFTER = 120
REDACTION_SEND_AGAIN_AFTER = 60
REDACTION_ATTEMPTS = 3
PREVIEW_QUIET_AFTER = 60
PREVIEW_SEND_AGAIN_AFTER = 60
PREVIEW_ATTEMPTS = 3
PREVIEW_FILMS_AT_ONCE = 1  # coded for browsers; the other workers stay free for other work
# What the process that reads one file may use, by the names in files/makers/limits.py.
PREVIEW_LIMITS: dict[str, int] = {}

# Sign-in ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "accounts.adapter.InvitedOnly"
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation's link has already proved the address
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False  # closing the browser signs out: machines are shared
ACCOUNT_FORMS = {
    "login": "accounts.forms.sign_in.SignIn",
    "reauthenticate": "accounts.forms.sign_in.AskAgain",
    "change_password": "accounts.forms.sign_in.ChangePassword",
    "set_password": "accounts.forms.sign_in.SetPassword",
    "reset_password": "accounts.forms.sign_in.AskForReset",
    "reset_password_from_key": "accounts.forms.sign_in.ResetPassword",
}
# "login_failed" guards the second step's codes; django-axes counts wrong passwords.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/30m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("SIGNPOST_PROXIES", default=0)
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_LOCKOUT_TEMPLATE = "accounts/locked_out.html"
AXES_USERNAME_CALLABLE = "accounts.sign_in.lockout_name"
AXES_CLIENT_IP_CALLABLE = "accounts.sign_in.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Signpost"
MFA_FORMS = {
    "authenticate": "accounts.forms.sign_in.SecondStep",
    "reauthenticate": "accounts.forms.sign_in.SecondStepAgain",
    "activate_totp": "accounts.forms.sign_in.ActivateApp",
}

# Security -----------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 12
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "worker-src": [SELF],
        "manifest-src": [SELF],
    }
}

# Files --------------------------------------------------------------------------------------


def bucket_origin(bucket: dict[str, str | None]) -> str:
    """Where the bucket's signed addresses lead."""
    if bucket["endpoint_url"]:
        parts = urlsplit(bucket["endpoint_url"])
        return f"{parts.scheme}://{parts.netloc}"
    return f"https://{bucket['bucket_name']}.s3.{bucket['region_name']}.amazonaws.com"


def archives_in(name: str, files: dict[str, str | None]) -> dict[str, Any]:
    """The storage that archives of exports are put into for others to fetch: beside the bucket of
    files, by the same key, and never that bucket itself."""
    if name == files["bucket_name"]:
        raise ImproperlyConfigured(
            "SIGNPOST_ARCHIVES_BUCKET must be another bucket than SIGNPOST_S3_BUCKET: whoever is"
            " let in to fetch archives could read all that people handed in."
        )
    return {"BACKEND": "files.bucket.Archives", "OPTIONS": {**files, "bucket_name": name}}


BLOB_DIR = DATA_DIR / "blobs"
# A unit on which nothing happened for so long is shown as stuck; see assessments/overview/stuck.py.
STUCK_AFTER_DAYS = env.int("SIGNPOST_STUCK_AFTER_DAYS", default=28)
# For so long after the last thing that happened a learner's records are kept; awarding bodies
# differ. See assessments/retention.py.
KEEP_YEARS = env.int("SIGNPOST_KEEP_YEARS", default=3)

MAX_UPLOAD_BYTES = env.int("SIGNPOST_MAX_UPLOAD_MB", default=512) * 1024 * 1024
# The centres' certificates; see reports/signing/keys.py. The folder is made readable by us alone.
KEYS_DIR = Path(env("SIGNPOST_KEYS_DIR", default=str(DATA_DIR / "keys")))
SIGNING_SECRETS = {
    name.removeprefix("SIGNPOST_"): value
    for name, value in os.environ.items()
    if name.startswith(("SIGNPOST_KEY_PASSPHRASE", "SIGNPOST_TOKEN_PIN"))
}
TSA_URL = env("SIGNPOST_TSA_URL", default="")  # "": signatures carry no time stamp
# Where a centre has no quota of its own.
CENTRE_QUOTA_MB = env.int("SIGNPOST_CENTRE_QUOTA_MB", default=200 * 1024)
PERSON_QUOTA_MB = env.int("SIGNPOST_PERSON_QUOTA_MB", default=10 * 1024)
FILE_UPLOAD_HANDLERS = ["files.handlers.BlobUploadHandler"]
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 50

STATIC_URL = "/static/"
STATIC_ROOT = Path(env("SIGNPOST_STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/bootstrap", NODE_MODULES / "bootstrap" / "dist"),
    ("vendor/tus", NODE_MODULES / "tus-js-client" / "dist"),
    ("vendor/atkinson", NODE_MODULES / "@fontsource" / "atkinson-hyperlegible"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Files lie in BLOB_DIR, or in a bucket where one is named.
S3 = {
    "bucket_name": env("SIGNPOST_S3_BUCKET", default=""),
    "endpoint_url": env("SIGNPOST_S3_ENDPOINT", default="").rstrip("/") or None,
    "access_key": env("SIGNPOST_S3_ACCESS_KEY", default="") or None,
    "secret_key": env("SIGNPOST_S3_SECRET_KEY", default="") or None,
    "region_name": env("SIGNPOST_S3_REGION", default="eu-west-2"),
}
S3_DIRECT = env.bool("SIGNPOST_S3_DIRECT", default=True)  # browsers read from the bucket itself
if S3["bucket_name"]:
    STORAGES["blobs"] = {"BACKEND": "files.bucket.Bucket", "OPTIONS": S3}
    if S3_DIRECT:
        for shown in ("img-src", "media-src"):
            CONTENT_SECURITY_POLICY["DIRECTIVES"][shown].append(bucket_origin(S3))
if ARCHIVES_BUCKET := env("SIGNPOST_ARCHIVES_BUCKET", default=""):
    STORAGES["archives"] = archives_in(ARCHIVES_BUCKET, S3)
X_ACCEL = env.bool("SIGNPOST_X_ACCEL", default=False)  # nginx sends the files in BLOB_DIR
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
# Only a developer's tools read source maps; compressing them took half of set-up's time.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
SILENCED_SYSTEM_CHECKS: list[str] = []

# Words, time, mail --------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
# Of an exported portfolio's labels. Pages are in English: no browser's wish gives half of each.
LANGUAGES = [("en-gb", _("English")), ("cy", _("Welsh"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/London"
USE_TZ = True
EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
EMAIL_TIMEOUT = 30  # seconds: a mail server that hangs must not hold a worker for ever
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env("SIGNPOST_FROM_EMAIL", default="Signpost <signpost@localhost>")


def without_trace_of_refusals(record: logging.LogRecord) -> bool:
    """Somebody told no is worth a line; where in the code that was is not."""
    if record.levelno < logging.ERROR:
        record.exc_info = record.exc_text = None
    return True


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "no-trace": {"()": CallbackFilter, "callback": without_trace_of_refusals},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": env("SIGNPOST_LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.request": {"filters": ["no-trace"]},
        "fontTools": {"level": "WARNING"},  # a line for each table of each font
        "axes": {"level": "WARNING"},  # four lines for each sign-in; its table holds them all
        "allauth": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},  # says that it is there
        "weasyprint.progress": {"level": "WARNING"},  # a line for each step and page
    },
}

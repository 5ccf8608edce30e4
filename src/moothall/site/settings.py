"""Django's settings: a public page is a pure function of release and address, so no database, session or cookie."""

import os
import secrets
from pathlib import Path

HERE = Path(__file__).resolve().parent

DEBUG = os.environ.get("MOOTHALL_DEBUG") == "1"
# Nothing is signed yet, so a key that lasts as long as the process is enough.
SECRET_KEY = os.environ.get("MOOTHALL_SECRET_KEY") or secrets.token_urlsafe(50)
# A public host must be named (comma separated), or the Host header could be anyone's.
ALLOWED_HOSTS = [host.strip() for host in os.environ.get("MOOTHALL_HOSTS", "localhost,127.0.0.1,[::1]").split(",")]

# What addresses begin with in feeds, pictures and cards, such as https://moothall.example; behind a proxy nothing else
# can tell. Empty, it is the host that was asked.
PUBLIC_ADDRESS = os.environ.get("MOOTHALL_ADDRESS", "").rstrip("/")

ROOT_URLCONF = "moothall.site.urls"
WSGI_APPLICATION = "moothall.site.wsgi.application"
APPEND_SLASH = False
INSTALLED_APPS: list[str] = []
DATABASES: dict[str, dict[str, object]] = {}
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "moothall.site.policy.ContentPolicy",  # below the one that it takes framed charts out of
    "moothall.site.policy.LastingFiles",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "moothall.site.policy.Compression",
    "moothall.site.access.ReadOnly",
    "moothall.site.freshness.Freshness",
    "django.middleware.common.CommonMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [HERE / "templates"],
        "OPTIONS": {"environment": "moothall.site.jinja.environment", "autoescape": True},
    }
]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False
USE_TZ = True

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}

# The only body that is read is what somebody typed into the search box.
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024

STATIC_URL = "/static/"
STATIC_ROOT = HERE / "static"
WHITENOISE_ROOT = HERE / "root"
WHITENOISE_AUTOREFRESH = DEBUG
# Of a file asked for without its digest; `asset()` puts that into the address, and then it lasts.
WHITENOISE_MAX_AGE = 0 if DEBUG else 24 * 60 * 60

# Without DEBUG, Django would mail errors to its administrators; there are none, so the console has them.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "loggers": {
        "django": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        # Anyone can send a false Host header as often as they like; a 400 answers it, and the log stays readable.
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
        "django.security.RequestDataTooBig": {"handlers": ["nowhere"], "propagate": False},
        "django.security.TooManyFieldsSent": {"handlers": ["nowhere"], "propagate": False},
        "moothall": {"handlers": ["console"], "level": "INFO"},
    },
}

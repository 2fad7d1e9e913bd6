"""All settings, read from the environment, strictly. `docs/operations.md` lists each one."""

from pathlib import Path
from typing import Any

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import FileAwareEnv

from config import redis_urls

BASE_DIR = Path(__file__).resolve().parent.parent
env = FileAwareEnv()  # NAME or NAME_FILE, so that secrets may come as files

# --- what it is -------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("HUISHENG_DEMO", False)
DATA_DIR = Path(env.str("HUISHENG_DATA", str(BASE_DIR / "var"))).resolve()
SECRET_KEY = env.str("SECRET_KEY", "insecure-only-for-development-and-tests" if (DEBUG or DEMO) else "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["*"] if (DEBUG or DEMO) else [])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
PORT = env.int("PORT", 8000)
PUBLIC_BASE_URL = env.str("PUBLIC_BASE_URL", f"http://127.0.0.1:{PORT}")  # every link that leaves the process

INSTALLED_APPS = [
    "config",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "common",
    "accounts",
    "notices",
    "knowledge",
    "tickets",
    "feedback",
    "sla",
    "surveys",
    "reports",
    "supervision",
]

MIDDLEWARE = [
    "common.middleware.PolicyMiddleware",  # outermost: whatever refuses a request further in, the answer has the policy
    "accounts.proxies.ProxyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "common.middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.idle.IdleMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "common.middleware.MethodPageMiddleware",
    "common.middleware.EmptyQueryMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
                "common.context.product",
            ],
            "builtins": ["django.templatetags.i18n", "common.templatetags.ui"],
        },
    }
]

FORM_RENDERER = "common.form_renderer.FormRenderer"

# --- data -------------------------------------------------------------------------------------
DATABASES = {"default": env.dj_db_url("DATABASE_URL", "postgresql:///huisheng", conn_max_age=300)}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["ENGINE"] = "common.postgres"
_OPTIONS = DATABASES["default"].setdefault("OPTIONS", {})  # what stands behind the address is for the driver, but this
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = bool(_OPTIONS.pop("disable_server_side_cursors", False))
# Planning a chain of seven joins takes PostgreSQL 20 ms, most of a page; in the order that we write them 1 ms.
_OPTIONS.setdefault("options", "-c join_collapse_limit=4")
WEB_QUERY_SECONDS = env.int("WEB_QUERY_SECONDS", 30)  # of one statement of the web server; 0: as long as it takes
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.str("CACHE_URL", redis_urls.cache_url(REDIS_URL)),
        "OPTIONS": {"socket_timeout": 0.3, "socket_connect_timeout": 0.3},
    }
}
MEDIA_ROOT = DATA_DIR / "files"
UPLOADS_ROOT = DATA_DIR / "uploads"  # what has arrived so far of files that come in pieces
ATTACHMENT_MB = env.int("ATTACHMENT_MB", 50)
ATTACHMENT_VIDEO_MB = env.int("ATTACHMENT_VIDEO_MB", 200)
ATTACHMENT_MOST = env.int("ATTACHMENT_MOST", 10)  # files a message
UPLOAD_MB_AN_HOUR = env.int("UPLOAD_MB_AN_HOUR", 4096)  # from one address of the public
CLAMD = env.str("CLAMD", "")  # tcp://host:3310 or unix:///path of a virus scanner; empty: none
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "tickets.attachments.files.SizeCap",  # before anything is kept
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- people -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "tickets:desk"
LOGOUT_REDIRECT_URL = "accounts:login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]

# --- language and time --------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = USE_TZ = True

# --- static files -------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("HUISHENG_STATIC", str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "config.statics.OwnFilesCompressed"
        if DEMO  # a first look does not wait for the API's pages
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

if S3_BUCKET := env.str("S3_BUCKET", ""):  # files in S3, or in a store that speaks its language
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.str("S3_ENDPOINT_URL", "") or None,
            "region_name": env.str("S3_REGION", "") or None,
            "access_key": env.str("S3_ACCESS_KEY", "") or None,  # none: as the machine's own role
            "secret_key": env.str("S3_SECRET_KEY", "") or None,
            "default_acl": None,
            "file_overwrite": False,
            "max_memory_size": 2**20,  # more waits on disk
        },
    }

# --- security -----------------------------------------------------------------------------------
HTTPS = env.bool("HUISHENG_HTTPS", not (DEBUG or DEMO))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
TRUST_PROXY = env.bool("TRUST_PROXY", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUST_PROXY else None
PUBLIC_RATES = {  # calls from one address, per seconds
    "read": (240, 60),
    "submit": (20, 600),
    "typing": (300, 600),
    "upload": (60, 600),
    "piece": (1200, 600),
    "track": (30, 600),
    "chat": (60, 600),
    "hook": (3000, 60),
    "login": (20, 3600),
}
PROOF_TRIES = (5, 3600)  # answers to "is it you?" on one case, per seconds
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", 30)  # without a sign of life one is signed out; 0: not at all
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF, "data:"],  # a recording is heard before it is sent
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- mail ---------------------------------------------------------------------------------------
EMAIL = env.dj_email_url("EMAIL_URL", "console:")
vars().update({key: value for key, value in EMAIL.items() if key.startswith("EMAIL_")})
EMAIL_TIMEOUT = EMAIL["EMAIL_TIMEOUT"] or 30  # seconds; a server that falls silent would hold a worker for ever
if DEMO and EMAIL["EMAIL_BACKEND"].endswith("console.EmailBackend"):  # a demo's mail is there to be looked at
    EMAIL_BACKEND, EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", str(DATA_DIR / "mail")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "support@demo.example")
WECHAT_API = env.str("WECHAT_API", "https://api.weixin.qq.com")
# host:port inside the own network that webhooks and mailboxes may name
OUTGOING_ALLOWED: list[str] = env.list("OUTGOING_ALLOWED", [])
# answers go to support+Q….token@…, where the mail server takes that
MAIL_REPLY_TAGS = env.bool("MAIL_REPLY_TAGS", False)

# --- short messages -------------------------------------------------------------------------------
SMS_TRANSPORT = env.str("SMS_TRANSPORT", "recorder" if (DEBUG or DEMO) else "")  # gateway, recorder, or none
SMS_GATEWAY_URL = env.str("SMS_GATEWAY_URL", "")
SMS_GATEWAY_KEY = env.str("SMS_GATEWAY_KEY", "")
SMS_SIGNATURE = env.str("SMS_SIGNATURE", "")  # between 【 and 】; empty: the company's name

# --- the API ------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.tokens.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.throttles.TokenThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "common.parsers.SafeJSONParser",
        "rest_framework.parsers.FormParser",
        "common.parsers.WholeMultiPartParser",
    ],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "config.padlocks.Schema",
    "EXCEPTION_HANDLER": "common.problems.handler",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Huisheng",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "config.api_schema.introduced"],
    "ENUM_NAME_OVERRIDES": {
        "ChannelEnum": "tickets.channels.Channel",
        "WayEnum": "tickets.channels.WAYS",
        "VoidReasonEnum": "tickets.workflow.VoidReason",
        "ReturnReasonEnum": "tickets.workflow.ReturnReason",
        "ReportKindEnum": "reports.models.Report.Kind",
        "ReportStateEnum": "reports.models.Report.State",
    },
}

# --- background work ----------------------------------------------------------------------------
CELERY_BROKER_URL = redis_urls.broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE


def _every(task: str, seconds: float) -> dict:
    """A tick that means "look what is due"; one that waited longer than its period is worth nothing and expires."""
    return {"task": task, "schedule": seconds, "options": {"expires": max(seconds, 5)}}


CELERY_BEAT_SCHEDULE = {
    "sweep": _every("sla.sweep", 2),
    "notices": _every("notices.deliver_due", 2),
    "short messages": _every("notices.deliver_sms", 5),
    "wechat": _every("feedback.wechat", 3),
    "imports": _every("feedback.run_imports", 3),
    "webhooks": _every("notices.deliver_webhooks", 2),
    "old webhooks": _every("notices.forget_webhooks", 3600),
    "follow-ups": _every("surveys.send_due", 30),
    "archive": _every("tickets.close_quiet", 600),
    "dispatch": _every("tickets.deal_waiting", 30),
    "new texts": _every("tickets.take_in_texts", 10),
    "leavers": _every("tickets.rehouse", 60),
    "filing": _every("tickets.file_waiting", 600),
    "findings": {"task": "supervision.remind", "schedule": crontab(hour=9, minute=5)},
    "expiry": {"task": "tickets.propose_erasures", "schedule": crontab(hour=2, minute=20)},
    "erasure": _every("tickets.erase_approved", 300),
    "clocks": {"task": "sla.verify_clocks", "schedule": crontab(hour=3, minute=30)},
    "holidays": {"task": "sla.warn_of_holidays", "schedule": crontab(hour=9, minute=0)},
    "improvements": {"task": "tickets.remind_of_improvements", "schedule": crontab(hour=9, minute=5)},
    "mailboxes": _every("feedback.fetch_mail", 60),
    "mails": _every("feedback.read_mails", 10),
    "uploads": _every("feedback.forget_unused_uploads", 3600),
    "learning": {"task": "feedback.learn", "schedule": crontab(hour=2, minute=20)},
    "problems": _every("feedback.find_problems", 10),
    "boxes": {"task": "feedback.remind_of_boxes", "schedule": crontab(hour=8, minute=30)},
    "orphans": {"task": "feedback.drop_orphans", "schedule": crontab(hour=4, minute=10)},
    "chats": {"task": "feedback.forget_chats", "schedule": crontab(hour=4, minute=20)},
    "unused intake": {"task": "feedback.forget_unused_intake", "schedule": crontab(hour=4, minute=30)},
    "calls": _every("accounts.forget_calls", 3600),
    "figures": _every("reports.refresh", 20),
    "reports": {"task": "reports.build_due", "schedule": crontab(minute=10)},
}

RAIL = "config.navigation.entries"  # what the left edge of the work pages shows
DESK = "config.waiting.lines"  # what waits for a person besides cases with a limit
CONDITION = "config.condition.condition"  # how the installation does, on the desk of an administrator
PROMISE = "reports.promise.promise"  # what public pages promise, and how it was kept
# What strangers may read beside the form: the service promise, last month's figures, 您说了，我们改了.
PUBLIC_PAGES: list[str] = env.list("PUBLIC_PAGES", ["promise", "figures", "improvements"])

# sites that may show the form in a frame, https://shop.example
WIDGET_ORIGINS: list[str] = env.list("WIDGET_ORIGINS", [])
# of the telephone system that calls /hooks/cti/; several while one is replaced
CTI_SECRETS: list[str] = env.list("CTI_SECRETS", [])

# --- tickets ------------------------------------------------------------------------------------
TICKET_NUMBER_MASK = env.str("TICKET_NUMBER_MASK", "Q{day:%Y%m%d}-{counter:06d}")
ARCHIVE_NUMBER_MASK = env.str("ARCHIVE_NUMBER_MASK", "DA-{year}-{kind}-{counter:06d}")
TICKET_REOPEN_DAYS = env.int("TICKET_REOPEN_DAYS", 15)
QUIET_HOURS = env.str("QUIET_HOURS", "22:00-07:00")  # mails to colleagues wait, L1 excepted; empty: never
DUTY_HOURS = env.str("DUTY_HOURS", "09:00-19:00")  # that shifts have to cover each day (C3.2)
TICKET_QUIET_DAYS = env.int("TICKET_QUIET_DAYS", 7)  # a resolved case is archived after them
UNUSED_INTAKE_DAYS = env.int("UNUSED_INTAKE_DAYS", 180)  # mails left alone, import lines, calls without a case; 0: kept
PROBLEM_GROWTH = env.int("PROBLEM_GROWTH", 3)  # so many cases of one problem …
PROBLEM_GROWTH_DAYS = env.int("PROBLEM_GROWTH_DAYS", 7)  # … in so many days are told to those on duty
COMPANY_NAME = env.str("COMPANY_NAME", "澄川电器")
COMPANY_NAME_EN = env.str("COMPANY_NAME_EN", "Chengchuan Appliances")
CURRENCY_SIGN = env.str("CURRENCY_SIGN", "¥")  # before sums of money, compensations for example
HOTLINE = env.str("HOTLINE", "")  # shown to customers, and named where danger cannot wait for an answer

# --- logs ---------------------------------------------------------------------------------------
LOG_REQUESTS = env.bool("LOG_REQUESTS", not (DEBUG or DEMO))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "common.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "huisheng.request": {"level": "INFO" if LOG_REQUESTS else "WARNING"},
    },
}

# --- surveys ------------------------------------------------------------------------------------
SURVEY_DELAY_HOURS = env.int("SURVEY_DELAY_HOURS", 2)  # from resolving to the question
SURVEY_REMIND_DAYS = env.int("SURVEY_REMIND_DAYS", 3)
SURVEY_REMINDERS = env.int("SURVEY_REMINDERS", 2)
SURVEY_PATIENCE_DAYS = env.int("SURVEY_PATIENCE_DAYS", 14)

"""System checks that explain each wrong value; `manage.py check --deploy` and every server process run them.

A server in production (neither `DEBUG` nor `HUISHENG_DEMO`) does not start while one of them is an error.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

LOWEST_POSTGRES = 15
LAST_LONG_HISTORY = "7b93b79"  # the last that has every single step of the migrations squashed since


def _error(number: int, chinese: str, english: str) -> Error:
    return Error(f"{chinese} / {english}", id=f"config.E{number:03}")


@register(Tags.security, deploy=True)
def secret_key_is_strong(**kwargs: Any) -> list[CheckMessage]:
    """A published, short or monotonous key lets anybody sign in as anybody."""
    key = settings.SECRET_KEY
    if len(key) >= 50 and len(set(key)) >= 10 and "insecure" not in key:
        return []
    return [
        _error(
            1,
            "SECRET_KEY 太弱:生产环境需要至少 50 个随机字符。",
            "SECRET_KEY is weak; production needs at least 50 random characters.",
        )
    ]


@register(Tags.security, deploy=True)
def hosts_are_named(**kwargs: Any) -> list[CheckMessage]:
    """Links in mails follow the host, so that any host would let strangers write them."""
    if settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        return []
    return [
        _error(
            2,
            "ALLOWED_HOSTS 须列出本站域名,不能为空或 *。",
            "ALLOWED_HOSTS has to name this site's hosts; it cannot be empty or *.",
        )
    ]


@register(Tags.security, deploy=True)
def debug_is_off(**kwargs: Any) -> list[CheckMessage]:
    if not settings.DEBUG and not settings.DEMO:
        return []
    return [
        _error(
            3,
            "生产环境必须关闭 DEBUG 与 HUISHENG_DEMO。",
            "DEBUG and HUISHENG_DEMO have to be off in production.",
        )
    ]


@register(Tags.security)
def links_can_be_followed(**kwargs: Any) -> list[CheckMessage]:
    """`PUBLIC_BASE_URL` begins every link in a mail."""
    parts = urlsplit(settings.PUBLIC_BASE_URL)
    if parts.scheme in ("http", "https") and parts.hostname and not parts.query and not parts.fragment:
        return []
    return [
        _error(
            4,
            f"PUBLIC_BASE_URL 应为完整网址,如 https://kefu.example.cn,而不是 {settings.PUBLIC_BASE_URL}。",
            f"PUBLIC_BASE_URL has to be a whole address such as https://help.example, not {settings.PUBLIC_BASE_URL}.",
        )
    ]


@register(Tags.security, deploy=True)
def links_are_of_this_site(**kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    parts = urlsplit(settings.PUBLIC_BASE_URL)
    if settings.HTTPS and parts.scheme != "https":
        found.append(
            _error(
                5,
                "启用 HTTPS 时 PUBLIC_BASE_URL 应以 https:// 开头。",
                "With HTTPS on, PUBLIC_BASE_URL has to begin with https://.",
            )
        )
    if settings.EMAIL_BACKEND.endswith(("console.EmailBackend", "dummy.EmailBackend", "filebased.EmailBackend")):
        text = "EMAIL_URL 未设置,邮件不会发出。 / EMAIL_URL is not set; no mail will leave."
        found.append(Warning(text, id="config.W001"))
    return found


@register(Tags.security, deploy=True)
def who_ends_tls_is_trusted(**kwargs: Any) -> list[CheckMessage]:
    """This server speaks no TLS itself: with HTTPS on a proxy does, and only when it is believed are calls seen as https,
    and each customer as an address of their own.
    """
    if not settings.HTTPS or settings.TRUST_PROXY:
        return []
    text = (
        "启用了 HTTPS 但未设置 TRUST_PROXY:如果前面有反向代理,请设置 TRUST_PROXY=1,否则会循环跳转,且所有访客共用一个访问限额。 / "
        "HTTPS is on and TRUST_PROXY is off: behind a proxy set TRUST_PROXY=1, else pages redirect for ever and all "
        "visitors share one limit."
    )
    return [Warning(text, id="config.W002")]


@register(Tags.compatibility)
def numbers_make_sense(**kwargs: Any) -> list[CheckMessage]:
    """Spans of days and hours are not negative; the port is one."""
    wrong = [
        name
        for name in dir(settings)
        if name.endswith(("_DAYS", "_HOURS", "_MINUTES", "_SECONDS"))
        and not name.startswith(("SECURE_", "CELERY_"))
        and isinstance(getattr(settings, name), int | float)
        and getattr(settings, name) < 0
    ]
    found: list[CheckMessage] = [_error(6, f"{name} 不能为负数。", f"{name} cannot be negative.") for name in wrong]
    if not 0 < settings.PORT < 65536:
        found.append(_error(7, "PORT 应在 1 到 65535 之间。", "PORT has to be between 1 and 65535."))
    return found


@register(Tags.files)
def data_directory_can_be_written(**kwargs: Any) -> list[CheckMessage]:
    """Attachments and reports are kept below `HUISHENG_DATA`."""
    import os

    nearest = next(path for path in (Path(settings.DATA_DIR), *Path(settings.DATA_DIR).parents) if path.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return []
    return [
        _error(
            8,
            f"HUISHENG_DATA 目录 {settings.DATA_DIR} 不可写。",
            f"HUISHENG_DATA is a directory that cannot be written: {settings.DATA_DIR}.",
        )
    ]


@register(Tags.database)
def database_knows_chinese(databases: Sequence[str] | None = None, **kwargs: Any) -> Iterable[CheckMessage]:
    """Encoding UTF8 and a locale that knows letters: with locale C, searches for Chinese silently find nothing."""
    from django.db import connections

    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor != "postgresql":
            found.append(_error(9, "数据库必须是 PostgreSQL。", "The database has to be PostgreSQL."))
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_encoding_to_char(encoding), datctype, current_setting('server_version_num')::int / 10000"
                " FROM pg_database WHERE datname = current_database()"
            )
            encoding, ctype, version = cursor.fetchone()
            letters = False
            if encoding == "UTF8":
                cursor.execute("SELECT '中' ~ '[[:alpha:]]'")
                letters = cursor.fetchone()[0]
        if encoding != "UTF8" or ctype in ("C", "POSIX") or not letters:
            found.append(
                _error(
                    10,
                    f"数据库的编码为 {encoding}、区域为 {ctype},无法检索中文;"
                    "请以 ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0 重建。",
                    f"The database has encoding {encoding} and locale {ctype}, which cannot search Chinese; "
                    "create it anew with ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0.",
                )
            )
        if version < LOWEST_POSTGRES:
            found.append(
                _error(
                    11,
                    f"PostgreSQL {version} 过旧,需要 {LOWEST_POSTGRES} 或更高版本。",
                    f"PostgreSQL {version} is too old; {LOWEST_POSTGRES} or newer is needed.",
                )
            )
    return found


@register(Tags.database)
def history_is_whole(databases: Sequence[str] | None = None, **kwargs: Any) -> Iterable[CheckMessage]:
    """Squashed migrations stand for all that they replace (decision 0057): a database halfway through those has to
    be taken to their end by the version that still has them.
    """
    from django.db import connections
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.recorder import MigrationRecorder

    found: list[CheckMessage] = []
    for alias in databases or ():
        applied = MigrationRecorder(connections[alias]).applied_migrations().keys()
        if not applied or ("tickets", "0001_tables") in applied:  # a first start; or this has been looked at before
            continue
        replaced = {key for step in MigrationLoader(None).disk_migrations.values() for key in step.replaces}
        missing = sorted(replaced - applied)
        if not missing or len(missing) == len(replaced):
            continue
        first = "{}.{}".format(*missing[0])
        found.append(
            _error(
                12,
                f"数据库停留在旧版本（缺少 {first}）。请先用提交 {LAST_LONG_HISTORY} 的版本执行 migrate，再升级到本版本。",
                f"The database is of an older version ({first} is missing). "
                f"Run migrate with the version of commit {LAST_LONG_HISTORY} first, then with this one.",
            )
        )
    return found

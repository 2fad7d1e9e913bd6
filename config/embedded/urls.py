"""The two URLs as people give them: whether they are there, whether they can be right, what went wrong."""

import os
from urllib.parse import urlsplit

SCHEMES = {
    "DATABASE_URL": ("postgresql", "postgres"),
    "REDIS_URL": ("redis", "rediss", "unix"),
}
EXAMPLES = {
    "DATABASE_URL": "postgresql://user:password@host:5432/huisheng",
    "REDIS_URL": "redis://:password@host:6379/0",
}


def given(name: str) -> str:
    """Where the setting comes from: its own name, its `_FILE` form, or "" when it is not given."""
    return next((source for source in (name, f"{name}_FILE") if os.environ.get(source)), "")


def check_given() -> None:
    """Raises `Refused` for a URL whose scheme or form cannot work, before anything is started."""
    from .errors import Refused

    for name, schemes in SCHEMES.items():
        source = given(name)
        if not source:
            continue
        value = os.environ[source]
        if source != name:
            try:
                with open(value, encoding="utf-8") as file:
                    value = file.read().strip()
            except OSError as error:
                raise Refused(
                    f"无法读取 {source} 指向的文件 {value}。", f"The file named by {source} cannot be read: {error}."
                ) from error
        example = EXAMPLES[name]
        try:
            parts = urlsplit(value)
            wrong = parts.scheme not in schemes or (parts.port is not None and not 0 < parts.port < 65536)
        except ValueError:
            wrong = True
        if wrong:
            raise Refused(
                f"{name} 的格式不对,应形如 {example}。",
                f"{name} is not a URL this can use; it should look like {example}.",
            )


def database_sentences(text: str) -> tuple[str, str]:
    """(Chinese, English) for what PostgreSQL or its driver said."""
    first = " ".join(text.split())[:300]
    if "No space left" in text or "could not extend file" in text:
        return "数据库所在磁盘已满。请腾出空间后重试。", f"The database's disk is full; free some space. ({first})"
    if "authentication failed" in text or "no password supplied" in text:
        return (
            "数据库拒绝了用户名或密码,请检查 DATABASE_URL。",
            f"The database refused the name or password in DATABASE_URL. ({first})",
        )
    if 'database "' in text and "does not exist" in text:
        return (
            "DATABASE_URL 中的数据库不存在,请先创建。",
            f"The database named in DATABASE_URL does not exist; create it first. ({first})",
        )
    return (
        "无法连接数据库,请检查 DATABASE_URL 以及数据库是否在运行。",
        f"Cannot reach the database; check DATABASE_URL and that the server runs. ({first})",
    )


def broker_sentences(text: str) -> tuple[str, str]:
    """(Chinese, English) for what Redis, Valkey or their driver said."""
    first = " ".join(text.split())[:300]
    if "WRONGPASS" in text or "NOAUTH" in text or "AUTH" in text:
        return "Redis 拒绝了密码,请检查 REDIS_URL。", f"Redis refused the password in REDIS_URL. ({first})"
    return (
        "无法连接 Redis,请检查 REDIS_URL 以及服务是否在运行。",
        f"Cannot reach Redis or Valkey; check REDIS_URL and that the server runs. ({first})",
    )

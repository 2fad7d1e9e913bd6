"""The one `REDIS_URL` in the forms that the broker and the cache want."""

from urllib.parse import parse_qs, urlsplit, urlunsplit


def database_of(url: str) -> int:
    """The number of the Redis database in a URL; 0 when it names none."""
    parts = urlsplit(url)
    named = parse_qs(parts.query).get("db", [""])[0] or ("" if parts.scheme == "unix" else parts.path.strip("/"))
    return int(named) if named.isdigit() else 0


def broker_url(url: str) -> str:
    """For Celery, whose word for a Unix socket is `redis+socket://`."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    return f"redis+socket://{parts.netloc}{parts.path}?virtual_host={database_of(url)}"


def with_database(url: str, number: int) -> str:
    """The same server's database of that number."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"unix://{parts.netloc}{parts.path}?db={number}"
    return urlunsplit((parts.scheme, parts.netloc, f"/{number}", parts.query, ""))


def cache_url(url: str) -> str:
    """The next database of the same server: emptying the cache must not empty the queues."""
    return with_database(url, database_of(url) + 1)

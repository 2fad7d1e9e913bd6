"""Settings that live in small tables, read again only when a row has changed.

One short query a call compares the versions of all rows (PostgreSQL's own `xmin` and place), so that a change counts
from the next call on, in every process, whoever made it; the rows themselves are read and built only then.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

Found = TypeVar("Found")
_known: dict[str, tuple[str, Any]] = {}


def remembered(name: str, models: tuple[type[Model], ...], load: Callable[[], Found]) -> Found:
    """What `load` gives for the rows of `models` as they are now; for tables of some hundred rows at most.

    The same object serves many threads: nobody may change it. One query, and those of `load` after a change.
    """
    mark = versions(models)
    kept = _known.get(name)
    if kept is None or kept[0] != mark:
        kept = _known[name] = (mark, load())
    return kept[1]


def versions(models: tuple[type[Model], ...]) -> str:
    """Differs whenever a row of one of the tables was added, changed or removed."""
    quote = connection.ops.quote_name
    parts = [
        f"(SELECT concat(count(*), '/', sum(hashtextextended(t.xmin::text, hashtid(t.ctid))))"
        f" FROM {quote(model._meta.db_table)} t)"
        for model in models
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT concat_ws(' ', current_database(), {', '.join(parts)})")
        return str(cursor.fetchone()[0])

"""Pages of a list without a total and without an offset: each goes on after the last row seen.

Stable while rows come and go, and as fast on page 900 as on page 1. PostgreSQL's own place for nulls (last when
ascending, first when descending) makes each order the exact reverse of the other.
"""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet, Value

from common.text import storable
from tickets.search import windows as search_windows

FIELDS = {"due": "next_due_at", "received": "received_at", "number": "number"}
ORDERINGS = [sign + name for name in FIELDS for sign in ("", "-")]
DEFAULT = "-received"


class BadCursor(ValueError):
    """The cursor was not made here."""


@dataclass(frozen=True)
class Page:
    """Rows in order; `following` and `preceding` are cursors, empty at either end."""

    rows: list[Any]
    following: str
    preceding: str


def ordered(tickets: QuerySet, ordering: str) -> QuerySet:
    """By one of `ORDERINGS`, with the primary key as the last word."""
    sign, field = _parts(ordering)
    return tickets.order_by(sign + field, sign + "pk")


def beyond(tickets: QuerySet, ordering: str, value: Any, pk: int) -> QuerySet:
    """The rows that come after (value, pk) in this order, ordered."""
    sign, field = _parts(ordering)
    way = "lt" if sign else "gt"
    same = Q(**{field: value, f"pk__{way}": pk})
    if value is None:
        reach = same | Q(**{f"{field}__isnull": False}) if sign else same
    else:
        reach = Q(**{f"{field}__{way}": value}) | same
        if not sign and field == "next_due_at":
            reach |= Q(**{field: None})
    return ordered(tickets.filter(reach), ordering)


def page(
    tickets: QuerySet,
    ordering: str,
    size: int,
    cursor: str = "",
    *,
    load: Callable[[Any], QuerySet] = lambda rows: rows,
) -> Page:
    """One page in two queries, a search in a few more: which rows, by the narrowest look at the tables; then those few rows as `load` says.

    In one query PostgreSQL would weigh what a row shows against what the list asks for, and read far more than a page.
    Raises BadCursor.
    """
    backwards, value = False, None
    if cursor:
        backwards, value, pk = decode(cursor, ordering)
        way = reverse(ordering) if backwards else ordering
        found = beyond(tickets, way, value, pk)
    else:
        way = ordering
        found = ordered(tickets, ordering)
    keys = search_windows.keys(found, way, size + 1, value if isinstance(value, datetime) else None)
    more = len(keys) > size
    keys = keys[:size]
    if backwards:
        keys.reverse()
    known = load(tickets.model._default_manager.all()).in_bulk(keys)
    rows = [known[key] for key in keys if key in known]
    if not rows:
        return Page([], "", "")
    has_following, has_preceding = (True, more) if backwards else (more, bool(cursor))
    return Page(
        rows,
        encode(rows[-1], ordering, backwards=False) if has_following else "",
        encode(rows[0], ordering, backwards=True) if has_preceding else "",
    )


def neighbours(tickets: QuerySet, ordering: str, row: Model) -> tuple[str | None, str | None]:
    """The numbers of the rows before and after `row` in this order; one query."""
    value = getattr(row, _parts(ordering)[1])
    halves = []
    for way in (reverse(ordering), ordering):
        half = beyond(tickets, way, value, row.pk).annotate(side=Value(len(halves)))
        halves.append(half.values_list("side", "number")[:1])
    before, after = halves
    found = dict(before.union(after, all=True))
    return found.get(0), found.get(1)


def reverse(ordering: str) -> str:
    return ordering[1:] if ordering.startswith("-") else f"-{ordering}"


def encode(row: Model, ordering: str, *, backwards: bool) -> str:
    value = getattr(row, _parts(ordering)[1])
    plain = value.isoformat() if isinstance(value, datetime) else value
    packed = json.dumps([int(backwards), plain, row.pk], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode(cursor: str, ordering: str) -> tuple[bool, Any, int]:
    try:
        packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        backwards, value, pk = json.loads(packed)
        if not isinstance(pk, int) or isinstance(pk, bool) or not 0 <= pk < 2**63 or backwards not in (0, 1):
            raise ValueError
        if not isinstance(value, str | None):
            raise ValueError
        if value is not None and _parts(ordering)[1] != "number":
            value = datetime.fromisoformat(value)
            if value.tzinfo is None:
                raise ValueError
        if isinstance(value, str) and not storable(value):
            raise ValueError
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise BadCursor(cursor) from None
    return bool(backwards), value, pk


def _parts(ordering: str) -> tuple[str, str]:
    return ("-", FIELDS[ordering[1:]]) if ordering.startswith("-") else ("", FIELDS[ordering])

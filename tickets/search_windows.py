"""A page of hits without looking at all of them: the newest days first, then further and further back.

Each search document carries the day of its ticket's receipt as one more term (`search_terms.day_term`). The index joins
words and days by itself, so that of a word that half of all tickets hold, only the hits of a few days are read. A word
that is rare costs one look a window. The windows part the time without a gap: nothing is missed, nothing found twice.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Func
from django.db.models.sql.where import WhereNode

from tickets import search_terms
from tickets.querysets import TicketQuerySet

DAYS = (1, 3, 8, 20, 88)
"""How many days the windows have, from the page's beginning on; the last window is all that is left."""
WORTH_IT = 50_000
"""With fewer documents one look at all hits is quicker than several looks."""

_ORDER = {"received": 1, "-received": -1}
_SCALE = """
SELECT (SELECT received_at FROM tickets_ticket ORDER BY received_at {way} LIMIT 1),
    (SELECT reltuples FROM pg_class WHERE oid = 'tickets_searchdocument'::regclass)
"""


class Holding(Func):
    """The condition that a ticket's documents hold words: `Holding(F("pk"), query=…, runs=…)`.

    `query` is a tsquery; every text of `runs` must stand in the document as it is. `number`: or the ticket's number
    begins so. `days` narrows it to tickets received on these days, which the caller must ask of the tickets too.
    """

    output_field = BooleanField()

    def __init__(
        self, key: Any, *, query: str, runs: tuple[str, ...] = (), number: str = "", days: tuple[date, ...] = ()
    ) -> None:
        super().__init__(key)
        self.query, self.runs, self.number, self.days = query, runs, number, days

    def as_sql(self, compiler: Any, connection: Any, **_extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        key, params = compiler.compile(self.source_expressions[0])
        query = self.query
        if self.days:
            days = " | ".join(search_terms.quote(search_terms.day_term(day)) for day in self.days)
            query = f"({days}) & ({query})"
        # the index first, always: of a word that is nowhere the planner believes that it will soon come
        hits = "WITH hit AS MATERIALIZED (SELECT ticket_id FROM tickets_searchdocument WHERE tsv @@ %s::tsquery"
        asked = [*params, query]
        for run in self.runs:
            hits += " AND body LIKE %s"
            asked.append(f"%{run}%")  # runs hold letters alone, no sign that LIKE would read otherwise
        hits += ") SELECT ticket_id FROM hit"
        if self.number:
            hits += " UNION SELECT id FROM tickets_ticket WHERE number LIKE %s"
            asked.append(connection.ops.prep_for_like_query(self.number) + "%")
        return f"{key} IN ({hits})", asked

    def within(self, days: tuple[date, ...]) -> "Holding":
        narrowed: Holding = self.copy()
        narrowed.days = days
        return narrowed


def parts(tickets: TicketQuerySet, ordering: str, begin: datetime | None = None) -> Iterator[TicketQuerySet]:
    """The tickets in portions, each wholly before the next one in this order; read them until there are enough.

    `begin` is where the page begins, when it is not the first. One query beside those of the portions, and only
    for a search by words in the order of receipt.
    """
    way = _ORDER.get(ordering, 0)
    searched = list(_searches(tickets.query.where))
    if not way or not searched or any(one.number for one in searched):
        yield tickets
        return
    with connection.cursor() as cursor:
        cursor.execute(_SCALE.format(way="ASC" if way > 0 else "DESC"))
        first, documents = cursor.fetchone()
    if first is None or documents < WORTH_IT:
        yield tickets
        return
    day = (begin or first).astimezone(UTC).date()
    for number in DAYS:
        days = tuple(day + timedelta(days=way * step) for step in range(number))
        yield _of_days(tickets, days)
        day = days[-1] + timedelta(days=way)
    edge = datetime.combine(day, time.min, UTC)
    # what is left: from the beginning of that day on, or before its end
    yield tickets.filter(received_at__gte=edge) if way > 0 else tickets.filter(received_at__lt=edge + timedelta(days=1))


def keys(tickets: TicketQuerySet, ordering: str, most: int, begin: datetime | None = None) -> list[int]:
    """The primary keys of the first `most` of ordered tickets."""
    found: list[int] = []
    for part in parts(tickets, ordering, begin):
        found += part.values_list("pk", flat=True)[: most - len(found)]
        if len(found) >= most:
            break
    return found


def _of_days(tickets: TicketQuerySet, days: tuple[date, ...]) -> TicketQuerySet:
    since, until = datetime.combine(min(days), time.min, UTC), datetime.combine(max(days), time.min, UTC)
    found = tickets.filter(received_at__gte=since, received_at__lt=until + timedelta(days=1))
    found.query.where = _narrowed(found.query.where, days)
    return found


def _searches(node: Any) -> Iterator[Holding]:
    if isinstance(node, Holding):
        yield node
    elif isinstance(node, WhereNode):
        if not node.negated and node.connector == "AND":
            for child in node.children:
                yield from _searches(child)
    elif isinstance(getattr(node, "lhs", None), Holding):
        yield node.lhs


def _narrowed(node: WhereNode, days: tuple[date, ...]) -> WhereNode:
    """The condition anew, with every search that `_searches` found held to these days."""
    if node.negated or node.connector != "AND":
        return node
    copied = node.clone()
    children: list[Any] = copied.children
    for place, child in enumerate(children):
        if isinstance(child, Holding):
            children[place] = child.within(days)
        elif isinstance(child, WhereNode):
            children[place] = _narrowed(child, days)
        elif isinstance(getattr(child, "lhs", None), Holding):
            children[place] = type(child)(child.lhs.within(days), child.rhs)
    return copied

"""A page of hits without looking at all of them: the newest days first, then further and further back.

Each search document carries the day and the month of its ticket's receipt as terms (`terms.received_terms`). The index
joins words, readers (`readers`) and days by itself, so that of a word that half of all tickets hold, only the hits of a
few days are read. How far a look reaches is told first by how common its terms are (`commonness`), then by how many hits
there were. The windows part the time without a gap: nothing is missed, nothing found twice.
"""

import math
from collections.abc import Callable, Iterator, Sized
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Func, QuerySet
from django.db.models.sql.where import WhereNode

from tickets.querysets import TicketQuerySet
from tickets.search import commonness
from tickets.search import terms as search_terms

WORTH_IT = 50_000
"""With fewer documents one look at all hits is quicker than several looks."""
ENOUGH = 3
"""A window is to hold so many times the hits that are still wanted."""
GROWTH = 10
"""How many times what has been looked at the next window may be: hits do not lie evenly in time."""
MOST_DAYS = 7
"""Each day of a window is a term to be looked up beside the words; a longer window names months, and the tickets' own time
of receipt cuts off what is before or behind."""
FEW_LEFT = 150
"""When no more hits than these are to be expected in all that is left, it is read at once …"""
SURE = 10_000
"""… and so many documents have been looked at, from which it is to be expected."""
DENSE = 8
"""Up to so many signs, the beginning of a number (138, Q2026) may be that of every second one: the newest tickets are then
looked at one by one, because the index would first gather all that begin so."""
ONE_BY_ONE = (2_500, 7_500, 22_500)
"""How many tickets these looks take; for readers of all, the first two."""
FEW_BESIDE = 1_000
"""So many cases that somebody sees for another reason are named one by one in every look."""
LEAST_LEFT = 0.01
"""At least such a share of the documents is taken to lack what stands nearly everywhere: statistics of a sample say no more."""
MOST_CONDITIONS = 12
"""So many terms are asked of the index one after the other; of a longer text the others at once."""

_ORDER = {"received": 1, "-received": -1}
_SCALE = """
SELECT (SELECT received_at FROM tickets_ticket ORDER BY received_at LIMIT 1),
    (SELECT received_at FROM tickets_ticket ORDER BY received_at DESC LIMIT 1),
    reltuples, oid::bigint, pg_stat_get_analyze_count(oid) + pg_stat_get_autoanalyze_count(oid)
FROM pg_class WHERE oid = 'tickets_searchdocument'::regclass
"""


class Holding(Func):
    """The condition that a ticket's documents hold words: `Holding(F("pk"), words=…, runs=…)`.

    `words` are tsqueries, all of which must hold; every text of `runs` must stand in the document as it is. `number`: or
    the ticket's number begins so. `readers`: a tsquery too, one of whose terms a document must have, or its ticket be one
    of those that the subqueries `beside` name. `lacking` are tsqueries that a document may not hold: they spare looking at
    it, and promise nothing of the ticket's other documents. `when` narrows it to days or months, which the caller must
    ask of the tickets too.
    """

    output_field = BooleanField()

    def __init__(
        self,
        key: Any,
        *,
        words: tuple[str, ...],
        runs: tuple[str, ...] = (),
        number: str = "",
        readers: str = "",
        beside: tuple[QuerySet | list[int], ...] = (),
        lacking: tuple[str, ...] = (),
        when: tuple[str, ...] = (),
    ) -> None:
        super().__init__(key)
        self.lacking = lacking
        self.words, self.runs, self.number, self.when = words, runs, number, when
        self.readers, self.beside = readers, beside
        self.seldom_first: tuple[str, ...] = ()
        self.one_by_one = self.listed = False

    def as_sql(self, compiler: Any, connection: Any, **_extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        key, params = compiler.compile(self.source_expressions[0])
        number = connection.ops.prep_for_like_query(self.number) + "%"
        if self.one_by_one:
            look, asked = self._look("tickets_searchdocument", (_all_of(self.words),))  # no index: read once
            sql = f"EXISTS ({look} AND ticket_id = {key} OFFSET 0)"  # OFFSET 0 keeps it a question about one ticket
            if not self.number:
                return sql, [*asked, *params]
            named = "SELECT id FROM tickets_ticket AS numbered WHERE number LIKE %s"
            return f"({sql} OR EXISTS ({named} AND numbered.id = {key} OFFSET 0))", [*asked, *params, number, *params]
        # the index first, always: of a word that is nowhere the planner believes that it will soon come
        *others, last = self.seldom_first or self.conditions()
        last = " & !".join(f"({one})" for one in (last, *self.lacking))  # asked of what all others leave
        hits, asked = self._look("tickets_searchdocument", (*others, last))
        if self.readers and self.beside:
            few = [
                ("SELECT unnest(%s)", [one]) if isinstance(one, list) else one.query.sql_with_params()
                for one in self.beside
            ]
            keys = " || ".join(f"ARRAY({sql})" for sql, _params in few)
            # OFFSET 0: these few documents first, then their words
            own = f"(SELECT * FROM tickets_searchdocument WHERE ticket_id = ANY({keys}) OFFSET 0) AS own"
            look, its = self._look(own, (_all_of(self.words),))
            hits, asked = f"{hits} UNION ALL {look}", [*asked, *(one for _sql, some in few for one in some), *its]
        hits = f"WITH hit AS MATERIALIZED ({hits}) SELECT ticket_id FROM hit"
        if self.number:
            hits += " UNION SELECT id FROM tickets_ticket WHERE number LIKE %s"
            asked.append(number)
        # of a list the planner believes that it is short, and goes from the hits to the tickets, never through the tickets
        return f"{key} = ANY(ARRAY({hits}))" if self.listed else f"{key} IN ({hits})", [*params, *asked]

    def conditions(self) -> tuple[str, ...]:
        """Tsqueries, all of which must hold."""
        days = " | ".join(map(search_terms.quote, self.when))
        return tuple(one for one in (days, self.readers, *self.words) if one)

    def _look(self, documents: str, queries: tuple[str, ...]) -> tuple[str, list[Any]]:
        """Each tsquery is a condition of its own: the index goes from one to the next and leaves a document at the first
        that fails. Of one long tsquery it would look up every term for each candidate."""
        if len(queries) > MOST_CONDITIONS:
            queries = (*queries[:MOST_CONDITIONS], _all_of(queries[MOST_CONDITIONS:]))
        held = ["tsv @@ %s::tsquery"] * len(queries) + ["body LIKE %s"] * len(self.runs)
        asked = [*queries, *(f"%{connection.ops.prep_for_like_query(run)}%" for run in self.runs)]
        return f"SELECT ticket_id FROM {documents} WHERE {' AND '.join(held)}", asked

    def within(self, when: tuple[str, ...], share: float = 1.0) -> "Holding":
        """Held to these days or months, which have such a share of all documents; held to none, each ticket is looked at by
        itself."""
        narrowed: Holding = self.copy()
        narrowed.when, narrowed.one_by_one = when, not when
        return narrowed.as_list(share)

    def as_list(self, share: float = 1.0) -> "Holding":
        """With hits that are some hundreds, not hundreds of thousands; what leaves least is asked for first."""
        listed: Holding = self.copy()
        listed.listed = True
        conditions = self.conditions()
        known = {one: commonness.of(one) for one in conditions} | ({conditions[0]: share} if self.when else {})
        listed.seldom_first = tuple(sorted(known, key=lambda one: known[one]))
        return listed

    def share(self) -> float:
        """At most such a share of all documents holds it, by what the database knows of its terms."""
        readers = commonness.of(self.readers) if self.readers else 1.0
        left = math.prod(max(LEAST_LEFT, 1 - commonness.of(one)) for one in self.lacking)
        return readers * left * min(commonness.of(one) for one in self.words)

    def looked_up(self) -> "Holding":
        """The few cases beside as what they are now, unless they are many: one query instead of a part of every look."""
        if not self.readers or not self.beside:
            return self
        first, *others = (one for one in self.beside if isinstance(one, QuerySet))
        every = first.union(*others)
        found = [key for (key,) in every.values_list()[: FEW_BESIDE + 1]]
        known: Holding = self.copy()
        if len(found) <= FEW_BESIDE:
            known.beside = (found,) if found else ()
        return known


def parts(
    tickets: TicketQuerySet,
    ordering: str,
    begin: datetime | None = None,
    *,
    most: int,
    found: Sized = (),
    sample: bool = False,
) -> Iterator[TicketQuerySet]:
    """The tickets in portions, each wholly before the next one in this order; read them until there are enough.

    `begin` is where the page begins, when it is not the first. `most` is how many are wanted, `found` what the caller has
    read so far. With `sample` the newest hits will do. Two queries beside those of the portions, and only for a search by
    words in the order of receipt.
    """
    way = _ORDER.get(ordering, 0)
    searched = list(_searches(tickets.query.where))
    numbers = [one.number for one in searched if one.number]
    if not way or not searched or any(len(number) > DENSE for number in numbers):
        yield tickets
        return
    with connection.cursor() as cursor:
        cursor.execute(_SCALE)
        oldest, newest, documents, *analysed = cursor.fetchone()
    if oldest is None or documents < WORTH_IT:
        yield tickets
        return
    commonness.refresh((documents, *analysed))
    tickets = _changed(tickets, Holding.looked_up)
    start, last = (begin or newest, oldest) if way < 0 else (begin or oldest, newest)
    a_day = documents / ((newest - oldest).days + 1)
    day = _day(start)
    if numbers:
        sizes = ONE_BY_ONE if any(one.readers for one in searched) else ONE_BY_ONE[:2]
        for many in sizes:
            edge = _day(day_at(day, way) + way * timedelta(days=min(MOST_DAYS, many / a_day)))
            yield _of(tickets, day, edge, (), 0)
            day = edge + timedelta(days=way)
        if sample and len(found):
            return
    else:
        share = min(one.share() for one in searched)
        reached, size, few = 0.0, ENOUGH * most / share, False
        at = start
        while reached + 2 * size < documents and (last - at).days * way > 0 and not few:
            edge, terms = _window(day, at + way * timedelta(days=size / a_day), way)
            yield _of(tickets, day, edge, terms, min(1.0, ((edge - day).days * way + 1) * a_day / documents))
            day = edge + timedelta(days=way)
            at = day_at(day, way)
            reached = abs((at - start).total_seconds()) / 86_400 * a_day
            few = reached >= SURE and (len(found) + 2) / reached * documents <= FEW_LEFT
            left = max(1, most - len(found))
            size = min(ENOUGH * left * reached / (len(found) + 0.5), GROWTH * reached)
    # what is left: from the beginning of that day on, or before its end
    rest = tickets.filter(received_at__gte=_start(day)) if way > 0 else tickets.filter(received_at__lt=_end(day))
    yield _changed(rest, Holding.as_list)


def _window(day: date, until: datetime, way: int) -> tuple[date, tuple[str, ...]]:
    """Its last day, and its terms: from `day` on until that moment, or the end of that month when it is long."""
    edge = _day(until)
    number = (edge - day).days * way + 1
    if number <= MOST_DAYS:
        return edge, tuple(search_terms.day_term(day + timedelta(days=way * step)) for step in range(number))
    months = [_month(day, 0)]
    while months[-1] != _month(edge, 0):
        months.append(_month(months[-1], way))
    edge = months[-1] if way < 0 else _month(months[-1], 1) - timedelta(days=1)
    return edge, tuple(map(search_terms.month_term, months))


def keys(tickets: TicketQuerySet, ordering: str, most: int, begin: datetime | None = None) -> list[int]:
    """The primary keys of the first `most` of ordered tickets."""
    found: list[int] = []
    for part in parts(tickets, ordering, begin, most=most, found=found):
        found += part.values_list("pk", flat=True)[: most - len(found)]
        if len(found) >= most:
            break
    return found


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _end(day: date) -> datetime:
    return _start(day + timedelta(days=1))


def _month(day: date, later: int) -> date:
    """The first day of the month so many later."""
    number = day.year * 12 + day.month - 1 + later
    return date(number // 12, number % 12 + 1, 1)


def day_at(day: date, way: int) -> datetime:
    """Where a day begins for who goes this way through time."""
    return _start(day) if way > 0 else _end(day)


def _of(tickets: TicketQuerySet, one: date, other: date, terms: tuple[str, ...], share: float) -> TicketQuerySet:
    """Those received between two days, both with them, whose documents have one of the terms."""
    found = tickets.filter(received_at__gte=_start(min(one, other)), received_at__lt=_end(max(one, other)))
    return _changed(found, lambda holding: holding.within(terms, share))


def _all_of(queries: tuple[str, ...]) -> str:
    return " & ".join(f"({one})" for one in queries)


def _searches(node: Any) -> Iterator[Holding]:
    if isinstance(node, Holding):
        yield node
    elif isinstance(node, WhereNode):
        if not node.negated and node.connector == "AND":
            for child in node.children:
                yield from _searches(child)
    elif isinstance(getattr(node, "lhs", None), Holding):
        yield node.lhs


def _changed(tickets: TicketQuerySet, change: Callable[[Holding], Holding]) -> TicketQuerySet:
    """The same tickets with every search that `_searches` finds made another."""
    found = tickets.all()
    found.query.where = _rebuilt(found.query.where, change)
    return found


def _rebuilt(node: WhereNode, change: Callable[[Holding], Holding]) -> WhereNode:
    if node.negated or node.connector != "AND":
        return node
    copied = node.clone()
    children: list[Any] = copied.children
    for place, child in enumerate(children):
        if isinstance(child, Holding):
            children[place] = change(child)
        elif isinstance(child, WhereNode):
            children[place] = _rebuilt(child, change)
        elif isinstance(getattr(child, "lhs", None), Holding):
            children[place] = type(child)(change(child.lhs), child.rhs)
    return copied

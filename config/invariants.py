"""What must be true of the stored data at any moment (`operations.md`, Invariants).

Run after every fault test, nightly, and after a restore. Each check is one statement over whole tables, or a walk over
the files; a check returns a line for each thing that is wrong, at most `MOST`.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection, transaction

from config import invariants_archive, invariants_figures, invariants_numbers
from sla.clockwork import replay_of, settled_at
from sla.models import Clock
from sla.rulebook import Targets
from tickets.attachments import stored
from tickets.models import Attachment
from tickets.search import readers as search_readers
from tickets.workflow import UNANSWERED

MOST = 20
REPLAYED = 2000  # clocks replayed for comparison: as many as take about a second
UPLOADING = timedelta(hours=1)  # a file is written before its row is committed
OPEN = tuple(sorted(str(status) for status in UNANSWERED))


@dataclass(frozen=True)
class Invariant:
    code: str
    sentence: str
    find: Callable[[datetime], Iterator[str]]

    def broken(self, at: datetime) -> list[str]:
        return list(islice(self.find(at), MOST))


def rows(sql: str, params: list[Any] | None = None) -> Iterator[tuple[Any, ...]]:
    """In pieces, so that a million wrong rows do not fill the memory."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({sql}) AS wrong LIMIT {MOST}", params)
        yield from cursor.fetchall()


def by_sql(sql: str, line: str, *params: Any) -> Callable[[datetime], Iterator[str]]:
    """A check whose statement selects what is wrong; `line` words each row."""

    def find(at: datetime) -> Iterator[str]:
        for row in rows(sql, list(params)):
            yield line.format(*row)

    return find


UNREGISTERED = """
SELECT t.number, count(e.id) FROM tickets_ticket t
LEFT JOIN tickets_ticketevent e ON e.ticket_id = t.id AND e.kind = 'register'
GROUP BY t.id HAVING count(e.id) <> 1"""

CLOCKLESS = """
SELECT t.number FROM tickets_ticket t
WHERE EXISTS (SELECT FROM sla_slapolicy p JOIN sla_slatarget g ON g.policy_id = p.id
              WHERE p.is_default AND g.metric = 'resolution')
AND NOT EXISTS (SELECT FROM sla_clock c WHERE c.ticket_id = t.id)"""

# The events of the opening share version 1; every later one has a version of its own.
VERSIONS = """
SELECT t.number, t.version, e.last, e.versions, e.later FROM tickets_ticket t
LEFT JOIN (SELECT ticket_id, max(version) AS last, count(DISTINCT version) AS versions,
                  count(*) FILTER (WHERE version > 1) AS later
           FROM tickets_ticketevent GROUP BY ticket_id) e ON e.ticket_id = t.id
WHERE t.version IS DISTINCT FROM e.last OR t.version <> e.versions OR e.later <> t.version - 1"""

# Missed limits and raised levels are written behind the history that an import brings, and move no status.
STATUS = """
SELECT t.number, t.status, t.round, e.status, e.round FROM tickets_ticket t
JOIN (SELECT DISTINCT ON (ticket_id) ticket_id, status, round FROM tickets_ticketevent
      WHERE kind NOT IN ('breach', 'escalate') ORDER BY ticket_id, version DESC, id DESC) e ON e.ticket_id = t.id
WHERE (t.status, t.round) <> (e.status, e.round)"""

DECIDED = """
SELECT t.number, c.metric, c.state, c.due_at, c.breached_at, c.decided_at FROM sla_clock c
JOIN tickets_ticket t ON t.id = c.ticket_id
WHERE (c.state = 'missed') <> (c.breached_at IS NOT NULL)
   OR c.breached_at IS DISTINCT FROM CASE WHEN c.breached_at IS NOT NULL THEN c.due_at END
   OR c.decided_at IS DISTINCT FROM CASE c.state WHEN 'met' THEN c.stopped_at WHEN 'missed' THEN c.due_at END"""

UNWATCHED = """
SELECT t.number, c.metric, c.state, c.due_at FROM sla_clock c JOIN tickets_ticket t ON t.id = c.ticket_id
WHERE (c.state = 'running' AND (c.due_at IS NULL OR NOT EXISTS (
        SELECT FROM sla_dueitem d WHERE d.clock_id = c.id AND d.threshold = 'due'
        AND d.due_version = c.due_version AND d.fired_at IS NULL)))
   OR (c.state = 'paused' AND c.due_at IS NOT NULL)"""

NEXT_DUE = """
SELECT t.number, t.next_due_at, c.due FROM tickets_ticket t
LEFT JOIN (SELECT ticket_id, min(due_at) AS due FROM sla_clock
           WHERE metric <> 'customer_reply'
           AND (state IN ('running', 'paused') OR (state = 'missed' AND stopped_at IS NULL AND metric <> 'return_decision'))
           GROUP BY ticket_id) c ON c.ticket_id = t.id
WHERE t.next_due_at IS DISTINCT FROM CASE WHEN t.status IN %s THEN c.due END"""

NOTICES = """
SELECT n.kind, n.topic, count(*) FROM notices_notice n
GROUP BY n.key, n.channel, n.user_id, n.address, n.kind, n.topic HAVING count(*) > 1"""

DEPARTMENTS = """
WITH part AS (
    SELECT ticket_id, department_id, role FROM tickets_assignment
    WHERE ended_at IS NULL OR (role = 'co' AND end_reason IN ('done', 'waived'))
    UNION ALL SELECT ticket_id, department_id, 'offered' FROM tickets_transfer WHERE decided_at IS NULL
)
SELECT t.number, t.departments, a.parts, t.department_id, a.lead FROM tickets_ticket t
LEFT JOIN (SELECT ticket_id, array_agg(DISTINCT department_id) AS parts,
                  max(department_id) FILTER (WHERE role = 'lead') AS lead
           FROM part GROUP BY ticket_id) a ON a.ticket_id = t.id
WHERE t.department_id IS DISTINCT FROM a.lead
   OR (SELECT array_agg(d ORDER BY d) FROM unnest(t.departments) AS d) IS DISTINCT FROM a.parts"""

UNFINDABLE = """
SELECT t.number FROM tickets_ticket t WHERE NOT EXISTS (
    SELECT FROM tickets_searchdocument d WHERE d.ticket_id = t.id AND d.visibility = 'public')"""

UNREAD = f"""
SELECT DISTINCT t.number FROM tickets_ticket t JOIN tickets_searchdocument d ON d.ticket_id = t.id
WHERE NOT tsvector_to_array(d.tsv) @> {search_readers.SQL.format("t")}"""


def files(at: datetime) -> Iterator[str]:
    """Every row has its files, of their size, and every file but the youngest has its row (DI-12)."""
    storage = Attachment._meta.get_field("file").storage
    there = {one.name: one for one in stored.listing(storage, "attachments")}
    known = set()
    for name, thumb, size in Attachment.objects.order_by("pk").values_list("file", "thumb", "size").iterator():
        known |= {name, thumb}
        for one in filter(None, (name, thumb)):
            if one not in there:
                yield f"{one}: the file is missing"
        if name in there and there[name].size != size:
            yield f"{name}: {there[name].size} bytes, and {size} on record"
    for name, one in there.items():
        if name not in known and one.modified < at - UPLOADING:
            yield f"{name}: no attachment is known for it"


def clocks_replayed(at: datetime) -> Iterator[str]:
    """Of the newest clocks: the due time on record is the one that their history gives."""
    newest = Clock.objects.exclude(state__in=["paused", "void"]).select_related("ticket").prefetch_related("events")
    targets = Targets()
    for clock in newest.order_by("-pk")[:REPLAYED]:
        told = replay_of(clock.events.all(), clock.stopped_at or at, targets, settled_at(clock))
        if told.due != clock.due_at:
            yield f"{clock.ticket}: {clock.metric} is due {clock.due_at}, its history says {told.due}"


INVARIANTS = (
    Invariant("numbers", "numbers are unique and gapless per day", invariants_numbers.find),
    Invariant("archive", "archive numbers are gapless per class", invariants_archive.find),
    Invariant("register", "every ticket has one register event", by_sql(UNREGISTERED, "{0}: {1} register events")),
    Invariant("clocks", "every ticket has its clocks", by_sql(CLOCKLESS, "{0}: no clock")),
    Invariant(
        "version",
        "a ticket's version is that of its last event, and none is left out",
        by_sql(VERSIONS, "{0}: version {1}; last event {2}, {3} versions, {4} events after the opening"),
    ),
    Invariant(
        "status",
        "status and round are those of the last event",
        by_sql(STATUS, "{0}: {1} in round {2}; last event: {3} in round {4}"),
    ),
    Invariant(
        "breached_at",
        "a limit is missed at its due time and decided when it ended",
        by_sql(DECIDED, "{0}: {1} is {2}; due {3}, breached {4}, decided {5}"),
    ),
    Invariant(
        "due_items",
        "a running clock has its due item waiting, a paused one no due time",
        by_sql(UNWATCHED, "{0}: {1} is {2}, due {3}"),
    ),
    Invariant(
        "next_due_at",
        "the due time in lists is the earliest of the active clocks",
        by_sql(NEXT_DUE, "{0}: {1}; earliest of its clocks: {2}", OPEN),
    ),
    Invariant("replay", "due times are those that the clocks' histories give", clocks_replayed),
    Invariant("notices", "one notice for each cause and recipient", by_sql(NOTICES, "{0} of {1}: {2} times")),
    Invariant("files", "no file without its row, no row without its file", files),
    Invariant(
        "departments",
        "a ticket lies in the departments that have or did a part, or are offered it",
        by_sql(DEPARTMENTS, "{0}: {1}; by its parts {2}; lead {3}, by its parts {4}"),
    ),
    Invariant("search", "every ticket can be found by its words", by_sql(UNFINDABLE, "{0}: not in the search index")),
    Invariant(
        "readers",
        "the search index knows in whose lists a ticket is",
        by_sql(UNREAD, "{0}: not found by all who see it"),
    ),
    Invariant("counts", "every count is the length of the list it leads to", invariants_figures.find),
)


def check(at: datetime, *, only: Collection[str] = ()) -> dict[Invariant, list[str]]:
    """Every invariant, or those named, with what breaks it, all seen at one moment of the database."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return {one: one.broken(at) for one in INVARIANTS if not only or one.code in only}

"""What PostgreSQL alone needs for the same rows, in the same run: the limit that each figure is held against."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

import psycopg2
from django.db import connection
from django.test.utils import CaptureQueriesContext
from psycopg2.extras import Json, execute_values

from sla.models import Accountability

# what one submission writes, parents first, and how its rows are found by the ticket's id
WRITTEN = {
    "tickets_customer": "id = (SELECT customer_id FROM tickets_ticket WHERE id = %s)",
    "accounts_idempotentcall": "id = (SELECT c.id FROM accounts_idempotentcall c, tickets_ticket t WHERE t.id = %s"
    " ORDER BY abs(extract(epoch FROM c.at - t.registered_at)) LIMIT 1)",
    "tickets_ticket": "id = %s",
    "feedback_rawmessage": "ticket_id = %s",
    "tickets_ticketevent": "ticket_id = %s",
    "tickets_assignment": "ticket_id = %s",
    "tickets_searchdocument": "ticket_id = %s",
    "sla_clock": "ticket_id = %s",
    "sla_clockevent": "clock_id IN (SELECT id FROM sla_clock WHERE ticket_id = %s)",
    "sla_dueitem": "clock_id IN (SELECT id FROM sla_clock WHERE ticket_id = %s)",
    "notices_notice": "topic = (SELECT number FROM tickets_ticket WHERE id = %s)",
}
PARENTS = {
    "customer_id": "tickets_customer",
    "ticket_id": "tickets_ticket",
    "assignment_id": "tickets_assignment",
    "clock_id": "sla_clock",
}
UNIQUE = {
    "tickets_ticket": ("number", "tracking_digest"),
    "accounts_idempotentcall": ("key_digest",),
    "notices_notice": ("key",),
}
"""What no two rows may share, by table."""
_FOREIGN_KEYS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'
"""


def captured(work: Callable[[], Any]) -> list[str]:
    """The statements that `work` runs, with their values; in full, also where the product names one that it has prepared."""
    prepared = connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]
    connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = True
    try:
        with CaptureQueriesContext(connection) as seen:
            work()
    finally:
        connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = prepared
    return [query["sql"] for query in seen.captured_queries]


def database_ms() -> float:
    """CPU time that the server's process of this connection has used, in ms; 0 when it runs on another machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6
    except OSError:
        return 0.0


def reading_ms(statements: list[str], times: int = 15) -> float:
    """Median of running the same SELECTs one after the other and fetching their rows, with nothing around them."""
    selects = [sql for sql in statements if sql.lstrip().upper().startswith(("SELECT", "(SELECT", "WITH"))]
    spent = []
    with psycopg2.connect(os.environ["DATABASE_URL"]) as line, line.cursor() as cursor:
        for _ in range(times + 2):
            begin = time.perf_counter()
            for sql in selects:
                cursor.execute(sql)
                cursor.fetchall()
            spent.append(time.perf_counter() - begin)
    line.close()
    return median(spent[2:]) * 1000


@contextmanager
def tables() -> Iterator[None]:
    """Copies of the tables with their indexes and foreign keys, in a schema of its own that goes afterwards. The triggers that
    tell the figures of a change are left out."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS bare CASCADE; CREATE SCHEMA bare")
        for table in WRITTEN:
            cursor.execute(f"CREATE TABLE bare.{table} (LIKE public.{table} INCLUDING ALL)")
        for table in WRITTEN:
            cursor.execute(_FOREIGN_KEYS, [table])
            for name, definition in cursor.fetchall():
                for parent in PARENTS.values():
                    definition = definition.replace(f"REFERENCES {parent}(", f"REFERENCES bare.{parent}(")
                cursor.execute(f"ALTER TABLE bare.{table} ADD CONSTRAINT {name} {definition}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA bare CASCADE")


@dataclass(frozen=True)
class Written:
    """Rows of one table as they were read, their own keys apart."""

    table: str
    columns: list[str]
    rows: list[tuple]
    keys: list[int]


def rows_of(ticket_id: int) -> list[Written]:
    """What one submission wrote, parents first."""
    found = []
    with connection.cursor() as cursor:
        for table, condition in WRITTEN.items():
            cursor.execute(f"SELECT * FROM {table} WHERE {condition} ORDER BY id", [ticket_id])
            columns, read = [column.name for column in cursor.description], cursor.fetchall()
            own = columns.index("id")
            rows = [tuple(adapted(value) for place, value in enumerate(row) if place != own) for row in read]
            columns.remove("id")
            found.append(Written(table, columns, rows, [row[own] for row in read]))
    if missing := [one.table for one in found if not one.rows]:
        raise RuntimeError(f"The submission left no row in {', '.join(missing)}.")
    return found


def adapted(value: Any) -> Any:
    if isinstance(value, dict):
        return Json(value)
    return bytes(value) if isinstance(value, memoryview) else value


def writing_a_second(ticket_id: int, connections: int, times: int) -> float:
    """Transactions a second that insert the rows of one submission, one statement a table, at so many connections."""
    written = rows_of(ticket_id)

    def run(number: int) -> None:
        line = psycopg2.connect(os.environ["DATABASE_URL"])
        for n in range(times):
            with line, line.cursor() as cursor:
                insert(cursor, written, number * times + n)
        line.close()

    begin = time.perf_counter()
    with ThreadPoolExecutor(connections) as threads:
        for _done in threads.map(run, range(connections)):
            pass
    return connections * times / (time.perf_counter() - begin)


def insert(cursor: Any, written: list[Written], step: int) -> None:
    """The rows of one submission into the copied tables, one statement a table; `step` makes them unique."""
    new: dict[tuple[str, int], int] = {}
    for one in written:
        parents = {place: PARENTS[name] for place, name in enumerate(one.columns) if name in PARENTS}
        unique = {one.columns.index(name) for name in UNIQUE.get(one.table, ())}
        rows = [list(row) for row in one.rows]
        for number, row in enumerate(rows):
            for place, table in parents.items():
                row[place] = new.get((table, row[place]))
            for place in unique:
                row[place] = f"bare-{step}-{number}"
        spelled = ", ".join(f'"{name}"' for name in one.columns)
        statement = f"INSERT INTO bare.{one.table} ({spelled}) VALUES %s"
        if one.table in PARENTS.values():
            keys = execute_values(cursor, f"{statement} RETURNING id", rows, fetch=True)
            new |= {(one.table, old): key for old, (key,) in zip(one.keys, keys, strict=True)}
        else:
            execute_values(cursor, statement, rows)


# The sweep in the words of SQL alone: judge, mark, write the history, raise levels, hold to account, tell the owner.
SWEEPING = """
CREATE TEMP TABLE late ON COMMIT DROP AS
    SELECT i.id AS item, c.id AS clock, c.ticket_id, c.metric, c.round, c.due_at, t.owner_id, t.department_id,
        i.threshold = 'due' AND c.state = 'running' AND i.due_version = c.due_version AS missed
    FROM sla_dueitem i JOIN sla_clock c ON c.id = i.clock_id JOIN tickets_ticket t ON t.id = c.ticket_id
    WHERE i.id = ANY(%(items)s) FOR UPDATE OF i, t;
UPDATE sla_clock c SET state = 'missed', breached_at = c.due_at, decided_at = c.due_at, soon_at = c.due_at,
    answerable_id = l.owner_id FROM late l WHERE c.id = l.clock AND l.missed;
INSERT INTO sla_clockevent (clock_id, at, kind, reason, data)
    SELECT clock, due_at, 'breach', '', '{}' FROM late WHERE missed;
INSERT INTO tickets_ticketevent (ticket_id, at, kind, by_customer, round, version, status, data)
    SELECT l.ticket_id, l.due_at, kind, false, l.round, t.version + 1, t.status, jsonb_build_object('metric', l.metric)
    FROM late l JOIN tickets_ticket t ON t.id = l.ticket_id, unnest(ARRAY['breach', 'escalate']) AS kind WHERE l.missed;
UPDATE tickets_ticket t SET level = greatest(t.level, 1), version = t.version + 2, next_due_at = l.due_at
    FROM late l WHERE t.id = l.ticket_id AND l.missed;
INSERT INTO sla_accountability (ticket_id, clock_id, person_id, department_id, ground, opened_at, {others})
    SELECT ticket_id, clock, owner_id, department_id, metric, due_at, {defaults} FROM late WHERE missed
    ON CONFLICT DO NOTHING;
UPDATE sla_dueitem i SET fired_at = %(at)s FROM late l WHERE i.id = l.item;
"""


def sweeping_s(items: list[int], at: datetime) -> float:
    """Seconds of the same judgement and writes over the same due items, in seven statements; taken back."""
    needed = [column for column in Accountability._meta.concrete_fields if not column.null and not column.primary_key]
    named = {"ticket_id", "clock_id", "person_id", "department_id", "ground", "opened_at"}
    others = {column.column: column.get_default() for column in needed if column.column not in named}
    statement = SWEEPING.replace("{others}", ", ".join(others)).replace(
        "{defaults}", ", ".join(f"%({name})s" for name in others)
    )
    with psycopg2.connect(os.environ["DATABASE_URL"]) as line, line.cursor() as cursor:
        begin = time.perf_counter()
        cursor.execute(statement, others | {"items": items, "at": at})
        spent = time.perf_counter() - begin
        line.rollback()
    line.close()
    return spent

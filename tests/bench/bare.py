"""What PostgreSQL alone needs for the same rows, in the same run: the limit that each figure is held against."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
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
    """Copies of the tables, with their indexes, in a schema of its own that goes afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS bare CASCADE; CREATE SCHEMA bare")
        for table in [*WRITTEN, "accounts_idempotentcall"]:
            cursor.execute(f"CREATE TABLE bare.{table} (LIKE public.{table} INCLUDING ALL)")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA bare CASCADE")


def rows_of(ticket_id: int) -> dict[str, tuple[list[str], list[tuple]]]:
    """Columns and rows of each table, but for what has to be unique."""
    found = {}
    with connection.cursor() as cursor:
        for table, condition in WRITTEN.items():
            cursor.execute(f"SELECT * FROM {table} WHERE {condition}", [ticket_id])
            columns = [column.name for column in cursor.description]
            kept = [place for place, name in enumerate(columns) if name not in UNIQUE]
            rows = [tuple(adapted(row[place]) for place in kept) for row in cursor.fetchall()]
            found[table] = ([columns[place] for place in kept], rows)
    return found


UNIQUE = {"id", "number", "tracking_digest", "external_id", "uid", "key"}


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


def insert(cursor: Any, written: dict[str, tuple[list[str], list[tuple]]], step: int) -> None:
    """The rows of one submission into the copied tables, one statement a table; `step` makes them unique."""
    for table, (columns, rows) in written.items():
        names, values = list(columns), rows
        if table == "tickets_ticket":
            names += ["number", "tracking_digest", "external_id"]
            values = [(*row, f"bare-{step}", str(step), "") for row in rows]
        elif table == "feedback_rawmessage":
            names, values = [*names, "uid"], [(*row, "") for row in rows]
        elif table == "notices_notice":
            names, values = [*names, "key"], [(*row, f"{step}-{place}") for place, row in enumerate(rows)]
        if values:
            spelled = ", ".join(f'"{name}"' for name in names)
            execute_values(cursor, f"INSERT INTO bare.{table} ({spelled}) VALUES %s", shifted(names, values, step))


def shifted(names: list[str], rows: list[tuple], step: int) -> list[tuple]:
    """The ids of parents moved on, so that unique indexes see new ones."""
    places = {place for place, name in enumerate(names) if name in {"ticket_id", "clock_id"}}
    return [
        tuple(value + 10**7 * (step + 1) if place in places and value else value for place, value in enumerate(row))
        for row in rows
    ]


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

"""The triggers that note which tickets' figures changed, whoever changed them: a service, an import, plain SQL.

An insert is noted once a statement, an update once a row and only when a column that a figure reads has changed, so
that sweeps, notices and edits cost nothing. For migrations.
"""

from collections.abc import Sequence

from django.db import migrations

LOCAL_DAY = "({} AT TIME ZONE 'Asia/Shanghai')::date"
TICKET = (
    "status", "merged_into_id", "nature", "category_id", "tier", "region_id", "department_id", "departments",
    "owner_id", "first_contact_id", "customer_id", "problem_id", "is_bad_review", "channel", "received_at",
    "first_response_at", "first_resolved_at", "resolved_at",
)  # fmt: skip
CLOCK = ("ticket_id", "metric", "round", "started_at", "decided_at", "answerable_id")
FOLLOW_UP = ("ticket_id", "round", "sent_at", "answered_at", "rating")
EVENTS = "('assign', 'return_to_dispatch', 'reopen')"


def _days(*columns: str) -> str:
    return f"ARRAY[{', '.join(LOCAL_DAY.format(f'OLD.{column}') for column in columns)}]"


def _changed(columns: Sequence[str]) -> str:
    return (
        f"ROW({', '.join(f'OLD.{c}' for c in columns)}) IS DISTINCT FROM ROW({', '.join(f'NEW.{c}' for c in columns)})"
    )


def _function(name: str, body: str) -> str:
    return (
        f"CREATE FUNCTION reports_touched_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; "
        "RETURN NULL; END $$"
    )


def _trigger(name: str, when: str, table: str, how: str) -> str:
    return f"CREATE TRIGGER reports_{name} AFTER {when} ON {table} {how} EXECUTE FUNCTION reports_touched_{name}()"


INTO = "INSERT INTO reports_touched(ticket_id, days) "
INTO_TICKET = "INSERT INTO reports_touched(ticket_id, days, customer_id, problem_id, resolved_at) "
OLD_TICKET = (
    f"SELECT OLD.id, {_days('received_at', 'first_response_at', 'first_resolved_at')}, OLD.customer_id, OLD.problem_id, "
    "OLD.first_resolved_at"
)
OLD_CLOCK = f"SELECT OLD.ticket_id, {_days('decided_at')}"
OLD_FOLLOW_UP = f"SELECT OLD.ticket_id, {_days('sent_at', 'answered_at')}"
NEW_ROWS = "REFERENCING NEW TABLE AS added FOR EACH STATEMENT"
# name, what fires it, table, how, body
TRIGGERS = (
    ("ticket_in", "INSERT", "tickets_ticket", NEW_ROWS, f"{INTO} SELECT id, NULL FROM added"),
    (
        "ticket_new",
        "UPDATE",
        "tickets_ticket",
        f"FOR EACH ROW WHEN ({_changed(TICKET)})",
        f"{INTO_TICKET} {OLD_TICKET}",
    ),
    ("ticket_out", "DELETE", "tickets_ticket", "FOR EACH ROW", f"{INTO_TICKET} {OLD_TICKET}"),
    ("clock_in", "INSERT", "sla_clock", NEW_ROWS, f"{INTO} SELECT DISTINCT ticket_id, NULL::date[] FROM added"),
    (
        "clock_new",
        "UPDATE",
        "sla_clock",
        f"FOR EACH ROW WHEN ({_changed(CLOCK)} OR (OLD.state IS DISTINCT FROM NEW.state AND "
        "NOT (OLD.state IN ('running', 'paused') AND NEW.state IN ('running', 'paused'))))",
        f"{INTO} {OLD_CLOCK}",
    ),
    ("clock_out", "DELETE", "sla_clock", "FOR EACH ROW", f"{INTO} {OLD_CLOCK}"),
    ("follow_up_in", "INSERT", "surveys_followup", NEW_ROWS, f"{INTO} SELECT ticket_id, NULL FROM added"),
    (
        "follow_up_new",
        "UPDATE",
        "surveys_followup",
        f"FOR EACH ROW WHEN ({_changed(FOLLOW_UP)})",
        f"{INTO} {OLD_FOLLOW_UP}",
    ),
    ("follow_up_out", "DELETE", "surveys_followup", "FOR EACH ROW", f"{INTO} {OLD_FOLLOW_UP}"),
    (
        "event_in",
        "INSERT",
        "tickets_ticketevent",
        NEW_ROWS,
        f"{INTO} SELECT ticket_id, NULL FROM added WHERE kind IN {EVENTS}",
    ),
    # Groups are kept under codes, lengths by a calendar: when those change, all is counted again.
    ("category", "UPDATE", "tickets_category", "FOR EACH ROW WHEN (OLD.code <> NEW.code)", f"{INTO} SELECT NULL, NULL"),
    (
        "department",
        "UPDATE",
        "accounts_department",
        "FOR EACH ROW WHEN (OLD.code <> NEW.code)",
        f"{INTO} SELECT NULL, NULL",
    ),
    (
        "user",
        "UPDATE",
        "accounts_user",
        "FOR EACH ROW WHEN (OLD.username <> NEW.username)",
        f"{INTO} SELECT NULL, NULL",
    ),
    (
        "calendar",
        "UPDATE",
        "sla_calendar",
        "FOR EACH ROW WHEN (OLD.version <> NEW.version)",
        f"{INTO} SELECT NULL, NULL",
    ),
)


def note_changes() -> migrations.RunSQL:
    make = [f"ALTER TABLE reports_{table} SET UNLOGGED" for table in ("dayfigures", "daylengths", "touched")]
    drop = []
    for name, when, table, how, body in TRIGGERS:
        make += [_function(name, body), _trigger(name, when, table, how)]
        drop += [f"DROP TRIGGER reports_{name} ON {table}", f"DROP FUNCTION reports_touched_{name}()"]
    return migrations.RunSQL(make, drop)

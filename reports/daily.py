"""Figures of whole days, counted once and kept until a trigger says that something in them changed.

A period's numbers are the sums of its days, so the overview reads some sixty small rows instead of the period's
tickets. Each day is counted by the very functions of `kpi`, so a sum cannot say anything else than they do. Only for
readers who see every ticket; figures that do not add up over days (distinct tickets, people) are not kept.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from reports import facts, kpi, officehours
from reports.models import DayFigures
from reports.periods import ZONE, Period, between, midnight
from reports.split import Facts, Split, rows_of
from tickets.models import Ticket

DAY = timedelta(days=1)
LEVEL = "level"
GAP = 3
EVERYTHING = 20_000  # more touched tickets than this and all days are counted again when they are wanted
LONG = facts.UNFINISHED
WHOLE_CODES = tuple(code for code in kpi.FIGURES if code not in ("backlog", "void", *LONG))
GROUP_CODES = ("volume", "handling_timeliness", "satisfaction", "resolution_rate", "repeat_rate")
MATRIX = "channel,category"
SHOWN_FIRST = ("", "department", MATRIX, "region")  # by which the overview opens
# Numbers of a figure that add up over days. The others are computed from them, or stay out.
ADDED = {
    "breaches": ("missed",),
    "satisfaction": ("satisfied", "neutral", "dissatisfied", "answers"),
    "return_rate": ("returned", "assigned"),
    "first_response_time": ("working_s", "n"),
    "resolution_time": ("working_s", "n"),
}
FRACTIONS = {
    "satisfaction": ("satisfied", "answers"),
    "resolution_rate": ("resolved", "received"),
    "response_rate": ("answered", "sent"),
    "repeat_rate": ("repeated", "complaints"),
    "return_rate": ("returned", "assigned"),
    "second_round_rate": ("reached", "resolved"),
    "first_contact_rate": ("intact", "resolved"),
}
TIMELY = ("met", "decided")


def codes_of(by: str) -> tuple[str, ...]:
    return {"": WHOLE_CODES, MATRIX: ("volume",)}.get(by, GROUP_CODES)


def days_of(period: Period) -> list[date]:
    first, last = period.start.astimezone(ZONE).date(), period.last_day
    return [first + DAY * i for i in range((last - first).days + 1)]


# --- what changed -------------------------------------------------------------------------------
_CHANGED_DAYS = """
WITH gone AS (DELETE FROM reports_touched RETURNING *),
ids AS MATERIALIZED (SELECT DISTINCT ticket_id AS id FROM gone),
now AS MATERIALIZED (SELECT t.* FROM tickets_ticket t JOIN ids USING (id)),
wishes AS MATERIALIZED (
    SELECT customer_id, problem_id, first_resolved_at AS resolved_at FROM now WHERE first_resolved_at IS NOT NULL
    UNION SELECT customer_id, problem_id, resolved_at FROM gone WHERE resolved_at IS NOT NULL),
days AS (
    SELECT unnest(days) AS day FROM gone
    UNION SELECT {day} FROM now, unnest(ARRAY[received_at, first_response_at, first_resolved_at]) AS at
    UNION SELECT {day} FROM (SELECT decided_at AS at FROM sla_clock c JOIN ids ON c.ticket_id = ids.id) c
    UNION SELECT {day} FROM surveys_followup f JOIN ids ON f.ticket_id = ids.id, unnest(ARRAY[sent_at, answered_at]) AS at
    UNION SELECT {day} FROM tickets_ticketevent e JOIN ids ON e.ticket_id = ids.id
        WHERE kind IN ('assign', 'return_to_dispatch', 'reopen')
    UNION SELECT {day} FROM (SELECT t.received_at AS at FROM tickets_ticket t JOIN wishes w
        ON t.customer_id = w.customer_id WHERE t.received_at > w.resolved_at) t
    UNION SELECT {day} FROM (SELECT t.received_at AS at FROM tickets_ticket t JOIN wishes w ON t.problem_id = w.problem_id
        WHERE t.received_at > w.resolved_at AND t.received_at <= w.resolved_at + interval '{repeat} days') t)
SELECT array_agg(DISTINCT days.day), (SELECT min({received}) FROM now), (SELECT min(d) FROM gone, unnest(days) AS d)
FROM days WHERE days.day IS NOT NULL
""".format(
    day="(at AT TIME ZONE 'Asia/Shanghai')::date",
    received="(received_at AT TIME ZONE 'Asia/Shanghai')::date",
    repeat=facts.REPEAT_DAYS,
)


def _forget_changed(cursor: Any) -> None:
    """Throw away the days that hold a ticket touched since."""
    cursor.execute(
        "SELECT count(*), count(*) - count(ticket_id) FROM (SELECT * FROM reports_touched LIMIT %s) t", [EVERYTHING]
    )
    touched, everything = cursor.fetchone()
    if not touched:
        return
    if everything or touched >= EVERYTHING:
        cursor.execute("DELETE FROM reports_touched")
        cursor.execute("DELETE FROM reports_dayfigures")
        cursor.execute("DELETE FROM reports_daylengths")
        return
    cursor.execute(_CHANGED_DAYS)
    days, *earliest = cursor.fetchone()
    cursor.execute("DELETE FROM reports_dayfigures WHERE day = ANY(%s) AND by <> %s", [days or [], LEVEL])
    cursor.execute("DELETE FROM reports_daylengths WHERE day = ANY(%s)", [days or []])
    first = min((day for day in earliest if day), default=None)
    if first:
        cursor.execute("DELETE FROM reports_dayfigures WHERE by = %s AND day > %s", [LEVEL, first])


# --- counting days ------------------------------------------------------------------------------
@contextmanager
def locked() -> Iterator[None]:
    """One reader or builder of kept figures at a time, so that none sees a day thrown away by another."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('reports.daily')), set_config('work_mem', '64MB', true)")
        yield


def refresh(days: Sequence[date], bys: Iterable[str]) -> None:
    """Count what is missing of these days; what has changed counts as missing. Within `locked`.

    With nothing changed and nothing missing: two small queries.
    """
    with connection.cursor() as cursor:
        _forget_changed(cursor)
    bys = list(bys)
    have = set(DayFigures.objects.filter(by__in=bys, day__in=days).values_list("by", "day"))
    for first, last in _runs([day for day in days if any((by, day) not in have for by in bys)]):
        _count(bys, first, last)


def _runs(days: Sequence[date]) -> list[tuple[date, date]]:
    """Days that follow each other, or nearly so, as (first, last): a few days more cost less than another pass."""
    runs: list[tuple[date, date]] = []
    for day in days:
        if runs and (day - runs[-1][1]).days <= GAP:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def _count(bys: Sequence[str], first: date, last: date) -> None:
    """One query a figure, whatever it is split by."""
    period, every = between(first, last + DAY), Ticket.objects.all()
    counted: dict[str, dict[str, Any]] = {by: {str(day): {} for day in days_of(period)} for by in bys}
    for code in WHOLE_CODES:
        wanted = [by for by in bys if code in codes_of(by)]
        if not wanted:
            continue
        split = Split(each=tuple(filter(None, wanted)), interval="day", decided_only=True)
        answer = kpi.FIGURES[code].measure(every, period, split)
        for by in wanted:
            for (*key, day), value in (answer.each.get(by, {}) if split.each else answer.groups).items():
                counted[by][day].setdefault(code, {})[joined(key)] = _kept(code, value)
    if "" in bys:
        for code, column in LONG.items():
            rows = facts.done(every, period, column, decided_only=True)
            for day, seconds, n in _count_lengths(code, rows, period):
                counted[""][str(day)][code] = {"": {"working_s": seconds, "n": n}}
    DayFigures.objects.filter(by__in=bys, day__range=(first, last)).delete()
    DayFigures.objects.bulk_create(
        DayFigures(day=day, by=by, figures=figures) for by in bys for day, figures in counted[by].items()
    )


def _kept(code: str, value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: value[name] for name in ADDED.get(code) or FRACTIONS.get(code, TIMELY)}


def _count_lengths(code: str, rows: Facts, period: Period) -> list[tuple[date, float, int]]:
    """Keep every length; (day, sum, count) of each day."""
    (lead, timed), (leading, params) = rows_of([rows], ["began"], officehours.workdays_until(period.end))
    with connection.cursor() as cursor:
        cursor.execute(
            f"{lead or 'WITH '}{',' if lead else ''} counted AS (SELECT (at AT TIME ZONE 'Asia/Shanghai')::date AS day, "
            f"array_agg(working_s ORDER BY id) AS lengths, sum(working_s ORDER BY id) AS whole, count(*) AS n "
            f"FROM ({timed}) f GROUP BY 1), kept AS (INSERT INTO reports_daylengths (day, code, working_s) "
            "SELECT day, %s, lengths FROM counted ON CONFLICT (code, day) DO UPDATE SET working_s = excluded.working_s) "
            "SELECT day, whole, n FROM counted",
            [*leading, *params, code],
        )
        return cursor.fetchall()


# --- adding up ----------------------------------------------------------------------------------
class Days:
    """The kept figures of some days, read in one query. Within `locked`, as all that follows."""

    def __init__(self, days: Sequence[date], bys: Sequence[str]) -> None:
        refresh(days, bys)
        rows = DayFigures.objects.filter(by__in=bys, day__in=days).values_list("by", "day", "figures")
        self._rows = {(by, day): figures for by, day, figures in rows}

    def total(self, code: str, period: Period, by: str = "", key: str = "") -> Any:
        """The figure of whole days, like `kpi` says it, without what is running."""
        return told(code, [self._value(by, day, code, key) for day in days_of(period)])

    def keys(self, code: str, period: Period, by: str) -> list[tuple[str | None, ...]]:
        every = {key for day in days_of(period) for key in self._rows.get((by, day), {}).get(code, ())}
        return [tuple(part or None for part in key.split("\x1f")) for key in sorted(every)]

    def _value(self, by: str, day: date, code: str, key: str) -> Any:
        return self._rows.get((by, day), {}).get(code, {}).get(key)


def joined(key: Iterable[str | None]) -> str:
    return "\x1f".join(part or "" for part in key)


def told(code: str, values: Iterable[Any]) -> Any:
    if code == "volume":
        return sum(value or 0 for value in values)
    summed = dict.fromkeys(ADDED.get(code) or FRACTIONS.get(code, TIMELY), 0)
    for value in values:
        for name, number in (value or {}).items():
            summed[name] += number
    if code in LONG:
        mean = summed["working_s"] / summed["n"] if summed["n"] else None
        return {"working": {"mean_s": kpi.rounded(mean), "n": summed["n"]}}
    if code != "breaches":
        part, whole = FRACTIONS.get(code, TIMELY)
        summed["rate"] = kpi.rate(summed[part], summed[whole])
    return summed


_SHARES = """
SELECT code, percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY s)
FROM reports_daylengths, unnest(working_s) AS s WHERE day BETWEEN %s AND %s GROUP BY 1
"""


def working_shares(period: Period) -> dict[str, list[float | None]]:
    """Median and 90th percentile of the working time, by code; after `Days` has refreshed the period."""
    with connection.cursor() as cursor:
        cursor.execute(_SHARES, [period.start.astimezone(ZONE).date(), period.last_day])
        return dict(cursor.fetchall())


# --- what stands at a midnight --------------------------------------------------------------------
def levels(ends: Sequence[tuple[Period, bool]]) -> list[dict[str, Any]]:
    """What was open, and for the flagged ones also what was running and unfinished, at the end of each period.

    The past is kept like the days are, the running period is counted afresh.
    """
    every, told_ = Ticket.objects.all(), []
    known = {
        row.day: row.figures
        for row in DayFigures.objects.filter(by=LEVEL, day__in=[p.end.astimezone(ZONE).date() for p, _ in ends])
    }
    for period, running in ends:
        day = period.end.astimezone(ZONE).date()
        level = known.get(day)
        if level is None or (running and "running" not in level):
            level = {"backlog": kpi.backlog(every, period).total}
            if running:
                level |= {
                    "running": facts.running(every, period.end),
                    "unfinished": facts.unfinished(every, period.end),
                }
            if midnight(day) == period.end:
                DayFigures.objects.update_or_create(day=day, by=LEVEL, defaults={"figures": level})
        told_.append(level)
    return told_

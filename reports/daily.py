"""Figures of whole days, counted once and kept until a trigger says that something in them changed.

Only the background job writes them (`refresh`): it marks the days that changed as stale, then counts these and the
missing ones, newest first, a week a transaction. Pages only read (`reports.kept`). Each day is counted by the very
functions of `kpi`, so a sum cannot say anything else than they do. Only for readers who see every ticket; figures that do
not add up over days (distinct tickets, people) are not kept.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from reports import facts, kpi, officehours
from reports.models import DayFigures, DayLengths
from reports.periods import ZONE, Period, between, midnight
from reports.split import Facts, Split, rows_of
from tickets.models import Ticket

DAY = timedelta(days=1)
LEVEL = "level"
GAP = 3
AT_ONCE = 7  # days counted in one transaction, so that readers see how it goes on
EVERYTHING = 20_000  # more touched tickets than this and all days are counted again
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
WITH gone AS ({gone}),
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
"""
_WORDS = {
    "day": "(at AT TIME ZONE 'Asia/Shanghai')::date",
    "received": "(received_at AT TIME ZONE 'Asia/Shanghai')::date",
    "repeat": facts.REPEAT_DAYS,
}
_SEEN = _CHANGED_DAYS.format(gone="SELECT * FROM reports_touched", **_WORDS)
_TAKEN = _CHANGED_DAYS.format(gone="DELETE FROM reports_touched RETURNING *", **_WORDS)


@dataclass(frozen=True)
class Changed:
    """Days that hold a ticket touched since; levels after `level_from` may have changed too."""

    everything: bool = False
    days: frozenset[date] = frozenset()
    level_from: date | None = None

    def __bool__(self) -> bool:
        return self.everything or bool(self.days) or self.level_from is not None

    def holds(self, day: date) -> bool:
        return self.everything or day in self.days

    def level_holds(self, day: date) -> bool:
        return self.everything or (self.level_from is not None and day > self.level_from)


def touched() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM reports_touched)")
        return bool(cursor.fetchone()[0])


def changed(most: int, *, take: bool = False) -> Changed:
    """What was touched; everything when that is not worth following. `take` takes the notes away."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) - count(ticket_id) FROM (SELECT * FROM reports_touched LIMIT %s) t", [most]
        )
        tickets, all_of_them = cursor.fetchone()
        if not tickets:
            return Changed()
        if all_of_them or tickets >= most:
            if take:
                cursor.execute("DELETE FROM reports_touched")
            return Changed(everything=True)
        cursor.execute(_TAKEN if take else _SEEN)
        days, *earliest = cursor.fetchone()
    return Changed(days=frozenset(days or ()), level_from=min((day for day in earliest if day), default=None))


# --- counting days ------------------------------------------------------------------------------
@dataclass
class Counted:
    """Figures by split and day, working lengths by code and day."""

    figures: dict[tuple[str, date], dict[str, Any]] = field(default_factory=dict)
    lengths: dict[tuple[str, date], list[float]] = field(default_factory=dict)


def count(bys: Sequence[str], days: Iterable[date]) -> Counted:
    """Count these days anew; writes nothing. One query a figure and run of days, whatever it is split by."""
    told = Counted()
    for first, last in _runs(sorted(days)):
        _count(told, bys, first, last)
    return told


def _runs(days: Sequence[date]) -> list[tuple[date, date]]:
    """Days that follow each other, or nearly so, as (first, last): a few days more cost less than another pass."""
    runs: list[tuple[date, date]] = []
    for day in days:
        if runs and (day - runs[-1][1]).days <= GAP:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def _count(told: Counted, bys: Sequence[str], first: date, last: date) -> None:
    period, every = between(first, last + DAY), Ticket.objects.all()
    by_key = {str(day): day for day in days_of(period)}
    told.figures |= {(by, day): {} for by in bys for day in by_key.values()}
    for code in WHOLE_CODES:
        wanted = [by for by in bys if code in codes_of(by)]
        if not wanted:
            continue
        split = Split(each=tuple(filter(None, wanted)), interval="day", decided_only=True)
        answer = kpi.FIGURES[code].measure(every, period, split)
        for by in wanted:
            for (*key, day), value in (answer.each.get(by, {}) if split.each else answer.groups).items():
                told.figures[by, by_key[day]].setdefault(code, {})[joined(key)] = _kept(code, value)
    if "" in bys:
        for code, column in LONG.items():
            rows = facts.done(every, period, column, decided_only=True)
            told.lengths |= {(code, day): [] for day in by_key.values()}
            for day, lengths, whole in _lengths(rows, period):
                told.lengths[code, day] = lengths
                told.figures["", day][code] = {"": {"working_s": whole, "n": len(lengths)}}


def _kept(code: str, value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: value[name] for name in ADDED.get(code) or FRACTIONS.get(code, TIMELY)}


def _lengths(rows: Facts, period: Period) -> list[tuple[date, list[float], float]]:
    """The working seconds of each case, by the day that it counts for, and their sum."""
    (lead, timed), (leading, params) = rows_of([rows], ["began"], officehours.workdays_until(period.end))
    with connection.cursor() as cursor:
        cursor.execute(
            f"{lead} SELECT (at AT TIME ZONE 'Asia/Shanghai')::date AS day, array_agg(working_s ORDER BY id), "
            f"sum(working_s ORDER BY id) FROM ({timed}) f GROUP BY 1",
            [*leading, *params],
        )
        return cursor.fetchall()


def joined(key: Iterable[str | None]) -> str:
    return "\x1f".join(part or "" for part in key)


# --- keeping them -------------------------------------------------------------------------------
@contextmanager
def alone() -> Iterator[bool]:
    """A transaction of one builder at a time; False when another is at work."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtext('reports.daily')), set_config('work_mem', '64MB', true)"
        )
        yield cursor.fetchone()[0]


def note_changes() -> None:
    """Mark what is kept of the changed days as stale."""
    with alone() as mine:
        if not mine:
            return
        seen = changed(EVERYTHING, take=True)
        rows = DayFigures.objects.filter(stale=False)
        if seen.everything:
            rows.update(stale=True)
            return
        rows.filter(day__in=seen.days).exclude(by=LEVEL).update(stale=True)
        if seen.level_from:
            rows.filter(by=LEVEL, day__gt=seen.level_from).update(stale=True)


def refresh(days: Iterable[date], bys: Sequence[str]) -> int:
    """Keep what is missing or stale of these days, newest first; the number of days counted."""
    done, left = 0, _lacking(set(days), bys)
    while left:
        chunk, left = left[:AT_ONCE], left[AT_ONCE:]
        with alone() as mine:
            if not mine:
                return done
            wanted = _lacking(chunk, bys)
            if wanted:
                _keep(count(bys, wanted))
            done += len(wanted)
    return done


def _lacking(days: Collection[date], bys: Sequence[str]) -> list[date]:
    """Those that are missing or stale, newest first."""
    good = set(DayFigures.objects.filter(by__in=bys, day__in=days, stale=False).values_list("by", "day"))
    return sorted((day for day in days if any((by, day) not in good for by in bys)), reverse=True)


def _keep(told: Counted) -> None:
    for by in {by for by, _day in told.figures}:
        DayFigures.objects.filter(by=by, day__in=[day for each, day in told.figures if each == by]).delete()
    DayFigures.objects.bulk_create(
        DayFigures(by=by, day=day, figures=figures) for (by, day), figures in told.figures.items()
    )
    for code in {code for code, _day in told.lengths}:
        DayLengths.objects.filter(code=code, day__in=[day for each, day in told.lengths if each == code]).delete()
    DayLengths.objects.bulk_create(
        DayLengths(code=code, day=day, working_s=lengths) for (code, day), lengths in told.lengths.items()
    )


# --- what stands at a midnight --------------------------------------------------------------------
def level(period: Period, running: bool) -> dict[str, Any]:
    """What was open at the end of a period and, if wanted, what was running and unfinished then. Counted now."""
    every = Ticket.objects.all()
    told = {"backlog": kpi.backlog(every, period).total}
    if running:
        told |= {"running": facts.running(every, period.end), "unfinished": facts.unfinished(every, period.end)}
    return told


def midnight_after(period: Period) -> date | None:
    """The day under which the level at the end of a period is kept."""
    day = period.end.astimezone(ZONE).date()
    return day if midnight(day) == period.end else None


def refresh_levels(ends: Iterable[Period]) -> None:
    for period in ends:
        day = midnight_after(period)
        with alone() as mine:
            if mine and day and not DayFigures.objects.filter(by=LEVEL, day=day, stale=False).exists():
                DayFigures.objects.update_or_create(
                    by=LEVEL, day=day, defaults={"figures": level(period, True), "stale": False}
                )

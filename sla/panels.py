"""What time limits add to a ticket's page and API form: its clocks, each with its reasons. Two to three
queries each.
"""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from common import wording
from common.remembered import looked_at_once
from common.wording import in_english
from sla import explaining, replay, special_days
from sla.clockwork import is_active, lapsed
from sla.models import Clock, Metric, Unit
from sla.words import REASONS, length
from tickets.models import Ticket

WORKING = {Unit.WORKING_MINUTES, Unit.WORKING_HOURS, Unit.WORKING_DAYS}
MANY = 8  # intervals; more are told by the day


def describe(ticket: Ticket, user: User) -> list[dict[str, Any]]:
    return [row.as_json() for row in explaining.of_ticket(ticket, timezone.now())]


@looked_at_once()
def context(ticket: Ticket, user: User, at: datetime) -> dict[str, Any]:
    rows = [shown(row) for row in explaining.of_ticket(ticket, at) if row.clock.state != Clock.State.VOID]
    over = [row for row in rows if not row["live"]]
    missed = sum(row["clock"].state == Clock.State.MISSED and not row["lapsed"] for row in over)
    sheets = list(ticket.supervision_notices.all())
    return {
        "clocks": rows,
        "sheets": sheets,
        "running": len(rows) - len(over),
        "finished": len(over),
        "missed": missed,
        "now": at,
    }


def shown(row: explaining.Explained) -> dict[str, Any]:
    """One clock as the page draws it."""
    clock = row.clock
    live = is_active(clock) and not lapsed(clock)
    return {
        "clock": clock,
        "lapsed": lapsed(clock),
        "label": Metric(clock.metric).label,
        "paused": pause_of(row) if clock.state == Clock.State.PAUSED else False,
        "met_at": None if live else clock.stopped_at,
        "live": live,
        "percent": min(100, round(100 * row.used_s / row.total_s)) if row.total_s else 100,
        "tone": "late"
        if clock.state == Clock.State.MISSED and not lapsed(clock)
        else "hold"
        if clock.state == Clock.State.PAUSED
        else "",
        "used_s": row.used_s,
        "total_s": row.total_s,
        "rule": rule(clock),
        "lines": lines(row),
        "changes": [event for event in row.events if event.kind in ("retarget", "extend")],
    }


def pause_of(row: explaining.Explained) -> datetime | bool:
    return next((event.at for event in reversed(row.events) if event.kind == "pause"), True)


def rule(clock: Clock) -> str:
    """“L2 complaint”: first response within 2 working hours, calendar “Office hours”."""
    return rule_of(clock.target, clock.metric)


def rule_of(target: dict[str, Any], metric: str) -> str:
    english = in_english()
    name = (english and target.get("policy_name_en")) or target.get("policy_name") or target["policy"]
    calendar = (english and target.get("calendar_name_en")) or target.get("calendar_name") or target["calendar"]
    return _("Rule “%(rule)s”: %(metric)s within %(length)s. Calendar “%(calendar)s”.") % {
        "rule": name,
        "metric": Metric(metric).label,
        "length": length(target["amount"], target["unit"]),
        "calendar": calendar,
    }


def lines(row: explaining.Explained) -> list[dict[str, Any]]:
    """The intervals for people, many counted ones as one line a day."""
    return in_words(by_day(row.intervals), row.clock.target, row.clock.due_at)


def slot_by_slot(row: explaining.Explained) -> list[dict[str, Any]]:
    """The same without folding."""
    return in_words(row.intervals, row.clock.target, row.clock.due_at)


def in_words(found: list[dict[str, Any]], target: dict[str, Any], due_at: datetime | None) -> list[dict[str, Any]]:
    """With what a calendar on the wall does not tell: the holidays and made-up days between."""
    days: special_days.Days = {}
    if target["unit"] in WORKING:
        days = special_days.of(target["calendar"])
        found = special_days.between(found, days)
    for part in found:
        part["when"] = stretch(part["start"], part["end"])
        part["text"] = text_of(part, due_at, days)
        part["counts"] = part["kind"] == replay.COUNTED
    return found


def by_day(intervals: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Many counted ones are one line a day."""
    found: list[dict[str, Any]] = []
    counted = sum(part["kind"] == replay.COUNTED for part in intervals)
    for part in intervals:
        last = found[-1] if found else None
        same_day = last and last["kind"] == part["kind"] == replay.COUNTED and last["end"].date() == part["end"].date()
        if last and same_day and counted > MANY:
            last["end"], last["length_s"] = part["end"], last["length_s"] + part["length_s"]
        else:
            found.append(dict(part))
    return found


def text_of(part: dict[str, Any], due_at: datetime | None, days: special_days.Days) -> str | Promise:
    if part["kind"] == replay.COUNTED:
        said = _("until the due time") if due_at and part["end"] == due_at else _("counted")
        made_up = special_days.is_made_up(part["start"].date(), days)
        return _("%(said)s, make-up working day") % {"said": said} if made_up else said
    if part["kind"] == special_days.REST:
        return str(part["reason"])
    if part["kind"] == replay.PAUSED:
        return _("Paused: %(reason)s") % {"reason": REASONS.get(part["reason"], part["reason"])}
    if part["kind"] == replay.OVERDUE:
        return _("after the due time")
    if part["kind"] == replay.MOVED:
        return _("rest days: to the next working day")
    return _("the day of receipt does not count")


def stretch(start: datetime, end: datetime) -> str:
    """`3月2日周一 09:00–12:00`, with the second day only when it differs; whole days without their hours."""
    begin, finish = timezone.localtime(start), timezone.localtime(end)
    if begin.time() == finish.time() == time() and begin < finish:
        last = finish - timedelta(days=1)
        return weekday(begin) if begin.date() == last.date() else f"{weekday(begin)} – {weekday(last)}"
    if begin.date() == finish.date():
        return f"{weekday(begin)} {begin:%H:%M}–{finish:%H:%M}"
    return f"{weekday(begin)} {begin:%H:%M} – {weekday(finish)} {finish:%H:%M}"


def weekday(moment: datetime) -> str:
    """`3月2日周一`, `Mon 2 Mar`: to be found on a calendar."""
    name, day = str(WEEKDAYS_ABBR[moment.weekday()]), wording.day(moment, year=False)
    return f"{day}{name.replace('星期', '周')}" if wording.in_chinese() else f"{name} {day}"

"""What time limits add to a ticket's page and API form: its clocks, each with its reasons. Two to three
queries each.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from common import wording
from sla import explaining, replay
from sla.clockwork import is_active, lapsed
from sla.models import Clock, Metric
from sla.words import REASONS, length
from tickets.models import Ticket

MANY = 8  # intervals; more are told by the day


def describe(ticket: Ticket, user: User) -> list[dict[str, Any]]:
    return [row.as_json() for row in explaining.of_ticket(ticket, timezone.now())]


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
    english = (get_language() or "").startswith("en")
    name = (english and target.get("policy_name_en")) or target.get("policy_name") or target["policy"]
    calendar = (english and target.get("calendar_name_en")) or target.get("calendar_name") or target["calendar"]
    return _("Rule “%(rule)s”: %(metric)s within %(length)s. Calendar “%(calendar)s”.") % {
        "rule": name,
        "metric": Metric(metric).label,
        "length": length(target["amount"], target["unit"]),
        "calendar": calendar,
    }


def lines(row: explaining.Explained) -> list[dict[str, Any]]:
    """The intervals for people; many counted ones are one line a day."""
    found: list[dict[str, Any]] = []
    counted = sum(part["kind"] == replay.COUNTED for part in row.intervals)
    for part in row.intervals:
        last = found[-1] if found else None
        same_day = last and last["kind"] == part["kind"] == replay.COUNTED and last["end"].date() == part["end"].date()
        if last and same_day and counted > MANY:
            last["end"], last["length_s"] = part["end"], last["length_s"] + part["length_s"]
        else:
            found.append(dict(part))
    for part in found:
        part["when"] = stretch(part["start"], part["end"])
        part["text"] = text_of(part, row)
        part["counts"] = part["kind"] == replay.COUNTED
    return found


def text_of(part: dict[str, Any], row: explaining.Explained) -> str | Promise:
    if part["kind"] == replay.COUNTED:
        return _("until the due time") if row.clock.due_at and part["end"] == row.clock.due_at else _("counted")
    if part["kind"] == replay.PAUSED:
        return _("Paused: %(reason)s") % {"reason": REASONS.get(part["reason"], part["reason"])}
    if part["kind"] == replay.OVERDUE:
        return _("after the due time")
    if part["kind"] == replay.MOVED:
        return _("rest days: to the next working day")
    return _("the day of receipt does not count")


def stretch(start: datetime, end: datetime) -> str:
    """`3月2日 09:00–12:00`, with the second day only when it differs."""
    begin, finish = timezone.localtime(start), timezone.localtime(end)
    first = f"{wording.day(begin, year=False)} {begin:%H:%M}"
    if begin.date() == finish.date():
        return f"{first}–{finish:%H:%M}"
    return f"{first} – {wording.day(finish, year=False)} {finish:%H:%M}"

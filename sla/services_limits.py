"""A case's running clocks under other limits: classed anew, or policies applied to open tickets."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from sla.clockwork import RUNNING, Clockwork
from sla.models import Metric
from sla.rulebook import Rule
from tickets.models import Ticket

STARTED = (Metric.PLAN, Metric.PROGRESS_UPDATE, Metric.RESOLUTION, Metric.FIRST_RESPONSE)
SET_BY_PEOPLE = {"part", "promise", "group", "agreed"}  # limits that somebody set as a moment; no policy moves them


@dataclass
class Change:
    moved: int = 0
    ended: int = 0
    begun: int = 0


def give(
    work: Clockwork, ticket: Ticket, rules: Mapping[str, Rule], at: datetime, *, by: User | None, reason: str
) -> Change:
    """Running clocks get the limits of `rules`, those that are not asked for any more are void."""
    change = Change()
    for clock in work.active(ticket):
        if clock.state not in RUNNING or clock.target["policy"] in SET_BY_PEOPLE:
            continue
        before = clock.due_at
        if clock.metric in rules:
            work.retarget(clock, rules[clock.metric], at, by=by, reason=reason)
            change.moved += clock.due_at != before
        else:
            work.void(clock, at, reason="no longer asked for", by=by)
            change.ended += 1
    return change


def begin_missing(
    work: Clockwork, ticket: Ticket, rules: Mapping[str, Rule], at: datetime, *, known: Collection[str]
) -> int:
    """Start at `at` what `rules` ask for and the ticket's round never had (`known`: what it had)."""
    begun = 0
    for metric in STARTED:
        answered = metric == Metric.FIRST_RESPONSE and ticket.first_response_at is not None
        if metric in rules and metric not in known and not answered:
            work.start(ticket, rules[metric], at)
            begun += 1
    return begun

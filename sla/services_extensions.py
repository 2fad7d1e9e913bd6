"""More time on record: who asked, who decided, what moved, who was told (D3.2)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from notices import services as notices
from sla import ladder, rulebook
from sla.clockwork import Clockwork
from sla.defaults import ROUND_THE_CLOCK, calendar
from sla.models import Clock, Extension, Metric, Unit
from sla.replay import Target
from tickets.models import Ticket, TicketEvent
from tickets.moves import ActionNotAllowed
from tickets.workflow import Status, Tier

PART_POLICY = {"policy": "part", "policy_name": "协办任务的时限", "policy_name_en": "Limit of this part"}
GROUP_POLICY = {"policy": "group", "policy_name": "专班情况报告", "policy_name_en": "Reports of the special group"}
AGREED_POLICY = {"policy": "agreed", "policy_name": "与用户约定的进展告知", "policy_name_en": "News as agreed"}
PROMISE_POLICY = {"policy": "promise", "policy_name": "对用户的承诺", "policy_name_en": "Promise to the customer"}


def asked(work: Clockwork, event: TicketEvent) -> None:
    """The request is on record and those who may decide hear of it. Nothing moves yet."""
    clock = moving(work, event.ticket)
    assert event.actor is not None
    request = Extension(clock=clock, asked_at=event.at, asked_by=event.actor, reason=event.data["reason"])
    request.new_due = datetime.fromisoformat(event.data["new_due"])
    request.save()
    tell(deciders(event.ticket, besides=event.actor_id), "extension_asked", event)


def decided(work: Clockwork, event: TicketEvent) -> None:
    """Granted: the clock moves; the tracking page and a mail tell the customer. Refused: it stays as it is."""
    clock, granted = moving(work, event.ticket), bool(event.data["granted"])
    request = clock.extensions.filter(decided_at=None).select_related("asked_by").last()
    if request is None:
        raise ActionNotAllowed(_("Nobody has asked for more time."))
    if granted:
        work.extend(clock, request.new_due, event.at, by=event.actor, reason=request.reason[:200])
    request.decided_by_id, request.decided_at, request.granted = event.actor_id, event.at, granted
    request.customer_told_at = event.at if granted else None
    request.save(update_fields=["decided_by", "decided_at", "granted", "customer_told_at"])
    tell([request.asked_by], "extension_decided", event)


def moving(work: Clockwork, ticket: Ticket) -> Clock:
    """The clock of the result, while it runs in time."""
    for clock in work.active(ticket, Metric.RESOLUTION):
        if clock.state == Clock.State.RUNNING and clock.due_at is not None:
            return clock
    raise ActionNotAllowed(_("The limit for the result does not run; it cannot be moved."))


def deciders(ticket: Ticket, *, besides: int | None) -> list[User]:
    """The head of the department and the office. Two queries."""
    found = {user.pk: user for user in User.objects.active().with_role(Role.OFFICE)}
    head = ticket.department.head if ticket.department else None
    if head is not None and head.is_active:
        found[head.pk] = head
    return [user for key, user in found.items() if key != besides]


def tell(people: list[User], kind: str, event: TicketEvent) -> None:
    ticket, told = event.ticket, event.data
    context: dict[str, Any] = {name: told.get(name) for name in ("new_due", "due_before", "reason", "text", "granted")}
    context |= {"subject": ticket.subject, "by": event.actor.username if event.actor else ""}
    notices.add(
        row
        for user in people
        for row in notices.to_user(
            user, kind, key=f"event:{event.pk}", at=event.at, topic=ticket.number or "", context=context,
            urgent=ticket.tier == Tier.L1, by_mail=True,
        )
    )  # fmt: skip


def promised(work: Clockwork, event: TicketEvent) -> None:
    """A limit of its own until the promised moment; an earlier promise that still ran gives way to it."""
    for clock in work.active(event.ticket, Metric.PROMISE):
        work.void(clock, event.at, reason="promised anew", by=event.actor)
    answer_by = datetime.fromisoformat(event.data["answer_by"])
    work.start(event.ticket, until(Metric.PROMISE, answer_by, event, PROMISE_POLICY), event.at)


def returned_until(ticket: Ticket) -> datetime | None:
    """When the time for returning the case ends: the last such limit of the round. One query."""
    clocks = Clock.objects.filter(ticket=ticket, metric=Metric.RETURN_DECISION, round=ticket.round)
    return clocks.exclude(state=Clock.State.VOID).order_by("pk").values_list("due_at", flat=True).last()


def until(metric: str, moment: datetime, event: TicketEvent, policy: dict[str, str]) -> rulebook.Rule:
    """A limit that somebody set as a moment, counted in seconds from the event."""
    seconds = max(1, round((moment - event.at).total_seconds()))
    snapshot = policy | {
        "amount": seconds, "unit": Unit.SECONDS.value, "calendar": ROUND_THE_CLOCK, "calendar_name": "全天候",
        "calendar_name_en": "Round the clock", "pauses_on": [],
        "ladder": ladder.MAJOR if event.ticket.tier == Tier.L1 else ladder.USUAL,
    }  # fmt: skip
    return rulebook.Rule(metric, snapshot, Target(seconds, Unit.SECONDS.value, calendar(ROUND_THE_CLOCK)))


def agreed(work: Clockwork, ticket: Ticket) -> list[Clock]:
    """The running limit for news at an interval that was agreed with the customer."""
    active = work.active(ticket, Metric.PROGRESS_UPDATE)
    return [clock for clock in active if clock.target["policy"] == AGREED_POLICY["policy"]]


def every(days: int, event: TicketEvent) -> rulebook.Rule:
    """News within so many natural days; it rests while we wait for the customer."""
    snapshot = AGREED_POLICY | {
        "amount": days, "unit": Unit.DAYS.value, "calendar": ROUND_THE_CLOCK, "calendar_name": "全天候",
        "calendar_name_en": "Round the clock", "pauses_on": [Status.WAITING.value],
        "ladder": ladder.MAJOR if event.ticket.tier == Tier.L1 else ladder.USUAL,
    }  # fmt: skip
    return rulebook.Rule(Metric.PROGRESS_UPDATE, snapshot, Target(days, Unit.DAYS.value, calendar(ROUND_THE_CLOCK)))

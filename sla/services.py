"""Clocks follow the history of tickets: which event starts, meets, pauses or ends which limit (`sla.md`).

`follow` is the only way in from tickets; `sla/services_sweep.py` is the only way in from time.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import Exists, OuterRef

from sla import ladder, rulebook, services_extensions, services_history, services_limits, silence
from sla.clockwork import Clockwork, is_late
from sla.models import Clock, Metric, SlaPolicy
from sla.querysets import CASE_VOID
from sla.services_overdue import Step, reached, record_late, tell_of_major
from tickets.models import Ticket, TicketEvent
from tickets.workflow import UNANSWERED, Status, Tier

FROM_RECEIPT = (Metric.FIRST_RESPONSE, Metric.PLAN, Metric.PROGRESS_UPDATE, Metric.RESOLUTION)
ANSWERED_BY_REPLY = (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.PROGRESS_UPDATE, Metric.PROMISE)
FROM_NOTHING = ("register", "restore", "unmerge")
"""Before these a case has no clock that runs."""
OWED = (*FROM_RECEIPT, Metric.NEXT_RESPONSE, Metric.PROMISE)
"""Limits towards the customer, which a case that lives again still owes."""
REVIEWS: dict[str, str] = {"head": Metric.REVIEW_HEAD, "office": Metric.REVIEW_OFFICE}


def follow(events: Sequence[TicketEvent]) -> None:
    """Move the clocks of the events' tickets. About six statements, however many events; none when none matters."""
    events = [event for event in events if event.kind in FOLLOWED and not plain_past(event)]
    if not events:
        return
    if events[0].data.get("imported"):
        services_history.follow(cast(Any, events))  # rows of the import, in the form of events
        return
    known = {event.ticket_id for event in events if event.kind in FROM_NOTHING}
    tickets = {event.ticket_id: event.ticket for event in events}
    work = Clockwork.of(tickets.values(), fresh=known >= tickets.keys())
    steps = Steps(work)
    for event in events:
        steps.take(event)
    work.save()
    record_late([clock for clock in work.missed if clock.stopped_at])
    at_once = [clock for clock in work.missed if not clock.stopped_at]
    reached([Step(clock, ladder.DUE, clock.due_at) for clock in at_once if clock.due_at], events[-1].at)


class Steps:
    """What each kind of event does to clocks; one method a kind."""

    def __init__(self, work: Clockwork) -> None:
        self.work = work
        self.policies: list[SlaPolicy] | None = None
        self.rules: dict[int, dict[str, rulebook.Rule]] = {}

    def take(self, event: TicketEvent) -> None:
        FOLLOWED[event.kind](self, event, event.ticket)

    # --- moves --------------------------------------------------------------------------------------
    def register(self, event: TicketEvent, ticket: Ticket) -> None:
        imported = bool(event.data.get("imported"))
        if not imported:
            self.start(ticket, Metric.REGISTER, ticket.received_at, event, stopped=event.at)
            if ticket.first_contact_id is not None and ticket.first_contact_id == event.actor_id:
                self.start(ticket, Metric.FIRST_CONTACT, ticket.received_at, event, stopped=event.at)
            self.start(ticket, Metric.ASSIGN, event.at, event)
        answered = event.at if event.data.get("answered_at_once") else None
        for metric in FROM_RECEIPT:
            response = metric in (Metric.FIRST_RESPONSE, Metric.PROGRESS_UPDATE)
            self.start(ticket, metric, ticket.received_at, event, stopped=answered if response else None)

    def assign(self, event: TicketEvent, ticket: Ticket) -> None:
        """A department has its time to accept once a round: to somebody else of it, or by others back to it, a case goes with
        what is left, so that handing it round wins nothing. The right to return it is not won anew either."""
        self.stop(ticket, event, Metric.ASSIGN)
        stays = event.data.get("from") == event.data["department"]
        for clock in self.work.active(ticket, Metric.ACCEPT, Metric.RETURN_DECISION):
            if not stays or (clock.metric == Metric.ACCEPT and is_late(clock, event.at)):
                self.work.void(clock, event.at, reason="reassigned", by=event.actor)
        self.void(ticket, event, "reassigned", Metric.CUSTOMER_REPLY)
        self.resume(ticket, event)
        if not event.data.get("imported"):
            if not stays:
                if not ticket._state.adding:  # one that is just being opened was nobody's before
                    self.work.revive(had_before(ticket), event.at, reason="reassigned", by=event.actor)
                self.start(ticket, Metric.RETURN_DECISION, event.at, event)
            self.start(ticket, Metric.ACCEPT, event.at, event)
            self.other_department(event, ticket)

    def other_department(self, event: TicketEvent, ticket: Ticket) -> None:
        """Where a policy is for some departments only, the case may now have the limits of another one."""
        self.rules_of(ticket, event.at)
        if any("department" in policy.match for policy in self.policies or ()) and ticket.status in UNANSWERED:
            self.under_other_limits(event, ticket, "reassigned", event.at)

    def accept(self, event: TicketEvent, ticket: Ticket) -> None:
        self.stop(ticket, event, Metric.ASSIGN, Metric.ACCEPT, Metric.RETURN_DECISION)

    def return_to_dispatch(self, event: TicketEvent, ticket: Ticket) -> None:
        self.stop(ticket, event, Metric.ACCEPT, Metric.RETURN_DECISION)
        self.start(ticket, Metric.ASSIGN, event.at, event)

    def reply(self, event: TicketEvent, ticket: Ticket) -> None:
        """A public message by a person is a response; an automatic one is not."""
        if is_response(event):
            self.answered(ticket, event, *ANSWERED_BY_REPLY)

    def request_information(self, event: TicketEvent, ticket: Ticket) -> None:
        """A question is a response; it starts the wait, which has a limit of its own.

        Asked again before the customer has said anything, the wait is as old as the first question, and once it is over no
        further question pauses anything: silence stops the limits for one wait, however often one asks.
        """
        if is_response(event):
            self.answered(ticket, event, *ANSWERED_BY_REPLY)
        imported = bool(event.data.get("imported"))
        asked = None if imported else silence.asked_before(event)
        rule = self.rules_of(ticket, event.at).get(Metric.CUSTOMER_REPLY)
        if asked is None:
            self.void(ticket, event, "asked again", Metric.CUSTOMER_REPLY)
        elif rule is not None and silence.is_over(rule, asked, event.at):
            self.start(ticket, Metric.CUSTOMER_REPLY, event.at, event)
            return
        for clock in self.work.active(ticket):
            if Status.WAITING in clock.target["pauses_on"]:
                self.work.pause(clock, event.at, reason="waiting", by=event.actor)
        if not imported:
            self.start(ticket, Metric.CUSTOMER_REPLY, asked or event.at, event)

    def customer_message(self, event: TicketEvent, ticket: Ticket) -> None:
        """Ends a pause; starts `next_response` once the first response was given, and never moves a running one."""
        if event.data.get("machine"):
            return
        if event.status != Status.WAITING:
            self.stop(ticket, event, Metric.CUSTOMER_REPLY)
            self.resume(ticket, event)
        waiting = self.work.active(ticket, Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE)
        answered = ticket.first_response_at is not None
        if event.data.get("new_content", True) and event.status in UNANSWERED and answered and not waiting:
            self.start(ticket, Metric.NEXT_RESPONSE, event.at, event)

    def resolve(self, event: TicketEvent, ticket: Ticket) -> None:
        answered = (*ANSWERED_BY_REPLY, Metric.RESOLUTION, Metric.PLAN)
        for clock in services_extensions.agreed(self.work, ticket):
            if clock.started_at == event.at:  # begun anew by the answer that ends the case
                self.work.void(clock, event.at, reason="resolved", by=event.actor)
        self.stop(ticket, event, *answered)
        self.void(ticket, event, "resolved")
        if not event.data.get("imported"):
            by_voice = ticket.customer is not None and ticket.customer.phone and not ticket.customer.email
            if by_voice:  # a mail asks by itself
                self.start(ticket, Metric.CALL_BACK, event.at, event)

    def reopen(self, event: TicketEvent, ticket: Ticket) -> None:
        """A new round with clocks of its own; the last round's stay as they are."""
        self.void(ticket, event, "reopened")
        self.rules.pop(ticket.pk, None)
        if not event.data.get("imported"):
            self.start(ticket, Metric.ACCEPT, event.at, event)
            self.start(ticket, Metric.RETURN_DECISION, event.at, event)
        for metric in FROM_RECEIPT:
            self.start(ticket, metric, event.at, event)

    def declare_void(self, event: TicketEvent, ticket: Ticket) -> None:
        self.void(ticket, event, CASE_VOID)

    def restore(self, event: TicketEvent, ticket: Ticket) -> None:
        """What was owed to the customer goes on where it ended, without the time in which nobody owed it; so nothing is
        gained. What was late stays late; a limit anew drives what is still to be done."""
        self.start(ticket, Metric.ASSIGN, event.at, event)
        of_round = list(ticket.clocks.filter(round=ticket.round).and_whether_the_case_ended_them().order_by("pk"))
        ended = [clock for clock in of_round if clock.with_its_case]  # type: ignore[attr-defined]
        owed = {clock.metric: clock for clock in ended if clock.metric in OWED}
        void = [clock for clock in owed.values() if clock.state == Clock.State.VOID]
        self.work.revive(void, event.at, reason="restored", by=event.actor)
        done = {clock.metric for clock in of_round if clock.state != Clock.State.VOID and clock not in ended}
        for metric in FROM_RECEIPT:
            if metric not in done - {Metric.RESOLUTION}:
                self.start(ticket, metric, event.at, event)

    def unmerge(self, event: TicketEvent, ticket: Ticket) -> None:
        """The case lives again, and so do the parts that departments still owe. A part's day that passed meanwhile is not
        theirs to answer for: they have the policy's limit from now on."""
        self.restore(event, ticket)
        if len(ticket.departments) > 1:
            for part in ticket.assignments.filter(role="co", ended_at=None, round=ticket.round):
                ahead = part.limit is not None and part.limit > event.at
                self.begin_part(event, ticket, part.pk, part.limit if ahead else None)

    def classify(self, event: TicketEvent, ticket: Ticket) -> None:
        """Another policy may match now: running clocks get its limits, missing ones start, the others are void."""
        if not event.data.get("changes") or ticket.status not in UNANSWERED:
            return
        self.rules.pop(ticket.pk, None)
        if event.data["changes"].get("tier", [""])[-1] == Tier.L1:
            tell_of_major(event)
        start = ticket.received_at if ticket.round == 1 else event.at
        self.under_other_limits(event, ticket, "re-levelled", start)

    def under_other_limits(self, event: TicketEvent, ticket: Ticket, reason: str, start: datetime) -> None:
        rules = self.rules_of(ticket, event.at)
        services_limits.give(self.work, ticket, rules, event.at, by=event.actor, reason=reason)
        known = set(ticket.clocks.filter(round=ticket.round).exclude(state="void").values_list("metric", flat=True))
        known |= {clock.metric for clock in self.work.active(ticket)}
        services_limits.begin_missing(self.work, ticket, rules, start, known=known)

    def extend(self, event: TicketEvent, ticket: Ticket) -> None:
        services_extensions.asked(self.work, event)

    def decide_extension(self, event: TicketEvent, ticket: Ticket) -> None:
        services_extensions.decided(self.work, event)

    def promise(self, event: TicketEvent, ticket: Ticket) -> None:
        """Telling the customer by when is a response; the promised time runs from here."""
        if is_response(event):
            self.answered(ticket, event, Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.PROGRESS_UPDATE)
        services_extensions.promised(self.work, event)

    def situation(self, event: TicketEvent, ticket: Ticket) -> None:
        """C3.3: leadership is told of a major case at an interval; each report begins the next one."""
        if event.kind == "form_group":
            self.void(ticket, event, "group formed anew", Metric.SITUATION)
        self.stop(ticket, event, Metric.SITUATION)
        next_one = event.at + timedelta(hours=event.data["report_every"])
        rule = services_extensions.until(Metric.SITUATION, next_one, event, services_extensions.GROUP_POLICY)
        self.work.start(ticket, rule, event.at)

    # --- a result and its reviews (B3.4) ---------------------------------------------------------------
    def plan(self, event: TicketEvent, ticket: Ticket) -> None:
        """The plan says when it is carried out; the report is due so long after that. Planned anew, a report that is owed stays
        owed: it is put off no further than the result is due, which only an extension moves."""
        self.stop(ticket, event, Metric.PLAN)
        if not event.data.get("limit"):
            return
        limit = datetime.fromisoformat(event.data["limit"])
        owed = [clock for clock in self.work.active(ticket, Metric.REPORT) if not is_late(clock, event.at)]
        if any(limit > max(clock.started_at, ticket.expected_by or limit) for clock in owed):
            return
        self.void(ticket, event, "planned anew", Metric.REPORT)
        self.start(ticket, Metric.REPORT, limit, event)

    def agree(self, event: TicketEvent, ticket: Ticket) -> None:
        """A5.1: news so often as agreed with the customer; the policy's single limit gives way to it."""
        if days := event.data.get("progress_days"):
            self.void(ticket, event, "agreed anew", Metric.PROGRESS_UPDATE)
            self.work.start(ticket, services_extensions.every(days, event), event.at)

    def report(self, event: TicketEvent, ticket: Ticket) -> None:
        self.stop(ticket, event, Metric.REPORT)
        self.begin_review(event, ticket)

    def review(self, event: TicketEvent, ticket: Ticket) -> None:
        self.stop(ticket, event, *REVIEWS.values())
        self.begin_review(event, ticket)

    def reject(self, event: TicketEvent, ticket: Ticket) -> None:
        self.stop(ticket, event, *REVIEWS.values())
        self.start(ticket, Metric.REPORT, event.at, event)

    def begin_review(self, event: TicketEvent, ticket: Ticket) -> None:
        if event.data.get("next") in REVIEWS:
            self.start(ticket, REVIEWS[event.data["next"]], event.at, event)

    def co_assign(self, event: TicketEvent, ticket: Ticket) -> None:
        """A part has the limit that was set for it, else the policy's."""
        limit = event.data.get("limit")
        self.begin_part(event, ticket, event.data["assignment"], datetime.fromisoformat(limit) if limit else None)

    def begin_part(self, event: TicketEvent, ticket: Ticket, part: int, limit: datetime | None) -> None:
        rule = self.rules_of(ticket, event.at).get(Metric.CO_TASK)
        if limit is not None:
            rule = services_extensions.until(Metric.CO_TASK, limit, event, services_extensions.PART_POLICY)
        if rule is not None:
            self.work.start(ticket, rule, event.at, assignment=part)

    def co_done(self, event: TicketEvent, ticket: Ticket) -> None:
        for clock in self.parts(event, ticket):
            self.work.stop(clock, event.at, by=event.actor)

    def co_waive(self, event: TicketEvent, ticket: Ticket) -> None:
        for clock in self.parts(event, ticket):
            self.work.void(clock, event.at, reason="waived", by=event.actor)

    def parts(self, event: TicketEvent, ticket: Ticket) -> list[Clock]:
        active = self.work.active(ticket, Metric.CO_TASK)
        return [clock for clock in active if clock.assignment_id == event.data["assignment"]]

    def rate(self, event: TicketEvent, ticket: Ticket) -> None:
        """D4: the customer was asked, and answered."""
        self.stop(ticket, event, Metric.CALL_BACK)

    def close(self, event: TicketEvent, ticket: Ticket) -> None:
        self.void(ticket, event, "archived")

    # --- parts --------------------------------------------------------------------------------------
    def rules_of(self, ticket: Ticket, at: datetime) -> dict[str, rulebook.Rule]:
        if self.policies is None:
            self.policies = rulebook.known()
        if ticket.pk not in self.rules:
            self.rules[ticket.pk] = rulebook.rules_for(ticket, at, self.policies)
        return self.rules[ticket.pk]

    def start(
        self, ticket: Ticket, metric: str, at: datetime, event: TicketEvent, stopped: datetime | None = None
    ) -> None:
        rule = self.rules_of(ticket, event.at).get(metric)
        if rule is None or any(clock.round == ticket.round for clock in self.work.active(ticket, metric)):
            return
        clock = self.work.start(ticket, rule, at)
        if stopped is not None:
            self.work.stop(clock, stopped, by=event.actor)

    def stop(self, ticket: Ticket, event: TicketEvent, *metrics: str) -> None:
        for clock in self.work.active(ticket, *metrics):
            self.work.stop(clock, event.at, by=event.actor)

    def answered(self, ticket: Ticket, event: TicketEvent, *metrics: str) -> None:
        """Stop what a response answers; agreed news are due again after the same while."""
        again = [clock.target["amount"] for clock in services_extensions.agreed(self.work, ticket)]
        self.stop(ticket, event, *metrics)
        if again:
            self.work.start(ticket, services_extensions.every(again[-1], event), event.at)

    def void(self, ticket: Ticket, event: TicketEvent, reason: str, *metrics: str) -> None:
        for clock in self.work.active(ticket, *metrics):
            self.work.void(clock, event.at, reason=reason, by=event.actor)

    def resume(self, ticket: Ticket, event: TicketEvent) -> None:
        for clock in self.work.active(ticket):
            self.work.resume(clock, event.at, by=event.actor)


def had_before(ticket: Ticket) -> list[Clock]:
    """The limits of accepting that ended in this round when the case went from its department to another one. One query."""
    lead = ticket.assignments.filter(role="lead", department=ticket.department, round=ticket.round)
    here = lead.filter(assigned_at__lte=OuterRef("started_at"), ended_at__gt=OuterRef("started_at"))
    of_round = ticket.clocks.filter(metric__in=[Metric.ACCEPT, Metric.RETURN_DECISION], round=ticket.round)
    ended = of_round.filter(Exists(here), state=Clock.State.VOID).and_whether_the_case_ended_them().order_by("pk")
    return [clock for clock in ended if not clock.with_its_case]  # type: ignore[attr-defined]


FOLLOWED: dict[str, Callable[[Steps, TicketEvent, Ticket], None]] = {
    "register": Steps.register,
    "assign": Steps.assign,
    "accept": Steps.accept,
    "accept_transfer": Steps.other_department,
    "return_to_dispatch": Steps.return_to_dispatch,
    "reply": Steps.reply,
    "request_information": Steps.request_information,
    "customer_message": Steps.customer_message,
    "resolve": Steps.resolve,
    "reopen": Steps.reopen,
    "void": Steps.declare_void,
    "restore": Steps.restore,
    "merge": Steps.declare_void,
    "unmerge": Steps.unmerge,
    "classify": Steps.classify,
    "extend": Steps.extend,
    "decide_extension": Steps.decide_extension,
    "promise": Steps.promise,
    "form_group": Steps.situation,
    "report_situation": Steps.situation,
    "plan": Steps.plan,
    "agree": Steps.agree,
    "report": Steps.report,
    "approve": Steps.review,
    "reject": Steps.reject,
    "co_assign": Steps.co_assign,
    "co_done": Steps.co_done,
    "co_waive": Steps.co_waive,
    "rate": Steps.rate,
    "close": Steps.close,
}
"""The events that concern clocks; of all others nothing is read."""


def plain_past(event: TicketEvent) -> bool:
    """Imported ends of rounds, which start and stop nothing."""
    return event.kind in {"rate", "close"} and bool(event.data.get("imported"))


def is_response(event: TicketEvent) -> bool:
    """A public message by a person. Not: an automatic one, one by a program, one without a sender."""
    if event.data.get("automatic"):
        return False
    if event.data.get("imported"):
        return True
    return event.actor is not None and not event.actor.is_app

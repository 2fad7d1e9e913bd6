"""The rows behind each figure: querysets of tickets with the instant `at` that they count by (`kpis.md`).

Void tickets are left out everywhere. A merged ticket is one voice (`received`) and no case of its own (`cases`).
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.fields.json import KeyTextTransform

from reports.periods import Period
from reports.split import Facts
from sla.models import RIGHTS, Clock, Metric
from tickets.models import Ticket, TicketEvent
from tickets.workflow import UNANSWERED, Nature, Status

REPEAT_DAYS = 90
DAY = timedelta(days=1)
DECIDED = (Clock.State.MET, Clock.State.MISSED)


NO_VOICE = Q(status=Status.VOID, merged_into=None)
"""Declared void. What was merged ends in that state too, and stays a voice."""


def cases(tickets: QuerySet) -> QuerySet:
    return tickets.filter(merged_into=None).exclude(status=Status.VOID)


def within(name: str, period: Period) -> Q:
    return Q(**{f"{name}__gte": period.start, f"{name}__lt": period.end})


def received(tickets: QuerySet, period: Period) -> Facts:
    """Every voice, merged ones too."""
    return Facts(tickets.exclude(NO_VOICE).filter(within("received_at", period)).annotate(at=F("received_at")))


def voided(tickets: QuerySet, period: Period) -> Facts:
    return Facts(tickets.filter(NO_VOICE, within("received_at", period)).annotate(at=F("received_at")))


def received_cases(tickets: QuerySet, period: Period) -> Facts:
    return Facts(cases(tickets).filter(within("received_at", period)).annotate(at=F("received_at")))


def clocks(tickets: QuerySet, period: Period, metric: str, decided_only: bool = False) -> Facts:
    """First-round clocks with a result in the period, and, with `at` null, those without one at its end."""
    decided = within("clocks__decided_at", period)
    if decided_only:
        rows = cases(tickets).filter(decided, clocks__state__in=DECIDED, clocks__metric=metric, clocks__round=1)
        return Facts(rows.annotate(at=F("clocks__decided_at"), state=F("clocks__state")))
    running = Q(clocks__started_at__lt=period.end) & (
        Q(clocks__decided_at=None, clocks__state__in=[Clock.State.RUNNING, Clock.State.PAUSED])
        | Q(clocks__decided_at__gte=period.end, clocks__state__in=DECIDED)
    )
    rows = cases(tickets).filter(
        (decided & Q(clocks__state__in=DECIDED)) | running, clocks__metric=metric, clocks__round=1
    )
    return Facts(rows.annotate(at=Case(When(decided, then=F("clocks__decided_at"))), state=F("clocks__state")))


def rectification(tickets: QuerySet) -> QuerySet:
    return tickets.filter(Q(nature=Nature.COMPLAINT) | Q(is_bad_review=True))


def missed(tickets: QuerySet, period: Period) -> Facts:
    """Every clock missed in the period, in whatever round; a right that lapsed accuses nobody."""
    rows = cases(tickets).filter(
        within("clocks__decided_at", period), ~Q(clocks__metric__in=RIGHTS), clocks__state=Clock.State.MISSED
    )
    return Facts(
        rows.annotate(at=F("clocks__decided_at"), metric=F("clocks__metric"), person=F("clocks__answerable__username"))
    )


def done(tickets: QuerySet, period: Period, name: str, decided_only: bool = False) -> Facts:
    """Cases whose `name` (first_response_at, first_resolved_at) lies in the period; with `at` null those that lack it
    at its end.
    """
    in_period = within(name, period)
    if decided_only:
        return Facts(cases(tickets).filter(in_period).annotate(at=F(name), began=F("received_at")))
    open_at_end = Q(received_at__lt=period.end) & (Q(**{name: None}) | Q(**{f"{name}__gte": period.end}))
    rows = cases(tickets).filter(in_period | open_at_end)
    return Facts(rows.annotate(at=Case(When(in_period, then=F(name))), began=F("received_at")))


def resolved(tickets: QuerySet, period: Period, what: str = "resolved") -> Facts:
    """Cases resolved for the first time in the period: round 1."""
    rows = cases(tickets).filter(within("first_resolved_at", period))
    return Facts(rows.annotate(at=F("first_resolved_at")), what)


def with_intact_first_contact(resolved_cases: Facts) -> Facts:
    missed = Clock.objects.filter(ticket=OuterRef("pk"), round=1, state=Clock.State.MISSED)
    theirs = missed.filter(answerable=OuterRef("first_contact")).exclude(metric__in=RIGHTS)
    intact = Case(When(first_contact__isnull=False, then=~Exists(theirs)), default=False)
    return Facts(resolved_cases.rows.annotate(intact=intact), resolved_cases.what)


def events(tickets: QuerySet, period: Period, kind: str, round_: int, what: str) -> Facts:
    """Events of one kind and round; a department is the one that the event names."""
    rows = cases(tickets).filter(within("events__at", period), events__kind=kind, events__round=round_)
    named = {"department": KeyTextTransform("department", "events__data")} if kind != "reopen" else {}
    return Facts(rows.annotate(at=F("events__at")), what, dimensions=named)


def answers(tickets: QuerySet, period: Period) -> Facts:
    """First-round follow-ups answered with a rating in the period."""
    rows = tickets.exclude(NO_VOICE).filter(
        within("follow_ups__answered_at", period),
        follow_ups__round=1,
        follow_ups__rating__in=["satisfied", "neutral", "dissatisfied"],
    )
    return Facts(rows.annotate(at=F("follow_ups__answered_at"), given=F("follow_ups__rating")))


def invitations(tickets: QuerySet, period: Period) -> Facts:
    """First-round invitations sent in the period; `given` tells the valid answers among them."""
    rows = tickets.exclude(NO_VOICE).filter(within("follow_ups__sent_at", period), follow_ups__round=1)
    given = Case(When(follow_ups__answered_at__isnull=False, then=F("follow_ups__rating")))
    return Facts(rows.annotate(at=F("follow_ups__sent_at"), given=given))


def complaints(tickets: QuerySet, period: Period) -> Facts:
    """Complaints received, with `repeated`: the same problem, or without one the same customer and category, already
    had a complaint resolved within `REPEAT_DAYS` before. One voice elsewhere counts, whoever may see it.
    """
    earlier = (
        cases(Ticket.objects.all())
        .filter(
            nature=Nature.COMPLAINT,
            first_resolved_at__lt=OuterRef("received_at"),
            first_resolved_at__gte=OuterRef("received_at") - REPEAT_DAYS * DAY,
        )
        .exclude(pk=OuterRef("pk"))
        .order_by()
    )
    same_problem = earlier.filter(problem=OuterRef("problem"))
    same_wish = earlier.filter(customer=OuterRef("customer"), category=OuterRef("category"))
    repeated = Case(
        When(problem__isnull=False, then=Exists(same_problem)),
        When(customer__isnull=False, category__isnull=False, then=Exists(same_wish)),
        default=False,
    )
    rows = cases(tickets).filter(within("received_at", period), nature=Nature.COMPLAINT)
    return Facts(rows.annotate(at=F("received_at"), repeated=repeated))


def open_at(tickets: QuerySet, instant: datetime, bucket: str = "") -> list[Facts]:
    """Cases without an answer at an instant, as they stood then; kinds that exclude each other, each with its index.

    One that had never been resolved was open. One resolved before is looked up in its history, unless it has stayed
    resolved until today.
    """
    last = TicketEvent.objects.filter(ticket=OuterRef("pk"), at__lt=instant).order_by("-at", "-pk").values("status")[:1]
    had = cases(tickets).filter(received_at__lt=instant)
    again = had.filter(first_resolved_at__lt=instant).annotate(then=Subquery(last))
    kinds = (
        had.filter(first_resolved_at=None),
        had.filter(first_resolved_at__gte=instant),
        again.filter(resolved_at=None, then__in=UNANSWERED),
        again.filter(resolved_at__gte=instant, then__in=UNANSWERED),
    )
    return [Facts(rows.annotate(at=F("received_at")), bucket=bucket) for rows in kinds]


def running(tickets: QuerySet, instant: datetime) -> dict[str, int]:
    """First-round clocks without a result at an instant: by metric, and `rectification` among the resolution clocks."""
    runs = Q(clocks__decided_at=None, clocks__state__in=[Clock.State.RUNNING, Clock.State.PAUSED])
    later = Q(clocks__decided_at__gte=instant, clocks__state__in=DECIDED)
    bad = Q(nature=Nature.COMPLAINT) | Q(is_bad_review=True)
    rows = (
        cases(tickets)
        .filter(runs | later, clocks__started_at__lt=instant, clocks__round=1, clocks__metric__in=Metric.values)
        .order_by()
    )
    told = {}
    for metric, every, bad_ones in rows.values_list("clocks__metric").annotate(
        every=Count("pk"), bad_ones=Count("pk", filter=bad)
    ):
        told[metric] = every
        if metric == Metric.RESOLUTION:
            told["rectification"] = bad_ones
    return told


def unfinished(tickets: QuerySet, instant: datetime) -> dict[str, int]:
    """Cases received before an instant that had no first response, no first resolution then."""
    return {
        name: sum(
            cases(tickets).filter(lacking, received_at__lt=instant).order_by().count()
            for lacking in (Q(**{name: None}), Q(**{f"{name}__gte": instant}))
        )
        for name in ("first_response_at", "first_resolved_at")
    }


RUNNING = {
    "collection_timeliness": "register",
    "first_response_rate": "first_response",
    "handling_timeliness": "resolution",
    "rectification_timeliness": "rectification",
}
UNFINISHED = {"first_response_time": "first_response_at", "resolution_time": "first_resolved_at"}


def tell_running(figures: dict[str, Any], tickets: QuerySet, period: Period) -> None:
    """Add what ran and was unfinished at the end of the period to figures counted without it."""
    add_running(figures, running(tickets, period.end), unfinished(tickets, period.end))


def add_running(figures: dict[str, Any], runs: dict[str, int], lacking: dict[str, int]) -> None:
    for code, metric in RUNNING.items():
        figures[code]["running"] = runs.get(metric, 0)
    for code, column in UNFINISHED.items():
        figures[code]["unfinished"] = lacking[column]

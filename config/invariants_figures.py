"""Counts against lists: what a figure says of this month, and how many tickets its link shows (`kpis.md`)."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from reports import counted, kpi
from reports.periods import Period, parse
from tickets.models import Ticket

# figure and part → where the figure's answer says how many tickets that is
TOLD: Mapping[tuple[str, str], Callable[[Any], int]] = {
    ("volume", "received"): lambda answer: answer,
    ("void", "received"): lambda answer: answer,
    ("backlog", "open"): lambda answer: answer["open"],
    ("backlog", "over_30_days"): lambda answer: answer["ages"]["over_30_days"],
    ("first_response_time", "n"): lambda answer: answer["clock"]["n"],
    ("resolution_time", "n"): lambda answer: answer["clock"]["n"],
    ("resolution_rate", "resolved"): lambda answer: answer["resolved"],
    ("resolution_rate", "received"): lambda answer: answer["received"],
    ("first_response_rate", "met"): lambda answer: answer["met"],
    ("handling_timeliness", "missed"): lambda answer: answer["decided"] - answer["met"],
    ("satisfaction", "dissatisfied"): lambda answer: answer["dissatisfied"],
    ("breaches", "tickets"): lambda answer: answer["tickets"],
}


def find(at: datetime) -> Iterator[str]:
    for period in (this_month(at), month_before(at)):
        answers = {code: kpi.FIGURES[code].measure(Ticket.objects.all(), period).total for code, _part in TOLD}
        for (code, part), number in TOLD.items():
            shown = counted.tickets_of(code, Ticket.objects.all(), period, part).count()
            if shown != number(answers[code]):
                yield f"{code}, {part}, from {period.start:%Y-%m-%d}: {number(answers[code])}, in the list {shown}"


def this_month(at: datetime) -> Period:
    first = timezone.localdate(at).replace(day=1)
    return parse(first.isoformat(), f"{first.year + first.month // 12}-{first.month % 12 + 1:02d}-01")


def month_before(at: datetime) -> Period:
    end = timezone.localdate(at).replace(day=1)
    return parse(f"{end.year - (end.month == 1)}-{(end.month - 2) % 12 + 1:02d}-01", end.isoformat())

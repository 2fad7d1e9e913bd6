"""The calendar that durations in working time are counted by: `office`, as the company keeps it now."""

from datetime import date, datetime

from reports.periods import ZONE, Period
from reports.workdays import Workdays, compile_days, years_around
from sla import rulebook, worktime
from tickets.models import Ticket

OFFICE = "office"


def workdays_until(end: datetime) -> Workdays:
    """The office's working days from the oldest ticket to `end`; two indexed look-ups, compiled days are kept."""
    oldest = Ticket.objects.order_by("received_at").values_list("received_at", flat=True).first()
    return compile_days(rulebook.current(OFFICE), *years_around(min(oldest or end, end), end))


def first_working_day(period: Period) -> date:
    """The office's first working day in the period, or after it when it has none."""
    return worktime.next_open(period.start, rulebook.current(OFFICE)).astimezone(ZONE).date()

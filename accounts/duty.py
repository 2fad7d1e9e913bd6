"""Shifts (C3.2): who is on duty at a moment, and what hours nobody covers.

Who may be called: `on_duty_of(people, at)` for alerts and for pools out of which cases are dealt.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Shift, User

LONGEST_PLAN = timedelta(days=92)


class ShiftRefused(Exception):
    """The message says why, for the user."""


def on_duty_of(people: Sequence[User], at: datetime) -> list[User]:
    """Those of `people` who are on duty at `at`; all who are not absent when none of them is, so that nobody is lost.

    One query, none for nobody.
    """
    present = [user for user in people if not user.is_absent]
    if not present:
        return list(people)
    on_duty = set(
        Shift.objects.at(at).filter(person__in=[user.pk for user in present]).values_list("person", flat=True)
    )
    return [user for user in present if user.pk in on_duty] or present


@transaction.atomic
def plan(*, person: User, first: date, last: date, weekdays: Iterable[int], opens: time, closes: time) -> list[Shift]:
    """A shift on each of the weekdays (0 is Monday) from `first` to `last`; an end at or before its beginning is on the
    next day. ShiftRefused when the person has another shift then."""
    if last < first:
        raise ShiftRefused(_("The last day lies before the first."))
    if last - first > LONGEST_PLAN:
        raise ShiftRefused(_("At most three months at once."))
    User.objects.select_for_update().get(pk=person.pk)  # two plans for one person follow each other
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    wanted = set(weekdays)
    rows = [
        Shift(
            person=person, starts_at=moment(day, opens), ends_at=moment(day + timedelta(days=closes <= opens), closes)
        )
        for day in days
        if day.weekday() in wanted
    ]
    if not rows:
        raise ShiftRefused(_("None of these weekdays lies between the two days."))
    known = list(person.shifts.during(rows[0].starts_at, rows[-1].ends_at))
    for row in rows:
        for other in known:
            if other.starts_at < row.ends_at and other.ends_at > row.starts_at:
                at = timezone.localtime(other.starts_at)
                raise ShiftRefused(
                    _("%(person)s has a shift on %(day)s already.") % {"person": person, "day": at.date()}
                )
    return Shift.objects.bulk_create(rows)


def moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


@dataclass(frozen=True)
class Day:
    date: date
    shifts: list[Shift]
    gaps: list[tuple[datetime, datetime]]

    @property
    def uncovered(self) -> list[str]:
        """The gaps for people: `09:00–12:30`."""
        return ["–".join(f"{timezone.localtime(end):%H:%M}" for end in gap) for gap in self.gaps]


def roster(first: date, days: int) -> list[Day]:
    """Each day with its shifts and the hours of duty that nobody covers. One query."""
    start, end = moment(first, time()), moment(first + timedelta(days=days), time())
    shifts = list(Shift.objects.during(start, end).select_related("person__department"))
    found = []
    for number in range(days):
        day = first + timedelta(days=number)
        begin, finish = moment(day, time()), moment(day + timedelta(days=1), time())
        of_day = [shift for shift in shifts if shift.starts_at < finish and shift.ends_at > begin]
        found.append(Day(day, [shift for shift in of_day if shift.starts_at >= begin], gaps_of(day, shifts)))
    return found


def gaps_of(day: date, shifts: Iterable[Shift]) -> list[tuple[datetime, datetime]]:
    """What remains of the day's hours of duty (`DUTY_HOURS`) when every shift is taken away."""
    left = [hours_of(day)]
    for shift in shifts:
        pieces = []
        for start, end in left:
            if shift.ends_at <= start or shift.starts_at >= end:
                pieces.append((start, end))
                continue
            pieces += [(start, shift.starts_at)] if start < shift.starts_at else []
            pieces += [(shift.ends_at, end)] if shift.ends_at < end else []
        left = pieces
    return left


def hours_of(day: date) -> tuple[datetime, datetime]:
    opens, closes = (time.fromisoformat(part.strip()) for part in settings.DUTY_HOURS.split("-"))
    return moment(day, opens), moment(day + timedelta(days=closes <= opens), closes)

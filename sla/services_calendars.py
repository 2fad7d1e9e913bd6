"""Changes of a calendar: dated exceptions by hand, imports that leave those alone, and open clocks counted anew."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from notices import services as notices
from sla import holidays, ladder, rulebook
from sla.calendars import Slot
from sla.clockwork import Clockwork
from sla.definitions import zone_named
from sla.models import Calendar, CalendarOverride, CalendarSlot, CalendarState, Clock, ClockEvent
from sla.services_overdue import Step, reached
from sla.services_setup import as_text, clock_time
from tickets.models import Ticket

MANUAL = CalendarOverride.Source.MANUAL
CHUNK = 1000
WARN_FROM = 11  # the month in which next year's arrangement is published


@transaction.atomic
def set_day(calendar: Calendar, *, day: date, slots: Sequence[Slot], reason: str, at: datetime, by: User) -> int:
    """An exception by hand; it survives every import. Returns how many due times moved.

    WorktimeError when the calendar would be none any more, for example shut for a year.
    """
    before = rulebook.definition_of(calendar)
    hours = [[as_text(begin), as_text(end)] for begin, end in slots]
    fields = {"slots": hours, "reason": reason, "source": MANUAL}
    CalendarOverride.objects.update_or_create(calendar=calendar, date=day, defaults=fields)
    return changed(calendar, before, at=at, first=day)


@transaction.atomic
def clear_day(calendar: Calendar, *, day: date, at: datetime, by: User) -> int:
    """Take an exception by hand back: the published arrangement of that day, else the week, holds again."""
    before = rulebook.definition_of(calendar)
    calendar.overrides.filter(date=day, source=MANUAL).delete()
    if calendar.follows_holidays:
        published = [row for row in holidays.override_rows(slots=usual_hours(calendar)) if row.day == day]
        write(calendar, published, CalendarOverride.Source.STATUTORY)
    return changed(calendar, before, at=at, first=day)


@transaction.atomic
def set_hours(calendar: Calendar, weekly: Mapping[int, Sequence[Slot]], *, at: datetime, by: User) -> int:
    """Other hours of the week; make-up days that were not entered by hand get them too. Returns how many due times moved.

    What ended before keeps the hours it ran on. WorktimeError for a calendar that would be none.
    """
    before = rulebook.definition_of(calendar)
    calendar.slots.all().delete()
    write_hours(calendar, weekly)
    usual = [[as_text(begin), as_text(end)] for begin, end in usual_hours(calendar)]
    calendar.overrides.exclude(source=MANUAL).exclude(slots=[]).update(slots=usual)
    return changed(calendar, before, at=at, first=at.astimezone(zone_named(calendar.zone)).date())


@transaction.atomic
def add_calendar(calendar: Calendar, weekly: Mapping[int, Sequence[Slot]]) -> Calendar:
    """A new calendar with its week and, when it follows them, the holidays that are known."""
    calendar.known_until = holidays.known_until() if calendar.follows_holidays else None
    calendar.save()
    write_hours(calendar, weekly)
    if calendar.follows_holidays:
        write(calendar, holidays.override_rows(slots=usual_hours(calendar)), CalendarOverride.Source.STATUTORY)
    calendar.refresh_from_db()
    rulebook.compiled(calendar.pk, calendar.version)
    return calendar


def write_hours(calendar: Calendar, weekly: Mapping[int, Sequence[Slot]]) -> None:
    CalendarSlot.objects.bulk_create(
        CalendarSlot(calendar=calendar, weekday=day, opens=clock_time(begin), closes=clock_time(end))
        for day, slots in weekly.items()
        for begin, end in slots
    )


@transaction.atomic
def import_days(
    calendar: Calendar, rows: Sequence[holidays.OverrideRow], *, known_until: date | None, at: datetime
) -> tuple[int, int]:
    """Published days into a calendar: (days written, due times moved). What was entered by hand stays.

    A file that is complete to the end of a year replaces what was published for that year before. Its days of other years
    (the last of December belong to the next notice), and all days of a file that does not say how far it is complete, are
    only added.
    """
    before = rulebook.definition_of(calendar)
    days = [row.day for row in rows]
    if rows and known_until and (known_until.month, known_until.day) == (12, 31):
        published = calendar.overrides.exclude(source=MANUAL).filter(date__year=known_until.year)
        withdrawn = published.exclude(date__in=days)
        days += withdrawn.values_list("date", flat=True)
        withdrawn.delete()
    count = write(calendar, rows, CalendarOverride.Source.IMPORT)
    if known_until and (calendar.known_until is None or known_until > calendar.known_until):
        Calendar.objects.filter(pk=calendar.pk).update(known_until=known_until)
    return count, changed(calendar, before, at=at, first=min(days)) if days else 0


def write(calendar: Calendar, rows: Iterable[holidays.OverrideRow], source: str) -> int:
    by_hand = set(calendar.overrides.filter(source=MANUAL).values_list("date", flat=True))
    found = [
        CalendarOverride(
            calendar=calendar,
            date=row.day,
            slots=[[as_text(begin), as_text(end)] for begin, end in row.slots],
            reason=row.name[:100],
            source=source,
        )
        for row in rows
        if row.day not in by_hand
    ]
    CalendarOverride.objects.bulk_create(
        found, update_conflicts=True, unique_fields=["calendar", "date"], update_fields=["slots", "reason", "source"]
    )
    return len(found)


def usual_hours(calendar: Calendar) -> list[Slot]:
    """The hours of the calendar's first working weekday: what a make-up day gets."""
    slots = list(calendar.slots.all())
    first = min((slot.weekday for slot in slots), default=0)
    return [rulebook.hours(slot.opens, slot.closes) for slot in slots if slot.weekday == first]


def changed(calendar: Calendar, before: dict[str, Any], *, at: datetime, first: date) -> int:
    """Refuse a calendar that is none; count the running clocks on it anew whose due time the change can reach.

    How it was `before` is kept for the clocks that ended on it.
    """
    calendar.refresh_from_db()
    rulebook.compiled(calendar.pk, calendar.version)
    after = rulebook.definition_of(calendar)
    if after != before:
        CalendarState.objects.create(calendar=calendar, until=at, definition=before)
        Calendar.objects.filter(pk=calendar.pk).update(changed_at=at)
    begin = datetime.combine(first, time(), zone_named(calendar.zone))
    reached_by_it = Q(target__calendar=calendar.code, due_at__gte=begin)
    if begin < at or after["weekly"] != before["weekly"]:  # time that was used may count otherwise now
        ran_on_it = ClockEvent.objects.filter(clock=OuterRef("pk"), data__target__calendar=calendar.code)
        reached_by_it |= Q(Exists(ran_on_it), due_at__gte=begin)
    running = Clock.objects.filter(reached_by_it, state="running")
    ids = list(running.order_by("ticket_id").values_list("ticket_id", flat=True).distinct())
    return sum(recount(ids[index : index + CHUNK], at) for index in range(0, len(ids), CHUNK))


def recount(ids: Sequence[int], at: datetime) -> int:
    tickets = Ticket.objects.filter(pk__in=ids).order_by("pk").select_for_update()
    work = Clockwork.of(tickets)
    moved = sum(
        work.recount(clock, at, reason="calendar") for ticket in work.tickets.values() for clock in work.active(ticket)
    )
    work.save()
    reached([Step(clock, ladder.DUE, clock.due_at) for clock in work.missed if clock.due_at], at)
    return moved


def warn_of_next_year(at: datetime) -> int:
    """Tell administrators and the office once a month which calendars lack next year's holidays. Returns how many do."""
    today = timezone.localdate(at)
    lacking = [row for row in Calendar.objects.order_by("code") if lacks_next_year(row, today)]
    if not lacking:
        return 0
    people = list(User.objects.active().filter(roles__overlap=[Role.ADMIN, Role.OFFICE]))
    notices.add(
        notice
        for row in lacking
        for user in people
        for notice in notices.to_user(
            user, "holidays_missing", key=f"holidays:{row.code}:{today:%Y-%m}", at=at, by_mail=True,
            context={"code": row.code, "name": row.name, "name_en": row.name_en, "year": today.year + 1},
        )
    )  # fmt: skip
    return len(lacking)


def lacks_next_year(calendar: Calendar, today: date) -> bool:
    """From November on, whether next year's holidays are still missing."""
    if not calendar.follows_holidays or today.month < WARN_FROM:
        return False
    return calendar.known_until is None or calendar.known_until < date(today.year + 1, 12, 31)

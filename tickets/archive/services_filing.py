"""Filing a closed case: its archive number, its class and how long it is kept (D6); and what keeps it longer."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from common.remembered import looked_at_once, remembered
from tickets import moves, numbers
from tickets.models import ArchiveClass, ArchiveRecord, LegalHold, Ticket, TicketEvent
from tickets.moves import ActionNotAllowed, next_event
from tickets.workflow import Status

HOLDERS = {Role.OFFICE, Role.AUDITOR}
BATCH = 500


def classes() -> list[ArchiveClass]:
    return remembered("archive classes", (ArchiveClass,), lambda: list(ArchiveClass.objects.all()))


def class_of(ticket: Ticket) -> ArchiveClass:
    """The first class that fits. LookupError when none does: `manage.py setup` makes one for every case."""
    return next(row for row in classes() if row.fits(ticket))


@looked_at_once()
def file(tickets: Iterable[Ticket]) -> list[ArchiveRecord]:
    """File cases that are closed, in the order of closing. Inside their transaction and last in it: archive numbers of
    the year and class wait for its end. A case that was filed before keeps its number. Four queries.
    """
    found = sorted(tickets, key=lambda one: (one.closed_at, one.pk))
    known = {row.ticket_id: row for row in ArchiveRecord.objects.filter(ticket__in=found)}
    again, fresh, places = [], [], defaultdict(list)
    for ticket in found:
        day = timezone.localdate(ticket.closed_at)
        row = known.get(ticket.pk)
        kept = row.archive_class if row else _class_or_none(ticket)
        if kept is None:
            continue
        record = row or ArchiveRecord(ticket=ticket, archive_class=kept)
        record.archived_at, record.keep_until = ticket.closed_at, kept.until(day)  # type: ignore[assignment]
        if row:
            again.append(record)
        else:
            places[(day.year, kept.pk)].append(record)
            fresh.append(record)
    ArchiveRecord.objects.bulk_update(again, ["archived_at", "keep_until"])
    given = numbers.take_for_archive(Counter({place: len(rows) for place, rows in places.items()}))
    for (year, kept_pk), rows in places.items():
        for counter, record in zip(given[(year, kept_pk)], rows, strict=True):
            record.number = numbers.archive_number(year, record.archive_class.code, counter)
    ArchiveRecord.objects.bulk_create(fresh)
    return [*again, *fresh]


def _class_or_none(ticket: Ticket) -> ArchiveClass | None:
    """None where no class is set up yet: the case waits, and is filed with those of imports (`file_waiting`)."""
    try:
        return class_of(ticket)
    except StopIteration:
        return None


def file_waiting() -> int:
    """File closed cases that have no record, such as imported ones, in the order of closing; how many. Each `BATCH` is a
    transaction; which cases wait is looked up once, for it means looking through all that are closed. Safe side by side.
    """
    waiting = Ticket.objects.filter(status=Status.CLOSED, archive=None, closed_at__isnull=False)
    keys, filed = list(waiting.order_by("closed_at", "pk").values_list("pk", flat=True)), 0
    for begin in range(0, len(keys), BATCH):
        with transaction.atomic():
            batch = waiting.filter(pk__in=keys[begin : begin + BATCH])
            filed += len(file(batch.select_for_update(skip_locked=True, of=("self",))))
    return filed


# --- legal hold -----------------------------------------------------------------------------------
def may_hold(user: User) -> bool:
    return user.has_role(*HOLDERS)


@transaction.atomic
def hold(ticket: Ticket, *, reason: str, by: User, at: datetime) -> LegalHold:
    """Keep the case whatever its period says. Office or auditor; on record in the history."""
    ticket = _locked(ticket, by)
    if ticket.holds.filter(lifted_at=None).exists():
        raise ActionNotAllowed(_("This case is on hold already."))
    if ArchiveRecord.objects.filter(ticket=ticket).exclude(erased_at=None).exists():
        raise ActionNotAllowed(_("The content of this case is erased."))
    row = LegalHold.objects.create(ticket=ticket, reason=reason, set_at=at, set_by=by)
    record(ticket, "hold", by=by, at=at, data={"reason": reason})
    return row


@transaction.atomic
def lift_hold(ticket: Ticket, *, reason: str, by: User, at: datetime) -> LegalHold:
    ticket = _locked(ticket, by)
    row = ticket.holds.filter(lifted_at=None).first()
    if row is None:
        raise ActionNotAllowed(_("This case is not on hold."))
    row.lifted_at, row.lifted_by, row.lifted_reason = at, by, reason
    row.save(update_fields=["lifted_at", "lifted_by", "lifted_reason"])
    record(ticket, "hold_lifted", by=by, at=at, data={"reason": reason})
    return row


def _locked(ticket: Ticket, by: User) -> Ticket:
    if not may_hold(by):
        raise ActionNotAllowed(_("Only the office and auditors set and lift a hold."))
    return Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)


def record(ticket: Ticket, kind: str, *, by: User | None, at: datetime, data: dict[str, Any]) -> TicketEvent:
    """What happens to the archived case as a record, in its one history; it moves no state."""
    event = next_event(ticket, kind, by=by, at=at, data=data)
    moves.record([event])
    return event

"""History from another system, in bulk: tickets, their events at their own times, what they are found by.

Rows are written by COPY from plain objects (`import_story.py`). Everything that listens (clocks, follow-ups) gets the
events of a batch as one list, each ticket's in order of time; `data["imported"]` says that nobody is to be told.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from common.copying import copy_rows, take_keys
from tickets import numbers
from tickets.archive import stay_erased
from tickets.imported.lines import Line
from tickets.imported.services_import_names import Names
from tickets.imported.story import COLUMNS, PastCustomer, PastEvent, PastTicket, events_of, past_ticket
from tickets.models import Assignment, Customer, Ticket, TicketEvent
from tickets.search import index as search
from tickets.signals import event_recorded

EVENT_COLUMNS = ["ticket_id", "at", "kind", "actor_id", "by_customer", "round", "version", "status", "data"]


def import_batch(lines: Sequence[Line], *, source: str, names: Names, at: datetime) -> int:
    """Store those of `lines` that this source has not brought yet, and whose cases were not erased since. Returns how
    many; about 25 statements a batch.

    Safe beside other imports: people and names are made one import at a time, and a ticket that another import of the
    same source has just brought is an IntegrityError (then nothing of the batch is stored, and it may be tried again).
    """
    wanted = {line.external_id: line for line in reversed(lines)}  # the first of two wins
    rows = Ticket.objects.filter(source=source, external_id__in=list(wanted))
    for known in {*rows.values_list("external_id", flat=True), *stay_erased.among(source, wanted)}:
        del wanted[known]
    fresh = sorted(wanted.values(), key=lambda line: (line.received_at, line.external_id))
    if not fresh:
        return 0
    with transaction.atomic():  # kept whatever becomes of the tickets: others may use them from now on
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('import people'))")
        customers = customers_of(fresh)
        for line in fresh:
            names.learn(line)
    store(fresh, customers, source=source, names=names, at=at)
    return len(fresh)


def told_otherwise(lines: Sequence[tuple[int, Line]], *, source: str) -> list[tuple[int, Line]]:
    """Of numbered lines those whose case is here with another text: they are skipped, and somebody has to know. One query."""
    rows = Ticket.objects.filter(source=source, external_id__in=[line.external_id for _number, line in lines])
    known = dict(rows.values_list("external_id", "content"))
    return [(number, line) for number, line in lines if known.get(line.external_id, line.content) != line.content]


@transaction.atomic
def store(
    lines: Sequence[Line], customers: Sequence[PastCustomer | None], *, source: str, names: Names, at: datetime
) -> None:
    tickets: list[PastTicket] = []
    events: list[PastEvent] = []
    for line, customer, pk in zip(lines, customers, take_keys(Ticket, len(lines)), strict=True):
        ticket = past_ticket(
            line,
            pk=pk,
            source=source,
            department=names.departments.get(line.department),
            owner=names.users.get(line.owner),
            category=names.categories.get(line.category),
            region=names.region(line.region) if line.region else None,
            customer=customer,
        )
        tickets.append(ticket)
        events += events_of(line, ticket, at=at)
    event_recorded.send(sender=TicketEvent, events=events)  # who listens sets columns of theirs in memory
    copy_rows(TicketEvent, EVENT_COLUMNS, list(map(attrgetter(*EVENT_COLUMNS), events)))
    assign(lines, tickets)
    search.add_new((ticket, search.text_of(ticket), search.personal_of(ticket)) for ticket in tickets)
    number(tickets)  # late: other imports of the same days wait from here on
    copy_rows(Ticket, COLUMNS, list(map(attrgetter(*COLUMNS), tickets)))


def customers_of(lines: Sequence[Line]) -> list[PastCustomer | None]:
    """A row for each line that names somebody; the same external id, or the same name, phone and e-mail, is one."""
    phones = {line.customer["phone"] for line in lines if line.customer.get("phone")}
    ids = {line.customer["external_id"] for line in lines if line.customer.get("external_id")}
    found: dict[Any, PastCustomer] = {}
    if phones:
        known = Customer.objects.filter(phone__in=phones, external_id="").order_by("-pk")
        for row in map(PastCustomer._make, known.values_list(*PastCustomer._fields)):
            found[(row.name, row.phone, row.email)] = row
    if ids:
        known = Customer.objects.filter(external_id__in=ids)
        for row in map(PastCustomer._make, known.values_list(*PastCustomer._fields)):
            found[row.external_id] = row
    people: list[Any] = [key_of(line.customer) for line in lines]
    missing = {key: line for key, line in zip(people, lines, strict=True) if key is not None and key not in found}
    made = []
    for pk, (key, line) in zip(take_keys(Customer, len(missing)), missing.items(), strict=True):
        found[key] = PastCustomer(pk, **line.customer)
        made.append((*found[key], line.received_at))
    copy_rows(Customer, ["id", *PastCustomer._fields[1:], "created_at"], made)
    return [None if key is None else found[key] for key in people]


def key_of(given: dict[str, str]) -> Any:
    """What makes two customers one; None for nobody."""
    if not any(given.values()):
        return None
    return given["external_id"] or (given["name"], given["phone"], given["email"])


def assign(lines: Sequence[Line], tickets: Sequence[PastTicket]) -> None:
    """The department's part in each ticket that has one, as it stands in the last round."""
    rows = []
    for line, ticket in zip(lines, tickets, strict=True):
        if ticket.department_id:
            began = line.rounds[-1].began_at
            accepted = began if ticket.owner_id else None
            rows.append((ticket.pk, ticket.department_id, ticket.owner_id, ticket.round, began, accepted))
    copy_rows(Assignment, ["ticket_id", "department_id", "owner_id", "round", "assigned_at", "accepted_at"], rows)


def number(tickets: Sequence[PastTicket]) -> None:
    """Numbers of the days of receipt, in the order of receipt; the days in one order everywhere, against deadlocks."""
    days: dict[date, list[PastTicket]] = defaultdict(list)
    for ticket in tickets:
        days[timezone.localdate(ticket.received_at)].append(ticket)
    given = numbers.take_for_days(Counter({day: len(rows) for day, rows in days.items()}))
    for day, rows in days.items():
        for ticket, text in zip(rows, given[day], strict=True):
            ticket.number = text

"""History from another system, in bulk: tickets, their events at their own times, what they are found by.

Everything that listens (clocks, follow-ups) gets the events of a batch as one list for each round, in the order of
time, with `event.ticket` as it stood in that round; `data["imported"]` says that nobody is to be told.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Department, Region, User
from tickets import numbers, search
from tickets.channels import Channel
from tickets.import_lines import Line
from tickets.models import Assignment, Category, Customer, Ticket, TicketEvent
from tickets.signals import event_recorded
from tickets.workflow import Level, Nature, Status

REVIEWS = {Channel.REVIEW, Channel.SOCIAL}


class Names:
    """Departments, owners, categories and regions by code or name, loaded once; unknown ones are made inactive."""

    def __init__(self) -> None:
        self.departments = by_code_and_name(Department.objects.all())
        self.categories = by_code_and_name(Category.objects.all())
        self.users: dict[str, User] = {}
        for user in User.objects.order_by("-is_active", "pk"):
            self.users.setdefault(user.username, user)
            self.users.setdefault(user.name, user)
        self.regions: dict[str, Region | None] = {}
        for region in Region.objects.all():
            for name in {region.code, region.full_name}:
                self.regions[name] = region
            self.regions[region.name] = None if region.name in self.regions else region  # one name, several places

    def department(self, name: str) -> Department | None:
        if name and name not in self.departments:
            row = Department.objects.create(code=coded(name, Department), name=name, path="-", is_active=False)
            row.path = f"/{row.pk}/"
            row.save(update_fields=["path"])
            self.departments[name] = row
        return self.departments.get(name)

    def category(self, name: str) -> Category | None:
        if name and name not in self.categories:
            self.categories[name] = Category.objects.create(code=coded(name, Category), name=name, is_active=False)
        return self.categories.get(name)

    def user(self, name: str, department: Department | None) -> User | None:
        if name and name not in self.users:
            taken = User.objects.filter(username=name[:140]).exists()
            username = f"{name[:100]}.{short(name)}" if taken else name[:140]
            row = User(username=username, name=name, department=department, is_active=False)
            row.set_unusable_password()
            row.save(force_insert=True)
            self.users[name] = row
        return self.users.get(name)

    def region(self, name: str) -> Region | None:
        return self.regions.get("".join(name.split()))


def by_code_and_name(rows: Iterable[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        found.setdefault(row.code, row)
        found.setdefault(row.name, row)
    return found


def coded(name: str, model: type[Department] | type[Category]) -> str:
    """A code for a name that has none."""
    plain = name.lower().replace(" ", "-")
    is_code = plain.isascii() and plain.replace("-", "").replace("_", "").isalnum() and len(plain) <= 40
    if is_code and not model.objects.filter(code=plain).exists():
        return plain
    return f"imported-{short(name)}"


def short(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:12]


@transaction.atomic
def import_batch(lines: Sequence[Line], *, source: str, names: Names) -> int:
    """Store those of `lines` that this source has not brought yet. Returns how many; about 20 statements a batch."""
    with connection.cursor() as cursor:  # two imports of one source take turns
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"import {source}"])
    wanted = {line.external_id: line for line in reversed(lines)}  # the first of two wins
    rows = Ticket.objects.filter(source=source, external_id__in=list(wanted))
    for known in rows.values_list("external_id", flat=True):
        del wanted[known]
    fresh = sorted(wanted.values(), key=lambda line: (line.received_at, line.external_id))
    if not fresh:
        return 0
    customers = customers_of(fresh)
    tickets, parts = [], []
    for line, customer in zip(fresh, customers, strict=True):
        ticket = ticket_of(line, source=source, names=names, customer=customer)
        tickets.append(ticket)
    identify(tickets)
    events: list[tuple[TicketEvent, Status]] = []
    for line, ticket in zip(fresh, tickets, strict=True):
        events += events_of(line, ticket)
        if ticket.department:
            parts.append(assignment_of(line, ticket))
    announce(events)  # before the tickets are stored: whoever listens sets columns of theirs in memory
    number(tickets)
    Ticket.objects.bulk_create(tickets)
    Assignment.objects.bulk_create(parts)
    TicketEvent.objects.bulk_create([event for event, _status in events], batch_size=4000)
    search.add([(row.pk, search.PUBLIC, search.text_of(row), search.personal_of(row)) for row in tickets])
    return len(tickets)


def customers_of(lines: Sequence[Line]) -> list[Customer | None]:
    """A row for each line that names somebody; the same external id, or the same name, phone and e-mail, is one."""
    wanted = [tuple(line.customer.values()) for line in lines]
    phones = {line.customer["phone"] for line in lines if line.customer.get("phone")}
    ids = {line.customer["external_id"] for line in lines if line.customer.get("external_id")}
    found: dict[Any, Customer] = {}
    if phones:
        for row in Customer.objects.filter(phone__in=phones, external_id="").order_by("-pk"):
            found[(row.name, row.phone, row.email)] = row
    if ids:
        found |= {row.external_id: row for row in Customer.objects.filter(external_id__in=ids)}
    made: list[Customer] = []
    people: list[Customer | None] = []
    for line, values in zip(lines, wanted, strict=True):
        given = line.customer
        if not any(values):
            people.append(None)
            continue
        key = given["external_id"] or (given["name"], given["phone"], given["email"])
        if key not in found:
            found[key] = Customer(**given, created_at=line.received_at)
            made.append(found[key])
        people.append(found[key])
    Customer.objects.bulk_create(made)
    return people


def ticket_of(line: Line, *, source: str, names: Names, customer: Customer | None) -> Ticket:
    department = names.department(line.department)
    owner = names.user(line.owner, department)
    region = names.region(line.region) if line.region else None
    rounds = len(line.rounds)
    return Ticket(
        channel=line.channel,
        subject=line.subject,
        content=line.content,
        nature=line.nature,
        tier=line.tier,
        is_bad_review=line.channel in REVIEWS and line.nature == Nature.COMPLAINT,
        category=names.category(line.category),
        region=region,
        region_text="" if region else line.region,
        customer=customer,
        source=source,
        external_id=line.external_id,
        department=department,
        departments=[department.pk] if department else [],
        owner=owner,
        first_contact=owner,
        received_at=line.received_at,
        registered_at=line.received_at,
        first_response_at=line.first_response_at,
        first_resolved_at=line.rounds[0].resolved_at,
        resolved_at=line.resolved_at,
        closed_at=line.closed_at,
        rating=line.satisfaction,
        round=rounds,
        level=min(rounds - 1, Level.LEADERSHIP),
        status=status_of(line, department is not None),
        version=1,
    )


def status_of(line: Line, has_department: bool) -> Status:
    if line.closed_at:
        return Status.CLOSED
    if line.resolved_at:
        return Status.RESOLVED
    if line.owner or line.first_response_at:
        return Status.IN_PROGRESS
    return Status.ASSIGNED if has_department else Status.NEW


def assignment_of(line: Line, ticket: Ticket) -> Assignment:
    return Assignment(
        ticket=ticket,
        department=ticket.department,
        owner=ticket.owner,
        round=ticket.round,
        assigned_at=line.rounds[-1].began_at,
        accepted_at=line.rounds[-1].began_at if ticket.owner else None,
    )


def number(tickets: Sequence[Ticket]) -> None:
    """Numbers of the days of receipt, in the order of receipt; the days in one order everywhere, against deadlocks."""
    days: dict[date, list[Ticket]] = defaultdict(list)
    for ticket in tickets:
        days[timezone.localdate(ticket.received_at)].append(ticket)
    given = numbers.take_for_days(Counter({day: len(rows) for day, rows in days.items()}))
    for day, rows in days.items():
        for ticket, text in zip(rows, given[day], strict=True):
            ticket.number = text


def identify(tickets: Sequence[Ticket]) -> None:
    """Give new tickets their keys, so that rows can point at them before they are stored."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('tickets_ticket', 'id')) FROM generate_series(1, %s)", [len(tickets)]
        )
        for ticket, (key,) in zip(tickets, cursor.fetchall(), strict=True):
            ticket.pk = key


def events_of(line: Line, ticket: Ticket) -> list[tuple[TicketEvent, Status]]:
    """The history that the line tells, in order, each with the status after it; sets the ticket's version."""
    story = Story(ticket)
    story.add(1, "register", line.received_at, Status.NEW)
    for place, round_ in enumerate(line.rounds, start=1):
        if place > 1:
            story.add(place, "reopen", round_.began_at, Status.ASSIGNED, by_customer=True, reason="imported")
        elif ticket.department:
            story.add(1, "assign", line.received_at, Status.ASSIGNED, department=ticket.department.code, automatic=True)
        if place == 1 and ticket.owner:
            at = line.first_response_at or line.received_at
            story.add(1, "accept", at, Status.IN_PROGRESS, owner=ticket.owner.username)
        if place == 1 and line.first_response_at:
            data: dict[str, Any] = {"via": ticket.channel, "automatic": False, "first": True}
            story.add(1, "reply", line.first_response_at, Status.IN_PROGRESS, **data)
        if round_.resolved_at:
            if place > 1:
                story.add(place, "reply", round_.resolved_at, Status.IN_PROGRESS, via=ticket.channel, automatic=False)
            story.add(place, "resolve", round_.resolved_at, Status.RESOLVED)
    last, ended = len(line.rounds), line.closed_at or line.resolved_at
    if line.satisfaction and ended:
        story.add(
            last, "rate", ended, Status.RESOLVED, by_customer=True, rating=line.satisfaction, stars=None, comment=""
        )
    if line.closed_at:
        story.add(last, "close", line.closed_at, Status.CLOSED, reason="rated" if line.satisfaction else "imported")
    ticket.version = len(story.rows)
    return story.rows


class Story:
    def __init__(self, ticket: Ticket) -> None:
        self.ticket = ticket
        self.rows: list[tuple[TicketEvent, Status]] = []

    def add(
        self, round_: int, kind: str, at: datetime, status: Status, *, by_customer: bool = False, **data: Any
    ) -> None:
        people = kind in {"accept", "reply", "resolve"}
        event = TicketEvent(
            ticket=self.ticket,
            at=at,
            kind=kind,
            actor=self.ticket.owner if people else None,
            by_customer=by_customer,
            round=round_,
            version=len(self.rows) + 1,
            status=status,
            data=data | {"imported": True},
        )
        self.rows.append((event, status))


def announce(events: Sequence[tuple[TicketEvent, Status]]) -> None:
    """Tell who listens, round by round: a clock belongs to the round that its ticket stands in."""
    last = max(event.round for event, _status in events)
    final = {id(event.ticket): (event.ticket, event.ticket.round, event.ticket.status) for event, _after in events}
    for round_ in range(1, last + 1):
        wave = [(event, status) for event, status in events if event.round == round_]
        for event, status in wave:  # as it stood at the end of this round
            event.ticket.round, event.ticket.status = round_, status
        for event, _after in wave:
            ticket, rounds, standing = final[id(event.ticket)]
            if rounds == round_:
                ticket.status = standing
        wave.sort(key=lambda pair: pair[0].at)
        event_recorded.send(sender=TicketEvent, events=[event for event, _status in wave])
    for ticket, rounds, standing in final.values():
        ticket.round, ticket.status = rounds, standing

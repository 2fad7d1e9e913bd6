"""What a line of history means: a ticket and its events, as plain objects that cost little. No database.

`PastTicket` and `PastEvent` have the attributes of `Ticket` and `TicketEvent` that listeners read.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from accounts.models import Department, Region, User
from tickets.channels import Channel
from tickets.imported.lines import Line
from tickets.models import Category, Ticket
from tickets.workflow import Level, Nature, Status

REVIEWS = {Channel.REVIEW, Channel.SOCIAL}
BY_PEOPLE = {"accept", "reply", "resolve"}
BROUGHT_AT = "brought_at"
"""In the registration of an imported case: when it was brought in."""


class PastCustomer(NamedTuple):
    pk: int
    name: str
    phone: str
    email: str
    external_id: str
    customer_class: str


class PastTicket:
    """A row on its way into the table: every column of Ticket, with the defaults of a new one."""

    pk: int
    id: int
    number: str | None
    version: int
    status: str
    round: int
    channel: str
    subject: str
    content: str
    customer: PastCustomer | None
    external_id: str
    place: str
    department: Department | None
    department_id: int | None
    owner: User | None
    owner_id: int | None
    category: Category | None
    received_at: datetime
    next_due_at: datetime | None
    soon_at: datetime | None
    expected_by: datetime | None


for _field in Ticket._meta.concrete_fields:
    setattr(PastTicket, _field.attname, _field.get_default())
COLUMNS = [
    "id", "number", "version", "status", "round", "level", "channel", "subject", "content", "customer_id", "region_id",
    "region_text", "source", "external_id", "nature", "category_id", "tier", "is_bad_review", "department_id",
    "departments", "owner_id", "first_contact_id", "received_at", "registered_at", "first_response_at",
    "first_resolved_at", "resolved_at", "closed_at", "next_due_at", "soon_at", "expected_by", "rating",
]  # fmt: skip
"""What may differ from a new ticket's defaults."""


@dataclass(slots=True)
class PastEvent:
    ticket: PastTicket
    at: datetime
    kind: str
    actor: User | None
    by_customer: bool
    round: int
    version: int
    status: str
    data: dict[str, Any]
    said: str = ""

    @property
    def ticket_id(self) -> int:
        return self.ticket.pk

    @property
    def actor_id(self) -> int | None:
        return self.actor.pk if self.actor else None


def past_ticket(
    line: Line,
    *,
    pk: int,
    source: str,
    department: Department | None,
    owner: User | None,
    category: Category | None,
    region: Region | None,
    customer: PastCustomer | None,
) -> PastTicket:
    """The ticket as it stands now, but for its number, its version and what clocks add."""
    ticket = PastTicket()
    ticket.__dict__.update(
        pk=pk,
        id=pk,
        channel=line.channel,
        subject=line.subject,
        content=line.content,
        nature=line.nature,
        tier=line.tier,
        is_bad_review=line.channel in REVIEWS and line.nature == Nature.COMPLAINT,
        category=category,
        category_id=category.pk if category else None,
        region_id=region.pk if region else None,
        region_text="" if region else line.region,
        customer=customer,
        customer_id=customer.pk if customer else None,
        source=source,
        external_id=line.external_id,
        department=department,
        department_id=department.pk if department else None,
        departments=[department.pk] if department else [],
        verdict={},
        owner=owner,
        owner_id=owner.pk if owner else None,
        first_contact_id=owner.pk if owner else None,
        received_at=line.received_at,
        registered_at=line.received_at,
        first_response_at=line.first_response_at,
        first_resolved_at=line.rounds[0].resolved_at,
        resolved_at=line.resolved_at,
        closed_at=line.closed_at,
        rating=line.satisfaction,
        round=len(line.rounds),
        level=min(len(line.rounds) - 1, int(Level.LEADERSHIP)),
        status=status_of(line, department is not None),
    )
    return ticket


def status_of(line: Line, has_department: bool) -> Status:
    if line.closed_at:
        return Status.CLOSED
    if line.resolved_at:
        return Status.RESOLVED
    if line.owner or line.first_response_at:
        return Status.IN_PROGRESS
    return Status.ASSIGNED if has_department else Status.NEW


def events_of(line: Line, ticket: PastTicket, *, at: datetime) -> list[PastEvent]:
    """The history that the line tells, in order; sets the ticket's version. A round is resolved before the next.

    `at` is when it is brought in, and stands with the registration: what lies before it is no news.
    """
    story = Story(ticket)
    story.add(1, "register", line.received_at, Status.NEW, **{BROUGHT_AT: at.isoformat()})
    for place, round_ in enumerate(line.rounds, start=1):
        if place > 1:
            story.add(place, "reopen", round_.began_at, Status.ASSIGNED, by_customer=True, reason="imported")
        elif ticket.department:
            story.add(1, "assign", line.received_at, Status.ASSIGNED, department=ticket.department.code, automatic=True)
        if place == 1 and ticket.owner:
            at = line.first_response_at or line.received_at
            story.add(1, "accept", at, Status.IN_PROGRESS, owner=ticket.owner.username)
        if place == 1 and line.first_response_at:
            first = line.first_response_at
            story.add(1, "reply", first, Status.IN_PROGRESS, via=ticket.channel, automatic=False, first=True)
        if round_.resolved_at:
            if place > 1:
                story.add(place, "reply", round_.resolved_at, Status.IN_PROGRESS, via=ticket.channel, automatic=False)
            story.add(place, "resolve", round_.resolved_at, Status.RESOLVED)
    last, ended = len(line.rounds), line.closed_at or line.resolved_at
    if line.satisfaction and ended:
        told: dict[str, Any] = {"rating": line.satisfaction, "stars": None, "comment": ""}
        story.add(last, "rate", ended, Status.RESOLVED, by_customer=True, **told)
    if line.closed_at:
        story.add(last, "close", line.closed_at, Status.CLOSED, reason="rated" if line.satisfaction else "imported")
    ticket.version = len(story.rows)
    return story.rows


class Story:
    def __init__(self, ticket: PastTicket) -> None:
        self.ticket = ticket
        self.rows: list[PastEvent] = []

    def add(
        self, round_: int, kind: str, at: datetime, status: Status, *, by_customer: bool = False, **data: Any
    ) -> None:
        actor = self.ticket.owner if kind in BY_PEOPLE else None
        version = len(self.rows) + 1
        self.rows.append(PastEvent(self.ticket, at, kind, actor, by_customer, round_, version, status, facts(**data)))


@lru_cache(maxsize=4096)
def facts(**data: Any) -> dict[str, Any]:
    """The same facts are the same dict, written out once for many events; nobody changes it."""
    return data | {"imported": True}

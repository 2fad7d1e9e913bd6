"""Who a limit binds: who is reminded of it, and who answers for it when it is missed (A4.2 B3.4 D3.3).

Most limits bind whoever has the case. The part of a co-department binds its own people, a review whoever has to review (in
the place of a head who handled the case: the office; of an office that did: leadership), the question to the customer
somebody else than the handler, the first half hour whoever received the case.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, Protocol

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from accounts.models import Department, User
from accounts.roles import Role
from sla.models import Metric
from tickets.handling import reviewing
from tickets.models import Assignment, Review, Ticket

REVIEWS = {Metric.REVIEW_HEAD.value: "head", Metric.REVIEW_OFFICE.value: "office"}


def responsible(ticket: Ticket) -> int | None:
    """A4.2: the owner, else the first contact, else the head of the department."""
    if ticket.owner_id or ticket.first_contact_id:
        return ticket.owner_id or ticket.first_contact_id
    return ticket.department.head_id if ticket.department else None


class Bound(Protocol):
    """What a limit says of itself: a `Clock`, or one of imported history that is not stored yet."""

    @property
    def ticket(self) -> Any: ...
    @property
    def metric(self) -> str: ...
    @property
    def round(self) -> int: ...
    @property
    def assignment_id(self) -> int | None: ...


class Answerable:
    """Looks up what a clock does not carry itself, each once; nothing for the limits of most cases."""

    def __init__(self) -> None:
        self._parts: dict[int, Assignment] = {}

    def learn(self, clocks: Iterable[Bound]) -> None:
        """Read the parts of many clocks in one query."""
        wanted = {clock.assignment_id for clock in clocks if clock.assignment_id} - self._parts.keys()
        if wanted:
            self._parts |= Assignment.objects.select_related("department").in_bulk(wanted)

    def part(self, clock: Bound) -> Assignment | None:
        if clock.assignment_id is None:
            return None
        self.learn([clock])
        return self._parts[clock.assignment_id]

    @cached_property
    def office(self) -> Department | None:
        return Department.objects.filter(is_office=True).first()

    @cached_property
    def leader(self) -> int | None:
        return User.objects.active().with_role(Role.LEADER).order_by("pk").values_list("pk", flat=True).first()

    def of(self, clock: Bound) -> int | None:
        """The key of the person; None where nobody has it yet."""
        ticket: Ticket = clock.ticket
        part = self.part(clock)
        if part is not None:
            return part.owner_id or part.department.head_id
        if clock.metric == Metric.FIRST_CONTACT:
            return ticket.first_contact_id
        if clock.metric in REVIEWS:
            return self.reviewer(clock)
        if clock.metric == Metric.CALL_BACK:
            others = (ticket.first_contact_id, self.office_head)
            return next((key for key in others if key and key != ticket.owner_id), None)
        return responsible(ticket)

    def department_of(self, clock: Bound) -> int | None:
        """Whose limit it is, for the ledger: of a part its own department, of the office's review the office."""
        part = self.part(clock)
        if part is not None:
            return part.department_id
        if clock.metric == Metric.REVIEW_OFFICE and self.office is not None:
            return self.office.pk
        department: int | None = clock.ticket.department_id
        return department

    @property
    def office_head(self) -> int | None:
        return self.office.head_id if self.office else None

    def reviewer(self, clock: Bound) -> int | None:
        """One query: who reported the result, or had the case before, may not review it either."""
        ticket: Ticket = clock.ticket
        gate = REVIEWS[clock.metric]
        reviews = Review.objects.filter(ticket=ticket, round=clock.round, gate=gate).order_by("-report")
        had = ArraySubquery(reviewing.had_it(OuterRef("ticket"), OuterRef("round")).values("owner"))
        reporter, had_it = reviews.values_list("reported_by", had).first() or (None, [])
        handled = {ticket.owner_id, reporter, *had_it}
        head = ticket.department.head_id if ticket.department else None
        in_order = (head, self.office_head) if gate == "head" else (self.office_head,)
        return next((key for key in in_order if key and key not in handled), None) or self.leader

"""What stands open in a case beside its state: parts that are owed, an offer to take over. Read once for a page."""

from dataclasses import dataclass
from functools import cached_property

from accounts.models import User
from tickets.extensions import open_request
from tickets.models import Assignment, Ticket, TicketEvent, Transfer
from tickets.workflow import UNANSWERED, UNDER_WAY, Nature


@dataclass
class Situation:
    ticket: Ticket

    @cached_property
    def parts(self) -> list[Assignment]:
        """The departments' parts that are open, and what co-departments have done in this round; the lead first."""
        rows = self.ticket.assignments.filter(round__lte=self.ticket.round).select_related("department__head", "owner")
        shown = [
            row
            for row in rows
            if row.ended_at is None or (row.role == row.Role.CO and row.result and row.round == self.ticket.round)
        ]
        return sorted(shown, key=lambda row: row.role != row.Role.LEAD)

    @property
    def owed(self) -> list[Assignment]:
        return [row for row in self.parts if row.role == row.Role.CO and row.ended_at is None]

    @cached_property
    def offer(self) -> Transfer | None:
        if self.ticket.status not in UNDER_WAY:
            return None
        return self.ticket.transfers.filter(decided_at=None).select_related("department", "owner").first()

    @cached_property
    def request(self) -> TicketEvent | None:
        """The request for more time that waits for a decision."""
        return open_request(self.ticket)

    def allows(self, verb: str, user: User) -> bool:
        """Whether what stands open lets this user make the move; the state and the role are checked elsewhere."""
        if self.ticket.status not in UNANSWERED:
            return True
        if verb == "co_done":
            return any(row.department_id == user.department_id for row in self.owed)
        if verb == "co_waive":
            return bool(self.owed)
        if verb in {"accept_transfer", "decline_transfer"}:
            return self.offer is not None and may_decide(self.offer, user)
        if verb == "promise":
            return self.ticket.nature == Nature.INQUIRY
        if verb == "extend":
            return self.request is None
        if verb == "decide_extension":
            return self.request is not None and self.request.actor_id != user.pk
        if verb == "transfer":
            return self.offer is None
        return True


def may_decide(offer: Transfer, user: User) -> bool:
    """An offer is decided by the person it names, by the department when it names none, or by the department's head."""
    if user.pk in {offer.owner_id, offer.department.head_id}:
        return True
    return offer.owner_id is None and user.department_id == offer.department_id

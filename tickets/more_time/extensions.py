"""Which request for more time is still to be decided: a fact of the history, kept nowhere else."""

from tickets.models import Ticket, TicketEvent


def open_request(ticket: Ticket) -> TicketEvent | None:
    """The request of this round that waits for a decision. One query."""
    said = ticket.events.filter(kind__in=["extend", "decide_extension"], round=ticket.round).select_related("actor")
    last = said.order_by("at", "pk").last()
    return last if last is not None and last.kind == "extend" else None

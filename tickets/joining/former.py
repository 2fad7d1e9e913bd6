"""What somebody wrote under a case who turned out not to be its customer: kept, never shown to the right one. Pure."""

from collections.abc import Iterable

from tickets.models import TicketEvent


def withheld(events: Iterable[TicketEvent]) -> frozenset[int]:
    """The ids of messages that a former customer wrote, as each correction of the customer says."""
    return frozenset(
        number for event in events if event.kind == "correct_customer" for number in event.data.get("withheld", ())
    )

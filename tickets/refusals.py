"""How the API words the refusals of this app (409), `common.problems` says the rest."""

from typing import Any

from common import problems
from tickets.moves import ActionNotAllowed, StaleTicket


def stale(error: StaleTicket) -> dict[str, Any]:
    """The version now, and what happened since the caller's."""
    from tickets.serializers import EventSerializer

    newer = EventSerializer(error.newer, many=True).data
    return {"number": error.ticket.number, "version": error.ticket.version, "newer": newer}


def register() -> None:
    problems.register(StaleTicket, 409, code="stale-ticket", build=stale)
    problems.register(ActionNotAllowed, 409, code="action-not-allowed")

"""What surveys add to a ticket's page and API form. One query each."""

from datetime import datetime
from typing import Any

from accounts.models import User
from tickets.models import Ticket


def describe(ticket: Ticket, user: User) -> list[dict[str, Any]]:
    return [
        {
            "round": row.round,
            "mode": row.mode,
            "state": row.state,
            "sent_at": row.sent_at,
            "answered_at": row.answered_at,
            "rating": row.rating,
            "stars": row.stars,
            "comment": row.comment,
        }
        for row in ticket.follow_ups.order_by("round")
    ]


def context(ticket: Ticket, user: User, at: datetime) -> dict[str, Any]:
    return {"follow_ups": list(ticket.follow_ups.order_by("round"))}

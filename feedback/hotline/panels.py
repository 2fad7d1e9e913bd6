"""Beside a ticket that came by telephone: its calls."""

from datetime import datetime
from typing import Any

from accounts.models import User
from tickets.channels import Channel
from tickets.models import Ticket
from tickets.people_shown import sees_personal_data


def context(ticket: Ticket, user: User, at: datetime) -> dict[str, Any]:
    """The recording is the customer's own voice: for those who see names and numbers. One query, of telephone cases only."""
    if ticket.channel != Channel.PHONE:
        return {"calls": []}
    return {"calls": list(ticket.calls.select_related("agent")[:20]), "full": sees_personal_data(user)}

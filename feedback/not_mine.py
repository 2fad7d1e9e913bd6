"""Somebody got a message of ours about feedback that they did not send: their address leaves the case (S-6, PIPL)."""

from datetime import datetime

from django.db import transaction

from notices.models import NOT_MINE, Notice
from tickets import services as tickets
from tickets.joining.services_customer import NOT_ME
from tickets.models import Ticket
from tickets.workflow import UNANSWERED


@transaction.atomic
def not_mine(ticket: Ticket, *, at: datetime) -> Ticket:
    """Take the address that we wrote to off the case, and look at the case; who sent it keeps their own code.

    The link that led here opens nothing afterwards. The address gets no more receipts for a month, so that who
    enters it into the form again and again reaches nobody. Raises ActionNotAllowed on a case that is filed or void.
    """
    customer = ticket.customer
    if customer is None:
        return ticket
    left = {"name": customer.name, "phone": customer.phone if customer.email else ""}
    address = customer.email or customer.phone
    ticket = tickets.correct_customer(
        ticket, reason=NOT_ME, at=at, end_code=False, by_customer=True, **(left if left["phone"] else {})
    )
    Notice.objects.create(
        key=f"{NOT_MINE}:{ticket.number}",
        kind=NOT_MINE,
        channel=Notice.Channel.EMAIL if customer.email else Notice.Channel.SMS,
        address=address.lower(),
        topic=ticket.number or "",
        state=Notice.State.CANCELLED,
        created_at=at,
        not_before=at,
    )
    if ticket.status in UNANSWERED and not ticket.needs_review:
        ticket = tickets.classify(ticket, by=None, at=at, needs_review=True)
    return ticket

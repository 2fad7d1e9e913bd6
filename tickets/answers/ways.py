"""By which ways a customer can be answered: what is offered, and what is refused because it would reach nobody (A5.1)."""

from typing import Any

from django.utils.translation import gettext as _

from tickets.answers import by_sms
from tickets.channels import OUTWARD, SMS, Channel
from tickets.models import Ticket
from tickets.moves import ActionNotAllowed
from tickets.situation import settings_known

VIA: dict[str, Any] = {
    Channel.WEB: OUTWARD[Channel.WEB],
    Channel.EMAIL: Channel.EMAIL.label,
    Channel.PHONE: OUTWARD[Channel.PHONE],
    Channel.LETTER: Channel.LETTER.label,
}
"""Those of every customer; by SMS it takes approved words and a mobile number (`by_sms`)."""


def offered(ticket: Ticket) -> list[tuple[str, Any]]:
    """As choices; no e-mail to who left no address. What stands on the tracking page goes to WeChat too for who came by it. No query."""
    labels = VIA | {Channel.WEB: _("Tracking page and WeChat")} if ticket.channel == Channel.WECHAT else VIA
    return [(str(via), label) for via, label in labels.items() if via != Channel.EMAIL or has_address(ticket)]


def usual(ticket: Ticket) -> str:
    """The way by which the customer came, where we can answer by it."""
    return ticket.channel if ticket.channel in dict(offered(ticket)) else Channel.WEB


def has_address(ticket: Ticket) -> bool:
    return ticket.customer is not None and bool(ticket.customer.email)


def refuse_unreachable(ticket: Ticket, text: str, *, via: str, kind: str = "replied") -> None:
    """Raises ActionNotAllowed for what would stand in the history as sent and reach nobody. A query for SMS alone."""
    if via == Channel.EMAIL and not has_address(ticket):
        raise ActionNotAllowed(_("This customer left no e-mail address. Answer by another way."))
    if via == SMS:
        for wrong in by_sms.faults(ticket, text, kind=kind, known=settings_known()):
            raise ActionNotAllowed(wrong)

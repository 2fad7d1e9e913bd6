"""Whether a customer can be answered by SMS, and whether the words fit (A5.1)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from notices import services_sms, sms
from tickets.models import Ticket
from tickets.situation import Settings

LINK = "x" * 120
"""About as long as the signed address of a tracking page."""


def offered(ticket: Ticket, known: Settings, kind: str = "replied") -> bool:
    """A way out, an approved template for such messages, and a mobile number. No query."""
    template = known.sms.get(kind)
    phone = ticket.customer.phone if ticket.customer else ""
    return bool(sms.transport() and template and template.is_approved and sms.reachable(phone))


def faults(ticket: Ticket, text: str, *, kind: str, known: Settings) -> Iterator[str]:
    """What keeps these words from going out as a short message."""
    if sms.transport() is None or not sms.reachable(ticket.customer.phone if ticket.customer else ""):
        yield _("No short message reaches this customer: it takes a mobile number, and a way to send.")
        return
    template = known.sms.get(kind)
    if template is None or not template.is_approved:
        yield _("No approved SMS template exists for this kind of message.")
        return
    context = {"text": text, "subject": ticket.subject, "url": LINK}
    whole, _used = services_sms.words(template, language=ticket.language, topic=ticket.number or "", context=context)
    count = sms.segments(whole)
    if count > sms.MOST_SEGMENTS:
        yield _("This would take %(count)s short messages; %(most)s are the most. Write less, or answer otherwise.") % {
            "count": count, "most": sms.MOST_SEGMENTS,
        }  # fmt: skip

"""A case that stands under the wrong customer: whose it is from now on, and who may read it no longer (S-2, S-3)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from tickets import tracking
from tickets.models import Customer, Ticket
from tickets.moves import ActionNotAllowed, begin, finish
from tickets.search import rebuild

NOT_ME = "not_me"
"""The reason where whoever was written to says that the feedback is not theirs."""


@transaction.atomic
def correct_customer(
    ticket: Ticket,
    *,
    reason: str,
    at: datetime,
    by: User | None = None,
    name: str = "",
    phone: str = "",
    email: str = "",
    like: Ticket | None = None,
    end_code: bool = True,
    version: int | None = None,
    by_customer: bool = False,
) -> Ticket:
    """Put the customer of the case `like` in place of the present one, or somebody new; nobody when nothing is given.

    Links in messages to the former customer open nothing any more, and neither does the tracking code with `end_code`.
    A former customer of whom no other case is left is forgotten: nothing was theirs. The event repeats no personal data.
    """
    ticket = begin(ticket, "correct_customer", version=version)
    refuse_joined(ticket)
    former = ticket.customer
    person = like.customer if like is not None else None
    if like is not None and person is None:
        raise ActionNotAllowed(_("%(number)s has no customer on record.") % {"number": like})
    if person is None and (name or phone or email):
        person = Customer.objects.create(
            name=name, phone=phone, email=email, language=ticket.language, region_id=ticket.region_id, created_at=at
        )
    if (person.pk if person else None) == ticket.customer_id:
        raise ActionNotAllowed(_("This is the customer of the case already."))
    ticket.customer = person
    if end_code:
        ticket.tracking_digest = tracking.digest(tracking.new_code())  # nobody knows it
    fields = ("customer", "tracking_digest") if end_code else ("customer",)
    data = {"reason": reason, "code_ended": end_code, "known": person is not None}
    finish(ticket, "correct_customer", by=by, at=at, data=data, fields=fields, by_customer=by_customer)
    if former is not None:
        Customer.objects.filter(pk=former.pk, external_id="", tickets=None).delete()
    rebuild.index_again([ticket])
    return ticket


def refuse_joined(ticket: Ticket) -> None:
    """What was merged into a case leads to it, by its number and by its code."""
    if ticket.merged.exists():
        raise ActionNotAllowed(_("Another case was merged into this one; undo that first."))

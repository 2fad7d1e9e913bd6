"""A case that stands under the wrong customer: whose it is from now on, and who may read it no longer (S-2, S-3)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from tickets import tracking
from tickets.models import Attachment, Customer, Message, Ticket
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
    withhold: Iterable[Message] | None = None,
    version: int | None = None,
    by_customer: bool = False,
) -> Ticket:
    """Put the customer of the case `like` in place of the present one, or somebody new; nobody when nothing is given.

    Links in messages to the former customer open nothing any more, and neither does the tracking code with `end_code`.
    Of what the customer wrote meanwhile, `withhold` stays inside with its files: the former one's words are not shown to
    the right one. Unless it is given, that is with `end_code` all that no colleague took down, else nothing.
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
    kept_inside = inside_from_now_on(ticket, withhold, otherwise=end_code)
    data = {"reason": reason, "code_ended": end_code, "known": person is not None, "withheld": kept_inside}
    finish(ticket, "correct_customer", by=by, at=at, data=data, fields=fields, by_customer=by_customer)
    if former is not None:
        Customer.objects.filter(pk=former.pk, external_id="", tickets=None).delete()
    rebuild.index_again([ticket])
    return ticket


def inside_from_now_on(ticket: Ticket, chosen: Iterable[Message] | None, *, otherwise: bool) -> list[int]:
    """The ids of the messages that the right customer does not see; their files are inside too.

    Raises ActionNotAllowed for what is no customer's message of this case.
    """
    said = ticket.messages.filter(direction=Message.Direction.IN)
    own = dict(said.values_list("pk", "author"))
    if chosen is None:
        ids = [pk for pk, author in own.items() if author is None and otherwise]
    else:
        ids = sorted({message.pk for message in chosen})
    if not own.keys() >= set(ids):
        raise ActionNotAllowed(_("This message is not one of the customer's on this case."))
    if ids:
        Attachment.objects.filter(message__in=ids).update(internal=True)
    return ids


def refuse_joined(ticket: Ticket) -> None:
    """What was merged into a case leads to it, by its number and by its code."""
    if ticket.merged.exists():
        raise ActionNotAllowed(_("Another case was merged into this one; undo that first."))

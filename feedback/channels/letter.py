"""A letter, entered by a colleague from the paper (A2.1 D2): postmark, registered number, sender's address, scan."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from feedback import services
from feedback.content import Content
from feedback.paper.models import PaperItem
from tickets.attachments import files
from tickets.models import Attachment


class LetterRefused(Exception):
    """The message says why, for the colleague."""


@transaction.atomic
def take(
    fields: Mapping[str, Any], *, scans: Sequence[Attachment], digest: str, copy: int, by: User, at: datetime
) -> services.Receipt:
    """Register it. Its claimed time is the day of the postmark.

    Raises LetterRefused for a registered number that is there, FileRefused, and IntegrityError when the letter is.
    """
    registered = fields["registered_number"]
    there = PaperItem.objects.filter(registered_number=registered).select_related("ticket").first()
    if registered and there:
        raise LetterRefused(
            _("The registered letter %(registered)s is entered already as %(number)s.")
            % {"registered": registered, "number": there.ticket.number}
        )
    name, phone = fields["name"], fields["phone"]
    postmark = fields["postmarked_on"]
    receipt = services.receive(
        channel="letter",
        raw=json.dumps(dict(fields), ensure_ascii=False, default=str).encode(),
        claimed_at=timezone.make_aware(datetime.combine(postmark, time.min)) if postmark else None,
        received_at=fields["received_at"],
        customer={"name": name, "phone": phone} if name or phone else None,
        content=Content(text=fields["content"], nature=fields["nature"], anonymous=not (name or phone)),
        attachments=files.unlinked([str(row.key) for row in scans], at=at),
        by=by,
        at=at,
    )
    PaperItem.objects.create(
        ticket=receipt.ticket,
        postmarked_on=postmark,
        registered_number=registered,
        sender_address=fields["sender_address"],
        digest=digest,
        copy=copy,
        entered_at=at,
        entered_by=by,
    )
    return receipt

"""A slip from a suggestion box, entered under the record of its opening (C2.3)."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from feedback import services
from feedback.content import Content
from feedback.paper.models import BoxOpening, PaperItem
from feedback.paper.services import BoxRefused
from tickets.attachments import files
from tickets.models import Attachment


@transaction.atomic
def take(
    fields: Mapping[str, Any],
    opening: BoxOpening,
    *,
    scans: Sequence[Attachment],
    digest: str,
    copy: int,
    by: User,
    at: datetime,
) -> services.Receipt:
    """Register it; it was received when the box was opened, at the box's place and region.

    Raises BoxRefused when the opening is finished, FileRefused, and IntegrityError when the slip is there.
    """
    opening = BoxOpening.objects.select_for_update(of=("self",)).select_related("box").get(pk=opening.pk)
    if opening.is_finished:
        raise BoxRefused(_("This opening is finished already."))
    name, phone = fields["name"], fields["phone"]
    stated = {**fields, "box": opening.box.number, "opening": opening.pk}
    receipt = services.receive(
        channel="box",
        raw=json.dumps(stated, ensure_ascii=False, default=str).encode(),
        claimed_at=None,
        received_at=opening.opened_at,
        customer={"name": name, "phone": phone} if name or phone else None,
        content=Content(
            text=fields["content"],
            nature=fields["nature"],
            region=opening.box.region_id or "",
            place=opening.place,
            anonymous=not (name or phone),
        ),
        attachments=files.unlinked([str(row.key) for row in scans], at=at),
        by=by,
        at=at,
    )
    PaperItem.objects.create(
        ticket=receipt.ticket, opening=opening, digest=digest, copy=copy, entered_at=at, entered_by=by
    )
    return receipt

"""The words on a printed questionnaire, handed over by `surveys` through `tickets.doors` (C2.4)."""

import json
from contextlib import suppress
from datetime import datetime

from django.db import transaction

from accounts.models import User
from common.phones import phone_number
from feedback import services
from feedback.content import Content
from tickets.models import Ticket

SOURCE = "questionnaire"


@transaction.atomic
def take(*, text: str, code: str, name: str, phone: str, received_at: datetime, by: User, at: datetime) -> Ticket:
    """Open the case; `code` is the sheet's own, so that one sheet never opens two (IntegrityError)."""
    with suppress(ValueError):  # what is no number stays as it was written
        phone = phone_number(phone)
    stated = {"sheet": code, "text": text, "name": name, "phone": phone}
    return services.receive(
        channel="paper",
        raw=json.dumps(stated, ensure_ascii=False).encode(),
        claimed_at=None,
        received_at=received_at,
        customer={"name": name, "phone": phone} if name or phone else None,
        content=Content(text=text, anonymous=not (name or phone), source=SOURCE, external_id=code),
        idempotency_key=code,
        by=by,
        at=at,
    ).ticket

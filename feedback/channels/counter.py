"""On site: a colleague at a counter takes down what a customer says there and then (A2.1 B2.1)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from accounts.models import User
from feedback.channels import desk
from tickets.models import Attachment


def take(
    fields: Mapping[str, Any], *, uploads: Sequence[Attachment], key: str, by: User, at: datetime
) -> dict[str, Any]:
    """Register it as said now. The receipt is kept, sealed, under `key`, for `by` alone."""
    return desk.take({**fields, "channel": "counter", "received_at": at}, uploads=uploads, key=key, by=by, at=at)

"""Quiet hours: what is not urgent waits until morning (`QUIET_HOURS`, in the organisation's time)."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone


def not_before(at: datetime, *, urgent: bool) -> datetime:
    """The instant from which a mail written at `at` may be sent to a colleague."""
    hours = settings.QUIET_HOURS.strip()
    if urgent or not hours:
        return at
    begin, end = (time.fromisoformat(part.strip()) for part in hours.split("-"))
    local = timezone.localtime(at)
    now = local.time()
    quiet = begin <= now < end if begin < end else now >= begin or now < end
    if not quiet:
        return at
    day = local.date() + timedelta(days=now >= end)
    return timezone.make_aware(datetime.combine(day, end))

"""A calendar invitation as words: what, when, where, from whom."""

from datetime import date, datetime

from django.utils import timezone
from icalendar import Calendar

MOST_EVENTS = 10
LARGEST = 2**20


def as_text(data: bytes) -> str:
    """One paragraph an event; empty for what cannot be read: the file itself is kept beside it."""
    if len(data) > LARGEST:
        return ""
    try:
        events = Calendar.from_ical(data).walk("VEVENT")[:MOST_EVENTS]
        return "\n\n".join("\n".join(filter(None, lines(event))) for event in events)
    except Exception:  # a library on what strangers send; nothing is lost
        return ""


def lines(event: object) -> list[str]:
    get = event.get  # type: ignore[attr-defined]
    when = [moment(value.dt) for value in (get("DTSTART"), get("DTEND")) if value is not None]
    organizer = str(get("ORGANIZER") or "").removeprefix("mailto:").removeprefix("MAILTO:")
    return [
        str(get("SUMMARY") or ""),
        " – ".join(when),
        str(get("LOCATION") or ""),
        organizer,
        str(get("DESCRIPTION") or ""),
        str(get("COMMENT") or ""),  # what somebody adds to yes or no
    ]


def moment(value: date | datetime) -> str:
    """In the organisation's time, whatever zone it is written in; a whole day as its date."""
    if not isinstance(value, datetime):
        return value.isoformat()
    return (timezone.localtime(value) if timezone.is_aware(value) else value).strftime("%Y-%m-%d %H:%M")

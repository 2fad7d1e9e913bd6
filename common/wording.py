"""How moments, spans and numbers are worded, in Chinese and in English. No database, no clock."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def in_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def in_english(language: str | None = None) -> bool:
    """Whether who reads `language`, or the present one, reads English."""
    return ((get_language() if language is None else language) or "").startswith("en")


def company(language: str) -> str:
    """The company's name, for who reads `language`."""
    return str(settings.COMPANY_NAME_EN if in_english(language) else settings.COMPANY_NAME)


def listed(names: Iterable[object]) -> str:
    """Things of one list: `售后服务部、物流配送部` or `After-sales, Logistics`."""
    return ("、" if in_chinese() else ", ").join(map(str, names))


def day(value: date | datetime, *, year: bool = True) -> str:
    """`2026年3月2日` or `2 Mar 2026`; without the year `3月2日` or `2 Mar`."""
    return _day(_local(value), year=year, chinese=in_chinese())


def _day(local: date | datetime, *, year: bool, chinese: bool) -> str:
    if chinese:
        return f"{local.year}年{local.month}月{local.day}日" if year else f"{local.month}月{local.day}日"
    return f"{local.day} {MONTHS[local.month - 1]}" + (f" {local.year}" if year else "")


def month(value: date | datetime) -> str:
    """`2026年3月` or `Mar 2026`."""
    value = _local(value)
    return f"{value.year}年{value.month}月" if in_chinese() else f"{MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime) -> str:
    """The full form: `2026年3月2日 09:00` or `2 Mar 2026, 09:00`, in the organisation's time zone."""
    return _moment(_local(value), year=True)


def _moment(local: datetime, *, year: bool) -> str:
    chinese = in_chinese()
    return f"{_day(local, year=year, chinese=chinese)}{' ' if chinese else ', '}{_clock(local)}"


def _clock(local: datetime) -> str:
    """`09:00`; a page of the queue has a hundred, and `strftime` takes ten times as long."""
    return f"{local.hour:02}:{local.minute:02}"


def moment_with_zone(value: datetime) -> tuple[str, str]:
    """The full form alone, and with its offset behind it: `2026年3月2日 09:00 (UTC+8)`."""
    local = _local(value)
    said = _moment(local, year=True)
    return said, f"{said} ({_zone(local)})"


def moment_beside(value: datetime, *, now: datetime) -> str:
    """The form for dense pages: today, tomorrow or yesterday by word, the year only when it differs."""
    value, now = _local(value), _local(now)
    days = value.toordinal() - now.toordinal()
    if -1 <= days <= 1:
        word = _("today") if days == 0 else _("tomorrow") if days == 1 else _("yesterday")
        return f"{word} {_clock(value)}"
    return _moment(value, year=value.year != now.year)


def _zone(local: datetime) -> str:
    """The offset as people write it: `UTC+8`, `UTC+5:30`."""
    minutes = int((local.utcoffset() or timedelta()).total_seconds()) // 60
    sign, minutes = ("−", -minutes) if minutes < 0 else ("+", minutes)
    return f"UTC{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")


def span(length: timedelta | float) -> str:
    """A length of wall-clock time: at most two units, days alone from three days up. Seconds when a number."""
    seconds = int(length.total_seconds() if isinstance(length, timedelta) else length)
    minutes = abs(seconds) // 60
    if minutes < 1:
        return _("under 1 min")
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = []
    if days:
        parts.append(ngettext("%(n)s day", "%(n)s days", days) % {"n": days})
    if hours and days < 3:
        parts.append(_("%(n)s h") % {"n": hours})
    if minutes and not days:
        parts.append(_("%(n)s min") % {"n": minutes})
    return " ".join(parts)


def work_hours(seconds: float) -> str:
    """Working time as hours and minutes, `3:16`: the form of the clocks, which count to a limit."""
    minutes = int(seconds) // 60
    return f"{minutes // 60}:{minutes % 60:02}"


def number(value: float | int | None, places: int = 0) -> str:
    """Grouped by thousands in both languages, `4,286.5`; a dash where there is no figure."""
    return "—" if value is None else f"{value:,.{places}f}"


def money(amount: Decimal) -> str:
    """`¥1,200.00`."""
    return f"{settings.CURRENCY_SIGN}{amount:,.2f}"


def _local(value):
    """In the organisation's time. No page has another, and to ask Django for a thread's own takes ten times as long."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return value.astimezone(timezone.get_default_timezone())
    return value

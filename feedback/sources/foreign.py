"""Records of other systems and of spreadsheets, read field by field into what `receive` takes (A2.1 B2.1).

`read` never raises: each field that cannot be read is named in `problems`. A hook goes on without it, because the
voice counts; an import shows it beside its row, because somebody can mend it.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from common.phones import phone_number
from common.text import clean, fold, is_visible, one_line
from tickets.models import Category
from tickets.workflow import Nature

FIELDS = {
    "content": gettext_lazy("Content"), "subject": gettext_lazy("Subject"), "rating": gettext_lazy("Stars"),
    "nature": gettext_lazy("Nature"), "category": gettext_lazy("Category"), "said_at": gettext_lazy("Written at"),
    "name": gettext_lazy("Name"), "phone": gettext_lazy("Phone"), "email": gettext_lazy("E-mail"),
    "customer_id": gettext_lazy("Customer number"), "customer_class": gettext_lazy("Customer class"), "region": gettext_lazy("Region"),
    "place": gettext_lazy("Place"), "occurred_at": gettext_lazy("Happened at"), "remedy_sought": gettext_lazy("Remedy sought"),
    "external_id": gettext_lazy("Reference"), "url": gettext_lazy("Address of the original"),
}  # fmt: skip
LONGEST = {
    "subject": 200, "name": 100, "customer_id": 100, "customer_class": 40, "region": 100, "place": 200,
    "remedy_sought": 500, "external_id": 200,
}  # fmt: skip
LONGEST_TEXT = 100_000
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_WORDS = {"差评": 1, "中评": 3, "好评": 5, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_NUMBER = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3})?)(?:\s*(?:/\s*([0-9]{1,3})|星|分|颗星|stars?))?", re.IGNORECASE)
_DAY = re.compile(
    r"(\d{4})[年/.\-](\d{1,2})[月/.\-](\d{1,2})日?(?:[ T]*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})秒?)?分?)?", re.ASCII
)
_EXCEL_DAYS = (20_000, 80_000)  # 1954 to 2119 as Excel counts days


@dataclass
class Record:
    """What was understood. `content` are arguments of `Content`."""

    content: dict[str, Any] = field(default_factory=dict)
    customer: dict[str, str] = field(default_factory=dict)
    said_at: datetime | None = None
    problems: dict[str, str] = field(default_factory=dict)


def read(values: Mapping[str, Any], *, at: datetime) -> Record:
    """`values` by our field names. One query, when a category is given."""
    record = Record()
    text = clean(plain(values.get("content"))).strip()
    if not is_visible(text):
        record.problems["content"] = _("There is no text.")
    record.content["text"] = text[:LONGEST_TEXT]
    for name, longest in LONGEST.items():
        value = one_line(plain(values.get(name)))
        if len(value) > longest:
            record.problems[name] = _("At most %(most)s characters.") % {"most": longest}
        value = value[:longest]
        if name in {"name", "customer_class"}:
            record.customer[name] = value
        elif name == "customer_id":
            record.customer["external_id"] = value
        else:
            record.content[name] = value
    for name, reader in READERS.items():
        given = values.get(name)
        if given is None or given == "" or (isinstance(given, str) and not is_visible(given)):
            continue
        try:
            reader(record, given, at)
        except ValueError as error:
            record.problems[name] = str(error)
    return record


def plain(value: Any) -> str:
    """Text of a cell or a JSON value: whole numbers without `.0`; nothing for lists and objects."""
    if isinstance(value, bool) or value is None or isinstance(value, list | dict):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def stars(value: Any) -> int:
    """1 to 5, from `4`, `4.0`, `4星`, `★★★★☆`, `8/10`, `差评`. ValueError otherwise."""
    if isinstance(value, bool):
        raise ValueError(_("Stars are a number from 1 to 5."))
    text = fold(plain(value)).strip()
    if text and not set(text) - set("★☆⭐"):
        return _within(len(text.replace("☆", "")))
    if text.removesuffix("星").removesuffix("级") in _WORDS:
        return _WORDS[text.removesuffix("星").removesuffix("级")]
    found = _NUMBER.fullmatch(text)
    if not found:
        raise ValueError(_("Stars are a number from 1 to 5."))
    number = float(found[1])
    if found[2] and float(found[2]):
        number = 5 * number / float(found[2])
    return _within(math.floor(number + 0.5))


def _within(number: int) -> int:
    if not 1 <= number <= 5:
        raise ValueError(_("Stars are a number from 1 to 5."))
    return number


def moment(value: Any, at: datetime) -> datetime:
    """An instant; a day is its beginning; Excel's day numbers too. In the organisation's time unless it says another."""
    found: datetime | None = None
    if isinstance(value, datetime):
        found = value
    elif isinstance(value, date):
        found = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - made aware below
    elif isinstance(value, int | float) and not isinstance(value, bool) and _EXCEL_DAYS[0] < value < _EXCEL_DAYS[1]:
        found = datetime(1899, 12, 30) + timedelta(days=value)  # noqa: DTZ001 - made aware below
    elif isinstance(value, str):
        found = _written(fold(value).strip())
    late = False
    try:
        aware = found if found and timezone.is_aware(found) else timezone.make_aware(found) if found else None
        late = bool(aware and aware > at + timedelta(days=1))
        if aware and not late and aware >= EARLIEST:
            return aware
    except (OverflowError, ValueError):
        pass
    if late:
        raise ValueError(_("This day is not there yet."))
    raise ValueError(_("This is no moment since 1990, such as 2026-03-02 09:00."))


def _written(text: str) -> datetime | None:
    try:
        if found := parse_datetime(text.upper()):
            return found
        if match := _DAY.fullmatch(text):
            return datetime(*(int(part or 0) for part in match.groups()))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        pass
    return None


def _rating(record: Record, value: Any, at: datetime) -> None:
    record.content["stars"] = stars(value)


def _nature(record: Record, value: Any, at: datetime) -> None:
    names: dict[str, list[str]] = {nature.value: [] for nature in Nature}
    for language in ("zh-hans", "en"):
        with override(language):
            for nature in Nature:
                names[nature.value].append(str(nature.label))
    record.content["nature"] = _one_of(names, value, _("There is no such nature."))


def _one_of(names: Mapping[str, list[str]], value: Any, problem: str) -> str:
    asked = fold(plain(value)).strip()
    for code, labels in names.items():
        if asked in {fold(code), *(fold(label) for label in labels)}:
            return code
    raise ValueError(problem)


def _category(record: Record, value: Any, at: datetime) -> None:
    rows = Category.objects.filter(is_active=True).values_list("code", "name", "name_en")
    names = {code: [label for label in labels if label] for code, *labels in rows}
    record.content["category"] = _one_of(names, value, _("There is no such category."))


def _phone(record: Record, value: Any, at: datetime) -> None:
    try:
        record.customer["phone"] = phone_number(plain(value))
    except ValueError:
        raise ValueError(_("This telephone number cannot be right; please check it.")) from None


def _email(record: Record, value: Any, at: datetime) -> None:
    address = one_line(plain(value))
    try:
        validate_email(address)
    except ValidationError:
        raise ValueError(_("This is no e-mail address.")) from None
    record.customer["email"] = address[:254]


def _url(record: Record, value: Any, at: datetime) -> None:
    address = one_line(plain(value))
    if not address.lower().startswith(("http://", "https://")) or len(address) > 500:
        raise ValueError(_("Only http and https addresses."))
    record.content["source_url"] = address


def _occurred(record: Record, value: Any, at: datetime) -> None:
    record.content["occurred_at"] = moment(value, at)


def _said(record: Record, value: Any, at: datetime) -> None:
    record.said_at = moment(value, at)


READERS = {
    "rating": _rating, "nature": _nature, "category": _category, "phone": _phone, "email": _email, "url": _url,
    "occurred_at": _occurred, "said_at": _said,
}  # fmt: skip

"""One line of history from another system (`intake.md`, `import_tickets`), read and checked. No database.

A case is told as rounds: when each began, and when it was resolved. A result is an answer, so that the first
response is never later than the first result.
"""

import json
from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from common.text import clean, is_visible, one_line
from tickets.channels import Channel
from tickets.workflow import DEFAULT_TIER, Nature, Rating, Tier

EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
NATURES, CHANNELS, TIERS, RATINGS = (frozenset(kind.values) for kind in (Nature, Channel, Tier, Rating))
_CUSTOMER = {"name": 100, "phone": 40, "email": 254, "external_id": 100, "customer_class": 40}
_LINES = {"subject": 200, "category": 100, "region": 100, "department": 100, "owner": 100}
_KNOWN = {
    "external_id", "channel", "nature", "tier", "content", "customer", "received_at", "first_response_at", "resolved_at",
    "closed_at", "reopened_at", "satisfaction", *_LINES,
}  # fmt: skip


class BadLine(ValueError):
    """The line cannot be taken; the message names the field."""


@dataclass(frozen=True)
class Round:
    began_at: datetime
    resolved_at: datetime | None = None


@dataclass(frozen=True)
class Line:
    external_id: str
    channel: str
    nature: str
    tier: str
    subject: str
    content: str
    received_at: datetime
    rounds: tuple[Round, ...]
    first_response_at: datetime | None = None
    closed_at: datetime | None = None
    satisfaction: str = ""
    category: str = ""
    region: str = ""
    department: str = ""
    owner: str = ""
    customer: dict[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()  # fields of the line that are none of ours

    @property
    def resolved_at(self) -> datetime | None:
        return self.rounds[-1].resolved_at


def read(raw: str | bytes, *, now: datetime) -> Line:
    """Raises BadLine. What is too long is refused by name: nothing of a line is cut off in silence."""
    try:
        fields = json.loads(raw, object_pairs_hook=each_once)
    except BadLine:
        raise
    except json.JSONDecodeError as error:
        raise BadLine(_("not JSON, at character %(place)s") % {"place": error.pos + 1}) from None
    except (ValueError, RecursionError):
        raise BadLine(_("not JSON")) from None
    if not isinstance(fields, dict):
        raise BadLine(_("not a JSON object"))
    content = clean(text_of(fields, "content", required=True)).strip()
    if not is_visible(content):
        raise BadLine(_("content: empty"))
    nature = choice_of(fields, "nature", NATURES, required=True)
    received_at = moment_of(fields, "received_at", now=now, required=True)
    assert received_at is not None
    rounds, closed_at = rounds_of(fields, received_at, now)
    first = moment_of(fields, "first_response_at", now=now)
    if first and first < received_at:
        raise BadLine(_("first_response_at: before received_at"))
    satisfaction = choice_of(fields, "satisfaction", RATINGS)
    if satisfaction and rounds[-1].resolved_at is None:
        raise BadLine(_("satisfaction: the case is not resolved"))
    line = {name: line_of(fields, name, longest=longest) for name, longest in _LINES.items()}
    line["subject"] = line["subject"] or one_line(content)[:50]
    customer = fields.get("customer")
    return Line(
        external_id=line_of(fields, "external_id", longest=200, required=True),
        channel=choice_of(fields, "channel", CHANNELS, required=True),
        nature=nature,
        tier=choice_of(fields, "tier", TIERS) or DEFAULT_TIER[Nature(nature)].value,
        content=content,
        received_at=received_at,
        rounds=rounds,
        first_response_at=min((at for at in (first, rounds[0].resolved_at) if at), default=None),
        closed_at=closed_at,
        satisfaction=satisfaction,
        customer=customer_of(customer),
        left_out=(*sorted(fields.keys() - _KNOWN), *names_within(customer)),
        **line,
    )


def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON in which no name stands twice: which of the two was meant, nobody can tell."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice, _count = Counter(name for name, _value in pairs).most_common(1)[0]
        raise BadLine(_("%(field)s: given twice") % {"field": one_line(twice)[:100]})
    return found


def rounds_of(
    fields: Mapping[str, Any], received_at: datetime, now: datetime
) -> tuple[tuple[Round, ...], datetime | None]:
    """Resolved and reopened in turn. A reopening before which no resolution is known was one at that very moment."""
    resolved = moments_of(fields, "resolved_at", now)
    reopened = moments_of(fields, "reopened_at", now)
    closed_at = moment_of(fields, "closed_at", now=now)
    rounds, began = [], received_at
    for moment in reopened:
        before = [one for one in resolved if one <= moment]
        resolved = [one for one in resolved if one > moment]
        if moment < began:
            raise BadLine(_("reopened_at: before the round began"))
        rounds.append(Round(began, in_order(before[-1] if before else moment, began, "resolved_at")))
        began = moment
    if len(resolved) > 1:
        raise BadLine(_("resolved_at: more of them than rounds"))
    last = resolved[0] if resolved else closed_at
    rounds.append(Round(began, in_order(last, began, "resolved_at") if last else None))
    if closed_at and last and closed_at < last:
        raise BadLine(_("closed_at: before resolved_at"))
    return tuple(rounds), closed_at


def in_order(moment: datetime, began: datetime, name: str) -> datetime:
    if moment < began:
        raise BadLine(_("%(field)s: before the round began") % {"field": name})
    return moment


def moments_of(fields: Mapping[str, Any], name: str, now: datetime) -> list[datetime]:
    value = fields.get(name)
    if value is None:
        return []
    rows = value if isinstance(value, list) else [value]
    found = [moment_of({name: row}, name, now=now) for row in rows]
    return sorted(moment for moment in found if moment)


def moment_of(fields: Mapping[str, Any], name: str, *, now: datetime, required: bool = False) -> datetime | None:
    """ISO 8601; without an offset it is the organisation's time."""
    value = fields.get(name)
    if value in (None, "") and not required:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
        moment = moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise BadLine(_("%(field)s: not a time (ISO 8601)") % {"field": name}) from None
    if not EARLIEST <= moment <= now:
        raise BadLine(_("%(field)s: before 1970 or in the future") % {"field": name})
    return moment


def text_of(fields: Mapping[str, Any], name: str, *, required: bool = False, called: str = "") -> str:
    """`called` is its name in a refusal."""
    value = fields.get(name)
    if value is None:
        text = ""
    elif type(value) is str:
        text = value
    elif isinstance(value, bool | dict | list):
        raise BadLine(_("%(field)s: not a text") % {"field": called or name})
    else:
        text = str(value)
    if required and not text.strip():
        raise BadLine(_("%(field)s: missing") % {"field": name})
    return text


def line_of(fields: Mapping[str, Any], name: str, *, longest: int, required: bool = False, called: str = "") -> str:
    """On one line, without what nobody sees."""
    text = one_line(text_of(fields, name, required=required, called=called))
    if required and not is_visible(text):
        raise BadLine(_("%(field)s: missing") % {"field": name})
    if len(text) > longest:
        raise BadLine(_("%(field)s: longer than %(longest)s") % {"field": called or name, "longest": longest})
    return text


def choice_of(fields: Mapping[str, Any], name: str, choices: Set[str], *, required: bool = False) -> str:
    value = text_of(fields, name, required=required)
    if value and value not in choices:
        raise BadLine(_("%(field)s: unknown value") % {"field": name})
    return value


def customer_of(value: Any) -> dict[str, str]:
    if value in (None, ""):
        return {}
    if not isinstance(value, dict):
        raise BadLine(_("customer: not an object"))
    return {
        name: line_of(value, name, longest=longest, called=f"customer.{name}") for name, longest in _CUSTOMER.items()
    }


def names_within(customer: Any) -> list[str]:
    """What a line says of its customer that is none of our fields."""
    return sorted(f"customer.{name}" for name in customer.keys() - _CUSTOMER.keys()) if customer else []

"""Policies, targets and compiled calendars as the engine reads them: one query, calendars compiled once a version."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Prefetch

from common.copying import Unchanging
from common.remembered import remembered
from sla import defaults, definitions
from sla.calendars import DAY, WEEKDAYS, Slot, WorkCalendar
from sla.models import Calendar, CalendarState, SlaPolicy, SlaTarget
from sla.replay import Target
from tickets.models import Ticket

THAT_MATTER = ("policy", "amount", "unit", "calendar", "pauses_on", "ladder")  # of a clock's snapshot
PREFIX_FIELDS = {"region"}


@dataclass(frozen=True)
class Rule:
    """One target of the policy that matched, ready to run."""

    metric: str
    snapshot: dict[str, Any]  # what the clock carries
    target: Target
    begins: dict[str, Any] = field(init=False)  # what its first event tells

    def __post_init__(self) -> None:
        object.__setattr__(self, "begins", Unchanging({"target": self.snapshot}))


def rules_for(ticket: Ticket, at: datetime, policies: list[SlaPolicy] | None = None) -> dict[str, Rule]:
    """The targets of the first policy by position that matches, by metric; else of the default one; else none."""
    policies = load() if policies is None else policies
    fallback = None
    for policy in policies:
        if not in_force(policy, at):
            continue
        if policy.is_default:
            fallback = policy
        elif policy.match and matches(policy.match, ticket):
            return rules_of(policy)
    return rules_of(fallback) if fallback else {}


def known() -> list[SlaPolicy]:
    """The same, shared: nobody may change them. One short query unless something was edited since the last call."""
    return remembered("policies", (SlaPolicy, SlaTarget, Calendar), load_with_rules)


def load_with_rules() -> list[SlaPolicy]:
    policies = load()
    for policy in policies:
        policy.rules = rules_of(policy)
    return policies


def load() -> list[SlaPolicy]:
    """Every policy with its targets and calendars, in the order of matching. Two queries."""
    targets = SlaTarget.objects.select_related("calendar")
    return list(SlaPolicy.objects.prefetch_related(Prefetch("targets", targets)).order_by("position", "code"))


def in_force(policy: SlaPolicy, at: datetime) -> bool:
    return (policy.active_from is None or policy.active_from <= at) and (
        policy.active_to is None or at < policy.active_to
    )


def matches(match: dict[str, list[str]], ticket: Ticket) -> bool:
    """Every named field must hold one of its values; a region matches everything below it."""
    return all(
        any(held.startswith(below(value)) if name in PREFIX_FIELDS else held == value for value in values)
        for name, values in match.items()
        for held in [held_by(ticket, name)]
    )


def below(region: str) -> str:
    """What the codes of a division and of all within it begin with: 50 of 500000, 3710 of 371000, 440310 itself."""
    while region.endswith("00"):
        region = region[:-2]
    return region


def held_by(ticket: Ticket, name: str) -> str:
    if name == "customer_class":
        return ticket.customer.customer_class if ticket.customer else ""
    if name == "region":
        return ticket.region_id or ""
    value = getattr(ticket, name)
    return getattr(value, "code", value) or ""


def rules_of(policy: SlaPolicy) -> dict[str, Rule]:
    """Its targets ready to run, by metric; those of a shared policy were made when it was read."""
    return policy.rules or {
        target.metric: Rule(target.metric, snapshot(policy, target), run_of(target)) for target in policy.targets.all()
    }


def snapshot(policy: SlaPolicy, target: SlaTarget) -> dict[str, Any]:
    return Unchanging(
        {
            "policy": policy.code,
            "policy_name": policy.name,
            "policy_name_en": policy.name_en,
            "amount": target.amount,
            "unit": target.unit,
            "calendar": target.calendar.code,
            "calendar_name": target.calendar.name,
            "calendar_name_en": target.calendar.name_en,
            "pauses_on": target.pauses_on,
            "ladder": target.ladder,
        }
    )


def run_of(target: SlaTarget) -> Target:
    calendar = target.calendar
    late = calendar.late_receipt_counts_next_day
    return Target(target.amount, target.unit, compiled(calendar.pk, calendar.version), late)


class Targets:
    """The arithmetic targets of clocks' snapshots, on the calendars as they are now. At most one query."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[WorkCalendar, bool]] = {}
        self._changed: dict[str, datetime] = {}
        self._states: list[tuple[int, str, datetime]] | None = None
        self._asked = False

    def learn(self, rule: Rule) -> None:
        self._known[rule.snapshot["calendar"]] = (rule.target.calendar, rule.target.late_receipt_counts_next_day)

    def of(self, snapshot: dict[str, Any], settled: datetime | None = None) -> Target:
        """For a clock that was decided at `settled` on the calendar as it was then."""
        code = snapshot["calendar"]
        if code not in self._known or settled is not None:
            self._ask()
        if code not in self._known:  # a calendar that was deleted since
            self._known[code] = (defaults.calendar(code), False)
        calendar, late = self._known[code]
        if settled is not None and code in self._changed and self._changed[code] > settled:
            calendar = self._as_of(code, settled) or calendar
        return Target(snapshot["amount"], snapshot["unit"], calendar, late)

    def _ask(self) -> None:
        if self._asked:
            return
        self._asked = True
        for row in remembered("calendars", (Calendar,), lambda: list(Calendar.objects.all())):
            self._known[row.code] = (compiled(row.pk, row.version), row.late_receipt_counts_next_day)
            if row.changed_at is not None:
                self._changed[row.code] = row.changed_at

    def _as_of(self, code: str, moment: datetime) -> WorkCalendar | None:
        if self._states is None:
            self._states = list(CalendarState.objects.values_list("pk", "calendar__code", "until"))
        found = (pk for pk, name, until in self._states if name == code and until > moment)
        first = next(found, None)
        return compiled_state(first, code) if first is not None else None


def current(code: str) -> WorkCalendar:
    """A calendar by its code, as its rows say now; the built-in one when there is no row. KeyError for neither."""
    row = Calendar.objects.filter(code=code).first()
    return compiled(row.pk, row.version) if row else defaults.calendar(code)


@lru_cache(maxsize=64)
def compiled(pk: int, version: int) -> WorkCalendar:
    """Compile a calendar's rows; a trigger raises its version with every change of them. Two queries the first time."""
    row = Calendar.objects.prefetch_related("slots", "overrides").get(pk=pk)
    weekly: dict[int, list[Slot]] = {}
    for slot in row.slots.all():
        weekly.setdefault(slot.weekday, []).append(hours(slot.opens, slot.closes))
    return WorkCalendar(
        weekly=weekly,
        overrides={
            day.date: definitions.parse_slots(day.slots, f"overrides.{day.date}") for day in row.overrides.all()
        },
        zone=definitions.zone_named(row.zone),
        code=row.code,
        known_until=row.known_until,
    )


@lru_cache(maxsize=64)
def compiled_state(pk: int, code: str) -> WorkCalendar:
    return definitions.calendar_from_json(CalendarState.objects.get(pk=pk).definition, code)


def definition_of(calendar: Calendar) -> dict[str, Any]:
    """A calendar's rows as it is written as JSON, to be kept. Two queries."""
    weekly: dict[str, list[list[str]]] = {}
    for slot in calendar.slots.order_by("weekday", "opens"):
        weekly.setdefault(WEEKDAYS[slot.weekday], []).append([f"{slot.opens:%H:%M}", f"{slot.closes:%H:%M}"])
    days = calendar.overrides.order_by("date").values_list("date", "slots")
    overrides = {day.isoformat(): slots for day, slots in days}
    return {
        "zone": calendar.zone,
        "weekly": {day: ends_of_day(slots) for day, slots in weekly.items()},
        "overrides": overrides,
    }


def ends_of_day(slots: list[list[str]]) -> list[list[str]]:
    """00:00 as an end is stored for the end of the day."""
    return [[begin, "24:00" if end == "00:00" else end] for begin, end in slots]


def hours(opens: Any, closes: Any) -> Slot:
    """A row's two times as seconds; an end at or before the beginning is on the next day."""
    begin, end = opens.hour * 3600 + opens.minute * 60, closes.hour * 3600 + closes.minute * 60
    return begin, end if end > begin else end + DAY

"""What each figure means, in words that stand beside the number on every page (`kpis.md`). Pure."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from common.wording import number


@dataclass(frozen=True)
class Definition:
    """`unit`: count, rate (0.9 is 90 %) or time (seconds). `better` is up, down or empty; `target` in the unit."""

    code: str
    name: Any
    unit: str
    text: Any
    better: str = ""
    target: float | None = None


HOUR = 3600
DEFINITIONS = {
    definition.code: definition
    for definition in (
        Definition(
            "volume",
            _("Feedback received"),
            "count",
            _("All feedback received in the period. Void tickets are left out; merged tickets count one voice each."),
        ),
        Definition(
            "collection_timeliness",
            _("Collection timeliness"),
            "rate",
            _(
                "Of the registration limits decided in the period, the share that was met. Running ones are shown apart."
            ),
            "up",
            0.95,
        ),
        Definition(
            "first_response_time",
            _("First response time"),
            "time",
            _(
                "From receipt to the first public answer by a person, in working time, of the tickets first answered in "
                "the period. Clock time, median, 90th percentile and maximum stand beside the mean."
            ),
            "down",
            4 * HOUR,
        ),
        Definition(
            "first_response_rate",
            _("First response in time"),
            "rate",
            _("Of the first-response limits of first rounds decided in the period, the share that was met."),
            "up",
            0.95,
        ),
        Definition(
            "resolution_time",
            _("Time to resolution"),
            "time",
            _("From receipt to the first resolution, in working time, of the tickets first resolved in the period."),
            "down",
            24 * HOUR,
        ),
        Definition(
            "handling_timeliness",
            _("Handling timeliness"),
            "rate",
            _("Of the resolution limits of first rounds decided in the period, the share that was met."),
            "up",
            0.95,
        ),
        Definition(
            "rectification_timeliness",
            _("Rectification timeliness"),
            "rate",
            _("Handling timeliness of complaints and bad reviews only, by lead department."),
            "up",
            0.95,
        ),
        Definition(
            "resolution_rate",
            _("Resolution rate"),
            "rate",
            _("Of the tickets received in the period, the share that is resolved or archived by now."),
            "up",
            0.92,
        ),
        Definition(
            "satisfaction",
            _("Satisfaction"),
            "rate",
            _(
                "Of the follow-up answers given in the period for first rounds, the share that is satisfied: 4 or 5 stars, "
                "A or B. 3 stars and C are neutral, 1 or 2 stars and D dissatisfied."
            ),
            "up",
            0.90,
        ),
        Definition(
            "response_rate",
            _("Response rate"),
            "rate",
            _("Of the follow-up invitations sent in the period for first rounds, the share with a valid answer."),
            "up",
            0.70,
        ),
        Definition(
            "repeat_rate",
            _("Repeat rate"),
            "rate",
            _(
                "Of the complaints received in the period, the share whose problem already had a complaint resolved within "
                "the 90 days before; without a problem, the same customer's of the same category."
            ),
            "down",
            0.05,
        ),
        Definition(
            "return_rate",
            _("Return rate"),
            "rate",
            _("Returns by departments divided by assignments, both in the period and in first rounds."),
            "down",
            0.05,
        ),
        Definition(
            "second_round_rate",
            _("Second-round rate"),
            "rate",
            _("Tickets that reached their second round in the period, divided by tickets first resolved in it."),
            "down",
            0.03,
        ),
        Definition(
            "first_contact_rate",
            _("Resolved by first contact"),
            "rate",
            _("Of the tickets first resolved in the period, the share whose first contact missed no limit of theirs."),
            "up",
            0.90,
        ),
        Definition(
            "backlog",
            _("Backlog"),
            "count",
            _("Tickets still open at the end of the period, by their age then: up to 7 days, up to 30, older."),
            "down",
        ),
        Definition(
            "breaches",
            _("Limits missed"),
            "count",
            _(
                "Limits missed in the period, of every round, by kind of limit and by the person answerable. A right "
                "that lapses, such as to return a case, is none."
            ),
            "down",
        ),
        Definition(
            "void",
            _("Void tickets"),
            "count",
            _("Tickets received in the period that were declared void. No other figure counts them."),
        ),
    )
}


def shown(code: str, value: float | None) -> str:
    """The value as people read it: `4,286`, `97.1%`, `2:36` hours of work. A dash where there is none."""
    unit = DEFINITIONS[code].unit
    if value is None:
        return "—"
    if unit == "rate":
        return f"{number(value * 100, 1)}%"
    if unit == "time":
        return str(_("%(hours)s working hours") % {"hours": number(value / HOUR, 1)})
    return number(value)


def split_unit(code: str, value: float | None) -> tuple[str, str]:
    """`shown` as figure and unit, so that the unit can be set smaller: `("2.6", "working hours")`."""
    unit = DEFINITIONS[code].unit
    if value is None or unit == "count":
        return shown(code, value), str(_("limits overrun")) if code == "breaches" and value is not None else ""
    if unit == "rate":
        return number(value * 100, 1), "%"
    return number(value / HOUR, 1), str(_("working hours"))


def shown_target(code: str, target: float | None) -> str:
    if target is None:
        return str(_("no target"))
    return f"{'≥' if DEFINITIONS[code].better == 'up' else '≤'} {shown(code, target)}"


def shown_change(code: str, value: float | None, before: float | None) -> str:
    """Rates in percentage points, all else in per cent."""
    if value is None or before is None:
        return "—"
    if DEFINITIONS[code].unit == "rate":
        points = round((value - before) * 100, 1)
        return str(_("%(n)s points") % {"n": _signed(points)})
    if not before:
        return "—"
    return f"{_signed(round((value / before - 1) * 100, 1))}%"


def _signed(value: float) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    return f"{sign}{number(abs(value), 1)}"


def meets_target(code: str, value: float | None, target: float | None) -> bool | None:
    """None where there is no target or no value."""
    if target is None or value is None:
        return None
    return value >= target if DEFINITIONS[code].better == "up" else value <= target

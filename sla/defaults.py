"""The calendars the product knows without any row: `office` and `24x7`."""

from sla import holidays
from sla.calendars import DAY, Slot, WorkCalendar
from sla.definitions import zone_named

OFFICE, ROUND_THE_CLOCK = "office", "24x7"
ZONE = "Asia/Shanghai"
OFFICE_HOURS: tuple[Slot, ...] = ((9 * 3600, 12 * 3600), (13 * 3600, 18 * 3600))
CODES = (OFFICE, ROUND_THE_CLOCK)


def calendar(code: str) -> WorkCalendar:
    """Compiles a built-in calendar; KeyError for any other code."""
    if code == OFFICE:
        return office()
    if code == ROUND_THE_CLOCK:
        return WorkCalendar(weekly=dict.fromkeys(range(7), ((0, DAY),)), zone=zone_named(ZONE), code=code)
    raise KeyError(code)


def office() -> WorkCalendar:
    """Monday to Friday 09:00–12:00 and 13:00–18:00 with the Chinese holidays; a make-up day has the same hours."""
    return WorkCalendar(
        weekly=dict.fromkeys(range(5), OFFICE_HOURS),
        overrides={row.day: row.slots for row in holidays.override_rows(slots=OFFICE_HOURS)},
        zone=zone_named(ZONE),
        code=OFFICE,
        known_until=holidays.known_until(),
    )

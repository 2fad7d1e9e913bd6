"""The calendars the tests of the arithmetic share, in the JSON form of the command line."""

from datetime import datetime

from sla import defaults, holidays
from sla.definitions import calendar_from_json

HOURS = [["09:00", "12:00"], ["13:00", "18:00"]]
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")


def _office():
    rows = holidays.override_rows(slots=defaults.OFFICE_HOURS)
    return {
        "zone": "Asia/Shanghai",
        "weekly": dict.fromkeys(WORKDAYS, HOURS),
        "overrides": {row.day.isoformat(): HOURS if row.slots else [] for row in rows},
        "known_until": holidays.known_until().isoformat(),
    }


DEFINITIONS = {
    "office": _office(),
    "berlin": {"zone": "Europe/Berlin", "weekly": {day: [["09:00", "18:00"]] for day in WORKDAYS}, "overrides": {}},
    "night": {
        "zone": "Europe/Berlin",
        "weekly": {day: [["22:00", "06:00"]] for day in (*WORKDAYS, "sat")},
        "overrides": {"2026-03-30": [], "2026-10-24": [], "2026-10-25": [["01:30", "02:30"], ["02:30", "04:00"]]},
    },
    "24x7": {"zone": "America/New_York", "weekly": {day: [["00:00", "24:00"]] for day in (*WORKDAYS, "sat", "sun")}},
    "shop": {
        "zone": "America/New_York",
        "weekly": {"tue": [["08:15", "11:45"], ["12:30", "16:00"], ["16:00", "20:10"]], "sun": [["01:30", "03:30"]]},
        "overrides": {"2026-03-10": [], "2026-03-11": [["00:00", "00:07"]]},
    },
}
CALENDARS = {code: calendar_from_json(definition, code) for code, definition in DEFINITIONS.items()}
OFFICE = CALENDARS["office"]


def at(text):
    """The time "2026-09-30 16:30" on the office's wall clock; with an offset as written."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=OFFICE.zone)

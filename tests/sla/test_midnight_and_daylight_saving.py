from datetime import UTC, timedelta

import pytest

from sla import worktime
from sla.definitions import calendar_from_json
from tests.sla.examples import CALENDARS, at

NIGHT = CALENDARS["night"]


def test_a_slot_crossing_midnight_belongs_to_the_day_it_begins():
    assert worktime.due(at("2026-03-02T21:00:00+01:00"), 3, "wh", NIGHT) == at("2026-03-03T01:00:00+01:00")
    assert worktime.due(at("2026-03-02T10:00:00+01:00"), 1, "wd", NIGHT) == at("2026-03-04T06:00:00+01:00")
    assert worktime.due(at("2026-03-03T02:00:00+01:00"), 1, "wd", NIGHT) == at("2026-03-05T06:00:00+01:00")


def test_a_closed_day_keeps_the_night_that_began_the_day_before():
    closed = calendar_from_json(
        {
            "zone": "UTC",
            "weekly": {"mon": [["22:00", "06:00"]], "wed": [["09:00", "10:00"]]},
            "overrides": {"2026-03-03": []},
        }
    )
    worked = worktime.working_between(at("2026-03-02T00:00:00+00:00"), at("2026-03-04T00:00:00+00:00"), closed)
    assert worked == timedelta(hours=8)


def test_a_night_shift_is_an_hour_shorter_when_summer_time_begins():
    night = worktime.working_between(at("2026-03-28T12:00:00+01:00"), at("2026-03-29T12:00:00+02:00"), NIGHT)
    assert night == timedelta(hours=7)


def test_a_night_shift_is_an_hour_longer_when_summer_time_ends():
    shift = calendar_from_json({"zone": "Europe/Berlin", "weekly": {"sat": [["22:00", "06:00"]]}})
    worked = worktime.working_between(at("2026-10-24T12:00:00+02:00"), at("2026-10-25T12:00:00+01:00"), shift)
    assert worked == timedelta(hours=9)


@pytest.mark.parametrize(
    ("slot", "day", "expected"),
    [
        pytest.param(["02:30", "04:00"], "2026-03-29", 60, id="an opening that the clock skips is the jump"),
        pytest.param(["02:15", "02:45"], "2026-03-29", 0, id="a slot inside the skipped hour is empty"),
        pytest.param(["01:00", "02:30"], "2026-10-25", 90, id="a closing shown twice is the first"),
        pytest.param(["02:30", "04:00"], "2026-10-25", 150, id="an opening shown twice is the first"),
    ],
)
def test_hours_at_the_change_of_the_clock(slot, day, expected):
    calendar = calendar_from_json({"zone": "Europe/Berlin", "weekly": {"sun": [slot]}})
    start = at(f"{day}T00:00:00+00:00") - timedelta(hours=6)
    assert worktime.working_between(start, start + timedelta(days=1, hours=12), calendar) == timedelta(minutes=expected)


def test_two_departments_in_two_zones_have_their_own_due_times():
    start = at("2026-10-23T15:59:00+00:00")
    assert worktime.due(start, 2, "wh", CALENDARS["berlin"]) == at("2026-10-26T10:59:00+01:00")
    assert worktime.due(start, 2, "wh", CALENDARS["office"]) == at("2026-10-26T11:00:00+08:00")


def test_clock_time_is_elapsed_time_over_the_change_of_the_clock():
    due = worktime.due(at("2026-03-28T12:00:00+01:00"), 24, "h", CALENDARS["berlin"])
    assert due.isoformat() == "2026-03-29T13:00:00+02:00"


def test_a_day_that_a_zone_left_out_is_no_working_day():
    samoa = calendar_from_json(
        {"zone": "Pacific/Apia", "weekly": {day: [["09:00", "17:00"]] for day in ("wed", "thu", "fri", "sat")}}
    )
    due = worktime.due(at("2011-12-28T20:00:00+00:00"), 2, "wd", samoa)  # Wednesday there; Friday 30th never was
    assert due.astimezone(UTC) == at("2011-12-31T17:00:00+14:00")

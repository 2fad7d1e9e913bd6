"""Where a limit in working hours or minutes begins and ends."""

from datetime import timedelta

import pytest

from sla import defaults, ladder, replay, worktime
from sla.errors import WorktimeError
from tests.sla.examples import CALENDARS, OFFICE, at


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        pytest.param("2026-09-01 07:30", 2, "wh", "2026-09-01 11:00", id="before hours it begins at opening"),
        pytest.param("2026-09-01 19:30", 2, "wh", "2026-09-02 11:00", id="after hours it begins the next morning"),
        pytest.param("2026-09-04 16:00", 4, "wh", "2026-09-07 11:00", id="a Friday limit goes on on Monday"),
        pytest.param("2026-09-04 21:00", 4, "wh", "2026-09-07 14:00", id="a Friday night begins on Monday"),
        pytest.param("2026-09-01 12:30", 1, "wh", "2026-09-01 14:00", id="in lunch it begins after lunch"),
        pytest.param("2026-09-01 11:30", 60, "wm", "2026-09-01 13:30", id="lunch is not counted"),
        pytest.param(
            "2026-09-01 09:00", 3, "wh", "2026-09-01 12:00", id="exactly at opening, due at closing for lunch"
        ),
        pytest.param("2026-09-01 18:00", 1, "wh", "2026-09-02 10:00", id="exactly at closing it begins the next day"),
        pytest.param(
            "2026-09-01 17:00", 1, "wh", "2026-09-01 18:00", id="due exactly at closing, not at the next opening"
        ),
        pytest.param("2026-09-01 17:59:59", 1, "wm", "2026-09-02 09:00:59", id="the last second of the day counts"),
        pytest.param("2026-09-01 23:59:59", 1, "wm", "2026-09-02 09:01", id="the last second before midnight"),
        pytest.param("2026-10-10 10:00", 2, "wh", "2026-10-10 12:00", id="inside a make-up Saturday"),
        pytest.param("2026-10-10 17:00", 2, "wh", "2026-10-12 10:00", id="out of a make-up Saturday"),
        pytest.param("2026-09-30 17:00", 2, "wh", "2026-10-08 10:00", id="over the National Day run"),
        pytest.param(
            "2026-02-13 17:00", 2, "wh", "2026-02-14 10:00", id="into the make-up Saturday before Spring Festival"
        ),
        pytest.param("2026-02-14 17:00", 2, "wh", "2026-02-24 10:00", id="over the Spring Festival run"),
        pytest.param("2026-04-30 17:30", 1, "wh", "2026-05-06 09:30", id="over a holiday run and a weekend"),
        pytest.param("2026-09-30 23:00", 24, "h", "2026-10-01 23:00", id="clock time runs through the holiday"),
        pytest.param("2026-09-01 12:15", 0, "wh", "2026-09-01 13:00", id="nothing of working time is the next opening"),
        pytest.param("2026-09-01 12:15", 0, "h", "2026-09-01 12:15", id="nothing of clock time is the start"),
    ],
)
def test_a_limit_in_hours_ends_where_a_person_would_say(start, amount, unit, expected):
    assert worktime.due(at(start), amount, unit, OFFICE) == at(expected)


def test_fractions_of_a_second_are_kept():
    assert worktime.due(at("2026-09-01 17:59:59.999"), 1, "wm", OFFICE) == at("2026-09-02 09:00:59.999")


def test_round_the_clock_loses_no_minute_at_midnight():
    calendar = CALENDARS["24x7"]
    start = at("2026-09-01T20:00:00-04:00")
    assert worktime.due(start, 48, "wh", calendar) == start + timedelta(hours=48)
    assert worktime.working_between(start, start + timedelta(hours=48), calendar) == timedelta(hours=48)
    assert worktime.intervals(start, start + timedelta(hours=48), calendar) == [(start, start + timedelta(hours=48))]


def test_a_warning_one_working_hour_before_an_early_due_time_falls_on_the_working_day_before():
    assert worktime.offset(at("2026-09-07 09:30"), -1, "wh", OFFICE) == at("2026-09-04 17:30")
    assert worktime.offset(at("2026-09-07 11:00"), -1, "wh", OFFICE) == at("2026-09-07 10:00")


def test_one_working_day_after_a_due_time_is_the_next_close_of_business():
    assert worktime.offset(at("2026-09-30 18:00"), 1, "wd", OFFICE) == at("2026-10-08 18:00")
    assert worktime.offset(at("2026-10-08 18:00"), -1, "wd", OFFICE) == at("2026-09-30 18:00")


def test_no_offset_is_the_due_time_itself_even_outside_hours():
    assert worktime.offset(at("2026-10-03 11:00"), 0, "wh", OFFICE) == at("2026-10-03 11:00")


def test_half_of_a_working_limit_is_used_in_working_time():
    assert worktime.at_share(at("2026-09-04 16:00"), 50, 8, "wh", OFFICE) == at("2026-09-07 11:00")
    assert worktime.at_share(at("2026-09-04 16:00"), 100, 8, "wh", OFFICE) == at("2026-09-07 16:00")
    assert worktime.at_share(at("2026-09-04 16:00"), 50, 2, "wd", OFFICE) == at("2026-09-07 18:00")
    assert worktime.at_share(at("2026-09-04 16:00"), 80, 24, "h", OFFICE) == at("2026-09-05 11:12")


def test_a_share_of_working_days_begins_where_a_late_receipt_counts():
    """Received on a Friday evening, two working days are Tuesday and Wednesday: half of them are over on Tuesday evening."""
    friday = at("2026-09-04 19:00")
    assert worktime.due(friday, 2, "wd", OFFICE, True) == at("2026-09-09 18:00")
    assert worktime.at_share(friday, 50, 2, "wd", OFFICE, True) == at("2026-09-08 18:00")
    target = replay.Target(2, "wd", OFFICE, late_receipt_counts_next_day=True)
    due = at("2026-09-09 18:00")
    assert ladder.instants([{"at": "50%"}], due, OFFICE, ladder.shares_of(friday, target)) == [
        ("50%", at("2026-09-08 18:00")),
        ("due", due),
    ]


@pytest.mark.parametrize(
    ("amount", "unit", "field"),
    [(-1, "h", "amount"), (-1, "wd", "amount"), (0, "wd", "amount"), (0, "d", "amount"), (True, "h", "amount"),
     ("3", "h", "amount"), (float("nan"), "h", "amount"), (float("inf"), "h", "amount"), (1.5, "wd", "amount"),
     (0.0001, "m", "amount"), (10**30, "wd", "amount"), (10**8, "h", "amount"), (1, "week", "unit"), (1, None, "unit")],
)  # fmt: skip
def test_a_senseless_limit_is_refused_with_the_field_named(amount, unit, field):
    with pytest.raises(WorktimeError) as refused:
        worktime.due(at("2026-09-01 10:00"), amount, unit, OFFICE)
    assert refused.value.field == field
    assert str(refused.value).startswith(f"{field}: ")


def test_half_an_hour_may_be_written_as_a_fraction():
    assert worktime.due(at("2026-09-01 10:00"), 0.5, "wh", OFFICE) == at("2026-09-01 10:30")


def test_a_reversed_span_is_an_error_that_says_so():
    with pytest.raises(WorktimeError, match="The end lies before the beginning"):
        worktime.working_between(at("2026-09-02 10:00"), at("2026-09-01 10:00"), OFFICE)


def test_a_time_without_zone_and_a_year_out_of_range_are_refused():
    with pytest.raises(WorktimeError, match="time zone"):
        worktime.next_open(at("2026-09-01 10:00").replace(tzinfo=None), OFFICE)
    for year in (1, 1899, 2201, 9999):
        with pytest.raises(WorktimeError, match="between the years"):
            worktime.due(at("2026-09-01 10:00").replace(year=year), 1, "wh", OFFICE)


def test_questions_far_apart_grow_one_table_that_still_answers_right():
    calendar = defaults.office()
    assert worktime.due(at("2026-09-01 17:00"), 2, "wh", calendar) == at("2026-09-02 10:00")
    assert worktime.due(at("1905-03-06 17:00"), 2, "wh", calendar) == at("1905-03-07 10:00")
    assert worktime.due(at("2150-03-02 17:00"), 2, "wh", calendar) == at("2150-03-03 10:00")
    assert worktime.due(at("2100-03-01 17:00"), 3, "wd", calendar) == at("2100-03-04 18:00")
    assert worktime.due(at("2026-09-01 17:00"), 2, "wh", calendar) == at("2026-09-02 10:00")

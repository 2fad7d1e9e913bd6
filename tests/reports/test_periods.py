from datetime import date

import pytest

from reports import periods
from reports.periods import Period, parse


@pytest.mark.parametrize(
    "start, end, before, year_before",
    [
        (("2026-10-01"), "2026-11-01", ("2026-09-01", "2026-10-01"), ("2025-10-01", "2025-11-01")),
        ("2026-01-01", "2026-02-01", ("2025-12-01", "2026-01-01"), ("2025-01-01", "2025-02-01")),
        ("2026-03-02", "2026-03-09", ("2026-02-23", "2026-03-02"), ("2025-03-03", "2025-03-10")),
        ("2026-10-01", "2027-01-01", ("2026-07-01", "2026-10-01"), ("2025-10-01", "2026-01-01")),
        ("2024-01-01", "2025-01-01", ("2023-01-01", "2024-01-01"), ("2023-01-01", "2024-01-01")),
        ("2026-10-05", "2026-10-08", ("2026-10-02", "2026-10-05"), ("2025-10-05", "2025-10-08")),
        ("2024-02-29", "2024-03-01", ("2024-02-28", "2024-02-29"), ("2023-02-28", "2023-03-01")),
    ],
)
def test_the_period_before_and_the_same_a_year_ago(start, end, before, year_before):
    assert periods.previous(parse(start, end)) == parse(*before)
    assert periods.a_year_before(parse(start, end)) == parse(*year_before)


def test_a_month_begins_at_midnight_in_shanghai():
    assert parse("2026-10-01", "2026-11-01").start.isoformat() == "2026-10-01T00:00:00+08:00"
    assert periods.containing(periods.parse_instant("2026-09-30T16:30:00Z"), "month") == parse(
        "2026-10-01", "2026-11-01"
    )


def test_weeks_start_on_monday_and_are_numbered_by_iso():
    week = periods.containing(date(2027, 1, 3), "week")
    assert (week, periods.key_of(week.start, "week")) == (parse("2026-12-28", "2027-01-04"), "2026-W53")


def test_steps_are_cut_to_the_period():
    keys = list(periods.steps(parse("2026-10-01", "2026-10-12"), "week"))
    assert keys == [
        ("2026-W40", parse("2026-10-01", "2026-10-05")),
        ("2026-W41", parse("2026-10-05", "2026-10-12")),
    ]


@pytest.mark.parametrize("text", ["", "october", "2026-13-01", "2026-W60", "2026-Q5"])
def test_a_start_that_is_no_date_is_refused(text):
    with pytest.raises(ValueError):
        periods.parse_start(text)


def test_a_period_never_ends_before_it_starts():
    with pytest.raises(ValueError):
        parse("2026-11-01", "2026-10-01")
    with pytest.raises(ValueError):
        Period(parse("2026-10-01", "2026-11-01").start, parse("2026-10-01", "2026-11-01").start)

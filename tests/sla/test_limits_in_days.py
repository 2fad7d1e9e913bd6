"""Civil Code art. 201 and 203: the day of receipt is not counted, the last day ends with business."""

import pytest

from sla import worktime
from sla.definitions import calendar_from_json
from tests.sla.examples import CALENDARS, HOURS, OFFICE, WORKDAYS, at


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        pytest.param("2026-09-01 09:00", 1, "2026-09-02 18:00", id="the day of receipt is not counted"),
        pytest.param("2026-09-01 00:00", 1, "2026-09-02 18:00", id="not even from its first second"),
        pytest.param("2026-09-01 23:59:59", 1, "2026-09-02 18:00", id="nor to its last"),
        pytest.param("2026-09-04 10:00", 3, "2026-09-09 18:00", id="a Friday counts from Monday"),
        pytest.param("2026-09-05 10:00", 1, "2026-09-07 18:00", id="a Saturday counts from Monday"),
        pytest.param("2026-09-30 16:30", 3, "2026-10-10 18:00", id="the make-up Saturday is the last day"),
        pytest.param("2026-10-03 16:30", 3, "2026-10-10 18:00", id="received in the National Day run"),
        pytest.param("2026-09-18 10:00", 2, "2026-09-21 18:00", id="a make-up Sunday is a working day"),
        pytest.param("2026-02-13 10:00", 5, "2026-02-27 18:00", id="over Spring Festival with its make-up Saturday"),
        pytest.param("2026-12-31 10:00", 1, "2027-01-01 18:00", id="past the published years weekdays count"),
    ],
)
def test_a_limit_in_working_days_is_due_at_close_of_business(start, amount, expected):
    assert worktime.due(at(start), amount, "wd", OFFICE) == at(expected)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        pytest.param("2026-09-01 17:59", "2026-09-02 18:00", id="before closing nothing changes"),
        pytest.param("2026-09-01 18:00", "2026-09-03 18:00", id="at closing it is received the next day"),
        pytest.param("2026-09-01 07:00", "2026-09-02 18:00", id="before opening it is received today"),
        pytest.param("2026-09-05 10:00", "2026-09-08 18:00", id="a rest day's is received on Monday"),
    ],
)
def test_late_receipts_count_from_the_next_working_day_when_the_setting_says_so(start, expected):
    assert worktime.due(at(start), 1, "wd", OFFICE, late_receipt_counts_next_day=True) == at(expected)


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        pytest.param("2026-09-01 10:00", 1, "2026-09-03 00:00", id="to the end of the next day"),
        pytest.param("2026-09-03 10:00", 2, "2026-09-08 00:00", id="a last day on Saturday moves to Monday"),
        pytest.param("2026-09-28 10:00", 5, "2026-10-09 00:00", id="a last day in the holiday moves past it"),
        pytest.param("2026-10-08 10:00", 2, "2026-10-11 00:00", id="a make-up Saturday is no rest day"),
        pytest.param("2026-02-10 10:00", 30, "2026-03-13 00:00", id="rest days inside the limit count"),
    ],
)
def test_a_limit_in_natural_days_ends_at_midnight_of_a_working_day(start, amount, expected):
    assert worktime.due(at(start), amount, "d", OFFICE) == at(expected)


def test_the_day_of_receipt_is_the_calendars_local_day():
    start = at("2026-09-01T23:30:00+00:00")  # already Wednesday in Shanghai, still Tuesday or Wednesday elsewhere
    assert worktime.due(start, 1, "wd", OFFICE) == at("2026-09-03 18:00")
    assert worktime.due(start, 1, "wd", CALENDARS["berlin"]) == at("2026-09-03T18:00:00+02:00")
    assert worktime.due(start, 1, "wd", CALENDARS["24x7"]) == at("2026-09-03T00:00:00-04:00")


def test_a_year_without_data_is_provisional_and_counts_anew_once_imported():
    start = at("2026-12-30 10:00")
    assert worktime.due(start, 2, "wd", OFFICE) == at("2027-01-01 18:00")
    assert worktime.is_provisional(worktime.due(start, 2, "wd", OFFICE), OFFICE)
    assert not worktime.is_provisional(worktime.due(start, 1, "wd", OFFICE), OFFICE)
    imported = calendar_from_json(
        {
            "zone": "Asia/Shanghai",
            "weekly": dict.fromkeys(WORKDAYS, HOURS),
            "overrides": {"2027-01-01": []},
            "known_until": "2027-12-31",
        }
    )
    assert worktime.due(start, 2, "wd", imported) == at("2027-01-04 18:00")
    assert not worktime.is_provisional(worktime.due(start, 2, "wd", imported), imported)

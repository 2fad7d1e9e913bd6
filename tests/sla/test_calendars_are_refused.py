from datetime import date, timedelta

import pytest

from sla import worktime
from sla.definitions import calendar_from_json
from sla.errors import WorktimeError
from tests.sla.examples import HOURS, at

MONDAY = {"mon": HOURS}


def refusal(**parts):
    with pytest.raises(WorktimeError) as refused:
        calendar_from_json({"zone": "Asia/Shanghai", "weekly": MONDAY} | parts)
    return refused.value


@pytest.mark.parametrize(
    ("parts", "field", "words"),
    [
        ({"weekly": {}}, "weekly", "no opening at all"),
        ({"weekly": {}, "overrides": {"2026-10-01": []}}, "weekly", "no opening at all"),
        ({"weekly": {"mon": [["09:00", "12:00"], ["11:00", "18:00"]]}}, "weekly.mon", "overlap"),
        ({"weekly": {"mon": [["22:00", "06:00"]], "tue": [["05:00", "09:00"]]}}, "weekly.tue", "over midnight"),
        ({"weekly": {"sun": [["22:00", "06:00"]], "mon": [["05:00", "09:00"]]}}, "weekly.mon", "over midnight"),
        ({"overrides": {"2026-10-04": [["22:00", "09:30"]]}}, "overrides.2026-10-04", "over midnight"),
        ({"weekly": {"mon": [["09:00", "09:00"]]}}, "weekly.mon", "ends when it begins"),
        ({"weekly": {"mon": [["24:00", "09:00"]]}}, "weekly.mon", "within the day"),
        ({"weekly": {"mon": [["9", "12:00"]]}}, "weekly.mon", "not a time of day"),
        ({"weekly": {"mon": [["09:60", "12:00"]]}}, "weekly.mon", "not a time of day"),
        ({"weekly": {"mon": ["09:00", "12:00"]}}, "weekly.mon", "list of pairs"),
        ({"weekly": {"monday": HOURS}}, "weekly.monday", "mon, tue"),
        ({"weekly": []}, "weekly", "JSON object"),
        ({"overrides": {"2026-02-30": []}}, "overrides.2026-02-30", "not a date"),
        ({"zone": "Mars/Base"}, "zone", "no time zone"),
        ({"zone": "../../etc/passwd"}, "zone", "no time zone"),
        ({"zone": 8}, "zone", "no time zone"),
        ({"weekley": {}}, "weekley", "no such part"),
        ({"known_until": "soon"}, "known_until", "not a date"),
    ],
)  # fmt: skip
def test_a_wrong_calendar_is_refused_with_the_part_named(parts, field, words):
    error = refusal(**parts)
    assert error.field == field
    assert words in str(error)


def test_overrides_that_close_a_whole_year_are_refused():
    mondays = {(date(2026, 1, 5) + timedelta(days=7 * n)).isoformat(): [] for n in range(53)}
    assert "no opening within a year after 2026-01-04" in str(refusal(overrides=mondays))
    mondays.pop("2026-06-29")
    assert calendar_from_json({"zone": "Asia/Shanghai", "weekly": MONDAY, "overrides": mondays})


def test_a_calendar_of_dated_openings_only_says_when_it_has_run_out():
    dated = calendar_from_json({"zone": "Asia/Shanghai", "weekly": {}, "overrides": {"2026-10-10": HOURS}})
    assert worktime.due(at("2026-10-10 10:00"), 1, "wh", dated) == at("2026-10-10 11:00")
    for unit in ("wh", "wd"):
        with pytest.raises(WorktimeError, match="no opening within a year"):
            worktime.due(at("2026-10-10 18:00"), 1, unit, dated)


def test_slots_that_touch_are_no_overlap_and_count_once():
    touching = calendar_from_json({"zone": "UTC", "weekly": {"mon": [["09:00", "12:00"], ["12:00", "18:00"]]}})
    start, end = at("2026-09-07T00:00:00+00:00"), at("2026-09-08T00:00:00+00:00")
    assert worktime.intervals(start, end, touching) == [
        (at("2026-09-07T09:00:00+00:00"), at("2026-09-07T18:00:00+00:00"))
    ]

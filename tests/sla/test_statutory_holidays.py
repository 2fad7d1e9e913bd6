import csv
import json
from datetime import date
from pathlib import Path

import pytest
from django.utils.translation import override

from sla import holidays, special_days
from sla.defaults import OFFICE_HOURS, calendar
from sla.errors import WorktimeError

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "calendar"
needs_data = pytest.mark.skipif(not DATA.exists(), reason=f"no data at {DATA}")

ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//
BEGIN:VEVENT
UID:1
SUMMARY:国庆节(休)
DTSTART;VALUE=DATE:20271001
DTEND;VALUE=DATE:20271004
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:国庆节(班)
DTSTART;VALUE=DATE:20271009
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def test_the_library_is_known_to_the_end_of_2026_and_raises_nothing_after():
    assert holidays.known_until() == date(2026, 12, 31)
    assert holidays.override_rows(slots=OFFICE_HOURS, first_year=2027) == []


def test_a_holiday_is_closed_and_a_make_up_day_has_the_office_hours():
    rows = {row.day: row for row in holidays.override_rows(slots=OFFICE_HOURS, first_year=2026, last_year=2026)}
    assert rows[date(2026, 10, 1)] == (date(2026, 10, 1), (), "国庆节", "chinesecalendar")
    assert rows[date(2026, 10, 10)].slots == OFFICE_HOURS
    assert min(rows).year == max(rows).year == 2026


@needs_data
def test_every_day_from_2011_to_2026_is_what_the_notices_say():
    office = calendar("office")
    with open(DATA / "cn_workday_truth_2011_2026.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 5844
    wrong = [
        row["date"]
        for row in rows
        if office.is_working_day(date.fromisoformat(row["date"]).toordinal()) != (row["is_workday"] == "1")
    ]
    assert wrong == []


@needs_data
@pytest.mark.parametrize("year", range(2011, 2027))
def test_the_notices_as_json_give_the_same_rows_as_the_library(year):
    rows, reaches = holidays.parse_holiday_json((DATA / "holiday-cn" / f"{year}.json").read_bytes(), slots=OFFICE_HOURS)
    # A notice of one year may arrange days of the next, a rest day on a weekend may be left unsaid.
    ours = {row.day: bool(row.slots) for row in rows}
    library = {row.day: bool(row.slots) for row in holidays.override_rows(slots=OFFICE_HOURS)}
    assert reaches == date(year, 12, 31)
    differs = {day: work for day, work in ours.items() if library.get(day, day.weekday() < 5) != work}
    assert differs == {}


def test_holiday_json_gives_rows_with_the_notice_as_source():
    text = json.dumps(
        {
            "year": 2027,
            "papers": ["https://example.com/notice"],
            "days": [
                {"name": "元旦", "date": "2027-01-02", "isOffDay": False},
                {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
            ],
        }
    )
    rows, reaches = holidays.parse_holiday_json(text, slots=OFFICE_HOURS)
    assert reaches == date(2027, 12, 31)
    assert rows == [
        (date(2027, 1, 1), (), "元旦", "https://example.com/notice"),
        (date(2027, 1, 2), OFFICE_HOURS, "元旦", "https://example.com/notice"),
    ]


def test_a_year_file_without_days_is_not_yet_known():
    assert holidays.parse_holiday_json('{"year": 2028, "days": []}', slots=OFFICE_HOURS) == ([], None)


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{", '{"days": {}}', '{"days": [3]}', '{"days": [{"date": "2027-13-01", "isOffDay": true}]}',
        '{"days": [{"date": "2027-01-01", "isOffDay": "yes"}]}', "[" * 100_000,
        '{"days": [{"date": "2027-01-01", "isOffDay": true}, {"date": "2027-01-01", "isOffDay": false}]}',
    ],
)  # fmt: skip
def test_holiday_json_that_is_none_is_refused(text):
    with pytest.raises(WorktimeError) as refused:
        holidays.parse_holiday_json(text, slots=OFFICE_HOURS)
    assert refused.value.field == "file"


def test_an_ics_file_gives_rest_days_and_make_up_days():
    rows = holidays.parse_ics(ICS, slots=OFFICE_HOURS)
    assert [(row.day.day, bool(row.slots)) for row in rows] == [(1, False), (2, False), (3, False), (9, True)]
    assert (rows[0].name, rows[0].source) == ("国庆节(休)", "ics")


@pytest.mark.parametrize(
    "text",
    [
        "", "hello", "BEGIN:VCALENDAR",
        ICS.replace("DTSTART;VALUE=DATE:20271009\r\n", ""),
        ICS.replace("DTSTART;VALUE=DATE:20271009", "DTSTART;VALUE=DATE:2027"),
        ICS.replace("20271004", "20291004"),
        ICS.replace("20271004", "20270901"),
        ICS.replace("20271009", "20271002"),
    ],
)  # fmt: skip
def test_an_ics_file_that_is_none_is_refused(text):
    with pytest.raises(WorktimeError) as refused:
        holidays.parse_ics(text, slots=OFFICE_HOURS)
    assert refused.value.field == "file"


@pytest.mark.parametrize("name", ["元旦", "春节", "清明节", "清明", "劳动节", "端午节", "中秋节", "国庆节"])
def test_every_statutory_holiday_has_an_english_name_and_a_persons_own_reason_stays(name):
    with override("en"):
        assert special_days.named(name).isascii()
        assert special_days.named("盘点") == "盘点"
    with override("zh-hans"):
        assert special_days.named(name) == name

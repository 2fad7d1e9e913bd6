"""The development cases of the arithmetic; the file is not part of the project and may be absent."""

import csv
import json
import time
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from sla import holidays, worktime
from sla.defaults import OFFICE_HOURS
from sla.definitions import calendar_from_json
from sla.errors import WorktimeError

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "calendar"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason=f"no data at {DATA}")


def test_every_shared_case_is_answered_as_expected():
    definitions = json.loads((DATA / "due_calendars.json").read_text(encoding="utf-8"))
    calendars = {code: calendar_from_json(data, code) for code, data in definitions.items()}
    lines = (DATA / "due_dev.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [case for case in map(json.loads, lines) if not case.get("info")]
    wrong = [case["id"] for case in cases if _answer(case, calendars[case["calendar"]]) != case["expected"]]
    assert len(cases) == 268
    assert wrong == []


def _answer(case, calendar):
    question = case["input"]
    if case["command"] == "due":
        start = datetime.fromisoformat(question["start"])
        return worktime.due(start, question["amount"], question["unit"], calendar).isoformat()
    start, end = datetime.fromisoformat(question["from"]), datetime.fromisoformat(question["to"])
    return worktime.working_between(start, end, calendar) / timedelta(seconds=1)


@pytest.mark.parametrize("command", ["due", "worktime"])
def test_the_command_answers_the_same_cases_by_batch(command, tmp_path):
    """What an outside check calls: `--batch FILE --calendar-json FILE`, one answer a line in the order of the questions."""
    lines = (DATA / "due_dev.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [case for case in map(json.loads, lines) if case["command"] == command and not case.get("info")]
    batch, out, began = tmp_path / "batch.jsonl", StringIO(), time.perf_counter()
    questions = (case["input"] | {"calendar": case["calendar"]} for case in cases)
    batch.write_text("\n".join(map(json.dumps, questions)) + "\n", encoding="utf-8")
    call_command(command, batch=str(batch), calendar_json=str(DATA / "due_calendars.json"), stdout=out)
    answers = out.getvalue().split()
    print(f"{command} --batch: {len(cases)} cases in {time.perf_counter() - began:.3f} s, every answer as expected")
    wanted = [case["expected"] if command == "due" else float(case["expected"]) for case in cases]
    given = [one if command == "due" else float(one) for one in answers]
    assert [case["id"] for case, one, other in zip(cases, given, wanted, strict=True) if one != other] == []
    assert len(cases) > 40


# --- other people's cases ---------------------------------------------------------------------------
CHINA = ZoneInfo("Asia/Shanghai")


def china(*hours):
    """Monday to Friday at these hours, with the statutory days of the years that the file asks about."""
    days = holidays.override_rows(slots=OFFICE_HOURS, first_year=2022, last_year=2026)
    return calendar_from_json(
        {
            "zone": "Asia/Shanghai",
            "weekly": {day: list(hours) for day in ("mon", "tue", "wed", "thu", "fri")},
            "overrides": {row.day.isoformat(): list(hours) if row.slots else [] for row in days},
        },
        "china",
    )


def test_every_due_time_derived_from_the_notices_of_the_state_council():
    whole, lunch = china(["09:00", "18:00"]), china(["09:00", "12:00"], ["13:30", "18:00"])
    known = {"CN 09:00-18:00": whole, "CN 09:00-12:00,13:30-18:00": lunch}
    rows = list(csv.DictReader((DATA / "cn_sla_due_derived_dev.csv").open(encoding="utf-8")))
    wrong = []
    for row in rows:
        start = datetime.fromisoformat(row["start"]).replace(tzinfo=CHINA)
        if row["calendar"] in known:
            due = worktime.add_working(start, int(row["working_seconds"]), known[row["calendar"]])
        else:
            assert row["rule"].startswith("3rd working day after the day of receipt")
            due = worktime.due(start, 3, "wd", whole)
        if due.replace(tzinfo=None) != datetime.fromisoformat(row["due"]):
            wrong.append((row["calendar"], row["start"], row["rule"], row["due"], due.isoformat()))
    assert wrong == []
    assert len(rows) == 145


def test_every_case_of_another_help_desk_as_our_rules_answer_it():
    """Where its rules are others than ours, ours are stated: a limit in days ends with a day; a reversed span is an error."""
    cases = json.loads((DATA / "glpi_business_time_cases.json").read_text(encoding="utf-8"))
    wrong = [(case["op"], case["start"], case["arg"]) for case in cases if not _agrees(case)]
    assert wrong == []
    assert len(cases) == 24


def _agrees(case):
    names = dict(zip("1234567", ("mon", "tue", "wed", "thu", "fri", "sat", "sun"), strict=True))
    weekly = {names[day]: hours for day, hours in case["calendar"]["week"].items()}
    calendar = calendar_from_json({"zone": case["calendar"]["tz"], "weekly": weekly, "overrides": {}}, "theirs")
    start = datetime.fromisoformat(case["start"]).replace(tzinfo=calendar.zone)
    operation, number, expected = case["op"], case["arg"], case["expected"]
    if operation == "is_working_day":
        return calendar.is_working_day(start.date().toordinal()) == expected
    if operation == "is_working_time":
        return (worktime.next_open(start, calendar) == start) == expected
    if operation == "working_seconds_between":
        end = datetime.fromisoformat(number).replace(tzinfo=calendar.zone)
        if end < start:
            with pytest.raises(WorktimeError):
                worktime.working_between(start, end, calendar)
            return expected == 0
        return worktime.working_between(start, end, calendar) == timedelta(seconds=expected)
    wanted = datetime.fromisoformat(expected).replace(tzinfo=calendar.zone)
    found = worktime.offset(start, number, "wd", calendar)
    if operation == "add_working_days_end_of_day":
        return found == wanted
    return (found - timedelta(microseconds=1)).date() == wanted.date()  # theirs keeps the hour, ours ends with the day

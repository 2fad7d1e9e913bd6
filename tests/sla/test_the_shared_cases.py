"""The development cases of the arithmetic; the file is not part of the project and may be absent."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sla import worktime
from sla.definitions import calendar_from_json

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

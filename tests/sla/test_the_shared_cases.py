"""The development cases of the arithmetic; the file is not part of the project and may be absent."""

import json
import time
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

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

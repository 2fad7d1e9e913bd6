import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.sla.examples import DEFINITIONS, HOURS

pytestmark = pytest.mark.django_db

START = "2026-09-30T16:30:00+08:00"


def asked(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return str(path)

    return write


def test_due_prints_the_instant_in_one_line():
    assert asked("due", "--start", START, "--amount", "3", "--unit", "wd") == "2026-10-10T18:00:00+08:00\n"


def test_due_takes_a_named_calendar_and_a_start_on_its_wall_clock():
    line = asked("due", "--start", "2026-10-01T10:00", "--amount", "1.5", "--unit", "wh", "--calendar", "24x7")
    assert line == "2026-10-01T11:30:00+08:00\n"


def test_due_prints_in_the_zone_of_the_calendar(file):
    path = file("berlin.json", DEFINITIONS["berlin"])
    line = asked("due", "--start", "2026-10-23T15:59:00Z", "--amount", "2", "--unit", "wh", "--calendar-json", path)
    assert line == "2026-10-26T10:59:00+01:00\n"


def test_worktime_prints_seconds():
    assert asked("worktime", "--from", "2026-09-30T17:00+08:00", "--to", "2026-10-08T10:00+08:00") == "7200\n"
    assert asked("worktime", "--from", "2026-09-30T17:00:00.5", "--to", "2026-09-30T17:00:01") == "0.5\n"


def test_the_setting_for_late_receipts_can_be_asked_for():
    late = ("due", "--start", "2026-09-01T18:30+08:00", "--amount", "1", "--unit", "wd")
    assert asked(*late) == "2026-09-02T18:00:00+08:00\n"
    assert asked(*late, "--late-receipt-counts-next-day") == "2026-09-03T18:00:00+08:00\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("due", "--start", START, "--amount", "-1", "--unit", "h"), "amount: "),
        (("due", "--start", START, "--amount", "1e999999999", "--unit", "h"), "amount: "),
        (("due", "--start", START, "--amount", "many", "--unit", "h"), "amount: "),
        (("due", "--start", "2026-09-30", "--amount", "1", "--unit", "h"), "start: "),
        (("due", "--start", START, "--amount", "1", "--unit", "y"), "unit: "),
        (("due", "--start", START, "--amount", "1", "--unit", "h", "--calendar", "none"), "calendar: "),
        (("due", "--start", START), "--unit"),
        (("due", "--batch", "/does/not/exist"), "--batch: "),
        (("due", "--start", START, "--amount", "1", "--unit", "h", "--calendar-json", "/no"), "--calendar-json: "),
        (("worktime", "--from", START, "--to", "2026-09-29T10:00:00+08:00"), "to: "),
        (("worktime", "--from", START), "--to"),
    ],
)  # fmt: skip
def test_a_wrong_question_is_an_error_that_names_the_part(arguments, words):
    with pytest.raises(CommandError, match=words):
        asked(*arguments)


def test_a_batch_prints_one_line_each(file):
    first = f'{{"start": "{START}", "amount": 3, "unit": "wd"}}'
    second = f'{{"start": "{START}", "amount": 1, "unit": "d", "calendar": "24x7"}}'
    path = file("lines", f"{first}\n\n{second}")
    assert asked("due", "--batch", path) == "2026-10-10T18:00:00+08:00\n2026-10-02T00:00:00+08:00\n"
    path = file("lines", f'{{"from": "{START}", "to": "2026-10-01T00:00:00+08:00"}}\n')
    assert asked("worktime", "--batch", path) == "5400\n"


def test_a_bad_batch_line_keeps_its_place_and_fails_the_command(file):
    lines = ["{", "[1]", '{"start": "soon", "amount": 1, "unit": "h"}', '{"amount": 1}',
             f'{{"start": "{START}", "amount": 1, "unit": "h"}}', f'{{"start": "{START}", "amount": 1, "unit": ["h"]}}',
             f'{{"start": "{START}", "amount": 1, "unit": "h", "calendar": 5}}']  # fmt: skip
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("due", "--batch", file("lines", "\n".join(lines)), stdout=out)
    assert ended.value.code == 1
    printed = out.getvalue().splitlines()
    assert [line.split(":")[:3] for line in printed if line.startswith("error")] == [
        ["error", " line 1", " line"], ["error", " line 2", " line"], ["error", " line 3", " start"],
        ["error", " line 4", " start"], ["error", " line 6", " unit"], ["error", " line 7", " calendar"],
    ]  # fmt: skip
    assert printed[4] == "2026-09-30T17:30:00+08:00"


def test_a_file_may_hold_several_calendars_by_code(file):
    short = {"zone": "Asia/Shanghai", "weekly": {"wed": [["16:00", "17:00"]], "thu": HOURS}}
    calendars = file("calendars", {"short": short, "berlin": DEFINITIONS["berlin"]})
    question = ("due", "--start", START, "--amount", "1", "--unit", "wh", "--calendar-json", calendars)
    assert asked(*question, "--calendar", "short") == "2026-10-01T09:30:00+08:00\n"
    with pytest.raises(CommandError, match="short, berlin"):
        asked(*question)
    lines = file("lines", f'{{"start": "{START}", "amount": 1, "unit": "wh", "calendar": "berlin"}}\n')
    assert asked("due", "--batch", lines, "--calendar-json", calendars) == "2026-09-30T11:30:00+02:00\n"


def test_a_wrong_calendar_in_a_file_is_named(file):
    path = file("calendar", {"zone": "Asia/Shanghai", "weekly": {"mon": [["09:00", "09:00"]]}})
    with pytest.raises(CommandError, match=r"weekly\.mon: "):
        asked("due", "--start", START, "--amount", "1", "--unit", "h", "--calendar-json", path)

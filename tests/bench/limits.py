"""How fast and how right the arithmetic is: `python -m tests.bench.limits [--cases 100000]`.

Compares random limits from 2011 to 2027 with the minute-stepping oracle, then measures calls a second on one core.
Exits with 1 when a single case differs.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from sla import defaults, worktime  # noqa: E402
from sla.replay import PAUSE, RESUME, START, Event, Target, replay  # noqa: E402
from tests.sla.examples import CALENDARS, DEFINITIONS  # noqa: E402
from tests.sla.oracle import Oracle  # noqa: E402

AMOUNTS = {"s": 500_000, "m": 10_000, "h": 500, "wm": 2_400, "wh": 40, "wd": 20, "d": 60}


def compare(cases: int) -> int:
    """The number of differing cases."""
    differ, chance = 0, random.Random(20260930)
    codes = ("office", "berlin", "night")
    begin = datetime(2011, 1, 3, tzinfo=UTC)
    for code in codes:
        oracle = Oracle(DEFINITIONS[code], date(2011, 1, 1), date(2028, 6, 1))
        for _ in range(cases // len(codes) + 1):
            start = begin + timedelta(seconds=chance.randrange(17 * 365 * 86_400))
            unit = chance.choice(worktime.UNITS)
            amount = chance.randrange(unit in ("wd", "d"), AMOUNTS[unit])
            fast = worktime.due(start, amount, unit, CALENDARS[code])
            if fast.timestamp() != oracle.due(start, amount, unit).timestamp():
                differ += 1
                print(f"differs: {code} {start.isoformat()} {amount} {unit}: {fast.isoformat()}", file=sys.stderr)
    return differ


def ask_commands(cases: int) -> int:
    """`due --batch` and `worktime --batch` on random questions; the number of answers that differ from the oracle's."""
    chance, differ = random.Random(20261001), 0
    oracles = {code: Oracle(DEFINITIONS[code], date(2011, 1, 1), date(2028, 6, 1)) for code in ("office", "berlin")}
    begin = datetime(2011, 1, 3, tzinfo=UTC)
    questions: dict[str, list[dict[str, Any]]] = {"due": [], "worktime": []}
    wanted: dict[str, list[float]] = {"due": [], "worktime": []}
    for number in range(cases):
        code = chance.choice(sorted(oracles))
        start = begin + timedelta(minutes=chance.randrange(17 * 365 * 1440))
        if number % 2:
            unit = chance.choice(worktime.UNITS)
            amount = chance.randrange(unit in ("wd", "d"), AMOUNTS[unit])
            question = {"start": start.isoformat(), "amount": amount, "unit": unit, "calendar": code}
            questions["due"].append(question)
            wanted["due"].append(oracles[code].due(start, amount, unit).timestamp())
        else:
            minutes = chance.randrange(120 * 1440)
            end = start + timedelta(minutes=minutes)
            questions["worktime"].append({"from": start.isoformat(), "to": end.isoformat(), "calendar": code})
            first = int(start.timestamp()) // 60 - oracles[code].first
            wanted["worktime"].append(60 * sum(oracles[code].tape[first : first + minutes]))
    with tempfile.TemporaryDirectory() as folder:
        calendars = Path(folder) / "calendars.json"
        calendars.write_text(json.dumps({code: DEFINITIONS[code] for code in oracles}))
        for command, lines in questions.items():
            file = Path(folder) / f"{command}.jsonl"
            file.write_text("".join(json.dumps(line) + "\n" for line in lines))
            told = StringIO()
            call_command(command, batch=str(file), calendar_json=str(calendars), stdout=told)
            answers = told.getvalue().split()
            differ += abs(len(answers) - len(lines))
            for question, answer, right in zip(lines, answers, wanted[command], strict=False):
                given = datetime.fromisoformat(answer).timestamp() if command == "due" else float(answer)
                if given != right:
                    differ += 1
                    print(f"{command} differs: {question}: {answer}", file=sys.stderr)
    return differ


def rate(work, times: int) -> int:
    """Calls a second of one core: CPU time of this process, so that neighbours on the machine do not count."""
    begin = time.process_time()
    for index in range(times):
        work(index)
    return round(times / (time.process_time() - begin))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    cases = parser.parse_args().cases
    begin = time.perf_counter()
    differ = compare(cases)
    print(f"cases compared with the oracle: {cases}, differing: {differ} ({time.perf_counter() - begin:.0f} s)")
    begin = time.perf_counter()
    told = ask_commands(cases)
    print(
        f"due --batch and worktime --batch: {cases} questions, differing: {told} ({time.perf_counter() - begin:.0f} s)"
    )
    differ += told

    office, chance = defaults.office(), random.Random(1)
    start = datetime(2024, 3, 5, 2, 20, 30, tzinfo=UTC)
    starts = [start + timedelta(seconds=chance.randrange(365 * 86_400)) for _ in range(200_000)]
    lengths = [chance.randrange(250 * 8 * 3_600) for _ in starts]
    worktime.add_working(starts[0], max(lengths) * 2, office)
    print(
        "add_working a second, up to a year:",
        rate(lambda n: worktime.add_working(starts[n], lengths[n], office), 200_000),
    )
    for unit, amount in (("wh", 40), ("wd", 15), ("d", 30), ("h", 48)):
        print(
            f"due a second, {amount} {unit}:",
            rate(lambda n, u=unit, a=amount: worktime.due(starts[n], a, u, office), 50_000),
        )
    target = Target(15, "wd", office)

    def replayed(n: int) -> None:
        pause = starts[n] + timedelta(days=2)
        events = [Event(starts[n], START, target=target), Event(pause, PAUSE), Event(pause + timedelta(days=1), RESUME)]
        told = replay(events, pause + timedelta(days=2))
        told.at_share(50), told.at_share(80)

    print("replays a second, 15 wd and one pause, two thresholds:", rate(replayed, 5_000))
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()

"""How fast and how right the arithmetic is: `python -m tests.bench.limits [--cases 100000]`.

Compares random limits from 2011 to 2027 with the minute-stepping oracle, then measures calls a second on one core.
Exits with 1 when a single case differs.
"""

import argparse
import random
import sys
import time
from datetime import UTC, date, datetime, timedelta

from sla import defaults, worktime
from sla.replay import PAUSE, RESUME, START, Event, Target, replay
from tests.sla.examples import CALENDARS, DEFINITIONS
from tests.sla.oracle import Oracle

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


def rate(work, times: int) -> int:
    begin = time.perf_counter()
    for index in range(times):
        work(index)
    return round(times / (time.perf_counter() - begin))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    cases = parser.parse_args().cases
    begin = time.perf_counter()
    differ = compare(cases)
    print(f"cases compared with the oracle: {cases}, differing: {differ} ({time.perf_counter() - begin:.0f} s)")

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

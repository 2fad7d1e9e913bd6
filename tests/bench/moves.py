"""What each move costs among a million tickets: `python -m tests.bench.moves [VERB …] [--tickets 1000000] [--times 30]`.

Works in the database of `tests.bench.search` (`bench_search`), which stays when `--keep` is given here or was given there.
Each move is made so many times on cases of its own, listeners included, and rolled back. Prints the statements, and the median of
the CPU time of the database's process and of this one together, which is what remains when the machine is shared; wall-clock
time beside it. The exit status is 1 when a move takes more than the limit.
"""

import argparse
import os
import sys
import time
from statistics import median
from typing import Any, NamedTuple

from tests.bench.set_up import set_up

set_up(__name__)

# What follows reads the settings, which name the servers just started: it cannot stand above.
from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from accounts.models import Department  # noqa: E402
from sla import services_setup  # noqa: E402
from tests.bench import bare, search  # noqa: E402
from tests.make import NOON  # noqa: E402
from tests.people import department, user  # noqa: E402
from tests.stage import Stage, moves  # noqa: E402
from tickets import defaults, workflow  # noqa: E402
from tickets import services as tickets  # noqa: E402
from tickets.models import Customer, Ticket  # noqa: E402

MOST_MS = 30.0
MOST_STATEMENTS = 12


class Cost(NamedTuple):
    """Medians in ms."""

    database: float
    python: float
    wall: float
    worst: float  # of both together
    statements: int

    @property
    def cpu(self) -> float:
        return self.database + self.python

    @property
    def kept(self) -> bool:
        return self.cpu <= MOST_MS and self.statements <= MOST_STATEMENTS


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.moves", description=__doc__)
    parser.add_argument("verbs", nargs="*", metavar="VERB")
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--keep", action="store_true", help="leave the database for the next run")
    wanted = parser.parse_args()
    every = sorted(set(workflow.MOVES) - {"register"})
    if unknown := set(wanted.verbs) - set(every):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    with search.database(wanted.tickets, keep=wanted.keep):
        return measure(wanted.verbs or every, wanted.times)


def measure(verbs: list[str], times: int) -> int:
    print(f"{Ticket.objects.count():,} tickets, load {os.getloadavg()[0]:.1f}; medians of {times}, ms")
    print(f"{'':22}{'statements':>11}{'database':>10}{'Python':>8}{'CPU':>8}{'worst':>8}{'wall':>8}")
    kept = True
    with transaction.atomic():
        stage = Stage(
            cast(),
            Customer.objects.create(name="王小明", phone="13800001234", email="wang@example.com", created_at=NOON),
        )
        for verb in verbs:
            cost = cost_of(verb, stage, times)
            kept &= cost.kept
            mark = "" if cost.kept else f"  over {MOST_STATEMENTS} statements or {MOST_MS:.0f} ms"
            print(
                f"{verb:22}{cost.statements:>11}{cost.database:>10.1f}{cost.python:>8.1f}{cost.cpu:>8.1f}{cost.worst:>8.1f}"
                f"{cost.wall:>8.1f}{mark}",
                flush=True,
            )
        transaction.set_rollback(True)
    return 0 if kept else 1


def cost_of(verb: str, stage: Stage, times: int) -> Cost:
    ready, move = moves(stage)[verb], getattr(tickets, verb)
    database, python, wall = [], [], []
    for number in range(times + 2):  # the first two read what is remembered afterwards, and are counted
        ticket, arguments = ready()
        if number < 2:
            with CaptureQueriesContext(connection) as made:
                move(ticket, **arguments)
            continue
        served, worked, begin = bare.database_ms(), time.process_time(), time.perf_counter()
        move(ticket, **arguments)
        wall.append((time.perf_counter() - begin) * 1000)
        python.append((time.process_time() - worked) * 1000)
        database.append(bare.database_ms() - served)
    statements = [query for query in made.captured_queries if "SAVEPOINT" not in query["sql"]]
    worst = max(map(sum, zip(database, python, strict=True)))
    return Cost(median(database), median(python), median(wall), worst, len(statements))


def cast() -> dict[str, Any]:
    """Six people and three departments beside those of the tickets."""
    if not Department.objects.filter(is_office=True).exists():
        department("bench-office", "意见办公室", is_office=True)
    office = Department.objects.get(is_office=True)
    defaults.create_defaults()
    services_setup.create_defaults()
    after_sales, logistics = department("bench-sales", "售后服务部"), department("bench-logistics", "物流配送部")
    people = {
        "lin": user("bench-lin", "林", ["agent"], office),
        "chen": user("bench-chen", "陈", ["handler"], after_sales),
        "gao": user("bench-gao", "高", ["head"], after_sales),
        "han": user("bench-han", "韩", ["handler", "head"], logistics),
        "zhou": user("bench-zhou", "周", ["office"], office),
        "tang": user("bench-tang", "唐", ["leader"], office),
    }
    after_sales.head = people["gao"]
    after_sales.save(update_fields=["head"])
    return people | {"after_sales": after_sales, "logistics": logistics, "office": office}


if __name__ == "__main__":
    sys.exit(main())

"""How fast it is, beside what PostgreSQL alone does in the same run: `make bench`, or

    python -m tests.bench [submit] [pages] [sweep] [report] [--data DIR] [--port 21880]

Everything is measured on `TICKETS` (100,000) invented tickets beside the real server, worker and beat. The data stays
in `--data`, so that a second run starts at once. A figure over its limit is marked; the exit status is then 1.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import django

from config import embedded
from tests.bench import product

PARTS = ("submit", "pages", "sweep", "report")
TURNS = 5
"""So often the product and the smallest view are measured, one after the other."""


@dataclass(frozen=True)
class Line:
    what: str
    value: str
    limit: str
    kept: bool
    bare: str = ""
    queries: int | None = None
    cpu_ms: float | None = None


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help="of " + ", ".join(PARTS))
    parser.add_argument("--data", type=Path, default=product.ROOT / "var" / "bench")
    parser.add_argument("--port", type=int, default=21880)
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    tickets, data = int(os.environ.get("TICKETS") or 100_000), given.data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    os.environ |= {"HUISHENG_DATA": str(data), "HUISHENG_DEMO": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
    with embedded.servers(), product.running(data, given.port):
        django.setup()
        fill(tickets)
        print(
            f"{tickets:,} tickets, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before anything is measured\n"
        )
        print(f"{'':40}{'measured':>26}{'CPU a call':>12}{'limit':>24}{'PostgreSQL alone':>22}{'queries':>9}")
        kept = True
        for part in given.parts or PARTS:
            for line in MEASURES[part](given.port):
                mark = "" if line.kept else "  over its limit"
                queries = "" if line.queries is None else str(line.queries)
                cpu = "" if line.cpu_ms is None else f"{line.cpu_ms:.0f} ms"
                row = f"{line.what:40}{line.value:>26}{cpu:>12}{line.limit:>24}{line.bare:>22}{queries:>9}{mark}"
                print(row, flush=True)
                kept &= line.kept
    return 0 if kept else 1


def fill(tickets: int) -> None:
    """As many tickets as asked, by the import path; what an earlier run made is kept. The file is there before the clock
    starts, as a real one is."""
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from config.management.commands.demo_data import SOURCE, written
    from tickets.models import Ticket

    known = Ticket.objects.filter(source=SOURCE).count()
    if known < tickets:
        with written(tickets, timezone.now()) as path:
            begin = time.perf_counter()
            call_command("import_tickets", path, source=SOURCE)
            spent = time.perf_counter() - begin
        print(f"import: {(tickets - known) / spent:,.0f} tickets a second")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


# --- the measures ---------------------------------------------------------------------------------
def submit(port: int) -> Iterator[Line]:
    from django.db import connection

    from feedback.channels import web
    from tests.bench import bare
    from tickets.models import Ticket

    def once() -> None:
        from django.utils import timezone

        given = dict.fromkeys(("email", "region", "place", "remedy_sought"), "")
        given |= {
            "content": product.WORDS,
            "nature": "complaint",
            "anonymous": False,
            "name": "王",
            "phone": "13800001234",
        }
        given |= {"occurred_at": None, "consent": True}
        key = f"bench-{time.time_ns()}"
        web.take(given, uploads=[], key=key, language="zh-hans", at=timezone.now())

    once()
    queries = len(bare.captured(once))
    for name, sender in (("form", product.form_sender), ("API", product.api_sender)):
        wanted = 302 if name == "form" else 201
        product.at_once([sender(port) for _ in range(4)], wanted, 25)  # each of its processes has been asked before
        latest = Ticket.objects.filter(channel="web" if name == "form" else "app").latest("pk")
        ours, theirs = [], []
        with bare.tables():
            alone = bare.writing_a_second(latest.pk, 4, 500)
            with product.smallest(Path(os.environ["HUISHENG_DATA"]), port + 1, latest.pk), product.delivery_held():
                for _turn in range(TURNS):  # what else the machine does meets both alike
                    ours.append(product.at_once([sender(port) for _ in range(4)], wanted, 200))
                    theirs.append(product.at_once([product.bare_sender(port + 1) for _ in range(4)], 200, 300))
        connection.close()
        times, least = product.together(ours), product.together(theirs)
        kept = times.a_second >= max(100, least.a_second / 2) and times.p95_ms <= 60
        value = f"{times.a_second:.0f}/s, p95 {times.p95_ms:.0f} ms"
        what = f"submission by {name}, 4 at once"
        limit = f"100/s and {least.a_second / 2:.0f}/s, 60 ms"
        yield Line(what, value, limit, kept, f"{alone:.0f}/s, web {least.a_second:.0f}/s", queries, times.cpu_ms)


def pages(port: int) -> Iterator[Line]:
    from django.conf import settings
    from django.test import Client

    from accounts.models import User
    from tests.bench import bare
    from tickets.models import Ticket

    settings.ALLOWED_HOSTS = ["*"]
    zhou, chen = User.objects.get(username="zhou"), User.objects.get(username="chen")
    busy = Ticket.objects.filter(department__code="after_sales", status="in_progress").latest("received_at")
    looks = [
        ("queue, office", zhou, "/tickets/", 60),
        ("queue, handler", chen, "/tickets/", 60),
        ("queue, all tickets", zhou, "/tickets/?view=all", 60),
        ("queue, filtered and searched", zhou, "/tickets/?view=all&nature=complaint&channel=phone&q=安装漏水", 80),
        ("search, a common word", zhou, "/tickets/?q=安装", 80),
        ("search, a common word, handler", chen, "/tickets/?q=安装", 80),
        ("search, a word that is nowhere", zhou, "/tickets/?q=锅炉房", 80),
        ("ticket page", zhou, busy.get_absolute_url(), 60),
        ("desk", User.objects.get(username="lin"), "/desk/", 60),
        ("figures of a month", User.objects.get(username="he"), "/reports/", 300),
        ("form", zhou, "/", 60),
    ]
    for what, person, path, limit in looks:
        client = Client()
        client.force_login(person)
        session = client.cookies["sessionid"].value
        path = quoted(path)
        client.get(path)
        statements = bare.captured(lambda client=client, path=path: client.get(path))
        times = product.at_once([product.reader(port, path, session)], 200, 30)
        kept = times.median_ms <= limit and len(statements) <= (15 if limit < 100 else 40)
        value = f"{times.median_ms:.0f} ms, p95 {times.p95_ms:.0f} ms"
        alone = f"{bare.reading_ms(statements):.1f} ms"
        yield Line(what, value, f"{limit} ms", kept, alone, len(statements), times.cpu_ms)


def quoted(path: str) -> str:
    from urllib.parse import quote

    return quote(path, safe="/?=&")


def undone(work: Callable[[], int]) -> tuple[float, int, list[str]]:
    """Seconds, result and statements of work whose changes are taken back."""
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as seen, transaction.atomic():
        begin = time.perf_counter()
        result = work()
        spent = time.perf_counter() - begin
        transaction.set_rollback(True)
    return spent, result, [query["sql"] for query in seen.captured_queries]


def sweep(port: int) -> Iterator[Line]:
    """10,000 due items at once, as after an outage; taken back afterwards, as is the same work in plain SQL."""
    from django.utils import timezone

    from sla.models import DueItem
    from sla.services_sweep import BATCH, sweep_batch
    from tests.bench import bare

    at = timezone.now() + timedelta(seconds=1)
    coming = list(DueItem.objects.filter(fired_at=None).order_by("fire_at", "pk").values_list("pk", flat=True)[:10_000])

    def work() -> int:
        DueItem.objects.filter(pk__in=coming).update(fire_at=at)
        begin, worked, done = time.perf_counter(), time.process_time(), 0
        while count := sweep_batch(at, BATCH):
            done += count
        spent.extend([time.perf_counter() - begin, time.process_time() - worked])
        return done

    spent: list[float] = []
    _whole, done, statements = undone(work)
    writes = [sql for sql in statements if sql.startswith(("INSERT", "UPDATE", "COPY"))]
    value = f"{done:,} in {spent[0]:.1f} s ({spent[1]:.1f} s CPU)"
    kept = spent[0] <= 4 * max(done, 1) / 10_000
    alone = f"{bare.sweeping_s(coming, at):.1f} s"
    yield Line("sweep of what is due", value, "4 s for 10,000", kept, alone, len(writes))


def report(port: int) -> Iterator[Line]:
    from django.utils import timezone

    from reports import periods
    from reports.models import Report
    from reports.services import build_report
    from tests.bench import bare

    at = timezone.now()
    begin = (timezone.localdate(at).replace(day=1) - timedelta(days=1)).replace(day=1)

    def work() -> int:
        Report.objects.filter(kind="month", start=periods.containing(begin, "month").start).delete()  # the demo has one
        return build_report(kind="month", start=begin, at=at, by=None).pk

    spent, _result, statements = undone(work)
    alone = bare.reading_ms(statements, times=1)
    yield Line("report of a month", f"{spent:.1f} s", "10 s", spent <= 10, f"{alone / 1000:.1f} s", len(statements))


MEASURES: dict[str, Callable[[int], Iterator[Line]]] = {
    "submit": submit,
    "pages": pages,
    "sweep": sweep,
    "report": report,
}

if __name__ == "__main__":
    sys.exit(main())

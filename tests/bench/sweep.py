"""The sweep at scale: `python -m tests.bench.sweep [--open 1000000] [--due 10000] [--imported 5000]`.

Works in a database of its own (`test_…`) on the server of the settings and drops it afterwards. Prints: an idle sweep
over the open clocks; so many limits falling due at once, with events, accountability, levels and notices, by one
worker; the lag of a steady flow of due limits; what clocks cost an imported ticket.
"""

import argparse
import time
from datetime import timedelta

from tests.bench.set_up import set_up

set_up(__name__)

from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Department, User  # noqa: E402
from notices.models import Notice  # noqa: E402
from sla import services  # noqa: E402
from sla.models import Clock, DueItem, SlaTarget  # noqa: E402
from sla.rulebook import snapshot  # noqa: E402
from sla.services_setup import create_defaults  # noqa: E402
from sla.services_sweep import next_instant, sweep  # noqa: E402
from tests.bench import bare  # noqa: E402
from tests.make import moment  # noqa: E402
from tests.people import department, user  # noqa: E402
from tickets.models import Ticket, TicketEvent  # noqa: E402

MONDAY = moment("2026-11-23 10:00")
A_CLOCK = (
    "INSERT INTO sla_clock (ticket_id, metric, round, target, started_at, due_at, due_version, state, provisional)"
    " SELECT id, %s, 1, %s::jsonb, %s, %s, 1, 'running', false FROM tickets_ticket WHERE subject = %s"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--open", type=int, default=1_000_000, help="open clocks in the background")
    parser.add_argument("--due", type=int, default=10_000, help="limits that fall due at once")
    parser.add_argument("--flow", type=int, default=200, help="limits that fall due each second, for the lag")
    parser.add_argument("--seconds", type=int, default=20, help="for so long")
    parser.add_argument("--imported", type=int, default=5_000, help="tickets of imported history")
    wanted = parser.parse_args()
    name = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = "bench_sweep"  # not in the way of tests
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        run(wanted)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def run(wanted: argparse.Namespace) -> None:
    create_defaults()
    home = department("after_sales", "售后服务部")
    chen, gao = user("chen", "陈思源", ["handler"], home), user("gao", "高远", ["head"], home)
    user("zhou", "周明", ["office"], home)
    Department.objects.update(head=gao)
    open_clocks(wanted.open, home, chen)
    times, before = [], bare.database_ms()
    for number in range(20):
        with CaptureQueriesContext(connection) as queries:
            sweep(MONDAY + timedelta(seconds=number))
        times.append(sum(float(query["time"]) for query in queries.captured_queries) * 1000)
    times.sort()
    print(
        f"idle sweep over {wanted.open:,} open clocks: median {times[10]:.1f} ms, worst {times[-1]:.1f} ms of database, "
        f"{(bare.database_ms() - before) / 20:.1f} ms of its CPU (limit 10 ms)"
    )
    fall_due(wanted.due, home, chen)
    begun, worked, before = time.perf_counter(), time.process_time(), bare.database_ms()
    done = sweep(moment("2026-11-23 12:00"))
    seconds, worked = time.perf_counter() - begun, time.process_time() - worked
    breaches = TicketEvent.objects.filter(kind="breach").count()
    print(
        f"{done:,} due at once: {seconds:.2f} s (limit 4 s; CPU {worked:.2f} s here and "
        f"{(bare.database_ms() - before) / 1000:.2f} s in the database), {done / seconds:,.0f} a second; "
        f"{breaches:,} breaches, {Notice.objects.count():,} notices"
    )
    flow(wanted.flow, wanted.seconds, home, chen)
    imported(wanted.imported, home, chen)


def tickets(count: int, subject: str, home: Department, owner: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_ticket (number, version, status, round, level, channel, subject, content, anonymous,"
            " place, remedy_sought, region_text, source, external_id, source_url, language, nature, tier, scope,"
            " is_bad_review, verdict, needs_review, department_id, departments, owner_id, received_at, registered_at,"
            " rating, void_reason, tracking_digest)"
            " SELECT %s || n, 1, 'in_progress', 1, 0, 'web', %s, repeat('安装后漏水。', 30), false, '', '', '', '', '',"
            " '', 'zh-hans', 'complaint', 'L2', 'individual', false, '{}', false, %s, ARRAY[%s]::bigint[], %s, %s, %s,"
            " '', '', '' FROM generate_series(1, %s) AS n",
            [subject, subject, home.pk, home.pk, owner.pk, MONDAY, MONDAY, count],
        )


def clocks(subject: str, metric: str, due: object) -> None:
    from psycopg2.extras import Json

    target = SlaTarget.objects.select_related("policy", "calendar").get(policy__code="l2", metric=metric)
    with connection.cursor() as cursor:
        cursor.execute(A_CLOCK, [metric, Json(snapshot(target.policy, target)), MONDAY, due, subject])


def open_clocks(count: int, home: Department, owner: User) -> None:
    far = MONDAY + timedelta(days=365)
    tickets(count // 4, "open", home, owner)
    for metric in ("first_response", "progress_update", "resolution", "accept"):
        clocks("open", metric, far)
    items("open")


def fall_due(count: int, home: Department, owner: User) -> None:
    tickets(count, "due", home, owner)
    clocks("due", "first_response", moment("2026-11-23 12:00"))
    items("due")


def flow(a_second: int, seconds: int, home: Department, owner: User) -> None:
    """A steady flow, swept as one worker does: a tick every two seconds and a nudge at the next due time."""
    count, ahead = a_second * seconds, timedelta(seconds=3 + a_second * seconds / 2000)
    tickets(count, "flow", home, owner)
    clocks("flow", "first_response", MONDAY)
    begin = timezone.now() + ahead
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sla_clock c SET due_at = %s + (n.n / %s::float) * interval '1 second' FROM (SELECT c.id, row_number()"
            " OVER (ORDER BY c.id) AS n FROM sla_clock c JOIN tickets_ticket t ON t.id = c.ticket_id"
            " WHERE t.subject = 'flow') n WHERE n.id = c.id",
            [begin, a_second],
        )
    items("flow")
    ours = DueItem.objects.filter(clock__ticket__subject="flow")
    done_at, worked = {}, 0.0
    while ours.filter(fired_at=None).exists():
        at, before = timezone.now(), time.process_time()
        sweep(at)
        done_at[at], worked = timezone.now(), worked + time.process_time() - before
        coming = next_instant(timezone.now(), timedelta(seconds=2))
        time.sleep(max((coming - timezone.now()).total_seconds(), 0) if coming else 2)
    lags = sorted((done_at[fired] - due).total_seconds() for due, fired in ours.values_list("fire_at", "fired_at"))
    print(
        f"{a_second} due a second for {seconds} s: lag from due to stored median {lags[count // 2]:.2f} s, "
        f"p99 {lags[count * 99 // 100]:.2f} s (limit 2 s), {worked / count * 1000:.2f} ms of this process each"
    )


def items(subject: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO sla_dueitem (clock_id, threshold, fire_at, due_version, failures)"
            " SELECT c.id, 'due', c.due_at, 1, 0 FROM sla_clock c JOIN tickets_ticket t ON t.id = c.ticket_id"
            " WHERE t.subject = %s",
            [subject],
        )
        for table in ("tickets_ticket", "sla_clock", "sla_dueitem"):
            cursor.execute(f"ANALYZE {table}")


def imported(count: int, home: Department, owner: User) -> None:
    """Register, answer and resolve each, as an import hands them over; only the clocks are timed."""
    tickets(count, "imported", home, owner)
    events = []
    for ticket in Ticket.objects.filter(subject="imported").select_related("department"):
        ticket.status = "resolved"
        for version, kind in enumerate(("register", "reply", "resolve"), start=1):
            at = MONDAY + timedelta(minutes=20 * (version - 1))
            events.append(
                TicketEvent(
                    ticket=ticket, at=at, kind=kind, actor=owner, round=1, version=version,
                    status="new" if version == 1 else "resolved", data={"imported": True},
                )
            )  # fmt: skip
    begun, worked = time.perf_counter(), time.process_time()
    services.follow(events)
    seconds, worked = time.perf_counter() - begun, time.process_time() - worked
    made = Clock.objects.filter(ticket__subject="imported").count()
    left = DueItem.objects.filter(clock__ticket__subject="imported").count()
    print(
        f"{count:,} imported tickets, {made:,} clocks: {1000 * seconds / count:.3f} ms a ticket, {left} due items left"
    )


if __name__ == "__main__":
    main()

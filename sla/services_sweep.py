"""The sweep: what is due is claimed, judged and done in one transaction (`sla.md`, "The sweep").

Truth is rows. A tick means "look what is due", so missed ticks, two beats, many workers and a worker killed at any
point change nothing but how soon it is noticed.
"""

import logging
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction

from common.bulk import update_rows
from common.collecting import uncollected
from sla import ladder, lag
from sla.clockwork import SHOWN, Clockwork
from sla.models import Clock, DueItem, Heartbeat, Metric
from sla.services_ladder import act
from sla.services_overdue import Step, reached
from tickets.models import Ticket
from tickets.workflow import Tier

log = logging.getLogger(__name__)

BATCH = 1000
HEARTBEAT = "sweep"
DOES = {"level", "remind", "notice", "group", "reassign"}
FIRST_RETRY = timedelta(minutes=1)
LONG_TEXTS = ("content", "verdict")


class Due(NamedTuple):
    """A due item that was claimed, with its ticket; an instance of the model costs ten times as much."""

    pk: int
    clock_id: int
    threshold: str
    fire_at: datetime
    due_version: int
    ticket_id: int


_CLAIM = """
SELECT i.id, i.clock_id, i.threshold, i.fire_at, i.due_version, c.ticket_id
FROM sla_dueitem i JOIN sla_clock c ON c.id = i.clock_id JOIN tickets_ticket t ON t.id = c.ticket_id
WHERE i.fired_at IS NULL AND i.fire_at <= %(at)s {only}
ORDER BY i.fire_at, i.id LIMIT %(size)s FOR UPDATE OF i, t SKIP LOCKED
"""


def sweep(at: datetime, *, batch: int = BATCH) -> int:
    """Do everything that is due at `at`, L1 first, then in order, until nothing is left. Returns how many due items were done.

    Items of tickets that somebody else holds at this moment are left for the next tick: it waits for nobody.
    """
    done = 0
    if DueItem.objects.due(at).exists():  # mostly nothing is: one look instead of two transactions
        done = sweep_all(at, batch, tier=Tier.L1) + sweep_all(at, batch)
    beat(at, {"done": done})
    return done


def sweep_all(at: datetime, batch: int, *, tier: str = "") -> int:
    """Batch after batch until nothing is left. Of a long backlog two threads share what is left after the first batch: while
    one of them judges, the database writes what the other has judged."""
    done = one_batch(at, batch, tier)
    if done == 0:
        return 0
    if done < batch or connection.in_atomic_block:  # nobody beside would see our transaction
        return done + the_rest(at, batch, tier)
    with ThreadPoolExecutor(1) as threads:
        beside = threads.submit(the_rest_beside, at, batch, tier)
        done += the_rest(at, batch, tier)
        return done + beside.result()


def the_rest(at: datetime, batch: int, tier: str) -> int:
    done = 0
    while count := one_batch(at, batch, tier):
        done += count
    return done


def the_rest_beside(at: datetime, batch: int, tier: str) -> int:
    """The same in a thread that ends with it, and so does its connection."""
    try:
        return the_rest(at, batch, tier)
    finally:
        connection.close()


def one_batch(at: datetime, batch: int, tier: str) -> int:
    try:
        return sweep_batch(at, batch, tier=tier)
    except Exception:  # one poisoned row must not stop the others
        log.exception("a batch of the sweep failed; its items are taken one by one")
        return one_by_one(at, batch, tier=tier)


@transaction.atomic
def beat(at: datetime, data: dict[str, Any]) -> None:
    """Note the last good run. Nobody waits for the disk: a beat that a power failure takes is beaten again."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")
    row = Heartbeat(name=HEARTBEAT, at=at, data=data)
    Heartbeat.objects.bulk_create([row], update_conflicts=True, update_fields=["at", "data"], unique_fields=["name"])


@uncollected()
@transaction.atomic
def sweep_batch(at: datetime, size: int, *, tier: str = "") -> int:
    items = claim(at, size, tier=tier)
    if len(items) == size:  # what else is due of these cases belongs with them, so that nobody hears of a clock twice
        rest = claim(at, None, tickets={item.ticket_id for item in items}, besides=items)
        items = sorted([*items, *rest], key=lambda item: (item.fire_at, item.pk))
    fire(items, at)
    lag.note([item.fire_at for item in items], at)
    return len(items)


def claim(
    at: datetime,
    size: int | None,
    *,
    pk: int | None = None,
    tier: str = "",
    tickets: Iterable[int] = (),
    besides: Sequence[Due] = (),
) -> list[Due]:
    """Lock due items with their tickets, oldest first; those that are locked already are skipped. One query.

    Only those of one `tier`, of some `tickets`, or the one that is named.
    """
    values: dict[str, Any] = {"at": at, "size": size, "pk": pk, "tier": tier, "tickets": list(tickets)}
    values["besides"] = [item.pk for item in besides]
    conditions = {
        "pk": "AND i.id = %(pk)s",
        "tier": "AND t.tier = %(tier)s",
        "tickets": "AND t.id = ANY(%(tickets)s)",
        "besides": "AND i.id <> ALL(%(besides)s)",
    }
    only = " ".join(condition for name, condition in conditions.items() if values[name])
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM.format(only=only), values)
        return list(map(Due._make, cursor.fetchall()))


def fire(items: Sequence[Due], at: datetime) -> None:
    """Judge each item against its clock as it is now, and do what its step says. Marks all of them fired."""
    if not items:
        return
    tickets = Ticket.objects.filter(pk__in={item.ticket_id for item in items}).order_by()  # locked by `claim`
    work = Clockwork.of(tickets.defer(*LONG_TEXTS).prefetch_related("department"))
    clocks = {clock.pk: clock for found in work.clocks.values() for clock in found}
    work.people.learn(clocks[item.clock_id] for item in items if item.clock_id in clocks)
    steps = []
    for item in items:
        clock = clocks.get(item.clock_id)
        if clock is None or item.due_version != clock.due_version:
            continue
        if item.threshold == ladder.DUE and clock.metric == Metric.CUSTOMER_REPLY:
            end_wait(work, clock)
            steps.append(Step(clock, item.threshold, item.fire_at))
        elif item.threshold == ladder.DUE:
            if clock.state == Clock.State.RUNNING and clock.due_at is not None:
                work.miss(clock)
                steps.append(Step(clock, item.threshold, clock.due_at))
        elif waits_for(item, clock):
            steps.append(Step(clock, item.threshold, item.fire_at))
    work.write()
    changed = work.to_show()
    steps = highest_only(steps)
    take_turns(at)
    written = reached(steps, at)
    update_rows([ticket for ticket in changed if ticket.pk not in written], SHOWN)
    act(steps, at)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sla_dueitem SET fired_at = %s WHERE id = ANY(%s)", [at, [item.pk for item in items]])


def take_turns(at: datetime) -> None:
    """Batches of one sweep go on one after the other from here to their commit: what a person is told counts over all of them
    (`services_overdue.tell`). One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"sweep {at.isoformat()}"])


def waits_for(item: Due, clock: Clock) -> bool:
    """A warning is for a clock that still runs, a step after the due time for one that was missed."""
    if item.threshold.startswith("+"):
        return clock.state == Clock.State.MISSED
    return clock.state == Clock.State.RUNNING and clock.due_at is not None


def end_wait(work: Clockwork, clock: Clock) -> None:
    """The customer did not answer within the limit: what waited for it goes on from that moment. No breach of ours."""
    if clock.state != Clock.State.RUNNING or clock.due_at is None:
        return
    for paused in work.active(clock.ticket):
        work.resume(paused, clock.due_at, reason="no answer")
    work.void(clock, clock.due_at, reason="no answer")


def highest_only(steps: Sequence[Step]) -> list[Step]:
    """After an outage several steps of one clock come at once: warnings that a later one overtook tell nobody."""
    last: dict[int, Step] = {}
    for step in steps:
        last[step.clock.pk] = step
    return [
        step for step in steps if step is last[step.clock.pk] or step.threshold == ladder.DUE or DOES & step.plan.keys()
    ]


def one_by_one(at: datetime, size: int, *, tier: str = "") -> int:
    """Each due item in a transaction of its own; what fails is pushed on, doubling, and logged."""
    done = 0
    due = DueItem.objects.due(at)
    if tier:
        due = due.filter(clock__ticket__tier=tier)
    for pk in list(due.values_list("pk", flat=True)[:size]):
        try:
            with transaction.atomic():
                items = claim(at, 1, pk=pk)
                fire(items, at)
                done += len(items)
        except Exception:
            log.exception("due item %s is pushed on", pk)
            push_on(pk, at)
            done += 1
    return done


def push_on(pk: int, at: datetime) -> None:
    item = DueItem.objects.get(pk=pk)
    item.failures += 1
    item.fire_at = at + FIRST_RETRY * 2 ** min(item.failures, 8)
    item.save(update_fields=["failures", "fire_at"])


def next_instant(at: datetime, within: timedelta) -> datetime | None:
    """The next instant at which something falls due, when it is that near. One look into the index."""
    near = DueItem.objects.filter(fired_at=None, fire_at__gt=at, fire_at__lte=at + within)
    return near.order_by("fire_at").values_list("fire_at", flat=True).first()

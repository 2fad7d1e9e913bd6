"""A hundred thousand open clocks at once (`make soak`)."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F

from sla.models import Clock, ClockEvent, SlaTarget
from sla.services_policies import apply_to_open
from sla.services_setup import create_defaults
from sla.services_verify import verify
from tests.bench import sweep as bench

pytestmark = [pytest.mark.django_db, pytest.mark.soak]
COUNT = 100_000
STARTED = (
    "INSERT INTO sla_clockevent (clock_id, at, kind, reason, due_after, data)"
    " SELECT id, started_at, 'start', '', due_at, jsonb_build_object('target', target) FROM sla_clock"
)


def test_a_changed_policy_is_applied_to_a_hundred_thousand_open_clocks_each_once(after_sales, chen):
    create_defaults()
    bench.open_clocks(COUNT, after_sales, chen)
    with connection.cursor() as cursor:
        cursor.execute(STARTED)
    SlaTarget.objects.filter(policy__code="l2").update(amount=F("amount") + 1)
    at, begun = bench.MONDAY + timedelta(minutes=30), time.perf_counter()
    effect = apply_to_open(at=at, by=None)
    print(f"{effect.moved:,} clocks of {effect.tickets:,} tickets in {time.perf_counter() - begun:.0f} s")
    assert (effect.tickets, effect.moved, effect.overdue, effect.ended) == (COUNT // 4, COUNT, 0, 0)
    moved = ClockEvent.objects.filter(kind="retarget")
    assert (moved.count(), moved.values("clock").distinct().count()) == (COUNT, COUNT)
    resolution = (
        Clock.objects.filter(metric="resolution").order_by("due_at").values_list("due_at", flat=True).distinct()
    )
    assert list(resolution) == [bench.MONDAY + timedelta(hours=49)]
    assert verify(at) == 0
    assert apply_to_open(at=at, by=None).moved == 0, "applied again it changes nothing"

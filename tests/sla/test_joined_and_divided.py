"""The limits of cases that become one, or two."""

from datetime import timedelta

import pytest

from sla.models import Clock
from sla.services_setup import create_defaults
from sla.services_sweep import sweep
from tests.make import a_ticket, moment
from tickets import services as tickets
from tickets.models import Customer, Ticket

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-11-23 10:00")
LATER = MONDAY + timedelta(hours=3)


@pytest.fixture
def pair(after_sales, zhou):
    """Two cases of one customer, three hours apart."""
    create_defaults()
    wang = Customer.objects.create(name="王小明", phone="13800001234", created_at=MONDAY)
    return a_ticket(MONDAY, customer=wang, department=after_sales), a_ticket(
        LATER, customer=wang, department=after_sales
    )


def running(ticket):
    rows = Clock.objects.filter(ticket=ticket, state="running")
    return {clock.metric: (clock.started_at, clock.due_at) for clock in rows}


def test_the_survivor_of_a_merge_keeps_the_earliest_start_and_its_due_times(pair, zhou):
    first, second = pair
    before = running(first)
    assert before["resolution"] == (MONDAY, MONDAY + timedelta(hours=48))
    tickets.merge(second, into=first, by=zhou, at=LATER + timedelta(hours=1))
    assert running(first) == before
    assert running(second) == {}
    second.refresh_from_db()
    assert second.next_due_at is None


def test_a_merged_case_is_never_late_and_the_survivor_is_late_once(pair, zhou):
    first, second = pair
    tickets.merge(second, into=first, by=zhou, at=LATER)
    sweep(MONDAY + timedelta(days=4))
    late = Clock.objects.filter(metric="resolution", state="missed")
    assert [(clock.ticket_id, clock.breached_at) for clock in late] == [(first.pk, MONDAY + timedelta(hours=48))]
    assert not second.events.filter(kind="breach").exists()


def test_a_clock_that_was_missed_before_the_merge_stays_missed(pair, zhou):
    first, second = pair
    sweep(LATER + timedelta(hours=49))
    assert second.clocks.get(metric="resolution").state == "missed"
    tickets.merge(second, into=first, by=zhou, at=LATER + timedelta(hours=50))
    clock = second.clocks.get(metric="resolution")
    assert (clock.state, clock.breached_at) == ("missed", LATER + timedelta(hours=48))


def test_a_case_split_off_has_limits_of_its_own_and_the_first_keeps_its_own(pair, zhou):
    first, _second = pair
    before = running(first)
    tickets.split(first, subject="墙面受损", content="请赔偿", nature="complaint", by=zhou, at=LATER)
    part = Ticket.objects.get(parent=first)
    assert running(first) == before
    assert running(part)["resolution"] == (LATER, LATER + timedelta(hours=48))


def test_a_case_split_off_a_message_counts_from_that_message(pair, zhou):
    """Who wrote at noon of a second matter does not wait longer because the office divided the case in the evening."""
    first, _second = pair
    tickets.customer_message(first, text="另外，墙也被弄坏了，请赔偿。", at=LATER)
    said = first.messages.get(direction="in")
    tickets.split(
        first, subject="墙面受损", content="请赔偿", nature="complaint", message=said, by=zhou,
        at=LATER + timedelta(hours=6),
    )  # fmt: skip
    part = Ticket.objects.get(parent=first)
    assert (part.received_at, part.registered_at) == (LATER, LATER + timedelta(hours=6))
    assert running(part)["resolution"] == (LATER, LATER + timedelta(hours=48))


def test_a_message_of_another_case_cannot_be_split_off(pair, zhou):
    first, second = pair
    tickets.customer_message(second, text="还有一件事", at=LATER)
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.split(first, subject="x", content="y", message=second.messages.get(direction="in"), by=zhou, at=LATER)

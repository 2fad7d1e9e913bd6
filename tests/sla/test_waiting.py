"""Pauses as the row engine makes them; the arithmetic itself is proved in `test_pauses.py`."""

from datetime import timedelta

import pytest

from sla.models import Accountability, Clock, DueItem, SlaTarget
from sla.services_setup import create_defaults
from sla.services_sweep import sweep
from tests.make import a_ticket, moment
from tickets import services as tickets

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-11-23 10:00")
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def policies(db):
    create_defaults()


@pytest.fixture
def waiting(chen, after_sales):
    ticket = a_ticket(MONDAY, department=after_sales)
    return tickets.request_information(ticket, text="什么型号？", by=chen, at=MONDAY + HOUR)


def clock(ticket, metric, round_=1):
    return Clock.objects.get(ticket=ticket, metric=metric, round=round_)


def test_a_paused_case_has_no_due_time_and_nothing_to_sweep(waiting):
    waiting.refresh_from_db()
    assert waiting.next_due_at is None and waiting.soon_at is None
    assert not DueItem.objects.filter(clock=clock(waiting, "resolution"), fired_at=None).exists()
    assert sweep(MONDAY + 60 * HOUR) == 0
    assert clock(waiting, "resolution").state == "paused"


def test_a_pause_that_begins_before_the_due_time_and_ends_after_it_breaks_nothing(waiting):
    tickets.customer_message(waiting, text="清岚 1.5 匹", at=MONDAY + 100 * HOUR)
    resolution = clock(waiting, "resolution")
    assert (resolution.state, resolution.breached_at) == ("running", None)
    assert resolution.due_at == MONDAY + 48 * HOUR + 99 * HOUR
    assert resolution.soon_at == MONDAY + 0.8 * 48 * HOUR + 99 * HOUR


def test_a_pause_after_the_due_time_heals_nothing(chen, after_sales):
    ticket = a_ticket(MONDAY, department=after_sales)
    ticket = tickets.reply(ticket, text="正在处理。", by=chen, at=MONDAY + HOUR)
    ticket = tickets.request_information(ticket, text="什么型号？", by=chen, at=MONDAY + 50 * HOUR)
    tickets.customer_message(ticket, text="清岚 1.5 匹", at=MONDAY + 60 * HOUR)
    late = clock(ticket, "resolution")
    assert (late.state, late.breached_at) == ("missed", MONDAY + 48 * HOUR)
    assert not late.events.filter(kind="pause").exists()
    assert Accountability.objects.filter(clock=late).count() == 1


def test_several_pauses_move_the_due_time_by_their_sum(waiting, chen):
    ticket = tickets.customer_message(waiting, text="清岚", at=MONDAY + 2 * HOUR)
    ticket = tickets.request_information(ticket, text="几匹？", by=chen, at=MONDAY + 5 * HOUR)
    ticket = tickets.customer_message(ticket, text="1.5 匹", at=MONDAY + 9 * HOUR)
    assert clock(ticket, "resolution").due_at == MONDAY + (48 + 1 + 4) * HOUR
    assert ticket.next_due_at == Clock.objects.get(ticket=ticket, metric="next_response", state="running").due_at


def test_resolving_while_paused_does_not_count_the_pause(waiting, chen):
    tickets.resolve(waiting, text="已修好。", by=chen, at=MONDAY + 90 * HOUR)
    resolution = clock(waiting, "resolution")
    assert (resolution.state, resolution.elapsed_s) == ("met", 3600)


def test_the_wait_has_a_limit_after_which_the_case_goes_on(waiting, chen):
    wait = clock(waiting, "customer_reply")
    assert wait.due_at == moment("2026-11-30 18:00")
    sweep(moment("2026-11-30 18:00"))
    wait.refresh_from_db()
    assert wait.state == "void"
    resolution = clock(waiting, "resolution")
    assert (resolution.state, resolution.due_at) == ("running", moment("2026-11-30 18:00") + 47 * HOUR)
    assert not waiting.events.filter(kind="breach").exists()
    assert not Accountability.objects.exists()
    told = chen.notices.filter(kind="time_limit", context__metric="customer_reply", context__threshold="due")
    assert told.filter(channel="in_app").count() == 1
    waiting.refresh_from_db()
    assert (waiting.next_due_at, waiting.status) == (resolution.due_at, "in_progress")
    over = waiting.events.get(kind="wait_over")
    assert (over.at, over.actor, over.status) == (moment("2026-11-30 18:00"), None, "in_progress")
    assert sweep(moment("2026-11-30 18:01")) == 0


def test_an_answer_of_the_customer_ends_the_wait(waiting):
    tickets.customer_message(waiting, text="清岚 1.5 匹", at=MONDAY + 2 * HOUR)
    assert clock(waiting, "customer_reply").state == "met"
    assert sweep(moment("2026-12-10 18:00")) > 0
    assert clock(waiting, "customer_reply").state == "met"


def test_a_limit_that_names_no_pause_goes_on(chen, after_sales):
    SlaTarget.objects.filter(metric="resolution").update(pauses_on=[])
    ticket = a_ticket(MONDAY, department=after_sales)
    tickets.request_information(ticket, text="什么型号？", by=chen, at=MONDAY)
    assert clock(ticket, "resolution").state == "running"


def test_a_clock_that_starts_paused_counts_from_the_end_of_the_pause(chen, after_sales):
    """Asked in the second of receipt: not a second is used before the customer answers."""
    ticket = a_ticket(MONDAY, department=after_sales)
    ticket = tickets.request_information(ticket, text="什么型号？", by=chen, at=MONDAY)
    tickets.customer_message(ticket, text="清岚 1.5 匹", at=MONDAY + 30 * HOUR)
    assert clock(ticket, "resolution").due_at == MONDAY + 78 * HOUR


def test_a_new_level_while_waiting_counts_when_the_wait_is_over(waiting, zhou):
    ticket = tickets.classify(waiting, tier="L1", by=zhou, at=MONDAY + 3 * HOUR)
    assert clock(ticket, "resolution").state == "paused"
    tickets.customer_message(ticket, text="清岚 1.5 匹", at=MONDAY + 4 * HOUR)
    assert clock(ticket, "resolution").target["policy"] == "l1"
    assert clock(ticket, "resolution").due_at == moment("2026-11-30 18:00")


def asked(ticket, chen, at):
    return tickets.request_information(ticket, text="请问型号？", by=chen, at=at)


def test_asking_again_before_an_answer_makes_no_longer_wait(waiting, chen):
    """Every four days a question, and the limits would rest for ever."""
    ticket = asked(waiting, chen, moment("2026-11-27 10:00"))
    assert clock(ticket, "customer_reply").due_at == moment("2026-11-30 18:00")
    sweep(moment("2026-11-30 18:00"))
    resolution = clock(ticket, "resolution")
    assert (resolution.state, resolution.due_at) == ("running", moment("2026-11-30 18:00") + 47 * HOUR)


def test_after_a_wait_without_an_answer_a_question_stops_nothing(waiting, chen):
    sweep(moment("2026-11-30 18:00"))
    due = clock(waiting, "resolution").due_at
    ticket = asked(waiting, chen, moment("2026-12-01 10:00"))
    assert (ticket.status, ticket.next_due_at) == ("waiting", due)
    resolution = clock(ticket, "resolution")
    assert (resolution.state, resolution.due_at) == ("running", due)
    sweep(moment("2026-12-08 18:00"))  # this wait ends too, and with it the state
    ticket.refresh_from_db()
    assert ticket.status == "in_progress"


def test_a_case_given_to_somebody_else_waits_no_longer_for_the_same_silence(waiting, chen, after_sales):
    at = moment("2026-11-25 10:00")
    ticket = tickets.assign(waiting, department=after_sales, owner=chen, by=chen, at=at)
    ticket = asked(tickets.accept(ticket, by=chen, at=at), chen, at)
    assert clock_running(ticket, "customer_reply").due_at == moment("2026-11-30 18:00")


@pytest.mark.parametrize("heard", ["message", "call"])
def test_once_the_customer_has_said_something_the_next_question_waits_anew(waiting, chen, heard):
    if heard == "message":
        tickets.customer_message(waiting, text="清岚", at=MONDAY + 2 * HOUR)
    else:
        tickets.reply(waiting, text="电话中用户告知型号。", via="phone", by=chen, at=MONDAY + 2 * HOUR)
    asked(waiting, chen, moment("2026-11-24 10:00"))
    assert clock_running(waiting, "customer_reply").due_at == moment("2026-12-01 18:00")
    assert clock(waiting, "resolution").state == "paused"


def clock_running(ticket, metric):
    return Clock.objects.get(ticket=ticket, metric=metric, state="running")

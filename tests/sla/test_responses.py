"""What counts as an answer, and what a message of the customer starts (`sla.md`, Rules)."""

from datetime import timedelta

import pytest

from sla.models import Clock
from sla.services_setup import create_defaults
from tests.make import a_ticket, moment
from tests.people import user
from tickets import services as tickets

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-11-23 10:00")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def policies(db):
    create_defaults()


@pytest.fixture
def answered(chen, after_sales):
    ticket = a_ticket(MONDAY, department=after_sales)
    return tickets.reply(ticket, text="我们马上来看。", by=chen, at=MONDAY + HOUR)


def clock(ticket, metric, round_=1):
    return Clock.objects.get(ticket=ticket, metric=metric, round=round_)


def clocks(ticket, metric):
    return list(Clock.objects.filter(ticket=ticket, metric=metric).order_by("pk"))


def test_next_response_does_not_start_before_the_first_response(after_sales):
    ticket = a_ticket(MONDAY, department=after_sales)
    tickets.customer_message(ticket, text="还在漏水，请尽快。", at=MONDAY + MINUTE)
    assert clocks(ticket, "next_response") == []


def test_next_response_does_not_start_while_a_missed_first_response_is_unanswered(after_sales):
    ticket = a_ticket(MONDAY, department=after_sales)
    tickets.customer_message(ticket, text="为什么没有人回复？", at=MONDAY + 9 * HOUR)
    assert clocks(ticket, "next_response") == []


def test_repeated_messages_of_the_customer_do_not_move_the_next_response(answered):
    for minutes in (10, 70, 190):
        tickets.customer_message(answered, text=f"第 {minutes} 分钟又漏了。", at=MONDAY + HOUR + minutes * MINUTE)
    (only,) = clocks(answered, "next_response")
    assert only.started_at == MONDAY + HOUR + 10 * MINUTE
    assert only.due_at == moment("2026-11-24 11:10")


def test_the_second_answer_of_an_agent_changes_and_starts_nothing(answered, chen):
    before = list(Clock.objects.filter(ticket=answered).values_list("pk", "state", "due_at", "stopped_at"))
    tickets.reply(answered, text="师傅已经出发。", by=chen, at=MONDAY + 2 * HOUR)
    assert list(Clock.objects.filter(ticket=answered).values_list("pk", "state", "due_at", "stopped_at")) == before


def test_a_thank_you_starts_nothing(answered):
    tickets.customer_message(answered, text="谢谢！", at=MONDAY + 2 * HOUR)
    assert clocks(answered, "next_response") == []


def test_a_machine_ends_no_wait_and_starts_nothing(answered, chen):
    tickets.request_information(answered, text="什么型号？", by=chen, at=MONDAY + 2 * HOUR)
    tickets.customer_message(answered, text="自动回复：我在休假。", at=MONDAY + 3 * HOUR, machine=True)
    assert clock(answered, "resolution").state == "paused"
    assert clocks(answered, "next_response") == []


def test_an_answer_at_the_very_due_time_is_in_time(chen, after_sales):
    ticket = a_ticket(MONDAY, department=after_sales)
    tickets.reply(ticket, text="您好。", by=chen, at=moment("2026-11-23 12:00"))
    assert clock(ticket, "first_response").state == "met"


@pytest.mark.parametrize("how", ["automatic", "note", "program", "nobody"])
def test_only_a_public_message_by_a_person_is_a_first_response(how, chen, after_sales):
    ticket = a_ticket(MONDAY, department=after_sales)
    at = MONDAY + MINUTE
    if how == "automatic":
        tickets.reply(ticket, text="已收到。", by=chen, at=at, automatic=True)
    elif how == "note":
        tickets.note(ticket, text="先打电话。", by=chen, at=at)
    elif how == "program":
        program = user("shop", "商城", ["agent"], after_sales)
        program.is_app = True
        program.save(update_fields=["is_app"])
        tickets.reply(ticket, text="已收到。", by=program, at=at)
    else:
        tickets.reply(ticket, text="已收到。", by=None, at=at)
    assert clock(ticket, "first_response").state == "running"


def test_accepting_is_no_first_response(chen, after_sales):
    ticket = a_ticket(MONDAY, department=after_sales)
    tickets.accept(ticket, by=chen, at=MONDAY + MINUTE)
    assert clock(ticket, "first_response").state == "running"


def test_a_call_answered_at_once_is_the_first_response(lin, after_sales):
    ticket = a_ticket(MONDAY, by=lin, channel="phone", department=after_sales, answered_at_once=True)
    first = clock(ticket, "first_response")
    assert (first.state, first.stopped_at) == ("met", MONDAY)


def test_everything_in_the_second_of_creation_counts_nothing(chen, after_sales):
    ticket = a_ticket(MONDAY, department=after_sales)
    ticket = tickets.accept(ticket, by=chen, at=MONDAY)
    ticket = tickets.request_information(ticket, text="什么型号？", by=chen, at=MONDAY)
    tickets.customer_message(ticket, text="清岚 1.5 匹", at=MONDAY)
    assert clock(ticket, "resolution").due_at == moment("2026-11-25 10:00")
    first = clock(ticket, "first_response")
    assert (first.state, first.elapsed_s) == ("met", 0)


def test_a_claimed_time_does_not_move_the_limit():
    ticket = a_ticket(MONDAY, claimed_at=moment("2031-01-01 00:00"))
    assert clock(ticket, "first_response").started_at == MONDAY
    ticket = a_ticket(MONDAY, claimed_at=moment("1999-01-01 00:00"), received_at=MONDAY - 5 * MINUTE)
    assert clock(ticket, "first_response").started_at == MONDAY - 5 * MINUTE


def test_a_receipt_after_its_registration_gives_no_negative_time():
    ticket = a_ticket(MONDAY, received_at=MONDAY + timedelta(seconds=3))
    register = clock(ticket, "register")
    assert (register.state, register.elapsed_s) == ("met", 0)


def test_a_letter_registered_late_misses_the_limit_of_registration(zhou):
    ticket = a_ticket(MONDAY, received_at=moment("2026-11-20 10:00"), channel="letter")
    late = clock(ticket, "register")
    assert (late.state, late.breached_at) == ("missed", moment("2026-11-20 12:00"))
    first = clock(ticket, "first_response")
    assert first.due_at == moment("2026-11-20 12:00")
    ticket.refresh_from_db()
    assert ticket.next_due_at == first.due_at

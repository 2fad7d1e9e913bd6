from datetime import timedelta

import pytest

from sla import services_extensions, services_verify
from sla.models import Accountability, Clock, DueItem
from sla.services_setup import create_defaults
from sla.services_sweep import sweep
from tests.make import a_ticket, moment
from tickets import defaults
from tickets import services as tickets

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-11-23 10:00")


@pytest.fixture(autouse=True)
def policies(db):
    create_defaults()


def clock(ticket, metric, round_=1):
    return Clock.objects.get(ticket=ticket, metric=metric, round=round_)


def test_opening_starts_the_limits_of_the_tier():
    ticket = a_ticket(MONDAY)
    assert clock(ticket, "first_response").due_at == moment("2026-11-23 12:00")
    assert clock(ticket, "resolution").due_at == moment("2026-11-25 10:00")
    assert clock(ticket, "register").state == "met"
    ticket.refresh_from_db()
    assert ticket.next_due_at == moment("2026-11-23 12:00")
    assert ticket.expected_by == moment("2026-11-25 10:00")


def test_a_reply_by_a_person_meets_the_first_response(chen, after_sales):
    ticket = a_ticket(MONDAY, department=after_sales)
    tickets.reply(ticket, text="我们马上来看。", by=chen, at=moment("2026-11-23 11:00"))
    assert clock(ticket, "first_response").state == "met"
    assert clock(ticket, "accept").state == "met"


def test_a_late_answer_is_late_although_the_sweep_was_down(chen, after_sales):
    ticket = a_ticket(MONDAY, department=after_sales)
    ticket = tickets.reply(ticket, text="抱歉，晚了。", by=chen, at=moment("2026-11-23 14:00"))
    late = clock(ticket, "first_response")
    assert (late.state, late.breached_at) == ("missed", moment("2026-11-23 12:00"))
    assert late.stopped_at == moment("2026-11-23 14:00")
    assert ticket.events.get(kind="breach", data__metric="first_response").at == late.breached_at
    assert Accountability.objects.get(clock=late).ticket == ticket
    ticket.refresh_from_db()
    assert ticket.version == max(ticket.events.values_list("version", flat=True))


def test_the_sweep_breaches_at_the_due_time_and_raises_one_level(chen, gao, after_sales):
    ticket = a_ticket(MONDAY, department=after_sales)
    tickets.accept(ticket, by=chen, at=MONDAY)
    sweep(moment("2026-11-23 12:30"))
    sweep(moment("2026-11-23 12:31"))
    late = clock(ticket, "first_response")
    assert (late.state, late.breached_at, late.stopped_at) == ("missed", moment("2026-11-23 12:00"), None)
    ticket.refresh_from_db()
    assert ticket.level == 1
    assert ticket.next_due_at == late.due_at
    assert [event.kind for event in ticket.events.filter(kind__in=["breach", "escalate"])] == ["breach", "escalate"]
    assert gao.notices.filter(kind="time_limit", channel="in_app").count() == 1
    assert not DueItem.objects.filter(fired_at=None, fire_at__lte=moment("2026-11-23 12:31")).exists()


def test_waiting_for_the_customer_moves_the_due_time_by_exactly_the_pause(chen, after_sales):
    ticket = a_ticket(MONDAY, department=after_sales)
    tickets.accept(ticket, by=chen, at=MONDAY)
    tickets.request_information(ticket, text="什么型号？", by=chen, at=MONDAY + timedelta(hours=1))
    assert clock(ticket, "resolution").state == "paused"
    tickets.customer_message(ticket, text="清岚 1.5 匹", at=MONDAY + timedelta(hours=4))
    assert clock(ticket, "resolution").due_at == moment("2026-11-25 13:00")


def test_a_new_round_has_clocks_of_its_own(chen, gao, zhou, after_sales):
    ticket = a_ticket(MONDAY, department=after_sales)
    tickets.reply(ticket, text="好了。", by=chen, at=MONDAY)
    tickets.resolve(ticket, by=chen, at=MONDAY + timedelta(hours=1))
    tickets.rate(ticket, rating="dissatisfied", at=MONDAY + timedelta(days=1))
    assert clock(ticket, "resolution").state == "met"
    assert clock(ticket, "resolution", 2).state == "running"
    assert clock(ticket, "resolution", 2).due_at == moment("2026-11-26 10:00")


def test_a_raised_level_past_its_new_limit_is_missed_at_once(zhou):
    ticket = a_ticket(MONDAY, nature="suggestion")
    tickets.classify(ticket, tier="L1", by=zhou, at=MONDAY + timedelta(hours=3))
    late = clock(ticket, "first_response")
    assert (late.state, late.breached_at) == ("missed", MONDAY + timedelta(hours=1))
    assert late.events.get(kind="breach").reason == "re-levelled"
    assert ticket.events.filter(kind="breach", data__metric="first_response").count() == 1
    assert zhou.notices.filter(kind="time_limit", channel="in_app").exists()
    sweep(MONDAY + timedelta(hours=3))
    assert ticket.events.filter(kind="breach", data__metric="first_response").count() == 1


def test_a_void_case_has_no_running_clock(zhou):
    ticket = a_ticket(MONDAY)
    tickets.void(ticket, reason="spam", by=zhou, at=MONDAY)
    assert not Clock.objects.active().filter(ticket=ticket).exists()
    ticket.refresh_from_db()
    assert ticket.next_due_at is None


def test_an_open_door_costs_few_queries(django_assert_max_num_queries):
    a_ticket(MONDAY, customer=None)  # calendars are compiled once a version
    with django_assert_max_num_queries(14):
        a_ticket(MONDAY, customer=None)


def accepting(ticket):
    return list(Clock.objects.filter(ticket=ticket, metric="accept").order_by("started_at", "pk"))


def test_a_case_that_nobody_accepted_yet_is_given_to_another_department(zhou, after_sales, logistics):
    """The time to accept begins there; the former department's has ended before, and goes on when the case comes back."""
    ticket = a_ticket(MONDAY, department=after_sales)
    ticket = tickets.assign(ticket, department=logistics, by=zhou, at=MONDAY + timedelta(minutes=5))
    assert [(clock.state, clock.started_at) for clock in accepting(ticket)] == [
        ("void", MONDAY), ("running", MONDAY + timedelta(minutes=5)),
    ]  # fmt: skip
    ticket = tickets.assign(ticket, department=after_sales, by=zhou, at=MONDAY + timedelta(minutes=6))
    assert [clock.state for clock in accepting(ticket)] == ["running", "void"]


def test_handed_round_a_case_is_to_be_accepted_by_when_it_was(chen, gao, zhou, after_sales, logistics):
    """By its owner, by its head, and by way of another department, whose time is its own."""
    ticket = a_ticket(MONDAY, department=after_sales)
    (first,) = accepting(ticket)
    for hour, owner, by in ((1, chen, gao), (2, gao, chen), (3, chen, gao)):
        ticket = tickets.assign(ticket, department=after_sales, owner=owner, by=by, at=MONDAY + timedelta(hours=hour))
    (same,) = accepting(ticket)
    assert (same.pk, same.state, same.due_at) == (first.pk, "running", first.due_at)
    assert services_extensions.returned_until(ticket) == ticket.clocks.get(metric="return_decision").due_at
    away, back = MONDAY + timedelta(hours=3, minutes=30), MONDAY + timedelta(hours=4)
    ticket = tickets.assign(ticket, department=logistics, by=gao, at=away)
    ticket = tickets.assign(ticket, department=after_sales, by=zhou, at=back)
    mine, other = accepting(ticket)
    assert (mine.pk, mine.state, other.state) == (first.pk, "running", "void")
    assert mine.due_at == first.due_at + (back - away)
    ticket = tickets.accept(ticket, by=chen, at=mine.due_at + timedelta(minutes=1))
    assert [clock.state for clock in accepting(ticket)] == ["missed", "void"]
    assert services_verify.differing(mine.due_at + timedelta(days=1)) == []


def test_who_accepted_a_case_wins_no_right_to_return_it_by_giving_it_to_a_colleague(chen, gao, after_sales):
    ticket = tickets.accept(a_ticket(MONDAY, department=after_sales), by=chen, at=MONDAY + timedelta(hours=1))
    until = services_extensions.returned_until(ticket)
    later = until + timedelta(minutes=5)
    ticket = tickets.assign(ticket, department=after_sales, owner=gao, by=chen, at=later)
    assert services_extensions.returned_until(ticket) == until
    assert accepting(ticket)[-1].started_at == later, "the colleague has to accept it"
    with pytest.raises(tickets.ActionNotAllowed, match="退单期限"):
        tickets.return_to_dispatch(ticket, reason="not_ours", by=gao, at=later)


def test_a_report_that_is_owed_is_not_planned_away(chen, gao, after_sales):
    """Sent back by a reviewer, it is due in four hours: a plan without a date, or with one after the result's, changes nothing."""
    defaults.create_defaults()
    ticket = tickets.accept(a_ticket(MONDAY, department=after_sales), by=chen, at=MONDAY)
    ticket = tickets.investigate(ticket, facts="堵塞", by=chen, at=MONDAY)
    ticket = tickets.plan(ticket, measures="清理", by=chen, at=MONDAY)
    ticket = tickets.report(ticket, text="已清理", by=chen, at=MONDAY)
    ticket = tickets.reject(ticket, reason="facts", text="没有照片", by=gao, at=MONDAY)
    owed = clock(ticket, "report")
    ticket = tickets.plan(ticket, measures="再清理", by=chen, at=MONDAY)
    ticket = tickets.plan(ticket, measures="再清理", limit=ticket.expected_by + timedelta(days=9), by=chen, at=MONDAY)
    assert (clock(ticket, "report").state, clock(ticket, "report").due_at) == ("running", owed.due_at)
    day = MONDAY + timedelta(hours=25)
    ticket = tickets.plan(ticket, measures="换件", limit=day, by=chen, at=MONDAY)
    moved = ticket.clocks.get(metric="report", state="running")
    assert (moved.started_at, ticket.clocks.filter(metric="report").count()) == (day, 2)

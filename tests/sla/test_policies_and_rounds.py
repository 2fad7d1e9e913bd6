"""Which policy a case falls under, what a new level does, and what a new round starts."""

from datetime import timedelta

import pytest

from sla import explaining, services_verify
from sla.models import Clock, SlaPolicy, SlaTarget
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


def clock(ticket, metric, round_=1):
    return Clock.objects.exclude(state="void").get(ticket=ticket, metric=metric, round=round_)


def policy_of(ticket):
    return set(Clock.objects.filter(ticket=ticket).values_list("target__policy", flat=True))


def test_a_policy_that_matches_nothing_in_particular_is_not_a_default():
    SlaPolicy.objects.create(code="blank", name="空", position=1, match={})
    assert policy_of(a_ticket(MONDAY)) == {"l2"}


def test_the_first_match_by_position_wins_over_later_ones_and_the_default():
    special = SlaPolicy.objects.create(code="letters", name="信件", position=1, match={"channel": ["letter"]})
    calendar = SlaTarget.objects.filter(unit="wh").first().calendar
    SlaTarget.objects.create(policy=special, metric="first_response", amount=1, unit="wd", calendar=calendar)
    assert policy_of(a_ticket(MONDAY, channel="letter")) == {"letters"}
    assert policy_of(a_ticket(MONDAY)) == {"l2"}
    assert policy_of(a_ticket(MONDAY, nature="inquiry")) == {"l3"}


def test_a_policy_out_of_force_does_not_match():
    SlaPolicy.objects.filter(code="l2").update(active_to=MONDAY)
    assert policy_of(a_ticket(MONDAY - HOUR)) == {"l2"}
    assert policy_of(a_ticket(MONDAY)) == {"l3"}


def test_a_policy_without_limits_gives_none():
    SlaPolicy.objects.create(code="none", name="不限时", position=1, match={"nature": ["complaint"]})
    ticket = a_ticket(MONDAY)
    assert not Clock.objects.filter(ticket=ticket).exists()
    assert ticket.next_due_at is None


def test_without_any_policy_a_case_lives_on_without_limits(chen, zhou, after_sales):
    SlaPolicy.objects.all().delete()
    ticket = a_ticket(MONDAY, department=after_sales)
    ticket = tickets.classify(ticket, tier="L1", by=zhou, at=MONDAY)
    ticket = tickets.request_information(ticket, text="什么型号？", by=chen, at=MONDAY)
    ticket = tickets.customer_message(ticket, text="清岚", at=MONDAY + HOUR)
    tickets.resolve(ticket, text="已修好。", by=chen, at=MONDAY + 2 * HOUR)
    assert not Clock.objects.exists()
    assert sweep(MONDAY + 99 * HOUR) == 0


def test_an_edited_policy_does_not_move_open_clocks():
    ticket = a_ticket(MONDAY)
    SlaTarget.objects.filter(metric="first_response").update(amount=99)
    assert clock(ticket, "first_response").due_at == moment("2026-11-23 12:00")
    sweep(moment("2026-11-23 12:00"))
    assert clock(ticket, "first_response").state == "missed"


def test_from_level_3_to_1_in_time_keeps_the_time_used(zhou):
    ticket = a_ticket(MONDAY, nature="suggestion")
    tickets.classify(ticket, tier="L1", by=zhou, at=MONDAY + 0.5 * HOUR)
    first = clock(ticket, "first_response")
    assert (first.state, first.due_at) == ("running", MONDAY + HOUR)
    assert clock(ticket, "plan").due_at == MONDAY + 24 * HOUR
    assert [event.kind for event in first.events.all()] == ["start", "retarget"]
    assert first.events.last().due_before == moment("2026-11-26 18:00")


def test_from_level_1_to_3_gives_more_time_and_drops_what_is_not_asked_for(zhou):
    ticket = a_ticket(MONDAY, tier="L1")
    tickets.classify(ticket, tier="L3", by=zhou, at=MONDAY + 0.5 * HOUR)
    assert clock(ticket, "first_response").due_at == moment("2026-11-26 18:00")
    assert Clock.objects.get(ticket=ticket, metric="plan").state == "void"
    ticket.refresh_from_db()
    assert ticket.next_due_at == clock(ticket, "assign").due_at


def test_a_lower_level_does_not_undo_a_breach(zhou):
    ticket = a_ticket(MONDAY, tier="L1")
    sweep(MONDAY + 2 * HOUR)
    ticket.refresh_from_db()
    tickets.classify(ticket, tier="L3", by=zhou, at=MONDAY + 2 * HOUR)
    late = clock(ticket, "first_response")
    assert (late.state, late.breached_at, late.due_at) == ("missed", MONDAY + HOUR, MONDAY + HOUR)


def test_up_and_down_and_up_again_leaves_one_running_clock_a_metric(zhou):
    ticket = a_ticket(MONDAY, tier="L1")
    for minute, tier in enumerate(["L3", "L1", "L2", "L1"], start=1):
        ticket = tickets.classify(ticket, tier=tier, by=zhou, at=MONDAY + timedelta(minutes=minute))
    running = Clock.objects.running().filter(ticket=ticket)
    assert len(running) == len(set(running.values_list("metric", flat=True)))
    assert set(running.values_list("target__policy", flat=True)) == {"l1"}
    assert clock(ticket, "first_response").due_at == MONDAY + HOUR
    assert clock(ticket, "plan").started_at == MONDAY


def test_each_of_two_reopenings_starts_a_round_of_clocks(chen, gao, zhou, after_sales):
    ticket = a_ticket(MONDAY, department=after_sales)
    ticket = tickets.reply(ticket, text="好了。", by=chen, at=MONDAY + HOUR)
    ticket = tickets.resolve(ticket, by=chen, at=MONDAY + HOUR)
    ticket = tickets.rate(ticket, rating="dissatisfied", at=MONDAY + 24 * HOUR)
    ticket = tickets.accept(ticket, by=gao, at=MONDAY + 25 * HOUR)
    ticket = tickets.resolve(ticket, text="换了新机。", by=gao, at=MONDAY + 26 * HOUR)
    ticket = tickets.rate(ticket, rating="dissatisfied", at=MONDAY + 48 * HOUR)
    starts = [clock(ticket, "resolution", round_).started_at for round_ in (1, 2, 3)]
    assert starts == [MONDAY, MONDAY + 24 * HOUR, MONDAY + 48 * HOUR]
    assert [clock(ticket, "resolution", round_).state for round_ in (1, 2, 3)] == ["met", "met", "running"]
    assert not Clock.objects.running().filter(ticket=ticket, round__lt=3).exists()


def test_a_restored_case_goes_on_where_it_ended_without_a_second_first_response(chen, zhou, after_sales):
    ticket = a_ticket(MONDAY, department=after_sales)
    ticket = tickets.reply(ticket, text="您好。", by=chen, at=MONDAY)
    ticket = tickets.void(ticket, reason="spam", by=zhou, at=MONDAY + HOUR)
    ticket = tickets.restore(ticket, by=zhou, at=MONDAY + 5 * HOUR)
    late = clock(ticket, "resolution")
    assert (late.state, late.started_at, late.due_at) == ("running", MONDAY, MONDAY + 52 * HOUR)
    assert ticket.clocks.filter(metric="resolution").count() == 1
    assert clock(ticket, "first_response").state == "met"
    (told,) = (row for row in explaining.of_ticket(ticket, MONDAY + 6 * HOUR) if row.clock == late)
    assert sum(row["length_s"] for row in told.intervals if row["kind"] == "counted") == told.total_s == 48 * 3600
    assert [(row["kind"], row["reason"]) for row in told.intervals if row["reason"]] == [("paused", "void")]
    sweep(MONDAY + 53 * HOUR)
    assert clock(ticket, "resolution").breached_at == MONDAY + 52 * HOUR
    assert services_verify.differing(MONDAY + 54 * HOUR) == []


def test_void_and_restored_again_and_again_gains_no_time(zhou):
    ticket = a_ticket(MONDAY)
    for hour in range(0, 40, 10):
        ticket = tickets.void(ticket, reason="spam", by=zhou, at=MONDAY + (hour + 9) * HOUR)
        ticket = tickets.restore(ticket, by=zhou, at=MONDAY + (hour + 10) * HOUR)
    assert clock(ticket, "resolution").due_at == MONDAY + 52 * HOUR


def test_what_was_late_when_the_case_became_void_stays_late_and_another_limit_drives_it(zhou):
    ticket = a_ticket(MONDAY)
    ticket = tickets.void(ticket, reason="spam", by=zhou, at=MONDAY + 49 * HOUR)
    ticket = tickets.restore(ticket, by=zhou, at=MONDAY + 60 * HOUR)
    late, anew = ticket.clocks.filter(metric="resolution").order_by("pk")
    assert (late.state, late.breached_at) == ("missed", MONDAY + 48 * HOUR)
    assert (anew.state, anew.started_at) == ("running", MONDAY + 60 * HOUR)


def test_a_message_that_waited_for_an_answer_waits_again_in_the_restored_case(chen, zhou, after_sales):
    ticket = a_ticket(MONDAY, department=after_sales, tier="L1")
    ticket = tickets.reply(ticket, text="您好。", by=chen, at=MONDAY)
    ticket = tickets.customer_message(ticket, text="还没有人来。", at=MONDAY + HOUR)
    asked = ticket.clocks.filter(metric="next_response").get()
    ticket = tickets.void(ticket, reason="spam", by=zhou, at=MONDAY + HOUR + timedelta(minutes=5))
    ticket = tickets.restore(ticket, by=zhou, at=MONDAY + 2 * HOUR + timedelta(minutes=5))
    assert clock(ticket, "next_response").due_at == asked.due_at + HOUR

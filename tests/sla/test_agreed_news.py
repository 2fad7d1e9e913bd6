"""A5.1: periodic progress at the interval agreed with the customer, held by a clock."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from sla import services_setup
from sla.models import Clock, Metric
from tests.make import NOON, a_ticket, moment
from tickets import services as tickets
from tickets.models import Ticket
from tickets.workflow import Tier

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def agreed(chen, after_sales) -> Ticket:
    services_setup.create_defaults()
    ticket = a_ticket(department=after_sales)
    ticket = tickets.accept(ticket, by=chen, at=NOON)
    ticket = tickets.investigate(ticket, facts="接口松动", cause=None, true_need="", by=chen, at=NOON)
    ticket = tickets.plan(ticket, measures="更换", by=chen, at=NOON)
    return tickets.agree(ticket, agreed=True, text="电话", progress_days=3, by=chen, at=NOON)


def midnight_after(days: int) -> datetime:
    """A limit in natural days ends with the day."""
    return moment("2026-11-24 00:00") + days * DAY


def clocks(ticket: Ticket) -> list[Clock]:
    rows = ticket.clocks.filter(metric=Metric.PROGRESS_UPDATE).order_by("started_at", "pk")
    return [clock for clock in rows if clock.target["policy"] == "agreed"]


def test_it_runs_from_the_agreement_and_every_reply_starts_it_anew(agreed, chen):
    (first,) = clocks(agreed)
    assert (first.state, first.due_at) == ("running", midnight_after(3))
    others = agreed.clocks.filter(metric=Metric.PROGRESS_UPDATE).exclude(pk=first.pk)
    assert {clock.state for clock in others} <= {"void"}, "the policy's single limit gave way"
    tickets.reply(agreed, text="配件已到。", by=chen, at=NOON + 2 * DAY)
    first, second = clocks(agreed)
    assert (first.state, second.state, second.due_at) == ("met", "running", midnight_after(5))


def test_news_that_come_late_are_missed_and_the_next_still_run(agreed, chen):
    tickets.reply(agreed, text="配件晚到。", by=chen, at=NOON + 4 * DAY)
    first, second = clocks(agreed)
    assert (first.state, second.due_at) == ("missed", midnight_after(7))


def test_an_automatic_message_is_no_news(agreed):
    tickets.reply(agreed, text="自动", by=None, at=NOON + DAY, automatic=True)
    assert [clock.state for clock in clocks(agreed)] == ["running"]


def test_it_rests_while_the_customer_is_asked(agreed, chen):
    tickets.request_information(agreed, text="哪天方便？", by=chen, at=NOON + DAY)
    assert clocks(agreed)[-1].state == "paused"
    tickets.customer_message(agreed, text="周六下午方便。", at=NOON + 2 * DAY)
    last = clocks(agreed)[-1]
    assert (last.state, last.due_at) == ("running", NOON + 5 * DAY)


def test_another_level_does_not_move_what_was_agreed(agreed, zhou):
    tickets.classify(agreed, by=zhou, at=NOON + DAY, tier=Tier.L1)
    assert clocks(agreed)[-1].due_at == midnight_after(3)


def test_agreed_anew_the_former_interval_is_void(agreed, chen):
    tickets.agree(agreed, agreed=True, text="改为每周", progress_days=7, by=chen, at=NOON + DAY)
    first, second = clocks(agreed)
    assert (first.state, second.due_at) == ("void", midnight_after(8))


def test_the_answer_that_ends_the_case_leaves_no_clock_behind(agreed, chen):
    ticket = tickets.report(agreed, text="已更换", by=chen, at=NOON + DAY)
    ticket = tickets.resolve(ticket, text="已更换。", by=chen, at=NOON + 2 * DAY)
    assert [clock.state for clock in clocks(ticket)] == ["met", "void"]


def test_without_an_interval_nothing_of_it_begins(chen, after_sales):
    services_setup.create_defaults()
    ticket = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    tickets.reply(ticket, text="收到。", by=chen, at=NOON + DAY)
    assert clocks(ticket) == []


@pytest.mark.parametrize("nature", ["inquiry", "suggestion"])
def test_an_inquiry_and_a_suggestion_have_it_without_a_plan(client, chen, after_sales, nature):
    services_setup.create_defaults()
    ticket = tickets.accept(a_ticket(department=after_sales, nature=nature), by=chen, at=NOON)
    client.force_login(chen)
    address = reverse("tickets:move", args=[ticket.number, "agree"])
    assert client.post(address, {"text": "每周二电话告知进展", "version": ticket.version}).status_code == 422
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.agree(ticket, agreed=True, text="每周", by=chen, at=NOON)
    ticket = tickets.agree(ticket, agreed=True, text="每周二电话告知", progress_days=7, by=chen, at=NOON)
    (first,) = clocks(ticket)
    assert (first.state, first.due_at) == ("running", midnight_after(7))
    assert not ticket.handlings.exists(), "there is no plan that somebody agreed to"
    tickets.reply(ticket, text="样品已寄出。", by=chen, at=NOON + 2 * DAY)
    assert [clock.state for clock in clocks(ticket)] == ["met", "running"]
    said = client.get(ticket.get_absolute_url()).content.decode()
    assert "与用户约定：每周二电话告知；每 7 天告知进展" in said
    assert "用户同意方案" not in said

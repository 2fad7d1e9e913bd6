"""A limit reminds whom it binds, and the ledger names who answers for it: co-departments, reviewers, callers (A4.2 B3.4 D3.3)."""

from datetime import timedelta

import pytest

from notices.models import Notice
from sla import services_setup
from sla.models import Accountability, Clock, SupervisionNotice
from sla.services_sweep import sweep
from surveys.models import FollowUp
from tests.make import NOON, a_ticket
from tests.people import user
from tickets import defaults
from tickets import services as tickets

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def led(chen, gao, zhou, tang, after_sales):
    defaults.create_defaults()
    services_setup.create_defaults()
    return tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)


@pytest.fixture
def yan(logistics):
    yan = user("yan", "严松", ["head"], logistics)
    logistics.head = yan
    logistics.save(update_fields=["head"])
    return yan


def told_of(ticket, metric):
    rows = Notice.objects.filter(kind="time_limit", context__metric=metric, topic=ticket.number)
    return sorted(rows.values_list("user__username", "context__threshold"))


def reported(ticket, by):
    ticket = tickets.investigate(ticket, facts="排水口堵塞", by=by, at=NOON)
    ticket = tickets.plan(ticket, measures="清理", by=by, at=NOON)
    return tickets.report(ticket, text="已清理", by=by, at=NOON)


def test_a_co_department_is_reminded_of_its_own_part_and_the_lead_waits_for_it(led, chen, gao, han, yan, logistics):
    limit = NOON + 2 * DAY
    ticket = tickets.co_assign(led, department=logistics, task="查外箱", owner=han, limit=limit, by=chen, at=NOON)
    clock = Clock.objects.get(ticket=ticket, metric="co_task")
    sweep(NOON + DAY + timedelta(minutes=1))
    assert told_of(ticket, "co_task") == [("han", "50%")]
    sweep(limit + timedelta(minutes=1))
    late = {name for name, threshold in told_of(ticket, "co_task") if threshold == "due"}
    assert {"han", "yan", "chen"} <= late
    assert "gao" not in late
    record = Accountability.objects.get(clock=clock)
    assert (record.person, record.department) == (han, logistics)


def test_a_part_without_an_owner_binds_the_head_of_its_department(led, chen, yan, logistics):
    ticket = tickets.co_assign(led, department=logistics, task="查外箱", limit=NOON + DAY, by=chen, at=NOON)
    sweep(NOON + 8 * DAY)
    record = Accountability.objects.get(clock__metric="co_task")
    assert (record.person, record.department) == (yan, logistics)
    notice = SupervisionNotice.objects.get(clock__metric="co_task", ticket=ticket)
    assert (notice.person, notice.department) == (yan, logistics)


def test_a_review_reminds_who_reviews_and_not_whose_result_it_is(led, chen, gao, zhou, office):
    ticket = reported(led, chen)
    Clock.objects.filter(ticket=ticket).exclude(metric="review_head").update(state="void")
    sweep(NOON + DAY + timedelta(hours=3))
    assert told_of(ticket, "review_head") == [("gao", "50%")]
    sweep(NOON + 4 * DAY)
    assert ("gao", "due") in told_of(ticket, "review_head")
    assert Accountability.objects.get(clock__metric="review_head").person == gao


def test_where_the_head_handled_the_case_the_office_answers_for_the_review(led, chen, gao, zhou, office):
    office.head = zhou
    office.save(update_fields=["head"])
    ticket = tickets.transfer(led, department=led.department, owner=gao, reason="难办", by=chen, at=NOON)
    ticket = tickets.accept_transfer(ticket, by=gao, at=NOON)
    ticket = reported(ticket, gao)
    assert Notice.objects.filter(user=zhou, kind="work", context__next="head").exists(), "nobody else could know"
    sweep(NOON + 4 * DAY)
    assert Accountability.objects.get(clock__metric="review_head").person == zhou


def test_where_the_office_handled_it_leadership_is_told_and_answers(led, zhou, tang, office):
    office.head = zhou
    office.save(update_fields=["head"])
    ticket = tickets.accept(a_ticket(department=office), by=zhou, at=NOON)
    ticket = reported(ticket, zhou)
    assert Notice.objects.filter(user=tang, kind="work", context__next="head").exists()
    assert not Notice.objects.filter(user=zhou, kind="work", context__next="head").exists()
    sweep(NOON + 4 * DAY)
    assert Accountability.objects.get(ticket=ticket, clock__metric="review_head").person == tang


def test_the_handler_does_not_answer_for_a_question_that_somebody_else_asks(led, chen, gao, zhou, office):
    office.head = zhou
    office.save(update_fields=["head"])
    ticket = tickets.approve(reported(led, chen), by=gao, at=NOON)
    ticket = tickets.approve(ticket, by=zhou, at=NOON)
    ticket = tickets.resolve(ticket, text="已清理，今后试水，谢谢。", by=chen, at=NOON)
    assert FollowUp.objects.get(ticket=ticket).mode == "call"
    sweep(NOON + 20 * DAY)
    assert Accountability.objects.get(clock__metric="call_back").person == zhou


def test_many_parts_late_at_once_cost_no_more_queries_than_one(
    led, chen, han, yan, logistics, django_assert_max_num_queries
):
    for _number in range(12):
        ticket = tickets.accept(a_ticket(department=led.department), by=chen, at=NOON)
        tickets.co_assign(ticket, department=logistics, task="查外箱", limit=NOON + DAY, by=chen, at=NOON)
    Clock.objects.exclude(metric="co_task").update(state="void")
    with django_assert_max_num_queries(45):
        sweep(NOON + DAY + timedelta(minutes=1))
    assert Accountability.objects.filter(department=logistics, person=yan).count() == 12

"""差评整改管理办法 (B): a bad review with a lead and two co-departments, from collection to the archive.

Returned once, rejected once by the office, extended once, answered, dissatisfied, a second round by other people,
satisfied, archived.
"""

from datetime import date
from decimal import Decimal

import pytest

from feedback import services as feedback
from feedback.content import Content
from reports import kpi
from reports.periods import between
from sla.models import Clock
from sla.services_sweep import sweep
from surveys import services as surveys
from surveys.models import FollowUp
from tests.journeys.house import clocks, house, mails, on, steps, story, told
from tickets import services as tickets
from tickets.models import Handling, Ticket
from tickets.tasks import close_quiet

__all__ = ["house"]
pytestmark = pytest.mark.django_db

REVIEW = "空调安装后一直漏水，客服推来推去，送货时外箱也破了，太差了，要求退货。"
ANSWER = "您好，给您添麻烦了，非常抱歉。经核实已更换排水管并补偿200元。今后安装一律试水，物流加固包装。感谢您的反馈。"


def collected():
    """B2.1 B3.1: from the shop, by its interface, one star."""
    return feedback.receive(
        channel="review", raw=REVIEW.encode(), claimed_at=None, received_at=on("11-23", "09:00"),
        customer={"name": "王小明", "phone": "13800001234", "email": "wang@example.com"},
        content=Content(text=REVIEW, stars=1, category="service", source="tmall", external_id="R-1"),
        at=on("11-23", "09:05"),
    ).ticket  # fmt: skip


def test_b(house, lin, chen, gao, han, zhou, customer_service, after_sales, logistics):
    ticket = dealt_returned_and_accepted(lin, chen, zhou, customer_service, after_sales)
    ticket = worked_on_by_three(ticket, chen, lin, han, customer_service, logistics)
    ticket = given_more_time(ticket, chen, gao)
    ticket = reported_and_reviewed(ticket, chen, gao, zhou)
    first_round = list(Clock.objects.filter(ticket=ticket, round=1).order_by("pk").values())
    first_sheet = Handling.objects.filter(ticket=ticket, round=1).values().get()
    ticket = handled_again_by_others(ticket, chen, gao, zhou, after_sales)
    assert (ticket.status, ticket.rating, ticket.number) == ("closed", "satisfied", "Q20261123-000001")
    assert ticket.first_contact == lin

    # the first round's figures are as they were
    assert list(Clock.objects.filter(ticket=ticket, round=1).order_by("pk").values()) == first_round
    assert Handling.objects.filter(ticket=ticket, round=1).values().get() == first_sheet
    assert ticket.first_resolved_at == on("11-25", "10:30")
    order_is_right(ticket)
    timeline_reads_like_a_report(ticket)
    customer_heard(ticket)
    figures_are_right(ticket)


def dealt_returned_and_accepted(lin, chen, zhou, customer_service, after_sales):
    ticket = collected()
    assert ticket.number == "Q20261123-000001"
    assert (ticket.is_bad_review, ticket.nature, ticket.tier, ticket.department) == (
        True,
        "complaint",
        "L2",
        customer_service,
    )

    # B3.2: dealt wrongly, returned within its limit with a reason, assigned anew by the office
    ticket = tickets.return_to_dispatch(
        ticket, reason="not_ours", text="是售后安装的问题", by=lin, at=on("11-23", "09:30")
    )
    assert (ticket.status, ticket.first_contact, told(ticket, zhou)) == ("new", lin, ["return_to_dispatch"])
    ticket = tickets.assign(ticket, department=after_sales, by=zhou, at=on("11-23", "10:00"))
    ticket = tickets.accept(ticket, by=chen, at=on("11-23", "10:20"))
    return tickets.reply(
        ticket, text="您好，已由售后陈师傅负责，今天联系您。", via="phone", by=chen, at=on("11-23", "10:30")
    )


def worked_on_by_three(ticket, chen, lin, han, customer_service, logistics):
    """Lead and two co-departments, each with a task and a limit of its own."""
    for department, person, task in ((logistics, han, "查外箱破损"), (customer_service, lin, "查通话记录")):
        ticket = tickets.co_assign(
            ticket, department=department, owner=person, task=task, limit=on("11-24", "12:00"), by=chen,
            at=on("11-23", "11:00"),
        )  # fmt: skip
    ticket = tickets.investigate(
        ticket, facts="排水管接头未拧紧", true_need="修好并道歉", by=chen, at=on("11-23", "15:00")
    )
    ticket = tickets.plan(
        ticket, measures="更换排水管，补偿", goal="不再漏水", limit=on("11-24", "15:00"), remedy="compensation",
        amount=Decimal("200.00"), by=chen, at=on("11-23", "16:00"),
    )  # fmt: skip
    ticket = tickets.agree(ticket, agreed=True, text="同意更换并补偿", by=chen, at=on("11-23", "16:30"))

    # the lead cannot report while a co-department owes its part
    with pytest.raises(tickets.ActionNotAllowed, match="物流配送部"):
        tickets.report(ticket, text="已更换", by=chen, at=on("11-23", "17:00"))
    ticket = tickets.co_done(ticket, text="外箱在中转站受压", by=han, at=on("11-23", "17:30"))
    ticket = tickets.co_done(ticket, text="三次来电均有记录", by=lin, at=on("11-23", "17:40"))
    assert told(ticket, chen).count("co_done") == 2

    return ticket


def given_more_time(ticket, chen, gao):
    """Asked before it is due, decided by the head, told to the customer; the old due time stays on record."""
    due = ticket.expected_by
    assert due == on("11-25", "09:00")
    ticket = tickets.extend(
        ticket, new_due=on("11-27", "18:00"), reason="配件周四到货", by=chen, at=on("11-24", "09:00")
    )
    ticket = tickets.decide_extension(ticket, granted=True, by=gao, at=on("11-24", "09:30"))
    assert ticket.expected_by == on("11-27", "18:00")

    return ticket


def reported_and_reviewed(ticket, chen, gao, zhou):
    """B3.4: reported, passed by the head, sent back by the office with a reason, reported again, passed by both."""
    ticket = tickets.report(ticket, text="已更换排水管并补偿", by=chen, at=on("11-24", "15:30"))
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.approve(ticket, by=chen, at=on("11-24", "15:40"))
    ticket = tickets.approve(ticket, by=gao, at=on("11-24", "16:00"))
    ticket = tickets.reject(ticket, reason="evidence", text="缺更换后照片", by=zhou, at=on("11-24", "17:00"))
    assert (ticket.status, told(ticket, chen)[-1]) == ("in_progress", "reject")
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.resolve(ticket, text=ANSWER, by=chen, at=on("11-24", "17:10"))
    ticket = tickets.report(ticket, text="已更换排水管并补偿，附照片", by=chen, at=on("11-24", "17:30"))
    ticket = tickets.approve(ticket, by=gao, at=on("11-25", "09:10"))
    ticket = tickets.approve(ticket, called="用户确认不漏", by=zhou, at=on("11-25", "10:00"))
    ticket = tickets.resolve(ticket, text=ANSWER, via="email", by=chen, at=on("11-25", "10:30"))
    assert clocks(ticket) == {
        "register": "met", "assign": "met", "accept": "met", "return_decision": "met", "first_response": "met",
        "progress_update": "met", "co_task": "met", "report": "met", "review_head": "met", "review_office": "met",
        "resolution": "met",
    }  # fmt: skip
    return ticket


def handled_again_by_others(ticket, chen, gao, zhou, after_sales):
    """B3.5: asked by mail, dissatisfied: a second rectification, a level up, by somebody else."""
    surveys.send_due(on("11-26", "11:00"))
    ticket = surveys.answer(ticket, stars=1, comment="昨晚又漏了", at=on("11-26", "20:00"))
    assert (ticket.round, ticket.level, ticket.owner, ticket.status) == (2, 1, gao, "assigned")
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.assign(ticket, department=after_sales, owner=chen, by=zhou, at=on("11-27", "09:00"))
    ticket = tickets.accept(ticket, by=gao, at=on("11-27", "09:05"))
    ticket = tickets.reply(ticket, text="我是负责人高远，今天上门。", via="phone", by=gao, at=on("11-27", "09:10"))
    ticket = tickets.investigate(ticket, facts="墙内管裂", by=gao, at=on("11-27", "14:00"))
    ticket = tickets.plan(ticket, measures="换墙内管", remedy="repair", by=gao, at=on("11-27", "14:10"))
    ticket = tickets.report(ticket, text="已换墙内管", by=gao, at=on("11-27", "16:00"))
    with pytest.raises(tickets.ActionNotAllowed):  # who handled it does not review it, head or not
        tickets.approve(ticket, by=gao, at=on("11-27", "16:10"))
    ticket = tickets.approve(ticket, by=zhou, at=on("11-27", "16:20"))  # in the head's place
    ticket = tickets.approve(ticket, by=zhou, at=on("11-27", "16:30"))
    ticket = tickets.resolve(ticket, text=ANSWER, via="email", by=gao, at=on("11-27", "17:00"))
    surveys.send_due(on("11-28", "18:00"))
    ticket = surveys.answer(ticket, rating="satisfied", at=on("11-28", "19:00"))
    close_quiet(on("12-06", "09:00").isoformat())
    return Ticket.objects.get(pk=ticket.pk)


def order_is_right(ticket):
    assert steps(ticket) == [
        ("register", "系统"), ("assign", "系统"), ("return_to_dispatch", "lin"), ("assign", "zhou"), ("accept", "chen"),
        ("reply", "chen"), ("co_assign", "chen"), ("co_assign", "chen"), ("investigate", "chen"), ("plan", "chen"),
        ("agree", "chen"), ("co_done", "han"), ("co_done", "lin"), ("extend", "chen"), ("decide_extension", "gao"),
        ("report", "chen"), ("approve", "gao"), ("reject", "zhou"), ("report", "chen"), ("approve", "gao"),
        ("approve", "zhou"), ("reply", "chen"), ("resolve", "chen"), ("rate", "王"), ("reopen", "王"), ("accept", "gao"),
        ("reply", "gao"), ("investigate", "gao"), ("plan", "gao"), ("report", "gao"), ("approve", "zhou"),
        ("approve", "zhou"), ("reply", "gao"), ("resolve", "gao"), ("rate", "王"), ("close", "系统"),
    ]  # fmt: skip


def timeline_reads_like_a_report(ticket):
    said = story(ticket)
    for sentence in (
        "分派给客服中心，因其负责类别“服务态度”",
        "客服中心第 1 次退单：非本部门职责（是售后安装的问题）",
        "分派给售后服务部",
        "首次响应（电话）",
        "评价：不满意（昨晚又漏了）",
        "意见管理部门审核退回，第 1 次：证据不足（缺更换后照片）",
        "已归档：用户已评价",
    ):
        assert sentence in said, sentence
    for part in (
        "排水管接头未拧紧",
        "更换排水管，补偿",
        "200.00",
        "同意更换并补偿",
        "外箱在中转站受压",
        "缺更换后照片",
        "用户确认不漏",
    ):
        assert any(part in sentence for sentence in said), part
    extension = next(
        sentence for sentence in said if "2026年11月27日 18:00" in sentence and "2026年11月25日 09:00" in sentence
    )
    assert extension


def customer_heard(ticket):
    """By mail, in order. What was said on the telephone is not mailed again, and a reply that resolves is one mail."""
    assert mails(ticket) == [
        "received", "extended", "replied", "follow_up", "reopened", "replied", "follow_up",
    ]  # fmt: skip


def figures_are_right(ticket):
    assert list(FollowUp.objects.order_by("round").values_list("rating", flat=True)) == ["dissatisfied", "satisfied"]
    told_figures = kpi.figures(Ticket.objects.counted(), between(date(2026, 11, 1), date(2027, 1, 1)))["figures"]
    assert told_figures["volume"] == 1
    assert told_figures["collection_timeliness"]["rate"] == 1.0
    assert told_figures["first_response_rate"]["rate"] == 1.0
    assert told_figures["rectification_timeliness"]["rate"] == 1.0
    assert told_figures["resolution_rate"]["rate"] == 1.0
    assert (told_figures["return_rate"]["returned"], told_figures["return_rate"]["assigned"]) == (1, 2)
    assert told_figures["second_round_rate"]["rate"] == 1.0
    assert told_figures["first_contact_rate"]["rate"] == 1.0
    assert told_figures["breaches"]["missed"] == 0
    assert told_figures["backlog"]["open"] == 0
    sweep(on("12-07", "09:00"))
    assert not ticket.events.filter(kind="breach").exists()
    assert ticket.assignments.filter(role="co", end_reason="done").count() == 2

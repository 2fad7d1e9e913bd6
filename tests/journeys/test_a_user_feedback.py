"""用户意见管理办法 (A): an inquiry by telephone, a suggestion that bears fruit months later, a complaint about the handling.

A2–A5: recorded in full by the first contact, classified, answered in time or promised, asked afterwards; A6.1: the
customer complains about the handling itself, and the auditors answer.
"""

from datetime import date, timedelta

import pytest

from feedback import services as feedback
from feedback.appeals import services as appeals
from feedback.content import Content
from notices.models import Notice
from reports import kpi
from reports.periods import between
from sla.models import Clock
from surveys import services as surveys
from tests.journeys.house import clocks, house, mails, on, steps, story, told
from tickets import services as tickets
from tickets.answers.answer_parts import parts_of
from tickets.models import Improvement, RoutingRule, Ticket

__all__ = ["house"]
pytestmark = pytest.mark.django_db
WANG = {"name": "王小明", "phone": "13800001234", "email": "wang@example.com"}


def takes_down(text, at, by, *, channel="phone", **content):
    """A2.2: who, what, when, from whom, in full; the original is kept unchanged."""
    return feedback.receive(
        channel=channel, raw=text.encode(), claimed_at=None, received_at=at, customer=WANG,
        content=Content(text=text, **content), by=by, at=at + timedelta(minutes=5),
    ).ticket  # fmt: skip


def test_an_inquiry_that_cannot_be_answered_at_once_is_promised(house, lin, chen, zhou, after_sales):
    # A2.1 A4.2: the agent who takes the call is the first contact, and the call was the first response
    ticket = takes_down(
        "请问GW-35H的滤网在哪里买？", on("11-23", "09:00"), lin, nature="inquiry", answered_at_once=True
    )
    assert (ticket.first_contact, ticket.nature, clocks(ticket)["first_response"]) == (lin, "inquiry", "met")
    ticket = tickets.classify(ticket, scope="individual", by=lin, at=on("11-23", "09:06"))
    ticket = tickets.assign(ticket, department=after_sales, owner=chen, by=lin, at=on("11-23", "09:08"))
    assert (told(ticket, chen), ticket.first_contact) == (["assign"], lin)
    ticket = tickets.accept(ticket, by=chen, at=on("11-23", "09:20"))

    # A4.3: the expected time is told, and is a limit from then on
    ticket = tickets.promise(
        ticket, answer_by=on("11-24", "17:00"), message="明天17点前回复您库存情况。", via="email", by=chen,
        at=on("11-23", "09:30"),
    )  # fmt: skip
    promise = Clock.objects.get(ticket=ticket, metric="promise")
    assert (promise.due_at, promise.state) == (on("11-24", "17:00"), "running")
    ticket = tickets.resolve(ticket, text="滤网在商城有售，谢谢。", via="email", by=chen, at=on("11-24", "11:00"))
    assert clocks(ticket)["promise"] == "met"
    surveys.send_due(on("11-25", "12:00"))
    ticket = surveys.answer(ticket, stars=5, at=on("11-25", "13:00"))
    ticket = tickets.close(ticket, by=None, at=on("12-02", "11:00"), reason="rated")
    assert mails(ticket) == ["received", "promised", "replied", "follow_up"]
    assert ("classify", "lin") in steps(ticket)


def test_a_suggestion_is_assessed_adopted_and_reported_back_months_later(house, lin, chen, gao, zhou, after_sales):
    # B3.1 here for A4.1: a rule knows where it goes, to whom, and says why
    RoutingRule.objects.create(
        code="ideas", name="产品建议", match={"nature": ["suggestion"], "keyword": ["童锁"]}, department=after_sales,
        strategy="least_loaded",
    )  # fmt: skip
    ticket = takes_down(
        "建议遥控器增加童锁功能，孩子总是误按。", on("11-23", "10:00"), None, channel="web", nature="suggestion"
    )
    assert (ticket.owner, ticket.first_contact, ticket.tier) == (chen, chen, "L3")
    assert "按规则“产品建议”" in story(ticket)[1]
    ticket = tickets.accept(ticket, by=chen, at=on("11-23", "10:30"))

    # A4.3: neither adopted nor declined, it is not answered
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.resolve(ticket, text="谢谢", by=chen, at=on("11-23", "11:00"))
    ticket = tickets.assess(
        ticket, verdict="adopt", reason="安全性好", improvement="新款遥控器加童锁", due_on=date(2027, 3, 1), by=chen,
        at=on("11-24", "10:00"),
    )  # fmt: skip
    ticket = tickets.resolve(
        ticket, text="已采纳，新款将加童锁，感谢您。", via="email", by=chen, at=on("11-24", "11:00")
    )
    ticket = tickets.close(ticket, by=None, at=on("12-02", "11:00"))
    ticket = tickets.improvement_done(
        ticket, text="新款遥控器已带童锁，1月上市。", by=chen, at=on("11-23", "10:00") + timedelta(days=95)
    )
    assert (ticket.status, Improvement.objects.get().state) == ("closed", "done")
    assert mails(ticket)[-1] == "improved"
    assert "新款遥控器已带童锁" in Notice.objects.get(kind="improved").context["text"]


def test_a_complaint_about_the_handling_goes_to_the_auditors_and_a_dissatisfied_customer_is_handled_again(
    house, lin, chen, gao, zhou, xu, after_sales
):
    ticket = takes_down(
        "空调漏水，上门两次没有修好，要投诉。", on("11-23", "09:00"), None, channel="web", category="after_sales"
    )
    ticket = tickets.accept(ticket, by=chen, at=on("11-23", "09:30"))
    ticket = tickets.reply(ticket, text="今天上门。", via="phone", by=chen, at=on("11-23", "09:40"))

    # A6.1
    appeal = appeals.appeal(ticket, text="没有人回我电话", at=on("11-23", "15:00"))
    assert Notice.objects.filter(user=xu, kind="appeal").exists()
    appeals.answer(appeal, outcome="upheld", text="已核实，确有延误，已督促。", by=xu, at=on("11-24", "09:00"))
    assert "appeal_answered" in mails(ticket)

    # A4.3: investigated, planned, agreed, reviewed; A5.2: result, improvement and thanks
    ticket = tickets.investigate(ticket, facts="接头松", true_need="修好", by=chen, at=on("11-24", "10:00"))
    ticket = tickets.plan(ticket, measures="更换接头", remedy="repair", by=chen, at=on("11-24", "10:10"))
    ticket = tickets.agree(ticket, agreed=True, text="同意", by=chen, at=on("11-24", "10:20"))
    ticket = tickets.report(ticket, text="已更换", by=chen, at=on("11-24", "15:00"))
    ticket = tickets.approve(ticket, by=gao, at=on("11-24", "15:30"))
    ticket = tickets.approve(ticket, by=zhou, at=on("11-24", "16:00"))
    answer = "已为您更换接头，今后安装加试水，感谢您的反馈，非常抱歉。"
    assert all(parts_of(answer).values())
    ticket = tickets.resolve(ticket, text=answer, via="email", by=chen, at=on("11-24", "16:30"))

    # A5.3: asked; dissatisfied → again, until satisfied
    surveys.send_due(on("11-25", "17:00"))
    ticket = surveys.answer(ticket, rating="dissatisfied", at=on("11-25", "18:00"))
    assert (ticket.round, ticket.owner) == (2, gao)

    # A6.2
    figures = kpi.figures(Ticket.objects.counted(), between(date(2026, 11, 1), date(2026, 12, 1)))["figures"]
    assert figures["volume"] == 1
    assert figures["satisfaction"]["rate"] == 0.0
    assert figures["second_round_rate"]["rate"] == 1.0

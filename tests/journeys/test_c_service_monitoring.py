"""服务反馈监控方案 (C): a danger comes in by the public form; L1, a special group, leadership, a second look, archive.

C2.1 form and progress, C3.1 alert, C3.2 duty, C3.3 group, 1 h and 24 h, C3.4 owner, state, expected finish, C4.1 number,
C5.1 follow-up.
"""

import pytest
from django.urls import reverse

from accounts.models import Shift
from feedback import services as feedback
from feedback.content import Content
from notices.models import Notice
from sla.models import Clock
from sla.services_sweep import sweep
from surveys import services as surveys
from tests.journeys.house import clocks, house, mails, on, steps, told
from tickets import services as tickets
from tickets import tracking
from tickets.models import SpecialGroup, Ticket
from tickets.workflow import PublicStatus

__all__ = ["house"]
pytestmark = pytest.mark.django_db

DANGER = "紧急！刚装的热水器漏电冒烟，老人被电到了，请马上处理！"


def test_c(client, house, lin, chen, gao, han, zhou, tang):
    ticket = came_in_and_was_raised(client, lin, chen, gao, han, zhou, tang)
    ticket = worked_on_by_the_group(ticket, chen, gao, han, tang)
    ticket = passed_three_gates(ticket, chen, gao, zhou, tang)
    ticket = reported_on(client, ticket, gao, tang)

    # C5.1: dissatisfied → second round at a higher level, and the group is called for it again
    surveys.send_due(on("11-24", "21:00"))
    ticket = surveys.answer(ticket, rating="dissatisfied", at=on("11-24", "22:00"))
    assert (ticket.round, ticket.level, ticket.owner) == (
        2,
        2,
        zhou,
    )  # a missed limit had raised it to the head already
    sweep(on("11-24", "22:01"))
    assert SpecialGroup.objects.get(ticket=ticket).round == 2
    assert [step for step in steps(ticket) if step[0] == "form_group"] == [
        ("form_group", "系统"), ("form_group", "zhou"), ("form_group", "系统"),
    ]  # fmt: skip
    assert mails(ticket)[:2] == ["received", "replied"]


def came_in_and_was_raised(client, lin, chen, gao, han, zhou, tang):
    for person in (lin, zhou):
        Shift.objects.create(person=person, starts_at=on("11-23", "09:00"), ends_at=on("11-23", "19:00"))
    receipt = feedback.receive(
        channel="web", raw=DANGER.encode(), claimed_at=None, received_at=on("11-23", "10:00"),
        customer={"name": "王小明", "phone": "13800001234", "email": "wang@example.com"},
        content=Content(text=DANGER, category="product"), at=on("11-23", "10:00"),
    )  # fmt: skip
    ticket = receipt.ticket

    # C3.1 C4.1: the alert raises it; the office and agents on duty, and leadership, hear at once; Q and a number
    assert ticket.tier == "L1"
    assert ticket.number.startswith("Q20261123-")
    for person in (lin, zhou, tang):
        assert "major" in told(ticket, person)
    assert "major" not in told(ticket, chen)

    # C3.3: the special group is called together by itself, led by a manager; an owner, a state, an expected finish
    sweep(on("11-23", "10:01"))
    group = SpecialGroup.objects.get(ticket=ticket)
    assert group.leader == gao
    ticket = tickets.form_group(
        Ticket.objects.get(pk=ticket.pk), leader=gao, members=[chen, han, zhou], report_every=4, by=zhou,
        at=on("11-23", "10:10"),
    )  # fmt: skip
    assert "form_group" in told(ticket, tang)
    ticket = tickets.accept(ticket, by=chen, at=on("11-23", "10:15"))
    ticket = tickets.reply(ticket, text="请断电远离，师傅半小时到。", via="phone", by=chen, at=on("11-23", "10:20"))
    assert ticket.expected_by is not None

    # C2.1: the customer follows it by the code
    page = client.get(reverse("feedback:tracking", args=[receipt.tracking_code]))
    assert page.status_code == 200
    assert str(PublicStatus.IN_PROGRESS.label) in page.content.decode()
    assert tracking.digest(receipt.tracking_code) == ticket.tracking_digest

    return ticket


def worked_on_by_the_group(ticket, chen, gao, han, tang):
    ticket = tickets.investigate(ticket, facts="地线未接", by=chen, at=on("11-23", "13:00"))
    ticket = tickets.plan(
        ticket, measures="接地线，召回同批", limit=on("11-24", "09:00"), by=chen, at=on("11-23", "13:30")
    )
    ticket = tickets.agree(ticket, agreed=True, text="同意", by=chen, at=on("11-23", "13:40"))
    ticket = tickets.log_work(ticket, text="查明同批12台", by=han, at=on("11-23", "13:50"))
    ticket = tickets.report_situation(ticket, text="已断电，无人受伤，正查同批", by=gao, at=on("11-23", "14:00"))
    assert told(ticket, tang).count("report_situation") == 1

    # a report that is not made is a missed limit, and leadership hears of it
    sweep(on("11-23", "18:30"))
    assert ticket.events.filter(kind="breach", data__metric="situation").exists()
    assert Notice.objects.filter(user=tang, topic=ticket.number, kind__startswith="time_limit").exists()
    return tickets.report_situation(
        Ticket.objects.get(pk=ticket.pk), text="12台已联系", by=gao, at=on("11-23", "19:00")
    )


def passed_three_gates(ticket, chen, gao, zhou, tang):
    """The call-back is recorded; leadership decides last."""
    ticket = tickets.report(ticket, text="已接地并召回", by=chen, at=on("11-23", "20:00"))
    ticket = tickets.approve(ticket, by=gao, at=on("11-23", "20:10"))
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.approve(ticket, by=zhou, at=on("11-23", "20:20"))
    ticket = tickets.approve(ticket, called="用户确认安全", by=zhou, at=on("11-23", "20:30"))
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.resolve(ticket, text="已处理，谢谢", by=chen, at=on("11-23", "20:35"))
    ticket = tickets.approve(ticket, text="同意", by=tang, at=on("11-23", "20:40"))
    ticket = tickets.resolve(
        ticket, text="已接地并召回同批，今后出厂逐台检验，抱歉并感谢您。", via="email", by=chen, at=on("11-23", "20:50")
    )
    limits = clocks(ticket)
    assert {limits[name] for name in ("first_response", "plan", "resolution")} == {"met"}
    assert Clock.objects.get(ticket=ticket, metric="first_response").due_at == on("11-23", "11:00")
    assert Clock.objects.get(ticket=ticket, metric="plan").due_at == on("11-24", "10:00")

    return ticket


def reported_on(client, ticket, gao, tang):
    """The special report, as page and PDF."""
    ticket = tickets.conclude_group(
        ticket, text="安装漏接地线", lessons="安装加查地线", by=gao, at=on("11-24", "09:00")
    )
    client.force_login(tang)
    report = client.get(reverse("tickets:special-report", args=[ticket.number])).content.decode()
    for said in ("安装漏接地线", "安装加查地线", "查明同批12台", "正查同批", "用户确认安全"):
        assert said in report
    assert client.get(reverse("tickets:special-report-pdf", args=[ticket.number])).content.startswith(b"%PDF-")
    return ticket

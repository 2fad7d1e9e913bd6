"""求助投诉管理办法 (D): a call for help, handed over with acceptance, a complex case with more time, late once, answered for.

D2 recorded by the first contact; D3.1 transfer with demand; D3.2 one named person, 15 days with the reason told; D4 the
return visit; D6 the archive and its readings; D7 accountability.
"""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import AccessLog
from feedback import services as feedback
from feedback.content import Content
from sla import services_accountability as ledger
from sla.models import Accountability
from sla.services_sweep import sweep
from surveys.models import FollowUp
from tests.journeys.house import clocks, house, on, steps, told
from tickets import services as tickets
from tickets.models import Ticket
from tickets.tasks import close_quiet

__all__ = ["house"]
pytestmark = pytest.mark.django_db

CALL = "新买的冰箱送来就不制冷，放的药都坏了，要求尽快换。"


def fresh(ticket):
    return Ticket.objects.get(pk=ticket.pk)


def test_d(client, house, lin, chen, gao, han, zhou, xu, after_sales, logistics):
    ticket = taken_down(lin)
    ticket = handed_over(ticket, lin, chen, gao, han, after_sales, logistics)
    ticket = more_time_and_a_plan(ticket, han, zhou)
    ticket = late_and_answered_for(ticket, han, zhou)
    ticket = visited_by_somebody_else(ticket, han, lin)
    archived_and_read(client, ticket, xu)
    order = [kind for kind, _who in steps(ticket)]
    assert (
        order.index("transfer")
        < order.index("decline_transfer")
        < order.index("accept_transfer")
        < order.index("extend")
    )


def taken_down(lin):
    # D2: matter, place and time of the event; the call is answered while it lasts
    ticket = feedback.receive(
        channel="phone", raw=CALL.encode(), claimed_at=None, received_at=on("11-23", "09:00"),
        customer={"name": "王小明", "phone": "13800001234"}, by=lin, at=on("11-23", "09:10"),
        content=Content(
            text=CALL, nature="complaint", category="after_sales", place="杭州市文三路", occurred_at=on("11-22", "18:00"),
            answered_at_once=True,
        ),
    ).ticket  # fmt: skip
    assert (ticket.first_contact, ticket.place, ticket.occurred_at) == (lin, "杭州市文三路", on("11-22", "18:00"))
    assert {clocks(ticket)[name] for name in ("register", "first_contact", "first_response")} == {"met"}

    return ticket


def handed_over(ticket, lin, chen, gao, han, after_sales, logistics):
    """D3.1: handed over with the demand; the sender answers for it until it is accepted."""
    ticket = tickets.accept(ticket, by=chen, at=on("11-23", "09:30"))
    ticket = tickets.transfer(
        ticket,
        department=logistics,
        owner=han,
        reason="运输中倒置，请物流牵头，两日内换货",
        by=chen,
        at=on("11-23", "10:00"),
    )
    assert (ticket.owner, ticket.department, told(ticket, han)) == (chen, after_sales, ["transfer"])
    with pytest.raises(tickets.ActionNotAllowed, match="韩叙"):
        tickets.accept_transfer(ticket, by=gao, at=on("11-23", "10:10"))
    ticket = tickets.decline_transfer(ticket, reason="请先附验机单", by=han, at=on("11-23", "10:20"))
    assert told(ticket, chen)[-1] == "decline_transfer"
    ticket = tickets.transfer(
        ticket, department=logistics, owner=han, reason="验机单已附", by=chen, at=on("11-23", "10:30")
    )
    ticket = tickets.accept_transfer(ticket, by=han, at=on("11-23", "10:40"))
    assert (ticket.owner, ticket.department, ticket.first_contact) == (han, logistics, lin)

    return ticket


def more_time_and_a_plan(ticket, han, zhou):
    """D3.2: more time, decided by the office, the customer told."""
    ticket = tickets.extend(ticket, new_due=on("11-30", "18:00"), reason="总仓调货", by=han, at=on("11-24", "09:00"))
    ticket = tickets.decide_extension(ticket, granted=True, by=zhou, at=on("11-24", "10:00"))
    ticket = tickets.investigate(ticket, facts="运输倒置致压缩机损坏", by=han, at=on("11-24", "11:00"))
    ticket = tickets.plan(
        ticket, measures="换新机", remedy="exchange", limit=on("11-26", "12:00"), by=han, at=on("11-24", "11:10")
    )
    return tickets.agree(ticket, agreed=True, text="同意换新", by=han, at=on("11-24", "11:20"))


def late_and_answered_for(ticket, han, zhou):
    # D4 D7: the report is due four working hours after carrying out, at 17:00; late is late, somebody answers for it, with grounds
    sweep(on("11-26", "17:30"))
    ticket = fresh(ticket)
    assert ticket.events.filter(kind="breach", data__metric="report").count() == 1
    record = Accountability.objects.get(ticket=ticket)
    assert record.person == han
    ledger.decide(
        record, outcome="confirmed", grade="warning", decision="逾期未报结果", by=zhou, at=on("11-27", "09:00")
    )
    ticket = tickets.report(ticket, text="已换新机", by=han, at=on("11-27", "09:30"))
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.approve(ticket, by=han, at=on("11-27", "09:40"))
    ticket = tickets.approve(ticket, by=zhou, at=on("11-27", "10:00"))  # logistics has no head
    ticket = tickets.approve(ticket, by=zhou, at=on("11-27", "10:05"))
    return tickets.resolve(
        ticket, text="已换新机并道歉，今后加防倒置标识，谢谢您。", via="phone", by=han, at=on("11-27", "10:30")
    )


def visited_by_somebody_else(ticket, han, lin):
    # D4: visited within three working days by somebody else than the handler; only a telephone is known
    visit = FollowUp.objects.get(ticket=ticket)
    assert (visit.mode, clocks(ticket)["call_back"]) == ("call", "running")
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.rate(ticket, rating="satisfied", by=han, at=on("11-28", "10:00"))
    ticket = tickets.rate(ticket, rating="satisfied", comment="满意", by=lin, at=on("11-30", "10:00"))
    assert clocks(ticket)["call_back"] == "met"

    return ticket


def archived_and_read(client, ticket, xu):
    # D6: archived; whoever opens it says what for, and that is on record
    close_quiet(on("12-05", "09:00").isoformat())
    client.force_login(xu)
    assert "tickets/purpose.html" in [each.name for each in client.get(ticket.get_absolute_url()).templates]
    client.post(reverse("tickets:read", args=[ticket.number]), {"purpose": "季度抽查"})
    assert AccessLog.objects.get(action="read_archive").purpose == "季度抽查"

    # a word of thanks reopens nothing; new content on an archived case becomes a linked one
    receipt = feedback.hear(fresh(ticket), text="冰箱又不制冷了", at=on("12-06", "09:00"))
    assert receipt.ticket.parent_id == ticket.pk
    assert (fresh(ticket).status, fresh(ticket).round) == ("closed", 1)
    assert date(2026, 11, 27) == fresh(ticket).resolved_at.date()

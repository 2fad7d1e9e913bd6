"""History is worded in the reader's language, from codes."""

import pytest
from django.utils import translation

from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets import wording
from tickets.answers.answer_parts import parts_of
from tickets.models import TicketEvent
from tickets.workflow import MOVES

pytestmark = pytest.mark.django_db


def test_each_event_of_a_long_life_becomes_a_sentence_without_codes(chen, gao, zhou, tang, after_sales):
    ticket = tickets.assign(a_ticket(), department=after_sales, by=zhou, at=NOON, reason="属售后")
    ticket = tickets.return_to_dispatch(ticket, reason="not_ours", text="是物流", by=chen, at=NOON)
    ticket = tickets.assign(ticket, department=after_sales, owner=chen, by=zhou, at=NOON)
    ticket = tickets.classify(ticket, nature="inquiry", needs_review=True, by=zhou, at=NOON)
    ticket = tickets.accept(ticket, by=chen, at=NOON)
    ticket = tickets.escalate(ticket, reason="breach", by=None, at=NOON)
    ticket = tickets.resolve(ticket, text="好了", by=chen, at=NOON)
    ticket = tickets.rate(ticket, rating="dissatisfied", comment="还漏", at=NOON)
    ticket = tickets.void(ticket, reason="withdrawn", by=zhou, at=NOON)
    names = wording.Names({"after_sales": "After-sales"}, {"chen": "Chen", "gao": "Gao"})
    with translation.override("en"):
        said = {event.kind: wording.sentence(event, names) for event in ticket.events.in_order()}
    assert said["return_to_dispatch"] == "Returned by After-sales (no. 1): Not our duty (是物流)"
    assert said["assign"] == "Assigned to After-sales, Chen"
    assert (
        said["classify"]
        == "Classified: nature: Complaint → Inquiry; manual review: no → yes; tier: L2 complaint → L3 suggestion"
    )
    assert said["escalate"] == "Escalated to: department head (a limit was missed)"
    assert said["rate"] == "Rated: Dissatisfied (还漏)"
    assert said["reopen"] == "Handled again: the customer is dissatisfied. Raised to the feedback office: office (zhou)"
    assert said["void"] == "Declared void: Withdrawn by the customer"


def test_who_took_a_case_stands_beside_the_sentence_and_is_not_named_in_it_again(chen, gao, zhou, after_sales):
    names = wording.Names({"after_sales": "售后服务部"}, {"chen": "陈思源", "gao": "高远"})

    def said(kind, by, **data):
        return wording.sentence(TicketEvent(kind=kind, actor=by, data=data), names)

    assert said("accept", gao, owner="gao") == "已签收"
    assert said("accept", gao, owner="chen") == "已签收，经办人：陈思源"
    assert said("accept", chen, owner="chen", by_answering=True) == "答复后接手"
    assert said("accept", None, owner="chen") == "已签收，经办人：陈思源"
    assert said("accept_transfer", gao, owner="chen", department="after_sales") == "售后服务部（陈思源）已接收转办"
    assert said("accept_transfer", chen, owner="chen", department="after_sales") == "售后服务部已接收转办"


def test_every_verb_has_its_words():
    assert set(MOVES) <= set(wording._SENTENCES)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"agreed": True}, "The customer agrees to the plan"),
        ({"agreed": True, "text": "在下班后上门。"}, "The customer agrees to the plan: 在下班后上门"),
        ({"agreed": True, "progress_days": 2}, "The customer agrees to the plan; News every 2 days"),
        (
            {"agreed": False, "text": "要求换新。", "progress_days": 3},
            "The customer does not agree to the plan: 要求换新; News every 3 days",
        ),
    ],
)
def test_an_agreement_is_told_with_what_was_said_and_how_often_news_comes(data, said):
    with translation.override("en"):
        assert wording.sentence(TicketEvent(kind="agree", data=data), wording.Names()) == said


@pytest.mark.parametrize(
    ("via", "said"),
    [
        ("web", "Reply (Tracking page)"),
        ("phone", "Reply (Phone call)"),
        ("sms", "Reply (SMS)"),
        ("letter", "Reply (Letter)"),
    ],
)
def test_what_we_say_goes_another_way_than_what_comes_in(via, said):
    with translation.override("en"):
        assert wording.sentence(TicketEvent(kind="reply", data={"via": via}), wording.Names()) == said


def test_an_event_of_a_kind_nobody_worded_still_shows():
    assert wording.sentence(TicketEvent(kind="new_kind", data={}), wording.Names()) == "new_kind"


@pytest.mark.parametrize(
    ("text", "result", "improvement", "thanks"),
    [
        ("已更换排水泵。今后安装后增加试水。感谢您的监督。", True, True, True),
        ("已更换排水泵，谢谢。", True, False, True),
        ("We have replaced the pump and will train the crew to prevent this. Thank you.", True, True, True),
        ("您好", False, False, False),
    ],
)
def test_the_three_parts_of_an_answer_are_recognised(text, result, improvement, thanks):
    assert parts_of(text) == {"result": result, "improvement": improvement, "thanks": thanks}

"""What each move does, and what it refuses (docs/workflow.md)."""

from datetime import timedelta

import pytest
from django.db import Error, connection, transaction

from tests.make import NOON, a_ticket
from tests.people import user
from tickets import access, tracking, workflow
from tickets import services as tickets
from tickets.models import Ticket, TicketEvent

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)
ANSWER = "已为您更换排水管，今后安装加试水，谢谢。"


def resolved(ticket, by):
    ticket = tickets.accept(ticket, by=by, at=NOON)
    return tickets.resolve(ticket, text=ANSWER, by=by, at=NOON)


def test_every_move_writes_one_event_and_raises_the_version(chen, after_sales):
    ticket = a_ticket(department=after_sales)
    moved = tickets.note(ticket, text="看过", by=chen, at=LATER)
    event = TicketEvent.objects.filter(ticket=ticket).order_by("pk").last()
    assert (moved.version, event.version, event.kind, event.actor, event.at) == (2, 2, "note", chen, LATER)


@pytest.mark.parametrize("verb", [verb for verb, move in workflow.MOVES.items() if move.sources])
def test_a_move_that_the_table_does_not_hold_is_refused(verb, chen, after_sales):
    ticket = a_ticket(department=after_sales)
    arguments = {
        "classify": {"by": chen}, "assign": {"by": chen, "department": after_sales}, "accept": {"by": chen},
        "return_to_dispatch": {"by": chen, "reason": "other"}, "note": {"by": chen, "text": "x"},
        "reply": {"by": chen, "text": "x"}, "request_information": {"by": chen, "text": "x"},
        "customer_message": {"text": "x"}, "rate": {"rating": "satisfied"}, "remind": {"by": chen},
        "escalate": {"by": chen, "reason": "x"}, "resolve": {"by": chen}, "close": {"by": chen},
        "transfer": {"by": chen, "department": after_sales, "reason": "x"}, "accept_transfer": {"by": chen},
        "decline_transfer": {"by": chen, "reason": "x"}, "co_done": {"by": chen, "text": "x"},
        "co_assign": {"by": chen, "department": after_sales, "task": "x"},
        "co_waive": {"by": chen, "department": after_sales, "reason": "x"},
        "promise": {"by": chen, "answer_by": LATER, "message": "x"},
        "extend": {"by": chen, "new_due": LATER, "reason": "x"}, "decide_extension": {"by": chen, "granted": False},
        "merge": {"by": chen, "into": a_ticket()}, "unmerge": {"by": chen}, "link": {"by": chen, "other": a_ticket()},
        "split": {"by": chen, "subject": "x", "content": "x"},
        "change_first_contact": {"by": chen, "person": chen, "reason": "x"},
        "correct_customer": {"by": chen, "reason": "x"},
        "investigate": {"by": chen, "facts": "x"}, "plan": {"by": chen, "measures": "x"},
        "agree": {"by": chen, "agreed": True, "text": "x"}, "assess": {"by": chen, "verdict": "adopt", "reason": "x"},
        "report": {"by": chen, "text": "x"}, "approve": {"by": chen},
        "reject": {"by": chen, "reason": "other", "text": "x"},
        "improvement_done": {"by": chen, "text": "x"}, "improvement_dropped": {"by": chen, "reason": "x"},
        "form_group": {"by": chen, "leader": chen}, "log_work": {"by": chen, "text": "x"},
        "report_situation": {"by": chen, "text": "x"}, "conclude_group": {"by": chen, "text": "x", "lessons": "x"},
        "reopen": {"by": chen, "reason": "x"}, "void": {"by": chen, "reason": "spam"}, "restore": {"by": chen},
        "wait_over": {"by": None},
    }[verb]  # fmt: skip
    refused = 0
    for status in workflow.Status:
        if workflow.allows(verb, status):
            continue
        Ticket.objects.filter(pk=ticket.pk).update(status=status)
        with pytest.raises(tickets.ActionNotAllowed):
            getattr(tickets, verb)(ticket, at=NOON, **arguments)
        refused += 1
    assert refused == len(workflow.Status) - len(workflow.MOVES[verb].sources)
    assert ticket.events.count() == 2


def test_a_stale_version_is_refused_with_what_is_newer(chen, gao, after_sales):
    ticket = a_ticket(department=after_sales)
    tickets.note(ticket, text="先写的", by=gao, at=NOON)
    with pytest.raises(tickets.StaleTicket) as stale:
        tickets.note(ticket, text="后写的", by=chen, at=NOON, version=ticket.version)
    assert [(event.kind, event.actor) for event in stale.value.newer] == [("note", gao)]
    assert ticket.messages.count() == 1


def test_who_answers_a_case_that_nobody_accepted_takes_it(lin, customer_service):
    ticket = tickets.reply(a_ticket(), text="您好，我们来处理。", by=lin, at=NOON)
    assert (ticket.status, ticket.owner, ticket.first_contact, ticket.department) == (
        "in_progress", lin, lin, customer_service,
    )  # fmt: skip
    assert ticket.first_response_at == NOON


def test_asking_does_not_take_a_case_that_was_dealt_to_somebody_else(zhou, chen, after_sales):
    ticket = tickets.assign(a_ticket(), department=after_sales, owner=chen, by=zhou, at=NOON)
    ticket = tickets.request_information(ticket, text="请问型号？", by=zhou, at=NOON)
    assert (ticket.owner, ticket.department, ticket.status) == (chen, after_sales, "waiting")


def test_an_automatic_answer_is_no_first_response(after_sales):
    ticket = tickets.reply(a_ticket(), text="已收到", by=None, automatic=True, at=NOON)
    assert (ticket.first_response_at, ticket.status) == (None, "new")


def test_the_first_contact_is_set_once_and_stays(lin, zhou, chen, gao, after_sales):
    ticket = tickets.classify(a_ticket(), nature="inquiry", by=lin, at=NOON)
    ticket = tickets.assign(ticket, department=after_sales, by=zhou, at=NOON)
    ticket = tickets.accept(ticket, by=chen, at=NOON)
    ticket = tickets.reply(ticket, text=ANSWER, by=gao, at=NOON)
    assert ticket.first_contact == lin


def test_who_is_dealt_a_case_first_is_its_first_contact(zhou, chen, after_sales):
    ticket = tickets.assign(a_ticket(), department=after_sales, owner=chen, by=zhou, at=NOON)
    assert ticket.first_contact == chen


def test_a_person_of_another_department_cannot_be_named(zhou, han, after_sales):
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.assign(a_ticket(), department=after_sales, owner=han, by=zhou, at=NOON)


def test_the_second_return_goes_to_the_office(zhou, chen, after_sales, office):
    ticket = a_ticket(department=after_sales)
    ticket = tickets.return_to_dispatch(ticket, reason="not_ours", by=chen, at=NOON)
    assert (ticket.status, ticket.department) == ("new", None)
    ticket = tickets.assign(ticket, department=after_sales, by=zhou, at=NOON)
    ticket = tickets.return_to_dispatch(ticket, reason="other", by=chen, at=LATER)
    assert (ticket.status, ticket.department) == ("new", office)
    assert ticket.events.filter(kind="return_to_dispatch").order_by("pk").last().data["count"] == 2


def test_a_case_is_not_resolved_before_it_was_answered(chen, after_sales):
    ticket = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.resolve(ticket, by=chen, at=NOON)


def test_an_answer_of_round_1_does_not_resolve_round_2(chen, gao, zhou, after_sales):
    ticket = tickets.reopen(resolved(a_ticket(department=after_sales), chen), reason="x", by=zhou, at=LATER)
    ticket = tickets.accept(ticket, by=gao, at=LATER)
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.resolve(ticket, by=gao, at=LATER)


def test_waiting_ends_when_the_customer_answers(chen, after_sales):
    ticket = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    ticket = tickets.request_information(ticket, text="请问型号？", by=chen, at=NOON)
    ticket = tickets.customer_message(ticket, text="自动回复：外出", at=NOON, machine=True)
    assert ticket.status == "waiting"
    ticket = tickets.customer_message(ticket, text="GW-35H", at=NOON)
    assert ticket.status == "in_progress"


@pytest.mark.parametrize(
    ("text", "machine", "days", "round_"),
    [("谢谢", False, 1, 1), ("Thanks a lot!", False, 1, 1), ("又漏水了", False, 1, 2), ("又漏水了", True, 1, 1),
     ("又漏水了", False, 16, 1), ("谢谢，但是又漏水了", False, 1, 2), ("没有解决", False, 1, 2)],
)  # fmt: skip
def test_only_new_content_of_a_person_reopens_within_the_days(
    text, machine, days, round_, chen, gao, zhou, after_sales
):
    ticket = resolved(a_ticket(department=after_sales), chen)
    ticket = tickets.customer_message(ticket, text=text, machine=machine, at=NOON + timedelta(days=days))
    assert ticket.round == round_


def test_rounds_go_up_from_head_to_office_to_leadership(chen, gao, zhou, tang, after_sales, office):
    ticket = resolved(a_ticket(department=after_sales), chen)
    way = []
    for _round in range(3):
        ticket = tickets.reopen(ticket, reason="仍未解决", by=None, at=LATER)
        way.append((ticket.level, ticket.owner, ticket.department))
        ticket = tickets.accept(ticket, by=ticket.owner, at=LATER)
        ticket = tickets.resolve(ticket, text=ANSWER, by=ticket.owner, at=LATER)
    assert way == [(1, gao, after_sales), (2, zhou, office), (3, tang, office)]
    assert ticket.first_resolved_at == NOON


def test_the_head_who_resolved_a_case_does_not_get_it_again(chen, gao, zhou, after_sales, office):
    ticket = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    ticket = tickets.resolve(ticket, text=ANSWER, by=gao, at=NOON)
    ticket = tickets.reopen(ticket, reason="x", by=None, at=LATER)
    assert (ticket.owner, ticket.department) == (zhou, office)


def test_the_last_handler_can_neither_be_given_nor_take_the_next_round(chen, gao, zhou, after_sales):
    ticket = tickets.reopen(resolved(a_ticket(department=after_sales), chen), reason="x", by=zhou, at=LATER)
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.assign(ticket, department=after_sales, owner=chen, by=zhou, at=LATER)
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.accept(ticket, by=chen, at=LATER)
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.accept(ticket, by=gao, owner=chen, at=LATER)


def test_without_an_office_the_department_keeps_the_second_round(chen, after_sales):
    ticket = resolved(a_ticket(department=after_sales), chen)
    ticket = tickets.rate(ticket, rating="dissatisfied", at=LATER)
    assert (ticket.department, ticket.owner, ticket.level, ticket.round) == (after_sales, None, 2, 2)


def test_a_round_is_rated_once_and_not_by_who_handled_it(chen, zhou, after_sales):
    ticket = resolved(a_ticket(department=after_sales), chen)
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.rate(ticket, rating="satisfied", by=chen, at=LATER)
    ticket = tickets.rate(ticket, rating="satisfied", by=zhou, at=LATER)
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.rate(ticket, rating="neutral", at=LATER)
    assert (ticket.status, ticket.rating) == ("resolved", "satisfied")


def test_a_void_case_comes_back_to_dispatch(zhou, after_sales):
    ticket = tickets.void(a_ticket(department=after_sales), reason="spam", by=zhou, at=NOON)
    assert (ticket.status, ticket.void_reason) == ("void", "spam")
    ticket = tickets.restore(ticket, by=zhou, at=LATER)
    assert (ticket.status, ticket.void_reason, ticket.department) == ("new", "", None)
    ticket = tickets.assign(ticket, department=after_sales, by=zhou, at=LATER)
    assert ticket.assignments.filter(ended_at=None).count() == 1


def test_a_new_nature_brings_its_tier_but_a_major_case_stays_major(zhou):
    ticket = tickets.classify(a_ticket(), nature="suggestion", by=zhou, at=NOON)
    assert ticket.tier == "L3"
    ticket = tickets.classify(a_ticket(tier="L1"), nature="suggestion", by=zhou, at=NOON)
    assert ticket.tier == "L1"


@pytest.mark.parametrize("statement", ["UPDATE tickets_ticketevent SET kind = 'x'", "DELETE FROM tickets_ticketevent"])
def test_history_cannot_be_changed_or_deleted(statement):
    a_ticket()
    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert TicketEvent.objects.filter(kind="register").count() == 1


def test_the_database_holds_only_the_digest_of_a_tracking_code():
    code = tracking.new_code()
    ticket = a_ticket(tracking_digest=tracking.digest(code))
    row = Ticket.objects.filter(pk=ticket.pk).values().get()
    assert tracking.normal(code) not in str(row).upper()
    assert row["tracking_digest"] == tracking.digest(code.lower())


def test_a_round_that_went_up_comes_down_only_through_who_got_it(client, chen, gao, zhou, after_sales):
    """The last handler neither takes nor returns it, a colleague does not take it from the head; the head names somebody."""
    meng = user("meng", "孟川", ["handler"], after_sales)
    ticket = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    ticket = tickets.resolve(ticket, text="好了，今后注意，谢谢。", by=chen, at=NOON)
    ticket = tickets.rate(ticket, rating="dissatisfied", comment="没好", at=NOON)
    assert (ticket.owner, ticket.status) == (gao, "assigned")
    for verb, more in (("accept", {"owner": meng}), ("return_to_dispatch", {"reason": "not_ours"})):
        with pytest.raises(tickets.ActionNotAllowed, match="陈思源"):
            getattr(tickets, verb)(ticket, by=chen, at=NOON, **more)
        assert not access.may(meng, verb, ticket)
        assert verb not in access.allowed_verbs(chen, ticket)
    assert "高远" in access.why_not(meng, "accept", ticket)
    assert ticket.first_contact == chen
    for verb in ("assign", "void", "merge"):  # the first contact follows the case; it does not make it go away
        assert not access.may(chen, verb, ticket)
    assert access.may(chen, "escalate", ticket)
    client.force_login(gao)
    page = client.get(ticket.get_absolute_url())
    (accept,) = [move for move in page.context["next"]["moves"] if move["verb"] == "accept"]
    offered = [name for group in accept["form"].fields["owner"].choices[1:] for name, _label in group[1]]
    assert "chen" not in offered
    assert "meng" in offered
    assert tickets.accept(ticket, owner=meng, by=gao, at=NOON).owner == meng

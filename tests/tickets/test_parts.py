"""A case in several hands (B3.2 D3.3): co-departments owe their parts, and nobody sheds a case by offering it."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from tests.make import NOON, a_ticket
from tickets import access
from tickets import services as tickets
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=2)
ANSWER = "已更换排水管，今后安装加试水，谢谢。"


@pytest.fixture
def led(chen, after_sales):
    return tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)


def seen_by(user):
    return Ticket.objects.visible_to(user).count()


def test_the_lead_cannot_resolve_while_a_co_department_owes_its_part(led, chen, han, logistics):
    ticket = tickets.co_assign(led, department=logistics, task="报墙面修复价", limit=LATER, by=chen, at=NOON)
    with pytest.raises(tickets.ActionNotAllowed, match="物流配送部"):
        tickets.resolve(ticket, text=ANSWER, by=chen, at=NOON)
    assert not ticket.messages.exists()
    ticket = tickets.co_done(ticket, text="300 元，明天上门", by=han, at=LATER)
    assert tickets.resolve(ticket, text=ANSWER, by=chen, at=LATER).status == "resolved"
    assert seen_by(han) == 1


def test_the_office_waives_a_part_with_a_reason_and_nobody_else_does(led, chen, zhou, logistics):
    ticket = tickets.co_assign(led, department=logistics, task="报价", by=chen, at=NOON)
    assert not access.may(chen, "co_waive", ticket)
    assert access.may(zhou, "co_waive", ticket)
    ticket = tickets.co_waive(ticket, department=logistics, reason="用户自行修复", by=zhou, at=LATER)
    part = ticket.assignments.get(role="co")
    assert (part.end_reason, part.result) == ("waived", "用户自行修复")
    assert tickets.resolve(ticket, text=ANSWER, by=chen, at=LATER).status == "resolved"


def test_a_co_department_reports_only_a_part_that_it_owes(led, chen, han, logistics):
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.co_done(led, text="x", by=han, at=NOON)
    ticket = tickets.co_assign(led, department=logistics, task="报价", by=chen, at=NOON)
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.co_done(ticket, text="x", by=chen, at=NOON)
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.co_assign(ticket, department=logistics, task="再报价", by=chen, at=NOON)


@pytest.mark.parametrize("case", ["the lead itself", "a limit behind", "a stranger as owner"])
def test_a_part_is_refused_for(case, led, chen, han, after_sales, logistics):
    arguments = {
        "the lead itself": {"department": after_sales},
        "a limit behind": {"department": logistics, "limit": NOON - timedelta(hours=1)},
        "a stranger as owner": {"department": logistics, "owner": chen},
    }[case]
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.co_assign(led, task="x", by=chen, at=NOON, **arguments)


def test_the_sender_stays_responsible_until_the_offer_is_accepted(led, chen, han, logistics):
    ticket = tickets.transfer(led, department=logistics, owner=han, reason="配送损坏", by=chen, at=NOON)
    assert (ticket.owner, ticket.status, seen_by(han)) == (chen, "in_progress", 1)
    ticket = tickets.accept_transfer(ticket, by=han, at=LATER)
    assert (ticket.owner, ticket.department, ticket.status, ticket.first_contact) == (
        han, logistics, "in_progress", chen,
    )  # fmt: skip
    assert ticket.assignments.filter(ended_at=None).get().accepted_at == LATER


def test_a_declined_offer_leaves_the_case_with_the_sender_and_hides_it_again(led, chen, han, logistics):
    ticket = tickets.transfer(led, department=logistics, reason="配送损坏", by=chen, at=NOON)
    ticket = tickets.decline_transfer(ticket, reason="外箱完好", by=han, at=LATER)
    assert (ticket.owner, seen_by(han)) == (chen, 0)
    assert ticket.transfers.get().accepted is False
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.accept_transfer(ticket, by=han, at=LATER)


def test_an_offer_is_decided_by_the_person_it_names(led, chen, gao, han, logistics, after_sales):
    ticket = tickets.transfer(led, department=logistics, owner=han, reason="x", by=chen, at=NOON)
    for person in (chen, gao):
        with pytest.raises(tickets.ActionNotAllowed):
            tickets.accept_transfer(ticket, by=person, at=LATER)
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.transfer(ticket, department=logistics, owner=han, reason="x", by=chen, at=LATER)


def test_an_offer_lapses_when_the_office_assigns_the_case(led, chen, zhou, han, logistics, customer_service):
    ticket = tickets.transfer(led, department=logistics, owner=han, reason="x", by=chen, at=NOON)
    ticket = tickets.assign(ticket, department=customer_service, by=zhou, at=NOON)
    assert (ticket.transfers.get().accepted, seen_by(han)) == (False, 0)


def test_handing_over_to_oneself_or_to_nobody_is_refused(led, chen, after_sales):
    for owner in (chen, None):
        with pytest.raises(tickets.ActionNotAllowed):
            tickets.transfer(led, department=after_sales, owner=owner, reason="x", by=chen, at=NOON)


@pytest.mark.parametrize(
    "verb", ["co_assign", "co_done", "co_waive", "transfer", "accept_transfer", "decline_transfer"]
)
def test_each_costs_few_queries(verb, led, chen, han, zhou, logistics, django_assert_max_num_queries):
    if verb in {"co_done", "co_waive"}:
        led = tickets.co_assign(led, department=logistics, task="x", by=chen, at=NOON)
    if verb in {"accept_transfer", "decline_transfer"}:
        led = tickets.transfer(led, department=logistics, reason="x", by=chen, at=NOON)
    by, more = {
        "co_assign": (chen, {"department": logistics, "task": "x"}), "co_done": (han, {"text": "x"}),
        "co_waive": (zhou, {"department": logistics, "reason": "x"}), "accept_transfer": (han, {}),
        "transfer": (chen, {"department": logistics, "reason": "x"}), "decline_transfer": (han, {"reason": "x"}),
    }[verb]  # fmt: skip
    with django_assert_max_num_queries(14):  # with the savepoint
        getattr(tickets, verb)(led, by=by, at=LATER, **more)


def test_the_page_offers_each_move_to_whom_it_belongs(client, led, chen, han, logistics):
    ticket = tickets.co_assign(led, department=logistics, task="报墙面修复价", by=chen, at=NOON)
    client.force_login(han)
    page = client.get(ticket.get_absolute_url()).content.decode()
    assert 'id="move-co_done"' in page
    assert 'id="move-transfer"' not in page
    address = reverse("tickets:move", args=[ticket.number, "co_done"])
    assert client.post(address, {"version": ticket.version, "text": "300 元"}).status_code == 302
    client.force_login(chen)
    page = client.get(ticket.get_absolute_url()).content.decode()
    assert "300 元" in page
    assert 'id="move-co_done"' not in page
    typed = {"version": ticket.version + 1, "department": "logistics", "owner": "han", "reason": "配送损坏"}
    assert client.post(reverse("tickets:move", args=[ticket.number, "transfer"]), typed).status_code == 302
    client.force_login(han)
    assert 'id="move-accept_transfer"' in client.get(ticket.get_absolute_url()).content.decode()


def test_the_api_knows_the_verbs(client, led, chen, han, logistics):
    client.force_login(chen)
    asked = {"department": "logistics", "task": "报价", "limit": "2099-01-01T10:00:00+08:00"}
    answer = client.post(f"/api/v1/tickets/{led.number}/co_assign/", asked, content_type="application/json")
    assert answer.status_code == 200
    assert answer.json()["departments"] == ["after_sales", "logistics"]
    answer = client.post(f"/api/v1/tickets/{led.number}/co_done/", {"text": "x"}, content_type="application/json")
    assert answer.status_code == 409


def test_the_lead_does_not_report_the_part_of_another_department(client, led, chen, zhou, logistics):
    ticket = tickets.co_assign(led, department=logistics, task="查外箱", by=chen, at=NOON)
    client.force_login(chen)
    body = json.dumps({"text": "我们替他们看过了", "department": "logistics"})
    answer = client.post(f"/api/v1/tickets/{ticket.number}/co_done/", body, content_type="application/json")
    assert (answer.status_code, "物流配送部" in answer.json()["detail"]) == (409, True)
    assert ticket.assignments.get(role="co").ended_at is None
    ticket = tickets.co_done(ticket, department=logistics, text="电话得知外箱完好", by=zhou, at=LATER)
    assert ticket.assignments.get(role="co").end_reason == "done"

"""Whoever may not do something is told why in a sentence: on the page, by the API, and by the service itself."""

import pytest
from django.urls import reverse

from tests.make import NOON, a_ticket
from tests.tickets.test_api import client_of
from tickets import defaults, serializers_verbs
from tickets import services as tickets

pytestmark = pytest.mark.django_db


@pytest.fixture
def reported(customer_service, after_sales, logistics, office, chen, gao, zhou):
    defaults.create_defaults()
    ticket = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    ticket = tickets.investigate(ticket, facts="x", by=chen, at=NOON)
    ticket = tickets.plan(ticket, measures="x", by=chen, at=NOON)
    return tickets.report(ticket, text="x", by=chen, at=NOON)


def posted(client, ticket, move, **fields):
    return client.post(reverse("tickets:move", args=[ticket.number, move]), {"version": ticket.version} | fields)


def test_a_handler_does_not_review_the_own_result(client, reported, chen, gao):
    said = "经办人不得审核自己的结果"
    client.force_login(chen)
    page = posted(client, reported, "approve")
    assert page.status_code == 403
    assert said in page.content.decode()
    assert "属于其他部门" not in page.content.decode(), "one reason, the right one"
    answer = client_of(chen).post(f"/api/v1/tickets/{reported.number}/approve/", {}, format="json")
    assert (answer.status_code, said in answer.json()["detail"]) == (403, True)
    with pytest.raises(tickets.ActionNotAllowed, match=said):
        tickets.approve(reported, by=chen, at=NOON)
    chen.roles = ["handler", "head"]  # nor with a second role
    chen.save()
    page = posted(client, reported, "approve")
    assert page.status_code == 409
    assert said in page.content.decode()


def test_a_case_that_one_does_not_see_is_not_there_to_accept(client, han, after_sales):
    ticket = a_ticket(department=after_sales)
    client.force_login(han)
    page = posted(client, ticket, "accept")
    assert page.status_code == 404
    assert ticket.subject not in page.content.decode()
    answer = client_of(han).post(f"/api/v1/tickets/{ticket.number}/accept/", {}, format="json")
    assert (answer.status_code, answer.json()["detail"]) == (404, "此地址没有内容，或不在您可查看的范围内。")
    ticket.refresh_from_db()
    assert ticket.status == "assigned"


def test_a_department_does_not_close_without_the_co_department(client, chen, logistics, after_sales):
    ticket = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    ticket = tickets.co_assign(ticket, department=logistics, task="查运输", by=chen, at=NOON)
    client.force_login(chen)
    text = "已为您更换，今后改进，谢谢"
    page = posted(client, ticket, "say", verb="resolve", text=text, confirmed="on")
    assert page.status_code == 409
    assert "物流配送部" in page.content.decode()
    answer = client_of(chen).post(f"/api/v1/tickets/{ticket.number}/resolve/", {"text": text}, format="json")
    assert (answer.status_code, "物流配送部" in answer.json()["detail"]) == (409, True)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.messages.count()) == ("in_progress", 0)


@pytest.mark.parametrize("who", ["xu", "he"])
def test_who_only_reads_changes_nothing_whatever_the_verb(client, request, who, reported):
    reader = request.getfixturevalue(who)
    client.force_login(reader)
    before = reported.events.count()
    for verb in serializers_verbs.VERBS:
        answer = client_of(reader).post(f"/api/v1/tickets/{reported.number}/{verb}/", {}, format="json")
        assert answer.status_code == 403, verb
        assert "您的角色只能查阅工单" in answer.json()["detail"], verb
    page = posted(client, reported, "void", reason="spam")
    assert (page.status_code, "您的角色只能查阅工单" in page.content.decode()) == (403, True)
    assert reported.events.count() == before


def test_others_are_told_who_does_it(client, lin, han, zhou, chen, after_sales, logistics):
    ticket = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    ticket = tickets.co_assign(ticket, department=logistics, task="x", by=chen, at=NOON)
    client.force_login(han)
    assert "售后服务部" in posted(client, ticket, "say", verb="resolve", text="x").content.decode()
    client.force_login(chen)
    assert "意见管理部门" in posted(client, ticket, "co_waive", department="logistics", reason="x").content.decode()

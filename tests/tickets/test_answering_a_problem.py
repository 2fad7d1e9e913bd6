"""A common problem is answered once; each customer gets the text after who handles the case has confirmed it (C5.2)."""

import pytest
from django.urls import reverse

from knowledge.models import Problem
from notices.models import Notice
from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets.models import Draft, Ticket
from tickets.problems import services as problems

pytestmark = pytest.mark.django_db
TEXT = "该批次排水管有缺陷，已免费更换，今后改进检验，感谢反馈。"


@pytest.fixture
def leaks(db):
    return Problem.objects.create(title="批次漏水", created_at=NOON)


@pytest.fixture
def cases(leaks, chen, gao, zhou, after_sales):
    found = []
    for _n in range(3):
        ticket = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
        found.append(tickets.classify(ticket, problem=leaks, by=zhou, at=NOON))
    return found


def test_every_open_case_gets_a_draft_and_nobody_a_message(leaks, cases, chen, zhou):
    tickets.void(cases[2], reason="duplicate", by=zhou, at=NOON)
    drafts = problems.answer_problem(leaks, text=TEXT, by=zhou, at=NOON)
    assert {draft.ticket_id for draft in drafts} == {cases[0].pk, cases[1].pk}
    assert not any(case.messages.exists() for case in cases)
    assert Notice.objects.filter(user=chen, context__what="draft").count() == 2


def test_the_handler_confirms_it_changed_or_not_and_each_customer_has_an_own_answer(leaks, cases, chen, zhou):
    problems.answer_problem(leaks, text=TEXT, by=zhou, at=NOON)
    problems.send_draft(cases[0], text="", by=chen, at=NOON)
    problems.send_draft(cases[1], text="王先生，" + TEXT, by=chen, at=NOON, resolves=True)
    assert [case.messages.get().text for case in cases[:2]] == [TEXT, "王先生，" + TEXT]
    states = list(Ticket.objects.order_by("pk").values_list("status", flat=True))
    assert states == ["in_progress", "resolved", "in_progress"]
    assert problems.progress([leaks]) == {leaks.pk: {"waiting": 1, "sent": 2, "dropped": 0}}


def test_answered_again_a_waiting_draft_gets_the_new_text_and_a_sent_one_a_second(leaks, cases, chen, zhou):
    problems.answer_problem(leaks, text="旧", by=zhou, at=NOON)
    problems.send_draft(cases[0], text="", by=chen, at=NOON)
    problems.answer_problem(leaks, text="新", by=zhou, at=NOON)
    assert list(Draft.objects.filter(ticket=cases[1]).values_list("text", flat=True)) == ["新"]
    assert sorted(Draft.objects.filter(ticket=cases[0]).values_list("text", "state")) == [
        ("新", "waiting"),
        ("旧", "sent"),
    ]


def test_a_draft_is_decided_once(leaks, cases, chen, gao, zhou):
    problems.answer_problem(leaks, text=TEXT, by=zhou, at=NOON)
    problems.drop_draft(cases[0], by=chen, at=NOON)
    with pytest.raises(tickets.ActionNotAllowed):
        problems.send_draft(cases[0], text="", by=gao, at=NOON)
    assert not cases[0].messages.exists()


def test_a_draft_that_cannot_be_sent_waits_on(leaks, cases, chen, zhou):
    problems.answer_problem(leaks, text=TEXT, by=zhou, at=NOON)
    with pytest.raises(tickets.StaleTicket):
        problems.send_draft(cases[0], text="", by=chen, at=NOON, version=1)
    assert Draft.objects.get(ticket=cases[0]).state == "waiting"


def test_a_problem_without_open_cases_has_nobody_to_answer(leaks, zhou):
    with pytest.raises(tickets.ActionNotAllowed):
        problems.answer_problem(leaks, text=TEXT, by=zhou, at=NOON)


def test_it_costs_the_same_for_3_cases_and_9(leaks, cases, chen, zhou, after_sales, django_assert_max_num_queries):
    for _n in range(6):
        ticket = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
        tickets.classify(ticket, problem=leaks, by=zhou, at=NOON)
    with django_assert_max_num_queries(8):
        problems.answer_problem(leaks, text=TEXT, by=zhou, at=NOON)


def test_on_the_pages_it_goes_from_the_office_to_the_customer(client, leaks, cases, chen, zhou):
    client.force_login(zhou)
    address = reverse("tickets:answer-problem", args=[leaks.pk])
    assert cases[0].subject in client.get(address).content.decode()
    assert client.post(address, {"text": " "}).status_code == 422
    assert client.post(address, {"text": TEXT}).status_code == 302
    client.force_login(chen)
    page = client.get(cases[0].get_absolute_url()).content.decode()
    assert 'id="draft"' in page
    assert TEXT in page
    version = Ticket.objects.get(pk=cases[0].pk).version
    sent = {"text": TEXT, "version": version, "via": "email", "resolves": "1"}
    refused = client.post(reverse("tickets:draft", args=[cases[0].number]), sent, follow=True)
    assert "未留电子邮箱" in refused.content.decode() and Draft.objects.get(ticket=cases[0]).state == "waiting"
    client.post(reverse("tickets:draft", args=[cases[0].number]), sent | {"via": "web"})
    assert Ticket.objects.get(pk=cases[0].pk).status == "resolved"
    half = {"text": "已处理", "version": Ticket.objects.get(pk=cases[1].pk).version, "resolves": "1"}
    client.post(reverse("tickets:draft", args=[cases[1].number]), half)
    assert Ticket.objects.get(pk=cases[1].pk).status == "in_progress"
    client.post(reverse("tickets:draft", args=[cases[1].number]), {"drop": "1"})
    assert Draft.objects.get(ticket=cases[1]).state == "dropped"


def test_a_head_answers_for_the_own_departments_alone(leaks, cases, gao, zhou, logistics):
    elsewhere = tickets.classify(a_ticket(department=logistics), problem=leaks, by=zhou, at=NOON)
    drafts = problems.answer_problem(leaks, text=TEXT, by=gao, at=NOON)
    assert {draft.ticket_id for draft in drafts} == {case.pk for case in cases}
    assert not Draft.objects.filter(ticket=elsewhere).exists()


def test_strangers_and_readers_decide_nothing(client, leaks, cases, han, xu, lin, zhou):
    problems.answer_problem(leaks, text=TEXT, by=zhou, at=NOON)
    address, number = reverse("tickets:answer-problem", args=[leaks.pk]), cases[0].number
    client.force_login(han)
    assert client.post(address, {"text": "x"}).status_code == 403
    assert client.post(reverse("tickets:draft", args=[number]), {"drop": "1"}).status_code == 404
    client.force_login(xu)
    assert client.post(reverse("tickets:draft", args=[number]), {"drop": "1"}).status_code == 403
    assert Draft.objects.filter(state="waiting").count() == 3

"""A colleague who would rather not be late, not be reviewed, or not be rated: each way round is refused with a sentence."""

from datetime import timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from accounts import services as accounts
from sla import services_setup as sla_setup
from supervision.models import Finding
from surveys import access as surveys_access
from surveys import services as surveys
from tests.make import NOON, a_ticket
from tests.people import user
from tests.tickets.test_api import client_of
from tickets import access, defaults
from tickets import services as tickets
from tickets.handling import reviewing
from tickets.models import Ticket
from tickets.situation import Situation

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=2)
ANSWER = "已更换排水管，今后安装加试水，谢谢。"


@pytest.fixture
def rules(after_sales, office, zhou):
    defaults.create_defaults()


@pytest.fixture
def led(rules, chen, gao, after_sales) -> Ticket:
    return tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)


def reported(ticket, by):
    ticket = tickets.investigate(ticket, facts="堵塞", by=by, at=NOON)
    ticket = tickets.plan(ticket, measures="清理", by=by, at=NOON)
    return tickets.report(ticket, text="已清理", by=by, at=NOON)


@pytest.mark.parametrize("lighter", [{"tier": "L3"}, {"nature": "inquiry"}, {"nature": "suggestion", "tier": "L2"}])
def test_who_works_on_a_case_gains_no_time_by_a_lighter_class(client, led, chen, lighter):
    with pytest.raises(tickets.ActionNotAllowed, match="经办人不得"):
        tickets.classify(led, by=chen, at=LATER, **lighter)
    answer = client_of(chen).post(f"/api/v1/tickets/{led.number}/classify/", lighter, format="json")
    assert answer.status_code == 409
    led.refresh_from_db()
    assert (led.nature, led.tier) == ("complaint", "L2")


def test_the_head_or_the_office_gives_a_lighter_class_and_anybody_a_heavier_one(led, chen, gao, zhou, after_sales):
    assert tickets.classify(led, tier="L1", by=chen, at=LATER).tier == "L1"
    assert tickets.classify(led, tier="L2", by=gao, at=LATER).tier == "L2"
    assert tickets.classify(led, nature="inquiry", by=zhou, at=LATER).nature == "inquiry"
    own = tickets.accept(a_ticket(department=after_sales), by=gao, at=NOON)
    with pytest.raises(tickets.ActionNotAllowed):  # the head's own case is no exception
        tickets.classify(own, tier="L3", by=gao, at=LATER)


def test_before_anybody_accepted_it_who_sorts_it_is_free(rules, lin):
    assert tickets.classify(a_ticket(), nature="inquiry", tier="L3", by=lin, at=NOON).tier == "L3"


def test_who_works_on_a_case_does_not_make_it_go_away(client, led, chen, gao, zhou):
    assert not access.may(chen, "void", led)
    assert access.may(gao, "void", led)
    assert access.may(zhou, "void", led)
    client.force_login(chen)
    address = reverse("tickets:move", args=[led.number, "void"])
    page = client.post(address, {"reason": "spam", "text": "不是 投诉", "version": led.version})
    assert page.status_code == 403
    assert "经办人不得自行作废" in page.content.decode()
    own = tickets.assign(led, department=led.department, owner=gao, by=zhou, at=LATER)
    assert not access.may(gao, "void", tickets.accept(own, by=gao, at=LATER))


def test_given_to_oneself_again_a_case_is_accepted_still(client, led, chen, gao, zhou, after_sales):
    """*To be accepted* again, a case owed less for a moment: lighter, or void, by who had it."""
    again = tickets.assign(led, department=after_sales, owner=chen, by=chen, at=LATER)
    assert again.status == "assigned"
    with pytest.raises(tickets.ActionNotAllowed, match="经办人不得"):
        tickets.classify(again, nature="inquiry", tier="L3", by=chen, at=LATER)
    client.force_login(chen)
    address = reverse("tickets:move", args=[led.number, "void"])
    assert client.post(address, {"reason": "spam", "version": again.version}).status_code == 409
    assert (
        client_of(chen).post(f"/api/v1/tickets/{led.number}/void/", {"reason": "spam"}, format="json").status_code
        == 409
    )
    passed_on = tickets.accept(a_ticket(department=after_sales), by=gao, at=NOON)
    passed_on = tickets.assign(passed_on, department=after_sales, owner=chen, by=gao, at=LATER)
    with pytest.raises(tickets.ActionNotAllowed):  # the head had it
        tickets.classify(passed_on, tier="L3", by=gao, at=LATER)
    assert tickets.classify(again, tier="L3", by=gao, at=LATER).tier == "L3"
    assert tickets.void(passed_on, reason="spam", by=zhou, at=LATER).status == "void"


def test_the_head_who_has_a_case_gives_it_no_more_time_though_a_colleague_asked(rules, chen, gao, zhou, after_sales):
    sla_setup.create_defaults()
    own = tickets.accept(a_ticket(department=after_sales), by=gao, at=NOON)
    asked = {"new_due": NOON + timedelta(days=9), "reason": "等配件"}
    own = tickets.extend(own, by=chen, at=LATER, **asked)
    assert "decide_extension" not in access.allowed_verbs(gao, own)
    with pytest.raises(tickets.ActionNotAllowed, match="不得自行"):
        tickets.decide_extension(own, granted=True, by=gao, at=LATER)
    assert tickets.decide_extension(own, granted=True, by=zhou, at=LATER).expected_by == asked["new_due"]


def test_only_the_office_archives_before_the_customer_was_asked(led, chen, gao, zhou):
    ticket = tickets.approve(reported(led, chen), by=gao, at=LATER)
    ticket = tickets.resolve(tickets.approve(ticket, by=zhou, at=LATER), text=ANSWER, by=chen, at=LATER)
    for person in (chen, gao):
        assert not access.may(person, "close", ticket)
        assert client_of(person).post(f"/api/v1/tickets/{ticket.number}/close/", {}, format="json").status_code == 403
    assert access.may(zhou, "close", ticket)
    rated = tickets.rate(ticket, rating="satisfied", at=LATER)
    assert access.may(chen, "close", rated)


def test_who_resolved_it_for_a_colleague_does_not_ask_the_customer(led, chen, gao, zhou, after_sales, lin):
    """Chen has the case, Meng answers and resolves it: neither calls back."""
    meng = user("meng", "孟川", ["handler", "agent"], after_sales)
    ticket = tickets.approve(reported(led, chen), by=gao, at=LATER)
    ticket = tickets.resolve(tickets.approve(ticket, by=zhou, at=LATER), text=ANSWER, by=meng, at=LATER)
    assert ticket.owner == chen
    for person in (chen, meng):
        with pytest.raises(surveys.AnswerRefused, match="经办人"):
            surveys.answer(ticket, rating="satisfied", by=person, at=LATER)
        assert not surveys_access.callable_by(person).exists()
    assert surveys_access.callable_by(zhou).exists()
    assert surveys.answer(ticket, rating="satisfied", by=lin, at=LATER).rating == "satisfied"


def test_a_head_who_did_the_work_and_passed_it_on_does_not_review_it(rules, chen, gao, zhou, after_sales):
    ticket = tickets.accept(a_ticket(department=after_sales), by=gao, at=NOON)
    ticket = tickets.investigate(ticket, facts="堵塞", by=gao, at=NOON)
    ticket = tickets.plan(ticket, measures="清理", by=gao, at=NOON)
    ticket = tickets.transfer(ticket, department=after_sales, owner=chen, reason="请代报", by=gao, at=NOON)
    ticket = tickets.accept_transfer(ticket, by=chen, at=NOON)
    before = zhou.notices.filter(kind="work", channel="in_app").count()
    ticket = tickets.report(ticket, text="已清理", by=chen, at=LATER)
    with pytest.raises(tickets.ActionNotAllowed, match="不得审核自己的结果"):
        tickets.approve(ticket, by=gao, at=LATER)
    assert not Situation(ticket).allows("approve", gao)
    assert list(reviewing.waiting_for(gao)) == []
    assert [review.ticket for review in reviewing.waiting_for(zhou)] == [ticket], "the office stands in"
    assert zhou.notices.filter(kind="work", channel="in_app").count() == before + 1
    ticket = tickets.approve(ticket, by=zhou, at=LATER)
    assert ticket.reviews.get(gate="head").stood_in


def test_a_matter_told_first_and_divided_late_is_as_old_as_it_is(client, led, zhou):
    client.force_login(zhou)
    address = reverse("tickets:move", args=[led.number, "split"])
    typed = {"subject": "墙面受损", "content": "请赔偿", "nature": "complaint", "version": led.version}
    assert client.post(address, typed).status_code == 302
    assert Ticket.objects.get(parent=led).received_at == led.received_at


def test_by_the_api_too_only_a_program_lets_a_matter_begin_now(led, chen):
    def divided(client):
        told = {"subject": "墙面受损", "content": "请赔偿", "told_first": False}
        assert client.post(f"/api/v1/tickets/{led.number}/split/", told, format="json").status_code == 200
        return Ticket.objects.filter(parent=led).latest("pk").received_at

    assert divided(client_of(chen)) == led.received_at
    token, _row = accounts.create_token(name="商城", scopes=["manage"], at=NOON)
    program = APIClient()
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    assert divided(program) > led.received_at


@pytest.mark.parametrize("who", ["xu", "he"])
def test_who_only_reads_changes_nothing_beside_the_moves_either(client, request, who, led, chen):
    """An auditor's findings and holds are records of their own; the case stays as it is."""
    reader = request.getfixturevalue(who)
    client.force_login(reader)
    before = (led.version, led.events.count(), led.messages.count())
    for place, typed in (
        ("tickets:draft", {"text": "替他答复 一下", "version": 1}),
        ("tickets:read", {"purpose": "看看"}),
        ("tickets:answer-parts", {"text": "已处理"}),
    ):
        client.post(reverse(place, args=[led.number]), typed)
    led.refresh_from_db()
    assert (led.version, led.events.count(), led.messages.count()) == before
    assert not Finding.objects.exists()

"""Complaints are investigated, planned, agreed, reported; results pass gates that others than the handler keep."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.make import NOON, a_ticket
from tests.people import user
from tests.tickets.test_concurrency import at_once
from tickets import access, defaults
from tickets import services as tickets
from tickets.handling import reviewing
from tickets.models import Handling, ReviewRule, Ticket
from tickets.situation import Situation

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=2)
ANSWER = "已更换排水管，今后安装加试水，谢谢。"


@pytest.fixture
def rules(after_sales, office):
    defaults.create_defaults()


@pytest.fixture
def led(rules, chen, after_sales, gao, zhou):
    return tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)


def worked(ticket, by):
    ticket = tickets.investigate(ticket, facts="排水口堵塞", by=by, at=NOON)
    return tickets.plan(ticket, measures="清理并加试水", remedy="repair", by=by, at=NOON)


def reported(ticket, by):
    return tickets.report(worked(ticket, by), text="已清理，试机两小时不漏", by=by, at=NOON)


def test_without_rules_no_gate_applies(chen, after_sales):
    ticket = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    assert tickets.resolve(ticket, text=ANSWER, by=chen, at=NOON).status == "resolved"


def test_a_complaint_passes_head_and_office_before_it_is_resolved(led, chen, gao, zhou):
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.resolve(led, text=ANSWER, by=chen, at=NOON)
    ticket = reported(led, chen)
    assert ticket.status == "in_review"
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.resolve(ticket, text=ANSWER, by=chen, at=NOON)
    ticket = tickets.approve(ticket, by=gao, at=LATER)
    assert ticket.status == "in_review"
    ticket = tickets.approve(ticket, by=zhou, at=LATER)
    assert ticket.status == "in_progress"
    assert tickets.resolve(ticket, text=ANSWER, by=chen, at=LATER).status == "resolved"
    kinds = list(ticket.events.in_order().values_list("kind", flat=True))
    assert kinds[-7:] == ["investigate", "plan", "report", "approve", "approve", "reply", "resolve"]


def test_a_complaint_is_not_reported_before_it_was_investigated_and_planned(led, chen):
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.report(led, text="好了", by=chen, at=NOON)
    ticket = tickets.investigate(led, facts="堵塞", by=chen, at=NOON)
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.report(ticket, text="好了", by=chen, at=NOON)


def test_nobody_reviews_the_own_work(led, chen, gao, zhou, after_sales):
    ticket = reported(led, chen)
    chen.roles = ["handler", "head"]
    with pytest.raises(tickets.ActionNotAllowed, match="经办"):
        tickets.approve(ticket, by=chen, at=NOON)
    assert not access.may(user("yi", "易", ["handler"], after_sales), "approve", ticket)


def test_a_gate_is_kept_by_whom_it_names(led, chen, gao, zhou, han, tang):
    ticket = reported(led, chen)
    han.roles = ["head"]
    for stranger in (zhou, han, tang):
        with pytest.raises(tickets.ActionNotAllowed):
            tickets.approve(ticket, by=stranger, at=NOON)
    ticket = tickets.approve(ticket, by=gao, at=NOON)
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.approve(ticket, by=gao, at=NOON)


def test_when_the_head_handled_it_the_office_decides_in_the_heads_place(rules, gao, zhou, after_sales, chen):
    ticket = reported(tickets.accept(a_ticket(department=after_sales), by=gao, at=NOON), gao)
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.approve(ticket, by=gao, at=NOON)
    assert tickets.approve(ticket, by=zhou, at=NOON).status == "in_review"


def test_when_the_office_handled_it_leadership_decides(rules, zhou, tang, office):
    ticket = reported(tickets.accept(a_ticket(department=office), by=zhou, at=NOON), zhou)
    assert Ticket.objects.visible_to(tang).get() == ticket
    ticket = tickets.approve(tickets.approve(ticket, by=tang, at=NOON), by=tang, at=NOON)
    assert ticket.status == "in_progress"


def test_rejecting_sends_it_back_with_reasons_and_is_counted(led, chen, gao, zhou):
    ticket = tickets.approve(reported(led, chen), by=gao, at=NOON)
    ticket = tickets.reject(ticket, reason="evidence", text="缺试水照片", by=zhou, at=NOON)
    assert ticket.status == "in_progress"
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.resolve(ticket, text=ANSWER, by=chen, at=NOON)
    ticket = tickets.report(ticket, text="补照片", by=chen, at=NOON)
    ticket = tickets.reject(ticket, reason="other", text="再看", by=gao, at=NOON)
    assert ticket.events.filter(kind="reject").order_by("pk").last().data["count"] == 2
    assert Handling.objects.get().rejections == 2
    ticket = tickets.report(ticket, text="补齐", by=chen, at=NOON)
    for person in (gao, zhou):
        ticket = tickets.approve(ticket, by=person, at=NOON)
    assert tickets.resolve(ticket, text=ANSWER, by=chen, at=NOON).status == "resolved"


def test_a_major_case_needs_leadership_and_a_call_back(rules, chen, gao, zhou, tang, after_sales):
    ticket = reported(tickets.accept(a_ticket(department=after_sales, tier="L1"), by=chen, at=NOON), chen)
    ticket = tickets.approve(ticket, by=gao, at=NOON)
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.approve(ticket, by=zhou, at=NOON)
    ticket = tickets.approve(ticket, called="用户确认已修好", by=zhou, at=NOON)
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.approve(ticket, by=zhou, at=NOON)
    assert tickets.approve(ticket, by=tang, at=NOON).status == "in_progress"


def test_a_case_that_became_major_after_its_review_needs_leadership_too(led, chen, gao, zhou, tang):
    ticket = tickets.approve(tickets.approve(reported(led, chen), by=gao, at=NOON), by=zhou, at=NOON)
    ticket = tickets.classify(ticket, tier="L1", by=zhou, at=NOON)
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.resolve(ticket, text=ANSWER, by=chen, at=NOON)


def test_a_case_that_becomes_major_during_its_review_goes_on_to_leadership(led, chen, gao, zhou, tang):
    ticket = tickets.approve(reported(led, chen), by=gao, at=NOON)
    ticket = tickets.classify(ticket, tier="L1", by=zhou, at=NOON)
    ticket = tickets.approve(ticket, by=zhou, at=NOON)
    last = ticket.events.in_order().last()
    assert (ticket.status, last.data["next"], last.data["passed"]) == ("in_review", "leadership", False)
    ticket = tickets.approve(ticket, by=tang, at=LATER)
    assert tickets.resolve(ticket, text=ANSWER, by=chen, at=LATER).status == "resolved"


def test_a_result_whose_case_was_void_or_merged_meanwhile_is_reviewed_by_nobody_and_reported_anew(led, chen, gao, zhou):
    ticket = tickets.void(reported(led, chen), reason="spam", by=zhou, at=NOON)
    assert set(ticket.reviews.values_list("decision", flat=True)) == {"lapsed"}
    ticket = tickets.restore(ticket, by=zhou, at=NOON)
    ticket = tickets.assign(ticket, department=led.department, owner=chen, by=zhou, at=NOON)
    ticket = tickets.accept(ticket, by=chen, at=NOON)
    assert not Situation(ticket).passed
    earlier = a_ticket(NOON - timedelta(days=1), customer=ticket.customer, department=led.department)
    ticket = tickets.report(ticket, text="试机正常", by=chen, at=NOON)
    ticket = tickets.unmerge(tickets.merge(ticket, into=earlier, by=zhou, at=NOON), by=zhou, at=NOON)
    ticket = tickets.report(tickets.accept(ticket, by=chen, at=NOON), text="再次试机正常", by=chen, at=NOON)
    ticket = tickets.approve(tickets.approve(ticket, by=gao, at=LATER), by=zhou, at=LATER)
    assert (ticket.status, Situation(ticket).passed) == ("in_progress", True)
    assert tickets.resolve(ticket, text=ANSWER, by=chen, at=LATER).status == "resolved"


def test_the_next_round_is_reviewed_anew(led, chen, gao, zhou, tang):
    ticket = tickets.approve(tickets.approve(reported(led, chen), by=gao, at=NOON), by=zhou, at=NOON)
    ticket = tickets.resolve(ticket, text=ANSWER, by=chen, at=NOON)
    ticket = tickets.accept(tickets.rate(ticket, rating="dissatisfied", at=LATER), by=gao, at=LATER)
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.resolve(ticket, text=ANSWER, by=gao, at=LATER)
    assert reported(ticket, gao).status == "in_review"
    assert list(Handling.objects.order_by("round").values_list("round", "reports")) == [(1, 1), (2, 1)]


def test_a_new_plan_has_to_be_agreed_again(led, chen):
    ticket = tickets.agree(worked(led, chen), agreed=True, text="同意", by=chen, at=NOON)
    assert Handling.objects.get().agreed is True
    ticket = tickets.plan(ticket, measures="换新机", remedy="compensation", amount=Decimal("260"), by=chen, at=NOON)
    sheet = Handling.objects.get()
    assert (sheet.agreed, sheet.amount) == (None, 260)
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.plan(ticket, measures="x", amount=Decimal(5), by=chen, at=NOON)


def test_agreement_needs_a_plan(led, chen):
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.agree(led, agreed=True, text="同意", by=chen, at=NOON)


def test_a_suggestion_is_assessed_before_it_is_answered(rules, chen, after_sales):
    ticket = tickets.accept(a_ticket(department=after_sales, nature="suggestion"), by=chen, at=NOON)
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.resolve(ticket, text="谢谢", by=chen, at=NOON)
    ticket = tickets.assess(ticket, verdict="decline", reason="成本过高", by=chen, at=NOON)
    assert tickets.resolve(ticket, text="谢谢", by=chen, at=NOON).status == "resolved"


def test_only_a_suggestion_is_assessed(led, chen):
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.assess(led, verdict="adopt", reason="x", by=chen, at=NOON)


@pytest.mark.parametrize("verb", ["investigate", "plan", "agree", "report", "approve", "reject", "resolve"])
def test_each_costs_few_queries(verb, led, chen, gao, zhou, django_assert_max_num_queries):
    if verb in {"agree", "report"}:
        led = worked(led, chen)
    if verb in {"approve", "reject", "resolve"}:
        led = reported(led, chen)
    if verb == "resolve":
        led = tickets.reply(tickets.approve(tickets.approve(led, by=gao, at=NOON), by=zhou, at=NOON), text=ANSWER,
                            by=chen, at=NOON)  # fmt: skip
    by, more = {
        "investigate": (chen, {"facts": "x"}), "plan": (chen, {"measures": "x"}), "report": (chen, {"text": "x"}),
        "agree": (chen, {"agreed": False, "text": "x"}), "approve": (gao, {}), "resolve": (chen, {}),
        "reject": (gao, {"reason": "other", "text": "x"}),
    }[verb]  # fmt: skip
    most = 26 if verb == "resolve" else 14  # with the savepoint; resolving plans a follow-up and ends clocks
    with django_assert_max_num_queries(most):
        getattr(tickets, verb)(led, by=by, at=LATER, **more)


def test_a_case_of_another_department_cannot_be_reviewed(client, led, chen, han, logistics):
    han.roles = ["head"]
    han.save()
    client.force_login(han)
    ticket = reported(led, chen)
    assert client.post(reverse("tickets:move", args=[ticket.number, "approve"]), {"version": 1}).status_code == 404


def test_the_page_shows_one_next_step_after_the_other(client, led, chen, gao, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(chen)

    def step(verb, **typed):
        led.refresh_from_db()
        page = client.get(led.get_absolute_url())
        assert verb in [move["verb"] for move in page.context["next"]["moves"]]
        address = reverse("tickets:move", args=[led.number, verb])
        assert client.post(address, typed | {"version": led.version}).status_code == 302

    photo = SimpleUploadedFile("照片.txt", "批号".encode())
    step("investigate", facts="排水口堵塞", cause="installation", true_need="安心用", files=[photo])
    assert led.attachments.get().internal
    step("plan", measures="清理", remedy="compensation", amount="260", limit="2099-01-01T10:00")
    step("agree", agreed="yes", text="同意周六上门")
    step("report", text="已清理")
    client.force_login(gao)
    page = client.get(led.get_absolute_url()).content.decode()
    assert "安装或维修不当" in page
    step("approve", gate="head", text="同意")
    led.refresh_from_db()
    typed = {"version": led.version, "gate": "head"}
    answer = client.post(reverse("tickets:move", args=[led.number, "reject"]), typed | {"reason": "other", "text": "x"})
    assert answer.status_code == 409


def test_rules_are_data(rules, chen, gao, after_sales, zhou):
    ReviewRule.objects.filter(nature="complaint", tier="").update(gates=["office"])
    ticket = reported(tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON), chen)
    assert tickets.approve(ticket, by=zhou, at=NOON).status == "in_progress"


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_the_first_decides_and_the_other_is_told_who(led, chen, gao, zhou, after_sales):
    deputy = user("fu", "傅", ["head"], after_sales)
    ticket = reported(led, chen)
    outcome = at_once(
        lambda: tickets.approve(ticket, gate="head", by=gao, at=NOON),
        lambda: tickets.reject(ticket, gate="head", reason="other", text="x", by=deputy, at=NOON),
    )
    (refusal,) = [result for result in outcome if isinstance(result, tickets.ActionNotAllowed)]
    decided = ticket.reviews.get(gate="head").decided_by
    assert str(decided) in str(refusal)
    assert ticket.events.filter(kind__in=["approve", "reject"]).count() == 1


def test_decided_in_the_heads_place_it_says_so_and_a_colleague_keeps_the_next_gate(
    client, rules, gao, zhou, office, after_sales
):
    ticket = reported(tickets.accept(a_ticket(department=after_sales), by=gao, at=NOON), gao)
    sun = user("sun", "孙悦", ["office"], office)
    waiting = {one.username for one in (gao, zhou, sun) if reviewing.waiting_for(one).filter(ticket=ticket).exists()}
    assert waiting == {"zhou", "sun"}
    client.force_login(zhou)
    assert "由意见管理部门代部门负责人审核" in client.get(ticket.get_absolute_url()).content.decode()
    ticket = tickets.approve(ticket, by=zhou, text="属实", at=LATER)
    assert "部门负责人（代行审核）" in client.get(ticket.get_absolute_url()).content.decode()
    with pytest.raises(tickets.ActionNotAllowed, match="其他同事"):
        tickets.approve(ticket, by=zhou, at=LATER)
    assert "approve" not in access.allowed_verbs(zhou, ticket)
    ticket = tickets.approve(ticket, by=sun, at=LATER)
    assert list(ticket.reviews.order_by("position").values_list("stood_in", flat=True)) == [True, False]


def test_the_only_one_of_the_office_decides_both(rules, gao, zhou, after_sales):
    ticket = reported(tickets.accept(a_ticket(department=after_sales), by=gao, at=NOON), gao)
    ticket = tickets.approve(ticket, by=zhou, at=LATER)
    assert tickets.approve(ticket, by=zhou, at=LATER).status == "in_progress"


def test_a_head_who_decides_does_so_in_nobodys_place(led, chen, gao):
    ticket = tickets.approve(reported(led, chen), by=gao, at=LATER)
    assert not ticket.reviews.get(gate="head").stood_in


def test_on_the_desk_a_result_waits_for_the_head_first_and_for_the_office_after(led, chen, gao, zhou, han):
    def who() -> list[str]:
        people = (chen, gao, zhou, han)
        return [one.username for one in people if reviewing.waiting_for(one).filter(ticket=led).exists()]

    assert who() == []
    case = reported(led, chen)
    assert who() == ["gao"]
    tickets.approve(case, by=gao, at=NOON)
    assert who() == ["zhou"]


def test_the_desk_shows_the_head_a_result_to_review(client, led, chen, gao):
    reported(led, chen)
    Ticket.objects.update(next_due_at=LATER)
    client.force_login(gao)
    assert led in client.get("/desk/").context["urgent"]

"""The papers of a case: the case file is complete, the forms are filled, and nobody reads more than they may (D6 B3.4)."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessLog
from feedback.appeals import services as services_appeals
from reports import case_file
from sla import services_setup
from sla.models import RIGHTS, Accountability, Clock
from sla.services_sweep import sweep
from surveys.models import FollowUp
from tests.make import NOON, a_ticket
from tests.people import user
from tickets import defaults
from tickets import services as tickets
from tickets.archive import services as services_archive
from tickets.archive import services_filing
from tickets.models import Attachment

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ANSWER = "结果：已更换排水管。改进：安装后试水。感谢您的反馈。"


@pytest.fixture
def story(zhou, chen, gao, han, tang, xu, after_sales, logistics, settings, tmp_path):
    """A complaint with a co-department, sent back once, extended once, dissatisfied, a second round, archived."""
    settings.MEDIA_ROOT = tmp_path
    defaults.create_defaults()
    services_setup.create_defaults()
    at = NOON
    ticket = a_ticket(place="杭州市西湖区", remedy_sought="修好并赔偿")
    ticket = tickets.assign(ticket, department=after_sales, by=zhou, at=at, reason="安装问题")
    ticket = tickets.accept(ticket, by=chen, at=at)
    ticket = tickets.co_assign(ticket, department=logistics, task="查配送是否磕碰", by=chen, at=at)
    ticket = tickets.reply(ticket, text="您好，已安排师傅。", by=chen, at=at)
    ticket = tickets.investigate(ticket, facts="排水口堵塞，配管折弯", cause=None, true_need="安心使用", by=chen, at=at)
    ticket = tickets.plan(
        ticket, measures="更换排水管", goal="不再滴水", remedy="compensation", amount=Decimal("260"), limit=at + DAY,
        by=chen, at=at,
    )  # fmt: skip
    ticket = tickets.agree(ticket, agreed=True, text="用户同意周六上门", by=chen, at=at)
    ticket = tickets.extend(ticket, new_due=at + 4 * DAY, reason="配件缺货", by=chen, at=at)
    ticket = tickets.decide_extension(ticket, granted=True, text="同意", by=gao, at=at)
    ticket = tickets.co_done(ticket, text="外箱完好", by=han, at=at)
    Attachment.objects.create(
        ticket=ticket, file=ContentFile(b"x", name="a.jpg"), name="折弯的排水管.jpg", size=1, media_type="image/jpeg",
        sha256="ab" * 32, uploaded_at=at, uploaded_by=chen, internal=True,
    )  # fmt: skip
    ticket = tickets.report(ticket, text="已更换排水管", by=chen, at=at + DAY)
    ticket = tickets.approve(ticket, by=gao, text="属实", at=at + DAY)
    ticket = tickets.reject(ticket, reason="evidence", text="缺上门照片", by=zhou, at=at + DAY)
    ticket = tickets.report(ticket, text="已更换排水管，照片附后", by=chen, at=at + DAY)
    ticket = tickets.approve(ticket, by=gao, text="照片已核", at=at + DAY)
    ticket = tickets.approve(ticket, by=zhou, text="同意办结", called="用户说明已修", at=at + DAY)
    ticket = tickets.resolve(ticket, text=ANSWER, by=chen, at=at + DAY)
    services_appeals.appeal(ticket, text="两次答应回电都没有回。", at=at + DAY)
    ticket = tickets.rate(ticket, rating="dissatisfied", comment="又开始滴水", at=at + 2 * DAY)
    sweep(at + 9 * DAY)
    ticket.refresh_from_db()
    ticket = tickets.accept(ticket, by=gao, at=at + 9 * DAY) if ticket.status == "assigned" else ticket
    by, deputy = ticket.owner or gao, user("fu", "傅敏", ["head"], after_sales)
    ticket = tickets.investigate(ticket, facts="室外机支架倾斜", by=by, at=at + 9 * DAY)
    ticket = tickets.plan(ticket, measures="重装支架", by=by, at=at + 9 * DAY)
    ticket = tickets.report(ticket, text="支架已重装", by=by, at=at + 9 * DAY)
    while ticket.status == "in_review":
        gate = ticket.reviews.filter(decision="").order_by("position").first().gate
        reviewer = {"head": deputy, "office": zhou, "leadership": tang}[gate]
        ticket = tickets.approve(ticket, by=reviewer, text=f"{gate}通过", called="用户满意", at=at + 9 * DAY)
    ticket = tickets.resolve(ticket, text="结果：已重装支架。改进：培训。谢谢您。", by=by, at=at + 9 * DAY)
    ticket = tickets.rate(ticket, rating="satisfied", comment="这次真的好了", at=at + 10 * DAY)
    ticket = tickets.close(ticket, by=None, at=at + 20 * DAY, reason="rated")
    services_filing.hold(ticket, reason="消协来函", by=xu, at=at + 21 * DAY)
    return ticket


def text_of(client, ticket, person, paper="case-file", purpose="年度复查"):
    services_archive.log_reading(person, ticket, purpose=purpose, at=timezone.now())
    client.force_login(person)
    answer = client.get(reverse("reports:paper", args=[ticket.number, paper]))
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_case_file_of_a_complaint_with_two_rounds_is_complete(client, story, zhou):
    said = text_of(client, story, zhou)
    wanted = [
        story.number, story.archive.number, "投诉档案", "王小明", "13800001234", "杭州市西湖区", "修好并赔偿", story.content,
        "售后服务部", "物流配送部", "查配送是否磕碰", "外箱完好", "排水口堵塞，配管折弯", "安心使用", "更换排水管", "不再滴水", "260",
        "用户同意周六上门", "配件缺货", "缺上门照片", "照片已核", "用户说明已修", ANSWER, "又开始滴水", "第 1 轮", "第 2 轮",
        "室外机支架倾斜", "重装支架", "支架已重装", "这次真的好了", "折弯的排水管.jpg", "ab" * 32, "消协来函", "2031年12月13日",
    ]  # fmt: skip
    assert [word for word in wanted if word not in said] == []
    assert "两次答应回电" not in said  # the office does not read complaints about the handling


def test_it_says_what_money_was_paid_why_a_review_sent_it_back_and_what_became_of_each_part(client, story, zhou):
    said = text_of(client, story, zhou)
    for wanted in (
        "赔偿，¥260.00",
        "同意，",
        "证据不足（缺上门照片）",
        "属实",
        "已告知用户",
        "完成",
        "收到时间",
        "归档时间",
    ):
        assert wanted in said, wanted
    sheet = text_of(client, story, zhou, paper="rectification")
    assert sheet.count(story.content) == 2, "once a round: the subject is not told again where it begins the content"


def test_each_event_message_review_clock_and_follow_up_of_the_case_is_in_it(story, zhou):
    found = case_file.gather(story, zhou, NOON, full=True)
    assert sum(len(one.story) for one in found.rounds) == story.events.count()
    assert len(found.messages) == story.messages.count() and len(found.reviews) == story.reviews.count()
    assert len(found.clocks) == Clock.objects.filter(ticket=story).exclude(state="void").count() > 5
    assert found.missed == Clock.objects.filter(ticket=story, state="missed").exclude(metric__in=RIGHTS).count() > 0
    assert len(found.accountability) == Accountability.objects.filter(ticket=story).count() > 0
    assert [row.rating for row in found.follow_ups] == list(
        FollowUp.objects.filter(ticket=story).order_by("round").values_list("rating", flat=True)
    )
    assert [row.granted for row in found.extensions] == [True]


def test_the_pdf_is_on_record_and_holds_the_same(client, story, zhou):
    services_archive.log_reading(zhou, story, purpose="年度复查", at=timezone.now())
    client.force_login(zhou)
    answer = client.get(reverse("reports:paper-pdf", args=[story.number, "case-file"]))
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    row = AccessLog.objects.get(action="export")
    assert (row.user, row.subject, row.data["paper"]) == (zhou, story.number, "case-file")


def test_the_rectification_form_has_a_page_a_round_with_both_opinions(client, story, zhou):
    said = text_of(client, story, zhou, "rectification")
    for word in (
        "第 1 轮",
        "第 2 轮",
        "同意办结",
        "照片已核",
        "用户说明已修",
        "室外机支架倾斜",
        "又开始滴水",
        "这次真的好了",
    ):
        assert word in said


def test_the_customer_sheet_holds_what_was_said_and_answered(client, story, zhou):
    said = text_of(client, story, zhou, "customer-sheet")
    for word in ("王小明", story.content, "已重装支架", "这次真的好了", "修好并赔偿"):
        assert word in said


def test_who_lost_the_case_before_anybody_accepted_it_is_not_on_the_form(zhou, chen, han, logistics, after_sales):
    ticket = tickets.assign(a_ticket(), department=logistics, owner=han, by=zhou, at=NOON)
    ticket = tickets.assign(ticket, department=after_sales, by=zhou, at=NOON)
    ticket = tickets.accept(ticket, by=chen, at=NOON)
    found = case_file.gather(ticket, zhou, NOON, full=True)
    assert [part.department for part in found.last.worked] == [after_sales]
    assert [part.department for part in found.last.parts] == [logistics, after_sales]


def test_an_auditor_reads_it_masked_with_the_complaint_about_the_handling(client, story):
    outside = user("wei", "魏公", ["auditor"], None)
    said = text_of(client, story, outside)
    assert "两次答应回电" in said and "13800001234" not in said and "138****1234" in said


@pytest.mark.parametrize("paper", list(case_file.PAPERS))
def test_an_archived_case_asks_what_for_before_any_paper(client, story, chen, paper):
    client.force_login(chen)
    wanted = reverse("reports:paper", args=[story.number, paper])
    for name in ("reports:paper", "reports:paper-pdf"):
        page = client.get(reverse(name, args=[story.number, paper]), follow=True)
        assert (page.templates[0].name, page.context["wanted"]) == ("tickets/purpose.html", wanted)
    assert not AccessLog.objects.exists()
    answer = client.post(reverse("tickets:read", args=[story.number]), {"purpose": "复查", "next": wanted}, follow=True)
    assert answer.redirect_chain == [(wanted, 302)] and str(case_file.PAPERS[paper]) in answer.content.decode()


def test_an_unknown_paper_and_a_cover_of_an_open_case_do_not_exist(client, zhou):
    ticket = a_ticket()
    client.force_login(zhou)
    for paper in ("secrets", "cover"):
        assert client.get(reverse("reports:paper", args=[ticket.number, paper])).status_code == 404


def test_a_case_of_a_thousand_events_is_told_to_be_shortened(story, zhou, monkeypatch):
    monkeypatch.setattr(case_file, "MOST", 5)
    found = case_file.gather(story, zhou, NOON, full=True)
    assert sum(len(one.story) for one in found.rounds) == 5 and found.left_out


def test_it_costs_the_same_for_long_cases(story, zhou, django_assert_max_num_queries):
    with django_assert_max_num_queries(28):  # one of them asks whether settings have changed
        case_file.gather(story, zhou, NOON, full=True)

"""The PDF of the long complaint's case file holds all of it, figure by figure (D6 B3.4). Read with pdftotext."""

import re
import subprocess

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from common import wording
from notices.models import Notice
from sla.models import Clock
from tests.journeys import test_b_bad_review_rectification as journey
from tests.journeys.house import house, story
from tickets.archive import services as services_archive

__all__ = ["house"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def archived(house, lin, chen, gao, han, zhou, customer_service, after_sales, logistics):
    """Lead and two co-departments, returned, extended, sent back, dissatisfied, a second round, satisfied, archived."""
    ticket = journey.dealt_returned_and_accepted(lin, chen, zhou, customer_service, after_sales)
    ticket = journey.worked_on_by_three(ticket, chen, lin, han, customer_service, logistics)
    ticket = journey.given_more_time(ticket, chen, gao)
    ticket = journey.reported_and_reviewed(ticket, chen, gao, zhou)
    return journey.handled_again_by_others(ticket, chen, gao, zhou, after_sales)


def printed(client, ticket, person, tmp_path):
    """The words of each page without any space: a line breaks where the page ends, not where a word does."""
    services_archive.log_reading(person, ticket, purpose="年度复查", at=timezone.now())
    client.force_login(person)
    answer = client.get(reverse("reports:paper-pdf", args=[ticket.number, "case-file"]))
    path = tmp_path / "case.pdf"
    path.write_bytes(answer.content)
    read = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True, timeout=60)
    return [bare(page) for page in read.stdout.decode().split("\f")]


def bare(text):
    return re.sub(r"\s+", "", text)


def test_every_event_message_limit_and_figure_of_the_case_is_printed(client, archived, zhou, tmp_path):
    cover, second, *others = printed(client, archived, zhou, tmp_path)
    assert "立卷人" in cover and "一、基本情况" in second, "the cover is one page"
    said = "".join([cover, second, *others])
    with translation.override("zh-hans"):
        sentences = [bare(sentence) for sentence in story(archived)]
        limits = [
            f"{clock.get_metric_display()}{wording.moment(clock.started_at)}{wording.moment(clock.due_at)}"
            for clock in Clock.objects.filter(ticket=archived, assignment=None).exclude(state=Clock.State.VOID)
        ]
    assert [sentence for sentence in sentences if sentence not in said] == []
    assert [message.text for message in archived.messages.all() if bare(message.text) not in said] == []
    assert len(limits) > 15
    counted = {
        "处理轮次": 2, "办理记录": archived.events.count(), "往来": archived.messages.count(), "审核": 6, "回访": 2,
        "发给用户的通知": Notice.objects.filter(topic=archived.number, user=None).count(), "附件": 0,
    }  # fmt: skip
    assert [f"{name}{n}" for name, n in counted.items() if f"{name}{n}" not in said] == []
    for wanted in (
        "档号DA-2026-CP-000001", "归档时间2026年12月6日09:00", "保管至2031年12月6日", "办结时间2026年11月27日17:00",
        "满意度满意", "赔偿，¥200.00", "审核退回1次", "审核退回0次", "超时0项", "查外箱破损→外箱在中转站受压",
        "2026年11月24日09:30批准，已告知用户", "电话回访：用户确认不漏", "部门负责人（代行审核）", "昨晚又漏了",
    ):  # fmt: skip
        assert bare(wanted) in said, wanted
    assert [limit for limit in limits if bare(limit) not in said] == []


def test_in_english_the_same_paper_has_no_chinese_label(client, archived, zhou):
    services_archive.log_reading(zhou, archived, purpose="annual review", at=timezone.now())
    client.force_login(zhou)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(reverse("reports:paper", args=[archived.number, "case-file"]))
    said = bare(re.sub(r"<[^>]+>", " ", page.content.decode()))
    for wanted in ("Archivenumber", "Timelimits", "Whatthesystemsenttothecustomer", "Askedforarating", "Dissatisfied"):
        assert wanted in said, wanted
    for ours in ("时限", "审核", "归档", "办结", "首问", "分派", "签收"):
        assert ours not in said, ours

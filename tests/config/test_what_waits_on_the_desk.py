"""The first page after signing in says what there is to do, whatever the role, and says nothing that is not so."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from config import waiting
from feedback.appeals import services as appeals
from knowledge import services as knowledge
from knowledge.models import Problem
from reports.models import Report
from sla.models import Calendar
from supervision import services_meetings
from tests.make import NOON, a_ticket
from tests.people import user
from tickets import services as tickets
from tickets.workflow import Tier

pytestmark = pytest.mark.django_db


def texts(person: User, at=NOON) -> list[str]:
    return [line.text for line in waiting.lines(person, at)]


@pytest.mark.parametrize("role", Role)
def test_whoever_signs_in_stands_on_the_desk_and_nothing_waits_where_nothing_is(client, role, office):
    person = user("somebody", "某", [role], office)
    person.set_password("huisheng-of-the-test")
    person.save()
    answer = client.post("/login/", {"username": "somebody", "password": "huisheng-of-the-test"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("tickets:desk"))
    assert client.get(answer["Location"]).status_code == 200
    Calendar.objects.update(follows_holidays=False)
    assert texts(person) == []


def test_the_auditor_is_told_of_a_complaint_about_the_handling_until_it_is_answered(xu, chen, after_sales):
    case = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    row = appeals.appeal(case, text="师傅推诿，说法不一。", at=NOON)
    assert texts(xu) == ["对办理工作的投诉待核查 1 件"]
    appeals.answer(row, outcome="upheld", text="已查实并致歉。", by=xu, at=NOON)
    assert texts(xu) == []


def test_leadership_is_told_of_major_cases_and_follows_the_line_to_them(client, after_sales):
    tang = user("tang", "唐", [Role.LEADER], None)
    major = a_ticket(department=after_sales, tier=Tier.L1)
    a_ticket(department=after_sales)
    (line,) = waiting.lines(tang, NOON)
    client.force_login(tang)
    assert line.text == "重大事件在办 1 件"
    assert major.number in client.get(line.url).content.decode()


def test_the_office_is_told_of_drafts_proposed_problems_and_reports_but_not_of_its_own_report(zhou, lin, he):
    knowledge.write(words={"question": "保修几年？", "answer": "六年。"}, by=lin, at=NOON)
    Problem.objects.create(title="漏水", state=Problem.State.PROPOSED, created_at=NOON)
    given = {"kind": Report.Kind.MONTH, "end": NOON, "figures": {}, "sha256": "0" * 64, "built_at": NOON}
    Report.objects.create(start=NOON, version=1, built_by=he, **given)
    Report.objects.create(start=NOON, version=2, built_by=zhou, **given)
    Calendar.objects.update(follows_holidays=False)
    assert texts(zhou) == ["报告待批准 1 份", "拟立共性问题待确认 1 个", "知识库草稿待发布 1 条"]
    assert texts(he) == ["报告草稿 2 份，请补全结论"]


def test_an_administrator_is_told_of_a_calendar_without_next_years_holidays_only_late_in_the_year(db, office):
    boss = user("boss", "管", [Role.ADMIN], office)
    Calendar.objects.all().delete()
    Calendar.objects.create(code="works", name="工作日", follows_holidays=True)
    november, june = NOON.replace(month=11, day=20), NOON.replace(month=6)
    assert texts(boss, november) == ["1 个工作日历缺少明年的节假日"]
    assert texts(boss, june) == []


def test_what_waits_for_an_answer_within_a_week_is_told_to_whom_it_was_given(chen, zhou):
    day = timezone.localdate(NOON)
    services_meetings.add_action(text="换接头", owner=chen, due_on=day + timedelta(days=6), by=zhou, at=NOON)
    services_meetings.add_action(text="改说明书", owner=chen, due_on=day + timedelta(days=30), by=zhou, at=NOON)
    assert texts(chen) == ["会议交办事项一周内到期 1 项"]


def test_the_lines_cost_one_query_whatever_the_roles(office, django_assert_num_queries):
    person = user("all", "全", [role.value for role in Role], office)
    with django_assert_num_queries(1):
        waiting.lines(person, NOON)

"""Who handles no case has a desk all the same: facts of the installation, or last month's figures."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Department, Shift, User
from accounts.roles import Role
from config import prepare
from config.condition import condition
from reports.models import DayFigures
from sla.models import Calendar, Heartbeat
from tests.make import NOON, a_ticket
from tests.people import user
from tickets.models import Category

pytestmark = pytest.mark.django_db
DESK = "/desk/"


@pytest.fixture
def boss(office):
    person = user("boss", "管", [Role.ADMIN], office)
    person.is_staff = True
    person.save()
    return person


def set_up(person, at=NOON) -> dict[str, tuple[str, str]]:
    return {fact.label: (fact.value, fact.tone) for fact in condition(person, at).set_up}


def watched(person, at=NOON) -> dict[str, tuple[str, str]]:
    return {fact.label: (fact.value, fact.tone) for fact in condition(person, at).watched}


def test_the_administrator_reads_facts_and_no_second_copy_of_the_rail(client, boss):
    a_ticket()
    client.force_login(boss)
    page = client.get(DESK).content.decode()
    assert "系统运行情况" in page and "已设置的内容" in page
    main = page.partition('<main id="main"')[2]
    assert reverse("feedback:sources") in page and reverse("feedback:sources") not in main
    assert "空调安装后漏水" not in main


def test_roles_that_nobody_holds_and_departments_without_a_head_are_named(boss, xu, after_sales):
    value, tone = set_up(boss)["人员账号"]
    assert tone == "warn" and "领导" in value and "监督" not in value.partition("；")[2]
    assert set_up(boss)["在用部门"][1] == "warn"
    Department.objects.update(head=boss)
    assert set_up(boss)["在用部门"][1] == ""


def test_a_category_without_a_department_is_counted(boss, after_sales):
    Category.objects.all().delete()
    Category.objects.create(code="a", name="甲", department=after_sales)
    assert set_up(boss)["在用类别"][0] == "1 个类别"
    Category.objects.create(code="b", name="乙")
    assert "1 个没有责任部门" in set_up(boss)["在用类别"][0]


def test_hours_that_nobody_covers_are_told_from_the_shifts_of_the_coming_week(boss, lin, settings):
    settings.DUTY_HOURS = "09:00-19:00"
    assert "没有排班" in set_up(boss)["排班"][0]
    midnight = timezone.localtime(NOON).replace(hour=0, minute=0)
    for day in range(7):
        start = midnight + timedelta(days=day, hours=9)
        Shift.objects.create(person=lin, starts_at=start, ends_at=start + timedelta(hours=10 if day else 7))
    assert set_up(boss)["排班"] == ("今后 7 天：有 3 小时无人值守", "warn")


def test_a_calendar_whose_holidays_have_run_out_is_marked(boss):
    Calendar.objects.update(follows_holidays=True, known_until=date(2026, 12, 31))
    Calendar.objects.get_or_create(code="works", defaults={"name": "工作日", "known_until": date(2026, 12, 31)})
    assert "2026年12月31日" in set_up(boss)["工作日历"][0] and set_up(boss)["工作日历"][1] == ""
    assert set_up(boss, NOON + timedelta(days=60))["工作日历"][1] == "warn"


def test_the_sweep_is_well_while_it_is_fresh_and_bad_when_it_is_not(boss):
    Heartbeat.objects.create(name="sweep", at=NOON)
    assert watched(boss, NOON + timedelta(seconds=20))["时限最近一次检查"] == ("不到 1 分钟前", "good")
    assert watched(boss, NOON + timedelta(hours=2))["时限最近一次检查"] == ("今天 12:00", "bad")


def test_clocks_that_differ_from_their_history_are_told(boss):
    Heartbeat.objects.create(name="clocks", at=NOON, data={"differing": 2})
    assert watched(boss)["时限最近一次与记录核对"][1] == "warn"
    Heartbeat.objects.filter(name="clocks").update(data={"differing": 0})
    assert watched(boss)["时限最近一次与记录核对"][1] == "good"


def test_the_administration_is_linked_only_for_whom_it_opens(boss):
    linked = {fact.label for fact in condition(boss, NOON).set_up if fact.url}
    boss.is_staff = False
    assert linked - {fact.label for fact in condition(boss, NOON).set_up if fact.url} == {
        "人员账号",
        "在用部门",
        "在用类别",
        "API 令牌",
    }


def test_the_first_person_of_a_new_installation_can_work_at_once(client, db):
    """`createsuperuser` asks for no role; whoever it makes was shown an empty desk, and refused everywhere else."""
    first = User.objects.create_superuser("root", "root@example.com", "huisheng-of-the-test")
    client.force_login(first)
    page = client.get(DESK).content.decode()
    assert first.roles == [Role.ADMIN] and reverse("admin:accounts_user_changelist") in page
    assert client.get(reverse("sla:policies")).status_code == 200


def test_a_start_without_the_demo_knows_whether_the_defaults_are_there(request, db):
    assert not prepare.is_set_up()
    request.getfixturevalue("office")
    assert prepare.is_set_up()


def test_nothing_waits_is_not_said_in_green_where_something_is_missing(client, boss):
    Calendar.objects.update(follows_holidays=False)
    client.force_login(boss)
    page = client.get(DESK).content.decode()
    assert "还需完善" in page and "目前没有需要您处理的事项" not in page


def test_who_has_no_role_yet_is_told_so(client, db):
    client.force_login(user("new", "新", [], None))
    assert "您的账号还没有角色" in client.get(DESK).content.decode()


def test_whoever_is_on_duty_reads_until_when(client, lin):
    now = timezone.now()
    Shift.objects.create(person=lin, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=2))
    client.force_login(lin)
    assert f"值班至 {timezone.localtime(now + timedelta(hours=2)):%H:%M}" in client.get(DESK).content.decode()


def test_leadership_finds_last_months_figures_and_the_way_to_all(client, office):
    tang = user("tang", "唐", [Role.LEADER], office)
    client.force_login(tang)
    assert "last-month" not in client.get(DESK).content.decode()
    last = timezone.localdate().replace(day=1) - timedelta(days=1)
    for day in range(last.day):
        DayFigures.objects.create(
            day=last - timedelta(days=day), by="",
            figures={"volume": {"": 3}, "handling_timeliness": {"": {"met": 2, "decided": 2}}},
        )  # fmt: skip
    page = client.get(DESK).content.decode()
    panel = page.partition('id="last-month"')[2].partition("</section>")[0]
    assert "100.0" in panel and str(3 * last.day) in panel and reverse("reports:overview") in panel


def test_who_handles_cases_finds_their_own_work_and_not_the_houses_month(client, lin):
    client.force_login(lin)
    page = client.get(DESK).content.decode()
    assert "last-month" not in page and "系统运行情况" not in page

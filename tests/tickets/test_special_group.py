"""Major cases: a group led by a manager, its log, reports to leadership at an interval, the special report at the end."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import AccessLog
from config import waiting
from notices.models import Notice
from sla import services_setup, services_sweep
from sla.models import Clock, Metric
from tests.make import NOON, a_ticket
from tickets import defaults
from tickets import services as tickets
from tickets.models import SpecialGroup, Ticket

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def major(after_sales, office, gao, zhou, tang, chen, db):
    return tickets.accept(a_ticket(department=after_sales, tier="L1"), by=chen, at=NOON)


def told(kind="work"):
    return set(Notice.objects.filter(kind=kind, channel="in_app").values_list("user__username", flat=True))


def situation(ticket):
    return Clock.objects.filter(ticket=ticket, metric=Metric.SITUATION).order_by("pk").last()


def test_a_manager_leads_it_and_everybody_concerned_is_told(major, gao, chen, han, tang, zhou):
    tickets.form_group(major, leader=gao, members=[chen, han], report_every=4, by=zhou, at=NOON)
    group = SpecialGroup.objects.get()
    assert (group.leader, set(group.members.all()), group.report_every) == (gao, {gao, chen, han}, 4)
    assert {"tang", "gao", "chen", "han"} <= told()


def test_nobody_but_a_manager_leads_it(major, chen, zhou):
    with pytest.raises(tickets.ActionNotAllowed, match="陈思源"):
        tickets.form_group(major, leader=chen, by=zhou, at=NOON)


def test_only_a_major_case_has_one(after_sales, gao, zhou):
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.form_group(a_ticket(department=after_sales), leader=gao, by=zhou, at=NOON)


def test_leadership_is_told_at_the_interval_and_a_missed_report_is_a_missed_limit(major, gao, zhou, tang):
    services_setup.create_defaults()
    ticket = tickets.form_group(major, leader=gao, report_every=4, by=zhou, at=NOON)
    assert situation(ticket).due_at == NOON + 4 * HOUR
    ticket = tickets.report_situation(ticket, text="已隔离现场", by=gao, at=NOON + 3 * HOUR)
    first, second = Clock.objects.filter(ticket=ticket, metric=Metric.SITUATION).order_by("pk")
    assert (first.state, second.due_at) == ("met", NOON + 7 * HOUR)
    assert "tang" in told()
    services_sweep.sweep(NOON + 8 * HOUR)
    breaches = ticket.events.filter(kind="breach", data__metric="situation")
    assert [event.at for event in breaches] == [NOON + 7 * HOUR]
    assert Notice.objects.filter(user=tang, kind__startswith="time_limit").exists()


def test_the_group_is_called_together_by_itself_when_a_major_case_comes_in(after_sales, office, gao, zhou, lin):
    services_setup.create_defaults()
    ticket = a_ticket(department=after_sales, tier="L1")
    services_sweep.sweep(NOON + timedelta(seconds=2))
    group = SpecialGroup.objects.get(ticket=ticket)
    assert (group.leader, set(group.members.all())) == (gao, {gao, zhou})
    services_sweep.sweep(NOON + timedelta(seconds=4))
    assert ticket.events.filter(kind="form_group").count() == 1


def test_a_flood_of_major_cases_is_no_flood_of_groups(after_sales, office, gao, zhou, tang, lin):
    """Who was called into thirty within ten minutes hears once that more wait; each case has its group all the same."""
    services_setup.create_defaults()
    for _case in range(33):
        a_ticket(department=after_sales, tier="L1")
    services_sweep.sweep(NOON + timedelta(seconds=2))
    assert SpecialGroup.objects.count() == 33
    for person in (gao, zhou, tang):
        said = Notice.objects.filter(user=person, channel="in_app")
        assert said.filter(kind="work", context__what="form_group").count() == 30, person
        assert said.filter(kind="major_flood").count() == 1, person


def test_a_case_that_becomes_major_after_its_first_answer_has_its_group_too(after_sales, office, gao, zhou, chen):
    services_setup.create_defaults()
    ticket = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    ticket = tickets.reply(ticket, text="已安排师傅。", by=chen, at=NOON)
    ticket = tickets.classify(ticket, tier="L1", by=zhou, at=NOON + HOUR)
    services_sweep.sweep(NOON + HOUR)
    group = SpecialGroup.objects.get(ticket=ticket)
    assert (group.leader, chen in group.members.all()) == (gao, True)


def test_whoever_leads_it_is_asked_for_the_special_report_until_it_is_written(client, major, gao, chen, zhou):
    ticket = tickets.form_group(major, leader=gao, members=[chen], by=zhou, at=NOON)
    ticket = tickets.resolve(ticket, text="已更换，谢谢", by=chen, at=NOON)
    client.force_login(gao)
    (line,) = [line for line in waiting.lines(gao, NOON) if "专项报告" in line.text]
    assert line.text == "重大事件专项报告待撰写 1 份"
    assert [row.number for row in client.get(line.url).context["page"].rows] == [ticket.number]
    page = client.get(ticket.get_absolute_url())
    assert [move["verb"] for move in page.context["next"]["moves"]] == ["conclude_group"]
    assert not [line for line in waiting.lines(chen, NOON) if "专项报告" in line.text]
    tickets.conclude_group(ticket, text="线路老化所致", lessons="出厂加测", by=gao, at=NOON)
    assert not [line for line in waiting.lines(gao, NOON) if "专项报告" in line.text]
    assert client.get(ticket.get_absolute_url()).context["next"] is None


def test_its_members_see_the_case_wherever_they_work(major, gao, han, zhou):
    assert not Ticket.objects.visible_to(han).filter(pk=major.pk).exists()
    tickets.form_group(major, leader=gao, members=[han], by=zhou, at=NOON)
    assert Ticket.objects.visible_to(han).filter(pk=major.pk).exists()
    tickets.log_work(major, text="查了运输记录", by=han, at=NOON)


def test_a_colleague_outside_the_group_writes_nothing_into_its_log(major, gao, chen, zhou):
    tickets.form_group(major, leader=gao, by=zhou, at=NOON)
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.log_work(major, text="x", by=chen, at=NOON)


def test_a_major_case_is_resolved_only_after_leadership_approved(major, gao, chen, zhou, tang):
    defaults.create_defaults()
    ticket = tickets.investigate(major, facts="短路", by=chen, at=NOON)
    ticket = tickets.plan(ticket, measures="召回", by=chen, at=NOON)
    ticket = tickets.report(ticket, text="已召回", by=chen, at=NOON)
    ticket = tickets.approve(ticket, by=gao, at=NOON)
    ticket = tickets.approve(ticket, by=zhou, called="用户认可", at=NOON)
    assert "tang" in told()
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.resolve(ticket, text="已召回，今后改进，谢谢", by=chen, at=NOON)
    ticket = tickets.approve(ticket, by=tang, at=NOON)
    assert tickets.resolve(ticket, text="已召回，今后改进，谢谢", by=chen, at=NOON).status == "resolved"


def test_the_special_report_gathers_the_whole_case_as_page_and_pdf(client, major, gao, chen, zhou):
    ticket = tickets.form_group(major, leader=gao, members=[chen], by=zhou, at=NOON)
    ticket = tickets.log_work(ticket, text="拆机发现线路老化", by=chen, at=NOON + HOUR)
    ticket = tickets.report_situation(ticket, text="已停用同批次", by=gao, at=NOON + 2 * HOUR)
    with pytest.raises(tickets.ActionNotAllowed):
        tickets.conclude_group(ticket, text="x", lessons="y", by=gao, at=NOON)
    ticket = tickets.resolve(ticket, text="已更换，谢谢", by=chen, at=NOON + 3 * HOUR)
    tickets.conclude_group(ticket, text="线路老化所致", lessons="出厂加测", by=gao, at=NOON + 4 * HOUR)
    client.force_login(gao)
    page = client.get(reverse("tickets:special-report", args=[ticket.number])).content.decode()
    for said in ("拆机发现线路老化", "已停用同批次", "线路老化所致", "出厂加测", "高远"):
        assert said in page
    pdf = client.get(reverse("tickets:special-report-pdf", args=[ticket.number]))
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert AccessLog.objects.get(action="export").data == {"paper": "special-report"}


def test_the_report_is_hidden_with_its_case_and_absent_without_a_group(client, major, han, gao, zhou):
    client.force_login(gao)
    assert client.get(reverse("tickets:special-report", args=[major.number])).status_code == 404
    tickets.form_group(major, leader=gao, by=zhou, at=NOON)
    client.force_login(han)
    for name in ("special-report", "special-report-pdf"):
        assert client.get(reverse(f"tickets:{name}", args=[major.number])).status_code == 404


def test_it_is_formed_on_the_page(client, major, gao, chen, zhou):
    client.force_login(zhou)
    form = {"version": major.version, "leader": "gao", "members": ["chen"], "report_every": 6}
    answer = client.post(reverse("tickets:move", args=[major.number, "form_group"]), form)
    assert answer.status_code == 302
    assert "专班" in client.get(major.get_absolute_url()).content.decode()

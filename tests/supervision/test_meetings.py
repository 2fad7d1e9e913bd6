"""C3.4: the weekly meeting's agenda is made from the data, its minutes close, its decisions have an owner and a date."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.models import AccessLog
from notices.models import Notice
from sla import services_setup
from sla.services_sweep import sweep
from supervision import agenda
from supervision import services_meetings as services
from supervision.models import Action, Meeting
from supervision.services_samples import Refused
from tests.make import NOON, a_ticket
from tests.people import user
from tickets import services as tickets

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 27)
LATER = NOON + timedelta(days=4)


@pytest.fixture
def week(chen, gao, zhou, after_sales, logistics, han):
    services_setup.create_defaults()
    old = tickets.accept(a_ticket(at=NOON - timedelta(days=20), department=after_sales), by=chen, at=NOON)
    major = a_ticket(department=logistics, tier="L1", subject="快递员伤人")
    done = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    tickets.resolve(done, text="好了，谢谢。", by=chen, at=NOON)
    sweep(LATER)
    return old, major, done


@pytest.fixture
def meeting(week, zhou) -> Meeting:
    return services.prepare(day=DAY, by=zhou, at=LATER)


def test_the_agenda_holds_the_backlog_by_age_the_hard_cases_and_the_missed_limits(meeting, week):
    old, major, done = week
    told = meeting.agenda
    assert told["open"] == 2 and dict(told["ages"]) == {"1": 0, "3": 0, "7": 1, "15": 0, "30": 1, "more": 0}
    assert told["oldest"] == [old.pk, major.pk] and major.pk in told["hard"]
    assert told["missed_total"] == len(told["missed"]) > 0
    assert done.pk not in {*told["oldest"], *told["hard"]}


def test_a_difficulty_that_was_reported_upward_stands_on_the_next_agenda(client, week, chen, gao, zhou, logistics):
    old = week[0]
    tickets.escalate(old, reason="配件停产，需供应商换货", by=chen, at=LATER)
    row = services.prepare(day=DAY, by=zhou, at=LATER + timedelta(hours=1))
    assert [ticket for ticket, _event in row.agenda["difficulties"]] == [old.pk], "what a limit raised is not one"
    address = reverse("supervision:meeting", args=[row.pk])
    elsewhere = user("yan", "严松", ["head"], logistics)
    for person, sees in ((zhou, True), (gao, True), (elsewhere, False)):
        client.force_login(person)
        assert ("配件停产，需供应商换货" in client.get(address).content.decode()) is sees, person
    del row.agenda["difficulties"]  # as agendas were before
    row.save(update_fields=["agenda"])
    assert client.get(address).status_code == 200
    after = services.prepare(day=DAY + timedelta(days=7), by=zhou, at=LATER + timedelta(days=7))
    assert after.agenda["difficulties"] == []


def test_ages_count_each_case_once_at_the_edges():
    received = [LATER - timedelta(days=days, seconds=more) for days, more in ((0, 0), (1, 0), (1, 1), (30, 0), (30, 1))]
    assert dict(agenda.by_age(received, LATER)) == {"1": 2, "3": 1, "7": 0, "15": 0, "30": 1, "more": 1}


def test_the_next_agenda_begins_at_the_meeting_before_and_names_what_is_due(meeting, zhou, chen):
    services.add_action(text="培训安装工", goal="投诉减半", owner=chen, due_on=DAY, meeting=meeting, by=zhou, at=LATER)
    after = services.prepare(day=DAY + timedelta(days=7), by=zhou, at=LATER + timedelta(days=7))
    assert datetime.fromisoformat(after.agenda["since"]) == meeting.made_at
    assert after.agenda["actions"] == [Action.objects.get().pk]


def test_one_meeting_a_day_and_only_the_office_holds_it(meeting, zhou, gao, xu):
    with pytest.raises(Refused):
        services.prepare(day=DAY, by=zhou, at=LATER)
    for person in (gao, xu):
        with pytest.raises(Refused):
            services.prepare(day=DAY + timedelta(days=1), by=person, at=LATER)


def test_closed_minutes_stay_as_they_are(meeting, zhou, chen):
    with pytest.raises(Refused):
        services.close(meeting, by=zhou, at=LATER)
    services.write_minutes(meeting, chair="周明", present="全体", minutes="研究了两件。", by=zhou)
    services.close(meeting, by=zhou, at=LATER)
    for act in (
        lambda: services.write_minutes(meeting, chair="", present="", minutes="改", by=zhou),
        lambda: services.renew(meeting, by=zhou, at=LATER),
        lambda: services.add_action(text="x", owner=chen, due_on=DAY, meeting=meeting, by=zhou, at=LATER),
    ):
        with pytest.raises(Refused):
            act()


def test_a_decision_reaches_its_owner_and_is_finished_once(meeting, zhou, chen, han):
    row = services.add_action(text="培训安装工", owner=chen, due_on=DAY, meeting=meeting, by=zhou, at=LATER)
    assert Notice.objects.filter(kind="action", user=chen, channel="in_app").count() == 1
    with pytest.raises(Refused):
        services.finish(row, outcome="x", by=han, at=LATER)
    assert services.finish(row, outcome="已培训 12 人", by=chen, at=LATER).done_by == chen
    with pytest.raises(Refused):
        services.finish(row, outcome="再次", by=zhou, at=LATER)


def test_each_reader_sees_the_cases_that_they_may_see(client, meeting, week, gao, zhou):
    address = reverse("supervision:meeting", args=[meeting.pk])
    client.force_login(zhou)
    assert "快递员伤人" in client.get(address).content.decode()
    client.force_login(gao)
    page = client.get(address)
    assert "快递员伤人" not in page.content.decode() and page.context["hidden"] == 1
    assert client.get(reverse("supervision:meeting-pdf", args=[meeting.pk])).content.startswith(b"%PDF")
    assert AccessLog.objects.get(action="export", user=gao).data == {"paper": "meeting"}


def test_it_goes_by_page(client, week, zhou, chen, gao):
    client.force_login(zhou)
    assert client.post(reverse("supervision:meetings"), {"day": "2026-11-27"}).status_code == 302
    assert client.post(reverse("supervision:meetings"), {"day": "2026-11-27"}).status_code == 409
    row = Meeting.objects.get()
    address = reverse("supervision:meeting", args=[row.pk])
    typed = {
        "action-text": "培训",
        "action-owner": "chen",
        "action-due_on": "2026-12-10",
        "action-goal": "",
        "decision": "1",
    }
    assert client.post(address, typed).status_code == 302
    assert client.post(address, typed | {"action-owner": "x"}).status_code == 422
    said = {"chair": "周明", "present": "售后、物流", "minutes": "研究积压。", "close": "1"}
    assert client.post(address, said).status_code == 302
    assert client.post(address, said).status_code == 409
    client.force_login(chen)
    assert client.get(address).status_code == 403
    action = Action.objects.get()
    mine = reverse("supervision:action", args=[action.pk])
    assert client.post(mine, {"outcome": "已完成培训"}).status_code == 302
    assert "已完成培训" in client.get(mine).content.decode()
    client.force_login(gao)
    typed = {"action-text": "x", "action-owner": "chen", "action-due_on": "2026-12-10"}
    assert client.post(reverse("supervision:actions"), typed).status_code == 409


def test_an_improvement_needs_no_meeting(client, zhou, chen, han):
    client.force_login(zhou)
    typed = {
        "action-text": "改包装",
        "action-owner": "chen",
        "action-due_on": "2026-12-10",
        "action-goal": "破损率降到 1%",
    }
    assert client.post(reverse("supervision:actions"), typed).status_code == 302
    row = Action.objects.get()
    assert (row.kind, row.goal) == ("improvement", "破损率降到 1%")
    client.force_login(han)
    assert client.get(reverse("supervision:action", args=[row.pk])).status_code == 404


def test_minutes_that_a_colleague_kept_meanwhile_are_not_written_over(client, meeting, zhou):
    client.force_login(zhou)
    address = reverse("supervision:meeting", args=[meeting.pk])
    mark = client.get(address).context["mark"]
    said = {"chair": "唐越", "present": "售后", "seen": mark}
    assert client.post(address, said | {"minutes": "第一份纪要"}).status_code == 302
    page = client.post(address, said | {"minutes": "第二份 纪要"})
    assert page.status_code == 409
    assert "第一份纪要" in page.content.decode() and "第二份 纪要" in page.content.decode()
    meeting.refresh_from_db()
    assert meeting.minutes == "第一份纪要"
    both = said | {"minutes": "第一份纪要，第二份 纪要", "seen": page.context["mark"]}
    assert client.post(address, both).status_code == 302
    services.close(Meeting.objects.get(), by=zhou, at=LATER)
    page = client.post(address, both | {"minutes": "来晚了 的纪要"})
    assert (page.status_code, page.context["typed"]) == (409, ["唐越", "售后", "来晚了 的纪要"])

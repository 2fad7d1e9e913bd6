"""What steps of a ladder do: remind, raise, reassign, issue a supervision notice; who hears of it, and when."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Shift
from notices.models import Notice
from sla import ladder, lag, services_ladder, services_sweep
from sla.models import Clock, DueItem, SlaTarget, SupervisionNotice
from sla.services_setup import create_defaults
from tests.make import a_ticket, moment
from tests.people import user
from tickets import services as tickets

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-03-02 10:00")


@pytest.fixture
def rules(zhou):
    create_defaults()
    SlaTarget.objects.exclude(metric="first_response").delete()


def with_ladder(text, **target):
    SlaTarget.objects.update(ladder=ladder.from_text(text), **target)


def missed_by(case, **later):
    return case.clocks.get(metric="first_response").due_at + timedelta(**later)


def test_a_ladder_is_written_and_read_as_words():
    text = "80% owner remind\ndue owner head level=1 account reassign=head\n+3wd office level=3 notice"
    assert ladder.as_text(ladder.from_text(text)) == text
    for wrong in ("due reassign=owner", "due noticed", "due level=9"):
        with pytest.raises(ValueError, match=wrong.split()[1]):
            ladder.from_text(wrong)


def test_a_reminder_is_on_record(rules, after_sales, chen):
    with_ladder("80% owner remind\ndue owner")
    case = a_ticket(MONDAY, department=after_sales)
    services_sweep.sweep(missed_by(case, minutes=-5))
    assert case.events.filter(kind="remind", actor=None).count() == 1


def test_a_missed_limit_gives_the_case_to_the_head(rules, after_sales, chen, gao):
    with_ladder("due owner level=1 reassign=head")
    case = tickets.assign(a_ticket(MONDAY), department=after_sales, owner=chen, by=gao, at=MONDAY)
    services_sweep.sweep(missed_by(case, minutes=1))
    case.refresh_from_db()
    assert (case.owner, case.status, case.level) == (gao, "assigned", 1)
    assert case.clocks.get(metric="first_response").answerable == chen


def test_a_supervision_notice_is_issued_once(rules, after_sales, chen):
    with_ladder("due owner\n+1wd office level=2 notice")
    case = tickets.assign(a_ticket(MONDAY), department=after_sales, owner=chen, by=chen, at=MONDAY)
    late = missed_by(case, days=2)
    services_sweep.sweep(late)
    services_sweep.sweep(late + timedelta(hours=1))
    notice = SupervisionNotice.objects.get()
    assert (notice.ticket, notice.department, notice.person) == (case, after_sales, chen)
    assert notice.answer_by == moment("2026-03-05 18:00")


def test_leadership_reads_the_notice_and_the_case_that_were_raised_to_it_to_the_end(
    client, rules, after_sales, chen, tang
):
    with_ladder("due owner\n+3wd leaders level=3 notice")
    raised, other = (
        tickets.assign(a_ticket(MONDAY), department=after_sales, owner=chen, by=chen, at=MONDAY) for _ in range(2)
    )
    other.clocks.update(state="void")
    services_sweep.sweep(missed_by(raised, days=5))
    client.force_login(tang)
    sheet = SupervisionNotice.objects.get()
    addresses = [reverse("sla:supervision", args=[sheet.number]), raised.get_absolute_url(), other.get_absolute_url()]
    assert [client.get(address).status_code for address in addresses] == [200, 200, 404]
    assert raised.number in client.get(reverse("tickets:queue")).content.decode()
    raised = tickets.accept(raised, by=chen, at=missed_by(raised, days=6))
    tickets.resolve(raised, text="结果:已修好,已改进,谢谢", by=chen, at=missed_by(raised, days=6))
    assert client.get(addresses[1]).status_code == 200, "who was told of it reads how it ended"


def test_an_answered_case_is_left_as_it_is(rules, after_sales, chen, gao):
    with_ladder("due owner\n+1wd office reassign=office notice")
    case = tickets.assign(a_ticket(MONDAY), department=after_sales, owner=chen, by=gao, at=MONDAY)
    services_sweep.sweep(missed_by(case, minutes=1))
    case = tickets.accept(case, by=chen, at=missed_by(case, minutes=2))
    case = tickets.resolve(case, text="结果:已修好,已改进,谢谢", by=chen, at=missed_by(case, minutes=3))
    services_sweep.sweep(missed_by(case, days=3))
    case.refresh_from_db()
    assert (case.owner, case.status) == (chen, "resolved")


def test_of_one_case_a_person_hears_the_weightiest_step_only(zhou, after_sales, chen, gao):
    create_defaults()
    case = tickets.assign(a_ticket(MONDAY), department=after_sales, owner=chen, by=zhou, at=MONDAY)
    services_sweep.sweep(MONDAY + timedelta(days=3))
    assert Clock.objects.filter(ticket=case, state="missed").count() >= 3
    assert Notice.objects.filter(user=gao, channel="in_app", kind="time_limit").count() == 1


def test_major_cases_are_swept_first(rules, after_sales, monkeypatch):
    with_ladder("due owner")
    cases = [a_ticket(MONDAY - timedelta(hours=6)), a_ticket(MONDAY, tier="L1")]
    order = []
    does = services_sweep.reached

    def listed(steps, at):
        order.extend(step.clock.ticket for step in steps)
        return does(steps, at)

    monkeypatch.setattr(services_sweep, "reached", listed)
    services_sweep.sweep(MONDAY + timedelta(days=2))
    assert order == cases[::-1]


def test_mail_waits_for_the_morning_unless_the_case_is_major(rules, after_sales, gao, settings):
    settings.QUIET_HOURS = "22:00-07:00"
    with_ladder("due head", amount=3600, unit="s")
    night = moment("2026-03-02 23:30")
    a_ticket(night - timedelta(hours=1), department=after_sales)
    a_ticket(night - timedelta(hours=1), department=after_sales, tier="L1")
    services_sweep.sweep(night + timedelta(seconds=1))
    mails = Notice.objects.filter(user=gao, channel="email", kind="time_limit")
    times = {mail.urgent: mail.not_before for mail in mails}
    assert times == {False: moment("2026-03-03 07:00"), True: night + timedelta(seconds=1)}


def test_those_on_duty_are_told_and_all_when_nobody_is(rules, zhou, office):
    with_ladder("due office", amount=3600, unit="s")
    fang = user("fang", "方青", ["office"], office)
    Shift.objects.create(person=fang, starts_at=MONDAY, ends_at=MONDAY + timedelta(hours=8))
    a_ticket(MONDAY)
    services_sweep.sweep(MONDAY + timedelta(hours=2))
    assert {notice.user for notice in Notice.objects.filter(kind="time_limit")} == {fang}
    a_ticket(MONDAY + timedelta(days=1))
    services_sweep.sweep(MONDAY + timedelta(days=1, hours=2))
    assert {notice.user for notice in Notice.objects.filter(kind="time_limit")} == {fang, zhou}


def test_a_case_made_major_by_a_person_is_told_to_leadership_at_once(rules, after_sales, chen, gao, tang, zhou):
    case = a_ticket(MONDAY, department=after_sales)
    tickets.classify(case, tier="L1", by=zhou, at=MONDAY + timedelta(minutes=5))
    told = Notice.objects.filter(kind="major", urgent=True, channel="in_app")
    assert {notice.user for notice in told} == {tang, zhou, gao}


def test_the_next_instant_is_known_within_a_minute_only(rules):
    case = a_ticket(MONDAY)
    due = DueItem.objects.filter(clock__ticket=case).order_by("fire_at").first().fire_at
    minute = timedelta(minutes=1)
    assert services_sweep.next_instant(due - timedelta(seconds=30), minute) == due
    assert services_sweep.next_instant(due - timedelta(seconds=90), minute) is None


def test_the_lag_of_the_sweep_is_counted_in_a_histogram(rules, client):
    with_ladder("due owner", amount=3600, unit="s")
    for _ in range(3):
        a_ticket(MONDAY)
    services_sweep.sweep(MONDAY + timedelta(hours=1, seconds=4))
    found = dict(lag.histogram())
    assert (found["2"], found["5"], found["+Inf"]) == (0, 3, 3)
    assert lag.seconds() == pytest.approx(12)
    said = client.get("/metrics").content.decode()
    assert 'huisheng_sweep_lag_seconds_bucket{le="5"} 3' in said
    assert "huisheng_sweep_lag_seconds_count 3" in said


def test_a_missed_limit_gives_the_case_to_who_is_on_duty_with_the_fewest_cases(rules, after_sales, zhou, chen):
    with_ladder("due owner reassign=duty", amount=3600, unit="s")
    free, busy, off = (user(name, name, ["handler"], after_sales) for name in ("wu", "bai", "cao"))
    for person in (free, busy):
        Shift.objects.create(person=person, starts_at=MONDAY, ends_at=MONDAY + timedelta(hours=8))
    tickets.assign(a_ticket(MONDAY + timedelta(hours=3)), department=after_sales, owner=busy, by=zhou, at=MONDAY)
    case = tickets.assign(a_ticket(MONDAY), department=after_sales, owner=chen, by=zhou, at=MONDAY)
    services_sweep.sweep(MONDAY + timedelta(hours=1, seconds=1))
    case.refresh_from_db()
    assert case.owner == free
    assert off not in {ticket.owner for ticket in case.__class__.objects.select_related("owner")}


def test_a_major_case_calls_its_group_together_at_once(monkeypatch):
    create_defaults()
    called = []
    monkeypatch.setattr(services_ladder, "_callers", [])
    services_ladder.call_group_by(lambda ticket, at: called.append((ticket.number, at)))
    ordinary, major = a_ticket(MONDAY), a_ticket(MONDAY, tier="L1")
    services_sweep.sweep(MONDAY + timedelta(seconds=1))
    assert called == [(major.number, MONDAY + timedelta(seconds=1))]
    services_sweep.sweep(MONDAY + timedelta(seconds=2))
    assert len(called) == 1
    assert ordinary.number not in str(called)


def test_a_group_that_cannot_be_called_stops_nothing(monkeypatch, zhou):
    def refuse(ticket, at):
        raise tickets.ActionNotAllowed("there is one")

    create_defaults()
    monkeypatch.setattr(services_ladder, "_callers", [refuse])
    a_ticket(MONDAY, tier="L1")
    services_sweep.sweep(MONDAY + timedelta(seconds=1))
    assert not DueItem.objects.filter(threshold="0%", fired_at=None).exists()

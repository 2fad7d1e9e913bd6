"""What a hostile or careless world does to limits: clocks set back, enormous pauses, forged forms, no hours."""

from datetime import date, timedelta
from unittest import mock

import pytest
from django.urls import reverse

from config import invariants
from sla import explaining, services_calendars, services_sweep, services_verify
from sla.errors import WorktimeError
from sla.models import Calendar, CalendarSlot, Clock, DueItem, SlaPolicy, SlaTarget
from sla.services_setup import create_defaults
from tests.make import a_ticket, moment
from tests.sla.test_policy_pages import form_of
from tickets import services as tickets

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-11-23 10:00")
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def policies(db):
    create_defaults()


def sound(at):
    assert services_verify.differing(at) == []
    assert {one.code: lines for one, lines in invariants.check(at).items() if lines} == {}


def test_a_server_clock_set_back_an_hour_never_fires_twice_and_never_gives_negative_time(after_sales, chen):
    ticket = a_ticket(MONDAY, department=after_sales)
    services_sweep.sweep(MONDAY + 6 * HOUR)
    fired = DueItem.objects.exclude(fired_at=None).count()
    assert services_sweep.sweep(MONDAY + 5 * HOUR) == 0
    tickets.reply(ticket, text="马上。", by=chen, at=MONDAY + 5 * HOUR)
    assert services_sweep.sweep(MONDAY + 6 * HOUR) == 0
    assert DueItem.objects.exclude(fired_at=None).count() == fired
    assert all(clock.elapsed_s is None or clock.elapsed_s >= 0 for clock in Clock.objects.all())
    sound(MONDAY + 7 * HOUR)


def test_a_pause_of_three_years_ends_in_a_due_time_that_can_be_explained(after_sales, chen):
    SlaTarget.objects.filter(metric="customer_reply").delete()
    ticket = a_ticket(MONDAY, department=after_sales)
    ticket = tickets.request_information(ticket, text="型号？", by=chen, at=MONDAY + HOUR)
    late = MONDAY + timedelta(days=1100)
    tickets.customer_message(ticket, text="三年后才找到。", at=late)
    result = Clock.objects.get(ticket=ticket, metric="resolution")
    assert result.due_at == late + 47 * HOUR
    for row in explaining.of_ticket(ticket, late + HOUR):
        assert sum(part["length_s"] for part in row.intervals if part["kind"] == "counted") in (row.total_s, row.used_s)


def test_a_calendar_without_working_time_is_refused_and_the_old_hours_stay(zhou):
    office = Calendar.objects.get(code="office")
    with pytest.raises(WorktimeError):
        services_calendars.set_hours(office, {}, at=MONDAY, by=zhou)
    assert office.slots.count() == 10
    assert a_ticket(MONDAY).clocks.filter(metric="first_response").exists()


def test_a_row_that_cannot_be_done_stops_no_other_and_is_tried_again(after_sales):
    bad, good = a_ticket(MONDAY, department=after_sales), a_ticket(MONDAY + HOUR, department=after_sales)
    missing = Calendar.objects.create(code="gone", name="没有", zone="Asia/Shanghai")
    CalendarSlot.objects.create(calendar=missing, weekday=0, opens="09:00", closes="10:00")
    does = services_sweep.reached

    def poisoned(steps, at):
        if any(step.clock.ticket_id == bad.pk for step in steps):
            raise RuntimeError("poison")
        return does(steps, at)

    with mock.patch.object(services_sweep, "reached", poisoned):
        services_sweep.sweep(MONDAY + 30 * HOUR)
    assert good.clocks.get(metric="first_response").state == "missed"
    assert bad.clocks.get(metric="first_response").state == "running"
    services_sweep.sweep(MONDAY + 40 * HOUR)
    missed = bad.clocks.get(metric="first_response")
    assert (missed.state, missed.breached_at) == ("missed", moment("2026-11-23 12:00"))
    assert bad.events.filter(kind="breach", data__metric="first_response").count() == 1


def test_a_zone_with_summer_time_explains_and_verifies_over_the_change(after_sales, chen):
    services_calendars.add_calendar(
        Calendar(code="berlin", name="柏林", zone="Europe/Berlin", follows_holidays=False),
        {day: [(0, 86_400)] for day in range(7)},
    )
    SlaTarget.objects.filter(metric="resolution", policy__code="l2").update(
        amount=30, unit="wh", calendar=Calendar.objects.get(code="berlin")
    )
    at = moment("2026-10-24 20:00")  # the clocks of Berlin go back on 25 October
    ticket = a_ticket(at, department=after_sales)
    assert Clock.objects.get(ticket=ticket, metric="resolution").due_at == at + 30 * HOUR
    ticket = tickets.accept(ticket, by=chen, at=at + HOUR)
    tickets.resolve(ticket, text="已修好，谢谢。", by=chen, at=at + 20 * HOUR)
    assert Clock.objects.get(ticket=ticket, metric="resolution").elapsed_s == 20 * 3600
    sound(at + 21 * HOUR)


@pytest.mark.parametrize(
    "forged",
    [
        {"targets-TOTAL_FORMS": "100000"}, {"targets-TOTAL_FORMS": "x"}, {"position": "99999999"}, {"tier": ["L9"]},
        {"targets-0-amount": "-1"}, {"targets-0-amount": "99999999999999999999"}, {"targets-0-calendar": "999999"},
        {"targets-0-metric": "first_response"}, {"targets-0-steps": "due\ndue"}, {"targets-0-steps": "+9999wd owner"},
        {"department": ["' OR 1=1"]}, {"active_from": "9999-99-99"}, {"name": "\x00"},
    ],
)  # fmt: skip
def test_a_forged_form_of_a_policy_changes_nothing_and_breaks_nothing(client, zhou, forged):
    client.force_login(zhou)
    policy = SlaPolicy.objects.get(code="l2")
    before = list(SlaTarget.objects.order_by("pk").values())
    for button in ({}, {"preview": "1"}):
        answer = client.post(reverse("sla:policy", args=["l2"]), form_of(policy) | forged | button)
        assert answer.status_code in (302, 422) or "+9999" in str(forged), forged
    if "+9999" not in str(forged):
        assert list(SlaTarget.objects.order_by("pk").values()) == before


def test_a_target_of_another_policy_cannot_be_moved_here_by_its_key(client, zhou):
    client.force_login(zhou)
    foreign = SlaTarget.objects.get(policy__code="l1", metric="plan")
    form = form_of(SlaPolicy.objects.get(code="l2")) | {"targets-0-id": foreign.pk, "targets-0-amount": 1}
    client.post(reverse("sla:policy", args=["l2"]), form)
    foreign.refresh_from_db()
    assert (foreign.policy.code, foreign.amount) == ("l1", 24)


def test_days_at_the_ends_of_time_are_refused(client, zhou):
    client.force_login(zhou)
    address = reverse("sla:set-day", args=["office"])
    for day in ("0001-01-01", "9999-12-31", "2026-02-30"):
        assert client.post(address, {"date": day, "hours": "", "reason": "x"}).status_code == 422
    assert client.get(reverse("sla:calendar", args=["office"]) + "?year=99999").status_code == 400
    assert not Calendar.objects.get(code="office").overrides.filter(date__gt=date(2100, 1, 1)).exists()

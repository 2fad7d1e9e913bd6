"""A calendar that changes moves what runs and leaves what has ended; other hours and new calendars by page."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from config import invariants
from notices.models import Notice
from sla import explaining, services_calendars, services_verify
from sla.calendars import DAY
from sla.holidays import OverrideRow
from sla.models import Calendar, CalendarState, Clock, Heartbeat
from sla.services_setup import create_defaults
from sla.services_sweep import sweep
from tests.make import a_ticket, moment
from tickets import services as tickets

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-11-23 10:00")
HOUR = timedelta(hours=1)
SHORT = {day: [(9 * 3600, 11 * 3600)] for day in range(5)}


@pytest.fixture
def office_calendar(db):
    create_defaults()
    return Calendar.objects.get(code="office")


def first_of(ticket):
    return Clock.objects.get(ticket=ticket, metric="first_response")


def agree(at):
    assert services_verify.differing(at) == []
    assert {one.code: lines for one, lines in invariants.check(at).items() if lines and one.code == "replay"} == {}


def test_the_new_year_leaves_clocks_alone_that_were_answered_before(office_calendar, chen, zhou, after_sales):
    at = moment("2026-12-30 10:00")
    answered = a_ticket(at, nature="suggestion", department=after_sales)
    tickets.reply(answered, text="谢谢您的建议。", by=chen, at=at + HOUR)
    waiting = a_ticket(at, nature="suggestion")
    days = [OverrideRow(date(2027, 1, day), (), "元旦", "x") for day in (1, 2, 3, 4)]
    services_calendars.import_days(office_calendar, days, known_until=date(2027, 12, 31), at=at + 2 * HOUR)
    assert first_of(answered).due_at == moment("2027-01-04 18:00")
    assert first_of(waiting).due_at == moment("2027-01-06 18:00")
    agree(at + 3 * HOUR)
    told = next(row for row in explaining.of_ticket(answered, at + 3 * HOUR) if row.clock.metric == "first_response")
    assert told.run.due == told.clock.due_at
    assert told.clock.elapsed_s == told.used_s


def test_other_hours_count_what_runs_anew_and_leave_what_ended(office_calendar, chen, zhou, after_sales):
    ended, late = (a_ticket(MONDAY, department=after_sales) for _ in range(2))
    tickets.reply(ended, text="马上处理。", by=chen, at=MONDAY + HOUR)
    sweep(moment("2026-11-23 14:00"))
    running = a_ticket(moment("2026-11-23 13:30"))
    at = moment("2026-11-23 14:30")
    assert services_calendars.set_hours(office_calendar, SHORT, at=at, by=zhou) > 0
    assert first_of(running).due_at == moment("2026-11-24 11:00")
    assert first_of(ended).due_at == first_of(late).due_at == moment("2026-11-23 12:00")
    tickets.reply(late, text="对不起，晚了。", by=chen, at=at + HOUR)
    agree(at + 2 * HOUR)
    for row in explaining.of_ticket(ended, at + 2 * HOUR):
        assert sum(part["length_s"] for part in row.intervals if part["kind"] == "counted") == row.total_s
    assert office_calendar.overrides.get(date="2026-10-10").slots == [["09:00", "11:00"]]
    assert CalendarState.objects.count() == 1


def test_a_past_rest_day_does_not_make_a_missed_limit_good(office_calendar, zhou):
    """The sweep has not been here: the limit passed all the same."""
    ticket = a_ticket(MONDAY)
    services_calendars.set_day(
        office_calendar, day=date(2026, 11, 23), slots=[], reason="停电", at=moment("2026-11-23 15:00"), by=zhou
    )
    assert (first_of(ticket).state, first_of(ticket).breached_at) == ("missed", moment("2026-11-23 12:00"))
    agree(moment("2026-11-23 16:00"))


def test_the_same_file_twice_keeps_no_second_state(office_calendar):
    days = [OverrideRow(date(2027, 1, 1), (), "元旦", "x")]
    for _ in range(2):
        services_calendars.import_days(office_calendar, days, known_until=date(2027, 12, 31), at=MONDAY)
    assert CalendarState.objects.count() == 1


def test_the_notice_of_a_year_leaves_the_year_before_alone_though_it_names_its_last_days(office_calendar):
    known = set(office_calendar.overrides.filter(date__year=2026).values_list("date", flat=True))
    days = [OverrideRow(date(2026, 12, 31), (), "元旦", "x"), OverrideRow(date(2027, 1, 1), (), "元旦", "x")]
    services_calendars.import_days(office_calendar, days, known_until=date(2027, 12, 31), at=MONDAY)
    assert set(office_calendar.overrides.filter(date__year=2026).values_list("date", flat=True)) == known | {
        days[0].day
    }


def test_a_file_that_does_not_say_how_far_it_reaches_takes_nothing_away(office_calendar):
    spring, new_year = (OverrideRow(date(2027, month, 5), (), "", "x") for month in (2, 1))
    services_calendars.import_days(office_calendar, [spring], known_until=date(2027, 12, 31), at=MONDAY)
    services_calendars.import_days(office_calendar, [new_year], known_until=None, at=MONDAY + HOUR)
    assert office_calendar.overrides.filter(date__year=2027).count() == 2


def test_a_day_that_a_corrected_notice_no_longer_names_moves_what_is_due_on_it(office_calendar, after_sales):
    first, later = (OverrideRow(date(2027, month, 5), (), "", "x") for month in (1, 2))
    services_calendars.import_days(office_calendar, [first, later], known_until=date(2027, 12, 31), at=MONDAY)
    ticket = a_ticket(moment("2026-12-31 10:00"), nature="suggestion", department=after_sales)
    assert first_of(ticket).due_at == moment("2027-01-06 18:00")
    at = moment("2027-01-02 10:00")
    services_calendars.import_days(office_calendar, [later], known_until=date(2027, 12, 31), at=at)
    assert first_of(ticket).due_at == moment("2027-01-05 18:00")
    agree(at + HOUR)


def test_an_hour_to_midnight_and_one_over_it_are_kept_as_they_were(office_calendar, zhou):
    always = Calendar.objects.get(code="24x7")
    services_calendars.set_hours(always, {0: [(22 * 3600, DAY + 6 * 3600)]}, at=MONDAY, by=zhou)
    services_calendars.set_hours(always, {0: [(0, DAY)]}, at=MONDAY + HOUR, by=zhou)
    first, second = CalendarState.objects.order_by("until")
    assert first.definition["weekly"]["sun"] == [["00:00", "24:00"]]
    assert second.definition["weekly"] == {"mon": [["22:00", "06:00"]]}


def test_the_page_changes_the_hours_and_refuses_what_is_no_week(client, zhou, office_calendar):
    client.force_login(zhou)
    address = reverse("sla:set-hours", args=["office"])
    wrong = ({}, {"day0": "morning"}, {"day0": "09:00-12:00 11:00-13:00"}, {"day0": "09:00-09:00"})
    for form in wrong:
        assert client.post(address, form).status_code == 422, form
    assert office_calendar.slots.count() == 10
    assert client.post(address, {f"day{day}": "08:30-12:00 13:30-18:00" for day in range(5)}).status_code == 302
    assert "08:30-12:00 13:30-18:00" in client.get(reverse("sla:calendar", args=["office"])).content.decode()


def test_a_calendar_of_another_zone_is_made_by_page(client, zhou, office_calendar):
    client.force_login(zhou)
    form = {"code": "berlin", "name": "柏林", "zone": "Europe/Berlin", "day0": "09:00-17:00"}
    for wrong in ({"zone": "Mars/Base"}, {"code": "new"}, {"code": "office"}, {"day0": ""}, {"day0": "25:00-26:00"}):
        assert client.post(reverse("sla:calendar-new"), form | wrong).status_code == 422, wrong
    assert client.post(reverse("sla:calendar-new"), form).status_code == 302
    made = Calendar.objects.get(code="berlin")
    assert (made.zone, made.known_until, made.slots.count(), made.overrides.count()) == ("Europe/Berlin", None, 1, 0)


def test_administrators_and_the_office_hear_once_a_month_that_a_year_is_missing(office_calendar, zhou, chen):
    services_calendars.warn_of_next_year(moment("2026-10-31 09:00"))
    assert not Notice.objects.filter(kind="holidays_missing").exists()
    for day in ("2026-11-01 09:00", "2026-11-02 09:00", "2026-12-01 09:00"):
        services_calendars.warn_of_next_year(moment(day))
    told = Notice.objects.filter(kind="holidays_missing", channel="in_app")
    assert [notice.user for notice in told] == [zhou, zhou]


def test_the_nightly_check_is_on_the_health_page(client, office_calendar):
    a_ticket(MONDAY)
    assert services_verify.verify(MONDAY + HOUR) == 0
    Clock.objects.filter(metric="first_response").update(due_at=MONDAY)
    assert services_verify.verify(MONDAY + HOUR) == 1
    assert Heartbeat.objects.get(name="clocks").data["differing"] == 1
    assert "huisheng_clocks_differing 1" in client.get("/metrics").content.decode()
    assert "differ" in client.get("/readyz").json()["checks"]["clocks_verified"]["note"]

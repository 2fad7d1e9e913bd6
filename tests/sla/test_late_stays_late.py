"""Nothing that happens after the due time makes a clock in time again; and a due time that a person can check by hand."""

from datetime import timedelta

import pytest

from sla.models import Accountability, CalendarSlot, SlaTarget
from sla.services_setup import create_defaults
from sla.services_sweep import sweep
from tests.make import a_ticket, moment
from tickets import services as tickets

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-03-02 10:00")  # L2: the result is due 48 hours later
DUE = MONDAY + timedelta(hours=48)


@pytest.fixture
def case(after_sales, chen, zhou):
    create_defaults()
    ticket = a_ticket(MONDAY, department=after_sales)
    return tickets.accept(ticket, by=chen, at=MONDAY + timedelta(minutes=5))


def result(case):
    return case.clocks.get(metric="resolution")


def late(case):
    clock = result(case)
    return (clock.state, clock.breached_at) == ("missed", DUE) and case.events.filter(
        kind="breach", data__metric="resolution", at=DUE
    ).count() == 1


def test_a_pause_after_the_due_time_undoes_nothing(case, chen):
    sweep(DUE + timedelta(minutes=1))
    tickets.request_information(case, text="请问型号?", by=chen, at=DUE + timedelta(hours=1))
    tickets.customer_message(case, text="KFR-35", at=DUE + timedelta(hours=30))
    sweep(DUE + timedelta(hours=40))
    assert late(case)


def test_a_pause_after_the_due_time_undoes_nothing_while_the_sweep_is_down(case, chen):
    tickets.request_information(case, text="请问型号?", by=chen, at=DUE + timedelta(hours=1))
    assert late(case)


def test_a_late_result_is_late_though_the_sweep_was_down(case, chen):
    tickets.resolve(case, text="结果:已修好,已改进,谢谢", by=chen, at=DUE + timedelta(seconds=1))
    assert late(case)
    sweep(DUE + timedelta(days=3))
    assert late(case)
    assert Accountability.objects.filter(clock=result(case)).count() == 1


def test_a_new_level_whose_due_time_has_passed_is_late_at_once_and_stays_so(after_sales, zhou):
    create_defaults()
    SlaTarget.objects.filter(policy__code="l1", metric="resolution").update(amount=3600, unit="s")
    case = a_ticket(MONDAY, nature="suggestion", department=after_sales)
    tickets.classify(case, tier="L1", by=zhou, at=MONDAY + timedelta(hours=5))
    clock = result(case)
    assert (clock.state, clock.breached_at) == ("missed", MONDAY + timedelta(hours=1))
    assert clock.events.get(kind="breach").reason == "re-levelled"
    case.refresh_from_db()
    tickets.classify(case, tier="L3", by=zhou, at=MONDAY + timedelta(hours=6))
    assert result(case).breached_at == MONDAY + timedelta(hours=1)


def test_a_lunch_break_national_day_and_a_make_up_saturday_are_explained_interval_by_interval(
    client, after_sales, zhou
):
    """Received on Wednesday 30 September 2026 at 16:30, 22 working hours: 1:30 that day, nothing from 1 to 7 October,
    eight hours each on the 8th and 9th, and the remaining 4:30 on the make-up Saturday, around lunch."""
    create_defaults()
    SlaTarget.objects.filter(policy__code="l2", metric="resolution").update(
        amount=22, unit="wh", calendar=CalendarSlot.objects.filter(calendar__code="office").first().calendar
    )
    case = a_ticket(moment("2026-09-30 16:30"), department=after_sales)
    assert result(case).due_at == moment("2026-10-10 14:30")
    client.force_login(zhou)
    found = client.get(f"/api/v1/tickets/{case.number}/clocks/").json()
    why = next(clock for clock in found if clock["metric"] == "resolution")["explanation"]
    counted = [
        (part["start"][5:16], part["end"][5:16], part["length_s"] / 3600)
        for part in why["intervals"]
        if part["kind"] == "counted"
    ]
    assert counted == [
        ("09-30T16:30", "09-30T18:00", 1.5),
        ("10-08T09:00", "10-08T12:00", 3.0),
        ("10-08T13:00", "10-08T18:00", 5.0),
        ("10-09T09:00", "10-09T12:00", 3.0),
        ("10-09T13:00", "10-09T18:00", 5.0),
        ("10-10T09:00", "10-10T12:00", 3.0),
        ("10-10T13:00", "10-10T14:30", 1.5),
    ]
    page = client.get(f"/tickets/{case.number}/").content.decode()
    for line in (
        "9月30日周三 16:30–18:00",
        "国庆节",
        "10月8日周四 09:00–12:00",
        "10月10日周六 09:00–12:00",
        "调休上班日",
        "22:00",
    ):
        assert line in page
    assert "22:00" in page


def test_a_make_up_saturday_before_national_day_counts_and_the_holiday_does_not(after_sales, zhou):
    """Thursday 12 September 2024 at 16:30, 100 working hours: 1:30; Friday; make-up Saturday the 14th; 18 to 20 and 23 to
    27 September; make-up Sunday the 29th; Monday the 30th: 97:30. The last 2:30 fall on 8 October, after the holiday."""
    create_defaults()
    office = CalendarSlot.objects.filter(calendar__code="office").first().calendar
    SlaTarget.objects.filter(metric="resolution").update(amount=100, unit="wh", calendar=office)
    case = a_ticket(moment("2024-09-12 16:30"), department=after_sales)
    assert result(case).due_at == moment("2024-10-08 11:30")

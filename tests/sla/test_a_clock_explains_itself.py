from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from notices import wording
from notices.models import Notice
from sla import explaining, panels, replay, words
from sla.models import Calendar, Clock, ClockEvent
from sla.services_setup import create_defaults
from sla.services_sweep import sweep
from tests.make import a_ticket, moment
from tickets import services as tickets

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-11-23 10:00")
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def policies(db):
    create_defaults()


def test_a_limit_kept_in_seconds_is_told_in_hours_where_it_is_whole_ones():
    with translation.override("en"):
        said = [words.length(amount, "s") for amount in (3, 60, 90, 3600, 86400)]
    assert said == ["3 seconds", "1 minute", "90 seconds", "1 hour", "24 hours"]


@pytest.fixture
def ticket(chen, gao, zhou, after_sales):
    """Waited for the customer, was classed anew, is late with some limits."""
    ticket = a_ticket(MONDAY, department=after_sales)
    ticket = tickets.request_information(ticket, text="什么型号？", by=chen, at=MONDAY + HOUR)
    ticket = tickets.customer_message(ticket, text="清岚 1.5 匹", at=MONDAY + 5 * HOUR)
    return tickets.classify(ticket, tier="L3", by=zhou, at=MONDAY + 26 * HOUR)


def printed(*arguments):
    out = StringIO()
    call_command("explain_clock", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_says_from_when_to_when_a_new_limit_moved_it(ticket):
    told = printed(ticket.number, "--metric", "resolution", "--language", "en")
    moved = [line for line in told.splitlines() if "New limit" in line]
    event = ClockEvent.objects.get(clock__ticket=ticket, clock__metric="resolution", kind="retarget")
    wanted = [f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}" for at in (event.due_before, event.due_after)]
    assert len(moved) == 1
    assert moved[0].endswith(" → ".join(wanted))


@pytest.mark.parametrize("hours", [0, 1, 3, 26, 40, 2000])
def test_the_counted_intervals_of_every_clock_add_up_to_its_limit(ticket, hours):
    for row in explaining.of_ticket(ticket, MONDAY + hours * HOUR):
        counted = [part["length_s"] for part in row.intervals if part["kind"] == "counted"]
        assert sum(counted) == row.total_s
        assert all(part["start"] <= part["end"] for part in row.intervals)


def test_the_due_time_that_is_explained_is_the_one_that_is_kept(ticket):
    for row in explaining.of_ticket(ticket, MONDAY + 30 * HOUR):
        if row.clock.state == "running":
            assert row.run.due == row.clock.due_at


def test_the_panel_takes_three_queries(ticket, chen, django_assert_max_num_queries):
    panels.context(ticket, chen, MONDAY)
    with django_assert_max_num_queries(3):
        panels.context(ticket, chen, MONDAY + 30 * HOUR)


def test_the_page_of_a_ticket_shows_why(ticket, chen, client):
    client.force_login(chen)
    answer = client.get(ticket.get_absolute_url())
    assert answer.status_code == 200
    page = answer.content.decode()
    with translation.override("zh-hans"):
        assert str(Clock(metric="resolution").get_metric_display()) in page
    assert 'class="why"' in page


def test_the_api_gives_each_clock_with_its_intervals(ticket, chen, client):
    client.force_login(chen)
    answer = client.get(f"/api/v1/tickets/{ticket.number}/clocks/")
    assert answer.status_code == 200
    resolution = next(row for row in answer.json() if row["metric"] == "resolution")
    explanation = resolution["explanation"]
    assert (explanation["rule"], explanation["unit"], explanation["amount"]) == ("l3", "wd", 15)
    counted = [part["length_s"] for part in explanation["intervals"] if part["kind"] == "counted"]
    assert sum(counted) == explanation["total_s"]
    assert [change["kind"] for change in explanation["changes"]] == ["pause", "resume", "retarget"]
    assert explanation["changes"][2]["by"] == "zhou"


def test_the_clocks_of_a_ticket_that_one_may_not_see_are_not_found(ticket, han, client):
    client.force_login(han)
    assert client.get(f"/api/v1/tickets/{ticket.number}/clocks/").status_code == 404
    client.logout()
    assert client.get(f"/api/v1/tickets/{ticket.number}/clocks/").status_code in (401, 403)


def test_the_command_prints_rule_intervals_pauses_and_who(ticket):
    text = printed(ticket.number, "--metric", "resolution", "--language", "en")
    assert "L3 suggestion or inquiry" in text
    assert "2026-11-23 11:00:00 → 2026-11-23 15:00:00" in text
    assert "Paused: waiting for the customer" in text
    assert "周明" in text
    resolution = Clock.objects.get(ticket=ticket, metric="resolution")
    row = next(row for row in explaining.of_ticket(ticket, timezone.now()) if row.clock == resolution)
    assert f"({row.total_s} s)" in text


def test_the_command_refuses_an_unknown_number():
    with pytest.raises(CommandError):
        printed("Q20000101-000001")


def test_the_sweep_by_command_does_the_same_without_workers(ticket):
    a_ticket(MONDAY)
    out = StringIO()
    call_command("sweep_deadlines", "--at", "2026-11-23T12:00:00+08:00", stdout=out)
    assert int(out.getvalue()) > 0
    assert Clock.objects.filter(metric="first_response", state="missed").count() == 1
    with pytest.raises(CommandError):
        call_command("sweep_deadlines", "--at", "tomorrow")


def test_due_reads_the_calendar_as_its_rows_say():
    office = Calendar.objects.get(code="office")
    office.overrides.create(date="2026-11-24", slots=[], reason="盘点")
    out = StringIO()
    call_command("due", "--start", "2026-11-23T10:00:00+08:00", "--amount", "1", "--unit", "wd", stdout=out)
    assert out.getvalue().strip() == "2026-11-25T18:00:00+08:00"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_notice_about_a_limit_has_words(language, chen, gao, zhou, tang, after_sales):
    ticket = a_ticket(MONDAY, department=after_sales)
    tickets.accept(ticket, by=chen, at=MONDAY)
    for text in ("2026-11-23 11:00", "2026-11-23 11:40", "2026-11-23 12:00", "2026-11-24 18:00", "2026-11-26 18:00"):
        sweep(moment(text))
    told = Notice.objects.filter(kind="time_limit")
    assert {"50%", "80%", "due", "+1wd", "+3wd"} == set(told.values_list("context__threshold", flat=True))
    for notice in told:
        subject, body = wording.words(notice, language)
        assert ticket.number in subject
        assert ticket.subject in body and ticket.get_absolute_url() in body
        assert "%(" not in subject + body


def test_weeks_after_the_due_time_are_one_line(ticket, chen):
    late = ticket.received_at + timedelta(days=60)
    shown = panels.context(ticket, chen, late)["clocks"]
    over = [[line for line in row["lines"] if line["kind"] == replay.OVERDUE] for row in shown if row["live"]]
    assert over and all(len(lines) == 1 for lines in over)
    assert all(lines[0]["end"] == late and not lines[0]["counts"] for lines in over)


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("zh-hans", [
            ("9月29日周二 16:40 – 9月30日周三 00:00", "收到当日不计", False),
            ("9月30日周三 09:00–18:00", "计入", True),
            ("10月1日周四 – 10月7日周三", "国庆节", False),
            ("10月8日周四 09:00–18:00", "计入", True),
            ("10月9日周五 09:00–18:00", "计入", True),
            ("10月10日周六 09:00–18:00", "计入，调休上班日", True),
            ("10月11日周日", "休息日", False),
            ("10月12日周一 09:00–18:00", "计入", True),
        ]),
        ("en", [
            ("Tue 29 Sep 16:40 – Wed 30 Sep 00:00", "the day of receipt does not count", False),
            ("Wed 30 Sep 09:00–18:00", "counted", True),
            ("Thu 1 Oct – Wed 7 Oct", "National Day", False),
            ("Thu 8 Oct 09:00–18:00", "counted", True),
            ("Fri 9 Oct 09:00–18:00", "counted", True),
            ("Sat 10 Oct 09:00–18:00", "counted, make-up working day", True),
            ("Sun 11 Oct", "rest days", False),
            ("Mon 12 Oct 09:00–18:00", "counted", True),
        ]),
    ],
)  # fmt: skip
def test_national_day_and_the_make_up_saturday_after_it_are_named(chen, after_sales, language, wanted):
    """Fifteen working days with a lunch break, a holiday and a make-up day within: to be checked with a calendar."""
    a_ticket(moment("2026-09-29 16:40"), department=after_sales, nature="suggestion")
    clock = Clock.objects.get(metric="resolution")
    assert clock.due_at == moment("2026-10-26 18:00")
    (row,) = [one for one in explaining.of_ticket(clock.ticket, clock.started_at) if one.clock == clock]
    with translation.override(language):
        told = [(line["when"], str(line["text"]), line["counts"]) for line in panels.lines(row)]
    assert told[:8] == wanted
    assert sum(line["length_s"] for line in panels.lines(row) if line["counts"]) == row.total_s == 15 * 8 * 3600


def test_one_of_a_unit_is_told_as_one(ticket):
    clock = Clock.objects.get(ticket=ticket, metric="return_decision")
    with translation.override("en"):
        assert panels.rule(clock).endswith("Decision to return within 1 working day. Calendar “Office hours”.")
    with translation.override("zh-hans"):
        assert "在 1 个工作日内完成" in panels.rule(clock)


def test_a_result_is_reported_within_four_working_hours(chen, after_sales):
    """B3.4, counted in working hours: planned for Monday 17:00, due on Tuesday at noon."""
    ticket = tickets.accept(a_ticket(MONDAY, department=after_sales), by=chen, at=MONDAY)
    ticket = tickets.investigate(ticket, facts="堵塞", by=chen, at=MONDAY)
    tickets.plan(ticket, measures="疏通", limit=moment("2026-11-23 17:00"), by=chen, at=MONDAY)
    assert Clock.objects.get(ticket=ticket, metric="report").due_at == moment("2026-11-24 12:00")


def test_the_api_tells_them_in_one_line_too(ticket):
    late = [row.as_json()["explanation"] for row in explaining.of_ticket(ticket, MONDAY + 24 * 60 * HOUR)]
    over = [[part for part in clock["intervals"] if part["kind"] == "overdue"] for clock in late]
    assert max(len(parts) for parts in over) == 1
    assert max(parts[0]["length_s"] for parts in over if parts) > 200 * 3600, "opening by opening, added up"

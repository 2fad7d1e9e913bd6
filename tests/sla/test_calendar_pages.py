import json
from datetime import date
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from sla import services_calendars
from sla.models import Calendar, Clock, SlaTarget
from sla.services_setup import create_defaults
from tests.make import a_ticket, moment

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-11-23 10:00")
DAY = {"date": "2026-11-24", "hours": "", "reason": "盘点"}


@pytest.fixture(autouse=True)
def policies(db):
    create_defaults()


@pytest.fixture
def office_calendar():
    return Calendar.objects.get(code="office")


def next_year(*off):
    days = [{"name": "元旦", "date": day, "isOffDay": True} for day in off]
    return json.dumps({"year": 2027, "papers": [], "days": days}).encode()


@pytest.mark.parametrize("name", ["calendars", "policies", "simulate"])
def test_only_the_office_and_administrators_set_limits(name, client, chen, zhou):
    client.force_login(chen)
    assert client.get(reverse(f"sla:{name}")).status_code == 403
    client.force_login(zhou)
    assert client.get(reverse(f"sla:{name}")).status_code == 200


def test_the_year_shows_holidays_and_make_up_days_with_their_source(client, zhou):
    client.force_login(zhou)
    page = client.get(reverse("sla:calendar", args=["office"]) + "?year=2026").content.decode()
    assert page.count('class="off"') > 15
    assert 'class="make_up"' in page
    assert client.get(reverse("sla:calendar", args=["office"]) + "?year=nonsense").status_code == 400


def test_a_day_by_hand_moves_the_open_due_times_on_record(client, zhou, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: moment("2026-11-23 11:00"))  # what is overdue is not moved
    ticket = a_ticket(MONDAY, nature="suggestion")
    first = Clock.objects.get(ticket=ticket, metric="first_response")
    assert first.due_at == moment("2026-11-26 18:00")
    client.force_login(zhou)
    assert client.post(reverse("sla:set-day", args=["office"]), DAY).status_code == 302
    first.refresh_from_db()
    assert first.due_at == moment("2026-11-27 18:00")
    event = first.events.get(kind="retarget")
    assert (event.reason, event.due_before, event.due_after) == ("calendar", moment("2026-11-26 18:00"), first.due_at)
    ticket.refresh_from_db()
    assert ticket.next_due_at <= first.due_at


def test_taking_a_day_back_restores_the_published_one(client, zhou, office_calendar):
    client.force_login(zhou)
    client.post(reverse("sla:set-day", args=["office"]), DAY | {"date": "2026-10-01", "hours": "09:00-12:00"})
    override = office_calendar.overrides.get(date="2026-10-01")
    assert (override.source, override.slots) == ("manual", [["09:00", "12:00"]])
    client.post(reverse("sla:clear-day", args=["office", override.pk]))
    override = office_calendar.overrides.get(date="2026-10-01")
    assert (override.source, override.slots) == ("statutory", [])


def test_wrong_hours_are_refused_and_change_nothing(client, zhou, office_calendar):
    client.force_login(zhou)
    for hours in ("nine to five", "09:00-09:00", "09:00-12:00 11:00-13:00"):
        answer = client.post(reverse("sla:set-day", args=["office"]), DAY | {"hours": hours})
        assert answer.status_code == 422, hours
    assert not office_calendar.overrides.filter(date="2026-11-24").exists()


def test_an_import_keeps_what_was_entered_by_hand(client, zhou, office_calendar):
    client.force_login(zhou)
    client.post(reverse("sla:set-day", args=["office"]), DAY | {"date": "2027-01-01", "hours": "09:00-12:00"})
    file = SimpleUploadedFile("2027.json", next_year("2027-01-01", "2027-01-02"))
    assert client.post(reverse("sla:import-days", args=["office"]), {"file": file}).status_code == 302
    found = dict(office_calendar.overrides.filter(date__year=2027).values_list("date", "source"))
    assert found == {date(2027, 1, 1): "manual", date(2027, 1, 2): "import"}
    office_calendar.refresh_from_db()
    assert office_calendar.known_until == date(2027, 12, 31)


def test_when_the_year_arrives_provisional_due_times_are_counted_anew(tmp_path, office_calendar):
    SlaTarget.objects.filter(metric="first_response", policy__code="l3").update(amount=3)
    ticket = a_ticket(moment("2026-12-30 10:00"), nature="suggestion")
    first = Clock.objects.get(ticket=ticket, metric="first_response")
    assert (first.provisional, first.due_at) == (True, moment("2027-01-04 18:00"))
    file = tmp_path / "2027.json"
    file.write_bytes(next_year("2027-01-01", "2027-01-02", "2027-01-03", "2027-01-04"))
    out = StringIO()
    call_command("import_holidays", str(file), stdout=out)
    first.refresh_from_db()
    assert (first.provisional, first.due_at) == (False, moment("2027-01-06 18:00"))
    assert first.events.filter(kind="retarget", reason="calendar").count() == 1


def test_a_file_that_is_none_is_refused(client, zhou):
    client.force_login(zhou)
    for content in (b"{", b"BEGIN", b"\x00\xff"):
        file = SimpleUploadedFile("x.json", content)
        assert client.post(reverse("sla:import-days", args=["office"]), {"file": file}).status_code == 422


def test_from_november_on_the_missing_year_is_warned_of(office_calendar):
    lacks = services_calendars.lacks_next_year
    office_calendar.known_until = date(2026, 12, 31)
    assert not lacks(office_calendar, date(2026, 10, 31))
    assert lacks(office_calendar, date(2026, 11, 1))
    office_calendar.known_until = date(2027, 12, 31)
    assert not lacks(office_calendar, date(2026, 11, 1))
    assert not lacks(Calendar.objects.get(code="24x7"), date(2026, 11, 1))

"""Who is on duty when, what nobody covers, and whom alerts reach (C3.2)."""

import re
from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import duty
from accounts.models import Shift
from tests.make import moment

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


def plan(person, first=MONDAY, last=MONDAY + timedelta(days=6), weekdays=range(5), opens="09:00", closes="18:00"):
    times = {"opens": time.fromisoformat(opens), "closes": time.fromisoformat(closes)}
    return duty.plan(person=person, first=first, last=last, weekdays=weekdays, **times)


def test_a_plan_is_a_shift_on_each_of_its_weekdays(lin):
    assert len(plan(lin)) == 5
    first = Shift.objects.first()
    assert (first.starts_at, first.ends_at) == (moment("2026-03-02 09:00"), moment("2026-03-02 18:00"))


def test_a_shift_may_cross_midnight(lin):
    plan(lin, weekdays=[0], opens="22:00", closes="06:00")
    assert duty.on_duty_of([lin], moment("2026-03-03 05:59")) == [lin]
    assert Shift.objects.at(moment("2026-03-03 06:00")).count() == 0


def test_two_shifts_of_one_person_never_overlap(lin, zhou):
    plan(lin)
    with pytest.raises(duty.ShiftRefused):
        plan(lin, first=MONDAY, last=MONDAY, opens="17:00", closes="20:00")
    plan(zhou, first=MONDAY, last=MONDAY, opens="17:00", closes="20:00")
    plan(lin, first=MONDAY, last=MONDAY, opens="18:00", closes="20:00")


def test_useless_plans_are_refused(lin):
    for wrong in ({"last": MONDAY - timedelta(days=1)}, {"last": MONDAY + timedelta(days=200)}, {"weekdays": []}):
        with pytest.raises(duty.ShiftRefused):
            plan(lin, **wrong)


def test_what_nobody_covers_is_shown(lin, zhou, settings):
    settings.DUTY_HOURS = "09:00-19:00"
    plan(lin, closes="12:00")
    plan(zhou, opens="13:00")
    monday, *_, sunday = duty.roster(MONDAY, 7)
    assert monday.gaps == [
        (moment("2026-03-02 12:00"), moment("2026-03-02 13:00")),
        (moment("2026-03-02 18:00"), moment("2026-03-02 19:00")),
    ]
    assert sunday.gaps == [(moment("2026-03-08 09:00"), moment("2026-03-08 19:00"))]


def test_nobody_on_duty_means_everybody_who_is_there(lin, zhou):
    plan(lin)
    zhou.is_absent = True
    assert duty.on_duty_of([lin, zhou], moment("2026-03-02 10:00")) == [lin]
    assert duty.on_duty_of([lin, zhou], moment("2026-03-07 10:00")) == [lin]
    assert duty.on_duty_of([zhou], moment("2026-03-07 10:00")) == [zhou]


def test_the_page_shows_the_hours_that_nobody_covers_and_offers_the_next_two_weeks(client, zhou, settings):
    settings.DUTY_HOURS = "09:00-19:00"
    client.force_login(zhou)
    page = client.get(reverse("accounts:shifts")).content.decode()
    assert page.count("09:00–19:00") == 14
    assert page.count('name="weekdays"') == 7
    assert len(re.findall(r'name="weekdays"[^>]*checked', page)) == 5
    assert f'value="{timezone.localdate().isoformat()}"' in page


def test_the_office_plans_and_agents_only_read(client, lin, zhou):
    given = {
        "person": "lin", "first": "2026-03-02", "last": "2026-03-08", "weekdays": ["0", "1"], "opens": "09:00",
        "closes": "18:00",
    }  # fmt: skip
    client.force_login(lin)
    assert client.get("/shifts/").status_code == 200
    assert client.post("/shifts/", given).status_code == 403
    client.force_login(zhou)
    assert client.post("/shifts/", given).status_code == 302
    assert Shift.objects.count() == 2
    assert client.post("/shifts/", given).status_code == 422
    page = client.get("/shifts/?from=2026-03-02").content.decode()
    assert "林知夏" in page
    assert client.post(f"/shifts/{Shift.objects.first().pk}/remove/").status_code == 302
    assert Shift.objects.count() == 1
    assert client.get("/shifts/?from=never").status_code == 400


def test_the_page_costs_the_same_for_three_and_thirty_shifts(client, zhou, lin):

    client.force_login(zhou)
    counts = []
    for first in (MONDAY, MONDAY + timedelta(days=7)):
        plan(lin, first=first, last=first + timedelta(days=6), weekdays=range(7))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/shifts/?from=2026-03-02")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15

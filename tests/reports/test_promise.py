"""What strangers are promised, and how last month kept it: real figures, real limits, nothing of a handful of cases."""

from datetime import timedelta

import pytest
from django.urls import reverse

from reports import daily, periods
from reports.models import DayFigures
from reports.promise import promise
from sla import services_setup
from sla.models import SlaTarget
from tests.make import moment

pytestmark = pytest.mark.django_db
AT = moment("2026-11-10 10:00")
TIMELY = {"handling_timeliness": {"": {"met": 2, "decided": 2}}}
FULL = TIMELY | {
    "volume": {"": 3},
    "first_response_time": {"": {"working_s": 7200.0, "n": 2}},
    "satisfaction": {"": {"satisfied": 1, "neutral": 0, "dissatisfied": 0, "answers": 1}},
}


def october(figures, *, days=31):
    first = periods.previous(periods.containing(AT.date(), "month")).start.astimezone(periods.ZONE).date()
    for day in range(days):
        DayFigures.objects.create(day=first + timedelta(days=day), by="", figures=figures)


def test_the_strip_says_last_month_in_full():
    october(FULL)
    shown = {row.code: (row.value, row.unit) for row in promise(AT).strip}
    assert shown["handling_timeliness"] == ("100.0", "%") and shown["volume"][0] == "93"
    assert shown["first_response_time"][0] == "1.0" and shown["satisfaction"] == ("100.0", "%")


def test_a_figure_of_a_handful_of_cases_is_left_out_and_one_alone_is_no_strip():
    october({"volume": {"": 3}, "handling_timeliness": {"": {"met": 1, "decided": 1}}}, days=31)
    assert [row.code for row in promise(AT).strip] == ["handling_timeliness", "volume"]
    DayFigures.objects.update(figures={"volume": {"": 3}})
    assert promise(AT).strip == []


def test_while_a_day_is_not_counted_nothing_is_said():
    october(FULL, days=30)
    assert promise(AT).strip == []


def test_it_is_turned_off_by_the_setting(settings, client):
    october(FULL)
    settings.PUBLIC_PAGES = ["promise"]
    assert promise(AT).strip == []
    settings.PUBLIC_PAGES = []
    assert client.get(reverse("promise")).status_code == 404
    assert reverse("promise") not in client.get("/").content.decode()


def test_the_kept_days_say_what_the_figures_say(settings):
    """The strip reads what the job keeps of real tickets, not only rows written here."""
    from tests.reports.history import a_random_history

    a_random_history(7, count=120)
    month = promise(AT).month
    daily.refresh(daily.days_of(month), [""])
    from reports import kpi
    from tickets.models import Ticket

    told = kpi.figures(Ticket.objects.all(), month)["figures"]
    for row in promise(AT).strip:
        value = kpi.main_value(row.code, told[row.code])
        assert row.value == (
            f"{value:,}" if row.code == "volume" else f"{value * (100 if row.unit == '%' else 1 / 3600):,.1f}"
        )


def test_the_limits_are_those_of_the_policies_and_follow_them(client):
    services_setup.create_defaults()
    limits = promise(AT).limits
    assert (limits["complaint"].first_response, limits["suggestion"].first_response) == ("2 工作小时", "3 个工作日")
    assert limits["complaint"].first_response in client.get("/").content.decode()
    SlaTarget.objects.filter(policy__code__icontains="l2", metric="first_response").update(amount=7)
    assert promise(AT).limits["complaint"].first_response == "7 工作小时"
    assert "投诉 7 工作小时内" in client.get("/").content.decode()
    assert "7 工作小时" in client.get(reverse("promise")).content.decode()


def test_the_form_costs_a_stranger_few_queries(client, django_assert_max_num_queries):
    october(FULL)
    client.get("/")
    with django_assert_max_num_queries(3):  # places, policies, kept days
        client.get("/")
    with django_assert_max_num_queries(3):
        client.get(reverse("promise"))
